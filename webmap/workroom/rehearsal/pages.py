"""The pages of a rehearsal: what would change, as a page and as JSON."""

from __future__ import annotations

import msgspec
from flask import Response, abort, render_template, request

from geo.drafts import kept
from geo.editions.comparison import Changes
from geo.errors import NotFoundError, Problem
from geo.model.vocabulary import Audience
from webmap import urls
from webmap.access import Field, log_figures, may, needs
from webmap.edition.reader import Reader
from webmap.workroom import texts, views
from webmap.workroom.rehearsal import document, editions, picture
from webmap.workroom.rehearsal import view as rehearsal_view
from webmap.workroom.request import actor, blueprint, choices, folder, read

_PAGE = "/arbejdsrum/<id>/proeve"


@blueprint.get(_PAGE, endpoint="rehearsal")
@needs("workroom")
def rehearsal(id: str) -> str:
    """What would change if the draft was published, for one audience."""
    draft, language, audience = read(id), urls.language(), audience_asked()
    changes, compared = of_audience(id, audience), editions.pair(draft, audience)
    made = rehearsal_view.view(changes, compared, Reader(compared.new, language), request.args) if compared else None
    log_figures(area=f"draft/{id}/{audience.value}", figures=sum(figure.now.value is not None for figure in changes.figures))
    signers = {signature.by.id for signature in draft.valid_signatures}
    return render_template(
        "workroom/rehearsal.html", view=views.draft_view(draft, None, language), draft=draft, made=made, audience=audience,
        audiences={each: texts.AUDIENCES[each].in_(language) for each in allowed()}, shown=picture.SHOWN,
        signed_by_me=actor().id in signers, reason="", **choices(),
    )  # fmt: skip


@blueprint.get(f"{_PAGE}.json", endpoint="rehearsal_json")
@needs("workroom", Field.EXPORT)
def rehearsal_json(id: str) -> Response:
    """The same for programs."""
    read(id)
    audience = audience_asked()
    changes = of_audience(id, audience)
    log_figures(area=f"draft/{id}/{audience.value}", figures=sum(figure.now.value is not None for figure in changes.figures))
    return Response(msgspec.json.format(msgspec.json.encode(changes)), content_type="application/json; charset=utf-8")


@blueprint.get(f"{_PAGE}.pdf", endpoint="rehearsal_pdf")
@needs("workroom", Field.EXPORT)
def rehearsal_pdf(id: str) -> Response:
    """The same as a tagged PDF."""
    draft, language, audience = read(id), urls.language(), audience_asked()
    changes, compared = of_audience(id, audience), editions.pair(draft, audience)
    if compared is None:
        raise NotFoundError(Problem(id, "the editions behind the rehearsal are no longer kept"))
    made = rehearsal_view.view(changes, compared, Reader(compared.new, language), {})
    log_figures(area=f"draft/{id}/{audience.value}", figures=sum(figure.now.value is not None for figure in changes.figures))
    answer = Response(document.make(draft, made, audience, language), mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "attachment", filename=f"proeve-{id}-{audience.value}.pdf")
    return answer


def allowed() -> tuple[Audience, ...]:
    """The audiences whose figures the person may read in a rehearsal; SSP's only with that role, looking as SSP."""
    of = {Audience.PUBLIC: Field.OPEN, Audience.STAFF: Field.STAFF, Audience.SSP: Field.SSP}
    return tuple(audience for audience, needed in of.items() if may(needed, "workroom"))


def audience_asked(name: str = "for") -> Audience:
    """The audience that the address names, the public one without a word. Aborts with 400 for no audience, 403 for one that is closed."""
    try:
        audience = Audience(request.args.get(name, Audience.PUBLIC.value))
    except ValueError:
        abort(400)
    if audience not in allowed():
        abort(403)
    return audience


def of_audience(id: str, audience: Audience) -> Changes:
    """What the last rehearsal of a draft found for an audience. Raises NotFoundError before there was one."""
    every = kept.changes(folder(id))
    if every is None:
        raise NotFoundError(Problem(id[:80], "a draft that was not rehearsed"))
    return every[audience]
