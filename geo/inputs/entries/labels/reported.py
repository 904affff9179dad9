"""Labels of what others count or score for the city as a whole. `Type.field`: Danish, English, and help in both."""

from __future__ import annotations

from typing import Final

LABELS: Final[dict[str, tuple[str, ...]]] = {
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
}
