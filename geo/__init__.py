"""Areas, joins, honest figures, disclosure control, goals and editions. See docs/architecture.md.

In a notebook, `import geo` gives the functions of `geo.analysis`; they are read when they are first asked for.
"""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach_stub(__name__, __file__)
