"""The web application: a small factory, the headers of every answer, the error pages."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, jsonify, request
from flask_compress import Compress
from werkzeug.exceptions import Gone, HTTPException, InternalServerError, NotFound, SecurityError, ServiceUnavailable

from geo.errors import DamagedError, DraftError, EditionError, GeoError, NotFoundError
from webmap import urls
from webmap.access import current, gate, install
from webmap.access.store.database import AccountsError
from webmap.areas import pages as areas
from webmap.barometer import pages as barometer
from webmap.changes import pages as changes
from webmap.changes.api import pages as editions_api
from webmap.edition import chosen, classes
from webmap.efforts import pages as efforts
from webmap.figures import pages as figures
from webmap.figures.api import pages as api
from webmap.follow import pages as follow
from webmap.follow.database import FollowersError
from webmap.front import pages as front
from webmap.goals import pages as goals
from webmap.language import refusals, translation
from webmap.lists import pages as lists
from webmap.maps import pages as maps
from webmap.maps.pictures import pages as pictures
from webmap.measured import pages as measured
from webmap.reviews import pages as reviews
from webmap.reviews.store.database import ReviewsError
from webmap.serving import alive, bodies, costly, remembered
from webmap.serving import stored as stored_pages
from webmap.serving.busy import BusyError
from webmap.settings import Settings
from webmap.ssp import pages as ssp
from webmap.workroom import pages as workroom
from webmap.workroom import refusals as draft_words
from webmap.workroom.api import pages as drafts_api

HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""Headers of every answer, beside the Content-Security-Policy."""


PARTS: Final = (
    front.blueprint,
    maps.blueprint,
    pictures.blueprint,
    figures.blueprint,
    goals.blueprint,
    barometer.blueprint,
    areas.blueprint,
    efforts.blueprint,
    lists.blueprint,
    measured.blueprint,
    changes.blueprint,
    ssp.blueprint,
    reviews.blueprint,
    follow.blueprint,
    workroom.blueprint,
)
"""The pages that there are in both languages."""

ANOTHER_SHOWN: Final = "the current edition is damaged, and the newest whole one is shown"
"""What /healthz says when a damaged edition was replaced by an older one."""


def create_app(settings: Settings | None = None, *, clock: Callable[[], float] = time.time) -> Flask:
    """Make the application. Without settings it takes the defaults (a workspace in `var/`). clock: seconds since 1970.

    Raises DamagedError when there are editions and none of them is whole.
    """
    app, given = Flask(__name__), settings or Settings()
    app.extensions["omraadekort"] = given
    app.config["COMPRESS_MIMETYPES"] = [
        "text/html",
        "text/css",
        "text/javascript",
        "text/csv",
        "image/svg+xml",
        "application/atom+xml",
        *_JSON,
    ]
    app.config["COMPRESS_ALGORITHM"] = ["zstd", *stored_pages.PREFERRED]  # of what is rendered: a third of the time, a little larger
    app.config["COMPRESS_ALGORITHM_STREAMING"] = ["br"]
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 31536000  # their addresses change with their content
    app.url_defaults(_name_by_content(app))
    app.url_defaults(urls.keep_demo)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["area_looks"] = classes
    translation.install(app)
    app.after_request(costly.complete)  # the functions after a request run in the opposite order: what is kept is compressed
    Compress(app)
    bodies.install(app)
    chosen.install(app, given.editions)
    install.install(app, given, clock=clock)
    remembered.install(app)
    costly.install(app)
    for part in PARTS:
        app.register_blueprint(part)
        app.register_blueprint(part, name=f"en_{part.name}", url_prefix="/en")
    app.register_blueprint(api.blueprint)
    app.register_blueprint(editions_api.blueprint)
    app.register_blueprint(drafts_api.blueprint)
    app.add_url_rule("/healthz", view_func=healthz)
    app.add_url_rule(alive.PATH, view_func=livez)
    app.after_request(_with_headers)
    app.context_processor(front.frame)
    app.register_error_handler(SecurityError, _foreign_name)
    app.register_error_handler(BusyError, _too_busy)
    app.register_error_handler(HTTPException, _error_page)
    app.register_error_handler(gate.UnloggedError, _unlogged)
    app.register_error_handler(GeoError, _geo_error)
    app.register_error_handler(DraftError, _draft_error)
    return app


