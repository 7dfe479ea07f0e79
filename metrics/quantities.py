"""Every number a text states, with bounds, qualifier, unit, what it counts, and its exact span."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from metrics.amounts import Amount, join_amounts, measure
from metrics.noun_phrases import (
    NounPhrase,
    label_before,
    phrase_after,
    rate_after,
    rate_nearby,
    singular,
    subject_before,
)
from metrics.number_reasons import reason_against
from metrics.numerals import find_numbers


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


# Reasons of numbers that do state an amount: none, or that it gives the amount before it again.
STATED = (None, "conversion")
LONGEST_QUALIFIER = 26
QUALIFIERS_BEFORE = {
    "approx": r"about|some|roughly|approximately|approx\.?|nearly|almost|around|circa|ca\.|(?:an? )?estimated(?: at)?|close to|"
    r"in the neighborhood of|near|just about|virtually|an approximate|as roughly|~|approaching|on average|estimates? of|something like|in the region of",
    "more_than": r"over|more than|in excess of|exceed(?:s|ed|ing)?|above|upwards? of|greater than|higher than|larger than|beyond|>|"
    r"north of|better than|longer than|greater than",
    "at_least": r"at least|no fewer than|no less than|not less than|(?:a )?minimum (?:of )?|at minimum|at a minimum|as few as|as little as|as low as|≥|minimally",
    "less_than": r"less than|under|fewer than|below|lower than|smaller than|<|short of|shy of|sub-|younger than|within",
    "at_most": r"up to|at most|as many as|as much as|no more than|not more than|(?:a )?maximum (?:of )?|not exceeding|as high as|at the most|as long as|≤|no greater than",
    "exact": r"totall?(?:ing|s|ed)?(?: of)?|exactly|precisely|only|just|(?:an |some )?additional|an extra|a further|another|well|(?:a|the) (?:combined|full|record|whopping|grand total of)|"
    r"a total of|far|slightly|much|an? ",
}
BEFORE = re.compile(
    r"(?:^|(?<=[\s(\"“'>,;:/\-]))(?:"
    + "|".join(f"(?P<{name}>{words})" for name, words in QUALIFIERS_BEFORE.items())
    + r")\s*$",
    re.IGNORECASE,
)
# Verbs that "over" belongs to: "handed over eleven children".
PARTICLE = re.compile(
    r"\b(?:hand|turn|t[ao]ke|took|sign|mull|carr|pass|left|pull|br?ought|transfer|cross|g[io]ve|gave)\w*\s+(?:\w+\s+)?over\s*$",
    re.IGNORECASE,
)
# Before "over" and a duration: only then a floor ("for over two years"); else it is a preposition ("loan over 3 years").
LASTING = re.compile(
    r"\b(?:for|in|after|of|took|takes|take|lasted|lasts|last|well|just|been|is|was|are|were|to|than|with)\s+$",
    re.IGNORECASE,
)
QUALIFIERS_AFTER = (
    ("more_than", re.compile(r"\s?\+(?!\d)|-?\s?plus\b(?!\s\d)", re.IGNORECASE)),
    ("at_least", re.compile(r"\s*(?:or|and) (?:more|above|higher|over|older|up|greater|beyond)\b", re.IGNORECASE)),
    ("at_most", re.compile(r"\s*(?:or|and) (?:less|fewer|under|below|younger)\b", re.IGNORECASE)),
    ("approx", re.compile(r"\s*(?:or so|-?odd|-?ish|,? approximately|,? roughly|or thereabouts)\b", re.IGNORECASE)),
)
ESTIMATED_AFTER = re.compile(r"[^.;:]{0,60}?\b(?:is|are|was|were) estimated\b", re.IGNORECASE)

VERBS_OF_CHANGE = (
    r"increas(?:e[sd]?|ing)|decreas(?:e[sd]?|ing)|ris(?:e|es|en|ing)|rose|gr(?:ew|ow|ows|own|owing)|declin(?:e[sd]?|ing)|drop(?:s|ped|ping)?|fell|fall(?:s|en|ing)?|reduc(?:e[sd]?|ing)|"
    r"jump(?:s|ed|ing)?|climb(?:s|ed|ing)?|surg(?:e[sd]?|ing)|gain(?:s|ed|ing)?|lost|los(?:es?|ing)|slid|slump(?:s|ed|ing)?|plung(?:e[sd]?|ing)|soar(?:s|ed|ing)?|tumbl(?:e[sd]?|ing)|"
    r"plummet(?:s|ed|ing)?|advanc(?:e[sd]?|ing)|rall(?:y|ied|ies|ying)|shrank|shrunk|edged|eased|sank|dipped|expand(?:s|ed|ing)?|contracted|up|down|swell(?:s|ed)?|raised|cut|added|slipped|"
    r"higher|lower|doubled|retreated|dived|strengthened|weakened|narrowed|widened|dropping|spiked|rocketed|skyrocketed|inched|crept|shed|ticked|rebounded|recovered"
)
# "rose by 30 percent", "an increase of 4,000": the word, then "by" or "of", then only qualifiers.
CHANGE_BY = re.compile(
    rf"\b(?:{VERBS_OF_CHANGE}|rises?|reductions?|increments?|drop|growth|gains?)(?:\s+(?!to\b|from\b|in\b)[a-z-]+){{0,3}}?\s+(?:by|of)\s+(?:[a-z]+\s+){{0,3}}$",
    re.IGNORECASE,
)
# "rose 5 percent", "was down 0.1 per cent": only before measured changes, where no object is meant.
CHANGE_DIRECT = re.compile(
    rf"\b(?:{VERBS_OF_CHANGE})(?:\s+(?:up|down|off|about|over|nearly|almost|around|roughly|more|less|than|some|approximately|at|least|another|a|an|further|only|just|slightly|sharply|as|much|or|by|over|well|estimated))*\s+[-–]?$",
    re.IGNORECASE,
)
CHANGE_AFTER = re.compile(
    r"[\s-]+(?:[a-z-]+\s+)?(?:increase|decrease|rise|drop|surge|reduction|decline|jump|growth|fall|hike|gain|upsurge|downturn|slump|upswing|loss|dip)s?\b",
    re.IGNORECASE,
)
INCREMENT_BEFORE = re.compile(r"\b(?:additional|a further|further|an extra|extra)\s+(?:[a-z]+\s+){0,2}$", re.IGNORECASE)
INCREMENT_AFTER = re.compile(r"\s+(?:more|extra|fewer)\s+(?!than\b)[a-z]", re.IGNORECASE)
CHANGING_UNITS = frozenset(("ratio", "money", "angle", "frequency"))
POINTS = re.compile(r"\s+(?:points?|pips?|ticks?)\b")
CONVERTED = re.compile(
    r"\s*(?:of\s+\w+\s+)?[(\[]\s*(?:about|approximately|approx\.?|or|around|roughly|nearly|equivalent to|equal to|i\.e\.,?|over|some|~|=|just over|more than|less than|an estimated)?\s*$",
    re.IGNORECASE,
)
CONVERTED_PLAIN = re.compile(
    r"\s*,?\s*(?:or|equivalent to|the equivalent of|i\.e\.)\s+(?:about|approximately|around|roughly|nearly|some)?\s*$",
    re.IGNORECASE,
)
# Nothing but a joint between two numbers: ", or 0.6%", "up 64 points to 4,577".
CONNECTIVE = re.compile(
    r"(?:\s+[a-z]+)?\s*[,(]?\s*(?:or|and|to|from|by|at|,|about|nearly|up|down|a|of|on|in|total|end|close|finish|fall|rise|\s)*\s*[(]?",
    re.IGNORECASE,
)
ALTERNATIVE = re.compile(r"(?:\s+[a-z]+)?\s*,?\s+or\s+(?:about\s+|nearly\s+)?", re.IGNORECASE)
SENTENCE_END = re.compile(r"[.!?]['\")]?\s+(?=[A-Z(])|\n\s*\n")


def find_quantities(text: str, start: int = 0, end: int | None = None) -> list[Quantity]:
    """Numbers in `text[start:end]`, in order, never overlapping; offsets index `text`."""
    end = len(text) if end is None else end
    measured = (measure(text, number, start, end) for number in find_numbers(text, start, end))
    amounts = join_amounts(text, [amount for amount in measured if amount is not None], start)
    found: list[Quantity] = []
    last: Stated | None = None
    for i, amount in enumerate(amounts):
        following = amounts[i + 1].start if i + 1 < len(amounts) else end
        quantity = read_quantity(text, amount, last, following, start, end)
        found.append(quantity)
        if quantity.reason in STATED:
            last = Stated(amount, quantity, last)
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
    label = noun is None and amount.unit is None
    if label:
        noun = label_before(text, begin, start)
    if noun is not None and not (label and last and noun.head[:1].isupper() and not begin == start):
        return unit or singular(noun.head), noun
    heir = last
    while heir and heir.before and (heir.amount.unit is not None and heir.amount.unit.dimension in ("ratio", "time")):
        heir = heir.before
    if (
        unit is None
        and heir
        and heir.quantity.unit not in (None, "percent")
        and not (heir.amount.unit and heir.amount.unit.dimension == "time")
    ):
        unit = heir.quantity.unit
        if noun is not None:
            return unit, noun  # "eight positions: Algeciras (2), Barcelona (3)"
        if heir.quantity.of:
            return unit, NounPhrase(heir.quantity.of, "", heir.quantity.noun_start, heir.quantity.noun_end)
    floor = last.amount.after if last else start
    if last and CONNECTIVE.fullmatch(text, last.amount.after, begin):
        floor, begin = last.before.amount.after if last.before else start, last.amount.start
    noun = noun or subject_before(text, begin, floor)
    if noun is None and last and last.quantity.of and amount.unit is not None:
        noun = NounPhrase(last.quantity.of, "", last.quantity.noun_start, last.quantity.noun_end)
    return unit, noun or NounPhrase("", "", after, after)


def same_sentence(text: str, begin: int, stop: int) -> bool:
    """Whether no sentence ends between two places at most a few lines apart."""
    return 0 <= stop - begin < 240 and not SENTENCE_END.search(text, begin, stop)


def is_conversion(text: str, former: Amount, amount: Amount) -> bool:
    """Whether an amount gives the former one again in another unit: "30 million pesos (USD 2.1 million)"."""
    if (
        former.unit is None
        or amount.unit is None
        or former.unit.dimension != amount.unit.dimension
        or former.unit.name == amount.unit.name
    ):
        return False
    between = text[former.after : amount.start]
    return bool(CONVERTED.fullmatch(between) or CONVERTED_PLAIN.fullmatch(between))


def qualifier_before(text: str, first: int, start: int, measured_time: bool) -> tuple[int, str | None]:
    """Where the qualifier words before a number begin, and the qualifier they state."""
    found: str | None = None
    begin = first
    for _ in range(4):
        match = BEFORE.search(text, max(start, begin - LONGEST_QUALIFIER), begin)
        if match is None or match.lastgroup is None:
            break
        if (
            match[0].lower().strip() == "over"
            and measured_time
            and not LASTING.search(text, max(start, match.start() - 12), match.start())
        ):
            break
        if match.lastgroup == "more_than" and PARTICLE.search(text, max(start, begin - 40), begin):
            break
        if match.lastgroup != "exact" and found in (None, "approx"):
            found = match.lastgroup
        begin = match.start()
    return begin, found


def qualifier_after(text: str, amount: Amount, qualifier: str | None, end: int) -> tuple[int, str | None]:
    """Where the number, its unit and a qualifier behind them end, and the qualifier."""
    for place in (amount.end, amount.after):
        for name, pattern in QUALIFIERS_AFTER:
            if match := pattern.match(text, place, end):
                return max(match.end(), amount.after), qualifier or name
    if qualifier is None and ESTIMATED_AFTER.match(text, amount.after, end):
        qualifier = "approx"
    return amount.after, qualifier


def bounds_of(amount: Amount, qualifier: str | None) -> tuple[float | None, float | None, str]:
    """low, high and qualifier as figures are recorded: open ends are None, vague magnitudes have a floor only."""
    if amount.joint == "range":
        return amount.low, amount.high, "range"
    if amount.number.style == "vague":
        if qualifier in ("at_most", "less_than"):
            return None, amount.number.top, qualifier
        return amount.low, None, qualifier if qualifier in ("more_than", "at_least") else "vague"
    if qualifier in ("more_than", "at_least"):
        return amount.low, None, qualifier
    if qualifier in ("less_than", "at_most"):
        return None, amount.high, qualifier
    return amount.low, amount.high, qualifier or "exact"


def kind_of(text: str, amount: Amount, begin: int, after: int, start: int, end: int) -> str:
    """ "change" for an increment, "share" for a percentage or fraction, else "level"."""
    share = amount.unit is not None and amount.unit.name == "percent"
    first = amount.start
    if INCREMENT_BEFORE.search(text, max(start, first - 32), first) or INCREMENT_AFTER.match(text, after, end):
        return "change"
    before = text[max(start, first - 60) : first].lower()
    if (" by " in before or " of " in before) and CHANGE_BY.search(before):
        return "change"
    measured = amount.unit is not None and amount.unit.dimension in CHANGING_UNITS or POINTS.match(text, after, end)
    if measured and CHANGE_DIRECT.search(text, max(start, first - 48), first):
        return "change"
    if share and (amount.low < 0 or CHANGE_AFTER.match(text, after, end)):
        return "change"
    return "share" if share else "level"


def quantity_record(text: str, quantity: Quantity) -> dict[str, object]:
    """A quantity as one JSON object, with the number as it stands in `value_text`."""
    fields = ("start", "end", "low", "high", "qualifier", "unit", "per", "of", "kind")
    record: dict[str, object] = {name: getattr(quantity, name) for name in fields}
    record["value_text"] = text[quantity.start : quantity.end]
    return record
