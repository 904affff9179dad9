"""Labels of what others count or score for the city as a whole. `Type.field`: Danish, English, and help in both."""

from __future__ import annotations

from typing import Final

from geo.model.reported.discrimination import GROUNDS, PLACES

_FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "IndexDimension.id": (
        "Kode",
        "Code",
        "Kort, uden mellemrum, for eksempel nyankomne.",
        "Short, without spaces, for example nyankomne.",
    ),
    "IndexDimension.name": ("Navn", "Name"),
    "IndexDimension.text": ("Hvad der måles", "What is measured"),
    "IndexDimension.low": ("Skalaen begynder ved", "The scale begins at", "For eksempel 0.", "For example 0."),
    "IndexDimension.high": ("Skalaen slutter ved", "The scale ends at", "For eksempel 100.", "For example 100."),
    "IndexDimension.cite": ("Kilde", "Source"),
    "IndexDimension.note": ("Bemærkning", "Note"),
    "CityScore.id": ("Kode", "Code", "For eksempel kobenhavn-2011.", "For example kobenhavn-2011."),
    "CityScore.city": ("By", "City", "En by skrives ens hvert år.", "A city is written alike every year."),
    "CityScore.year": ("År", "Year"),
    "CityScore.values": (
        "Værdier",
        "Values",
        "En dimension på hver linje. Lad dimensioner uden en værdi være væk.",
        "A dimension a line. Leave out dimensions without a value.",
    ),
    "CityScore.values.key": ("Dimension", "Dimension"),
    "CityScore.values.value": ("Værdi på skalaen", "Value on the scale"),
    "CityScore.cite": ("Kilde", "Source"),
    "CityScore.note": ("Bemærkning", "Note"),
    "CaseYear.id": ("Kode", "Code", "For eksempel hjemmeside-2009.", "For example hjemmeside-2009."),
    "CaseYear.measure": ("Hvad der er talt", "What is counted"),
    "CaseYear.measure=website": ("registreret på kommunens hjemmeside", "registered on the city's website"),
    "CaseYear.measure=ombudsman": ("sager hos borgerrådgiveren", "cases at the ombudsman"),
    "CaseYear.year": ("År", "Year"),
    "CaseYear.total": (
        "Antal i alt",
        "Number in all",
        "Skriv det rigtige antal; små antal skjules, før andre ser dem.",
        "Write the true number; small ones are hidden before anybody else sees them.",
    ),
    "CaseYear.grounds": (
        "Efter grund",
        "By ground",
        "Hver sag én gang. Lad listen være tom, hvis sagerne ikke er delt op.",
        "Every case once. Leave the list empty if the cases are not divided.",
    ),
    "CaseYear.grounds.key": ("Grund", "Ground"),
    "CaseYear.grounds.value": ("Antal", "Number"),
    "CaseYear.places": (
        "Efter sted",
        "By place",
        "Hver sag én gang. Lad listen være tom, hvis sagerne ikke er delt op.",
        "Every case once. Leave the list empty if the cases are not divided.",
    ),
    "CaseYear.places.key": ("Sted", "Place"),
    "CaseYear.places.value": ("Antal", "Number"),
    "CaseYear.cite": ("Kilde", "Source"),
    "CaseYear.note": (
        "Bemærkning",
        "Note",
        "Skriv ingen antal her: den vises, som den er.",
        "Write no numbers here: it is shown as it is.",
    ),
}
LABELS: Final[dict[str, tuple[str, ...]]] = (
    _FIELDS
    | {f"CaseYear.grounds.key={ground}": (said.da, said.en) for ground, said in GROUNDS.items()}
    | {f"CaseYear.places.key={kind}": (said.da, said.en) for kind, said in PLACES.items()}
)
