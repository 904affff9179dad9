"""A round as a document to print: headings, paragraphs, pairs and tables, all text in the reader's language. Knows no file format."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from geo.model.vocabulary import Text
from webmap.language import wording
from webmap.language.translation import gettext as _
from webmap.reviews import checks, funding, texts, views, writing
from webmap.reviews.facts import Facts, NewestFigure
from webmap.reviews.store.records import Page, Round
from webmap.reviews.writing import Writing


class Passage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=False):
    """One thing on the paper. level: of a heading; rows of `pairs` are name and text, of `table` the first is its head.

    Rows of `bars` are a name, the words of one amount, its part of the longest bar (0-1, "" where the amount is missing) and its look;
    the name stands at its first row alone.
    """

    kind: Literal["heading", "text", "quiet", "list", "pairs", "table", "bars"]
    text: str = ""
    level: int = 1
    rows: Sequence[Sequence[str]] = ()


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A document in one language ("da" or "en"). foot: what stands under every page."""

    title: str
    language: str
    foot: str
    blocks: Sequence[Passage]


def document(round_: Round, language: str, departments: Sequence[str], *, figures: bool) -> Document:
    """Put a whole round on paper, in the order of its agenda. figures: whether the reader may read the staff's figures."""
    view = views.round_view(round_, figures=figures)
    period = wording.period(round_.period, language)
    title = f"{_('Gennemgang')} {period}"
    signed = _("underskrevet %(at)s", at=texts.moment(round_.signed_at, language)) if round_.is_signed else _("kladde, ikke underskrevet")
    blocks = [*_front(view, language, departments), *(block for page in round_.pages for block in _page(page, language, figures=figures))]
    foot = f"{title} · {signed} · {_('Udgave')} {round_.edition} · {view.digest[:16]}"
    return Document(title=title, language=language, foot=foot, blocks=blocks)


def _front(view: views.RoundView, language: str, departments: Sequence[str]) -> Iterator[Passage]:
    status = (
        _("Underskrevet af alle forvaltninger %(at)s.", at=texts.moment(view.signed_at, language))
        if view.is_signed
        else _("Kladde: runden er ikke underskrevet af alle forvaltninger.")
    )
    yield Passage(kind="text", text=status)
    yield Passage(kind="quiet", text=_("Rækkefølgen er dagsordenens og ikke en rangliste af områder."))
    if view.control.da:
        yield Passage(kind="quiet", text=view.control.in_(language))
    rows = [
        (name, signature.user_name if signature else _("mangler"), texts.moment(signature.at, language) if signature else "–")
        for name, signature in view.signed_by(departments)
    ]
    yield Passage(kind="heading", text=_("Underskrifter"))
    yield Passage(kind="table", rows=[(_("Forvaltning"), _("Navn"), _("Tid")), *rows])
    yield Passage(kind="pairs", rows=[(_("Udgave"), view.edition), (_("Indholdets kontrolsum"), view.digest)])
    whole = [addendum for addendum in view.addenda if addendum.page_id is None]
    if whole:
        yield Passage(kind="heading", text=_("Tilføjelser"))
        for addendum in whole:
            yield Passage(
                kind="quiet", text=_("Tilføjelse af %(name)s, %(at)s", name=addendum.user_name, at=texts.moment(addendum.at, language))
            )
            yield Passage(kind="text", text=addendum.text)


def _page(page: Page, language: str, *, figures: bool) -> Iterator[Passage]:
    view = views.page_view(page, figures=figures)
    facts, written = view.facts, view.writing
    yield Passage(kind="heading", text=facts.name.in_(language))
    yield Passage(kind="quiet", text=" · ".join([facts.kind.in_(language), *(line.in_(language) for line in (*facts.plans, *facts.about))]))
    yield Passage(kind="heading", level=2, text=_("Hvad der er ændret"))
    changed = [(_demo(change.text.in_(language), demo=change.demo),) for change in facts.changes]
    if changed or figures:
        yield Passage(kind="list", rows=changed) if changed else Passage(kind="text", text=_("Intet, der kan skelnes fra tilfældigheder."))
    if not figures:
        yield Passage(kind="text", text=_("Tallene, og hvad de siger, er kun for helhedsplanteamet."))
    if facts.last:
        yield Passage(kind="heading", level=2, text=_("Hvad der blev besluttet %(when)s", when=wording.period(facts.last.period, language)))
        yield from _written(facts.last.writing, facts, language)
    yield Passage(kind="heading", level=2, text=_("Gennemgangen"))
    yield from _written(written, facts, language)
    for addendum in view.addenda:
        yield Passage(
            kind="quiet", text=_("Tilføjelse af %(name)s, %(at)s", name=addendum.user_name, at=texts.moment(addendum.at, language))
        )
        yield Passage(kind="text", text=addendum.text)
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
            yield Passage(kind="quiet", text=_("Tastet ind af gruppen:") if name == "money" else f"{texts.LABEL[name].in_(language)}:")
            yield Passage(kind="table", rows=[head, *(tuple(cell or "–" for cell in row) for row in rows)])
    yield from _drawn(content, language)
    if not pairs and not any(rows for _name, rows in tables):
        yield Passage(kind="text", text=_("Der er ikke skrevet noget."))


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
        yield Passage(kind="quiet", text=f"{_('Lovet og leveret')}, {picture.unit}: {'. '.join(picture.sums)}.")
        yield Passage(kind="bars", rows=rows)


def _known(facts: Facts, language: str) -> Iterator[Passage]:
    if facts.figures:
        head = (_("Tal"), _("Nu"), _("Før"), _("Hvad kan siges"))
        yield Passage(kind="heading", level=2, text=_("Tal"))
        yield Passage(kind="table", rows=[head, *(_figure(figure, language, several=len(facts.areas) > 1) for figure in facts.figures)])
    if facts.goals:
        yield Passage(kind="heading", level=2, text=_("Mål"))
        rows = [
            (_said(g.name, g.measure, g.reading, language, demo=g.demo), g.verdict.in_(language), g.figures.in_(language))
            for g in facts.goals
        ]
        yield Passage(kind="table", rows=[(_("Mål"), _("Svar"), _("Tal")), *rows])
    if facts.money:
        yield Passage(kind="heading", level=2, text=_("Penge i kilderne"))
        yield Passage(
            kind="pairs", rows=[(amount.name.in_(language), f"{amount.said.in_(language)} ({amount.source})") for amount in facts.money]
        )


def _figure(figure: NewestFigure, language: str, *, several: bool) -> tuple[str, str, str, str]:
    parts = [figure.name.in_(language), *([figure.area] if several else []), figure.period_name.in_(language)]
    name = _demo(", ".join(parts), demo=figure.demo)
    now = (
        f"{figure.said.in_(language)} {figure.unit.in_(language)} ({figure.doubt.in_(language)})"
        if figure.value is not None
        else figure.status_said.in_(language)
    )
    if figure.since is None:
        return name, now, "–", _("Der er ikke et tidligere tal.")
    return name, now, f"{figure.since.said.in_(language)}, {figure.since.period.in_(language)}", figure.since.text.in_(language)


def _said(name: Text, measure: Text, reading: Text, language: str, *, demo: bool) -> str:
    parts = [text for part in (name, measure, reading) if (text := part.in_(language))]
    return _demo(", ".join(parts), demo=demo)


def _demo(text: str, *, demo: bool) -> str:
    return f"{text} [{_('Demodata')}]" if demo else text


def _word(code: str, known: object, language: str) -> str:
    word = known.get(code) if isinstance(known, dict) else None
    return word.in_(language) if isinstance(word, Text) else code
