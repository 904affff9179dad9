"""What an address of the API may ask for, and how a request is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from flask import request

from webmap.urls import DEMO

PARAMETERS: Final[Mapping[str, tuple[str, ...]]] = {
    "": (),
    "areas": ("area_set",),
    "indicators": (),
    "observations": ("indicator", "area_set", "period"),
    "modelled": ("indicator", "area_set", "period"),
    "goals": (),
    "barometer": ("policy",),
    "lists": ("list", "family", "published"),
    "sources": (),
    "efforts": (),
    "economy": (),
    "action_plans": (),
    "facilities": (),
    "cityindex": (),
    "discrimination": (),
    "breaks": ("indicator",),
    "trace": ("indicator", "area_set", "area_id", "period"),
}
"""Every resource and the parameters it takes, beside those of SHARED, which all take."""

SHARED: Final = ("edition", "lang", "audience", DEMO)


class ApiError(Exception):
    """A request that cannot be answered, in the one shape of docs/api.md."""

    def __init__(self, status: int, code: str, message: str, *, where: str = "", expected: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.where, self.expected = status, code, message, where, list(expected)


def known_only(names: Sequence[str]) -> None:
    """Raises ApiError for a parameter that is not among these names, and for one that is given twice."""
    for given in request.args:
        if given not in names:
            raise ApiError(400, "unknown_parameter", f"The parameter {given!r} is not known.", where=given, expected=names)
        if len(request.args.getlist(given)) > 1:
            raise ApiError(400, "repeated_parameter", f"The parameter {given!r} is given more than once.", where=given)


def one_of(parameter: str, values: Sequence[str]) -> str:
    """Value of a parameter, "" when it is not given. Raises ApiError for one that is not among `values`."""
    given = request.args.get(parameter, "")
    if given and given not in values:
        raise ApiError(400, "unknown_value", f"{given!r} is not a known {parameter}.", where=parameter, expected=values)
    return given


def needed(*names: str) -> dict[str, str]:
    """The values of parameters that cannot be left out. Raises ApiError when one is, naming all that are."""
    given = {name: request.args.get(name, "") for name in names}
    missing = [name for name, value in given.items() if not value]
    if missing:
        raise ApiError(400, "missing_parameter", f"The parameter {missing[0]!r} is needed.", where=missing[0], expected=missing)
    return given
