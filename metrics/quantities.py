"""Every number a text states, with bounds, qualifier, unit, what it counts, and its exact span."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from metrics.amounts import Amount, join_amounts, measure
from metrics.noun_phrases import (
    CLAUSE_BEFORE,
    PERIODS,
    NounPhrase,
    has_verb,
    label_before,
    number_told_before,
    phrase_after,
    rate_after,
    rate_nearby,
    row_label,
    singular,
    subject_before,
)
from metrics.number_reasons import reason_against
from metrics.numerals import find_numbers
from metrics.qualifiers import POINTS, bounds_of, is_conversion, kind_of, qualifier_after, qualifier_before


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number as stated.

    `start`/`end` span the number with its multiplier, currency sign or percent word, without
    qualifier words ("$63 million", "10 to 20", "several hundred"). `low`/`high` are bounds in full
    units, None where open. `qualifier` is exact, approx, more_than, at_least, less_than, at_most,
    range or vague. `kind` is level, change or share. `unit` is an ISO 4217 code, "percent", a
    canonical unit ("kilogram") or the singular head of the counted noun phrase ("checkpoint");
    None if nothing is counted. A currency whose country the text leaves open is its bare name ("dinar").
    `per` is day, week, month, year or another counted noun.
    `of` is the counted noun phrase in lower case without the head's determiners; its span is
    `noun_start`/`noun_end` (equal when there is none). After a unit it is what is measured ("kilos of
    cocaine"), else the nearest phrase before the number ("inflation rose 3 percent"); where a number
    stands alone ("10 to 20 returned empty") unit and phrase are those of the quantity before it.
    `reason` is None for a quantity, else why this number is none (metrics.number_reasons.REASONS).
    """

    start: int
    end: int
    low: float | None
    high: float | None
    qualifier: str
    kind: str
    unit: str | None
    per: str | None
    of: str
    noun_start: int
    noun_end: int
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Stated:
    """A quantity already read, with its amount and the one read before it."""

    amount: Amount
    quantity: Quantity
    before: Stated | None


# Reasons of numbers that state an amount: none, or that it gives the amount before it again.
STATED = (None, "conversion")
# Nothing but a joint between two numbers: ", or 0.6%", "up 64 points to 4,577".
CONNECTIVE = re.compile(
    r"(?:\s++[a-z]+)?\s*+[,(]?\s*+"
    r"(?:or|and|total|to|from|by|at|,|about|nearly|up|down|a|of|on|in|end|close|finish|fall|rise|\s)*+[(]?",
    re.IGNORECASE,
)
ALTERNATIVE = re.compile(r"(?:\s++[a-z]+)?(?:\s*+,)?\s++or\s++(?:(?:about|nearly)\s++)?", re.IGNORECASE)
CLAUSE = re.compile(r"[.;:]\s|\sthat\s")
LISTED = re.compile(
    r"\s*+(?:,|,?\s*+and|,?\s*+or)\s++(?:(?:about|over|some|nearly|roughly|approximately)\s++)?", re.IGNORECASE
)
COMPARED = re.compile(
    r"\s*+(?:\([^()]*+\)\s*+)?,?\s*+(?:versus|vs\.?|compared\s++(?:to|with)|against)\s++", re.IGNORECASE
)
REACH = 400  # characters behind a number in which its unit, noun and rate are looked for
SENTENCE_END = re.compile(r"[.!?]['\")]?\s+(?=[A-Z(])|\n\s*\n")


def find_quantities(
    text: str, start: int = 0, end: int | None = None, candidates: Iterable[int] | None = None
) -> list[Quantity]:
    """Numbers in `text[start:end]`, in order, never overlapping; offsets index `text`.

    `candidates` are the places in it where a number may begin, if they are known.
    """
    end = len(text) if end is None else end
    numbers = find_numbers(text, start, end, candidates)
    measured = (measure(text, number, start, min(end, number.end + REACH)) for number in numbers)
    amounts = join_amounts(text, [amount for amount in measured if amount is not None], start)
    found: list[Quantity] = []
    last: Stated | None = None
    row = row_label(text, start, end) if amounts and end - start < REACH else None
    for i, amount in enumerate(amounts):
        following = amounts[i + 1].start if i + 1 < len(amounts) else end
        quantity = read_quantity(text, amount, last, following, start, min(end, amount.after + REACH))
        if row is not None and amount.unit is None and quantity.reason is None:
            unit, label = row
            quantity = replace(quantity, unit=unit, of=label.text, noun_start=label.start, noun_end=label.end)
        found.append(quantity)
        if quantity.reason is None:
            last = Stated(amount, quantity, last)
    return _share_rates(text, found)


def _share_rates(text: str, found: list[Quantity]) -> list[Quantity]:
    """The quantities with the rate that the last of a list gives for all: "350 people and 40 trucks cross a day".

    Not where they are the object of a verb: "has 24 officers, and 500 trucks cross a day".
    """
    for i in range(len(found) - 2, -1, -1):
        this, following = found[i : i + 2]
        counts = this.per is None and this.reason is None and this.noun_start >= this.end
        if not (counts and following.per in PERIODS and LISTED.fullmatch(text, this.noun_end, following.start)):
            continue
        if not has_verb(CLAUSE.split(text[max(0, this.start - CLAUSE_BEFORE) : this.start])[-1]):
            found[i] = replace(this, per=following.per)
    return found


