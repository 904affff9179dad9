"""The switch of demo data: whether they are shown, where it is turned, and what of a page stands behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import request

from geo.model.vocabulary import Text
from webmap import urls
from webmap.edition import chosen
from webmap.language.refusals import ErrorWords

SWITCHED_OFF: Final = ErrorWords(
    Text(da="Siden handler om demodata", en="This page is about demo data"),
    Text(
        da="Det, adressen peger på, er opdigtet. Det vises kun, når demodata er slået til.",
        en="What the address leads to is invented. It is shown only when demo data are switched on.",
    ),
)


@dataclass(frozen=True)
class DemoSwitch:
    """The switch as a page has it. address: where it is turned; goals, areas, maps: what has demo data, shown or not."""

    shown: bool
    address: str
    goals: frozenset[str]
    areas: frozenset[tuple[str, str]]
    maps: int


def switch() -> DemoSwitch | None:
    """The switch of the page; None where the edition has no demo data, and in rooms that always show them."""
    read = chosen.left_out()
    if read is None or not urls.demo_asked():
        return None
    shown = urls.demo_shown()
    away = shown and about_invented()
    address = urls.link("front.start", demo=urls.demo_said(shown=False)) if away else urls.with_demo(shown=not shown)
    return DemoSwitch(shown, address, read.goals, read.areas, len(read.indicators))


def about_invented() -> bool:
    """Whether the address names an indicator or an area set that is invented."""
    read = chosen.left_out()
    named = {*request.args.values(), *map(str, (request.view_args or {}).values())}
    return read is not None and bool(named & (read.indicators | read.area_sets))
