"""Words that stand in a template, in the language of the page: `{{ say("Vis kortet", "Show the map") }}`.

A template writes both languages beside each other, as `geo.model.vocabulary.Text` does in code and in what people write: no text of the
interface is looked up anywhere, so none can be missing, older than its other half, or another text's by having the same Danish words.
"""

from __future__ import annotations

from flask import Flask
from markupsafe import Markup

from geo.model.vocabulary import Text
from webmap import urls


def install(app: Flask) -> None:
    """Give the templates of an application `say` and `say_number`, and the filter `say` for a Text that code has made."""
    app.jinja_env.globals.update(say=say, say_number=say_number)
    app.add_template_filter(say_text, "say")


def say(da: str, en: str, **values: object) -> Markup:
    """Words of a template in the language of the page; they may hold markup.

    values: what stands for `{name}` in the words, escaped unless it is markup itself. Without values, braces are braces.
    Raises KeyError when the words name a value that is not given.
    """
    words = Markup(Text(da=da, en=en).in_(urls.language()))  # noqa: S704 - words of the template's author, not of a reader
    return words.format(**values) if values else words


def say_number(number: int, singular: tuple[str, str], plural: tuple[str, str], **values: object) -> Markup:
    """Words about a number of things, which stands for `{num}`. singular, plural: Danish and English words for one, and for any other."""
    da, en = singular if number == 1 else plural
    return say(da, en, num=number, **values)


def say_text(text: Text | None) -> str:
    """Words of a text in the language of the page; "" where there is none."""
    return text.in_(urls.language()) if text is not None else ""