def _name_by_content(app: Flask) -> Callable[[str, dict[str, Any]], None]:
    """Give the addresses of our own static files a fingerprint, so that a browser may keep them for ever."""
    folder = Path(app.static_folder or "")
    content = b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())
    version = hashlib.sha256(content).hexdigest()[:12]

    def add(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static":
            values.setdefault("v", version)

    return add


_JSON: Final = ("application/json", "application/geo+json")


def livez() -> Response:
    """Tell whoever watches the process that it answers, whatever else is wrong. `serve` answers it before Flask is asked."""
    return Response(alive.ANSWER, headers=list(alive.HEADERS))


def healthz() -> tuple[Response, int]:
    """Tell a load balancer whether there is an edition to show, and whoever operates the server what is not as it should be.

    damaged: the current edition, when it is damaged and another is shown, or none. accounts: there when nobody can sign in.
    """
    here, damaged, status = "", "", "no edition"
    try:
        shown = chosen.shown()
        chosen.readable(shown.id)
        here, damaged = shown.id, shown.named if shown.problem else ""
        status = ANOTHER_SHOWN if damaged else "ok"
    except EditionError as error:
        if chosen.named():
            current_app.logger.error("%s", error)
            status, damaged = "the edition cannot be read", chosen.named() if isinstance(error, DamagedError) else ""
    said = {"status": status, "edition": here or None, "pages": "stored" if _stored() else "rendered"}
    return jsonify(said | ({"damaged": damaged} if damaged else {}) | _accounts()), 200 if here else 503


def _accounts() -> dict[str, str]:
    try:
        current.service().store.check()
    except AccountsError as error:
        current_app.logger.error("%s", error)
        return {"accounts": "cannot be read"}
    return {}


def _stored() -> bool:
    stored = current_app.extensions.get(stored_pages.NAME)
    return stored is not None and stored.ready()


def content_security_policy(settings: Settings) -> str:
    """Return the policy of every page: nothing but this server, plus the tile server's origin when the settings name one."""
    images = "'self'"
    if settings.tile_url:
        address = urlsplit(settings.tile_url)
        images += f" https://{address.netloc.replace('{s}', '*')}"
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src {images}; font-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def _with_headers(answer: Response) -> Response:
    if not gate.log_answer(answer):
        answer = current_app.make_response(_unlogged(gate.UnloggedError()))
    remembered.complete(answer)
    answer.headers.setdefault("Content-Security-Policy", content_security_policy(urls.settings()))
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
    answer.headers.pop("Expires", None)  # of static files: Cache-Control says it, and does not depend on the moment
    if request.is_secure:
        answer.headers.setdefault(*stored_pages.ONLY_HTTPS)
    gate.leave(answer)
    if answer.status_code == 200 and answer.mimetype == "text/html" and not answer.cache_control.no_store:
        # A page is its edition, its words and its query: the hash of its bytes changes when, and only when, one of them does.
        answer.headers.setdefault("Cache-Control", "no-cache")
        answer.add_etag()
        answer.make_conditional(request)
    return answer


def _geo_error(error: GeoError) -> Response | tuple[str, int]:
    """Errors of the model as statuses: what was asked for does not exist, is no longer here, or nothing has been built yet."""
    if isinstance(error, chosen.EditionGoneError):
        urls.unpin()
    if isinstance(error, chosen.WithdrawnError) and not request.path.startswith("/api/"):
        return front.error_page(410, refusals.withdrawn(error.at, error.reason)), 410
    if isinstance(error, chosen.EditionGoneError):
        return _error_page(Gone())
    if isinstance(error, NotFoundError):
        return _error_page(NotFound())
    current_app.logger.error("%s", error)
    if isinstance(error, DamagedError):
        chosen.service(current_app).forget()
        return front.error_page(503, refusals.DAMAGED), 503
    if isinstance(error, (AccountsError, ReviewsError, FollowersError)):
        return front.error_page(503, refusals.UNREADABLE), 503
    empty = isinstance(error, EditionError) and not chosen.named()
    return _error_page(ServiceUnavailable() if empty else InternalServerError())


def _draft_error(error: DraftError) -> tuple[str, int]:
    """What cannot be done with a draft as it stands, in words: a page where the room's own does not say it."""
    return front.error_page(409, draft_words.page(error)), 409


def _unlogged(error: gate.UnloggedError) -> Response | tuple[str, int]:
    """Say that nothing is shown that would leave no line in the access log; what is wrong with the log is in the server's own."""
    return api.error(error) if request.path.startswith("/api/") else (front.error_page(503, refusals.UNLOGGED), 503)


def _too_busy(error: BusyError) -> Response:
    """Say that there is no room now, in the reader's language, and when to ask again."""
    if request.path.startswith("/api/"):
        answer = api.too_busy(error.seconds)
    else:
        answer = current_app.make_response((front.error_page(503, refusals.BUSY), 503))
    answer.headers["Retry-After"] = str(error.seconds)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _foreign_name(_error: SecurityError) -> Response:
    """Answer a request for a name that is not ours (DNS rebinding, or a setting that is missing), without a page of ours."""
    return Response(
        "Denne tjeneste svarer ikke til det navn. / This service does not answer to that name (allowed_hosts).\n",
        400,
        mimetype="text/plain",
    )


def _error_page(error: HTTPException) -> Response | tuple[str, int]:
    if request.path.startswith("/api/"):
        return api.error(error)
    if error.code in range(300, 400):  # a redirect that routing raises, such as a missing slash
        return error.get_response()  # type: ignore[return-value]
    code = error.code or 500
    of_file = code == 413 and request.endpoint and current.page() == "workroom.files"
    return front.error_page(code, draft_words.too_large(urls.settings().upload_mb) if of_file else None), code
