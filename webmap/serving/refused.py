"""Refusals of bodies, made once for all who ask the same: two hundred at a time would hold up every reader else.

Only of requests without a cookie, and shared only where everything that was sent is the same but the address and the body's length.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final, Generic, Protocol, TypeVar

from cachetools import TTLCache

from webmap.serving import bodies

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

MOST: Final = 64
"""Refusals that are kept at most."""
SECONDS: Final = 10.0
"""Seconds that one is kept: the page around it changes with the edition."""
_OWN: Final = frozenset({"CONTENT_LENGTH", "REMOTE_ADDR", "REMOTE_PORT"})
"""What of a request the page does not depend on."""


class _Answer(Protocol):
    """What an answer must have."""

    status: int
    headers: list[tuple[str, str]]


_A = TypeVar("_A", bound=_Answer)


class RefusalMemory(Generic[_A]):
    """What was answered lately to requests that were refused before their body was read. For one event loop."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._kept: TTLCache[Any, asyncio.Future[_A]] = TTLCache(MOST, seconds)

    async def answer(self, environ: WSGIEnvironment, make: Callable[[WSGIEnvironment], Awaitable[_A]]) -> _A:
        """Return what another request of the same words was answered, or make the answer. One that sets a cookie is nobody else's."""
        if "HTTP_COOKIE" in environ:
            return await make(environ)
        said = sorted((name, part) for name, part in environ.items() if isinstance(part, str) and name not in _OWN)
        key = (str(environ[bodies.REFUSED]), *said)
        kept = self._kept.get(key)
        if kept is not None:
            shared = await asyncio.shield(kept)
            return shared if _shareable(shared, environ) else await make(environ)
        made = self._kept[key] = asyncio.ensure_future(make(environ))
        answer = await asyncio.shield(made)
        if not _shareable(answer, environ):
            self._kept.pop(key, None)
        return answer


def _shareable(answer: _Answer, environ: WSGIEnvironment) -> bool:
    """Whether it is the refusal, and not that there was no thread for it, and gives nobody a cookie."""
    return answer.status == environ[bodies.REFUSED] and not any(name.lower() == "set-cookie" for name, _ in answer.headers)
