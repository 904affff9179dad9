"""What the web application can be told, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import quote

from webmap.roles import Role

DEPARTMENTS: Final = ("Teknik- og Miljøforvaltningen", "Socialforvaltningen", "Beskæftigelses- og Integrationsforvaltningen")
"""The three departments of the housing-plan team (Statusredegørelsen 2009, l. 180)."""


@dataclass(frozen=True)
class Settings:
    """What the web application can be told. `tile_url` "" means no background tiles: the page loads nothing from elsewhere."""

    workspace: Path = Path("var")
    tile_url: str = ""
    tile_attribution: str = ""
    allowed_hosts: tuple[str, ...] = ("127.0.0.1", "localhost")
    proxies: int = 0
    session_idle_minutes: int = 30
    session_hours: int = 10
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    oidc_scope: str = "openid profile"
    oidc_roles_claim: str = "roles"
    oidc_role_map: tuple[tuple[str, Role], ...] = ()
    oidc_department_map: tuple[tuple[str, str], ...] = ()
    oidc_recheck_minutes: int = 5
    reviews_url: str = ""
    reviews_departments: tuple[str, ...] = DEPARTMENTS
    publish_two_people: bool = False
    queue_url: str = ""
    upload_mb: int = 2_000
    smtp_url: str = field(default="", repr=False)
    mail_from: str = ""
    public_url: str = ""
    reminders: tuple[tuple[str, str], ...] = ()
    reminder_days: int = 14
    sender_name: str = ""
    contact: str = ""
    accessibility_url: str = ""
    demo_shown: bool = False

    @property
    def editions(self) -> Path:
        """The folder the editions lie in."""
        return self.workspace / "editions"

    @property
    def reviews_address(self) -> str:
        """Address of the review room's database: the one that is set, else SQLite in the workspace."""
        file = (self.workspace / "reviews" / "reviews.sqlite").resolve()
        return self.reviews_url or f"sqlite+pysqlite:///{quote(str(file), safe='/')}"  # in an address ? and % mean something else

    @property
    def access(self) -> Path:
        """The folder of accounts, sessions and the access log."""
        return self.workspace / "access"

    @property
    def followers(self) -> Path:
        """The folder of those who follow by e-mail: for its owner alone, it holds their addresses."""
        return self.workspace / "followers"

    @property
    def pages(self) -> Path:
        """The folder the stored pages lie in."""
        return self.workspace / "pages"
