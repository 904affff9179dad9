"""The interface in two languages: Danish is written in the code and the templates, English stands in `translations/en`.

The catalogue is compiled in memory when the application starts, so no compiled file can be older than its source.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, Final

import flask_babel
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask
from flask_babel import Babel, Domain

from webmap import urls

CATALOGUE: Final = Path(__file__).parent.parent / "translations" / "en" / "LC_MESSAGES" / "messages.po"


class _InMemory(Domain):  # type: ignore[misc] # flask-babel has no types
    """The catalogue of the request's language."""

    def __init__(self, english: NullTranslations) -> None:
        super().__init__(translation_directories=[])
        self.english, self.danish = english, NullTranslations()

    def get_translations(self) -> NullTranslations:
        return self.english if urls.language() == "en" else self.danish


class _Babel(Babel):  # type: ignore[misc]
    """Flask-Babel with our domain in place of the one that reads compiled files."""

    kept: _InMemory

    @property
    def domain_instance(self) -> _InMemory:
        return self.kept


def install(app: Flask) -> None:
    """Give the application its languages."""
    babel = _Babel(app, default_locale="da", locale_selector=lambda: "en_GB" if urls.language() == "en" else "da")
    babel.kept = _InMemory(english())


def english() -> Any:
    """Compile the English catalogue."""
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="en")
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


def gettext(text: str, **values: object) -> str:
    """Translate Danish words of the interface into the language of the page."""
    return str(flask_babel.gettext(text, **values))
