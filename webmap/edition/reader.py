"""Who a page is made for: the part of an edition that they read, and their language."""

from __future__ import annotations

from dataclasses import dataclass

from geo.editions.edition import Edition
from geo.model.vocabulary import Audience


@dataclass(frozen=True)
class Reader:
    """Somebody who reads one audience's part of an edition in one language: "da" or "en".

    Two readers are equal when they read the same object of an edition in the same language, so a reader can be the key of a cache.
    """

    edition: Edition
    language: str

    @property
    def audience(self) -> Audience:
        """The audience whose part of the edition is read. It belongs to the edition and cannot differ from it."""
        return self.edition.audience
