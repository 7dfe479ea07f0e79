"""What ties facts together: parts of a whole, counts that update each other, plans and their outcome, rivals."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import combinations, takewhile

from metrics.catalog import METRICS
from metrics.reconcile.fact import Fact, Links, at_different_times, same_party, stable_id
from metrics.reconcile.likeness import NEAR, SMALL_COUNT, are_near, is_money, overlap

# How far apart, as a ratio, two figures may lie and still be about one thing.
RIVAL_RATIO = 5.0
UNDATED_RATIO = {"flow": NEAR, "stock": 2.0, "share": 2.0}
UPDATE_RATIO = 10.0
SUM_TOLERANCE = 0.005
CONVERSION_TOLERANCE = 1.02
SAME_TIME = timedelta(days=366)
LONG_PERIOD = timedelta(days=31)
WHOLE_YEAR = timedelta(days=360)
TO_DATE = re.compile(r"\b(?:as of|so far|to date|year-to-date)\b", re.IGNORECASE)
STAGES = {"requested": 0, "planned": 1, "in_progress": 2, "actual": 3}


def find_links(facts: Sequence[Fact], earlier_years: Sequence[Fact] = ()) -> Links:
    """Every tie between the facts. A part, an outdated count and a plan that came true are no rivals of others.

    Levels computed for `earlier_years` are rivals of what is stated for these, where both cannot be right.
    """
    part_of = find_parts(facts)
    update_group, outdated = find_updates([fact for fact in facts if fact.id not in part_of])
    superseded = {**find_outcomes(facts), **outdated}
    open_facts = [fact for fact in facts if fact.id not in part_of and fact.id not in superseded]
    conflict_group, conflict_reason = find_rivals([*open_facts, *earlier_years])
    return Links(part_of, superseded, update_group, conflict_group, conflict_reason)


def _grouped(facts: Iterable[Fact], *names: str) -> Iterator[list[Fact]]:
    """Facts equal in the named fields, groups of two and more only."""
    groups: dict[tuple[Hashable, ...], list[Fact]] = defaultdict(list)
    for fact in facts:
        groups[tuple(getattr(fact, name) for name in names)].append(fact)
    return (group for group in groups.values() if len(group) > 1)


# Parts and wholes


def find_parts(facts: Sequence[Fact]) -> dict[str, str]:
    """Whole of each part: as stated ("of which"), as parts that add up in one sentence, as a place in its country."""
    parts = dict(_stated_parts(facts))
    for find in (_summed_parts, _places_in_country):
        for part, whole in find(facts):
            if part not in parts and not _leads_to(parts, whole, part):
                parts[part] = whole
    return parts


def _leads_to(parts: dict[str, str], start: str, goal: str) -> bool:
    seen = set()
    while start in parts and start not in seen:
        seen.add(start)
        start = parts[start]
    return start == goal or goal in seen


def _stated_parts(facts: Sequence[Fact]) -> Iterator[tuple[str, str]]:
    owner = {observation: fact for fact in facts for observation in fact.observation_ids}
    for fact in facts:
        wholes = [owner[one] for one in fact.within if one in owner and _is_comparable(fact, owner[one])]
        if wholes and not set(wholes[0].within) & set(fact.observation_ids):
            yield fact.id, wholes[0].id


def _is_comparable(part: Fact, whole: Fact) -> bool:
    """Whether one can be part of the other: same metric, country, scale and time. No tie crosses a border."""
    names = ("metric", "country", "kind", "scale", "per")
    same = part.id != whole.id and all(getattr(part, name) == getattr(whole, name) for name in names)
    return same and not at_different_times(part, whole)


def _summed_parts(facts: Sequence[Fact]) -> Iterator[tuple[str, str]]:
    """Two or more figures of one sentence that add up to its largest ("20.6 tons, 13.8 on land and 6.8 at sea")."""
    groups: dict[tuple[Hashable, ...], list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.kind == "level" and fact.base_low is not None and fact.base_low == fact.base_high:
            for sentence in fact.sentences:
                key = (sentence, fact.metric, fact.scale, fact.per, fact.status, fact.country, fact.period)
                groups[key].append(fact)
    for group in groups.values():
        *parts, whole = sorted(group, key=lambda fact: (fact.size, fact.id))
        if len(parts) > 1 and _add_up(parts, whole):
            yield from ((part.id, whole.id) for part in parts)


def _add_up(parts: Sequence[Fact], whole: Fact) -> bool:
    """Whether the parts make the whole; small counts of unlike things may do so by chance."""
    alike = whole.size >= SMALL_COUNT or all(part.words & whole.words or part.words == whole.words for part in parts)
    return alike and abs(sum(part.size for part in parts) - whole.size) <= SUM_TOLERANCE * whole.size


def _places_in_country(facts: Sequence[Fact]) -> Iterator[tuple[str, str]]:
    """A place's figure is part of its country's: same thing and time, a stock in one cable or a flow of a year.

    Not within a sentence: what is listed there are parts only where that is said or they add up (08SANJOSE596 para 8).
    """
    levels = [fact for fact in facts if fact.kind == "level" and fact.country]
    for group in _grouped(levels, "metric", "country", "words", "scale", "per", "status", "period"):
        wholes = [fact for fact in group if not fact.place]
        for part in (fact for fact in group if fact.place) if wholes else ():
            fits = [whole for whole in wholes if _holds(whole, part)]
            near = [whole for whole in fits if whole.bodies & part.bodies]
            if len(near or fits) == 1:
                yield part.id, (near or fits)[0].id


def _holds(whole: Fact, part: Fact) -> bool:
    smaller = part.size < whole.size and same_party(whole, part) and not part.sentences & whole.sentences
    if part.start and part.end:
        return smaller and (whole.nature != "flow" or part.end - part.start >= WHOLE_YEAR)
    return smaller and whole.nature == "stock" and bool(whole.bodies & part.bodies)


# Counts of a running period


def find_updates(facts: Sequence[Fact]) -> tuple[dict[str, str], dict[str, str]]:
    """Successive counts of one running period, by group, and the last count of each earlier one.

    "12 tons so far this year" in September and 16 tons at the year's end are one figure that grew.
    """
    groups: dict[tuple[Hashable, ...], list[Fact]] = defaultdict(list)
    for fact in facts:
        if _is_running(fact):
            key = (fact.metric, fact.country, fact.place, fact.scale, fact.words, counted_from(fact))
            groups[key].append(fact)
    group_of: dict[str, str] = {}
    last_of: dict[str, str] = {}
    for (metric, country, place, scale, _, start), group in groups.items():
        chain = _growing_chain(group)
        if len(chain) > 1:
            about = (" ".join(sorted(chain[0].words)), *sorted(chain[0].parties))
            name = stable_id("update", metric, country, place, scale, start, *about)
            group_of.update((fact.id, name) for fact in chain)
            last_of.update((fact.id, chain[-1].id) for fact in chain[:-1])
    return group_of, last_of


def _is_running(fact: Fact) -> bool:
    plain = fact.nature == "flow" and (fact.kind, fact.status, fact.per) == ("level", "actual", None)
    start = counted_from(fact)
    return plain and fact.country is not None and bool(start and fact.end and fact.end - start > LONG_PERIOD)


def counted_from(fact: Fact) -> date | None:
    """The first day of a count; a count "as of" a day is one of that day's year (09SANJOSE978: mid-October 2009)."""
    if fact.start and fact.end and fact.start.year == fact.end.year and TO_DATE.search(fact.sentence):
        return date(fact.end.year, 1, 1)
    return fact.start


