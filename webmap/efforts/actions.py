"""The committees' plans of action: what each would do, what is paid for and what is not, and what differs between two versions."""

from __future__ import annotations

from dataclasses import dataclass

from geo.figures import printedsums
from geo.model.efforts.actions import ActionPlan
from geo.model.efforts.committees import COMMITTEES
from geo.model.efforts.effort import Effort
from geo.model.vocabulary import Text
from webmap.edition.reader import Reader
from webmap.efforts.money import MoneyTable, table_of
from webmap.efforts.words import MONEY
from webmap.language import wording


@dataclass(frozen=True)
class PlanVersion:
    """One version of a plan. financed, unfinanced: its efforts by year. came, went: efforts that the version before did not or did have."""

    plan: ActionPlan
    name: str
    decided: str
    efforts: tuple[Effort, ...]
    money: tuple[tuple[str, MoneyTable], ...]
    came: tuple[str, ...]
    went: tuple[str, ...]
    before: str
    note: str


@dataclass(frozen=True)
class CommitteePlans:
    """The plans of one committee, the newest version first; none when the sources have no plan of it."""

    letters: str
    name: str
    versions: tuple[PlanVersion, ...]


def committees(reader: Reader) -> tuple[CommitteePlans, ...]:
    """Return the seven committees by name, each with the versions of its plan that the edition has."""
    plans = reader.edition.catalogue.action_plans
    every = []
    for letters, said in COMMITTEES.items():
        own = [plan for plan in plans if plan.committee == letters]
        versions = [_version(plan, own[number - 1] if number else None, reader) for number, plan in enumerate(own)]
        every.append(CommitteePlans(letters, said.in_(reader.language), tuple(reversed(versions))))
    return tuple(sorted(every, key=lambda each: wording.by_name(each.name)))


def _version(plan: ActionPlan, before: ActionPlan | None, reader: Reader) -> PlanVersion:
    catalogue, language = reader.edition.catalogue, reader.language
    efforts = tuple(effort for effort in map(catalogue.effort, plan.efforts) if effort)
    names = {effort.id: effort.name.in_(language) for effort in catalogue.efforts}
    earlier = before.efforts if before else plan.efforts
    return PlanVersion(
        plan,
        plan.name.in_(language),
        wording.date(plan.decided, language) if plan.decided else "",
        efforts,
        tuple((MONEY[kind].in_(language), table) for kind in MONEY if (table := _money(efforts, kind, language)) is not None),
        tuple(names[effort] for effort in plan.efforts if effort not in earlier),
        tuple(names.get(effort, effort) for effort in earlier if effort not in plan.efforts),
        before.version if before else "",
        plan.note.in_(language) if plan.note else "",
    )


def _money(efforts: tuple[Effort, ...], kind: str, language: str) -> MoneyTable | None:
    lines = [(effort.name.in_(language), printedsums.by_year(getattr(effort, kind))) for effort in efforts if getattr(effort, kind)]
    if not lines:
        return None
    lines.append((Text(da="I alt", en="Total").in_(language), printedsums.total(by_year for _, by_year in lines)))
    return table_of(lines, language)
