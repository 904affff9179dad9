"""Settings of the web application: one frozen value, read once, from one documented list."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit

from geo.errors import GeoError, Problem
from webmap import mail, roles
from webmap.roles import Role

PREFIX: Final = "OMRAADEKORT_"
"""Every environment variable with this prefix must be a setting; a misspelt one is refused rather than ignored."""

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


@dataclass(frozen=True)
class Option:
    """One line of the list of settings: `name` in the TOML file, OMRAADEKORT_<NAME> in the environment.

    secret: it may hold a password, and is not said again when it cannot be read.
    """

    name: str
    default: str
    about: str
    read: Callable[[str], Any] = str
    secret: bool = False


def _tile_url(text: str) -> str:
    if text and not (text.startswith("https://") and all(part in text for part in ("{x}", "{y}", "{z}"))):
        raise ValueError("https://…/{z}/{x}/{y}.png")
    return text


def _hosts(text: str) -> tuple[str, ...]:
    hosts = tuple(text.lower().split())
    if not hosts or not all(re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)*", name) for name in hosts):
        raise ValueError("names or addresses with spaces between, without a port: kort.example.dk 10.0.0.5")
    return hosts


def _number(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
            raise ValueError(f"a whole number from {low} to {high}")
        return int(text)

    return read


def _queue(text: str) -> str:
    if text and not text.startswith(("postgresql://", "postgres://")):
        raise ValueError("postgresql://name@host/base")
    return text


def _yes(text: str) -> bool:
    if text.lower() not in ("yes", "no", "true", "false"):
        raise ValueError("yes or no")
    return text.lower() in ("yes", "true")


def _issuer(text: str) -> str:
    parts = urlsplit(text)
    at_home = parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost", "::1"}
    if text and not ((parts.scheme == "https" and parts.netloc) or at_home):
        raise ValueError("https://…; http only for this same machine")
    return text


def _role_map(text: str) -> tuple[tuple[str, Role], ...]:
    pairs = [pair.strip().rpartition("=") for pair in text.split(",") if pair.strip()]
    if not all(name.strip() and role.strip() in roles.GIVEN for name, _, role in pairs):
        raise ValueError(f"<group>=<role>, with commas between; roles are {', '.join(roles.GIVEN)}")
    return tuple((name.strip(), Role(role.strip())) for name, _, role in pairs)


def _department_map(text: str) -> tuple[tuple[str, str], ...]:
    pairs = [pair.strip().partition("=") for pair in text.split(";") if pair.strip()]
    if not all(name.strip() and department.strip() for name, _, department in pairs):
        raise ValueError("<group>=<department>, with semicolons between")
    return tuple((name.strip(), department.strip()) for name, _, department in pairs)


def _database(text: str) -> str:
    if text and not text.startswith(("postgresql://", "postgresql+psycopg://", "sqlite:///")):
        raise ValueError("postgresql://name@host/base")
    return text


def _smtp(text: str) -> str:
    if text:
        mail.server(text)
    return text


def _sender(text: str) -> str:
    if text:
        mail.sender(text)
    return text


def _public(text: str) -> str:
    if text and not re.fullmatch(r"(https://[a-z0-9.-]+|http://(localhost|127\.0\.0\.1))(:[0-9]{1,5})?(/[A-Za-z0-9._-]+)*/?", text):
        raise ValueError("https://kort.example.dk; http only for this same machine")
    return text.rstrip("/")


def _departments(text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name.strip() for name in text.split(";") if name.strip()))
    if not names:
        raise ValueError("names with a semicolon between")
    return names


OPTIONS: Final = (
    Option("workspace", "var", "Folder with the user's boundaries, figures and editions.", Path),
    Option(
        "tile_url",
        "",
        "Background tiles, as an https address with {z}, {x} and {y}. Empty: no tiles, and no foreign address at all.",
        _tile_url,
    ),
    Option("tile_attribution", "", "The words the tile server asks to be named by; needed with tile_url."),
    Option(
        "allowed_hosts",
        "127.0.0.1 localhost",
        "Names that this server answers to, with spaces between; a request for another name is refused.",
        _hosts,
    ),
    Option("proxies", "0", "Proxies of ours that stand before the server; so many X-Forwarded headers are believed.", _number(0, 5)),
    Option("session_idle_minutes", "30", "Minutes without a click after which a person is signed out.", _number(1, 1440)),
    Option("session_hours", "10", "Hours after which a person signs in again, whatever they did.", _number(1, 24)),
    Option("oidc_issuer", "", "Address of the OpenID Connect provider. Empty: local accounts only.", _issuer),
    Option("oidc_client_id", "", "Name of this application at the provider; needed with oidc_issuer."),
    Option(
        "oidc_client_secret", "", "Its secret; better in the environment than in a file. Empty for a public client (PKCE is always used)."
    ),
    Option("oidc_scope", "openid profile", "What is asked for at the provider; must hold openid."),
    Option("oidc_roles_claim", "roles", "The claim in the provider's userinfo that lists a person's groups."),
    Option("oidc_role_map", "", "Which group gives which role, for example kk-plan=staff, kk-ssp=ssp, kk-web=admin.", _role_map),
    Option(
        "oidc_department_map",
        "",
        "Which group signs review rounds for which department: kk-tmf=Teknik- og Miljøforvaltningen; kk-sof=Socialforvaltningen.",
        _department_map,
    ),
    Option(
        "oidc_recheck_minutes", "5", "Minutes after which the provider is asked again what roles a signed-in person has.", _number(1, 60)
    ),
    Option(
        "reviews_url",
        "",
        "Database of the review room, for example postgresql://name@host/base; better in the environment. Empty: SQLite in the workspace.",
        _database,
        secret=True,
    ),
    Option("reviews_departments", "; ".join(DEPARTMENTS), "Departments that sign a review round, with a semicolon between.", _departments),
    Option("publish_two_people", "no", "Whether somebody else must have signed before a person publishes a draft: yes or no.", _yes),
    Option(
        "queue_url",
        "",
        "Database of the queue of work on drafts, for example postgresql://name@host/base. Empty: a file in the workspace.",
        _queue,
        secret=True,
    ),
    Option("upload_mb", "2000", "Megabytes that a file may have that is brought in the workroom.", _number(1, 100_000)),
    Option(
        "smtp_url",
        "",
        "Server for letters to those who follow: smtp://name:***@host:587 (STARTTLS) or smtps://…; better in the environment. "
        "Empty: nobody can follow by e-mail.",
        _smtp,
        secret=True,
    ),
    Option("mail_from", "", "Address that letters come from, for example Områdekort <kort@example.dk>; needed with smtp_url.", _sender),
    Option("public_url", "", "Address under which everybody reaches the pages, for links in letters; needed with smtp_url.", _public),
)
"""All settings. The documentation is made from this list."""

_NEEDED: Final = (
    ("tile_url", "tile_attribution", "a tile server without the words it asks to be named by"),
    ("oidc_issuer", "oidc_client_id", "a provider without the name of this application there"),
    *(("smtp_url", name, "a server for letters without what stands in each of them") for name in ("mail_from", "public_url")),
)
"""Settings that need another one, and what is said without it."""


def read(environment: Mapping[str, str]) -> Settings:
    """Read the settings: the table [web] of `<workspace>/workspace.toml`, over it the environment.

    Raises GeoError with every unknown name and every value that cannot be read.
    """
    given = {name.removeprefix(PREFIX).lower(): text for name, text in environment.items() if name.startswith(PREFIX)}
    file = Path(given.get("workspace", OPTIONS[0].default)) / "workspace.toml"
    written = _from_file(file)
    known = {option.name: option for option in OPTIONS}
    problems = [_unknown(str(file), name, known) for name in written if name not in known or name == "workspace"]
    problems += [_unknown("environment", PREFIX + name.upper(), known) for name in given if name not in known]
    values: dict[str, Any] = {}
    for name, text in (written | given).items():
        try:
            values |= {name: known[name].read(text)} if name in known else {}
        except ValueError as error:
            said = "" if known[name].secret else repr(text)
            problems.append(Problem(name, "a setting that cannot be read", found=said, expected=str(error)))
    for name, needed, what in _NEEDED:
        if values.get(name) and not values.get(needed):
            problems.append(Problem(needed, what))
    departments = values.get("reviews_departments", DEPARTMENTS)
    for _, name in values.get("oidc_department_map", ()):
        if name not in departments:
            problems.append(
                Problem("oidc_department_map", "a department that does not sign", found=repr(name), expected="; ".join(departments))
            )
    if "openid" not in str(values.get("oidc_scope", "openid")).split():
        problems.append(Problem("oidc_scope", "a scope without openid", found=repr(values["oidc_scope"])))
    if problems:
        raise GeoError(problems)
    return Settings(**values)


def _from_file(file: Path) -> dict[str, str]:
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8")).get("web", {})
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise GeoError(Problem(str(file), f"the settings cannot be read ({error})")) from None
    return {str(name): str(value) for name, value in table.items()}


def _unknown(file: str, name: str, known: Mapping[str, Option]) -> Problem:
    return Problem(file, "an unknown setting", found=name, expected=", ".join(known))
