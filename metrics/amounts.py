"""Numbers with the unit or currency written next to them, and two numbers that make one figure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from metrics.numerals import Number
from metrics.vocabulary.grammar import word_class
from metrics.vocabulary.measures import Unit, currency_signs, currency_words, number_words, unit_symbols, unit_words

PERCENT_UNIT = Unit("percent", "ratio")
LONGEST_SIGN = 10
STERLING = Unit("GBP", "money")
LEAST_STERLING = 1e6
PAID_BEFORE = re.compile(
    r"\b(?:worth|costs?|costing|pa(?:y|ys|id|ying)|priced?|fine[sd]?|valued?|bribes?|fees?|salary|loan|grant|earn(?:s|ed)?)(?:\s+[a-z]+){0,3}\s+$",
    re.IGNORECASE,
)
# The least amount at which a currency that is also a common word is read.
LEAST_COINS = 100
WIDEST_RANGE = 2000
TYPE_NUMBER = re.compile(r"-\d")
DATED_BEFORE = re.compile(r"\b(?:in|since|during|by|of|for|from|until|FY|CY)\s+$", re.IGNORECASE)
YEAR_LEAST, YEAR_MOST = 1900, 2099

PERCENT = re.compile(
    r"\s?[%％]|(?:\s+|\s?-\s?)?(?:per\s?-?cent(?:age)?|pct\.?|pc)(?![\w%]|[\s-]+points?\b)", re.IGNORECASE
)
WORDS = re.compile(
    r"(?:\s+|\s?-\s?)?([A-Za-z][A-Za-z.’']{0,40})(?:[\s-]+([A-Za-z][A-Za-z.]{0,40}))?(?:[\s-]+([A-Za-z]{1,40}))?"
)
# Nothing that goes on to a number: six "CT-30" kits.
SYMBOL = re.compile(
    r"\s?-?\s?[\[<({]?((?:°\s?)?[A-Za-zµμºΩ℃℉°‰″′]{1,6}(?:[/-][A-Za-z]{1,3})?\.?(?:\^?[23²³])?)(?![A-Za-z0-9]|-\d)"
)
CODE_AFTER = re.compile(r"\s?([A-Z]{1,4}\$?|[^\w\s.,;:()/'\"-]|元)(?![A-Za-z\d])|\s(usd|eur|gbp|rmb|aud|cad|chf)\b")
# "1/4 point": a fraction of one thing, "3/4 of" a share.
COUNTED_FRACTION = re.compile(r"\s+(?!of\b)[A-Za-z]")
JOINT = re.compile(r"\s+of(?=\s)|\s+an?(?=\s)", re.IGNORECASE)
PREFIXED_SIGN = re.compile(
    r"(?<![A-Za-z$'’&.])((?:US|U\.S\.|[A-Z]{1,3})\s?\$|\$\s?US|[€£¥₤$])\s*$|(?<![A-Za-z])((?:us|hk|nz|[cr])\s\$|[A-Za-z]{3}\s?\$)\s*$"
)
ARTICLE_SIGN = "A $"  # "A $20,000 grant": no Australian dollars
RANGE = re.compile(r"-\s(?:to|or)\s+|\s?[-–—]{1,2}\s{0,3}|\s+to\s+|-to-|\s+or\s+", re.IGNORECASE)
PAIRED = re.compile(r"\s+(?:and|to)\s+(?:about\s+|nearly\s+|over\s+)?", re.IGNORECASE)
BETWEEN = re.compile(r"\b(?:between|from)\s+(?:about\s+|roughly\s+|approximately\s+|some\s+)?$", re.IGNORECASE)
CHANGE_FROM = re.compile(
    r"\b(?:increas|decreas|rais|rise|rising|rose|grew|grow|fell|fall|drop|declin|reduc|jump|climb|up\b|down\b|cut|expand|boost|slow|"
    r"eas|edg|improv|widen|doubl|upgrad|hik|lower|slid|soar|surg)\w*\b[^.;,]{0,100}$",
    re.IGNORECASE,
)
COINS = ("cent", "penny", "kopeck", "centavo", "centime")
LATE_SCALE = re.compile(r"\s+(million|billion|thousand|trillion)\b", re.IGNORECASE)
COIN_JOINT = re.compile(r"\s*(?:,|and)?\s*")
NEGATIVE = re.compile(r"(?:(?<=[A-Za-z)\d]\s)|(?<=\())[-−–]$|\bminus[\s-]$", re.IGNORECASE)


class Amount(NamedTuple):
    """A number with its unit.

    `start`/`end` as in Quantity; `after` is where the unit ends. `low`/`high` are the two ends of a range,
    else equal. `joint` is "range", "repeat" ("four (4)") or "sum" ("3 dollars 50 cents") where two numbers were joined.
    """

    number: Number
    start: int
    end: int
    after: int
    unit: Unit | None
    low: float
    high: float
    joint: str | None = None


def measure(text: str, number: Number, start: int, end: int) -> Amount | None:
    """The number with the currency or unit next to it; None for "a" with no unit of measure."""
    if percent := PERCENT.match(text, number.end, end):
        stop = percent.end()
        return signed(text, Amount(number, number.start, stop, stop, PERCENT_UNIT, number.value, number.value))
    unit, stop, after = unit_after(text, number.end, end, number.value)
    if number.style == "article":
        measured = unit is not None and unit.dimension != "time"
        return Amount(number, number.start, number.end, after, unit, 1.0, 1.0) if measured else None
    if unit is not None and unit.name == "pound" and is_sterling(text, number, after, start):
        unit, stop = STERLING, after
    sign = currency_before(text, number.start, start, number.value)
    if sign is not None:
        if unit is None or unit.dimension != "money" or not text[stop - 1].isalpha():
            stop = after = number.end
        return Amount(number, sign[1], stop, after, sign[0], number.value, number.value)
    if unit is not None and unit.dimension == "money":
        number, stop = scaled_late(text, number, stop, end)
        return Amount(number, number.start, stop, stop, unit, number.value, number.value)
    if number.style == "fraction" and unit is None and is_share(text, number):
        share = round(number.value * 100, 2)
        return Amount(number, number.start, number.end, number.end, PERCENT_UNIT, share, share)
    return signed(text, Amount(number, number.start, stop, after, unit, number.value, number.value))


def scaled_late(text: str, number: Number, stop: int, end: int) -> tuple[Number, int]:
    """The number with a multiplier that follows its currency ("75 USD million"), and where it ends."""
    late = LATE_SCALE.match(text, stop, end)
    if late is None:
        return number, stop
    scale = number_words()[late[1].lower()][1]
    return number._replace(value=number.value * scale, scale=scale), late.end()


def is_share(text: str, number: Number) -> bool:
    """Whether a fraction is a share ("half", "3/4 of") and no count of things ("1/4 point")."""
    return text[number.end - 1].isalpha() or not COUNTED_FRACTION.match(text, number.end)


def is_sterling(text: str, number: Number, after: int, start: int) -> bool:
    """Whether pounds are money: millions of them that are not "of" something, or pounds that are paid."""
    if text.startswith(" of ", after):
        return False
    return number.scale >= LEAST_STERLING or bool(PAID_BEFORE.search(text, max(start, number.start - 40), number.start))


def signed(text: str, amount: Amount) -> Amount:
    """The amount below zero where a minus sign stands before a percentage, a temperature or a change."""
    if amount.unit is None or amount.unit.dimension == "money":
        return amount
    sign = NEGATIVE.search(text, max(0, amount.start - 7), amount.start)
    if sign is None:
        return amount
    return amount._replace(start=sign.start(), low=-amount.low, high=-amount.high)


def currency_before(text: str, position: int, start: int, value: float) -> tuple[Unit, int] | None:
    """The currency whose sign or code ends at `position`, and where it begins."""
    tail = text[max(start, position - 2) : position].rstrip()
    if not tail or tail[-1].isdigit() or tail[-1] in ",;:)":
        return None
    begin = max(start, position - LONGEST_SIGN)
    if tail[-1] in "$€£¥₤S" and (match := PREFIXED_SIGN.search(text, begin, position)):
        sign, begins = (match[1] or match[2]).upper(), match.start()
        if sign == ARTICLE_SIGN:
            sign, begins = sign[-1], match.end(match.lastindex or 1) - 1
        sign = sign.replace(" ", "").replace("$US", "US$")
        if unit := currency_signs().get(sign) or currency_signs().get(sign.rstrip("$")):
            return unit, begins
    words = text[begin:position].rstrip()
    first = max(words.rfind(" "), words.rfind("\n"), words.rfind("("), words.rfind("/")) + 1
    sign = words[first:]
    money = currency_signs().get(sign)
    if (
        money is None
        or (sign.isalpha() and len(sign) < 2)
        or (sign in word_class("word code") and value < LEAST_COINS * 10)
    ):
        return None
    return money, begin + first


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
        if symbol and (measure_unit := symbol_unit(symbol, position)):
            return measure_unit, position, symbol.end(1)
        found = code_after(text, position, end)
        # "two DHS agents": a small number in words stands before an agency, not before a currency.
        if found and (text[position - 1].isdigit() or value >= LEAST_COINS):
            return found[0], found[1], found[1]
    return None, position, position


def code_after(text: str, position: int, end: int) -> tuple[Unit, int] | None:
    """The currency whose sign or code follows, and its end: "50 million GBP", "10 $", "12 usd"."""
    code = CODE_AFTER.match(text, position, end)
    if code is None:
        return None
    sign = (code[1] or code[2]).upper()
    if len(sign) == 1 and sign.isalpha() and sign.isascii():
        return None
    money = currency_signs().get(sign)
    return (money, code.end(code.lastindex or 1)) if money else None


def unit_in_words(text: str, words: re.Match[str], joined: bool, value: float) -> tuple[Unit, int] | None:
    """The longest name of a unit or currency that `words` begin with, and its end."""
    for last in (3, 2, 1):
        if words[last] is None:
            continue
        name = (
            " ".join(text[words.start(1) : words.end(last)].lower().replace("-", " ").split())
            if last > 1
            else words[1].lower()
        )
        for candidate in (name, name.rstrip("."), name.rstrip(".").replace(" ", "-")):
            stop = words.end(last) - (len(name) - len(name.rstrip(".")) if candidate != name else 0)
            if (money := currency_words().get(candidate)) and (
                value >= LEAST_COINS or candidate not in word_class("also word")
            ):
                return money, stop
            unit = unit_words().get(candidate)
            if unit and YEAR_LEAST <= value <= YEAR_MOST and words[1][:1].isupper() and words[1][1:].islower():
                return None  # "during 2016 Stone spoke"
            is_model = TYPE_NUMBER.match(text, stop)  # "three Mi-8 helicopters"
            if unit and not is_model and not (joined and unit.dimension == "time"):
                return unit, stop
    return None


@cache
def folded_symbols() -> dict[str, Unit]:
    """Symbols in lower case, for "KM" and "Ghz"; where case tells two units apart the first in the table stands."""
    folded: dict[str, Unit] = {}
    for symbol, unit in unit_symbols().items():
        if len(symbol) > 1:
            folded.setdefault(symbol.lower(), unit)
    return folded


def ratio_unit(sign: str) -> Unit | None:
    """The unit of "kV/cm" or "m/s", with what it is per; None if either side is none."""
    above, slash, below = sign.partition("/")
    upper, lower = unit_symbols().get(above), unit_symbols().get(below) or unit_words().get(below)
    return Unit(upper.name, upper.dimension, lower.name) if slash and upper and lower else None


def symbol_unit(symbol: re.Match[str], position: int) -> Unit | None:
    """The unit that a symbol after digits stands for."""
    sign = symbol[1].rstrip(".")
    if sign in word_class("no unit") or (symbol.start(1) != position and sign in word_class("glued unit")):
        return None
    return (
        unit_symbols().get(symbol[1])
        or unit_symbols().get(sign)
        or folded_symbols().get(sign.lower())
        or ratio_unit(sign)
    )


def join_amounts(text: str, amounts: Iterable[Amount], start: int) -> list[Amount]:
    """The amounts, two joined where they are the ends of a range or one number given twice."""
    joined: list[Amount] = []
    for amount in amounts:
        if (
            joined
            and amount.start - joined[-1].after <= 1
            and joined[-1].unit
            and text[amount.start : amount.start + 2] == "a "
        ):
            continue  # "$52 a barrel", "64 cents a dozen": a rate
        both = join(text, joined[-1], amount, start) if joined and joined[-1].joint is None else None
        if both is not None:
            joined[-1] = both
        elif not joined or amount.start >= joined[-1].end:
            joined.append(amount)
    return joined


def join(text: str, low: Amount, high: Amount, start: int) -> Amount | None:
    """One amount out of two, or None."""
    if (
        high.start - low.after > 16
        or low.number.style in ("article", "code")
        or high.number.style in ("article", "code")
    ):
        return None
    between = text[low.after : high.start]
    if between.strip() == "(" and low.high == high.low and text.startswith(")", high.end):
        return low._replace(after=high.end + 1, joint="repeat")
    if (
        low.unit
        and low.unit.dimension == "money"
        and high.unit
        and high.unit.name in COINS
        and COIN_JOINT.fullmatch(between)
    ):
        value = low.low + high.high / 100
        return low._replace(end=high.end, after=high.after, low=value, high=value, joint="sum")
    if is_dated(text, low, high, start) or not units_agree(low, high) or not is_range(text, between, low, start):
        return None
    unit = high.unit or low.unit
    floor = low.low
    if high.number.scale > 1 and low.number.scale == 1 and low.low < high.number.value / high.number.scale:
        floor = low.low * high.number.scale
    if floor >= high.high or high.high > WIDEST_RANGE * max(floor, 1):
        return None
    return Amount(low.number, low.start, high.end, high.after, unit, floor, high.high, "range")


def is_dated(text: str, low: Amount, high: Amount, start: int) -> bool:
    """Whether the first number is a year and the second a value: "rose in 2018 to 3.9 million"."""
    number = low.number
    year = number.style == "digits" and number.end - number.start == 4 and YEAR_LEAST <= number.value <= YEAR_MOST
    if not year or (high.unit is None and YEAR_LEAST <= high.high <= YEAR_MOST):
        return False
    return DATED_BEFORE.search(text, max(start, number.start - 10), number.start) is not None


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
    if between == "/" and low.unit is not None and low.unit.dimension == "money" and low.start < low.number.start:
        return True
    if lead and lead[0].lower().startswith("from"):
        return bool(RANGE.fullmatch(between)) and not CHANGE_FROM.search(
            text, max(start, lead.start() - 120), lead.start()
        )
    return bool(RANGE.fullmatch(between) or (lead and PAIRED.fullmatch(between)))
