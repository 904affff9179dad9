"""`/livez`: whether a process answers at all. It waits for nothing, neither for an edition nor for other requests."""

from __future__ import annotations

from typing import Final

PATH: Final = "/livez"
ANSWER: Final = b'{"status":"alive"}\n'
HEADERS: Final = (("Content-Type", "application/json"), ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"))

INQUIRY: Final = "Omraadekort-Inquiry"
"""Header with whose word `serve` asks which of its processes answers; nobody else knows the word."""
WORKER: Final = "Omraadekort-Worker"
"""Header of the answer to it: the id of the process."""
