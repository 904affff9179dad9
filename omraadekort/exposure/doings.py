"""What the addresses of what the city does can be: efforts, their money and plans, the report of a year, and reviews that were released."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from omraadekort.exposure.choices import Ask, Choices
from webmap.edition.reader import Reader
from webmap.efforts import report


def _efforts_listed(city: Choices) -> Iterator[Ask]:
    """All of them, and narrowed by each of the list's parameters, whether anything fits or not."""
    yield Ask({})
    asked = {"q": "x", "slags": "effort", "udvalg": "BIU", "tilstand": "open", "maal": "x", "omraade": "x"}
    for effort in city.edition.catalogue.efforts[:1]:
        asked |= {"q": effort.no or effort.id, "slags": effort.kind, "udvalg": effort.committee or "BIU"}
        asked |= {"maal": (*effort.goals, "x")[0], "omraade": (*(f"{ref.area_set}/{ref.area_id}" for ref in effort.areas), "x")[0]}
    yield from (Ask({name: value}, kind=name) for name, value in asked.items())


def _efforts(city: Choices) -> Iterator[Ask]:
    yield from (Ask({"effort": effort.id}) for effort in city.edition.catalogue.efforts)


def _reports(city: Choices) -> Iterator[Ask]:
    yield from (Ask({"year": str(year)}) for year in report.years(Reader(city.edition, "da")))


def _report_files(city: Choices) -> Iterator[Ask]:
    yield from (Ask({**ask.parameters, "kind": kind}, kind=kind) for ask in _reports(city) for kind in ("pdf", "docx"))


def _released(city: Choices) -> Iterator[Ask]:
    """Every review that was released, and one that was not."""
    listed = [(each.period, each.subject_set, each.subject_id) for each in city.edition.catalogue.reviews]
    for period, subject_set, subject in [*listed, ("2000H1", "x", "x")]:
        yield Ask({"period": period, "area_set": subject_set, "id": subject})


SHOWN: Final[Mapping[str, Callable[[Choices], Iterator[Ask]]]] = {
    "efforts.listing": _efforts_listed,
    "efforts.projects": _efforts_listed,
    "efforts.effort": _efforts,
    "efforts.economy": lambda _city: iter([Ask({})]),
    "efforts.plans": lambda _city: iter([Ask({})]),
    "efforts.status": _reports,
    "efforts.status_file": _report_files,
    "areas.review": _released,
}
"""Routes of what the city does, with their addresses."""
