"""Every number a text states, with bounds, qualifier, unit, what it counts, and its exact span."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from metrics.noun_phrases import NounPhrase, find_noun_phrase, find_rate, singular
from metrics.numerals import Number, find_numbers
from metrics.vocabulary.measures import Unit, currency_signs, currency_words, unit_symbols, unit_words


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number as stated.

    `start`/`end` span the number with its multiplier, currency sign or percent word, without
    qualifier words ("$63 million", "10 to 20", "several hundred"). `low`/`high` are bounds in full
    units, None where open. `qualifier` is exact, approx, more_than, at_least, less_than, at_most,
    range or vague. `kind` is level, change or share. `unit` is an ISO 4217 code, "percent", a
    canonical unit ("kilogram") or the singular head of the counted noun phrase ("checkpoint");
    None if nothing is counted. `per` is day, week, month, year or another counted noun.
    `of` is the counted noun phrase in lower case without the head's determiners; its span is
    `noun_start`/`noun_end` (equal when there is none). `reason` is None for a quantity, else why
    this number is none ("date", "time", "reference", "list number", "model name", "telephone",
    "law article", "age", "ordinal", ...).
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
class Measured:
    """A number with its unit: `start`/`end` as in Quantity, `after` where the unit ends."""

    number: Number
    start: int
    end: int
    after: int
    unit: Unit | None
    low: float
    high: float


QUALIFIERS_BEFORE = {
    "approx": "about|some|roughly|approximately|approx\\.?|nearly|almost|around|circa|an? estimated|estimated|close to|an? average of|"
    "averag(?:e|es|ed|ing)|in the neighborhood of|near|just about|virtually|estimated at|an approximate|~|as roughly",
    "more_than": "over|more than|in excess of|exceed(?:s|ed|ing)?|above|upwards? of|greater than|well over|just over|surpass(?:es|ed|ing)?|"
    "higher than|larger than|beyond|>|topped|north of|better than",
    "at_least": "at least|no fewer than|no less than|not less than|a minimum of|minimum of|at minimum",
    "less_than": "less than|under|fewer than|below|just under|lower than|smaller than|<|short of",
    "at_most": "up to|at most|as many as|as much as|no more than|not more than|a maximum of|maximum of|not exceeding|as high as|at the most",
    "exact": "an? total of|total(?:ing|ling|s|ed|led)?(?: of)?|exactly|precisely|only|just|all|the|another|an additional|additional|an extra",
}
QUALIFIERS_AFTER = (
    ("at_least", re.compile(r"\s?\+|\s*(?:or|and) (?:more|above|higher|over|older|up)\b|-plus\b|\s+plus\b", re.I)),
    ("at_most", re.compile(r"\s*or (?:less|fewer|under|below)\b", re.I)),
    ("approx", re.compile(r"\s*(?:or so|-odd|-ish|,? approximately|,? roughly)\b", re.I)),
)
BEFORE = re.compile(
    r"(?:^|(?<=[\s(\"'>,\-]))(?:"
    + "|".join(f"(?P<{name}>{words})" for name, words in QUALIFIERS_BEFORE.items())
    + r")\s*$",
    re.IGNORECASE,
)
RANGE_JOINT = re.compile(r"\s?[-–]{1,2}\s?|\s+(?:to|or)\s+", re.IGNORECASE)
BETWEEN = re.compile(r"\bbetween\s+$", re.IGNORECASE)
WORDS_AFTER = re.compile(
    r"(?:\s+|\s?-\s?)?([A-Za-z][A-Za-z.’']*)(?:([\s-]+)([A-Za-z][A-Za-z.]*))?(?:([\s-]+)([A-Za-z][A-Za-z]*))?"
)
SYMBOL_AFTER = re.compile(
    r"(?:\s|-)?\s?[\[<]?([A-Za-zµμ°ºΩ%％‰″′\"']{1,5}(?:/[A-Za-z]{1,2})?\.?[²³]?(?:\^?[23])?)(?![A-Za-z0-9])"
)
PERCENT = re.compile(r"\s?(?:[%％]|(?:-|\s+)?per\s?cent(?:age)?(?!\w| points?| of a point)|\s+pct\b)", re.IGNORECASE)
CHANGE = re.compile(
    r"\b(?:increas\w+|decreas\w+|ris(?:e|es|en|ing)|rose|grew|grow\w*|declin\w+|drop\w*|fell|fall\w*|reduc\w+|jump\w*|climb\w+|surge\w*|"
    r"additional|another|extra|cut|raise[ds]?|gain\w*|los[st]\w*|slid|slump\w*|plunge\w*|soar\w*|up|down)(?:\s+\w+){0,3}?\s+(?:by|of|some|about|over|nearly|at least|more than|just|a further)?\s*$",
    re.IGNORECASE,
)
INCREMENT = re.compile(r"\b(?:an? )?(?:additional|another|extra|further)\s+$", re.IGNORECASE)
CHANGE_AFTER = re.compile(
    r"\s+(?:\w+\s+)?(?:increase|decrease|rise|drop|surge|reduction|decline|jump|growth|cut|fall|hike|gain|more|additional|fewer)\b",
    re.I,
)


@cache
def sign_before() -> re.Pattern[str]:
    """A currency sign or code that ends just before a number."""
    signs = sorted(currency_signs(), key=len, reverse=True)
    return re.compile(r"(?:(?<![A-Za-z$€£¥])|(?<=\())(" + "|".join(map(re.escape, signs)) + r")\s{0,2}$")


def find_quantities(text: str, start: int = 0, end: int | None = None) -> list[Quantity]:
    """Numbers in `text[start:end]`, in order, never overlapping; offsets index `text`."""
    end = len(text) if end is None else end
    measured = [measure(text, number, end) for number in find_numbers(text, start, end)]
    found: list[Quantity] = []
    for low, high, joint in pair_ranges(text, [m for m in measured if m is not None]):
        found.append(read_quantity(text, low, high, joint, found[-1] if found else None, start, end))
    return found


def measure(text: str, number: Number, end: int) -> Measured | None:
    """The number with the currency or unit next to it; None for "a" with no unit of measure."""
    before = sign_before().search(text, max(0, number.start - 12), number.start)
    start = before.start(1) if before else number.start
    value = number.value * 100 if number.style == "fraction" and number.value < 1 else number.value
    if number.style == "article":
        unit, _, after = unit_after(text, number.end, end)
        if unit is None:
            return None
        return Measured(number, start, number.end, after, unit, 1.0, 1.0)
    if percent := PERCENT.match(text, number.end, end):
        stop = percent.end()
        return Measured(number, start, stop, stop, Unit("percent", "ratio"), number.value, number.value)
    unit, stop, after = unit_after(text, number.end, end)
    if before:
        if unit and unit.dimension == "money":
            return Measured(number, start, stop, after, unit, value, value)
        return Measured(number, start, number.end, number.end, currency_signs()[before[1]], value, value)
    if number.style == "fraction" and number.value < 1 and unit is None:
        share = round(number.value * 100, 2)
        return Measured(number, start, stop, stop, Unit("percent", "ratio"), share, share)
    if number.style == "fraction":
        value = number.value
    return Measured(number, start, stop, after, unit, value, value)


def unit_after(text: str, position: int, end: int) -> tuple[Unit | None, int, int]:
    """The unit or currency that follows, where the quantity's span ends, and where the unit ends."""
    joint = re.compile(r"\s+of(?=\s)|\s+an?(?=\s)").match(text, position, end)
    begin = joint.end() if joint else position
    words = WORDS_AFTER.match(text, begin, end)
    if words and not text[begin : words.start(1)].startswith("-\n"):
        for last in (5, 3, 1):
            if words[last] is None:
                continue
            name = re.sub(r"\s+", " ", text[words.start(1) : words.end(last)].lower())
            for candidate in (name, name.rstrip(".")):
                if candidate in currency_words():
                    return currency_words()[candidate], words.end(last), words.end(last)
                if candidate in unit_words() and (begin == position or unit_words()[candidate].dimension != "time"):
                    return unit_words()[candidate], position, words.end(last)
    if joint:
        return None, position, position
    symbol = SYMBOL_AFTER.match(text, position, end)
    if symbol and (unit := unit_symbols().get(symbol[1]) or unit_symbols().get(symbol[1].rstrip("."))):
        glued = symbol.start(1) == position
        if glued or symbol[1] not in ("in", "a", "A", "s", "t", "'", '"', "C", "T", "h", "K", "F", "B", "V", "st"):
            return unit, position, symbol.end(1)
    code = re.compile(r"\s?([A-Z]{2,4}\$?|[€£₤]|\$)(?![A-Za-z])").match(text, position, end)
    if code and (money := currency_signs().get(code[1])):
        return money, code.end(1), code.end(1)
    return None, position, position


