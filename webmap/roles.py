"""What a person may be, and which of it can be given to somebody."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What a person may be; `public` is everybody, also who has not signed in."""

    PUBLIC = "public"
    STAFF = "staff"
    SSP = "ssp"
    DATA = "data"
    DEPARTMENT = "department"
    SECRETARIAT = "secretariat"  # pragma: allowlist secret
    ADMIN = "admin"


GIVEN: Final = (Role.STAFF, Role.SSP, Role.DATA, Role.DEPARTMENT, Role.SECRETARIAT, Role.ADMIN)
"""Roles that are given to a person; `public` needs no giving."""
