"""Who publishes the pages, what they are for, and where questions go, in words; without settings, that they are a demonstration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from geo.model.vocabulary import Text

_DEMONSTRATION: Final = Text(
    da="Områdekort er en demonstration og ikke Københavns Kommunes egen side.",
    en="Områdekort is a demonstration and not a site of the City of Copenhagen.",
)
_FROM: Final = Text(da="Områdekort udgives af {}.", en="Områdekort is published by {}.")
_PURPOSE: Final = Text(
    da="Her kan alle følge kommunens mål for integration og tryghed, område for område, og se, hvor sikre tallene er.",
    en="Here everybody can follow the city's goals for integration and safety, area by area, and see how sure the figures are.",
)
_CONTACT: Final = Text(da="Kontakt: {}", en="Contact: {}")
_NO_CONTACT: Final = Text(da="Der er ikke oplyst en kontakt.", en="No contact is given.")
_NO_CONTACT_OF_DEMONSTRATION: Final = Text(da="Demonstrationen har ingen kontaktadresse.", en="The demonstration has no contact address.")


@dataclass(frozen=True)
class Imprint:
    """Sentences that stand on the front page and at the foot of every page. statement: address of the accessibility statement, or ""."""

    name: str
    purpose: str
    contact: str
    statement: str


def imprint(named: str, contact: str, statement: str, *, language: str) -> Imprint:
    """Put into words who publishes the pages, by the settings of these names. What they say is text, to be escaped like all text."""
    silent = _NO_CONTACT if named else _NO_CONTACT_OF_DEMONSTRATION
    return Imprint(
        name=_FROM.in_(language).format(named) if named else _DEMONSTRATION.in_(language),
        purpose=_PURPOSE.in_(language),
        contact=_CONTACT.in_(language).format(contact) if contact else silent.in_(language),
        statement=statement,
    )
