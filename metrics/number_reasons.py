"""Why a number in a text is no quantity: it dates, names, orders or refers. A closed list of reasons."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from metrics.amounts import PERCENT_UNIT, Amount
from metrics.noun_phrases import ends_phrase, is_plural
from metrics.numerals import LONG_MONTHS, MONTHS_ANY_CASE
from metrics.vocabulary.grammar import one_of, word_class

REASONS = {
    "date": 'a day, month or year: "November 3-7", "over 2005", "FY 2008", "the 1990s"',
    "time": 'a time of day: "1430Z", "2 pm", "24/7"',
    "reference": 'a cable, paragraph, page or serial number: "STATE 14517", "para 5", "No. 12"',
    "list number": 'the number of a list item: "1)", "(2) provide", "3." at the start of a line',
    "model name": 'a type: "CT-30", "F-250", "Mi-8MT", "4x4"',
    "name": 'part of a name: "S&P 500", "Highway 1", "Task Force 51"',
    "law article": 'a law, article, order or resolution: "UNSCR 1540", "Article 5", "E.O. 12958"',
    "telephone": "a telephone number",
    "ordinal": 'a place in an order: "22nd", "a third country"',
    "score": 'a score or a vote: "2-1"',
    "age": 'an age: "aged 18 to 34"',
    "modifier": 'a fixed part of a type: "four-wheel", "three-door"',
    "broken quote": 'what is left of a quotation mark: "procedures,8"',
    "pronoun": '"one" that counts nothing: "no one", "one another", "one of the best"',
    "multiple": 'how many times as much, a ratio: "10 times less", "one guard to every 10 smugglers"',
    "zero": 'none, in words: "zero arrests"',
    "conversion": 'the amount before it in another unit or currency: "30 million pesos (USD 2.1 million)"',
}

WINDOW = 48
MONTH_BEFORE = re.compile(
    rf"\b(?:{MONTHS_ANY_CASE})\.?,?\s+(?:\d{{1,2}}(?:st|nd|rd|th)?\s*(?:[-–,)&]\s*|(?:to|and|or|through|until)\s+)){{0,4}}(?:the\s+)?$"
)
DAY_BEFORE_YEAR = re.compile(rf"\b(?:{MONTHS_ANY_CASE})\.?,?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+$")
MONTH_AFTER = re.compile(
    rf"(?:st|nd|rd|th)?(?:\s*[-–/,]\s*\d{{1,2}}|\s+(?:to|and|or)\s+\d{{1,2}})?(?:st|nd|rd|th)?[\s-]*(?:of\s+)?(?:{MONTHS_ANY_CASE}|may)\b"
)
OF_AFTER = re.compile(r"\s+of\s?")
ERA_BEFORE = re.compile(r"\b(?:A\.?D\.?|B\.?C\.?(?:E\.?)?)\s+(?:\d+\s+(?:and|to)\s+)?$")
ERA_AFTER = re.compile(r"\s+(?:A\.?D\.?|B\.?C\.?(?:E\.?)?)\b")
IN_MONTH = re.compile(rf"\b(?:in|during|since|by|for|of|until)\s+(?:{MONTHS_ANY_CASE})\s+$", re.IGNORECASE)
# The words before a number: only with one of its cues is a longer pattern tried.
CUES = re.compile(r"[a-z]+")
FISCAL_CUES = frozenset(("fy", "cy", "fiscal", "calendar", "school", "ad", "bc", "a", "b", "bce"))
MONTH_CUES = (
    frozenset(month.lower() for month in LONG_MONTHS.split("|"))
    | frozenset(month[:3].lower() for month in LONG_MONTHS.split("|"))
    | {"sept"}
)
FISCAL = re.compile(
    r"\b(?:FY|CY|fiscal years?|calendar years?|school year)[\s'’-]*(?:\d{2,4}\s*(?:[-/,&]|and|to)\s*){0,3}$",
    re.IGNORECASE,
)
DECADE = re.compile(r"['’]?s\b")
APOSTROPHE_YEAR = re.compile(r"(?:^|[\s(])['’]$")
YEAR = re.compile(r"(?:1[6-9]|20)\d\d")
YEAR_BEFORE = re.compile(
    r"(?:\b(?:in|since|during|of|by|until|till|from|through|for|late|early|mid|year|years|spring|summer|autumn|fall|winter|to|the|its|his|her|their|our|"
    r"and|or|before|after|between|circa|as|over|than|on|vs|versus|quarter|half|season|pre|post|end|his|a|an|this|both|against|unlike|around|about|next|last)|['’]s|[-/–(,]|^)[\s-]*$",
    re.IGNORECASE,
)
NOUN_COUNTED = re.compile(r"\s+([A-Za-z][\w'’-]*)(?:(?:\s+|-)([A-Za-z][\w'’-]*))?(?:(?:\s+|-)([A-Za-z][\w'’-]*))?")
COUNTED_BEFORE = re.compile(
    r"\b(?:over|than|about|some|estimated|approximately|nearly|almost|least|most|to|around|roughly|total of|as)\s+$",
    re.IGNORECASE,
)
CLOCK_AFTER = re.compile(
    r"\s?(?:[ap]\.?\s?m\b\.?|[ap]\.m\.)|(?:\s?hours?)?\s(?:local|GMT|UTC|EST|EDT|PST|PDT|ET|CET)\b|\s?[Zz]\b(?!\w)|\s?o['’]clock\b",
    re.IGNORECASE,
)
HOURS_AFTER = re.compile(r"\s?(?:hours|hrs|h)\b", re.IGNORECASE)
CHAIN_BEFORE = re.compile(r"[\d/.:–-]*$")
CHAIN_AFTER = re.compile(r"[\d/.:–-]*")
CLOCK = re.compile(r"\d{1,2}:\d\d(?:[:.]\d+)*(?:[-–]\d{1,2}:\d\d)?|24/7")
NUMERIC_DATE = re.compile(
    r"\d{1,4}([/.-])\d{1,2}\1\d{1,4}|(?:1[6-9]|20)\d\d[-/–](?:\d{2}|(?:1[6-9]|20)\d\d)|\d{1,2}/(?:1[6-9]|20)?\d\d|\d{1,2}/\d{1,2}"
)
PHONE = re.compile(r"\d{3}[-.]\d{4}|\+?(?:\d{1,3}[-.])?\d{3}[-.]\d{3}[-.]\d{4}")
HYPHENED = re.compile(r"\d+[-–]\d+")
PHONE_BEFORE = re.compile(rf"\b(?:{one_of('telephone')})[.:]?\s*(?:no\.?|number|at)?\s*[+(\d\s).-]*$", re.IGNORECASE)
SCORE = re.compile(r"\d{1,2}[-–]\d{1,2}")
REFERENCE_CUES = word_class("reference") | {"no", "nos"}
REFERENCE_BEFORE = re.compile(
    rf"(?:\b(?:{one_of('reference')})\.?|\bnos?\.|\b(?-i:No)|#)\s?\(?[A-Z]?\)?\s*$",
    re.IGNORECASE,
)
CABLE_BEFORE = re.compile(r"\b(?:\d\d\s)?[A-Z]{4,}(?:\s[A-Z]{3,})?\s+$")
CABLE_AFTER = re.compile(r"\s*(?:[,;.)]|$|\n|(?i:and)\b|\(|ET\b)")
BROKEN_QUOTE = re.compile(r"[A-Za-z.?!],$")
# With the letters of "E.O.", "P.L.", "H.R.", "C.F.R.".
LAW_CUES = word_class("law") | {"e", "p", "h", "c"}
LAW_BEFORE = re.compile(
    rf"(?:\b(?:{one_of('law')})|\bE\.O|\bP\.L|\bH\.R|\bC\.F\.R|§)[.:]?\s*(?:(?:no|number|nos)\.?\s*)?(?:[\d.,/-]+\s*(?:,|and|or|to|through|-)\s*)*$",
    re.IGNORECASE,
)
DAY_AND_YEAR = re.compile(r"\d\d?,(?:19|20)\d\d")  # "July 24,2008" without a blank
LETTERED = re.compile(r"\s?(?:\([a-z]\)|\([A-Z]\))")
NAMED_CUES = word_class("named") | {f"{name}s" for name in word_class("named")} | {"force"}
NAMED_BEFORE = re.compile(rf"\b(?:{one_of('named')})(?:\s+|s\s+(?:\d+\s*(?:,|and|&)\s*)+)$", re.IGNORECASE)
# Indices and makes that carry a number, and capitalised kinds: a name even where a plural follows ("Model 3 sedans").
NAME_BEFORE = re.compile(rf"\b(?:{one_of('proper name')})\s+$")
GLUED_BEFORE = re.compile(
    r"(?:\b[A-Z][A-Za-z&]{0,7}|\b(?!(?:sub|mid|pre|non|pro|all|top|per|of|to|or|by|in|at|on|a)-)[a-z]{1,3}|[A-Z])[-/]$|[A-Za-z]$|\b[A-Z]{2,}\.$"
)
GLUED_AFTER = re.compile(r"[A-Z]{1,4}(?![\w%])|[a-z]{1,3}\d|x\d|[-/][A-Z]{1,4}\b|[A-Za-z]\w*\d|[GK]\b|[a-z]{1,2}\b")
CAPITALISED = re.compile(r"([a-z]?[A-Z][\w&.'’/-]*)\s+$")
PORTION_AFTER = re.compile(r"\s?\.\s*\([A-Z]{1,3}(?:/{1,2}[A-Z ]{2,})?\)")
LIST_AFTER = re.compile(r"\s?\.(?=[\s(]|$)|\s?\)|\s?\.?\s*\([A-Z/]+\)")
HYPHEN_NOUN = re.compile(r"(?:\s?-\s?|\s(?=dimensional\b|calib))([A-Za-z]+)")
AGE_BEFORE = re.compile(r"\b(?:aged|ages?|age of|age group|aged between)\s+(?:from\s+|between\s+)?$", re.IGNORECASE)
AGE_APPOSITION = re.compile(r"[A-Z][a-z]+,\s$")
PRONOUN_BEFORE = re.compile(
    r"\b(?:no|any|every|each|this|that|which|the|another|first|last|next|old|number|day|such|a|an)[\s-]+$",
    re.IGNORECASE,
)
PRONOUN_AFTER = re.compile(
    r"['’]s\b|\s+(?:another|can|could|should|must|would|may|might|cannot|who|that|which|has to|needs to|hand|day\b"
    r"|by one|thing|time\b)|-(?:on|to|off|way|time|sided)\b|\s*[.,;]",
    re.IGNORECASE,
)

# "one of the region's busiest ports" names a port and counts none; "one of which" does count.
PARTITIVE_AFTER = re.compile(r"\s+of\s+(?:the|its|his|her|our|their|my|your|these|those|many|several)\b", re.IGNORECASE)

# "one guard to every 10 smugglers"
RATIO_BEFORE = re.compile(r"\b(?:to|for)\s+every\s+$")
LARGEST_OF_RATIO = 5  # "gave 40 computers to every two posts" is no ratio
RATIO_AFTER = re.compile(rf"[^.;,\d]{{0,60}}\s(?:to|for)\s+every\s+(?:\d+|{one_of('number')})\b")
MULTIPLE_AFTER = re.compile(
    r"\s+times\s+(?:less|more|fewer|higher|greater|larger|bigger|smaller|lower|as|that\s+of|the\s+(?:amount|figure|number|rate|size|total))\b"
)
HALF = 0.5
DAY_BEFORE = re.compile(r"\b(?:on|since|until|till|by|from|dated|through)\s+$", re.IGNORECASE)
ORDINAL = re.compile(r"(?:st|nd|rd|th)\b")
BRACKET_AFTER = re.compile(r"\s?\)")
LABELLED = re.compile(r"([A-Za-z]+)\s*\(\s*$")
NAME_WORD = re.compile(r"[A-Z][a-z]+\s$")
PART_BEFORE = re.compile(
    r"\b(?:first|second|latter|1st|2nd|last|next|top|bottom|better|opening|closing)\s+$", re.IGNORECASE
)


class Place(NamedTuple):
    """A number where it stands: its amount, its digits or words, what is before and after, and the words before."""

    amount: Amount
    digits: str
    chain: str
    before: str
    after: str
    cues: frozenset[str]


def reason_against(text: str, amount: Amount, start: int, end: int) -> str | None:
    """Why the amount is no quantity, one of REASONS, or None."""
    first, stop = amount.number.start, amount.number.end
    style = amount.number.style
    if style == "digits" and amount.unit is not None and amount.start < first:
        return None  # "$5": nothing else can be meant
    before = text[max(start, first - WINDOW) : first]
    place = Place(
        amount,
        text[first:stop],
        chain_around(text, first, amount.end, start, end) if style in ("digits", "code") else "",
        before,
        text[amount.after : min(end, amount.after + WINDOW)],
        frozenset(CUES.findall(before.lower())),
    )
    checks = CHECKS_MEASURED if style == "digits" and amount.unit is not None else CHECKS.get(style, ())
    for check in checks:
        if reason := check(place):
            return reason
    return None


def chain_around(text: str, first: int, stop: int, start: int, end: int) -> str:
    """The digits and their joints around a number: "2008-11-03", "24/7", "010-00469-00"."""
    left = CHAIN_BEFORE.search(text, max(start, first - 20), first)
    right = CHAIN_AFTER.match(text, stop, min(end, stop + 20))
    return ((left[0] if left else "").lstrip("-–.:/") + text[first:stop] + (right[0] if right else "")).rstrip("-–.:/")


def code_reason(place: Place) -> str:
    """The reason for digits that are no single number ("10.12.2005", "1.4.2")."""
    if LAW_BEFORE.search(place.before):
        return "law article"
    if NUMERIC_DATE.fullmatch(place.chain) or (
        DAY_AND_YEAR.fullmatch(place.digits) and MONTH_BEFORE.search(place.before)
    ):
        return "date"
    return "telephone" if PHONE.fullmatch(place.chain) or PHONE_BEFORE.search(place.before) else "reference"


def glued_reason(place: Place) -> str | None:
    """ "model name" for digits that letters touch from the left ("CT-30", "M16"), unless they are a fiscal year."""
    if not place.before[-1:].strip() or not GLUED_BEFORE.search(place.before) or place.before.endswith((" -", "--")):
        return None
    return "date" if FISCAL.search(place.before) else "model name"


def measured_reason(place: Place) -> str | None:
    """The reason against digits with a unit: the 1990s, 0900 hours, men aged 18 to 34 years."""
    text = place.amount.unit.name if place.amount.unit else ""
    if place.digits[:1] == "0" and len(place.digits) == 4 and text == "hour":
        return "time"
    return "age" if text == "year" and AGE_BEFORE.search(place.before) else None


def chain_reason(place: Place) -> str | None:
    """The reason that the digits joined to a number give."""
    chain, joint = place.chain, place.amount.joint
    dialled = len(chain) > 2 and place.cues & word_class("telephone") and PHONE_BEFORE.search(place.before)
    if dialled or (joint != "range" and PHONE.fullmatch(chain)):
        return "telephone"
    if chain == place.digits and joint is None:
        return None
    if CLOCK.fullmatch(chain):
        return "time"
    if NUMERIC_DATE.fullmatch(chain):
        return "date"
    if chain.count("-") > 1 or chain.count("/") > 1 or (joint is None and HYPHENED.fullmatch(chain)):
        return "score" if SCORE.fullmatch(chain) else "reference"
    return None


def date_reason(place: Place) -> str | None:
    """ "date" for a day, a year or a decade, "ordinal" for "22nd"."""
    digits, before, after = place.digits, place.before, place.after
    if (place.cues & FISCAL_CUES and (FISCAL.search(before) or ERA_BEFORE.search(before))) or ERA_AFTER.match(after):
        return "date"
    if len(digits) <= 2 and ((place.cues & MONTH_CUES and MONTH_BEFORE.search(before)) or MONTH_AFTER.match(after)):
        listed = IN_MONTH.search(before) or before.endswith(", ")
        return None if listed and (counts_plural(after) or OF_AFTER.match(after)) else "date"
    if DECADE.match(after) and len(digits) in (2, 4) and digits.endswith("0"):
        return "date"
    if (len(digits) == 2 and APOSTROPHE_YEAR.search(before)) or (
        YEAR.fullmatch(digits) and is_year(digits, before, after)
    ):
        return "date"
    return "ordinal" if ORDINAL.match(after) else None


def is_year(digits: str, before: str, after: str) -> bool:
    """Whether four digits from 1600 to 2099 are a year and no count."""
    if not counts_plural(after):
        return digits.endswith("00") is False or not COUNTED_BEFORE.search(before) or not NOUN_COUNTED.match(after)
    if digits.endswith("00"):
        return bool(re.search(r"\b(?:in|since|during|by|until|of)\s+$", before, re.IGNORECASE)) and digits != "2000"
    return bool(YEAR_BEFORE.search(before) or MONTH_BEFORE.search(before) or DAY_BEFORE_YEAR.search(before))


def counts_plural(after: str) -> bool:
    """Whether a plural noun follows within three words, before any word that ends a phrase."""
    match = NOUN_COUNTED.match(after)
    for word in match.groups() if match else ():
        if word is None or ends_phrase(word):
            return False
        if is_plural(word):
            return True
    return False


def time_reason(place: Place) -> str | None:
    """ "time" for a time of day."""
    digits = place.digits
    clock = CLOCK_AFTER.match(place.after) and len(digits) in (1, 2, 4)
    return "time" if clock or (len(digits) == 4 and digits < "2400" and HOURS_AFTER.match(place.after)) else None


def reference_reason(place: Place) -> str | None:
    """ "law article" or "reference" for a number that cites."""
    digits, before = place.digits, place.before
    if place.cues & LAW_CUES and LAW_BEFORE.search(before):
        return "law article"
    if LETTERED.match(place.after) and "." in digits:
        return "law article"
    if (place.cues & REFERENCE_CUES or "#" in before) and REFERENCE_BEFORE.search(before):
        return "reference"
    if len(digits) > 1 and digits[0] == "0" and digits[1] != ".":
        return "reference"
    named_post = (len(digits) >= 3 or "ref" in place.cues) and not counts_plural(place.after)
    return "reference" if named_post and CABLE_BEFORE.search(before) and CABLE_AFTER.match(place.after) else None


def type_reason(place: Place) -> str | None:
    """The reason for digits that belong to a type, or to a broken quotation mark."""
    if len(place.digits) == 1 and BROKEN_QUOTE.search(place.before):
        return "broken quote"
    return "model name" if GLUED_AFTER.match(place.after) and place.amount.joint is None else fixed_reason(place)


def fixed_reason(place: Place) -> str | None:
    """ "modifier" for the fixed part of a type: "four-wheel"."""
    noun = HYPHEN_NOUN.match(place.after)
    return "modifier" if noun and noun[1].lower() in word_class("fixed part") else None


def multiple_reason(place: Place) -> str | None:
    """ "multiple" for how many times as much, and for both sides of a ratio."""
    first_of_ratio = place.amount.high <= LARGEST_OF_RATIO and RATIO_AFTER.match(place.after)
    ratio = RATIO_BEFORE.search(place.before) or first_of_ratio
    return "multiple" if ratio or MULTIPLE_AFTER.match(place.after) else None


def name_reason(place: Place) -> str | None:
    """ "name" for a number that is part of a name, "age" for an age."""
    before, after = place.before, place.after
    if NAME_BEFORE.search(before):
        return "name"
    if "," in place.digits or counts_plural(after):
        return None
    kind_named = len(place.digits) < 4 and place.cues & NAMED_CUES and NAMED_BEFORE.search(before)
    if AGE_BEFORE.search(before) or (len(place.digits) == 2 and AGE_APPOSITION.search(before) and after[:1] == ","):
        return "age"
    return "name" if kind_named or has_capital_before(place) else None


def has_capital_before(place: Place) -> bool:
    """Whether a capitalised word within a sentence stands right before a short number that more text follows."""
    capital = CAPITALISED.search(place.before)
    if capital is None or ends_phrase(capital[1]) or len(place.digits) > 4 or place.amount.joint:
        return False
    in_table = "." in place.digits or place.after.lstrip()[:1].isdigit()
    return not in_table and place.after[:1] not in ("", "\n", ")", ",", ";", ".")


def list_reason(place: Place) -> str | None:
    """ "list number" for the number of an item."""
    before, after = place.before, place.after
    if len(place.digits) > 2 or place.amount.joint:
        return None
    at_line = not before.rsplit("\n", 1)[-1].strip(" (-¶\\") and (len(before) < WINDOW or "\n" in before)
    if PORTION_AFTER.match(after) or ((at_line or "¶" in before[-3:]) and LIST_AFTER.match(after)):
        return "list number"
    if not BRACKET_AFTER.match(after):
        return None
    labelled = LABELLED.search(before)  # "Algeciras (2)" counts, "and (2) train" does not
    return None if labelled and not ends_phrase(labelled[1]) else "list number"


def fraction_reason(place: Place) -> str | None:
    """The reason against a fraction in words: "on 3/4", "half-staff", "the first half", "a third country"."""
    if place.digits[-1].isdigit():
        return "date" if DAY_BEFORE.search(place.before) else None
    if place.amount.unit is not PERCENT_UNIT or not place.digits[-1].isalpha():
        return None
    if HYPHEN_NOUN.match(place.after):
        return "modifier"
    if PART_BEFORE.search(place.before):
        return "date"
    by_article = place.digits[:2].lower() == "a " and place.amount.number.value != HALF
    return "ordinal" if by_article and not OF_AFTER.match(place.after) else None


def word_reason(place: Place) -> str | None:
    """The reason against a number in words: names, none, "one" as a pronoun."""
    amount = place.amount
    if amount.high == 0:
        return "zero"
    if place.digits.istitle() and NAME_WORD.search(place.before):
        return "name"
    if amount.low != 1 or amount.high != 1 or amount.unit is not None or amount.joint is not None:
        return None
    if OF_AFTER.match(place.after):
        return "pronoun" if PARTITIVE_AFTER.match(place.after) else None
    return "pronoun" if PRONOUN_BEFORE.search(place.before) or PRONOUN_AFTER.match(place.after) else None


Check = Callable[[Place], str | None]
# The checks of a number by how it is written, in the order in which they are asked.
CHECKS: dict[str, tuple[Check, ...]] = {
    "code": (code_reason,),
    "digits": (
        glued_reason,
        chain_reason,
        date_reason,
        time_reason,
        reference_reason,
        type_reason,
        multiple_reason,
        name_reason,
        list_reason,
    ),
    "fraction": (fraction_reason,),
    "words": (fixed_reason, multiple_reason, word_reason),
}
CHECKS_MEASURED: tuple[Check, ...] = (glued_reason, measured_reason)
