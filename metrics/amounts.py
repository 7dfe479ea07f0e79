"""Numbers with the unit or currency written next to them, and two numbers that make one figure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

from metrics.numerals import Number
from metrics.vocabulary.measures import Unit, currency_signs, currency_words, unit_symbols, unit_words

PERCENT_UNIT = Unit("percent", "ratio")
LONGEST_SIGN = 10
# Currencies that are also common words ("30 won seats") or that stand on goods: only from this amount on.
LEAST_COINS = 100
ALSO_WORDS = frozenset("won sum som lat sol kip rand dram crown crowns colon lei leu lev".split())

PERCENT = re.compile(
    r"\s?[%％]|(?:\s+|\s?-\s?)?(?:per\s?-?cent(?:age)?|pct\.?|pc)(?![\w%]|[\s-]+points?\b)", re.IGNORECASE
)
WORDS = re.compile(
    r"(?:\s+|\s?-\s?)?([A-Za-z][A-Za-z.’']*)(?:[\s-]+([A-Za-z][A-Za-z.]*))?(?:[\s-]+([A-Za-z][A-Za-z]*))?"
)
SYMBOL = re.compile(r"\s?-?\s?[\[<]?((?:°\s?)?[A-Za-zµμºΩ℃℉°‰″′\"']{1,6}(?:/[A-Za-z]{1,3})?\.?(?:\^?[23²³])?)(?![A-Za-z0-9])")
CODE_AFTER = re.compile(r"\s?([A-Z]{1,4}\$?|[€£₤¥₽₪₴₹$])(?![A-Za-z])")
JOINT = re.compile(r"\s+of(?=\s)|\s+an?(?=\s)", re.IGNORECASE)
# Symbols that are common words or letters: read as units only when they touch the digits.
GLUED_ONLY = frozenset("in a A s t ' \" C T h K F B V st J N R pt rad bar ct kt pp Mt deg MP mi mA".split())
PREFIXED_SIGN = re.compile(r"(?<![A-Za-z$'’&.])((?:US|U\.S\.|[A-Z]{1,3})\s?\$|\$\s?US|[€£¥₤$])\s*$|(?<![A-Za-z])((?:us|hk|nz|[cr])\s\$)\s*$")
RANGE = re.compile(r"\s?[-–—]{1,2}\s?|\s+to\s+|-to-|\s+or\s+|/(?=\$)", re.IGNORECASE)
PAIRED = re.compile(r"\s+(?:and|to)\s+(?:about\s+|nearly\s+|over\s+)?", re.IGNORECASE)
BETWEEN = re.compile(r"\b(?:between|from)\s+(?:about\s+|roughly\s+|approximately\s+|some\s+)?$", re.IGNORECASE)
CHANGE_FROM = re.compile(
    r"\b(?:increas|decreas|rais|rise|rising|rose|grew|grow|fell|fall|drop|declin|reduc|jump|climb|up\b|down\b|cut|expand|boost|slow|"
    r"eas|edg|improv|widen|doubl|upgrad|hik|lower|slid|soar|surg)\w*\b[^.;]{0,90}$",
    re.IGNORECASE,
)
NEGATIVE = re.compile(r"(?:(?<=[A-Za-z)]\s)|(?<=\())[-−–]$|\bminus[\s-]$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its unit.

    `start`/`end` as in Quantity; `after` is where the unit ends. `low`/`high` are the two ends of a range,
    else equal. `joint` is "range" or "repeat" ("four (4)") where two numbers were joined.
    """

    number: Number
    start: int
    end: int
    after: int
    unit: Unit | None
    low: float
    high: float
    joint: str | None = None


@cache
def sign_before() -> re.Pattern[str]:
    """A currency sign or code that ends just before a number."""
    signs = sorted(currency_signs(), key=len, reverse=True)
    return re.compile(r"(?<![A-Za-z$€£¥])(" + "|".join(map(re.escape, signs)) + r")\s{0,2}$")


def measure(text: str, number: Number, start: int, end: int) -> Amount | None:
    """The number with the currency or unit next to it; None for "a" with no unit of measure."""
    if number.style == "article":
        unit, _, after = unit_after(text, number.end, end, number.value)
        if unit is None or unit.dimension == "time":
            return None
        return Amount(number, number.start, number.end, after, unit, 1.0, 1.0)
    if percent := PERCENT.match(text, number.end, end):
        return signed(text, Amount(number, number.start, percent.end(), percent.end(), PERCENT_UNIT, number.value, number.value))
    unit, stop, after = unit_after(text, number.end, end, number.value)
    sign = currency_before(text, number.start, start) if number.style != "code" else None
    if sign is not None:
        money, begin = sign
        if unit is None or unit.dimension != "money":
            stop = after = number.end
        return Amount(number, begin, stop, after, money, number.value, number.value)
    if number.style == "fraction" and unit is None:
        share = round(number.value * 100, 2)
        return Amount(number, number.start, number.end, number.end, PERCENT_UNIT, share, share)
    return signed(text, Amount(number, number.start, stop, after, unit, number.value, number.value))


