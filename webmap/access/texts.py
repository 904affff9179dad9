"""Words of access control: roles, parts, purposes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from geo.model.vocabulary import Audience, Text

AUDIENCE: Final[Mapping[Audience, Text]] = {
    Audience.STAFF: Text(da="Helhedsplanteamet", en="The housing-plan team"),
    Audience.SSP: Text(da="SSP", en="SSP"),
    Audience.PUBLIC: Text(da="Offentligheden", en="The public"),
}
"""Who one looks as."""

AUDIENCE_NOTE: Final[Mapping[Audience, Text]] = {
    Audience.STAFF: Text(da="tal til gennemgang af områder og planer", en="figures for the review of areas and plans"),
    Audience.SSP: Text(da="tal til kriminalitetsforebyggelse, ikke efterforskning", en="figures for crime prevention, not investigation"),
    Audience.PUBLIC: Text(da="det, alle kan se", en="what anyone can see"),
}

OTHER: Final = "andet"
"""The purpose that is said in the person's own words."""

PURPOSES: Final[Mapping[Audience, Mapping[str, Text]]] = {
    Audience.STAFF: {
        "gennemgang": Text(da="Halvårlig gennemgang", en="Half-yearly review"),
        "statusrapport": Text(da="Statusrapport", en="Status report"),
        "beslutning": Text(da="Oplæg til en beslutning", en="Paper for a decision"),
        "kontrol": Text(da="Kontrol af tallene", en="Checking the figures"),
    },
    Audience.SSP: {
        "indsats": Text(da="Planlægge en forebyggende indsats", en="Planning prevention"),
        "opfoelgning": Text(da="Følge op på en indsats", en="Following up on prevention"),
        "hotspot": Text(da="Tryghed omkring et hotspot", en="Safety around a hotspot"),
    },
}
"""What one may look for, beside `andet`. The log keeps the name of the purpose, not the words of a language."""
