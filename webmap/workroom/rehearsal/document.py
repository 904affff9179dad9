"""A rehearsal on paper: what its page says, in the same words, for those who sign and for the file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from geo.drafts.draft import Draft
from geo.model.vocabulary import Audience, Text
from webmap.changes.concluded import VerdictWords
from webmap.paper import pdf
from webmap.paper.sheet import PaperDocument, Passage
from webmap.workroom import texts
from webmap.workroom.rehearsal.view import RehearsalView


def make(draft: Draft, view: RehearsalView, audience: Audience, language: str) -> bytes:
    """Make the PDF of a draft's rehearsal, dated to when it was rehearsed. Raises PdfError when it cannot be written."""
    at = dt.datetime.fromisoformat(draft.rehearsed.at if draft.rehearsed else draft.at)
    return pdf.printed(document(draft, view, audience, language), at)


def document(draft: Draft, view: RehearsalView, audience: Audience, language: str) -> PaperDocument:
    """Put a rehearsal on paper."""
    title = Text(da=f"Det sker der, hvis “{draft.title}” udgives", en=f"What happens if “{draft.title}” is published").in_(language)
    rehearsed = draft.rehearsed
    at = texts.moment(rehearsed.at, language, now=dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) if rehearsed else ""
    edition = f"{rehearsed.before} → {rehearsed.now}" if rehearsed else ""
    foot = f"{title} · {texts.AUDIENCES[audience].in_(language)} · {at} · {edition} · {draft.contents[:16]}"
    return PaperDocument(title=title, language=language, foot=foot, blocks=[*_blocks(draft, view, audience, language)])


def _blocks(draft: Draft, view: RehearsalView, audience: Audience, language: str) -> Iterator[Passage]:
    whom = Text(da="Prøvet for: ", en="Rehearsed for: ").in_(language) + texts.AUDIENCES[audience].in_(language)
    yield Passage(kind="quiet", text=whom)
    nothing = Text(da="En læser ser ingen forskel.", en="A reader sees no difference.").in_(language)
    yield Passage(kind="text", text=" ".join(view.summary) or nothing)
    brought = [(file.name,) for file in draft.files] + [(f"{entry.proposal.kind}: {entry.title}",) for entry in draft.entries]
    yield from _list(Text(da="I kladden", en="In the draft"), brought, language)
    if view.rows:
        yield Passage(kind="heading", text=Text(da="Tal for tal", en="Figure by figure").in_(language))
        yield Passage(kind="table", rows=[_head(language), *_figures(view)])
    if view.more_rows:
        more = Text(da=f"{view.more_rows} til står i JSON.", en=f"{view.more_rows} more stand in the JSON.")
        yield Passage(kind="quiet", text=more.in_(language))
    fresh = [(f"{each.indicator}, {each.period} ({each.area_set}): {each.number}",) for each in view.fresh]
    yield from _list(Text(da="Nye tal, samlet", en="New figures, gathered"), fresh, language)
    if view.answers:
        yield Passage(kind="heading", text=Text(da="Svar, der skifter, og hvorfor", en="Answers that change, and why").in_(language))
        head = [Text(da=da, en=en).in_(language) for da, en in (("Spørgsmål", "Question"), ("Før", "Before"), ("Efter", "After"))]
        answers = [
            (" ".join((line.question, line.area, line.reading)).strip(), _said(line.before), _said(line.now)) for line in view.answers
        ]
        yield Passage(kind="table", rows=[head, *answers])
    for heading, lines in (
        (Text(da="Områder, der får eller mister tal", en="Areas that gain or lose figures"), view.areas),
        (Text(da="Farvernes grænser", en="Limits between the colours"), view.breaks),
        (Text(da="Kataloget", en="The catalogue"), [line.sentence for line in view.lines]),
        (Text(da="Inddelinger og grænser", en="Kinds of area and boundaries"), [line.sentence for line in view.layers]),
        (Text(da="Hvad der ikke passer sammen", en="What does not match"), view.leftovers),
        (Text(da="Sider, der viser noget andet", en="Pages that show something else"), view.pages),
    ):
        yield from _list(heading, [(line,) for line in lines], language)
    yield from _signatures(draft, language)


def _head(language: str) -> list[str]:
    columns = (("Område", "Area"), ("Tal", "Figure"), ("Før", "Before"), ("Efter", "After"), ("Ændring", "Change"), ("Hvordan", "How"))
    return [Text(da=da, en=en).in_(language) for da, en in columns]


def _figures(view: RehearsalView) -> Iterator[tuple[str, ...]]:
    for row in view.rows:
        yield row.area, f"{row.indicator}, {row.period}", row.before, f"{row.now}\n{row.doubt}".strip(), row.by, row.why


def _said(words: VerdictWords) -> str:
    return "\n".join(part for part in (words.verdict, words.why) if part)


def _list(heading: Text, rows: Sequence[Sequence[str]], language: str) -> Iterator[Passage]:
    if rows:
        yield Passage(kind="heading", text=heading.in_(language))
        yield Passage(kind="list", rows=rows)


def _signatures(draft: Draft, language: str) -> Iterator[Passage]:
    if draft.valid_signatures or draft.signatures:
        yield Passage(kind="heading", text=Text(da="Underskrifter", en="Signatures").in_(language))
        never = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
        rows = [(each.by.name, f"{texts.moment(each.at, language, now=never)}: {each.reason}") for each in draft.signatures]
        yield Passage(kind="pairs", rows=rows)
