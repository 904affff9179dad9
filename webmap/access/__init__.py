"""Who may see what: roles, signing in, sessions, the gate before every view, the access log. docs/access.md explains it.

What the rest of the web uses stands here; `table` is the one place that says which role sees which field of which page.
"""

from webmap.access.csrf import csrf_field, csrf_token
from webmap.access.current import audience, may, presence, user
from webmap.access.gate import log_figures, needs, reading
from webmap.access.people import Presence, User
from webmap.access.table import Field
from webmap.roles import Role

__all__ = [
    "Field", "Presence", "Role", "User", "audience", "csrf_field", "csrf_token", "log_figures", "may", "needs", "presence", "reading",
    "user",
]  # fmt: skip
