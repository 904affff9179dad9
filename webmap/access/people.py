"""Who asks: roles, the person behind a request, and the part of an edition a role looks with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from geo.errors import InputError, Problem
from geo.model.vocabulary import Audience
from webmap.roles import GIVEN, Role

ROLE_OF_AUDIENCE: Final[Mapping[Audience, Role]] = {Audience.STAFF: Role.STAFF, Audience.SSP: Role.SSP}
"""The part of an edition that needs a role, and which."""


@dataclass(frozen=True)
class User:
    """A person who has signed in. `id` is `local:<name>` or `oidc:<subject>` and never shown to others; `name` is.

    department: the one they sign rounds of reviews and write status forms for, "" for none.
    """

    id: str
    name: str
    roles: frozenset[Role]
    department: str = ""


@dataclass(frozen=True)
class Presence:
    """A person who has signed in, with what they said when they did.

    audience: the part of an edition they look with, `public` until they have said for what purpose they look with another.
    """

    user: User
    audience: Audience = Audience.PUBLIC
    purpose: str = ""


def acting(presence: Presence | None) -> frozenset[Role]:
    """Roles in effect: a person with both roles who looks as ssp is not staff. All other rights go with any audience."""
    if presence is None:
        return frozenset({Role.PUBLIC})
    as_whom = {ROLE_OF_AUDIENCE[presence.audience]} if presence.audience in ROLE_OF_AUDIENCE else set()
    held = {*GIVEN} - {*ROLE_OF_AUDIENCE.values()} | as_whom
    return frozenset({Role.PUBLIC}) | (presence.user.roles & held)


def audiences(user: User) -> tuple[Audience, ...]:
    """The parts of an edition that a person may choose to look with, the public one last."""
    return (*(audience for audience, role in ROLE_OF_AUDIENCE.items() if role in user.roles), Audience.PUBLIC)


def written(held: frozenset[Role]) -> str:
    """Roles as the database keeps them: their names, sorted, with spaces between."""
    return " ".join(sorted(held))


def roles(names: Iterable[str]) -> frozenset[Role]:
    """Read names of roles. Raises InputError for one that cannot be given."""
    wanted = list(names)
    known = {role.value for role in GIVEN}
    problems = [Problem("role", "no such role", found=repr(name), expected=", ".join(GIVEN)) for name in wanted if name not in known]
    if problems:
        raise InputError(problems)
    return frozenset(Role(name) for name in wanted)
