"""The layers among the inputs that went wrong, where they lie beside the project: each is taken rightly, or refused with the mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.errors import GeoError
from geo.files import workspace
from geo.files.workspace import Workspace
from geo.inputs import intake
from geo.inputs.layers.profiles import LayerChoices

ROOT = Path(__file__).parents[3]
CASES = ROOT.parent / "shared" / "cases"
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="the shared cases are not beside the project")

TAKEN = {
    "02-shp-no-cpg-utf8/bydele.shp": "read as UTF-8",
    "06-shp-zipped/bydele.zip": "10 rows",
    "07-shp-truncated-names/kvarterer.shp": "67 rows",
    "25-shp-no-cpg-utf8-small-letters/bydele.shp": "read as UTF-8",
    "34-text-ids-1.0/bydel.geojson": "10 rows",
    "42-geojson-single-feature/kommune.geojson": "1 rows",
    "43-jsonlines/bydel.geojsonl": "10 rows",
    "44-topojson/bydel.json": "1 rows",
    "44-topojson/bydel.topojson": "1 rows",
    "52-old-vintage/bydele_2014.geojson": "its name says 2014",
    "71-new-codes-orphan/bydel.geojson": "none of its 10 codes is one of the edition before",
}
REFUSED = {
    "04-shp-wrong-cpg/bydele.shp": ".cpg",
    "08-shp-no-shx/bydele.shp": "no bydele.shx",
    "24-geojson-null-geometry/bydel.geojson": "--leave-out-empty",
    "31-kommunekode-101/kommune.geojson": "leading zeros",
    "36-code-with-slash-space/alm.geojson": "slug = true",
    "43-jsonlines/bydel.json": ".geojsonl",
    "48-gpkg-undefined-srs/bydel_srs0.gpkg": "metres in a layer whose CRS is in degrees",
    "48-gpkg-undefined-srs/bydel_srs99999.gpkg": "no coordinate reference system",
    "48-gpkg-undefined-srs/bydel_srs_minus1.gpkg": "cannot be turned into metres",
    "50-empty-layer/bydel.geojson": "a layer without features",
    "50-empty-layer/bydel.gpkg": "a layer without features",
    "60-area-set-option/bydel.gpkg": "boundaries/sets.toml",
    "63-geojson-arcgis-esrijson/bydel.json": "ESRI JSON",
}


@pytest.fixture
def fresh(tmp_path: Path) -> Workspace:
    return workspace.create(tmp_path / "var", default=ROOT)


@pytest.mark.parametrize(("case", "words"), TAKEN.items(), ids=list(TAKEN))
def test_a_layer_is_taken_rightly(fresh: Workspace, case: str, words: str) -> None:
    (made,) = intake.boundaries(fresh, [CASES / case], choices=LayerChoices(confirm="topojson" in case))  # one area of ten
    assert words in str(made)
    assert "Ã" not in (fresh.folder / made.path).read_text("utf-8")


@pytest.mark.parametrize(("case", "words"), REFUSED.items(), ids=list(REFUSED))
def test_a_layer_is_refused_with_the_mend(fresh: Workspace, case: str, words: str) -> None:
    with pytest.raises(GeoError) as caught:
        intake.boundaries(fresh, [CASES / case])
    assert words in str(caught.value)
