"""How much is covered: equipped over total, and how many are equipped when several acts and states speak of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from metrics.catalog import METRICS
from metrics.reconcile.computed import is_current, make_derived, qualify
from metrics.reconcile.fact import Fact, Links, say_bounds
from metrics.reconcile.likeness import CAPABILITIES, content_words

# The members of a fact's conflict group, by fact id.
Rivals = dict[str, list[Fact]]

COUNTS_NAMED = 8
SAME_TOTAL = timedelta(days=3 * 366)


def derive_coverage(facts: Sequence[Fact], links: Links) -> Iterator[Fact]:
    """Coverage of every metric that is part of another, country by country, and the unions of acts and states."""
    current = [fact for fact in facts if is_current(fact, links) and not fact.place and fact.per is None]
    rivals = _rivals(facts, links)
    by_country: dict[tuple[str, str | None], list[Fact]] = defaultdict(list)
    for fact in current:
        by_country[(fact.metric, fact.country)].append(fact)
    for (metric, country), equipped in sorted(by_country.items(), key=_by_name):
        whole = METRICS[metric].part_of if metric in METRICS else None
        totals = by_country.get((whole, country), []) if whole else []
        for fact in equipped if totals else ():
            total = _nearest(totals, fact)
            if total:
                yield _share(fact, total, rivals)
    for fed in sorted({entry.feeds for entry in METRICS.values() if entry.feeds}):
        yield from _unions(fed, by_country, rivals)


def _by_name(group: tuple[tuple[str, str | None], list[Fact]]) -> tuple[str, str]:
    (metric, country), _ = group
    return metric, country or ""


def _rivals(facts: Sequence[Fact], links: Links) -> Rivals:
    groups: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.id in links.conflict_group:
            groups[links.conflict_group[fact.id]].append(fact)
    return {fact.id: group for group in groups.values() for fact in group}


def _nearest(totals: Sequence[Fact], fact: Fact) -> Fact | None:
    """The total to measure against: one of the same cable, else the nearest in time within three years."""
    general = [total for total in totals if not total.words] or list(totals)
    same = [total for total in general if total.bodies & fact.bodies]
    dated = [total for total in general if total.stated and fact.stated and _apart(total, fact) <= SAME_TOTAL]
    fits = same or dated
    return min(fits, key=lambda total: (_apart(total, fact), total.id)) if fits else None


def _apart(first: Fact, second: Fact) -> timedelta:
    return abs((first.stated or date.min) - (second.stated or date.min))


def _spread(fact: Fact, rivals: Rivals) -> tuple[float | None, float | None, list[Fact]]:
    """Bounds over a fact and its rivals, and all of them, the fact first."""
    together = [fact, *(other for other in rivals.get(fact.id, ()) if other.id != fact.id)]
    lows, highs = [one.low for one in together], [one.high for one in together]
    low = None if None in lows else min(one for one in lows if one is not None)
    return low, None if None in highs else max(one for one in highs if one is not None), together


def _share(fact: Fact, total: Fact, rivals: Rivals) -> Fact:
    """Equipped over total in percent; an interval where a bound is open or rival totals are stated."""
    bottom, top, totals = _spread(total, rivals)
    low = _percent(fact.low, top)
    high = _percent(fact.high, bottom)
    inputs = [fact, *totals]
    counts = f"{say_bounds(fact.low, fact.high, fact.qualifier)} / {say_bounds(bottom, top, total.qualifier)}"
    qualifier = qualify(low, high, inputs)
    formula = f"{counts} = {_say_percent(low, high)}"
    return _percentage(make_derived(fact, "coverage", inputs, (low, high), qualifier, formula))


def _percent(part: float | None, whole: float | None) -> float | None:
    return round(100 * part / whole, 4) if part is not None and whole else None


def _say_percent(low: float | None, high: float | None) -> str:
    """Bounds of a share to one decimal.

    >>> _say_percent(13.2075, 13.2075), _say_percent(35.7143, None)
    ('13.2 %', 'at least 35.7 %')
    """
    if low is None or high is None:
        return f"at most {high:.1f} %" if low is None else f"at least {low:.1f} %"
    return f"{low:.1f} %" if low == high else f"{low:.1f} to {high:.1f} %"


def _percentage(fact: Fact) -> Fact:
    return replace(fact, kind="share", unit="percent", scale="percent")


def _unions(fed: str, by_country: dict[tuple[str, str | None], list[Fact]], rivals: Rivals) -> Iterator[Fact]:
    """How many sites have a capability when several acts and states speak of it, and the share that is."""
    for country in sorted({country for _, country in by_country if country}):
        totals = by_country.get((METRICS[fed].part_of or "", country), [])
        for capability in CAPABILITIES:
            counts = [
                fact
                for (metric, home), group in sorted(by_country.items(), key=_by_name)
                if home == country and (metric == fed or (metric in METRICS and METRICS[metric].feeds == fed))
                for fact in sorted(group, key=lambda fact: fact.id)
                if fact.scale == "site" and fact.words == content_words(fed, capability)
            ]
            if any(fact.metric != fed for fact in counts) and (totals or len(counts) > 1):
                yield from _union(fed, capability, counts, totals, rivals)


def _union(fed: str, capability: str, counts: list[Fact], totals: list[Fact], rivals: Rivals) -> Iterator[Fact]:
    """Between the largest single count and the sum, at most all: who equipped which site is not stated.

    09ASTANA623 paras 2 and 4: nine crossings by one party, over 40 by another; the sets may overlap.
    """
    largest = max(counts, key=lambda fact: (fact.low or 0, fact.qualifier == "more_than", fact.id))
    total = _nearest(totals, largest) if totals else None
    ceiling = total.high if total else None
    tops = [fact.high for fact in counts]
    summed = None if None in tops else sum(top for top in tops if top is not None)
    only = len(counts) == 1
    high = ceiling if summed is None or only else summed if ceiling is None else min(summed, ceiling)
    inputs = [largest, *(fact for fact in counts if fact is not largest), *([total] if total else [])]
    end = "no stated end" if high is None else f"{high:,.0f}" + (" (all)" if high == ceiling else " (the sum)")
    formula = f"from the largest single count to {end}: {_say_counts(counts)}; {_say_doubt(counts)}"
    model = replace(largest, metric=fed, unit=METRICS[fed].unit, of=capability, actor=None, parties=frozenset())
    model = replace(model, words=content_words(fed, capability), period=None, start=None, end=None)
    union = make_derived(model, "union", inputs, (largest.low, high), qualify(largest.low, high, inputs), formula)
    yield union
    if total:
        share = _share(union, total, rivals)
        yield replace(share, formula=f"{share.formula}; equipped: {formula}")


def _say_counts(counts: Sequence[Fact]) -> str:
    """The counts with their parties and times: "more than 40 (KAZ); 9 (USA, 2008)"."""
    said = [f"{say_bounds(fact.low, fact.high, fact.qualifier)} ({_say_party(fact)})" for fact in counts[:COUNTS_NAMED]]
    return "; ".join(said) + (f"; {len(counts) - COUNTS_NAMED} more" if len(counts) > COUNTS_NAMED else "")


def _say_party(fact: Fact) -> str:
    return ", ".join(part for part in (fact.actor or "party not named", fact.period) if part)


def _say_doubt(counts: Sequence[Fact]) -> str:
    """Why the number equipped is an interval."""
    if len(counts) == 1:
        return "what others equipped is not stated"
    return "the sets may overlap" + ("" if all(fact.high for fact in counts) else " and one count has no upper bound")
