"""Yearly totals where figures may be added; what must not be added, with the reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations

from metrics.catalog import METRICS
from metrics.reconcile.computed import Bounds, add_bounds, is_current, make_derived, qualify
from metrics.reconcile.fact import Fact, Links, at_different_times, say_figure


@dataclass(frozen=True, slots=True)
class Refusal:
    """Figures that are not added up, and why."""

    metric: str
    country: str | None
    reason: str
    facts: tuple[Fact, ...]


def add_years(facts: Sequence[Fact], links: Links) -> tuple[list[Fact], list[Refusal]]:
    """Totals by year where the metric's parts may be added and cannot overlap; all else is refused with a reason."""
    groups: dict[tuple[Hashable, ...], list[Fact]] = defaultdict(list)
    for fact in facts:
        year = _year_of(fact)
        if year and is_current(fact, links) and fact.nature == "flow" and fact.per is None:
            groups[(fact.metric, fact.country, fact.scale, " ".join(sorted(fact.words)), year)].append(fact)
    totals: list[Fact] = []
    refusals: list[Refusal] = []
    for (metric, country, _, _, when), group in sorted(groups.items(), key=lambda group: str(group[0])):
        if len(group) > 1:
            ordered = sorted(group, key=lambda fact: (fact.start, fact.end, fact.id))
            reason = _why_not_added(ordered, links)
            if reason:
                refusals.append(Refusal(str(metric), str(country), f"{when}: {reason}", tuple(ordered)))
            else:
                totals.append(_total(ordered, int(str(when))))
    return totals, refusals


def _year_of(fact: Fact) -> int | None:
    """The calendar year the fact's period lies in, None where it is undated or longer."""
    return fact.start.year if fact.start and fact.end and fact.start.year == fact.end.year else None


def _why_not_added(group: Sequence[Fact], links: Links) -> str | None:
    entry = METRICS.get(group[0].metric)
    if entry is None or not entry.additive:
        return "the catalogue does not let this metric's figures be added; they may repeat or overlap"
    for first, second in combinations(group, 2):
        rivals = links.conflict_group.get(first.id)
        if rivals and rivals == links.conflict_group.get(second.id):
            return "rival estimates of one figure"
        if not _are_disjoint(first, second):
            return f"{say_figure(first)} and {say_figure(second)} may count the same"
    if _sum_bounds(group) == (None, None):
        return "their sum has neither a lower nor an upper bound"
    return None


def _are_disjoint(first: Fact, second: Fact) -> bool:
    """Whether two counts cannot overlap: different times or places; other parties only where no site is counted."""
    if at_different_times(first, second):
        return True
    if first.place and second.place and first.place != second.place:
        return True
    apart = bool(first.parties and second.parties) and not first.parties & second.parties
    return apart and first.scale != "site"


def _sum_bounds(group: Sequence[Fact]) -> Bounds:
    """The sum in the unit of the first figure; nothing says that the sites named are all there are, so it is open."""
    highs = [None if fact.place else fact.base_high for fact in group]
    return add_bounds([fact.base_low for fact in group], group[0]), add_bounds(highs, group[0])


def _total(group: Sequence[Fact], year: int) -> Fact:
    low, high = _sum_bounds(group)
    model = replace(
        group[0],
        low=low,
        high=high,
        qualifier=qualify(low, high, {fact.qualifier for fact in group}),
        period=str(year),
        start=date(year, 1, 1),
        end=date(year, 12, 31),
        site=None,
        place="",
        actor=None,
        parties=frozenset(),
    )
    formula = f"{' + '.join(map(say_figure, group))} = {say_figure(model)}"
    return make_derived(model, "total", group, (low, high), model.qualifier, formula)
