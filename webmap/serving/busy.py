"""Too much is asked for at once: the answer says so, and when to ask again."""

from __future__ import annotations

from werkzeug.exceptions import ServiceUnavailable


class BusyError(ServiceUnavailable):
    """There is no room for this request now. seconds: after which it is worth asking again."""

    description = "So much is asked for at once that this could not be done now."

    def __init__(self, seconds: int) -> None:
        super().__init__(retry_after=seconds)
        self.seconds = seconds
