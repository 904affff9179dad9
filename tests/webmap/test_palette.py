"""The colours of the maps, as the style sheets have them: told apart by everybody, whatever colours they see.

Distances are CIEDE2000; the simulations are coloraide's of protanopia and deuteranopia (Vienot 1999) and tritanopia (Brettel 1997).
"""

from __future__ import annotations

import itertools
import re
from functools import lru_cache
from pathlib import Path

import pytest
from coloraide import Color

from webmap.edition.classes import CLASSES, DARK, LOOKS, class_look
from webmap.edition.compared import differences
from webmap.maps import against

STYLES = Path(__file__).parent.parent.parent / "webmap" / "static"
SEEN = ("", "protan", "deutan", "tritan")
TWO = ("mere", "mindre", "ens", "begge")
"""What two figures say together: surely up (or felt), surely down (or reported), noise, both."""
SIDES = (against.DARK, against.SAND, against.LIGHT)
"""What can be told of an area: the side that asks for effort, not told apart, the other side."""
GROUNDS = ("vand", "land", "tom", "hvid", "skjult")
"""What classes are seen beside: water, land, an area without a look, paper (also that of areas not measured), the ground of dots."""

CLASS_APART, GROUND_APART = 10.0, 8.0
"""Two colours of large areas side by side differ clearly from about 5; names, hatching and thin shapes need more."""


@lru_cache(maxsize=1)
def colours() -> dict[str, str]:
    """The colours of the style sheets by name, with `var()` looked up."""
    text = "".join((STYLES / name).read_text(encoding="utf-8") for name in ("omraadekort.css", "map.css", "pair.css"))
    named = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,8}|var\(--[\w-]+\))", text))
    ground = re.search(r"\.pattern-base\.skjult[^{]*\{ fill: (#[0-9a-f]+)", text)
    assert ground
    named["skjult"] = ground[1]
    while any(value.startswith("var") for value in named.values()):
        named = {name: named[value[6:-1]] if value.startswith("var") else value for name, value in named.items()}
    return named


def apart(one: str, other: str, *, seen: str) -> float:
    """CIEDE2000 between two colours as somebody sees them."""
    pair = [Color(colour).filter(seen) if seen else Color(colour) for colour in (one, other)]
    return float(pair[0].delta_e(pair[1], method="2000"))


@pytest.mark.parametrize("seen", SEEN)
@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(CLASSES, 2)))
def test_classes_are_told_apart(one: str, other: str, seen: str) -> None:
    assert apart(colours()[one], colours()[other], seen=seen) >= CLASS_APART


@pytest.mark.parametrize("seen", SEEN)
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("name", CLASSES)
def test_a_class_is_told_from_water_land_paper_and_what_is_hidden(name: str, ground: str, seen: str) -> None:
    assert apart(colours()[name], colours()[ground], seen=seen) >= GROUND_APART


@pytest.mark.parametrize("seen", SEEN)
@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(TWO, 2)))
def test_what_two_figures_say_is_told_apart(one: str, other: str, seen: str) -> None:
    assert apart(colours()[one], colours()[other], seen=seen) >= CLASS_APART


@pytest.mark.parametrize("seen", SEEN)
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("name", TWO)
def test_what_two_figures_say_is_told_from_its_ground(name: str, ground: str, seen: str) -> None:
    assert apart(colours()[name], colours()[ground], seen=seen) >= GROUND_APART


@pytest.mark.parametrize("seen", SEEN)
@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(SIDES, 2)))
def test_what_can_be_told_is_told_apart(one: str, other: str, seen: str) -> None:
    assert apart(colours()[one], colours()[other], seen=seen) >= CLASS_APART


@pytest.mark.parametrize("seen", SEEN)
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("name", SIDES)
def test_what_can_be_told_is_told_from_its_ground(name: str, ground: str, seen: str) -> None:
    assert apart(colours()[name], colours()[ground], seen=seen) >= GROUND_APART


def test_a_grey_print_keeps_what_can_be_told() -> None:
    light = sorted(Color(colours()[name]).convert("lab")["lightness"] for name in SIDES)
    assert all(b - a >= 10 for a, b in itertools.pairwise(light))


def test_neither_way_is_red_or_green() -> None:
    hues = {name: Color(colours()[name]).convert("oklch")["hue"] for name in ("mere", "mindre")}
    assert all(not 0 <= hue <= 45 and not 110 <= hue <= 180 for hue in hues.values())