def pair_ranges(text: str, measured: list[Measured]) -> list[tuple[Measured, Measured, str | None]]:
    """Measured numbers, two joined where they are the ends of a range or the same number twice."""
    pairs: list[tuple[Measured, Measured, str | None]] = []
    i = 0
    while i < len(measured):
        low = measured[i]
        high = measured[i + 1] if i + 1 < len(measured) else None
        joint = joins(text, low, high) if high else None
        pairs.append((low, high if high and joint else low, joint))
        i += 2 if joint else 1
    return pairs


def joins(text: str, low: Measured, high: Measured) -> str | None:
    """ "range" or "repeat" if the two numbers are one figure."""
    if low.number.style == "article" or high.number.style == "article":
        return None
    between = text[low.end : high.start]
    if (
        low.number.style == "words"
        and between.strip() == "("
        and text[high.end : high.end + 1] == ")"
        and low.low == high.low
    ):
        return "repeat"
    if low.after > high.start or len(between) > 40:
        return None
    after_unit = text[low.after : high.start]
    same = low.unit is None or high.unit is None or low.unit.name == high.unit.name
    if not same or low.number.style == "code" or high.number.style == "code":
        return None
    if RANGE_JOINT.fullmatch(after_unit) and low.low * scale_gap(low, high) < high.low:
        return "range"
    if re.fullmatch(r"\s+(?:and|to)\s+", after_unit, re.I) and BETWEEN.search(text, max(0, low.start - 10), low.start):
        return "range"
    return None


