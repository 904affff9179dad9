"""What a goal is about and what it is judged by: said once, for the build and for the pages."""

from geo.model.catalogue import ListEdition, Member
from tests.records.policy import CITE, WORDS, catalogue, goal

LISTED = ListEdition(
    id="l", family="f", name=WORDS, published="2010", definition=WORDS, cite=CITE,
    members=(
        Member(name="a", area_set="s", area_id="1"),
        Member(name="b", area_set="another", area_id="2"),
        Member(name="c", area_set="s"),
    ),
)  # fmt: skip


def test_a_frozen_list_names_the_areas_of_the_goals_own_set() -> None:
    listed = goal(frozen_list="l", area_ids=("9",))
    assert catalogue(listed, lists=(LISTED,)).areas_of(listed) == ("1",)


def test_without_a_list_a_goal_names_its_areas_itself_or_none_for_all_of_its_set() -> None:
    named, every = goal(area_ids=("9",)), goal()
    assert catalogue(named, lists=(LISTED,)).areas_of(named) == ("9",)
    assert catalogue(every).areas_of(every) == ()


def test_the_real_measure_of_a_goal_comes_before_the_invented_ones() -> None:
    assert goal(demo_indicators=("x", "y")).indicators == ("i", "x", "y")
    assert goal(indicator=None).indicators == ()


def test_a_list_is_found_by_its_id() -> None:
    known = catalogue(goal(), lists=(LISTED,))
    assert known.list_edition("l") is LISTED
    assert known.list_edition("m") is None