@pytest.mark.parametrize("seen", SEEN)
def test_parks_are_quiet_and_no_class(seen: str) -> None:
    """A breath of green: every area on a park has a border of its own, so its colour need not be as far from the park as from the land."""
    assert min(apart(colours()[name], colours()["park"], seen=seen) for name in (*CLASSES, "ens")) >= 5.0
    assert min(apart(colours()[ground], colours()["park"], seen=seen) for ground in ("tom", "vand")) >= 3.0


@pytest.mark.parametrize("seen", SEEN)
def test_water_is_told_from_land(seen: str) -> None:
    assert min(apart(colours()["vand"], colours()[land], seen=seen) for land in ("land", "tom")) >= GROUND_APART


def test_classes_go_from_light_to_dark_in_steps_that_a_grey_print_keeps() -> None:
    light = [Color(colours()[name]).convert("lab")["lightness"] for name in CLASSES]
    assert all(a - b >= 10 for a, b in itertools.pairwise(light))
    assert all(Color(colours()[a]).contrast(Color(colours()[b])) >= 1.45 for a, b in itertools.pairwise(CLASSES))


def test_borders_are_seen_between_areas_of_one_class() -> None:
    assert min(Color(colours()[name]).contrast(Color(colours()["hvid"])) for name in CLASSES) >= 1.5


def test_outlines_of_areas_without_a_class_are_seen_on_the_map() -> None:
    text = (STYLES / "map.css").read_text(encoding="utf-8")
    outline = re.search(r"\.spread \.omraade \{ stroke: (#[0-9a-f]+)", text)
    assert outline
    assert min(Color(outline[1]).contrast(Color(colours()[name])) for name in ("tom", "vand", "k1", "hvid")) >= 3


def test_dots_and_crosses_are_seen_on_their_ground() -> None:
    assert Color(colours()["prik"]).contrast(Color(colours()["skjult"])) >= 3


def test_hatching_is_seen_on_every_class() -> None:
    lines = {name: colours()["hvid" if name in DARK else "k4"] for name in CLASSES}
    assert min(Color(colours()[name]).contrast(Color(line)) for name, line in lines.items()) >= 2


def test_the_check_would_have_caught_the_palette_we_had() -> None:
    """The lightest class of the first version could not be told from the water by a tritanope."""
    assert apart("#dbe8e6", "#dbe7ea", seen="tritan") < 1


def sheets() -> str:
    return "".join(path.read_text(encoding="utf-8") for path in sorted(STYLES.glob("*.css")))


def test_the_style_sheets_have_exactly_the_classes_that_the_program_gives() -> None:
    text = sheets()
    assert set(re.findall(r"\.(k\d+)\b", text)) == set(CLASSES)
    assert set(re.findall(r"--(k\d+)\s*:", text)) == set(CLASSES)
    assert dict(re.findall(r"\.(k\d+) \{ fill: var\(--(k\d+)\)", text)) == {name: name for name in CLASSES}
    for size, before in (("", ""), ("mini-", r"\.mini ")):
        hatched = re.findall(rf"{before}\.omraade\.(k\d+)\.usikker \{{ fill: url\(#{size}skravering-(k\d+)\)", text)
        assert set(hatched) >= {(name, name) for name in CLASSES}
        assert all(name == pattern for name, pattern in hatched)


@pytest.mark.parametrize("look", sorted({*LOOKS, *against.LOOKS, *differences.CHANGE_LOOKS, *differences.GAP_LOOKS} - {"ukendt"}))
def test_every_look_that_an_area_can_have_stands_in_a_style_sheet(look: str) -> None:
    """But that of an unknown interval, which looks as its class does and is said in words."""
    assert re.search(rf"\.{look}\b[^{{}}]*\{{[^}}]*fill:", sheets())


def test_no_script_and_no_template_names_a_class_by_itself() -> None:
    for path in (*STYLES.glob("*.js"), *(STYLES.parent / "templates").rglob("*.html")):
        assert not re.findall(r"\bk[1-9]\b", path.read_text(encoding="utf-8")), path


def test_few_classes_are_spread_over_the_whole_scale() -> None:
    scales = {n: tuple(class_look(number, n) for number in range(n)) for n in range(1, 6)}
    assert scales == {1: ("k3",), 2: ("k1", "k5"), 3: ("k1", "k3", "k5"), 4: ("k1", "k2", "k4", "k5"), 5: CLASSES}
