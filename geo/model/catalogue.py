"""What people write in the catalogue's TOML files, as types: area sets, indicators, lists, and all of it together as one catalogue.

Nothing here reads a file. Sources, definitions of indicators, rules, goals and programmes have modules of their own; other modules
may import all of these types from here.
"""

from __future__ import annotations

from typing import Literal

from geo.model.areas import AreaSetKind, name_key
from geo.model.efforts.actions import ActionPlan
from geo.model.efforts.effort import Effort, Facility
from geo.model.efforts.money import EconomyTable
from geo.model.efforts.signed import ApprovedForm, SignedReview
from geo.model.goals import Goal
from geo.model.indicators import Indicator
from geo.model.programmes import HotspotProgramme, PlanProgramme, RecurringReport
from geo.model.reported.cityindex import CityScore, IndexDimension
from geo.model.reported.discrimination import CaseYear, ShownCases
from geo.model.rules import Rule
from geo.model.sources import Cite, Source
from geo.model.vocabulary import Text, Value


class Member(Value, frozen=True, kw_only=True):
    """An area on a list. `area_id` is absent where no area of ours stands for the name."""

    name: str
    area_set: str = "udsat_boligomraade"
    area_id: str | None = None
    extent: Literal["whole", "part", "unknown"] = "whole"
    note: Text | None = None

    def is_same(self, other: Member) -> bool:
        """Whether both stand for one area: by their codes where both have one of the same set, else by their names."""
        if self.area_id and other.area_id and self.area_set == other.area_set:
            return self.area_id == other.area_id
        return name_key(self.name) == name_key(other.name)


Need = Literal["ingen", "almindelig", "intensiveret", "markant"]
"""What the safety index says that a district needs, from none (`ingen`) to the most (`markant`)."""


class ListEdition(Value, frozen=True, kw_only=True):
    """One edition of a list of areas; never changed afterwards. `complete` says whether all names are known.

    criteria: the version of what it takes to be on it, a word of the family's own. Editions that say the same can be held against each
    other; an edition that says nothing can be held against none. need: of an edition of the safety index, which districts the list
    names; the lists of one family and publication are then one edition of the index.
    """

    id: str
    family: str
    name: Text
    published: str
    definition: Text
    members: tuple[Member, ...]
    cite: Cite
    count: int | None = None
    complete: bool = True
    criteria: str = ""
    need: Need | None = None
    note: Text | None = None


class Contradiction(Value, frozen=True, kw_only=True):
    """A place where the sources contradict each other or themselves, and how the service treats it."""

    id: str
    what: Text
    detail: Text
    treatment: Text
    cites: tuple[Cite, ...]


class Catalogue(Value, frozen=True, kw_only=True):
    """Everything that people wrote down: what is measured, which goals exist, the lists and plans, and the rules of disclosure control.

    cases: unprotected, empty in an edition; shown_cases: what an edition shows of them, empty in what people wrote.
    """

    sources: tuple[Source, ...]
    area_sets: tuple[AreaSetKind, ...]
    indicators: tuple[Indicator, ...]
    rules: tuple[Rule, ...]
    goals: tuple[Goal, ...]
    lists: tuple[ListEdition, ...]
    plans: PlanProgramme
    hotspots: HotspotProgramme
    calendar: tuple[RecurringReport, ...]
    contradictions: tuple[Contradiction, ...]
    efforts: tuple[Effort, ...] = ()
    economy: tuple[EconomyTable, ...] = ()
    action_plans: tuple[ActionPlan, ...] = ()
    facilities: tuple[Facility, ...] = ()
    dimensions: tuple[IndexDimension, ...] = ()
    city_scores: tuple[CityScore, ...] = ()
    cases: tuple[CaseYear, ...] = ()
    shown_cases: tuple[ShownCases, ...] = ()
    reviews: tuple[SignedReview, ...] = ()
    status_forms: tuple[ApprovedForm, ...] = ()

    @property
    def listed(self) -> list[Indicator]:
        """The indicators in the order in which pages list them: real ones before made-up ones, each group by `order` and then by id."""
        return sorted(self.indicators, key=lambda indicator: (indicator.demo, indicator.order, indicator.id))

    def indicator(self, id: str) -> Indicator | None:
        """Return the indicator with that id, or None when there is none."""
        return next((indicator for indicator in self.indicators if indicator.id == id), None)

    def goal(self, id: str) -> Goal | None:
        """Return the goal with that id, or None when there is none."""
        return next((goal for goal in self.goals if goal.id == id), None)

    def effort(self, id: str) -> Effort | None:
        """Return the effort with that id, or None when there is none."""
        return next((effort for effort in self.efforts if effort.id == id), None)

    def list_edition(self, id: str) -> ListEdition | None:
        """The edition of a list of that id, or None."""
        return next((listed for listed in self.lists if listed.id == id), None)

    def areas_of(self, goal: Goal) -> tuple[str, ...]:
        """Ids of the areas that a goal names, by its frozen list or by itself; empty when it is about every area of its set."""
        listed = self.list_edition(goal.frozen_list or "")
        if listed is None:
            return goal.area_ids
        return tuple(member.area_id for member in listed.members if member.area_id and member.area_set == goal.area_set)

    def area_set(self, id: str) -> AreaSetKind | None:
        """Return the kind of area set with that id, or None when there is none."""
        return next((kind for kind in self.area_sets if kind.id == id), None)

    def source(self, id: str) -> Source | None:
        """Return the source with that id, or None when there is none."""
        return next((source for source in self.sources if source.id == id), None)
