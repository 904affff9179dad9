"""What the tests of following share: an application with people who ask, a server of mail, and a town that is followed."""

from tests.readers.followforms import app, client, settings
from tests.readers.following import box, first, place

__all__ = ["app", "box", "client", "first", "place", "settings"]