def signed(text: str, amount: Amount) -> Amount:
    """The amount below zero where a minus sign stands before a percentage, a temperature or a change."""
    if amount.unit is None or amount.unit.dimension == "money":
        return amount
    sign = NEGATIVE.search(text, max(0, amount.start - 7), amount.start)
    if sign is None:
        return amount
    return replace(amount, start=sign.start(), low=-amount.low, high=-amount.high)


def currency_before(text: str, position: int, start: int) -> tuple[Unit, int] | None:
    """The currency whose sign or code ends at `position`, and where it begins."""
    tail = text[max(start, position - 2) : position].rstrip()
    if not tail or tail[-1].isdigit() or tail[-1] in ",;:)":
        return None
    begin = max(start, position - LONGEST_SIGN)
    if tail[-1] in "$€£¥₤S" and (match := PREFIXED_SIGN.search(text, begin, position)):
        sign = (match[1] or match[2]).replace(" ", "").upper().replace("$US", "US$")
        if unit := currency_signs().get(sign):
            return unit, match.start()
    match = sign_before().search(text, begin, position)
    if match is None or (match[1].isalpha() and len(match[1]) < 2):
        return None
    return currency_signs()[match[1]], match.start(1)


def unit_after(text: str, position: int, end: int, value: float) -> tuple[Unit | None, int, int]:
    """The unit or currency that follows, where the quantity's span ends, and where the unit ends."""
    joint = JOINT.match(text, position, end)
    begin = joint.end() if joint else position
    words = WORDS.match(text, begin, end)
    if words is not None and (found := unit_in_words(text, words, joint is not None, value)):
        unit, after = found
        return unit, (after if unit.dimension == "money" else position), after
    if joint is None:
        symbol = SYMBOL.match(text, position, end)
        if symbol and (unit := symbol_unit(symbol, position)):
            return unit, position, symbol.end(1)
        code = CODE_AFTER.match(text, position, end)
        if code and (money := currency_signs().get(code[1])) and (len(code[1]) > 2 or not code[1].isalpha()):
            return money, code.end(1), code.end(1)
    return None, position, position


def unit_in_words(text: str, words: re.Match[str], joined: bool, value: float) -> tuple[Unit, int] | None:
    """The longest name of a unit or currency that `words` begin with, and its end."""
    for last in (3, 2, 1):
        if words[last] is None:
            continue
        name = " ".join(text[words.start(1) : words.end(last)].lower().replace("-", " ").split()) if last > 1 else words[1].lower()
        for candidate in dict.fromkeys((name, name.rstrip("."), name.replace(" ", "-"))):
            if (money := currency_words().get(candidate)) and (value >= LEAST_COINS or candidate not in ALSO_WORDS):
                return money, words.end(last)
            unit = unit_words().get(candidate)
            if unit and not (joined and unit.dimension == "time"):
                return unit, words.end(last)
    return None


def symbol_unit(symbol: re.Match[str], position: int) -> Unit | None:
    """The unit that a symbol after digits stands for."""
    unit = unit_symbols().get(symbol[1]) or unit_symbols().get(symbol[1].rstrip("."))
    if unit is None or (symbol.start(1) != position and symbol[1].rstrip(".") in GLUED_ONLY):
        return None
    return unit


def join_amounts(text: str, amounts: Iterable[Amount], start: int) -> list[Amount]:
    """The amounts, two joined where they are the ends of a range or one number given twice."""
    joined: list[Amount] = []
    for amount in amounts:
        both = join(text, joined[-1], amount, start) if joined and joined[-1].joint is None else None
        if both is not None:
            joined[-1] = both
        elif not joined or amount.start >= joined[-1].end:
            joined.append(amount)
    return joined


def join(text: str, low: Amount, high: Amount, start: int) -> Amount | None:
    """One amount out of two, or None."""
    if high.start - low.after > 16 or low.number.style in ("article", "code") or high.number.style in ("article", "code"):
        return None
    between = text[low.after : high.start]
    if between.strip() == "(" and low.high == high.low and text.startswith(")", high.end):
        return replace(low, after=high.end + 1, joint="repeat")
    if not units_agree(low, high) or not is_range(text, between, low, start):
        return None
    unit = high.unit or low.unit
    floor = low.low
    if high.number.scale > 1 and low.number.scale == 1 and low.low < high.number.value / high.number.scale:
        floor = low.low * high.number.scale
    if floor >= high.high:
        return None
    return Amount(low.number, low.start, high.end, high.after, unit, floor, high.high, "range")


def units_agree(low: Amount, high: Amount) -> bool:
    """Whether two ends may share a unit: "2 to 3 tons", "$5 to $6", "USD 500-1,000"; not "5 percent to 30"."""
    if low.unit is None:
        return high.unit is None or low.number.style != "fraction"
    if high.unit is None:
        return low.unit.dimension == "money" and low.after == low.number.end
    return low.unit.name == high.unit.name


def is_range(text: str, between: str, low: Amount, start: int) -> bool:
    """Whether the words between (and before) two numbers make them a range."""
    lead = BETWEEN.search(text, max(start, low.start - 24), low.start)
    if lead and lead[0].lower().startswith("from"):
        return bool(RANGE.fullmatch(between)) and not CHANGE_FROM.search(text, max(start, lead.start() - 120), lead.start())
    return bool(RANGE.fullmatch(between) or (lead and PAIRED.fullmatch(between)))
