"""The status report of a year: the goals, every effort's form and what it cost, made from one edition; a document for paper and screen."""

from __future__ import annotations

from collections.abc import Iterator

from geo.errors import NotFoundError, Problem
from geo.model import periods
from geo.model.efforts.effort import Effort
from geo.model.efforts.signed import ApprovedForm
from geo.model.sources import Cite
from geo.model.vocabulary import Text
from webmap.barometer import view as barometer
from webmap.barometer.view import Cell
from webmap.edition import approved
from webmap.edition.reader import Reader
from webmap.efforts import money, view
from webmap.efforts.standing import DRAFT, ReportStanding
from webmap.efforts.view import EffortView
from webmap.efforts.words import FIELDS, STATUS, UNSTATED
from webmap.language import wording
from webmap.paper.sheet import PaperDocument, Passage

_POLICY = {2006: "2006-2010", 2011: "2011-2014"}
"""The policy that was in force from a year."""


def years(reader: Reader) -> tuple[int, ...]:
    """The years that any effort has a status in, oldest first."""
    return tuple(sorted(approved.years(reader.edition.catalogue)))


def document(reader: Reader, year: int, stands: ReportStanding) -> PaperDocument:
    """Make the report of a year, and say first and under every page how it stands; a draft says so in its title.

    Raises NotFoundError for a year in which no effort has a status.
    """
    known = years(reader)
    if year not in known:
        raise NotFoundError(Problem(str(year), "no status report of that year", expected=", ".join(map(str, known))))
    language, edition = reader.language, reader.edition
    foot = Text(
        da=f"Områdekort, udgave {edition.id}, tal hentet senest {wording.date(edition.manifest.as_of, language)}",
        en=f"Områdekort, edition {edition.id}, figures last retrieved on {wording.date(edition.manifest.as_of, language)}",
    )
    title = Text(da=f"Statusredegørelse for integrationsindsatsen {year}", en=f"Status report on integration {year}")
    said = Passage(kind="text", text=stands.words)
    named = f"{DRAFT.in_(language)}: {title.in_(language)}" if stands.state == "draft" else title.in_(language)
    blocks = [said, *_goals(reader, year), *_forms(reader, year), *_economy(reader, year)]
    return PaperDocument(title=named, language=language, foot=f"{stands.words} {foot.in_(language)}", blocks=blocks)


def _goals(reader: Reader, year: int) -> Iterator[Passage]:
    """The goals of the policy of that year: from start to target with the answer of this edition, and what the papers say of each."""
    language = reader.language
    policy = next((name for first, name in sorted(_POLICY.items(), reverse=True) if year >= first), "")
    rows = [row for part in barometer.view(reader).parts if part.policy == policy for row in part.rows]
    yield Passage(kind="heading", text=Text(da="1. Status på politikkens mål", en="1. The goals of the policy").in_(language))
    head = (
        Text(da="Mål", en="Goal"), Text(da="Start", en="Start"), Text(da="Seneste", en="Latest"), Text(da="Skal nå", en="Target"),
        Text(da="Svar i denne udgave", en="Answer of this edition"),
    )  # fmt: skip
    table = [[text.in_(language) for text in head]]
    for row in rows:
        aims = "\n".join(dict.fromkeys(aim.value or aim.reading for aim in row.aims))
        table.append([row.name, _cell(row.start), _cell(row.latest), aims, "\n".join(dict.fromkeys(line.verdict for line in row.lines))])
    yield Passage(kind="table", rows=table)
    yield Passage(kind="heading", level=2, text=Text(da="Det siger papirerne", en="What the papers say").in_(language))
    yield Passage(
        kind="pairs",
        rows=[
            (
                (row.goal.wording or row.name).rstrip("."),
                f"{row.goal.reported.text.in_(language)} ({_cited(row.goal.reported.cite, reader)})",
            )
            for row in rows
            if row.goal.reported
        ],
    )


def _cell(cell: Cell) -> str:
    return f"{cell.value}\n{cell.period}".strip()


