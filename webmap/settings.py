"""Settings of the web application: one frozen value, read once, from one documented list."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from geo.errors import GeoError, Problem

PREFIX: Final = "OMRAADEKORT_"
"""Every environment variable with this prefix must be a setting; a misspelt one is refused rather than ignored."""


@dataclass(frozen=True)
class Settings:
    """What the web application can be told. `tile_url` "" means no background tiles: the page loads nothing from elsewhere."""

    workspace: Path = Path("var")
    tile_url: str = ""
    tile_attribution: str = ""

    @property
    def editions(self) -> Path:
        """The folder the editions lie in."""
        return self.workspace / "editions"


@dataclass(frozen=True)
class Option:
    """One line of the list of settings: `name` in the TOML file, OMRAADEKORT_<NAME> in the environment."""

    name: str
    default: str
    about: str
    read: Callable[[str], Any] = str


def _tile_url(text: str) -> str:
    if text and not (text.startswith("https://") and all(part in text for part in ("{x}", "{y}", "{z}"))):
        raise ValueError("https://…/{z}/{x}/{y}.png")
    return text


OPTIONS: Final = (
    Option("workspace", "var", "Folder with the user's boundaries, figures and editions.", Path),
    Option(
        "tile_url",
        "",
        "Background tiles, as an https address with {z}, {x} and {y}. Empty: no tiles, and no foreign address at all.",
        _tile_url,
    ),
    Option("tile_attribution", "", "The words the tile server asks to be named by; needed with tile_url."),
)
"""All settings. The documentation is made from this list."""


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
    found: dict[str, Any] = {}
    for name, text in (written | given).items():
        try:
            found |= {name: known[name].read(text)} if name in known else {}
        except ValueError as error:
            problems.append(Problem(name, "a setting that cannot be read", found=repr(text), expected=str(error)))
    if found.get("tile_url") and not found.get("tile_attribution"):
        problems.append(Problem("tile_attribution", "a tile server without the words it asks to be named by"))
    if problems:
        raise GeoError(problems)
    return Settings(**found)


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
