"""The safety index as a table, a row a district: a list for each effort, complete only where the table is the whole edition."""

from pathlib import Path

import pytest

from geo.errors import InputError
from geo.files import workspace
from geo.files.workspace import Workspace
from geo.inputs import catalogue
from geo.inputs.entries import taking
from geo.inputs.tables import needs
from geo.model.catalogue import ListEdition, Member
from geo.model.sources import Cite
from tests.records.policy import WORDS

ROOT = Path(__file__).parents[4]
FIXED = {
    "list_id": "indeks-2012", "family": "tryghedsindeks", "list_name_da": "Tryghedsindeks 2012", "list_name_en": "Safety index 2012",
    "published": "2012", "definition_da": "d", "definition_en": "e", "source": "kk-001", "criteria": "indeks-2010",
}  # fmt: skip
ROWS = "distrikt;kategori\n" + "".join(f"Distrikt {number};{'Markant indsats' if number < 3 else 'Ingen'}\n" for number in range(1, 6))


@pytest.fixture
def city(tmp_path: Path) -> Workspace:
    return workspace.create(tmp_path / "w", default=ROOT)


def take(city: Workspace, tmp_path: Path, text: str, **fixed: str) -> dict[str, ListEdition]:
    path = tmp_path / "indeks.csv"
    path.write_text(text.replace("distrikt;", "navn;"), encoding="utf-8")
    taking.take(city, "lists", path, fixed=FIXED | fixed)
    return {str(listed.need): listed for listed in catalogue.read(city.data, city.boundaries).lists if listed.published == "2012"}


def test_a_table_of_as_many_rows_as_there_are_districts_is_the_whole_edition(city: Workspace, tmp_path: Path) -> None:
    lists = take(city, tmp_path, ROWS, districts="5")
    assert {need: (listed.id, len(listed.members), listed.complete) for need, listed in lists.items()} == {
        "markant": ("indeks-2012-markant", 2, True),
        "intensiveret": ("indeks-2012-intensiveret", 0, True),
        "almindelig": ("indeks-2012-almindelig", 0, True),
        "ingen": ("indeks-2012-ingen", 3, True),
    }
    assert lists["intensiveret"].name.da == "Tryghedsindeks 2012: behov for intensiveret indsats"
    assert {listed.criteria for listed in lists.values()} == {"indeks-2010"}


@pytest.mark.parametrize("fixed", [{}, {"districts": "35"}])
def test_a_table_of_some_districts_says_nothing_of_the_others(city: Workspace, tmp_path: Path, fixed: dict[str, str]) -> None:
    lists = take(city, tmp_path, ROWS, **fixed)
    assert {need: listed.complete for need, listed in lists.items()} == {"markant": False, "ingen": False}


def test_what_cannot_be_is_refused_with_its_row(city: Workspace, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"row 2, column kategori: an unknown effort.*markant"):
        take(city, tmp_path, "distrikt;kategori\nDistrikt 1;stor\n")
    with pytest.raises(InputError, match="a district with two efforts"):
        take(city, tmp_path, "distrikt;kategori\nDistrikt 1;markant\nDistrikt 1;ingen\n")


def listed(id: str, *members: Member, **changes: object) -> ListEdition:
    plain = {"id": id, "family": "f", "published": "2012", "criteria": "k", "members": members, "complete": False}
    return ListEdition(**(plain | {"name": WORDS, "definition": WORDS, "cite": Cite(source="kk-001")} | changes))


@pytest.mark.parametrize(
    ("made", "what"),
    [
        (listed("a", Member(name="Gården"), Member(name="GÅRDEN ")), "a name that stands twice on a list"),
        (listed("a", Member(name="Gården"), Member(name="Gården", area_id="g")), "a name that stands twice on a list"),
        (listed("a", Member(name="Gården", area_id="g"), Member(name="Marken", area_id="g")), "an area that stands twice on a list"),
        (listed("a", Member(name="Gården"), Member(name="Marken"), count=1), "a list of other names than it is said to have"),
    ],
)
def test_a_list_on_which_an_area_stands_twice_has_no_number(made: ListEdition, what: str) -> None:
    (problem,) = needs.in_list(made, row=1, file="x")
    assert problem.what == what


def test_two_parts_of_one_area_may_stand_on_a_list() -> None:
    parts = (Member(name=f"Gården {side}", area_id="g", extent="part") for side in ("nord", "syd"))
    assert not list(needs.in_list(listed("a", *parts), row=1, file="x"))


def test_lists_of_one_publication_do_not_say_two_things_of_an_area() -> None:
    """A district is one by its name where one of the lists gives no code; and of two lists of a day nobody knows which one counts."""
    first, second = (
        listed("a", Member(name="Distrikt 1", area_id="d"), need="markant"),
        listed("b", Member(name="distrikt 1"), need="ingen"),
    )
    assert [problem.what for problem in needs.in_editions([first, second], file="x")] == ["a district with two efforts"]
    assert [problem.what for problem in needs.in_editions([listed("a"), listed("b")], file="x")] == ["two lists of one publication"]
    assert not list(needs.in_editions([listed("a"), listed("b", criteria="other")], file="x"))
