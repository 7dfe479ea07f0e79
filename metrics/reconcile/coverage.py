"""How much is covered: equipped over total, and how many are equipped when several acts and states speak of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from metrics.catalog import METRICS
from metrics.reconcile.computed import Bounds, is_current, make_derived, qualify
from metrics.reconcile.fact import Fact, Links, at_different_times, say_bounds
from metrics.reconcile.likeness import CAPABILITIES, content_words, thing_words
from metrics.reconcile.wording import name_in_sentence, round_share

# The members of a fact's conflict group, by fact id.
Rivals = dict[str, list[Fact]]

COUNTS_NAMED = 8
WHOLE = 100.0  # percent
SAME_TOTAL = timedelta(days=3 * 366)


def derive_coverage(facts: Sequence[Fact], links: Links) -> Iterator[Fact]:
    """Coverage of every metric that is part of another, country by country, and the unions of acts and states."""
    current = [
        fact
        for fact in facts
        if is_current(fact, links) and not fact.place and fact.per is None and not _counts_devices(fact)
    ]
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
                yield from _share(fact, total, rivals)
    for fed in sorted({entry.feeds for entry in METRICS.values() if entry.feeds}):
        yield from _unions(fed, by_country, rivals)


def _counts_devices(fact: Fact) -> bool:
    """Whether an act counts devices or craft, which are no places of which there is a total."""
    return bool(METRICS[fact.metric].feeds) and fact.unit != METRICS[fact.metric].unit


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


def spread(estimates: Sequence[Bounds]) -> Bounds:
    """Bounds over estimates of one number; open where one of them is.

    >>> spread([(200, 200), (212, 212)]), spread([(200, 200), (900, None)])
    ((200, 212), (200, None))
    """
    lows, highs = zip(*estimates, strict=True)
    return None if None in lows else min(lows), None if None in highs else max(highs)


def share_bounds(part: Bounds, whole: Bounds) -> Bounds:
    """Bounds in percent of a part of a whole: at least the least of the largest, at most the most of the smallest.

    The upper bound is cut at 100 unless the lower one is above it as well; a check tells of both.

    >>> share_bounds((28, 28), (112, 112)), share_bounds((28, 28), (400, None)), share_bounds((3, 3), (None, 300))
    ((25.0, 25.0), (None, 7.0), (1.0, None))
    >>> share_bounds((28, 40), (30, 30))
    (93.3333, 100.0)
    """
    low, high = _percent(part[0], whole[1]), _percent(part[1], whole[0])
    return low, WHOLE if high is not None and high > WHOLE >= (low or 0) else high


def _share(fact: Fact, total: Fact, rivals: Rivals) -> Iterator[Fact]:
    """Equipped over total in percent: an interval where a bound is open or rival totals are stated.

    None where it may be anything, as of "more than 40" of "more than 900".
    """
    totals = [total, *(other for other in rivals.get(total.id, ()) if other.id != total.id)]
    whole = spread([(one.low, one.high) for one in totals])
    low, high = share_bounds((fact.low, fact.high), whole)
    if low is None and high in {None, WHOLE}:
        return
    inputs = [fact, *totals]
    counts = f"{say_bounds(fact.low, fact.high, fact.qualifier)} / {say_bounds(*whole, total.qualifier)}"
    qualifier = qualify(low, high, {one.qualifier for one in inputs})
    cut = " (cut at 100%)" if high == WHOLE and _percent(fact.high, whole[0]) != WHOLE else ""
    formula = f"{counts} = {_say_percent(low, high)}{cut}"
    yield _percentage(make_derived(fact, "coverage", inputs, (low, high), qualifier, formula))


def _percent(part: float | None, whole: float | None) -> float | None:
    return round(100 * part / whole, 4) if part is not None and whole else None


def _say_percent(low: float | None, high: float | None) -> str:
    """Bounds of a share, rounded and written as charts do.

    >>> _say_percent(13.2075, 13.2075), _say_percent(35.7143, None), _say_percent(35.7143, 100)
    ('13.2%', 'at least 35.7%', '35.7% to 100%')
    """
    least, most = (None if share is None else f"{round_share(share):g}%" for share in (low, high))
    if least is None or most is None:
        return f"at most {most}" if least is None else f"at least {least}"
    return least if low == high else f"{least} to {most}"


def _percentage(fact: Fact) -> Fact:
    return replace(fact, kind="share", unit="percent", scale="percent")


def _unions(fed: str, by_country: dict[tuple[str, str | None], list[Fact]], rivals: Rivals) -> Iterator[Fact]:
    """How many sites have a capability when several acts and states speak of it, and the share that is."""
    feeding = {fed, *(metric for metric, entry in METRICS.items() if entry.feeds == fed)}
    for country in sorted({country for _, country in by_country if country}):
        totals = by_country.get((METRICS[fed].part_of or "", country), [])
        places = [
            fact
            for metric in sorted(feeding)
            for fact in sorted(by_country.get((metric, country), ()), key=lambda fact: fact.id)
            if fact.scale == "site"
        ]
        named = {fact.id: _find_capability(fact, places) for fact in places}
        for capability in CAPABILITIES:
            counts = _drop_parts([fact for fact in places if named[fact.id] == capability])
            sets = _group_estimates(counts, rivals)
            if any(fact.metric != fed for fact in counts) and (totals or len(sets) > 1):
                yield from _union(fed, capability, sets, totals, rivals)


def _find_capability(fact: Fact, beside: Sequence[Fact]) -> str | None:
    """The capability a count names, or that fuller names of the thing in the same cable do ("such monitors")."""
    named = fact.words & CAPABILITIES.keys()
    if not named:
        own = thing_words(fact.metric, fact.of)
        fuller = [one for one in beside if one.bodies & fact.bodies and own < thing_words(one.metric, one.of)]
        named = frozenset().union(*(one.words & CAPABILITIES.keys() for one in fuller)) if own else frozenset()
    return next(iter(named)) if len(named) == 1 else None


def _drop_parts(counts: Sequence[Fact]) -> list[Fact]:
    """The counts without those stated to be of the places another one counts.

    07YEREVAN1420 para 5: five ports of entry, four of them equipped by one party, are five.
    """
    owner = {observation: fact.id for fact in counts for observation in fact.observation_ids}
    return [fact for fact in counts if not {owner.get(whole) for whole in fact.within} - {None, fact.id}]


def _group_estimates(counts: Sequence[Fact], rivals: Rivals) -> list[list[Fact]]:
    """Counts by the set of places they are of: estimates of one set stand together."""
    sets: list[list[Fact]] = []
    for fact in counts:
        own = next((one for one in sets if all(_are_estimates(fact, other, rivals) for other in one)), None)
        if own is None:
            sets.append([fact])
        else:
            own.append(fact)
    return sets


def _are_estimates(first: Fact, second: Fact, rivals: Rivals) -> bool:
    """Whether two counts are of one set: known rivals, or two cables on one party's sites at no different times.

    Acts of parties not named may be anybody's; a state ("equipped checkpoints") has no party.
    """
    if any(other.id == second.id for other in rivals.get(first.id, ())):
        return True
    acts = bool(METRICS[first.metric].feeds)
    same = first.metric == second.metric and first.parties == second.parties and bool(first.parties or not acts)
    return same and not first.bodies & second.bodies and not at_different_times(first, second)


def _union(
    fed: str, capability: str, sets: Sequence[Sequence[Fact]], totals: list[Fact], rivals: Rivals
) -> Iterator[Fact]:
    """From the largest lower bound of a set to the sum of all, at most the total: sets may overlap.

    09ASTANA623 paras 2 and 4: nine crossings by one party, over 40 by another; the sets may overlap.
    """
    ordered = sorted(sets, key=_least, reverse=True)
    counts = [fact for one in ordered for fact in one]
    low, model = _least(ordered[0]), counts[0]
    total = _nearest(totals, model) if totals else None
    ceiling = total.high if total and total.high is not None and total.high >= low else None
    summed = _add_largest(ordered)
    high = min((one for one in (summed, ceiling) if one is not None), default=None)
    inputs = [*counts, *([total] if total else [])]
    formula = _say_union(ordered, low, high, ceiling)
    model = replace(model, metric=fed, unit=METRICS[fed].unit, of=capability, actor=None, parties=frozenset())
    model = replace(model, words=content_words(fed, capability), period=None, start=None, end=None)
    qualifier = qualify(low, high, {fact.qualifier for fact in inputs})
    union = make_derived(model, "union", inputs, (low, high), qualifier, formula)
    yield union
    for share in _share(union, total, rivals) if total else ():
        yield replace(share, formula=f"{share.formula}; equipped: {formula}")


def _least(estimates: Sequence[Fact]) -> float:
    """The lowest that any estimate of a set allows."""
    return min(fact.low or 0.0 for fact in estimates)


def _add_largest(sets: Sequence[Sequence[Fact]]) -> float | None:
    """The sum of each set's highest estimate; None where one is open, or others' sites are not stated."""
    tops = [fact.high for one in sets for fact in one]
    if len(sets) == 1 or None in tops:
        return None
    return sum(max(fact.high or 0.0 for fact in one) for one in sets)


def _say_union(sets: Sequence[Sequence[Fact]], low: float, high: float | None, ceiling: float | None) -> str:
    """How the bounds of a union come about: "from 40 (the largest lower bound) to 112 (all there are): ..."."""
    named = "all there are" if high == ceiling else "the sum of the largest estimates"
    end = "no stated end" if high is None else f"{high:,.0f} ({named})"
    said = "; ".join(_say_set(one) for one in sets[:COUNTS_NAMED])
    more = f"; {len(sets) - COUNTS_NAMED} more" if len(sets) > COUNTS_NAMED else ""
    start = "the largest lower bound" if len(sets) > 1 else "the lower bound"
    return f"from {low:,.0f} ({start}) to {end}: {said}{more}; {_say_doubt(sets)}"


def _say_set(estimates: Sequence[Fact]) -> str:
    """A set's counts with party and time: "9 by the United States in 2008"; estimates of one set with "or"."""
    said = " or ".join(
        f"{say_bounds(fact.low, fact.high, fact.qualifier)}{_say_circumstances(fact)}"
        for fact in estimates[:COUNTS_NAMED]
    )
    return said if len(estimates) == 1 else f"{said} ({len(estimates)} estimates of one set)"


def _say_circumstances(fact: Fact) -> str:
    """Who and when: " by the United States in 2008"."""
    parties = " and ".join(map(name_in_sentence, sorted(fact.parties)))
    party = f" by {parties}" if parties else " by a party not named" if METRICS[fact.metric].feeds else " in place"
    start, _, end = (fact.period or "").partition("/")
    time = f" from {start} to {end}" if end else f" in {start}" if start else ""
    return party + time


def _say_doubt(sets: Sequence[Sequence[Fact]]) -> str:
    """Why the number equipped is an interval."""
    if len(sets) == 1:
        return "what others equipped is not stated"
    open_ended = any(fact.high is None for one in sets for fact in one)
    return "the sets may overlap" + (" and one count has no upper bound" if open_ended else "")