def scale_gap(low: Measured, high: Measured) -> float:
    """1, or the multiplier that the low end leaves out ("2-3 million")."""
    digits = high.number
    for scale in (1e12, 1e9, 1e6, 1e3, 1e2):
        if digits.style in ("digits", "words") and high.low >= scale and low.low < 1000 and low.low * scale <= high.low:
            return (
                scale
                if digits.value / scale < 1000 and digits.end - digits.start > len(str(int(digits.value / scale))) + 3
                else 1.0
            )
    return 1.0


def read_quantity(
    text: str, low: Measured, high: Measured, joint: str | None, previous: Quantity | None, start: int, end: int
) -> Quantity:
    """The quantity of one number or one range."""
    unit = high.unit or low.unit
    first = low.start
    stop = high.end if joint else low.end
    after = max(high.after, stop) + (1 if joint == "repeat" else 0)
    qualifier, _ = qualifier_of(text, low, high, after, start, end)
    bounds = bounds_of(low, high, joint, qualifier)
    noun = find_noun_phrase(text, first, after, start, end, unit is not None)
    per, noun = find_rate(text, after, noun, end, unit)
    name = unit.name if unit else singular(noun.head) if noun.head else None
    if unit and unit.per:
        per = unit.per
    return Quantity(
        first,
        stop,
        bounds[0],
        bounds[1],
        bounds[2],
        kind_of(text, first, after, unit, start, end),
        name,
        per,
        noun.text,
        noun.start,
        noun.end,
        reason_against(text, low, high, joint),
    )


def reason_against(text: str, low: Measured, high: Measured, joint: str | None) -> str | None:
    """Why the number is no quantity, or None."""
    number = low.number
    before, after = text[max(0, number.start - 14) : number.start], text[high.number.end : high.number.end + 12]
    if number.style == "code":
        return "reference"
    if number.style == "digits" and low.unit is None:
        if re.search(r"[A-Za-z]-?$", before):
            return "model name"
        if re.fullmatch(r"(?:19|20)\d\d", text[number.start : number.end]) and not re.match(r"\s+[a-z]+s\b", after):
            return "date"
        if re.search(
            r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)\.?\s*$",
            before,
        ):
            return "date"
        if re.match(
            r"\s*(?:January|February|March|April|May|June|July|August|September|October|November|December)\b", after
        ):
            return "date"
        if re.match(r":\d\d|\s?[ap]\.?m\b|Z\b", after):
            return "time"
        if re.match(r"(?:st|nd|rd|th)\b", after):
            return "ordinal"
    return None


def qualifier_of(text: str, low: Measured, high: Measured, after: int, start: int, end: int) -> tuple[str | None, int]:
    """The qualifier word before or after, and where the stretch of qualifiers begins."""
    for position in (high.end, after):
        for name, pattern in QUALIFIERS_AFTER:
            if pattern.match(text, position, end):
                return name, low.start
    found, begin = None, low.start
    for _ in range(3):
        match = BEFORE.search(text, max(start, begin - 24), begin)
        if match is None or match.lastgroup is None:
            break
        if match.lastgroup != "exact" and found in (None, "exact", "approx"):
            found = match.lastgroup
        begin = match.start()
    return found, begin


def bounds_of(
    low: Measured, high: Measured, joint: str | None, qualifier: str | None
) -> tuple[float | None, float | None, str]:
    """low, high and qualifier as the reference guide records them."""
    if joint == "range":
        return low.low * scale_gap(low, high), high.high, "range"
    value = low.low
    if low.number.style == "vague":
        if qualifier in ("at_most", "less_than"):
            return None, low.number.top, qualifier
        return value, None, qualifier if qualifier in ("more_than", "at_least") else "vague"
    if qualifier in ("more_than", "at_least"):
        return value, None, qualifier
    if qualifier in ("less_than", "at_most"):
        return None, value, qualifier
    return value, value, qualifier or "exact"


def kind_of(text: str, first: int, after: int, unit: Unit | None, start: int, end: int) -> str:
    """level, change or share."""
    if INCREMENT.search(text, max(start, first - 20), first):
        return "change"
    if CHANGE_AFTER.match(text, after, end) or CHANGE.search(text, max(start, first - 60), first):
        return "change"
    return "share" if unit is not None and unit.name == "percent" else "level"


def quantity_record(text: str, quantity: Quantity) -> dict[str, object]:
    """A quantity as one JSON object, with the number as it stands in `value_text`."""
    fields = ("start", "end", "low", "high", "qualifier", "unit", "per", "of", "kind")
    record: dict[str, object] = {name: getattr(quantity, name) for name in fields}
    record["value_text"] = text[quantity.start : quantity.end]
    return record
