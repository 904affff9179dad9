"""How a goal's figures are written: in its indicator's unit, or, when it counts areas, as numbers of areas."""

from __future__ import annotations

import math
from dataclasses import dataclass

from geo.model.goals import Goal
from geo.model.indicators import Indicator
from geo.model.rounding import half_up
from geo.model.vocabulary import Text
from webmap.language import wording


@dataclass(frozen=True)
class Measure:
    """The words of one goal's figures, judged by one indicator, in one language."""

    indicator: Indicator
    areas: bool
    language: str

    @classmethod
    def of(cls, goal: Goal, indicator: Indicator, language: str) -> Measure:
        """The measure of a goal."""
        return cls(indicator, goal.counts_areas, language)

    @property
    def places(self) -> int:
        """Decimals of a figure; areas are whole."""
        return 0 if self.areas else self.indicator.decimals

    def value(self, amount: float | None) -> str:
        """A figure with its unit; "" where there is none."""
        if amount is None or math.isnan(amount):
            return ""
        return self._with_unit(self._number(amount, self.places))

    def exact(self, amount: float | None) -> str:
        """A target with as many decimals as it needs (at most two): rounding must not make 44.55 look like the 44.6 that misses it."""
        if amount is None or not math.isfinite(amount):
            return ""
        wanted = (self.places, 1, 2)
        places = next((n for n in wanted if n >= self.places and math.isclose(half_up(amount, n), amount, rel_tol=1e-12)), 2)
        return self._with_unit(self._number(amount, places))

    def span(self, low: float | None, high: float | None) -> str:
        """Two ends with one unit: `85–92 %`; "" where they are not known."""
        if low is None or high is None:
            return ""
        return self._with_unit(f"{self._number(low, self.places)}–{self._number(high, self.places)}")

    def apart(self, ends: tuple[float | None, float | None, float | None]) -> str:
        """A difference with its interval, shares in percentage points: `−2,6 procentpoint (−3,4 til −1,8)`; "" without one.

        Of shares it has one decimal at least, and a sign even when it rounds to nothing: a side must not be lost in rounding.
        """
        return self._apart(ends, self._points() if self.indicator.kind == "share" and not self.areas else "")

    def change(self, ends: tuple[float | None, float | None, float | None]) -> str:
        """A difference with its unit, whatever it is, for where no heading says it: `−166 personer (−180 til −152)`."""
        return self._apart(ends, self._points() if self.indicator.kind == "share" else f" {self.indicator.unit.in_(self.language)}")

    def _points(self) -> str:
        return Text(da="\u00a0procentpoint", en="\u00a0percentage points").in_(self.language)

    def _apart(self, ends: tuple[float | None, float | None, float | None], unit: str) -> str:
        middle, low, high = ("" if end is None or math.isnan(end) else self._signed(end) for end in ends)
        if not middle:
            return ""
        to = Text(da="til", en="to").in_(self.language)
        sure = ends[1] == ends[2]  # of a full count there is no doubt to tell
        return f"{middle}{unit} ({low} {to} {high})" if low and high and not sure else f"{middle}{unit}"

    def _signed(self, amount: float) -> str:
        shares = self.indicator.kind == "share"
        fine = not self.areas or not amount.is_integer()
        places = max(self.places, 1) if shares and fine else self.places
        return f"{'−' if amount < 0 else '+'}{self._number(abs(amount), places)}"

    def _number(self, amount: float, places: int) -> str:
        return wording.number(amount, decimals=places, language=self.language)

    def _with_unit(self, words: str) -> str:
        if self.areas:
            return words + Text(da="\u00a0områder", en="\u00a0areas").in_(self.language)
        return words + wording.percent_sign(self.language) if self.indicator.kind == "share" else words
