"""The tables and lists of addresses in ../shared/cases that went wrong: each is read as its owner means it, or refused in words."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from geo.errors import InputError
from geo.files import workspace
from geo.files.workspace import Workspace
from geo.inputs import addresses, catalogue, observations, places
from geo.inputs.tables import areanames, taking

ROOT = Path(__file__).parents[4]
CASES = next((folder for above in (ROOT.parent, ROOT.parent.parent) if (folder := above / "shared" / "cases").is_dir()), ROOT / "none")
DAY = dt.date(2026, 11, 27)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CASES.is_dir(), reason="needs the cases in ../shared/cases beside the project"),
]


@pytest.fixture
def fresh(tmp_path: Path) -> Workspace:
    return workspace.create(tmp_path / "w", default=ROOT)


@pytest.mark.parametrize(
    ("case", "values"),
    [
        ("o01-danish-excel-semicolon/tryghed_2027.csv", [88.5]),
        ("o24-empty-trailing/tryghed_2027.csv", [88]),
        ("o24-empty-trailing/trail.csv", [88, 88]),
        ("o25-column-order/tryghed_2027.csv", [88]),
        ("o25-column-order/short.csv", [88]),
        ("o26-spaces/tryghed_2027.csv", [88.5, 88]),
        ("o26-spaces/head.csv", [88]),
        ("o26-spaces/cap.csv", [88]),
        ("o35-tab/tryghed_2027.csv", [88]),
        ("o39-rounding-half/tryghed_2027.csv", [88.5, 87.5, 86.5]),
    ],
)
def test_figures_that_are_read(fresh: Workspace, case: str, values: list[float]) -> None:
    (imported,) = taking.take(fresh, [CASES / case], retrieved=DAY)
    known = catalogue.read(fresh.data, fresh.boundaries)
    table = observations.read(fresh.data, known, areanames.read(fresh.boundaries, known.area_sets).codes).table
    assert table.loc[table["file"] == imported.path].sort_values("row", key=lambda row: row.astype(int))["value"].tolist() == values


def test_a_figure_that_the_source_hides(fresh: Workspace) -> None:
    (imported,) = taking.take(fresh, [CASES / "o33-hidden-by-source" / "tryghed_2027.csv"], retrieved=DAY)
    assert "hidden_by_source" in (fresh.folder / imported.path).read_text("utf-8")


@pytest.mark.parametrize(
    ("case", "column", "words"),
    [
        ("o04-thousands-point-n/tryghed_2027.csv", "n", "not whole"),
        ("o06-thousands-point-num-den/tryghed_2027.csv", "numerator", "not whole"),
        ("o07-value-not-num-over-den/tryghed_2027.csv", "value", "counts do not make"),
        ("o08-fraction-as-percent/tryghed_2027.csv", "value", "fractions of 1"),
        ("o10-missing-marks/tryghed_2027.csv", "value", "a mark in place of a number"),
        ("o13-superscript-digits/tryghed_2027.csv", "value", "not a number"),
        ("o13-superscript-digits/fullwidth.csv", "value", "not a number"),
        ("o13-superscript-digits/fwperiod.csv", "period", "cannot be read"),
        ("o19-statbank-export/statbank.csv", "", "import table statbank.csv"),
        ("o19-statbank-export/statbank_utf8.csv", "", "import table statbank_utf8.csv"),
        ("o20-statbank-api/FOLK1A.csv", "", "import table FOLK1A.csv"),
        ("o37-year-typo/tryghed_2027.csv", "period", "far in the future"),
        ("o38-outlier/tryghed_2027.csv", "value", "many times larger or smaller"),
        ("o40-bydel-1.0/tryghed_2027.csv", "area_id", 'did you mean "1"?'),
        ("o41-mixed-case-id/tryghed_2027.csv", "area_id", 'did you mean "valby"?'),
        ("a20-name-without-latin/—.csv", "", "a name without letters"),
    ],
)
def test_figures_that_are_refused(fresh: Workspace, case: str, column: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        taking.take(fresh, [CASES / case], retrieved=DAY)
    (first, *_) = caught.value.problems
    assert (first.file, first.column) == (Path(case).name, column)
    assert words in str(first)
    assert first.expected


@pytest.mark.parametrize(
    ("case", "houses"),
    [
        ("a06-leading-zero-found/adgangsadresser.csv", {"12B", "7"}),
        ("a08-xy-metres/adgangsadresser.csv", {"1"}),
        ("a10-dar-datafordeler/Husnummer.csv", {"1"}),
        ("a16-xlsx/adresser.xlsx", {"1"}),
        ("a18-footer/adgangsadresser.csv", {"1"}),
    ],
)
def test_addresses_that_are_read(fresh: Workspace, case: str, houses: set[str]) -> None:
    addresses.take(fresh, CASES / case, retrieved=DAY)
    assert {point.number for point in places.read(fresh.data).points if point.kind == "address"} == houses


def test_two_lists_of_one_day(fresh: Workspace) -> None:
    for name in ("koebenhavn.csv", "frederiksberg.csv"):
        addresses.take(fresh, CASES / "a19-two-lists-one-day" / name, retrieved=DAY)
    assert len([point for point in places.read(fresh.data).points if point.kind == "address"]) == 2


@pytest.mark.parametrize(
    ("case", "words"),
    [("a03-dup-different-points/adgangsadresser.csv", "two points"), ("a05-house-numbers/h.csv", "a house number such as")],
)
def test_addresses_that_are_refused(fresh: Workspace, case: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        addresses.take(fresh, CASES / case, retrieved=DAY)
