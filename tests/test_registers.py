"""Registers counted by area, on the toy town's eight people in two half-years, counted by hand."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

import numpy as np
import pytest

from geo import boundaries, catalogue, joins, registers
from geo.errors import CrsError, InputError
from geo.model import RegisterMeasure
from geo.registers import Addresses, Counted, Membership
from tests import toytown

MEASURE = RegisterMeasure(register="people", where={"age_group": ("18-24", "25-64")}, having={"labour": ("uden",)})


def memberships(town: toytown.Workspace, where: Addresses) -> dict[str, Membership]:
    found = {}
    for name, area_set in boundaries.read(town.boundaries, toytown.kinds()).items():
        shapes = area_set.areas.geometry.to_numpy()
        address, area = joins.points_in_areas(where.x, where.y, shapes, partition=area_set.edition.partition)
        found[name] = Membership(area_set.areas["area_id"].tolist(), address, area)
    return found


def count(town: toytown.Workspace, **measures: RegisterMeasure) -> Counted:
    path = town.registers / "people.parquet"
    where = registers.addresses(path)
    return registers.count(path, where, memberships(town, where), measures or {"uden": MEASURE})


def cells(counted: Counted, area_set: str, period: str) -> dict[str, tuple[int, int]]:
    rows = counted.table[(counted.table["area_set"] == area_set) & (counted.table["period"] == period)]
    return {row.area_id: (row.numerator, row.denominator) for row in rows.itertuples()}


def test_addresses_are_distinct_and_sorted(tmp_path: Path) -> None:
    town = toytown.write(tmp_path / "w")
    where = registers.addresses(town.registers / "people.parquet")
    assert where.key.tolist() == [1, 2, 3, 4, 5, 6]
    assert where.x[:3].tolist() == [toytown.X + 100, toytown.X + 600, toytown.X + 1900]
    assert np.isnan(where.x).tolist() == [False] * 5 + [True]


def test_people_are_counted_by_area_and_period(tmp_path: Path) -> None:
    counted = count(toytown.write(tmp_path / "w"))
    # SW: addresses 1 (one of working age, outside) and 2 (one), and 4 on the line belongs to the lowest code; SE: two at address 3
    assert cells(counted, "square", "2007H1") == {"0101": (1, 3), "0102": (2, 2), "0103": (0, 0), "0104": (0, 0)}
    assert cells(counted, "square", "2007H2") == {"0101": (0, 3), "0102": (0, 2), "0103": (0, 0), "0104": (0, 0)}
    # the patch begins 500 m in: only address 2 lies in it
    assert cells(counted, "patch", "2007H1") == {"midt": (0, 1)}
    assert list(counted.table.columns) == list(registers.COUNTS)
    assert counted.table["numerator"].dtype == np.int64


def test_what_found_no_partner_is_counted_by_reason(tmp_path: Path) -> None:
    leftovers = count(toytown.write(tmp_path / "w")).leftovers
    found = {(left.area_set, left.side, left.names): left.count for left in leftovers}
    assert found == {
        ("", "row", ("no_coordinate",)): 2,
        ("square", "row", ("outside",)): 2,
        ("square", "area", ("0103", "0104")): 2,
        ("patch", "row", ("outside",)): 12,
    }


def test_a_measure_without_conditions_counts_everybody(tmp_path: Path) -> None:
    counted = count(toytown.write(tmp_path / "w"), alle=RegisterMeasure(register="people"))
    assert cells(counted, "square", "2007H1")["0101"] == (4, 4)


def test_a_misspelt_word_or_column_is_refused_and_not_counted_as_nobody(tmp_path: Path) -> None:
    town = toytown.write(tmp_path / "w")
    with pytest.raises(InputError, match=r"people.parquet, column labour: .*found 'udenn'"):
        count(town, uden=RegisterMeasure(register="people", having={"labour": ("udenn",)}))
    with pytest.raises(InputError, match="column income"):
        count(town, uden=RegisterMeasure(register="people", having={"income": ("low",)}))


def test_a_register_must_say_its_crs_and_have_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "r.parquet"
    toytown.write_register(path, crs="EPSG:4326")
    with pytest.raises(CrsError, match=r"r.parquet: .*found EPSG:4326; expected crs = EPSG:25832"):
        registers.addresses(path)
    path.write_bytes(b"not parquet")
    with pytest.raises(InputError, match=r"r.parquet: the register cannot be read"):
        registers.addresses(path)


def test_an_address_has_one_coordinate(tmp_path: Path) -> None:
    path = tmp_path / "r.parquet"
    moved = (*toytown.PEOPLE, (1, toytown.X + 200, toytown.Y + 100, "18-24", "uden"))
    toytown.write_register(path, people=moved)
    with pytest.raises(InputError, match="row 9, column x: an address with two coordinates; found address 1"):
        registers.addresses(path)


def test_the_order_of_rows_does_not_matter(tmp_path: Path) -> None:
    town = toytown.write(tmp_path / "w")
    before = count(town).table
    toytown.write_register(town.registers / "people.parquet", people=toytown.PEOPLE[::-1])
    assert count(town).table.equals(before)


def test_a_city_of_two_million_rows_takes_seconds(tmp_path: Path) -> None:
    demo = pytest.importorskip("geo.demo")
    here = Path(__file__).parent.parent
    kinds = [kind for kind in catalogue.kinds(here / "boundaries") if kind.id in {"kommune", "tryghedsdistrikt", "udsat_boligomraade"}]
    sets = boundaries.read(here / "boundaries", kinds)
    path = tmp_path / "registers" / "demo-register.parquet"
    demo.make_register(sets, path, retrieved=dt.date(2020, 1, 1))
    begin = time.perf_counter()
    where = registers.addresses(path)
    found = {}
    for name, area_set in sets.items():
        address, area = joins.points_in_areas(where.x, where.y, area_set.areas.geometry.to_numpy(), partition=area_set.edition.partition)
        found[name] = Membership(area_set.areas["area_id"].tolist(), address, area)
    counted = registers.count(path, where, found, {f"m{number}": MEASURE for number in range(12)})
    took = time.perf_counter() - begin
    assert counted.inputs[0].rows == 16 * demo.RESIDENTS
    city = counted.table.query("area_set == 'kommune' and indicator == 'm0'")
    outside = next(left.count for left in counted.leftovers if left.area_set == "kommune" and left.side == "row")
    assert len(city) == 16
    assert 0 < outside < 0.02 * counted.inputs[0].rows
    assert took < 15, f"{took:.1f} s"  # 2 s alone on two cores; the machine of a test may be busy
