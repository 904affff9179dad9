"""A round as a document to print: headings, paragraphs, pairs and tables, all text in the reader's language. Knows no file format."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final

from geo.model.vocabulary import Text
from webmap.language import wording
from webmap.paper.sheet import PaperDocument, Passage
from webmap.reviews import checks, funding, texts, views, writing
from webmap.reviews.facts import Facts, NewestFigure
from webmap.reviews.facts import decode as decode_facts
from webmap.reviews.store.records import Addendum, Page, Round
from webmap.reviews.writing import Writing

_MOST: Final = 200
"""Letters of a decision on the first page."""
_DECIDED: Final = (
    Text(da="Sted eller plan", en="Place or plan"),
    Text(da="Hvad", en="What"),
    Text(da="Ansvarlig", en="Owner"),
    Text(da="Frist", en="Due"),
)


def document(round_: Round, language: str, departments: Sequence[str], *, figures: bool) -> PaperDocument:
    """Put a whole round on paper, in the order of its agenda. figures: whether the reader may read the staff's figures."""
    view = views.round_view(round_, figures=figures)
    period = texts.half_year(round_.period, language)
    title = Text(da=f"Gennemgang {period}", en=f"Review {period}").in_(language)
    at = texts.moment(round_.signed_at, language)
    signed = (
        Text(da=f"underskrevet {at}", en=f"signed {at}").in_(language)
        if round_.is_signed
        else texts.unsigned(language, cancelled=round_.is_cancelled)
    )
    pages = (block for page in round_.pages for block in _page(page, language, figures=figures))
    blocks = [*_front(view, language, departments, _decided(round_, language)), *pages]
    edition = Text(da=f"Udgave {round_.edition}", en=f"Edition {round_.edition}").in_(language)
    foot = f"{title} · {signed} · {edition} · {view.digest[:16]}"
    return PaperDocument(title=title, language=language, foot=foot, blocks=blocks)


def _decided(round_: Round, language: str) -> list[tuple[str, ...]]:
    """What was decided on each page and every action that is not finished: where, what, who, by when."""
    rows = list[tuple[str, ...]]()
    for page in round_.pages:
        name, written = decode_facts(page.facts).name.in_(language), writing.decode(page.content)
        if written.decision:
            rows.append((name, _short(written.decision), written.owner, _dated(written.due, language)))
        rows += [
            (name, _short(action.text), action.owner, _dated(action.due, language))
            for action in written.actions
            if action.text and action.status not in checks.FINISHED
        ]
    return rows


def _short(text: str) -> str:
    """The beginning of a text, for a table that leads to the page where it stands whole."""
    line = " ".join(text.split())
    return line if len(line) <= _MOST else line[:_MOST].rsplit(" ", 1)[0] + " …"


def _dated(text: str, language: str) -> str:
    day = checks.day(text)
    return wording.date(day, language) if day else text


def _front(view: views.RoundView, language: str, departments: Sequence[str], decided: Sequence[tuple[str, ...]]) -> Iterator[Passage]:
    yield Passage(kind="text", text=_status(view).in_(language))
    yield Passage(kind="heading", text=Text(da="Beslutninger og handlinger", en="Decisions and actions").in_(language))
    if decided:
        yield Passage(kind="table", rows=[_each(language, *_DECIDED), *decided])
    else:
        yield Passage(kind="text", text=Text(da="Der er ikke besluttet noget endnu.", en="Nothing has been decided yet.").in_(language))
    yield Passage(
        kind="quiet",
        text=Text(
            da="Rækkefølgen er dagsordenens og ikke en rangliste af områder.", en="The order is that of the agenda, not a ranking of areas."
        ).in_(language),
    )
    if view.control.da:
        yield Passage(kind="quiet", text=view.control.in_(language))
    rows = [
        (
            name,
            signature.user_name if signature else Text(da="mangler", en="missing").in_(language),
            texts.moment(signature.at, language) if signature else "–",
        )
        for name, signature in view.signed_by(departments)
    ]
    yield Passage(kind="heading", text=Text(da="Underskrifter", en="Signatures").in_(language))
    yield Passage(
        kind="table",
        rows=[_each(language, Text(da="Forvaltning", en="Department"), Text(da="Navn", en="Name"), Text(da="Tid", en="Time")), *rows],
    )
    yield Passage(
        kind="pairs",
        rows=[
            (Text(da="Udgave", en="Edition").in_(language), view.edition),
            (Text(da="Indholdets kontrolsum", en="Digest of the content").in_(language), view.digest),
        ],
    )
    whole = [addendum for addendum in view.addenda if addendum.page_id is None]
    if whole:
        yield Passage(kind="heading", text=Text(da="Tilføjelser", en="Addenda").in_(language))
        yield from _addenda(whole, language)


