"""Names to points: as people write them, by hand and by law; the file they are kept in; how fast it is with a whole city's addresses."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import InputError
from geo.spatial import gazetteer
from geo.spatial.gazetteer import Gazetteer, NamedPoint, find, plain
from tests.towns.placetown import SPOTS


@pytest.fixture(scope="module")
def town() -> Gazetteer:
    return gazetteer.read(gazetteer.build(SPOTS))


def first(town: Gazetteer, text: str) -> tuple[str, bool]:
    found = find(town, text)
    return (found[0].words, found[0].exact) if found else ("", False)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Østre Skrænt 45, 2200", "Østre Skrænt 45, 2200"),
        ("østre skrænt 45", "Østre Skrænt 45, 2200"),
        ("OESTRE SKRAENT 45", "Østre Skrænt 45, 2200"),
        ("ostre skraent 45, 2. tv, 2200 København N", "Østre Skrænt 45, 2200"),
        ("Østre Skrænt 45 b", "Østre Skrænt 45B, 2200"),
        ("Østre Skrænt 2a", "Østre Skrænt 2A, 2200"),
        ("østre skrænt 7", "Østre Skrænt 7, 2100"),  # the postcode that has the number
        ("Østre Skrænt, 2100", "Østre Skrænt 7, 2100"),
        ("Skt. Hans Torv", "Sankt Hans Torv"),
        ("Sankt Hans Torv 3", "Sankt Hans Torv"),
        ("aeroegade", "Ærøgade"),
        ("ÆRØGADE", "Ærøgade"),
    ],
)
def test_a_name_is_found_however_it_is_written(town: Gazetteer, text: str, words: str) -> None:
    assert first(town, text) == (words, True)


@pytest.mark.parametrize(
    ("text", "words"),
    [("østre sk", "Østre Skrænt, 2200"), ("hans t", "Sankt Hans Torv"), ("Sankt Hans Torf", "Sankt Hans Torv"), ("ærögde", "Ærøgade"),
     ("Østre Skrent 45", "Østre Skrænt 45, 2200")],
)  # fmt: skip
def test_a_name_half_written_or_misspelt_is_offered_but_not_taken_for_exact(town: Gazetteer, text: str, words: str) -> None:
    found = find(town, text)
    assert words in {one.words for one in found}
    assert not any(one.exact for one in found)


def test_the_beginning_of_a_word_is_no_abbreviation_of_another() -> None:
    town = gazetteer.read(
        gazetteer.build(
            [NamedPoint("Stærevej", "", "", "street", 1.0, 1.0, 9.0), NamedPoint("Sankt Hans Torv", "", "", "square", 1.0, 1.0)]
        )
    )
    assert [one.words for one in find(town, "st")] == ["Stærevej"]
    assert [one.words for one in find(town, "st. hans")] == ["Sankt Hans Torv"]


@pytest.mark.parametrize("text", ["", "   ", "?!", "2200", "x" * 5000, "45 2200", "\0", "💥", "zzzzzzzz"])
def test_what_names_nothing_finds_nothing(town: Gazetteer, text: str) -> None:
    assert find(town, text) == ()


def test_a_street_without_a_number_has_its_houses_in_the_order_of_the_street(town: Gazetteer) -> None:
    street = next(one for one in find(town, "Østre Skrænt") if one.points[0].postcode == "2200")
    assert [spot.number for spot in street.points] == ["1", "2", "2A", "10", "45", "45B"]
    assert (street.words, street.missing) == ("Østre Skrænt, 2200", "")


def test_a_house_that_is_not_there_is_said_and_not_replaced(town: Gazetteer) -> None:
    found = find(town, "Østre Skrænt 99, 2200")
    assert found[0].missing == "99"
    assert len(found[0].points) == 6


def test_a_street_whose_houses_are_known_has_no_point_in_its_middle() -> None:
    middle = NamedPoint("Østre Skrænt", "", "", "street", 1.0, 1.0, 500.0)
    assert gazetteer.build((*SPOTS, middle)) == gazetteer.build(SPOTS)


def test_the_order_of_the_rows_does_not_matter_to_the_bytes() -> None:
    assert gazetteer.build(SPOTS[::-1]) == gazetteer.build(SPOTS)


def test_nothing_in_gives_nothing_out() -> None:
    assert find(gazetteer.read(gazetteer.build(())), "Torv") == ()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", gazetteer.build(SPOTS)[:-40], b"x" * 500])
def test_what_is_no_list_is_told_apart(content: bytes) -> None:
    with pytest.raises(InputError, match="not a list of places"):
        gazetteer.read(content)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=40))
def test_plain_letters_are_plain_and_stay_so(text: str) -> None:
    assert plain(plain(text)) == plain(text)
    assert set(plain(text)) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ")


@given(st.text(max_size=120))
def test_no_question_breaks_a_search(text: str) -> None:
    town = gazetteer.read(gazetteer.build(SPOTS))
    assert len(find(town, text)) <= 8


@given(st.sampled_from(SPOTS))
def test_the_words_of_a_spot_find_it(spot: NamedPoint) -> None:
    found = find(gazetteer.read(gazetteer.build(SPOTS)), spot.words)
    assert found[0].points == (spot,)


def city() -> list[NamedPoint]:
    """Addresses as many as København has, on streets of made-up names."""
    chance = np.random.default_rng(2)
    letters = list("abdefghiklmnoprstuvyæøå")
    streets = {"".join(chance.choice(letters, chance.integers(4, 11))).capitalize() + ("gade", "vej")[place % 2] for place in range(2600)}
    return [
        NamedPoint(street, "2200", str(number), "address", 720_000.0 + place, 6_170_000.0 + number)
        for place, street in enumerate(sorted(streets))
        for number in range(1, 31)
    ]


def test_a_whole_city_is_searched_in_well_under_five_milliseconds() -> None:
    spots = city()
    town = gazetteer.read(gazetteer.build(spots))
    questions = [spots[place] for place in np.random.default_rng(3).integers(0, len(spots), 150)]
    took = []
    for number, spot in enumerate(questions):
        slip = spot.name[:3] + "x" + spot.name[4:]
        text = (spot.words, spot.name[:4], f"{slip} {spot.number}")[number % 3]
        start = time.perf_counter()
        found = find(town, text)
        took.append(time.perf_counter() - start)
        assert number % 3 or found[0].points == (spot,)
    assert np.median(took) < 0.005


@pytest.fixture(scope="module")
def quarters() -> Gazetteer:
    names = ("Vesterbrogade", "Østerbrogade", "Nørrebrogade", "Amagerbrogade", "Vesterbros Torv")
    return gazetteer.read(
        gazetteer.build([NamedPoint(name, "", "", "street", 724_000.0 + 100 * n, 6_176_000.0) for n, name in enumerate(names)])
    )


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Vesterbrogade", ["Vesterbrogade"]),
        ("Vesterbrogade 12", ["Vesterbrogade"]),
        ("Østerbrogade", ["Østerbrogade"]),
        ("Vesterbroggade", ["Vesterbrogade"]),  # a letter too many
        ("Vestebrogade", ["Vesterbrogade"]),  # one too few
        ("vestrebrog", ["Vesterbrogade", "Vesterbros Torv"]),  # two changed places, and not finished
        ("Nørrebro", ["Nørrebrogade"]),
    ],
)
def test_a_street_never_suggests_another_of_a_like_name(quarters: Gazetteer, text: str, names: list[str]) -> None:
    assert [match.points[0].name for match in find(quarters, text)] == names
