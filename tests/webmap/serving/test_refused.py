"""One refusal for all who are refused alike."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from webmap.serving import bodies
from webmap.serving.refused import RefusalMemory
from webmap.serving.rsgi import WholeAnswer


def asked(answer: WholeAnswer, *environs: dict[str, Any]) -> list[dict[str, Any]]:
    """The requests for which an answer was made, of several that come at once."""
    made: list[dict[str, Any]] = []

    async def make(environ: dict[str, Any]) -> WholeAnswer:
        made.append(environ)
        await asyncio.sleep(0)
        return answer

    async def every() -> list[WholeAnswer]:
        memory: RefusalMemory[WholeAnswer] = RefusalMemory()
        first = await asyncio.gather(*(memory.answer(environ, make) for environ in environs))
        return [*first, await memory.answer(environs[0], make)]

    assert all(each is answer for each in asyncio.run(every()))
    return made


def request(status: int = 413, **more: str) -> dict[str, Any]:
    return {bodies.REFUSED: status, "PATH_INFO": "/log-ind", "REMOTE_ADDR": "10.0.0.1", **more}


def test_two_hundred_alike_are_answered_once() -> None:
    assert len(asked(WholeAnswer(413), *(request(REMOTE_ADDR=f"10.0.0.{number}") for number in range(200)))) == 1


@pytest.mark.parametrize("other", [{"PATH_INFO": "/en/sign-in"}, {"HTTP_HOST": "b"}, {"HTTP_ACCEPT_LANGUAGE": "en"}])
def test_another_request_gets_its_own(other: dict[str, str]) -> None:
    assert len(asked(WholeAnswer(413), request(), request(**other))) == 2


def test_another_status_gets_its_own() -> None:
    assert len(asked(WholeAnswer(413), request(413), request(408))) == 2


def test_who_has_a_cookie_is_answered_alone() -> None:
    assert len(asked(WholeAnswer(413), request(HTTP_COOKIE="a"), request(HTTP_COOKIE="a"))) == 3


def test_a_cookie_is_given_to_one() -> None:
    assert len(asked(WholeAnswer(413, [("Set-Cookie", "session=1")]), request(), request())) == 3


def test_that_there_was_no_thread_is_not_kept() -> None:
    assert len(asked(WholeAnswer(503), request(), request())) == 3


def test_that_there_is_no_place_for_a_body_is_said_once() -> None:
    assert len(asked(WholeAnswer(503), request(503), request(503))) == 1
