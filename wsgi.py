"""The application for a production server: `granian --interface wsgi wsgi:app`, or any other server that speaks WSGI."""

from __future__ import annotations

import os

from webmap import serving, settings
from webmap.app import create_app

chosen = settings.read(os.environ)
app = create_app(chosen)
serving.serve_stored(app, chosen)