def read_quantity(text: str, amount: Amount, last: Stated | None, following: int, start: int, end: int) -> Quantity:
    """The quantity of one amount; `last` is the quantity before it, `following` where the next number begins."""
    reason = reason_against(text, amount, start, end)
    if reason is not None:
        return Quantity(
            amount.start,
            amount.end,
            amount.low,
            amount.high,
            "exact",
            "level",
            None,
            None,
            "",
            amount.after,
            amount.after,
            reason,
        )
    begin, qualifier = qualifier_before(
        text, amount.start, start, amount.unit is not None and amount.unit.dimension == "time"
    )
    after, qualifier = qualifier_after(text, amount, qualifier, end)
    low, high, qualifier = bounds_of(amount, qualifier)
    if last and not same_sentence(text, last.amount.after, amount.start):
        last = None
    unit, noun = counted(text, amount, begin, after, last, start, end)
    per = amount.unit.per if amount.unit else None
    per = per or rate_after(text, after, noun, end, amount.unit is not None)
    per = per or rate_nearby(text, amount.start, after, start, min(end, following))
    if (
        per is None
        and last
        and amount.unit is None
        and (noun.start, noun.end) == (last.quantity.noun_start, last.quantity.noun_end)
    ):
        per = last.quantity.per  # an elided noun keeps its rate
    if per is None and last and COMPARED.fullmatch(text, last.amount.after, begin):
        per = last.quantity.per  # "an annual average of 324 kilos versus 221 kilos"
    kind = kind_of(text, amount, begin, after, start, end)
    if last and kind == "share" and ALTERNATIVE.fullmatch(text, last.amount.after, begin):
        kind = "change" if last.quantity.kind == "change" or POINTS.match(text, last.amount.after, begin) else kind
    if last and is_conversion(text, last.amount, amount):
        reason = "conversion"
    return Quantity(
        amount.start, amount.end, low, high, qualifier, kind, unit, per, noun.text, noun.start, noun.end, reason
    )


def counted(
    text: str, amount: Amount, begin: int, after: int, last: Stated | None, start: int, end: int
) -> tuple[str | None, NounPhrase]:
    """The unit, and the noun phrase that is counted or measured; both may come from the quantity before."""
    unit = amount.unit.name if amount.unit else None
    if amount.unit and amount.unit.dimension == "time":
        return unit, NounPhrase(
            " ".join(text[amount.end : amount.after].lower().replace("-", " ").split()),
            unit or "",
            amount.end,
            amount.after,
        )
    noun = phrase_after(text, after, end, amount.unit is not None, amount.high != 1)
    if noun is None and amount.unit is None:
        noun = number_told_before(text, begin, start)
    label = noun is None and amount.unit is None
    if label:
        noun = label_before(text, begin, start)
    if noun is not None and not (label and last and noun.head[:1].isupper() and begin != start):
        return unit or singular(noun.head), noun
    heir = find_heir(last) if unit is None else None
    if heir is not None:
        unit = heir.unit
        if noun is None and heir.of:
            return unit, NounPhrase(heir.of, "", heir.noun_start, heir.noun_end)
        if noun is not None:
            return unit, noun  # "eight positions: Algeciras (2), Barcelona (3)"
    floor = last.amount.after if last else start
    if last and CONNECTIVE.fullmatch(text, last.amount.after, begin):
        floor, begin = last.before.amount.after if last.before else start, last.amount.start
    noun = noun or subject_before(text, begin, floor)
    if noun is None and last and last.quantity.of and amount.unit is not None:
        noun = NounPhrase(last.quantity.of, "", last.quantity.noun_start, last.quantity.noun_end)
    return unit, noun or NounPhrase("", "", after, after)


def find_heir(last: Stated | None) -> Quantity | None:
    """The quantity before whose unit a bare number takes on: the nearest that is no percentage and no duration."""
    while last is not None:
        dimension = last.amount.unit.dimension if last.amount.unit else None
        if dimension not in ("ratio", "time"):
            return last.quantity if last.quantity.unit not in (None, "percent") else None
        last = last.before
    return None


def same_sentence(text: str, begin: int, stop: int) -> bool:
    """Whether no sentence ends between two places at most a few lines apart."""
    return 0 <= stop - begin < 240 and not SENTENCE_END.search(text, begin, stop)


def quantity_record(text: str, quantity: Quantity) -> dict[str, object]:
    """A quantity as one JSON object, with the number as it stands in `value_text`."""
    fields = ("start", "end", "low", "high", "qualifier", "unit", "per", "of", "kind")
    record: dict[str, object] = {name: getattr(quantity, name) for name in fields}
    record["value_text"] = text[quantity.start : quantity.end]
    return record
