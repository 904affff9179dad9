"""The application for a production server: `granian --interface wsgi wsgi:app`, or any other server that speaks WSGI."""

from __future__ import annotations

import os
import sys

from geo.errors import GeoError
from webmap import settings
from webmap.app import create_app
from webmap.reviews.store import releasing
from webmap.serving import stored

chosen = settings.read(os.environ)
try:
    app = create_app(chosen)
except GeoError as error:  # no edition that could be shown: in words, not as a traceback
    sys.exit(str(error))
if refused := releasing.place_again(chosen.reviews_address, chosen.workspace):
    app.logger.error("what is released cannot be written (omraadekort reviews release does it again): %s", refused)
stored.serve_stored(app, chosen)
