"""Values computed from stated ones, each with formula and inputs: earlier years, remainders, coverage, totals."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from itertools import combinations

from metrics.catalog import METRICS
from metrics.observations import DOUBTFUL
from metrics.reconcile.computed import Bounds, add_bounds, make_derived, qualify
from metrics.reconcile.coverage import derive_coverage
from metrics.reconcile.fact import Fact, Links, same_party, say_bounds, say_figure
from metrics.reconcile.likeness import significant_digits
from metrics.reconcile.totals import add_years
from metrics.reconcile.wording import name_in_sentence

BASE_YEAR = re.compile(
    r"""\b(?: over | from | than | since | against | above | below | compared\ (?:to|with) )\s+
    (?: the\s+ )? (?: (?:same|corresponding|previous)\s+ )?  # "over the same period of 2005"
    (?: (?:year|period|months?)\s+(?:of|in)\s+ )? (?: those\s+(?:of|in)\s+ | that\s+of\s+ | in\s+ )?
    ( (?:19|20)\d\d )\b""",
    re.IGNORECASE | re.VERBOSE,
)
YEAR_BEFORE = re.compile(r"\b(?:over|from|than|compared (?:to|with))\s+(?:the\s+)?(?:previous|last|prior) year\b", re.I)
RISE = re.compile(r"\b(?:increas|r[io]se|rising|grew|grow|up by|jump|climb|surg|more than in)\w*", re.IGNORECASE)
FALL = re.compile(r"\b(?:decreas|declin|fell|fall|drop|reduc|down by|less than in|fewer)\w*", re.IGNORECASE)


def derive_facts(facts: Sequence[Fact], links: Links) -> list[Fact]:
    """Coverage, remainders and yearly totals: what follows from figures and the ties between them."""
    totals, _ = add_years(facts, links)
    return _once([*derive_coverage(facts, links), *_remainders(facts, links), *totals])


def _once(facts: Iterable[Fact]) -> list[Fact]:
    return list({fact.id: fact for fact in facts}.values())


def _is_sure(fact: Fact) -> bool:
    """Whether a figure may be subtracted or be subtracted from: read without doubt, and a number, not a few words."""
    return not DOUBTFUL & set(fact.flags) and fact.qualifier != "vague"


# The year before


def derive_earlier_years(facts: Sequence[Fact]) -> list[Fact]:
    """The level of an earlier year from a level and its change ("13,000, an increase of 4,000 over 2005")."""
    return _once(_find_earlier_years(facts))


def _find_earlier_years(facts: Sequence[Fact]) -> Iterator[Fact]:
    """Earlier years from amounts first: a percentage beside one says the same again, less exactly."""
    by_sentence: dict[Hashable, list[Fact]] = defaultdict(list)
    for fact in filter(_is_sure, facts):
        for sentence in fact.sentences:
            by_sentence[(sentence, fact.metric, fact.country, fact.place)].append(fact)
    for group in by_sentence.values():
        levels = [fact for fact in group if fact.kind == "level" and fact.per is None and fact.status == "actual"]
        changes = [fact for fact in group if fact.kind == "change"]
        known: set[tuple[str, int]] = set()
        for change in sorted(changes, key=lambda change: change.scale == "percent"):
            fits = [level for level in levels if _measures(change, level)]
            year = _base_year(change)
            if len(fits) == 1 and year and not (change.scale == "percent" and (fits[0].id, year) in known):
                known.add((fits[0].id, year))
                yield from _earlier_year(fits[0], change, year)


def _measures(change: Fact, level: Fact) -> bool:
    same = change.words == level.words or bool(change.words & level.words)
    comparable = change.scale in {level.scale, "percent"} and level.scale != "percent"
    return same and comparable and change.period == level.period and same_party(change, level)


def _base_year(change: Fact) -> int | None:
    """The year a change is measured from, as its sentence names it."""
    named = {int(year) for year in BASE_YEAR.findall(change.sentence)}
    if change.start:
        named -= {change.start.year}
        if not named and YEAR_BEFORE.search(change.sentence):
            named = {change.start.year - 1}
    return named.pop() if len(named) == 1 else None


def _earlier_year(level: Fact, change: Fact, year: int) -> Iterator[Fact]:
    rises, falls = bool(RISE.search(change.sentence)), bool(FALL.search(change.sentence))
    if rises == falls:
        return
    sign = 1.0 if rises else -1.0
    if change.scale == "percent":
        low, high = _undo_percent(level, change, sign)
    else:
        low, high = _undo_amount(level, change, sign)
    if (low is None and high is None) or (low is not None and low <= 0):
        return
    verb = "-" if rises else "+"
    rounded = change.scale == "percent" and low == high
    qualifier = "approx" if rounded else qualify(low, high, (level.qualifier, change.qualifier))
    formula = f"{say_figure(level)} ({level.period}) {verb} {say_figure(change)} = {say_bounds(low, high, qualifier)}"
    model = _shift_to(level, year)
    yield make_derived(model, "earlier year", (level, change), (low, high), qualifier, formula)


def _shift_to(level: Fact, year: int) -> Fact:
    """The level at the same days of an earlier year ("2009-01/2009-07" becomes "2007-01/2007-07")."""
    if not (level.start and level.end and level.period):
        return replace(level, period=str(year), start=date(year, 1, 1), end=date(year, 12, 31))
    back = level.end.year - year
    period = re.sub(r"\b(?:19|20)\d\d\b", lambda found: str(int(found.group()) - back), level.period)
    return replace(level, period=period, start=_years_back(level.start, back), end=_years_back(level.end, back))


def _years_back(day: date, years: int) -> date:
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    return day.replace(year=day.year - years, day=last)


def _undo_amount(level: Fact, change: Fact, sign: float) -> Bounds:
    """Bounds before a rise (sign 1) or fall (sign -1), in the level's unit."""
    steps = [None if bound is None else sign * bound / level.factor for bound in (change.base_low, change.base_high)]
    least, most = steps if sign > 0 else reversed(steps)
    return _minus(level.low, most), _minus(level.high, least)


