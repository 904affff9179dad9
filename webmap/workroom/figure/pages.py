"""The page on which one figure is typed; it becomes a table of one row in the draft, read and rehearsed as any other."""

from __future__ import annotations

import io
from collections.abc import Sequence

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from geo.drafts import desk, kept
from geo.errors import DraftError
from geo.model.forms.described import FormsFile
from geo.model.vocabulary import Text
from webmap import urls
from webmap.access import needs
from webmap.language.wording import by_name
from webmap.workroom.figure import typed
from webmap.workroom.figure.typed import FigureFault, IndicatorChoice
from webmap.workroom.request import actor, blueprint, choices, drafts, folder, now, read, read_again, refused, stop_reading

_LONGEST = 500
"""Letters of a field."""
_THERE = Text(
    da="tallet er allerede skrevet i kladden: tag det ud dér, før det skrives igen",
    en="the figure is written in the draft already: take it out there before it is written again",
)


@blueprint.get("/arbejdsrum/<id>/tal", endpoint="figure")
@needs("workroom")
def figure(id: str) -> str:
    """The form: first which indicator, then the rest."""
    return _page(id)


@blueprint.post("/arbejdsrum/<id>/tal", endpoint="figure_typed")
@needs("workroom")
def figure_typed(id: str) -> Response | tuple[str, int]:
    """Bring the figure to the draft; what is wrong is said, and nothing that was typed is lost."""
    draft, forms = read(id), kept.forms(folder(id))
    indicator = _chosen(forms)
    if forms is None or indicator is None:
        return _page(id), 422
    made = typed.read({name: text[:_LONGEST] for name, text in request.form.items()}, indicator, forms)
    if isinstance(made, list):
        return _page(id, made), 422
    if any(file.name == made.name for file in draft.files):
        return _page(id, [FigureFault("period", _THERE)]), 422
    try:
        stop_reading(id)
        brought = desk.bring(drafts(), id, made.name, io.BytesIO(made.table()), by=actor(), at=now()).files[-1].id
        desk.choose(drafts(), id, brought, kind="figures", answers={})
        read_again(id)
    except DraftError as error:
        return _page(id, error=error), 422
    return redirect(urls.link("workroom.draft", id=id, _anchor="filer"), 303)


def _chosen(forms: FormsFile | None) -> IndicatorChoice | None:
    """The indicator that the address or the form names."""
    asked = request.values.get("indikator", "")
    return next((each for each in typed.indicators(forms) if each.id == asked), None) if forms else None


def _page(id: str, faults: Sequence[FigureFault] = (), error: DraftError | None = None) -> str:
    draft, forms, language = read(id), kept.forms(folder(id)), urls.language()
    indicator = _chosen(forms)
    sentences = [text.in_(language) for text in refused(error)]
    named = [(each.id, each.name.in_(language)) for each in typed.indicators(forms)] if forms else []
    named.sort(key=lambda each: by_name(each[1]))
    return render_template(
        "workroom/figure.html", draft=draft, ready=forms is not None, indicators=named, chosen=indicator,
        areas=_areas(forms, indicator, language) if forms and indicator else [],
        sources=[(each.value, each.label.in_(language)) for each in forms.choices.get("sources", ())] if forms else [],
        statuses=[(value, words.in_(language)) for value, words in typed.STATUSES.items()],
        typed=request.form, wrong={fault.field: fault.words.in_(language) for fault in faults}, refused=sentences, **choices(),
    )  # fmt: skip


def _areas(forms: FormsFile, indicator: IndicatorChoice, language: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The areas of each set that the indicator is measured in, by name."""
    names = {kind.value: kind.label.in_(language) for kind in forms.choices.get("area_sets", ())}
    groups = []
    for name in indicator.area_sets:
        mine = ((f"{name}/{area.value}", area.label.in_(language)) for area in forms.choices.get("areas", ()) if area.of == name)
        groups.append((names.get(name, name), sorted(mine, key=lambda each: by_name(each[1]))))
    return [(name, areas) for name, areas in groups if areas]
