"""What kinds of efforts and the nine fields are called on pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from geo.model.vocabulary import Text

KINDS: Final[Mapping[str, Text]] = {
    "effort": Text(da="Indsats", en="Effort"),
    "project": Text(da="Projekt", en="Project"),
    "initiative": Text(da="Initiativ i hotspotprogrammet", en="Initiative of the hotspot programme"),
    "action": Text(da="Indsats i en handleplan", en="Action of a plan"),
}
DECISIONS: Final[Mapping[str, Text]] = {
    "anchored": Text(da="Forankret i driften", en="Goes on as ordinary work"),
    "ended": Text(da="Afsluttet", en="Ended"),
}
FIELDS: Final[Mapping[str, Text]] = {
    "title": Text(da="Navn på indsats", en="Name of the effort"),
    "economy": Text(da="Økonomi", en="Economy"),
    "origin": Text(da="Afsæt", en="What it rests on"),
    "target_group": Text(da="Målgruppe", en="Target group"),
    "activities": Text(da="Aktiviteter", en="Activities"),
    "aim": Text(da="Mål", en="Aim"),
    "contribution": Text(da="Bidrag til mål i integrationspolitikken", en="Contribution to the goals of the policy"),
    "follow_up": Text(da="Planlagt opfølgning", en="Planned follow-up"),
}
"""Eight of the nine fields of the status form, in its order; the ninth is the status."""
STATUS: Final = Text(da="Status i forhold til målet", en="Status against the aim")
UNSTATED: Final = Text(da="Står ikke i papirerne.", en="Not in the papers.")
MONEY: Final[Mapping[str, Text]] = {
    "financed": Text(da="Kommunens penge", en="The city's money"),
    "unfinanced": Text(da="Penge, der mangler", en="Money that is lacking"),
    "cofinanced": Text(da="Andres penge", en="Money of others"),
}
