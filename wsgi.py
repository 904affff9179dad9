"""The application for a production server: `granian --interface wsgi wsgi:app`, or any other server that speaks WSGI."""

from __future__ import annotations

import os

from webmap import settings
from webmap.app import create_app
from webmap.serving import stored

chosen = settings.read(os.environ)
app = create_app(chosen)
stored.serve_stored(app, chosen)