def _undo_percent(level: Fact, change: Fact, sign: float) -> Bounds:
    factors = [None if bound is None else 1 + sign * bound / 100 for bound in (change.low, change.high)]
    least, most = factors if sign > 0 else reversed(factors)
    low = level.low / most if level.low is not None and most and most > 0 else None
    high = level.high / least if level.high is not None and least and least > 0 else None
    return _round_as_given((low, high), (level.low, level.high), (change.low, change.high))


LEAST_DIGITS = 3  # with fewer, 3 % less than 20,000 were 20,000


def _round_as_given(found: Bounds, level: Bounds, change: Bounds) -> Bounds:
    """Bounds with no more digits than the figures they are computed from, or three, and whole where the level is.

    Ends of a range or of an open figure are rounded outwards, so that they still hold.

    >>> _round_as_given((39097.7, None), (52000, None), (33, 33)), _round_as_given((9.75, 9.75), (13, 13), (33.33,) * 2)
    ((39000.0, None), (10.0, 10.0))
    """
    digits = max(LEAST_DIGITS, *(significant_digits(bound) for bound in (*level, *change) if bound is not None))
    whole = all(bound is None or float(bound).is_integer() for bound in level)
    down, up = (ROUND_HALF_UP, ROUND_HALF_UP) if found[0] == found[1] else (ROUND_FLOOR, ROUND_CEILING)
    return _round_to(found[0], digits, whole, down), _round_to(found[1], digits, whole, up)


def _round_to(number: float | None, digits: int, whole: bool, rounding: str) -> float | None:
    if not number:
        return number
    exact = Decimal(str(round(number, 9)))
    place = exact.adjusted() + 1 - digits
    return float(exact.quantize(Decimal(1).scaleb(max(place, 0) if whole else place), rounding))


def _minus(first: float | None, second: float | None) -> float | None:
    return None if first is None or second is None else round(first - second, 6)


# Remainders


def _remainders(facts: Sequence[Fact], links: Links) -> Iterator[Fact]:
    """What is left of a whole beside its stated parts (over $65 million, $18 million of it: more than $47 million)."""
    by_id = {fact.id: fact for fact in facts}
    parts_of: dict[str, list[Fact]] = defaultdict(list)
    for part, whole in sorted(links.part_of.items()):
        if by_id[part].bodies & by_id[whole].bodies:
            parts_of[whole].append(by_id[part])
    for name, parts in sorted(parts_of.items()):
        sure = all(map(_is_sure, (by_id[name], *parts)))
        if sure and _comparable_parts(by_id[name], parts) and _are_apart(parts):
            yield from _remainder(by_id[name], parts)


def _comparable_parts(whole: Fact, parts: Sequence[Fact]) -> bool:
    return whole.kind == "level" and all(
        (part.kind, part.scale, part.per, part.metric) == (whole.kind, whole.scale, whole.per, whole.metric)
        for part in parts
    )


def _are_apart(parts: Sequence[Fact]) -> bool:
    """Whether no two parts can overlap: told apart in one sentence, or at different places."""
    return all(
        first.sentences & second.sentences or (first.place != second.place and first.place and second.place)
        for first, second in combinations(parts, 2)
    )


def _remainder(whole: Fact, parts: Sequence[Fact]) -> Iterator[Fact]:
    least = add_bounds([part.base_low for part in parts], whole)
    most = add_bounds([part.base_high for part in parts], whole)
    low, high = _minus(whole.low, most), _minus(whole.high, least)
    low = None if low is not None and low <= 0 else low
    smallest = 0.005 * (whole.low or whole.high or 0)
    if (low is None and high is None) or max(low or 0, high or 0) <= smallest:
        return
    inputs = (whole, *parts)
    qualifier = qualify(low, high, {fact.qualifier for fact in inputs})
    taken = " - ".join(say_figure(part) for part in parts)
    formula = f"{say_figure(whole)} - {taken} = {say_bounds(low, high, qualifier)}"
    thing = (whole.of if whole.words else parts[0].of) or METRICS[whole.metric].title.lower()
    of = f"{thing} except {_say_parts(whole, parts)}"
    yield make_derived(replace(whole, of=of, actor=None), "remainder", inputs, (low, high), qualifier, formula)


def _say_parts(whole: Fact, parts: Sequence[Fact]) -> str:
    """What tells the parts from the whole: their actors, else places, else what they count."""
    for name in ("actor", "site", "of"):
        labels = [getattr(part, name) for part in parts]
        if all(labels) and not (name == "of" and not whole.words) and getattr(whole, name) not in labels:
            shown = map(name_in_sentence, labels) if name == "actor" else labels
            return ", ".join(dict.fromkeys(shown))
    return "the stated parts"
