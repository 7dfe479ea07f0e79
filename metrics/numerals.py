"""Numbers as written, in digits and words: their span and value, before anything is said of what they count."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

import re2

from metrics.vocabulary.measures import number_words, unit_words

VULGAR = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3, "⅛": 0.125, "⅜": 0.375, "⅝": 0.625, "⅞": 0.875}
VULGAR_AS_DIGIT = str.maketrans(dict.fromkeys(VULGAR, "0"))
ARTICLE_DIMENSIONS = {"mass", "volume", "area", "length"}
GLUED_SCALE = re.compile(r"(?:[kK]|[mM][nN]|[bB][nN]|[MB]|mln|bln|tn)(?![\w])")
MONEY_SCALE = re.compile(r"\s?(?:[kKmMbB]|mln|bln|mil|mill|bil|MM|[mM][nN]|[bB][nN]|[tT]n)(?![\w/'’])\.?")
# "35m people", "1.2m tons", "35m of its devices": a measured length is not followed by a plural.
COUNTED_MILLIONS = re.compile(
    r"m(?=\s+(?:of\s+(?:its|the|their)\b|(?!inches|metres|meters|across|hours|minutes|years|boats|vessels|ships)(?:\(?[a-z]+\)?\s+){0,4}?(?:[a-z]{2,}[^su\W]s|people|children)\b))"
)
MONEY_BEFORE = re.compile(r"(?:[$€£¥₤]|\b[A-Z]{2,3}|Rs\.?)\s?$")
JOINT = re.compile(r"\s?/\s+|\s+(?:(?:and|of)\s+)?(?:an?\s+)?|\s?-\s?(?:and-)?(?:a-)?", re.IGNORECASE)
DECIMAL_COMMA = re.compile(r"\d+,\d{1,2}|\d{1,3}(?:\.\d{3})+,\d{1,2}|0,\d+")
DOT_GROUPS = re.compile(r"[1-9]\d{0,2}(?:\.\d{3}){2,}")
# Groups of three, or of two before the last three as counted in lakh and crore.
COMMA_GROUPS = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d{2})+,\d{3})(?:\.\d+)?")
PLAIN = re.compile(r"\d*(?:\.\d+)?")
LONG_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
MONTHS = LONG_MONTHS + "|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
MONTHS_ANY_CASE = "|".join(
    f"{m}|{m.upper()}" + ("" if m in ("May", "March", "Mar", "Dec") else f"|{m.lower()}")
    for m in MONTHS.replace("Sept?", "Sept|Sep").split("|")
)
SPACED_GROUP = re.compile(r",\s{1,2}(\d{3}(?:,\d{3})*(?:\.\d+)?)(?![,.]?\w)")
AFTER_MONTH = re.compile(rf"\b(?:{MONTHS_ANY_CASE})\.?\s+$")  # "on September 27, 200 officers"
COUPLE = 2
LONGEST_DIGITS = 24
COUPLE_OF = re.compile(r"\s+(?:of|more|hundred|thousand|million|dozen)\b", re.IGNORECASE)
MINUS = str.maketrans("−–", "--")
POWER_OF_TEN = re.compile(r"\s?(?:×\s?10\^?|x\s?10\^)([-−–]?\d{1,2})(?!\d)|[eE]([-+]?\d{1,2})(?![\w])")
FRACTION = re.compile(r"/(2|3|4|5|6|8|10|16)(?![\d/.]|-\d)")
MIXED_FRACTION = re.compile(r"(?:(?:\s|-)?(\d{1,2})/(2|3|4|5|8|16|32|10)(?![\d/])|\s?([½¼¾⅓⅔⅛⅜⅝⅞]))")


class Number(NamedTuple):
    """A number as written: half-open span, value, and how it is written.

    `style` is "digits", "words", "vague" (then `top` is the most it can mean), "fraction" ("a third", "half"),
    "article" ("a" before a unit of measure) or "code" (digits that are no single number: "10.12.2005").
    `scale` is the multiplier in `value` ("2 million": 1e6).
    """

    start: int
    end: int
    value: float
    style: str
    top: float = 0.0
    scale: float = 1.0


@cache
def opening_words() -> tuple[str, str]:
    """Alternations of number words, and of the words that make "a" before them a number."""
    words = sorted((w for w, (role, _) in number_words().items() if role != "short scale"), key=len, reverse=True)
    units = {w for w, u in unit_words().items() if u.dimension in ARTICLE_DIMENSIONS and w.isalpha() and len(w) > 2}
    scales = {
        w for w, (role, _) in number_words().items() if role in ("hundred", "scale", "dozen", "vague", "fraction")
    }
    return "|".join(words), "|".join(sorted(units | scales, key=len, reverse=True))


@cache
def candidate_pattern() -> Any:
    """The scan for places where a number may begin, over ASCII bytes.

    RE2 keeps it linear and some twenty times as fast as `re`, which tries each word at each place.
    """
    words, articles = opening_words()
    return re2.compile(rf"(?i)[0-9]+(?:[.,][0-9]+)*|\.[0-9]|\b(?:{words})\b|\ban?\s+(?:{articles})\b".encode())


@cache
def number_pattern() -> re.Pattern[str]:
    """What begins or continues a number at one place."""
    words, articles = opening_words()
    return re.compile(
        rf"""(?P<digits>\d+(?:[.,]\d+)* | (?<=[\s($£€])\.\d+) | (?P<vulgar>[{"".join(VULGAR)}])
        | \b(?i:(?P<article>an?)(?=\s+(?:{articles})\b) | (?P<word>{words})\b)""",
        re.VERBOSE,
    )


def read_digits(digits: str) -> float | None:
    """The value of digits with separators, None for what is no single number.

    >>> read_digits("1,500"), read_digits("2.000.000"), read_digits("3,5"), read_digits("10.12.2005")
    (1500.0, 2000000.0, 3.5, None)
    """
    if len(digits) > LONGEST_DIGITS:
        return None
    if PLAIN.fullmatch(digits):
        return float(digits)
    if COMMA_GROUPS.fullmatch(digits):
        return float(digits.replace(",", ""))
    if DOT_GROUPS.fullmatch(digits):
        return float(digits.replace(".", ""))
    if DECIMAL_COMMA.fullmatch(digits):
        return float(digits.replace(".", "").replace(",", "."))
    return None


def find_numbers(text: str, start: int, end: int, candidates: Iterable[int] | None = None) -> Iterator[Number]:
    """Numbers of `text[start:end]` in order, never overlapping; `candidates` are those of `candidate_starts`."""
    position = start
    for candidate in candidate_starts(text, start, end) if candidates is None else candidates:
        match = number_pattern().match(text, candidate, end) if candidate >= position else None
        number = read_number(text, match, end) if match else None
        if number is not None:
            yield number
            position = number.end


def candidate_starts(text: str, start: int, end: int) -> list[int]:
    """Offsets where a number may begin; one byte stands for one character, so byte offsets are offsets."""
    part = text[start:end]
    if not part.isascii():
        part = part.translate(VULGAR_AS_DIGIT)
    return [start + match.start() for match in candidate_pattern().finditer(part.encode("ascii", "replace"))]


def read_number(text: str, match: re.Match[str], end: int) -> Number | None:
    """The number that begins at `match`, as far as it goes."""
    if match.lastgroup == "digits":
        return read_digit_number(text, match, end)
    if match.lastgroup == "vulgar":
        return Number(match.start(), match.end(), VULGAR[match[0]], "fraction")
    return read_word_number(text, match, end)


def read_digit_number(text: str, match: re.Match[str], end: int) -> Number | None:
    """Digits with their fraction and multiplier: "3, 433,000", "7 3/4", "2.5 million", "$10M"."""
    start, stop, digits = match.start(), match.end(), match[0]
    group = SPACED_GROUP.match(text, stop, end) if len(digits) <= 3 and digits.isdigit() else None
    if group and not AFTER_MONTH.search(text, max(0, start - 12), start):
        digits, stop = digits + "," + group[1], group.end()
    value = read_digits(digits)
    if value is None:
        return Number(start, stop, 0.0, "code")
    if (whole := FRACTION.match(text, stop, end)) and digits.isdigit() and value < int(whole[1]):
        return Number(start, whole.end(), value / int(whole[1]), "fraction")
    if fraction := MIXED_FRACTION.match(text, stop, end):
        part = VULGAR[fraction[3]] if fraction[3] else int(fraction[1]) / int(fraction[2])
        value, stop = value + part, fraction.end()
    if power := POWER_OF_TEN.match(text, stop, end):
        return Number(start, power.end(), value * 10.0 ** int((power[1] or power[2]).translate(MINUS)), "digits")
    scale, stop = read_scale(text, start, stop, end)
    return Number(start, stop, round(value * scale, 6), "digits", scale=scale)


def read_scale(text: str, start: int, stop: int, end: int) -> tuple[float, int]:
    """The multiplier after digits, and where it ends: "million", "K", "m" where money stands before."""
    money = MONEY_BEFORE.search(text, max(0, start - 5), start)
    glued = (MONEY_SCALE if money else GLUED_SCALE).match(text, stop, end) or COUNTED_MILLIONS.match(text, stop, end)
    if glued:
        return number_words()[glued[0].strip().rstrip(".").lower()][1], glued.end()
    scale = 1.0
    while (word := next_word(text, stop, end)) and word[0] in ("hundred", "scale", "dozen"):
        scale, stop = scale * word[1], word[2]
    return scale, stop


def next_word(text: str, position: int, end: int) -> tuple[str, float, int] | None:
    """Role, value and end of the number word that follows, across a space, a hyphen, "and", "of" or "a"."""
    joint = JOINT.match(text, position, end)
    match = number_pattern().match(text, joint.end(), end) if joint else None
    if match is None or match["word"] is None:
        return None
    role, value = number_words()[match["word"].lower()]
    return role, value, match.end()


def read_word_number(text: str, match: re.Match[str], end: int) -> Number | None:
    """A number in words: "twenty-five thousand", "a couple of hundred", "half a million", "two thirds"."""
    start, stop = match.start(), match.end()
    if match["article"]:
        word = next_word(text, stop, end)
        if word is None:
            return Number(start, stop, 1.0, "article")
        role, value, stop = word
    else:
        role, value = number_words()[match["word"].lower()]
    if value == COUPLE and role == "vague" and not match["article"] and not COUPLE_OF.match(text, stop, end):
        return None  # "a Cuban couple"
    if role in ("vague", "vague plural"):
        return read_vague(text, start, stop, value, end)
    if role == "fraction":
        return read_fraction(text, start, stop, value, end, bool(match["article"]))
    if role in ("unit", "teen", "ten") or match["article"] or role == "hundred":
        return read_cardinal(text, start, stop, role, value, end)
    return None if role == "scale" else Number(start, stop, value, "vague", value)


def read_cardinal(text: str, start: int, stop: int, role: str, value: float, end: int) -> Number:
    """A cardinal in words from its first word on."""
    total, current = (value, 0.0) if role == "scale" else (0.0, value)
    scale = 1.0
    while word := next_word(text, stop, end):
        following, amount, after = word
        between = text[stop:after].lower()
        if following in ("hundred", "scale", "dozen") and (current or total) and " of " not in between:
            total, current = (total, current * amount) if amount <= 100 else (total + current * amount, 0.0)
            scale = amount
        elif following == "fraction" and 0 < current < 20 and not total and "and" not in between:
            return Number(start, after, current * amount, "fraction")
        elif following == "fraction" and "and" in between and amount in (0.5, 0.25, 0.75):
            current, following = current + amount, "unit"
        elif fits_after(role, following, current, total, between):
            current += amount
        else:
            break
        role, stop = following, after
    if role == "dozen" and current == 12:
        return Number(start, stop, 12.0, "vague", 12.0)
    return Number(start, stop, total + current, "words", scale=scale)


def fits_after(role: str, following: str, current: float, total: float, between: str) -> bool:
    """Whether a cardinal goes on: "twenty five", "one hundred and ten", never "one two" or "five and six"."""
    if " of " in between or " a " in between or following not in ("unit", "teen", "ten"):
        return False
    if role == "ten":
        return following == "unit" and "and" not in between
    return role in ("hundred", "scale") and (current >= 100 or total > 0)


def read_vague(text: str, start: int, stop: int, value: float, end: int) -> Number:
    """A vague magnitude: "several hundred", "tens of thousands", "a couple of dozen"."""
    top = 9 * 10 ** (len(str(int(value))) - 1) if value != 2 else 2.0
    while (word := next_word(text, stop, end)) and word[0] in ("hundred", "scale", "dozen", "vague plural"):
        amount = word[1] / 2 if word[0] == "vague plural" else word[1]
        value, top, stop = value * amount, top * amount, word[2]
    return Number(start, stop, value, "vague", top)


def read_fraction(text: str, start: int, stop: int, value: float, end: int, article: bool) -> Number | None:
    """ "half", "half a million", "a third"; a bare "third" is an ordinal and no number."""
    word = next_word(text, stop, end)
    if value in (0.5, 0.25) and word and word[0] in ("scale", "dozen", "hundred"):
        return Number(start, word[2], value * word[1], "words")
    if value == 0.5 or article:
        return Number(start, stop, value, "fraction")
    return None