def _status(view: views.RoundView) -> Text:
    if view.is_cancelled:
        return Text(da="Runden er aflyst.", en="The round is cancelled.")
    if not view.is_signed:
        return Text(
            da="Kladde: runden er ikke underskrevet af alle forvaltninger.", en="Draft: the round is not signed by all departments."
        )
    da, en = (texts.moment(view.signed_at, language) for language in ("da", "en"))
    return Text(da=f"Underskrevet af alle forvaltninger {da}.", en=f"Signed by all departments {en}.")


def _addenda(addenda: Sequence[Addendum], language: str) -> Iterator[Passage]:
    for addendum in addenda:
        at = texts.moment(addendum.at, language)
        who = Text(da=f"Tilføjelse af {addendum.user_name}, {at}", en=f"Addendum by {addendum.user_name}, {at}")
        yield Passage(kind="quiet", text=who.in_(language))
        yield Passage(kind="text", text=addendum.text)


def _page(page: Page, language: str, *, figures: bool) -> Iterator[Passage]:
    view = views.page_view(page, figures=figures)
    facts, written = view.facts, view.writing
    yield Passage(kind="heading", text=facts.name.in_(language))
    yield Passage(kind="quiet", text=" · ".join([facts.kind.in_(language), *(line.in_(language) for line in (*facts.plans, *facts.about))]))
    yield Passage(kind="heading", level=2, text=Text(da="Hvad der er ændret", en="What was changed").in_(language))
    changed = [(_demo(change.text.in_(language), language, demo=change.demo),) for change in facts.changes]
    if changed or figures:
        yield (
            Passage(kind="list", rows=changed)
            if changed
            else Passage(
                kind="text",
                text=Text(da="Ingen sikre ændringer.", en="Nothing that can be told from chance.").in_(language),
            )
        )
    if not figures:
        yield Passage(
            kind="text",
            text=Text(
                da="Tallene, og hvad de siger, er kun for helhedsplanteamet.",
                en="The figures, and what they say, are for the housing-plan team only.",
            ).in_(language),
        )
    if facts.last:
        yield Passage(
            kind="heading",
            level=2,
            text=Text(
                da=f"Hvad der blev besluttet {wording.period(facts.last.period, language)}",
                en=f"What was decided, {wording.period(facts.last.period, language)}",
            ).in_(language),
        )
        yield from _written(facts.last.writing, facts, language)
    yield Passage(kind="heading", level=2, text=Text(da="Gennemgangen", en="The review").in_(language))
    yield from _written(written, facts, language)
    yield from _addenda(view.addenda, language)
    yield from _known(facts, language)


def _written(content: Writing, facts: Facts, language: str) -> Iterator[Passage]:
    pairs = [(texts.LABEL[name].in_(language), text) for name in writing.SINGLE if name != "ready" and (text := getattr(content, name))]
    if pairs:
        yield Passage(kind="pairs", rows=pairs)
    tables = (
        ("actions", [(a.text, a.owner, a.due, _word(a.status, checks.ACTION_STATUS, language)) for a in content.actions]),
        ("money", [(m.what, _word(m.unit, checks.UNITS, language), m.promised, m.delivered, m.source) for m in content.money]),
        (
            "initiatives",
            [
                (_word(i.theme, facts.theme_names, language), i.name, _word(i.status, checks.ACTION_STATUS, language), i.staff, i.note)
                for i in content.initiatives
            ],
        ),
        ("approvals", [(approval.on, approval.text) for approval in content.approvals]),
    )
    for name, rows in tables:
        if rows:
            head = tuple(texts.LABEL[f"{name}/{field}"].in_(language) for field in writing.IN_ROW[name])
            yield Passage(
                kind="quiet",
                text=Text(da="Tastet ind af gruppen:", en="Typed in by the team:").in_(language)
                if name == "money"
                else f"{texts.LABEL[name].in_(language)}:",
            )
            yield Passage(kind="table", rows=[head, *(tuple(cell or "–" for cell in row) for row in rows)])
    yield from _drawn(content, language)
    if not pairs and not any(rows for _name, rows in tables):
        yield Passage(kind="text", text=Text(da="Der er ikke skrevet noget.", en="Nothing has been written.").in_(language))


