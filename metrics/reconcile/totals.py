"""Yearly totals where figures may be added; what must not be added, with the reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations

from metrics.catalog import METRICS
from metrics.reconcile.computed import is_current, make_derived, qualify
from metrics.reconcile.fact import Fact, Links, at_different_times, say_bounds, say_figure


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
    return None


def _are_disjoint(first: Fact, second: Fact) -> bool:
    """Whether two counts cannot overlap: different times or places; other parties only where no site is counted."""
    if at_different_times(first, second):
        return True
    if first.place and second.place and first.place != second.place:
        return True
    apart = bool(first.parties and second.parties) and not first.parties & second.parties
    return apart and first.scale != "site"


def _total(group: Sequence[Fact], year: int) -> Fact:
    low = None if any(fact.low is None for fact in group) else sum(fact.low or 0 for fact in group)
    high = None if any(fact.high is None for fact in group) else sum(fact.high or 0 for fact in group)
    qualifier = qualify(low, high, {fact.qualifier for fact in group})
    formula = " + ".join(say_figure(fact) for fact in group) + f" = {say_bounds(low, high, qualifier)}"
    model = replace(
        group[0],
        period=str(year),
        start=date(year, 1, 1),
        end=date(year, 12, 31),
        site=None,
        place="",
        actor=None,
        parties=frozenset(),
    )
    return make_derived(model, "total", group, (low, high), qualifier, formula)
