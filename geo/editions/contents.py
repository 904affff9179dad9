"""What an edition is made of before it is written: area sets, and what each audience may read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from geo.disclosure.protect import Protected
from geo.model.catalogue import Catalogue
from geo.model.results import AreaLayer, Breaks, InputFile, Judgement, Leftover, Overlap, Redraw


@dataclass(frozen=True)
class AudiencePart:
    """What one audience may read: its protected figures and what was concluded from them."""

    protected: Protected
    judgements: tuple[Judgement, ...]
    breaks: Mapping[str, Breaks]
    redraws: tuple[Redraw, ...] = ()


@dataclass(frozen=True)
class PublishedLayer:
    """An area set to publish: its description, and its geometry as GeoJSON (EPSG:4326, only the property `area_id`)."""

    about: AreaLayer
    geojson: bytes


@dataclass(frozen=True)
class Contents:
    """Everything that an edition is made of. `indexes` are files by name for looking up points; the web's pages work without them."""

    catalogue: Catalogue
    layers: Sequence[PublishedLayer]
    overlaps: Sequence[Overlap]
    parts: Sequence[AudiencePart]
    inputs: Sequence[InputFile]
    leftovers: Sequence[Leftover]
    indexes: Mapping[str, bytes] = field(default_factory=dict)
