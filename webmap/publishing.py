"""Choose the edition that everybody sees: for who has the right to publish, where the server may write."""

from __future__ import annotations

import os

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from geo.editions import edition as editions
from geo.editions import manifests
from geo.errors import DamagedError
from webmap import urls
from webmap.access import gate, needs
from webmap.edition import chosen
from webmap.language import wording

blueprint = Blueprint("publishing", __name__)


@blueprint.get("/udgivelse")
@needs("publish")
def index() -> str:
    """List the editions, the one that everybody sees first named."""
    folder, language = urls.settings().editions, urls.language()
    found = [{"id": one.id, "as_of": wording.date(one.as_of, language), "files": len(one.inputs)} for one in editions.listing(folder)]
    return render_template("publishing.html", editions=found, current=chosen.current_id(), writable=os.access(folder, os.W_OK))


@blueprint.post("/udgivelse")
@needs("publish")
def publish() -> Response:
    """Make an edition the current one, for all readers and in one step."""
    folder, wanted = urls.settings().editions, request.form.get("udgave", "")
    if wanted not in {one.id for one in editions.listing(folder)}:
        abort(404)
    if not os.access(folder, os.W_OK):
        abort(403)
    if problem := manifests.damage(folder / wanted):
        raise DamagedError(problem)
    gate.note(f"publish {wanted}")
    editions.point(folder, wanted)
    return redirect(urls.link("publishing.index", udgave=None))
