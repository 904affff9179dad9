"""Goals that are answered from lists, worked out by hand: by names, never by a number, and never across other criteria."""

import msgspec
import pytest

from geo.conclusions import listed, membership
from geo.model.catalogue import ListEdition, Member, Need
from geo.model.goals import Baseline, ByLists, Goal, Target
from geo.model.results import Judgement
from geo.model.vocabulary import Reason, Verdict
from tests.records.policy import CITE, WORDS, goal
from tests.records.single import indicator

NO_NEW = Target(id="new", name=WORDS, unit="no_newcomers")
HALF = Target(id="half", name=WORDS, unit="percent", value=-50.0)
FIVE = "abcde"


def edition(published: str, names: str, **changes: object) -> ListEdition:
    members = tuple(Member(name=name.upper(), area_id=name) for name in names)
    plain = {"id": f"l-{published}", "family": "f", "published": published, "criteria": "old", "members": members}
    return ListEdition(**({"name": WORDS, "definition": WORDS, "cite": CITE} | plain | changes))


def asked(**changes: object) -> Goal:
    plain = {"direction": "down", "targets": (NO_NEW,), "baseline": Baseline(value=5, period="2010"), "by_lists": ByLists(family="f")}
    return goal(**(plain | changes))


def judged(*lists: ListEdition, of: Goal | None = None) -> Judgement:
    (judgement,) = listed.judge(of or asked(), indicator(), lists)
    return judgement


def test_three_newcomers_among_five_are_a_no_though_the_number_is_the_same() -> None:
    judgement = judged(edition("2010", FIVE), edition("2014", "abxyz"))
    assert (judgement.verdict, judgement.reason) == (Verdict.NOT_REACHED, None)
    assert judgement.newcomers == ("X", "Y", "Z")
    assert (judgement.baseline, judgement.latest) == (5, 5)


def test_two_of_the_same_five_are_a_yes() -> None:
    judgement = judged(edition("2010", FIVE), edition("2014", "ab"))
    assert (judgement.verdict, judgement.newcomers, judgement.compared_until) == (Verdict.REACHED, (), "2014")
    assert [(step.period, step.value) for step in judgement.course] == [("2010", 5), ("2014", 2)]


def test_yes_and_no_are_words_of_the_deadline() -> None:
    assert judged(edition("2010", FIVE), edition("2012", "ab")).verdict == Verdict.ON_TRACK
    assert judged(edition("2010", FIVE), edition("2012", "abx")).verdict == Verdict.OFF_TRACK
    assert judged(edition("2010", FIVE), edition("2012", "ab"), edition("2015", "xyz")).verdict == Verdict.ON_TRACK


def test_who_came_and_left_again_was_new() -> None:
    judgement = judged(edition("2010", FIVE), edition("2012", "abx"), edition("2014", "ab"))
    assert (judgement.verdict, judgement.newcomers) == (Verdict.NOT_REACHED, ("X",))


def test_nothing_is_told_across_other_criteria() -> None:
    judgement = judged(edition("2010", FIVE), edition("2011", "ab"), edition("2014", "xyz", criteria="new"))
    assert (judgement.verdict, judgement.reason) == (Verdict.BREAK, Reason.DEFINITION_BREAK)
    assert (judgement.newcomers, judgement.compared_until) == ((), "2011")


def test_a_newcomer_before_the_break_stays_one() -> None:
    judgement = judged(edition("2010", FIVE), edition("2011", "abx"), edition("2014", "a", criteria="new"))
    assert (judgement.verdict, judgement.newcomers) == (Verdict.NOT_REACHED, ("X",))


@pytest.mark.parametrize("which", [0, 1])
def test_criteria_that_nobody_tells_are_the_same_as_none(which: int) -> None:
    lists = [edition("2010", FIVE), edition("2014", "ab")]
    lists[which] = msgspec.structs.replace(lists[which], criteria="")
    assert (judged(*lists).verdict, judged(*lists).reason) == (Verdict.UNDECIDED, Reason.CRITERIA_UNKNOWN)


@pytest.mark.parametrize(
    "lists",
    [
        (edition("2010", "", complete=False, count=5), edition("2014", "ab")),
        (edition("2010", FIVE), edition("2014", "", complete=False, count=2)),
        (edition("2010", FIVE), edition("2014", "ab", complete=False)),
        (edition("2010", FIVE), edition("2012", "", complete=False), edition("2014", "ab")),
    ],
)
def test_names_that_are_not_known_decide_nothing(lists: tuple[ListEdition, ...]) -> None:
    judgement = judged(*lists)
    assert (judgement.verdict, judgement.reason) == (Verdict.UNDECIDED, Reason.NAMES_UNKNOWN)


