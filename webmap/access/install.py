"""How an application gets access control."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from webmap.access import attempts, gate, oidc, pages
from webmap.access.current import AccessService, attach
from webmap.access.store import sessions
from webmap.access.store.database import AccessDatabase
from webmap.settings import Settings


def install(app: Flask, settings: Settings, *, clock: Callable[[], float]) -> None:
    """Put the gate before every view of an application, and the pages of signing in beside the others."""
    store = AccessDatabase(settings.access)
    attach(app, AccessService(settings, store, clock, oidc.client(app, settings)))
    ends = sessions.SessionLimits(idle=settings.session_idle_minutes * 60, absolute=settings.session_hours * 3600)
    app.session_interface = sessions.Interface(store, ends, clock)
    app.config["TRUSTED_HOSTS"] = list(settings.allowed_hosts)
    if settings.proxies:
        count = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    else:
        attempts.watch_forwarding(app)
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(pages.blueprint, name="en_access", url_prefix="/en")
    app.before_request(gate.enter)
    app.context_processor(pages.frame)
