"""All settings as one documented list, and how they are read: the workspace's file first, the environment over it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from geo.errors import GeoError, Problem
from geo.model.efforts.committees import DEPARTMENTS as COMMITTEE_DEPARTMENTS
from webmap.settings import texts
from webmap.settings.values import DEPARTMENTS, Settings

PREFIX: Final = "OMRAADEKORT_"
"""Every environment variable with this prefix must be a setting; a misspelt one is refused rather than ignored."""


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


OPTIONS: Final = (
    Option("workspace", "var", "Folder with the user's boundaries, figures and editions.", Path),
    Option(
        "tile_url",
        "",
        "Background tiles, as an https address with {z}, {x} and {y}. Empty: no tiles, and no foreign address at all.",
        texts.tile_url,
    ),
    Option("tile_attribution", "", "The words the tile server asks to be named by; needed with tile_url."),
    Option(
        "allowed_hosts",
        "127.0.0.1 localhost",
        "Names that this server answers to, with spaces between; a request for another name is refused.",
        texts.hosts,
    ),
    Option("proxies", "0", "Proxies of ours that stand before the server; so many X-Forwarded headers are believed.", texts.number(0, 5)),
    Option("session_idle_minutes", "30", "Minutes without a click after which a person is signed out.", texts.number(1, 1440)),
    Option("session_hours", "10", "Hours after which a person signs in again, whatever they did.", texts.number(1, 24)),
    Option("oidc_issuer", "", "Address of the OpenID Connect provider. Empty: local accounts only.", texts.issuer),
    Option("oidc_client_id", "", "Name of this application at the provider; needed with oidc_issuer."),
    Option(
        "oidc_client_secret", "", "Its secret; better in the environment than in a file. Empty for a public client (PKCE is always used)."
    ),
    Option("oidc_scope", "openid profile", "What is asked for at the provider; must hold openid."),
    Option("oidc_roles_claim", "roles", "The claim in the provider's userinfo that lists a person's groups."),
    Option("oidc_role_map", "", "Which group gives which role, for example kk-plan=staff, kk-ssp=ssp, kk-web=admin.", texts.role_map),
    Option(
        "oidc_department_map",
        "",
        "Which group signs review rounds for which department: kk-tmf=Teknik- og Miljøforvaltningen; kk-sof=Socialforvaltningen.",
        texts.department_map,
    ),
    Option(
        "oidc_recheck_minutes",
        "5",
        "Minutes after which the provider is asked again what roles a signed-in person has.",
        texts.number(1, 60),
    ),
    Option(
        "reviews_url",
        "",
        "Database of the review room, for example postgresql://name@host/base; better in the environment. Empty: SQLite in the workspace.",
        texts.database,
        secret=True,
    ),
    Option(
        "reviews_departments", "; ".join(DEPARTMENTS), "Departments that sign a review round, with a semicolon between.", texts.departments
    ),
    Option("publish_two_people", "no", "Whether somebody else must have signed before a person publishes a draft: yes or no.", texts.yes),
    Option(
        "queue_url",
        "",
        "Database of the queue of work on drafts, for example postgresql://name@host/base. Empty: a file in the workspace.",
        texts.queue,
        secret=True,
    ),
    Option("upload_mb", "2000", "Megabytes that a file may have that is brought in the workroom.", texts.number(1, 100_000)),
    Option(
        "smtp_url",
        "",
        "Server for letters to those who follow: smtp://name:***@host:587 (STARTTLS) or smtps://…; better in the environment. "
        "Empty: nobody can follow by e-mail.",
        texts.smtp,
        secret=True,
    ),
    Option(
        "mail_from", "", "Address that letters come from, for example Områdekort <kort@example.dk>; needed with smtp_url.", texts.sender
    ),
    Option("public_url", "", "Address under which everybody reaches the pages, for links in letters; needed with smtp_url.", texts.public),
    Option(
        "reminders",
        "",
        "Who is reminded of the calendar by e-mail, by sender as the calendar has it: BIF=bif@example.dk; *=sek@example.dk (of all).",
        texts.reminders,
    ),
    Option("reminder_days", "14", "Days ahead that the calendar's reminders are sent.", texts.number(1, 90)),
    Option(
        "sender_name",
        "",
        "Who publishes these pages, as front page, footer and print-outs name them. Empty: they say that this is a demonstration.",
        texts.line,
    ),
    Option(
        "contact", "", "Where questions go, as text: an address, a telephone number. Empty: pages say that there is no contact.", texts.line
    ),
    Option(
        "accessibility_url",
        "",
        "Address of the accessibility statement, for example https://www.was.digst.dk/…; `/was` leads there. Empty: to our own page.",
        texts.page,
    ),
    Option(
        "demo_shown",
        "no",
        "Whether demo data are shown to who has not chosen: yes or no. An address says it with demo=1 or demo=0.",
        texts.yes,
    ),
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
        if name not in (*departments, *COMMITTEE_DEPARTMENTS.values()):
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
