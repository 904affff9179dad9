"""The committees' plans of action, a version each."""

from __future__ import annotations

import datetime as dt

from geo.model.efforts.committees import Committee
from geo.model.sources import Cite
from geo.model.vocabulary import Text, Value


class PlanSection(Value, frozen=True, kw_only=True):
    """A section of a plan of action in the committee's words: equal treatment, representation, co-operation."""

    name: Text
    text: str
    cite: Cite | None = None


class ActionPlan(Value, frozen=True, kw_only=True):
    """One version of a committee's plan of action. decided: the day of the decision, absent when the papers do not say it.

    efforts: ids of what the plan would do; what they cost stands with them.
    """

    id: str
    committee: Committee
    version: str
    name: Text
    aim: str = ""
    decided: dt.date | None = None
    decision: str = ""
    sections: tuple[PlanSection, ...] = ()
    efforts: tuple[str, ...] = ()
    cite: Cite
    note: Text | None = None
