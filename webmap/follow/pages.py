"""The pages of following by e-mail: ask, confirm, stop. None of them says whether an address is known."""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

from flask import Blueprint, abort, g, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from geo.model.vocabulary import Audience
from webmap import mail, urls
from webmap.access.current import service
from webmap.access.store import limits
from webmap.access.store.limits import Limit
from webmap.changes import atom
from webmap.changes.subject import ChangeSubject
from webmap.edition import chosen
from webmap.edition.reader import Reader
from webmap.follow import followers
from webmap.follow.followers import Follower
from webmap.follow.sending import called, named

blueprint: Final = Blueprint("follow", __name__)
OF_PLACE: Final = Limit(20, 3600)
"""Requests from one address of the network; a library or an office shares one."""
OF_ALL: Final = Limit(500, 3600)
"""Requests in all: so many letters nobody has asked for can be sent in an hour at most."""
OF_ADDRESS: Final = Limit(3, 86_400)
"""Letters that somebody can have sent to one e-mail address."""
_LONGEST: Final = 1000


@blueprint.route("/foelg", methods=["GET", "POST"])
def page() -> Response:
    """Ask for a letter when something changes: in the city, or of the indicator or area that the address names."""
    return _asked() if request.method == "POST" else make_response(_form())


@blueprint.get("/foelg/tak")
def sent() -> str:
    """Say where to look now."""
    return render_template("follow/sent.html")


@blueprint.route("/foelg/bekraeft/<token>", methods=["GET", "POST"])
def confirm(token: str) -> Response:
    """Let somebody follow from now on; only by a press on the button, for programs that look into letters open their links."""
    folder, now = urls.settings().followers, service().clock()
    if request.method == "POST":
        follower = followers.confirm(folder, token, chosen.shown().id, now=now)
    else:
        follower = followers.find(folder, token, "confirm", now=now)
    done = follower is not None and (request.method == "POST" or follower.confirmed)
    return _secret("follow/confirm.html", 200 if follower else 404, follower, done=done)


@blueprint.route("/foelg/stop/<token>", methods=["GET", "POST"])
def stop(token: str) -> Response:
    """Stop, and forget the address. A mail program sends this by itself (RFC 8058): no cookie, no token of a session, no redirect.

    The answer to a press is the same for a link that was used before.
    """
    folder, now = urls.settings().followers, service().clock()
    if request.method == "POST":
        followers.stop(folder, token, all_of_address=request.form.get("alt") == "1", now=now)
        return _secret("follow/stop.html", 200, None, done=True)
    follower = followers.find(folder, token, "stop", now=now)
    several = follower is not None and followers.number_of(folder, follower.address) > 1
    return _secret("follow/stop.html", 200 if follower else 404, follower, several=several)


def _asked() -> Response:
    """Keep a request, and let a letter wait that asks to confirm. The answer is the same whatever is known of the address."""
    settings, given = urls.settings(), request.form.get("adresse", "")[:_LONGEST]
    if not settings.smtp_url:
        abort(404)
    subject, _ = _subject()
    try:
        address = mail.address(given)
    except ValueError:
        return make_response(_form(given, wrong=True), 422)
    if seconds := _wait():
        answer = make_response(_form(given, busy=True), 429)
        answer.headers["Retry-After"] = str(seconds)
        return answer
    store, now = service().store, service().clock()
    mark = hmac.new(store.key(), b"follow " + address.lower().encode(), hashlib.sha256).hexdigest()
    if not limits.wait(store, f"follow {mark}", OF_ADDRESS, now=now):
        followers.ask(settings.followers, address, (subject.indicator, subject.area_set, subject.area_id), urls.language(), now=now)
    return redirect(urls.link("follow.sent", udgave=None), 303)


def _wait() -> int:
    """Count a request; the seconds to wait when there were too many from its place, or in all."""
    store, now = service().store, service().clock()
    near = limits.neighbourhood(request.remote_addr or "")
    asked = ((f"follow from {near}", OF_PLACE), ("follow", OF_ALL))
    return next((seconds for who, limit in asked if (seconds := limits.wait(store, who, limit, now=now))), 0)


# --- what the views share -------------------------------------------------------------------------------------------------


def _form(given: str = "", *, wrong: bool = False, busy: bool = False) -> str:
    """The form. given: what was typed; wrong: it is no address; busy: there were too many requests."""
    subject, name = _subject()
    there = bool(urls.settings().smtp_url)
    return render_template(
        "follow/page.html", subject=subject, name=name, given=given, wrong=wrong, busy=busy, there=there, feed=atom.path(subject),
        sender=mail.sender(urls.settings().mail_from).addr_spec if there else "",
    )  # fmt: skip


def _subject() -> tuple[ChangeSubject, str]:
    """What the address names, and what that is called in the public part of the edition that is shown.

    Raises NotFoundError when it does not have it.
    """
    subject = ChangeSubject(*(request.values.get(name, "") for name in ("indikator", "inddeling", "omraade")))
    reader = Reader(chosen.edition(chosen.current_id(), Audience.PUBLIC), urls.language())
    return subject, named(reader, subject)


def _secret(template: str, status: int, follower: Follower | None, **parts: object) -> Response:
    """A page whose address holds a secret: kept by no cache, and its address is told to no other page, ours neither."""
    name = called(follower.followed, urls.language()) if follower else ""
    followed = ChangeSubject(*follower.followed) if follower else ChangeSubject()
    g.private = True
    answer = make_response(render_template(template, follower=follower, name=name, asked=followed.asked, **parts), status)
    # The name of the server alone; without it, browsers send the page's own form as one of nobody's (`Origin: null`).
    answer.headers["Referrer-Policy"] = "strict-origin"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