def counted_until(fact: Fact) -> date:
    """The last day a count can cover: the end of its period, or the day it was first reported if that is earlier."""
    end = fact.end or date.max
    return min(end, fact.stated or end)


def _growing_chain(group: Sequence[Fact]) -> list[Fact]:
    chain: list[Fact] = []
    for fact in sorted(group, key=lambda fact: (counted_until(fact), fact.size, fact.id)):
        if not chain or _updates(fact, chain[-1]):
            chain.append(fact)
    return chain


def _updates(later: Fact, earlier: Fact) -> bool:
    grew = later.size >= earlier.size and counted_until(later) > counted_until(earlier)
    if later.end == earlier.end:
        grew = grew and not later.bodies & earlier.bodies and later.size <= UPDATE_RATIO * earlier.size
    return grew and same_party(later, earlier)


# Plans and what came of them


def find_outcomes(facts: Sequence[Fact]) -> dict[str, str]:
    """Of each plan that came to something, the fact that says so."""
    levels = [fact for fact in facts if fact.kind == "level"]
    found = dict(_outcomes_in_sentence(levels))
    for group in _grouped(
        (fact for fact in levels if fact.country), "metric", "country", "place", "scale", "words", "per"
    ):
        for plan in group:
            later = [fact for fact in group if _is_outcome(plan, fact)] if plan.status != "actual" else []
            if later:
                best = min(later, key=lambda fact: (-STAGES[fact.status], fact.stated or date.max, fact.id))
                found.setdefault(plan.id, best.id)
    return found


