"""The SSP room: what its figures are for, before any figure. The table of access lets in who looks as SSP."""

from __future__ import annotations

from flask import Blueprint, render_template

from webmap.access import needs

blueprint = Blueprint("ssp", __name__, url_prefix="/ssp")


@blueprint.get("")
@needs("ssp")
def start() -> str:
    """What the figures are for and what they do not show."""
    return render_template("ssp/start.html")