def _drawn(content: Writing, language: str) -> Iterator[Passage]:
    """What was promised beside what was delivered, each unit on a scale of its own."""
    for picture in funding.funding(content, language).pictures:
        known = [bar.value for row in picture.rows for bar in row.bars if not math.isnan(bar.value)]
        if not known:
            continue
        full = max(known) or 1.0
        rows = [
            (row.name if first else "", bar.words, "" if math.isnan(bar.value) else f"{bar.value / full:.4f}", bar.look)
            for row in picture.rows
            for first, bar in zip((True, False), row.bars, strict=True)
        ]
        yield Passage(kind="quiet", text=f"{funding.BOTH.in_(language)}, {picture.unit}: {'. '.join(picture.sums)}.")
        yield Passage(kind="bars", rows=rows)


def _known(facts: Facts, language: str) -> Iterator[Passage]:
    if facts.figures:
        head = _each(
            language,
            Text(da="Tal", en="Figures"),
            Text(da="Nu", en="Now"),
            Text(da="Før", en="Before"),
            Text(da="Hvad kan siges", en="What can be said"),
        )
        yield Passage(kind="heading", level=2, text=Text(da="Tal", en="Figures").in_(language))
        yield Passage(kind="table", rows=[head, *(_figure(figure, language, several=len(facts.areas) > 1) for figure in facts.figures)])
    if facts.goals:
        yield Passage(kind="heading", level=2, text=Text(da="Mål", en="Goals").in_(language))
        rows = [
            (_said(g.name, g.measure, g.reading, language, demo=g.demo), g.verdict.in_(language), g.figures.in_(language))
            for g in facts.goals
        ]
        yield Passage(
            kind="table",
            rows=[
                _each(language, Text(da="Mål", en="Goals"), Text(da="Svar", en="Answer"), Text(da="Tal", en="Figures")),
                *rows,
            ],
        )
    if facts.money:
        yield Passage(kind="heading", level=2, text=Text(da="Penge i kilderne", en="Money in the sources").in_(language))
        yield Passage(
            kind="pairs", rows=[(amount.name.in_(language), f"{amount.said.in_(language)} ({amount.source})") for amount in facts.money]
        )


def _figure(figure: NewestFigure, language: str, *, several: bool) -> tuple[str, str, str, str]:
    parts = [figure.name.in_(language), *([figure.area] if several else []), figure.period_name.in_(language)]
    name = _demo(", ".join(parts), language, demo=figure.demo)
    now = (
        f"{figure.said.in_(language)} {figure.unit.in_(language)} ({figure.doubt.in_(language)})"
        if figure.value is not None
        else figure.status_said.in_(language)
    )
    if figure.since is None:
        return name, now, "–", Text(da="Der er ikke et tidligere tal.", en="There is no earlier figure.").in_(language)
    return name, now, f"{figure.since.said.in_(language)}, {figure.since.period.in_(language)}", figure.since.text.in_(language)


def _said(name: Text, measure: Text, reading: Text, language: str, *, demo: bool) -> str:
    parts = [text for part in (name, measure, reading) if (text := part.in_(language))]
    return _demo(", ".join(parts), language, demo=demo)


def _each(language: str, *head: Text) -> tuple[str, ...]:
    return tuple(words.in_(language) for words in head)


def _demo(text: str, language: str, *, demo: bool) -> str:
    return f"{text} [{wording.DEMO.in_(language)}]" if demo else text


def _word(code: str, known: object, language: str) -> str:
    word = known.get(code) if isinstance(known, dict) else None
    return word.in_(language) if isinstance(word, Text) else code