def test_a_number_says_nothing_of_names() -> None:
    """Ten where there were five must hold five new ones at least; but the number was typed, and no name is known."""
    assert judged(edition("2010", FIVE), edition("2014", "", complete=False, count=10)).verdict == Verdict.UNDECIDED


def test_a_name_that_is_known_to_be_new_is_new_on_a_list_of_which_more_is_unknown() -> None:
    assert judged(edition("2010", FIVE), edition("2014", "x", complete=False)).newcomers == ("X",)


def test_an_area_is_known_by_its_code_and_by_its_name_without_one() -> None:
    renamed = edition("2014", "", members=(Member(name="A/Æ", area_id="a"), Member(name="Et  Sted")))
    before = edition("2010", "", members=(Member(name="A", area_id="a"), Member(name="et sted")))
    assert judged(before, renamed).verdict == Verdict.REACHED
    unnumbered = edition("2014", "", members=(Member(name="a"),))
    assert judged(before, unnumbered).verdict == Verdict.REACHED
    assert judged(
        unnumbered, msgspec.structs.replace(before, published="2015"), of=asked(baseline=Baseline(period="2014"), deadline=None)
    ).newcomers == ("et sted",)
    assert judged(before, edition("2014", "", members=(Member(name="B", area_set="other", area_id="a"),))).newcomers == ("B",)


def test_an_empty_list_is_a_list() -> None:
    judgement = judged(edition("2010", FIVE), edition("2014", ""))
    assert (judgement.verdict, judgement.latest) == (Verdict.REACHED, 0)


def test_without_a_first_or_a_later_list_nothing_is_decided() -> None:
    assert judged(edition("2014", "ab")).reason == Reason.NO_BASELINE
    assert judged(edition("2010", "ab")).reason == Reason.NO_LATEST
    assert judged(edition("2010", "ab"), edition("2014", "ab", family="g")).reason == Reason.NO_LATEST


def test_the_order_in_which_lists_are_written_does_not_matter() -> None:
    lists = [edition("2010", FIVE), edition("2012", "abx"), edition("2014", "ab")]
    assert msgspec.json.encode(judged(*lists)) == msgspec.json.encode(judged(*reversed(lists)))


# --- how many: the safety index -----------------------------------------------------------------------------------------


def index(year: str, *, marked: str, intensified: str | None, **changes: object) -> list[ListEdition]:
    of: dict[Need, str | None] = {"markant": marked, "intensiveret": intensified}
    return [
        edition(year, names, id=f"i-{year}-{need}", need=need, **changes) for need, names in of.items() if names is not None
    ]  # fmt: skip


HALVED = asked(targets=(HALF,), by_lists=ByLists(family="f", needs=("markant", "intensiveret")), baseline=Baseline(period="2010"))


@pytest.mark.parametrize(("marked", "verdict"), [("a", Verdict.REACHED), ("ab", Verdict.REACHED), ("abc", Verdict.NOT_REACHED)])
def test_half_as_many_districts_are_counted_on_both_lists(marked: str, verdict: Verdict) -> None:
    judgement = judged(*index("2010", marked="abcd", intensified="ef"), *index("2014", marked=marked, intensified="x"), of=HALVED)
    assert (judgement.verdict, judgement.baseline, judgement.latest) == (verdict, 6, len(marked) + 1)
    assert judgement.target_value == 3


def test_before_the_deadline_half_as_many_are_asked_for_by_a_straight_line() -> None:
    judgement = judged(*index("2010", marked="abcd", intensified="ef"), *index("2012", marked="abcd", intensified=""), of=HALVED)
    assert (judgement.verdict, judgement.required) == (Verdict.ON_TRACK, pytest.approx(4.5, abs=0.01))


def test_an_effort_without_a_list_is_not_an_effort_without_districts() -> None:
    judgement = judged(*index("2010", marked="abcd", intensified=None), *index("2014", marked="a", intensified=""), of=HALVED)
    assert (judgement.verdict, judgement.reason, judgement.baseline) == (Verdict.UNDECIDED, Reason.NAMES_UNKNOWN, None)


