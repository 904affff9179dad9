"""The web town with a trend around its hidden figure, and how what is served of it is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.editions.edition import Edition
from geo.editions.seen import Finding
from geo.model.vocabulary import Audience
from omraadekort.exposure.stranger import AudienceReading, read_as_stranger
from tests.towns import webtown
from tests.towns.maptown import ROWS, absent, observation
from webmap.settings import Settings

HIDDEN = ("tryg", "square", "0103", "2010")
SHOWN = [
    observation(area_id="0103", period="2009", value=60.0, low=52.0, high=67.0),
    observation(area_id="0103", period="2012", value=64.0, low=56.0, high=71.0),
    observation(area_id="0104", period="2009", value=55.0, low=50.0, high=60.0),
    absent(area_id="0104", period="2012", status="missing", reason="no_row"),
    *(
        observation(area_id=area, period=period, value=85.0, low=80.0, high=89.0)
        for area in ("0101", "0102")
        for period in ("2009", "2012")
    ),
]
"""So that the area whose figure of 2010 is hidden has a trend around it."""


@pytest.fixture
def web(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Edition:
    monkeypatch.setattr(webtown, "ROWS", [*ROWS, *SHOWN])
    return webtown.publish(tmp_path / "editions")


def settings(read: Edition) -> Settings:
    return Settings(workspace=read.folder.parent.parent)


def reading(read: Edition, *pages: str, audience: Audience = Audience.PUBLIC) -> AudienceReading:
    return read_as_stranger(settings(read), read.id, audience, pages=pages)


def leaks(found: AudienceReading) -> list[Finding]:
    """Findings about the hidden figure."""
    indicator, area_set, area_id, period = HIDDEN
    here = (indicator, period, f"{area_set}/{area_id}")
    return [each for each in found.findings if (each.indicator, each.period, each.area) == here and "hidden" in each.what]
