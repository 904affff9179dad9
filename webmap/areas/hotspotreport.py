"""The half-yearly report on the hotspots to the political steering group: areas, initiatives, staff, money and who is told when."""

from __future__ import annotations

from collections.abc import Iterator

from geo.model.efforts.effort import Effort
from geo.model.programmes import Theme
from geo.model.vocabulary import Text
from webmap.areas import programmes
from webmap.areas.programmes import HotspotsView
from webmap.edition import approved
from webmap.edition.reader import Reader
from webmap.efforts import view as efforts
from webmap.efforts.view import EffortFilter, EffortLine
from webmap.language import wording
from webmap.paper.sheet import PaperDocument, Passage

_NONE = Text(da="Papirerne nævner dem ikke ved navn.", en="The papers do not name them.")


def initiatives(reader: Reader, theme: Theme) -> tuple[EffortLine, ...]:
    """Return the initiatives of a theme that have been entered, by number and then by name."""
    lines = efforts.listed(reader, EffortFilter(), only="initiative").lines
    return tuple(line for line in lines if line.effort.theme == theme.no)


def document(reader: Reader) -> PaperDocument:
    """Make the report of the edition."""
    language, view = reader.language, programmes.hotspots(reader)
    as_of = wording.date(reader.edition.manifest.as_of, language)
    foot = Text(
        da=f"Områdekort, udgave {reader.edition.id}, tal hentet senest {as_of}",
        en=f"Områdekort, edition {reader.edition.id}, figures last retrieved on {as_of}",
    )
    title = Text(da="Hotspotprogrammet: status til følgegruppen", en="The hotspot programme: report to the steering group")
    blocks = [Passage(kind="text", text=view.note), *_areas(view, language), *_themes(view, reader), *_means(view, language)]
    return PaperDocument(title=title.in_(language), language=language, foot=foot.in_(language), blocks=blocks)


def _areas(view: HotspotsView, language: str) -> Iterator[Passage]:
    yield Passage(kind="heading", text=Text(da="Områderne", en="The areas").in_(language))
    head = (Text(da="Område", en="Area"), Text(da="Hotspot", en="Hotspot"), Text(da="Beboere", en="Residents"))
    yield Passage(kind="table", rows=[[text.in_(language) for text in head], *[(area.name, area.when, area.text) for area in view.areas]])


def _themes(view: HotspotsView, reader: Reader) -> Iterator[Passage]:
    """Each theme with the number of its initiatives, and those that have been entered with aim, status and who works on them."""
    language = reader.language
    yield Passage(kind="heading", text=Text(da="Temaer og initiativer", en="Themes and initiatives").in_(language))
    head = (
        Text(da="Tema og initiativ", en="Theme and initiative"), Text(da="Mål", en="Aim"), Text(da="Status", en="Status"),
        Text(da="Ansvarlig", en="Responsible"),
    )  # fmt: skip
    rows = [[text.in_(language) for text in head]]
    for theme in view.programme.themes:
        entered = initiatives(reader, theme)
        count = Text(da=f"{theme.initiatives} initiativer", en=f"{theme.initiatives} initiatives").in_(language)
        rows.append([f"{theme.no}. {theme.name.in_(language)}", count, "" if entered else _NONE.in_(language), ""])
        rows += [[line.name, line.effort.aim, _status(reader, line.effort), line.effort.owner] for line in entered]
    yield Passage(kind="table", rows=rows)


def _status(reader: Reader, effort: Effort) -> str:
    """The newest status of an initiative, of the papers or of an approved form."""
    statuses = approved.statuses(reader.edition.catalogue, effort)
    return statuses[-1].text if statuses else "–"


def _means(view: HotspotsView, language: str) -> Iterator[Passage]:
    yield Passage(kind="heading", text=Text(da="Ansatte og penge", en="Staff and money").in_(language))
    yield Passage(
        kind="pairs",
        rows=[(line.name, ". ".join(part for part in (line.value, line.note) if part)) for line in (*view.staff, *view.figures)],
    )
    yield Passage(kind="heading", text=Text(da="Hvem får besked hvornår", en="Who is told when").in_(language))
    informed = [(each.who.in_(language), f"{each.rhythm.in_(language)}: {each.what.in_(language)}") for each in view.programme.informed]
    yield Passage(kind="pairs", rows=informed)