def test_other_limits_between_the_efforts_break_the_series() -> None:
    editions = [*index("2010", marked="abcd", intensified="ef"), *index("2014", marked="", intensified="", criteria="new")]
    assert judged(*editions, of=HALVED).verdict == Verdict.BREAK
    unsaid = [*index("2010", marked="abcd", intensified="ef"), *index("2014", marked="", intensified="", criteria="")]
    assert judged(*unsaid, of=HALVED).reason == Reason.CRITERIA_UNKNOWN


# --- what came and went -------------------------------------------------------------------------------------------------


def test_what_came_and_went_is_told_by_name_and_what_is_unknown_is_not() -> None:
    before, now = (membership.state([edition(*each)]) for each in (("2010", "cab"), ("2011", "bd")))
    moved = membership.moved(before, now)
    assert [[member.name for member in part or ()] for part in (moved.came, moved.went, moved.stayed)] == [["D"], ["A", "C"], ["B"]]
    assert moved.reason is None
    unknown = membership.moved(membership.state([edition("2010", "ca", complete=False)]), now)
    assert (unknown.came, [member.name for member in unknown.went or ()], unknown.reason) == (None, ["A", "C"], Reason.NAMES_UNKNOWN)
    other = membership.moved(before, membership.state([edition("2011", "b", criteria="new")]))
    assert other.reason == Reason.DEFINITION_BREAK


def members(*named: tuple[str, str | None], area_set: str = "udsat_boligomraade") -> tuple[Member, ...]:
    return tuple(Member(name=name, area_set=area_set, area_id=code) for name, code in named)


@pytest.mark.parametrize("name", ["Ga\N{COMBINING RING ABOVE}rden", "GÅRDEN", "Gå\N{SOFT HYPHEN}rden", "\N{ZERO WIDTH SPACE}Gården "])
def test_a_name_that_is_written_with_other_signs_is_no_newcomer(name: str) -> None:
    first = edition("2010", "", members=members(("Gården", None)))
    assert judged(first, edition("2014", "", members=members((name, None)))).verdict == Verdict.REACHED


def test_codes_of_two_area_sets_say_nothing_of_each_other_so_the_name_does() -> None:
    first = edition("2010", "", members=members(("Gården", "g")))
    again = edition("2014", "", members=members(("Gården", "1"), area_set="bydel"))
    assert judged(first, again).verdict == Verdict.REACHED
    other = edition("2014", "", members=members(("Marken", "g"), area_set="bydel"))
    assert judged(first, other).newcomers == ("Marken",)


def test_of_two_lists_of_the_first_day_the_goal_names_its_own_or_there_is_no_beginning() -> None:
    old, new = edition("2010", "abx", id="a"), edition("2010", FIVE, id="b", criteria="new")
    later = edition("2014", "ab", criteria="new")
    assert judged(old, new, later, of=asked(frozen_list="b")).verdict == Verdict.REACHED
    assert judged(old, new, later, of=asked(frozen_list="a")).verdict == Verdict.BREAK
    assert judged(old, new, later).reason == Reason.NO_BASELINE


def districts(published: str, **named: str) -> list[ListEdition]:
    """An edition of the index: a list for each effort, with districts of one letter."""
    needs: tuple[Need, ...] = ("markant", "intensiveret", "almindelig", "ingen")
    return [edition(published, named.get(need, ""), id=f"{published}-{need}", need=need) for need in needs]


def test_a_district_that_the_last_edition_leaves_out_may_need_an_effort() -> None:
    """Of four, two are half, and where a third is nowhere nobody knows; where even all that are nowhere are few enough it is a yes."""
    of = asked(targets=(HALF,), by_lists=ByLists(family="f", needs=("markant", "intensiveret")))
    before = districts("2010", markant="ab", intensiveret="cd", ingen="e")
    whole = judged(*before, *districts("2014", markant="a", intensiveret="b", almindelig="cd", ingen="e"), of=of)
    assert (whole.verdict, whole.latest, whole.high) == (Verdict.REACHED, 2, 2)
    out = judged(*before, *districts("2014", markant="a", intensiveret="b", almindelig="c", ingen="e"), of=of)
    assert (out.verdict, out.reason, out.latest, out.high) == (Verdict.UNDECIDED, Reason.COVERS_TARGET, 2, 3)
    few = judged(*before, *districts("2014", markant="a", almindelig="bc", ingen="e"), of=of)
    assert (few.verdict, few.latest, few.high) == (Verdict.REACHED, 1, 2)