def _is_outcome(plan: Fact, fact: Fact) -> bool:
    if STAGES[fact.status] <= STAGES[plan.status] or not (plan.stated and fact.stated):
        return False
    ratio = _ratio(plan, fact)
    later = fact.stated > plan.stated and not fact.bodies & plan.bodies
    return later and ratio <= RIVAL_RATIO and same_party(plan, fact) and _meets_plan(plan, fact)


def _meets_plan(plan: Fact, fact: Fact) -> bool:
    """Whether the fact falls into the time the plan names; undated ones are near and their cables within two years.

    Sums are near in any case: another sum for the same purpose is another grant.
    """
    near = are_near(plan.size, fact.size)
    if plan.start and fact.start:
        in_time = fact.start <= (plan.end or plan.start) and plan.start <= (fact.end or fact.start)
        return in_time and (near or not is_money(plan.unit))
    undated = plan.start is None and fact.start is None and fact.nature == "flow" and bool(plan.words)
    soon = (fact.stated or date.max) - (plan.stated or date.min) <= 2 * SAME_TIME
    return undated and soon and near


def _outcomes_in_sentence(facts: Sequence[Fact]) -> Iterator[tuple[str, str]]:
    """ "Planned for 50, attended by 30": one plan and one actual number of people in one sentence."""
    groups: dict[tuple[Hashable, ...], list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.nature == "flow" and METRICS[fact.metric].unit == "person":
            for sentence in fact.sentences:
                groups[(sentence, fact.metric, fact.country, fact.place, fact.scale, fact.per)].append(fact)
    for group in groups.values():
        plans = [fact for fact in group if fact.status in {"planned", "requested"}]
        done = [fact for fact in group if fact.status == "actual"]
        if len(plans) == len(done) == 1 and _same_event(plans[0], done[0]):
            yield plans[0].id, done[0].id


def _same_event(plan: Fact, done: Fact) -> bool:
    same_time = not plan.period or not done.period or plan.period == done.period
    return same_time and (not plan.words or not done.words or bool(plan.words & done.words))


# Rivals


def find_rivals(facts: Sequence[Fact]) -> tuple[dict[str, str], dict[str, str]]:
    """Rival estimates of one thing: the group of each, and what they differ in."""
    levels = [fact for fact in facts if fact.kind != "change" and fact.country]
    listed = _listed(levels)
    estimates = [fact for fact in levels if fact.id not in listed]
    tied: dict[str, set[str]] = defaultdict(set)
    for one, other in (*_rivals_by_key(estimates), *_restated(estimates)):
        tied[one.id].add(other.id)
        tied[other.id].add(one.id)
    group_of: dict[str, str] = {}
    reason_of: dict[str, str] = {}
    by_id = {fact.id: fact for fact in estimates}
    for ids in _cliques(tied):
        members = [by_id[one] for one in ids]
        name = stable_id("conflict", *ids)
        group_of.update(dict.fromkeys(ids, name))
        reason_of.update(dict.fromkeys(ids, say_difference(members)))
    return group_of, reason_of


def _listed(facts: Sequence[Fact]) -> set[str]:
    """Facts told in one breath with others of their kind: each is one of several things and an estimate of no whole.

    06NAIROBI72 para 3: cocaine seized at one place (837.5 kilograms) and at another (304), over a ton in all.
    """
    groups: dict[tuple[Hashable, ...], list[Fact]] = defaultdict(list)
    for fact in facts:
        for sentence in fact.sentences:
            key = (fact.metric, fact.kind, fact.country, fact.scale, fact.per, fact.status, fact.period)
            groups[(sentence, *key)].append(fact)
    pairs = (pair for group in groups.values() for pair in combinations(group, 2) if _are_listed(*pair))
    return {fact.id for pair in pairs for fact in pair}


def _are_listed(first: Fact, second: Fact) -> bool:
    return _are_of_one_thing(first, second) and not _told_by_others(first, second)


def _are_of_one_thing(first: Fact, second: Fact) -> bool:
    """Whether one is of what the other is of, told as fully or more fully ("migrants", "boat migrants")."""
    return first.words <= second.words or second.words <= first.words


def _rivals_by_key(estimates: Sequence[Fact]) -> Iterator[tuple[Fact, Fact]]:
    for group in _grouped(estimates, "metric", "kind", "country", "place", "scale", "words", "per"):
        yield from (pair for pair in _candidate_pairs(group) if are_rivals(*pair))


def _restated(estimates: Sequence[Fact]) -> Iterator[tuple[Fact, Fact]]:
    """A summary's figure and the near one of the body that it restates, though told in other words.

    09ASTANA623 paras 1 and 7: $63 million for a programme, over $65 million to be spent on its reforms.
    """
    groups: dict[tuple[Hashable, ...], list[Fact]] = defaultdict(list)
    for fact in (fact for fact in estimates if not fact.formula):
        for body in fact.bodies:
            groups[(body, fact.metric, fact.kind, fact.country, fact.scale, fact.per)].append(fact)
    for group in groups.values():
        yield from (pair for pair in combinations(group, 2) if _told_in_summary(*pair) and _restates(*pair))


def _told_in_summary(first: Fact, second: Fact) -> bool:
    """Whether one stands in summaries alone and the other in none, so that one may restate the other."""
    only = {"summary"}
    return (first.roles == only and not second.roles & only) or (second.roles == only and not first.roles & only)


def _restates(first: Fact, second: Fact) -> bool:
    differ = (first.base_low, first.base_high) != (second.base_low, second.base_high)
    silent = all(not one or not other or one == other for one, other in _details(first, second))
    same_stage = first.status == second.status or is_money(first.unit)
    same_thing = _are_of_one_thing(first, second) and same_stage
    return differ and silent and same_thing and are_near(first.size, second.size)


def _details(first: Fact, second: Fact) -> tuple[tuple[object, object], ...]:
    return ((first.place, second.place), (first.period, second.period))


def _candidate_pairs(group: Sequence[Fact]) -> Iterator[tuple[Fact, Fact]]:
    """Pairs of one cable, and pairs of one time that are not too far apart; never all pairs of a long series."""
    periods: dict[Hashable, list[Fact]] = defaultdict(list)
    bodies: dict[Hashable, list[Fact]] = defaultdict(list)
    for fact in sorted(group, key=lambda fact: (fact.size, fact.id)):
        periods[(fact.start, fact.end)].append(fact)
        for body in fact.bodies:
            bodies[body].append(fact)
    for bucket in bodies.values():
        yield from combinations(bucket, 2)
    for bucket in periods.values():
        limit = _ratio_limit(bucket[0])
        for index, fact in enumerate(bucket):
            for other in takewhile(lambda one, most=limit * fact.size: one.size <= most, bucket[index + 1 :]):  # type: ignore[misc]
                yield fact, other


def _ratio_limit(fact: Fact) -> float:
    """How far apart two figures of a fact's kind may lie; without a time in common they must be nearer."""
    return RIVAL_RATIO if fact.start else UNDATED_RATIO[fact.nature]


def are_rivals(first: Fact, second: Fact) -> bool:
    """Whether two figures of one key are estimates of one thing that differ.

    Within one cable two figures are more often two things: there they are rivals when they are not far apart and a
    summary restates the body or different people state them (09CAIRO267 para 5: 28 who were shot, and some 6,000 who
    crossed), or when stocks or sums are near (arrivals of two nations may be near by chance). Money for
    one purpose is one figure whatever its stage (09ASTANA623: a programme of $63 million, and over $65 million that
    will be spent on it). A computed level is no second telling: it is a rival where both cannot be right.
    """
    if (first.base_low, first.base_high) == (second.base_low, second.base_high) or not same_party(first, second):
        return False
    if first.status != second.status and not (is_money(first.unit) and are_near(first.size, second.size)):
        return False
    if first.formula or second.formula:
        return (first.start, first.end) == (second.start, second.end) and not _compatible(first, second)
    if first.sentences & second.sentences and not _told_by_others(first, second):
        return False
    return _rivals_in_cable(first, second) if first.bodies & second.bodies else _rivals_across(first, second)


def _rivals_in_cable(first: Fact, second: Fact) -> bool:
    if (first.start, first.end) != (second.start, second.end):
        return False
    near = (first.nature == "stock" or is_money(first.unit)) and are_near(first.size, second.size)
    told_twice = _told_in_summary(first, second) or _told_by_others(first, second)
    return near or (told_twice and _may_be_one(first, second))


def _rivals_across(first: Fact, second: Fact) -> bool:
    if (first.start, first.end) != (second.start, second.end):
        return False
    if first.start is None and not (first.stated and second.stated and abs(first.stated - second.stated) <= SAME_TIME):
        return False
    ratio = _ratio(first, second)
    converted = first.unit != second.unit and ratio <= CONVERSION_TOLERANCE
    return not converted and (ratio <= RIVAL_RATIO if first.start else _may_be_one(first, second))


def _may_be_one(first: Fact, second: Fact) -> bool:
    """Whether two figures lie so near that they may be of one thing; events are counted anew, so theirs nearer."""
    if first.nature == "flow":
        return are_near(first.size, second.size) or are_near(first.base_high or 0.0, second.base_high or 0.0)
    return _ratio(first, second) <= UNDATED_RATIO[first.nature]


def _told_by_others(first: Fact, second: Fact) -> bool:
    return bool(first.speakers and second.speakers) and not set(first.speakers) & set(second.speakers)


def _ratio(first: Fact, second: Fact) -> float:
    small, large = sorted((abs(first.size), abs(second.size)))
    return large / small if small else float("inf")


def _cliques(tied: dict[str, set[str]]) -> Iterator[list[str]]:
    """Sets of ids in which every two are tied, taken in order of id; each id in one set at most."""
    home: dict[str, list[str]] = {}
    for one in sorted(tied):
        near = sorted(other for other in tied[one] if other in home)
        mine = next((home[other] for other in near if tied[one].issuperset(home[other])), None)
        home[one] = mine if mine is not None else []
        home[one].append(one)
    yield from (members for one, members in sorted(home.items()) if members[0] == one and len(members) > 1)


def say_difference(members: Sequence[Fact]) -> str:
    """What rivals differ in, in a fixed order: value, bound, date, speaker."""
    pairs = list(combinations(members, 2))
    found = {
        "value": any(not _compatible(first, second) for first, second in pairs),
        "bound": any(_openness(first) != _openness(second) or _compatible(first, second) for first, second in pairs),
        "date": any(first.stated != second.stated or first.period != second.period for first, second in pairs),
        "speaker": any(_told_by_others(first, second) for first, second in pairs),
    }
    return ", ".join(name for name, differs in found.items() if differs)


def _compatible(first: Fact, second: Fact) -> bool:
    return overlap(first.base_low, first.base_high, second.base_low, second.base_high)


def _openness(fact: Fact) -> tuple[bool, bool, bool]:
    return fact.base_low is None, fact.base_high is None, fact.base_low == fact.base_high
