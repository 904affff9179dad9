"""The toy town with lists: five housing areas in 2010, and a safety index of 35 invented districts in 2012 and, as a table, in 2014."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from geo import pipeline
from geo.files.workspace import Workspace
from geo.model.catalogue import ListEdition, Member, Need
from geo.model.goals import Baseline, ByLists, Goal, Target
from geo.model.indicators import Definition, Indicator
from geo.model.sources import Cite, Reported
from tests.towns import toytown
from tests.towns.toytown import text

CITE = Cite(source="survey", locator="p. 2")
FIVE: Final = (("Nordgården", "0103"), ("Sydgården", "0101"), ("Vestgården", "0102"), ("Østgården", "0104"), ("Midtgården", None))
"""The areas of the first list; of the last there are no boundaries."""
EARLIER: Final[Mapping[Need, range]] = {
    "markant": range(1, 7), "intensiveret": range(7, 13), "almindelig": range(13, 25), "ingen": range(25, 36),
}  # fmt: skip
"""Districts by need in 2012: twelve need a marked or intensified one."""
LATER: Final[Mapping[Need, range]] = {
    "markant": range(1, 3), "intensiveret": range(3, 7), "almindelig": range(7, 25), "ingen": range(25, 36),
}  # fmt: skip
"""In 2014: half as many. 3 to 6 moved from a marked to an intensified effort, 7 to 12 from that to an ordinary one."""
MOVED: Final = tuple(f"Distrikt {number:02}" for number in range(3, 13))


def housing(published: str, names: Sequence[tuple[str, str | None]] = FIVE, **changes: object) -> ListEdition:
    """An edition of the list of housing areas."""
    members = tuple(Member(name=name, area_set="square", area_id=code) for name, code in names)
    plain = {"id": f"gaarde-{published}", "family": "gaarde", "name": text(f"Gårde {published}"), "definition": text(f"Reglen {published}")}
    return ListEdition(**(plain | {"published": published, "members": members, "criteria": "gamle", "cite": CITE} | changes))


def index(published: str, districts: Mapping[Need, range], **changes: object) -> Iterator[ListEdition]:
    """An edition of the safety index; the first four districts are the town's squares."""
    for need, numbers in districts.items():
        plain = {"id": f"indeks-{published}-{need}", "family": "tryghedsindeks", "need": need, "members": (), "criteria": "indeks"}
        made = housing(published, **(plain | {"name": text(f"Indeks {published}, {need}")} | changes))
        members = (Member(name=f"Distrikt {n:02}", area_set="square", area_id=f"010{n}" if n < 5 else None) for n in numbers)
        yield (
            made
            if "members" in changes
            else ListEdition(**{name: getattr(made, name) for name in made.__struct_fields__} | {"members": tuple(members)})
        )


def table(published: str, districts: Mapping[Need, range]) -> str:
    """An edition of the index as a table, a row a district; only of the first two it gives the code."""
    fixed = f"indeks-{published};tryghedsindeks;Indeks {published};Index {published};{published};Regel;Rule;survey;indeks;35"
    of_list = "liste;familie;listens navn;list_name_en;udgivet;definition;definition_en;kilde;kriterier;antal distrikter"
    header = f"{of_list};områdetype;navn;kode;kategori"
    rows = (
        f"{fixed};square;Distrikt {n:02};{'' if n > 2 else f'010{n}'};{need.capitalize()} indsats"
        for need, numbers in districts.items()
        for n in numbers
    )
    return "\n".join([header, *rows]) + "\n"


def goals() -> list[Goal]:
    """One that asks for no new names, and one for half as many districts."""
    plain = {"policy": "2011-2014", "direction": "down", "deadline": dt.date(2014, 12, 31), "cite": CITE, "area_set": "square"}
    new = Target(id="nye", name=text("Ingen andre end de fem"), unit="no_newcomers", cite=CITE)
    half = Target(id="halvt", name=text("Halvt så mange"), unit="percent", value=-50.0, cite=CITE)
    return [
        Goal(
            id="GAARDE", name=text("Gårde"), question=text("Er der kommet nye gårde?"), wording="Ingen nye.", targets=(new,),
            baseline=Baseline(period="2010"), by_lists=ByLists(family="gaarde"), frozen_list="gaarde-2010", indicator="gaarde",
            reported=Reported(text=text("Fra fem til fem."), cite=CITE), **plain,
        ),
        Goal(
            id="INDEKS", name=text("Indeks"), question=text("Er der halvt så mange distrikter?"), wording="Halvt.", targets=(half,),
            baseline=Baseline(period="2012"), by_lists=ByLists(family="tryghedsindeks", needs=("markant", "intensiveret")),
            indicator="tryghedsindeks", **plain,
        ),
    ]  # fmt: skip


def write(folder: Path, *, lists: Sequence[ListEdition] | None = None) -> Workspace:
    """Write the town with its edition. lists: other ones than the first of each."""
    town = toytown.write(folder)
    plain = {"unit": text("tal"), "population": text("områder"), "theme": "t", "area_sets": ("square",), "rule": "open"}
    more = [
        Indicator(
            id=name,
            name=text(name.capitalize()),
            kind=kind,
            direction="neither",
            definitions=(Definition(version="1", text=text("x")),),
            **plain,
        )
        for name, kind in (("gaarde", "count"), ("tryghedsindeks", "index"))
    ]
    toytown.toml(town.data / "indicators.toml", indicator=[*toytown.indicators(), *more])
    toytown.toml(town.data / "goals.toml", goal=[toytown.goal(), *goals()])
    toytown.toml(town.data / "lists.toml", list=lists if lists is not None else [housing("2010"), *index("2012", EARLIER)])
    figures = town.folder / toytown.FIGURES
    values = [f"tryghedsindeks,square,010{n},2012,{40 + n},,,,,,final,survey,," for n in range(1, 4)]
    figures.write_text(toytown.csv([*toytown.ROWS, *values]), encoding="utf-8")
    toytown.write_sidecar(figures)
    pipeline.build(town)
    return town
