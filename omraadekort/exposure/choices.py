"""What the parameters of an address can be in one edition: indicators, area sets, areas, periods, and where a figure is hidden."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations

from geo.editions.edition import Edition
from geo.editions.seen import KEY, Cell
from geo.figures import means
from geo.model.vocabulary import Audience, Period, Status
from webmap.edition import rows as edition_rows
from webmap.maps import view

Parameters = Mapping[str, str | Sequence[str]]
"""Those of a path and those of a query, as Flask's `url_for` takes them."""


@dataclass(frozen=True)
class Ask:
    """One address of a route, by its parameters, and which figures it is about: "" stands for any.

    kind: which of the kinds of addresses that the route has; where not all are asked, some of each are.
    """

    parameters: Parameters
    indicator: str = ""
    area_set: str = ""
    area_id: str = ""
    period: str = ""
    kind: str = ""

    @property
    def about(self) -> tuple[str, str, str, str]:
        """What it is about, in the order of a cell."""
        return self.indicator, self.area_set, self.area_id, self.period


@dataclass(frozen=True)
class Choices:
    """An edition as the addresses of the service can name it. older: another edition to compare with; subjects: of a review round.

    resources: what the API's own list says: by name, its formats and parameters.
    """

    edition: Edition
    older: str = ""
    half_year: str = ""
    subjects: Sequence[tuple[str, str]] = ()
    resources: Mapping[str, tuple[Sequence[str], Sequence[str]]] = field(default_factory=dict)

    @property
    def audience(self) -> Audience:
        """Whose part of the edition it is."""
        return self.edition.audience

    @cached_property
    def periods(self) -> Mapping[tuple[str, str], Sequence[str]]:
        """Codes of the periods of each map (indicator, area set), oldest first, without means."""
        table = self.edition.observations
        drawn = means.without(table[table["area_set"].isin(edition_rows.drawable(self.edition))], self.edition.catalogue.indicators)
        pairs = drawn.groupby(["indicator", "area_set"], sort=True)["period"].unique()
        return {(str(key[0]), str(key[1])): sorted(map(str, codes), key=Period.parse) for key, codes in pairs.items()}  # type: ignore[index]

    @cached_property
    def with_means(self) -> Mapping[tuple[str, str], Sequence[str]]:
        """The same, and after them the means of half-years that are told of some area."""
        return {key: [*codes, *view.means_of(self.edition, *key)] for key, codes in self.periods.items()}

    @cached_property
    def cells(self) -> Sequence[Cell]:
        """The keys of all figures."""
        table = self.edition.observations
        return list(zip(*(table[name] for name in KEY), strict=True))

    @cached_property
    def areas(self) -> Mapping[str, Sequence[str]]:
        """Ids of the areas of each set that can be drawn."""
        return {name: [area.area_id for area in self.edition.layers[name].areas] for name in edition_rows.drawable(self.edition)}

    @cached_property
    def hidden(self) -> Sequence[Cell]:
        """The keys of the figures that are hidden."""
        table = self.edition.observations
        rows = table[table["status"].isin([Status.SUPPRESSED.value, Status.UNCERTAIN.value])]
        return list(zip(*(rows[name] for name in KEY), strict=True))

    @cached_property
    def _hidden_parts(self) -> Mapping[tuple[int, ...], frozenset[tuple[str, ...]]]:
        """Hidden keys cut down to each choice of their four parts, so that an ask is looked up and not searched for."""
        patterns = [pattern for size in range(5) for pattern in combinations(range(4), size)]
        return {pattern: frozenset(tuple(cell[i] for i in pattern) for cell in self.hidden) for pattern in patterns}

    def touches(self, ask: Ask) -> bool:
        """Whether an address is about a hidden figure."""
        pattern = tuple(number for number, part in enumerate(ask.about) if part)
        return tuple(ask.about[number] for number in pattern) in self._hidden_parts[pattern]


def sample(asks: Sequence[Ask], choices: Choices, most: int) -> list[Ask]:
    """About `most` addresses of one route, as many of each kind, at least two: those about hidden figures, and others from all along."""
    kinds: dict[str, list[Ask]] = {}
    for ask in asks:
        kinds.setdefault(ask.kind, []).append(ask)
    share = max(2, most // max(len(kinds), 1))
    return [ask for listed in kinds.values() for ask in _of_kind(listed, choices, share)]


def _of_kind(asks: Sequence[Ask], choices: Choices, most: int) -> list[Ask]:
    """The first and the last, those about hidden figures up to two thirds, and others from all along the list."""
    if len(asks) <= most:
        return list(asks)
    hidden = [number for number, ask in enumerate(asks) if choices.touches(ask)]
    wanted = {0, len(asks) - 1, *spread(hidden, (2 * most) // 3)}
    rest = [number for number in range(len(asks)) if number not in wanted]
    return [asks[number] for number in sorted(wanted | set(spread(rest, most - len(wanted))))]


def spread(numbers: Sequence[int], most: int) -> list[int]:
    """At most `most` of a list, evenly from its first to its last."""
    if len(numbers) <= most:
        return list(numbers)
    return [numbers[round(i * (len(numbers) - 1) / max(most - 1, 1))] for i in range(max(most, 0))]


def distinct(asks: Iterable[Ask]) -> Iterator[Ask]:
    """Each ask once, in order."""
    met = set()
    for ask in asks:
        key = tuple(sorted((name, value if isinstance(value, str) else tuple(value)) for name, value in ask.parameters.items()))
        if key not in met:
            met.add(key)
            yield ask