def _forms(reader: Reader, year: int) -> Iterator[Passage]:
    """The nine fields of every effort that has a status of the year, or has a form in the papers and no status at all."""
    language = reader.language
    yield Passage(kind="heading", text=Text(da="2. Indsatserne", en="2. The efforts").in_(language))
    note = Text(
        da="Felterne er ejernes egne ord. Hvor et felt er tomt, står der ikke noget i skemaet.",
        en="The fields are the owners' own words, in Danish. Where a field is empty, the form says nothing.",
    )
    yield Passage(kind="quiet", text=note.in_(language))
    for line in view.listed(reader, view.EffortFilter()).lines:
        if _is_of(line.effort, year, reader):
            yield from _form(view.shown(reader, line.effort.id), year, reader)


def _is_of(effort: Effort, year: int, reader: Reader) -> bool:
    statuses = approved.statuses(reader.edition.catalogue, effort)
    spans = [periods.read(status.period) for status in statuses]
    return any(span and span.last.year == year for span in spans) or bool(effort.no and effort.title and not statuses)


def _form(shown: EffortView, year: int, reader: Reader) -> Iterator[Passage]:
    effort, unstated = shown.line.effort, UNSTATED.in_(reader.language)
    yield Passage(kind="heading", level=2, text=f"{effort.no} {shown.line.name}".strip())
    catalogue = reader.edition.catalogue
    every = approved.statuses(catalogue, effort)
    statuses = [each.text for each in every if (span := periods.read(each.period)) and span.last.year == year]
    form = approved.form_of(catalogue, effort, year)
    rows = [(said.in_(reader.language), getattr(form or effort, name) or unstated) for name, said in FIELDS.items()]
    rows.append((STATUS.in_(reader.language), "\n".join(statuses) or unstated))
    yield Passage(kind="pairs", rows=rows)
    if form:
        yield Passage(kind="quiet", text=form_words(form, reader.language))
    elif effort.cite:
        yield Passage(kind="quiet", text=_cited(effort.cite, reader))


def form_words(form: ApprovedForm, language: str) -> str:
    """Return whose an approved form is, of which half-year, and since when it is approved."""
    period, day = wording.period(form.period, language), wording.date(form.approved, language)
    return Text(
        da=f"{form.department}, {period}. Godkendt af sekretariatet {day}.",
        en=f"{form.department}, {period}. Approved by the secretariat on {day}.",
    ).in_(language)


def _economy(reader: Reader, year: int) -> Iterator[Passage]:
    """Printed overviews that have the year, as they are printed, and after them every sum that does not hold."""
    language = reader.language
    for overview in money.overviews(reader):
        if str(year) not in overview.table.years:
            continue
        yield Passage(kind="heading", text=f"3. {overview.table.name.in_(language)}")
        million = Text(da="Mio. kr., som det er trykt.", en="Million kr., as printed.").in_(language)
        yield Passage(kind="quiet", text=f"{million} {_cited(overview.table.cite, reader)}")
        total = Text(da="I alt", en="Total").in_(language)
        rows = [(row.called, *row.amounts, row.total) for row in overview.rows]
        yield Passage(kind="table", rows=[("", *overview.table.years, total), *rows])
        if overview.wrong:
            words = Text(da="Trykte summer, som ikke stemmer", en="Printed sums that do not add up").in_(language)
            yield Passage(kind="heading", level=2, text=words)
            head = (
                Text(da="Linje", en="Row"), Text(da="År", en="Year"), Text(da="Trykt", en="Printed"), Text(da="Regnet", en="Computed"),
                Text(da="Forskel", en="Difference"), Text(da="Regnet som", en="Computed as"),
            )  # fmt: skip
            lines = [(line.row, line.year, line.printed, line.computed, line.difference, line.way) for line in overview.wrong]
            yield Passage(kind="table", rows=[[text.in_(language) for text in head], *lines])


def _cited(cite: Cite, reader: Reader) -> str:
    source = reader.edition.catalogue.source(cite.source)
    name = source.short if source else cite.source
    return f"{name}, {cite.locator}" if cite.locator else name
