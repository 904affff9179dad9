"""The pages of the lists of housing areas: all editions in time, and one edition with its map and what came and went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from geo.conclusions import membership
from geo.conclusions.membership import Moved
from geo.errors import NotFoundError, Problem
from geo.model.catalogue import ListEdition, Member
from geo.model.goals import Goal
from geo.model.vocabulary import Reason, Text
from webmap.charts.ground import minimap
from webmap.edition import redraws, relations
from webmap.edition.reader import Reader
from webmap.edition.rows import CITY_SET
from webmap.goals import listed as listed_goals
from webmap.goals import verdicts
from webmap.goals.listed import Era
from webmap.goals.verdicts import VerdictLine
from webmap.language import wording
from webmap.language.terms import EXTENT, why
from webmap.language.wording import by_name


@dataclass(frozen=True)
class FamilyPage:
    """All editions of one list. goal: the goal that is answered from it, with its answer; None where there is none."""

    family: str
    eras: tuple[Era, ...]
    goal: Goal | None
    answer: tuple[VerdictLine, ...]


@dataclass(frozen=True)
class ListedMember:
    """A name on a list. area_id: of the area that stands for it, "" where nothing of ours is drawn for it; certainty: how surely."""

    name: str
    area_set: str
    area_id: str
    area: str
    extent: str
    certainty: str
    note: str


@dataclass(frozen=True)
class Against:
    """What came and went against another edition. reason: why no change of an area can be read from it, "" where one can.

    came, went: None where it cannot be told, since not all names are known. older: whether the other one is the older.
    """

    id: str
    name: str
    when: str
    older: bool
    came: tuple[Member, ...] | None
    went: tuple[Member, ...] | None
    stayed: tuple[Member, ...]
    reason: str
    broken: bool


@dataclass(frozen=True)
class ListPage:
    """One edition of a list. number: how many are on it; against: another edition, None where there is none; others: by id and name."""

    listed: ListEdition
    when: str
    number: str
    members: tuple[ListedMember, ...]
    undrawn: int
    drawing: Markup
    generalised: bool
    against: Against | None
    others: tuple[tuple[str, str], ...]


def families(reader: Reader) -> tuple[FamilyPage, ...]:
    """Make the page of all editions, a part a family, those that a goal is answered from first."""
    goals = {goal.by_lists.family: goal for goal in reader.edition.catalogue.goals if goal.by_lists is not None}
    names = sorted({listed.family for listed in relations.housing_lists(reader.edition)}, key=lambda family: (family not in goals, family))
    return tuple(_family(reader, family, goals.get(family)) for family in names)


def _family(reader: Reader, family: str, goal: Goal | None) -> FamilyPage:
    answer = verdicts.measured(reader, goal) if goal else ()
    return FamilyPage(family, listed_goals.eras(reader, family, goal), goal, answer)


def page(reader: Reader, id: str, other: str = "") -> ListPage:
    """Make the page of one edition. other: the id of the one to hold it against, "" for the one before it.

    Raises NotFoundError when the edition has no such list here, or no other one of that id in the same family.
    """
    known = relations.housing_lists(reader.edition)
    listed = next((each for each in known if each.id == id), None)
    if listed is None:
        raise NotFoundError(Problem(id[:80], "no such list in this edition"))
    family = [each for each in known if each.family == listed.family]
    before = family[family.index(listed) - 1] if family.index(listed) else None
    chosen = next((each for each in family if each.id == other and each is not listed), None) if other else before
    if other and chosen is None:
        raise NotFoundError(Problem(other[:80], "no other list of that id in the family"))
    members = tuple(sorted((_member(reader, listed, member) for member in listed.members), key=lambda member: by_name(member.name)))
    area_set = drawn_set(listed.members)
    return ListPage(
        listed=listed,
        when=wording.period(listed.published, reader.language),
        number=_number(listed, reader.language),
        members=members,
        undrawn=sum(not member.area_id for member in members),
        drawing=_drawing(reader, listed, area_set),
        generalised=area_set in reader.edition.layers and reader.edition.layers[area_set].generalised,
        against=_against(reader, listed, chosen) if chosen else None,
        others=tuple((each.id, each.name.in_(reader.language)) for each in family if each is not listed),
    )


def drawn_set(members: Iterable[Member]) -> str:
    """Return the area set of most members that have an area of ours; "" where none has."""
    counted = Counter(member.area_set for member in members if member.area_id)
    return max(sorted(counted), key=lambda name: counted[name], default="")


def _number(listed: ListEdition, language: str) -> str:
    number = len(listed.members) if listed.complete else listed.count
    return wording.NONE if number is None else wording.number(number, decimals=0, language=language)


def _member(reader: Reader, listed: ListEdition, member: Member) -> ListedMember:
    area = reader.edition.area(member.area_set, member.area_id) if member.area_id else None
    drawn = (area.area_id, area.name) if area else ("", "")
    none = Text(da="ikke tegnet: vi har ingen grænser for området", en="not drawn: we have no boundaries of the area")
    return ListedMember(
        member.name,
        member.area_set,
        *drawn,
        EXTENT[member.extent].in_(reader.language),
        redraws.certainty(reader, listed, member) if area else none.in_(reader.language),
        member.note.in_(reader.language) if member.note else "",
    )


def _drawing(reader: Reader, listed: ListEdition, area_set: str) -> Markup:
    """The areas of the list marked among those of their set; nothing where no name has an area of ours."""
    if area_set not in reader.edition.layers or area_set == CITY_SET:
        return Markup()
    on = [member.area_id for member in listed.members if member.area_id and member.area_set == area_set]
    names = listed_goals.names(listed.members, reader.language)
    label = Text(da="Kort over områderne på listen: {}", en="Map of the areas on the list: {}").in_(reader.language).format(names)
    return minimap.mini_map(reader.edition, area_set, marked=on, label=label)


def _against(reader: Reader, listed: ListEdition, other: ListEdition) -> Against:
    now, then = membership.state([listed]), membership.state([other])
    older = (then.period, other.id) < (now.period, listed.id)
    moved: Moved = membership.moved(then, now) if older else membership.moved(now, then)
    return Against(
        id=other.id,
        name=other.name.in_(reader.language),
        when=wording.period(other.published, reader.language),
        older=older,
        came=moved.came,
        went=moved.went,
        stayed=moved.stayed,
        reason=why(moved.reason, reader.language),
        broken=moved.reason in {Reason.DEFINITION_BREAK, Reason.CRITERIA_UNKNOWN},
    )
