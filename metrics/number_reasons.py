"""Why a number in a text is no quantity: it dates, names, orders or refers. A closed list of reasons."""

from __future__ import annotations

import re

from metrics.amounts import PERCENT_UNIT, Amount
from metrics.noun_phrases import ends_phrase, is_plural
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
    "pronoun": '"one" that counts nothing: "no one", "one another", "one could"',
    "zero": 'none, in words: "zero arrests"',
    "conversion": 'the amount before it in another unit or currency: "30 million pesos (USD 2.1 million)"',
}

WINDOW = 48
LONG_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
MONTHS = LONG_MONTHS + "|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
MONTHS_ANY_CASE = "|".join(
    f"{m}|{m.upper()}" + ("" if m in ("May", "March", "Mar", "Dec") else f"|{m.lower()}")
    for m in MONTHS.replace("Sept?", "Sept|Sep").split("|")
)
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
LETTERED = re.compile(r"\s?(?:\([a-z]\)|\([A-Z]\))")
NAMED_CUES = word_class("named") | {"force"}
NAMED_BEFORE = re.compile(rf"\b(?:{one_of('named')})\s+$", re.IGNORECASE)
# Indices and makes that carry a number, and capitalised kinds: a name even where a plural follows ("Model 3 sedans").
NAME_BEFORE = re.compile(rf"\b(?:{one_of('proper name')})\s+$")
GLUED_BEFORE = re.compile(
    r"(?:\b[A-Z][A-Za-z&]{0,7}|\b(?!(?:sub|mid|pre|non|pro|all|top|per|of|to|or|by|in|at|on|a)-)[a-z]{1,3}|[A-Z])[-/]$|[A-Za-z]$|\b[A-Z]{2,}\.$"
)
GLUED_AFTER = re.compile(r"[A-Z]{1,4}(?![\w%])|[a-z]{1,3}\d|x\d|[-/][A-Z]{1,4}\b|[A-Za-z]\w*\d|[GK]\b|[a-z]{1,2}\b")
CAPITALISED = re.compile(r"([a-z]?[A-Z][\w&.'’/-]*)\s+$")
PORTION_AFTER = re.compile(r"\s?\.\s*\([A-Z]{1,3}(?:/{1,2}[A-Z ]{2,})?\)")
LIST_AFTER = re.compile(r"\s?\.(?=[\s(]|$)|\s?\)|\s?\.?\s*\([A-Z/]+\)")
HYPHEN_NOUN = re.compile(r"\s?-\s?([A-Za-z]+)")
AGE_BEFORE = re.compile(r"\b(?:aged|ages?|age of|age group|aged between)\s+(?:from\s+|between\s+)?$", re.IGNORECASE)
AGE_APPOSITION = re.compile(r"[A-Z][a-z]+,\s$")
PRONOUN_BEFORE = re.compile(
    r"\b(?:no|any|every|each|this|that|which|the|another|first|last|next|old|number|day|such|a|an)[\s-]+$",
    re.IGNORECASE,
)
PRONOUN_AFTER = re.compile(
    r"['’]s\b|\s+(?:another|can|could|should|must|would|may|might|cannot|who|that|which|wonders|has to|needs to|hand|day\b|by one|thing|side of the|time\b)|-(?:on|to|off|way|time|sided)\b|\s*[.,;]",
    re.IGNORECASE,
)


HALF = 0.5
NAME_WORD = re.compile(r"[A-Z][a-z]+\s$")
PART_BEFORE = re.compile(
    r"\b(?:first|second|latter|1st|2nd|last|next|top|bottom|better|opening|closing)\s+$", re.IGNORECASE
)


def reason_against(text: str, amount: Amount, start: int, end: int) -> str | None:
    """Why the amount is no quantity, one of REASONS, or None."""
    number = amount.number
    first = number.start
    before, after = text[max(start, first - WINDOW) : first], text[amount.after : min(end, amount.after + WINDOW)]
    if number.style == "code":
        return code_reason(text, first, number.end, before, start, end)
    if number.style == "fraction" and text[number.end - 1].isalpha():
        return fraction_reason(text, amount, before, after)
    if number.style == "words":
        return word_reason(text, amount, before, after)
    if number.style != "digits" or (amount.unit is not None and amount.start < first):
        return None
    cues = frozenset(CUES.findall(before.lower()))
    if before[-1:].strip() and GLUED_BEFORE.search(before) and not before.endswith((" -", "--")):
        return "model name" if not FISCAL.search(before) else "date"
    if DECADE.match(text, number.end) and YEAR.fullmatch(text[first : number.end]):
        return "date"
    if amount.unit is not None:
        return (
            "time"
            if HOURS_AFTER.match(text, number.end) and text[first] == "0"
            else "age"
            if amount.unit.name == "year" and AGE_BEFORE.search(before)
            else None
        )
    return (
        chain_reason(text, amount, before, cues, start, end)
        or date_reason(text[first : number.end], before, after, cues)
        or time_reason(text[first : number.end], after)
        or name_reason(text, amount, before, after, cues)
        or list_reason(text, amount, before, after, start)
    )


def code_reason(text: str, first: int, stop: int, before: str, start: int, end: int) -> str:
    """The reason for digits that are no single number ("10.12.2005", "1.4.2")."""
    chain = chain_around(text, first, stop, start, end)
    if LAW_BEFORE.search(before):
        return "law article"
    return (
        "date"
        if NUMERIC_DATE.fullmatch(chain)
        else "telephone"
        if PHONE.fullmatch(chain) or PHONE_BEFORE.search(before)
        else "reference"
    )


def chain_around(text: str, first: int, stop: int, start: int, end: int) -> str:
    """The digits and their joints around a number: "2008-11-03", "24/7", "010-00469-00"."""
    left = CHAIN_BEFORE.search(text, max(start, first - 20), first)
    right = CHAIN_AFTER.match(text, stop, min(end, stop + 20))
    return ((left[0] if left else "").lstrip("-–.:/") + text[first:stop] + (right[0] if right else "")).rstrip("-–.:/")


def chain_reason(text: str, amount: Amount, before: str, cues: frozenset[str], start: int, end: int) -> str | None:
    """The reason that the digits joined to a number give."""
    chain = chain_around(text, amount.number.start, amount.end, start, end)
    if len(chain) > 2 and cues & word_class("telephone") and PHONE_BEFORE.search(before):
        return "telephone"
    if len(chain) == amount.end - amount.number.start and amount.joint is None and "-" not in chain:
        return None
    if CLOCK.fullmatch(chain):
        return "time"
    if amount.joint != "range" and PHONE.fullmatch(chain):
        return "telephone"
    if NUMERIC_DATE.fullmatch(chain):
        return "date"
    if chain.count("-") > 1 or chain.count("/") > 1:
        return "law article" if LAW_BEFORE.search(before) else "reference"
    if amount.joint is None and HYPHENED.fullmatch(chain):
        return "score" if SCORE.fullmatch(chain) else "reference"
    return None


def date_reason(digits: str, before: str, after: str, cues: frozenset[str]) -> str | None:
    """ "date" for a day, a year or a decade."""
    if (cues & FISCAL_CUES and (FISCAL.search(before) or ERA_BEFORE.search(before))) or ERA_AFTER.match(after):
        return "date"
    if len(digits) <= 2 and ((cues & MONTH_CUES and MONTH_BEFORE.search(before)) or MONTH_AFTER.match(after)):
        counted = (IN_MONTH.search(before) or before.endswith(", ")) and (counts_plural(after) or OF_AFTER.match(after))
        return None if counted else "date"
    if DECADE.match(after) and len(digits) in (2, 4) and digits.endswith("0"):
        return "date"
    if len(digits) == 2 and APOSTROPHE_YEAR.search(before):
        return "date"
    if YEAR.fullmatch(digits) and is_year(digits, before, after):
        return "date"
    return "ordinal" if re.match(r"(?:st|nd|rd|th)\b", after) else None


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


def time_reason(digits: str, after: str) -> str | None:
    """ "time" for a time of day."""
    if CLOCK_AFTER.match(after) and len(digits) in (1, 2, 4):
        return "time"
    return "time" if len(digits) == 4 and digits < "2400" and HOURS_AFTER.match(after) else None


def name_reason(text: str, amount: Amount, before: str, after: str, cues: frozenset[str]) -> str | None:
    """The reason for a number that names, refers or belongs to a type."""
    if (cues & LAW_CUES and LAW_BEFORE.search(before)) or (
        LETTERED.match(after) and "." in text[amount.number.start : amount.number.end]
    ):
        return "law article"
    if (cues & REFERENCE_CUES or "#" in before) and REFERENCE_BEFORE.search(before):
        return "reference"
    if NAME_BEFORE.search(before):
        return "name"
    digits = text[amount.number.start : amount.number.end]
    if len(digits) == 1 and BROKEN_QUOTE.search(before):
        return "broken quote"
    if digits.startswith("0") and len(digits) > 1 and digits[1] != ".":
        return "reference"
    if GLUED_AFTER.match(after) and amount.joint is None:
        return "model name"
    noun = HYPHEN_NOUN.match(after)
    if noun and noun[1].lower() in word_class("fixed part"):
        return "modifier"
    if counts_plural(after) or "," in digits:
        return None
    if (len(digits) >= 3 or "ref" in cues) and CABLE_BEFORE.search(before) and CABLE_AFTER.match(after):
        return "reference"
    if cues & NAMED_CUES and NAMED_BEFORE.search(before) and len(digits) < 4:
        return "name"
    if AGE_BEFORE.search(before) or (len(digits) == 2 and AGE_APPOSITION.search(before) and after.startswith(",")):
        return "age"
    capital = CAPITALISED.search(before)
    if (
        capital
        and len(digits) < 5
        and not ends_phrase(capital[1])
        and after[:1] not in ("\n", "", ")", ",", ";", ".")
        and amount.joint is None
    ):
        opens = capital.start() == 0 or before[: capital.start()].rstrip()[-1:] in (".", ":", "\n", "")
        return None if opens and len(before) > capital.end() else "name"
    return None


def list_reason(text: str, amount: Amount, before: str, after: str, start: int) -> str | None:
    """ "list number" for the number of an item."""
    number = amount.number
    if number.end - number.start > 2 or amount.joint:
        return None
    at_line = not before.rsplit("\n", 1)[-1].strip(" (-¶\\") and (len(before) < WINDOW or "\n" in before)
    if PORTION_AFTER.match(after) or ((at_line or "¶" in before[-3:]) and LIST_AFTER.match(after)):
        return "list number"
    if re.match(r"\s?\)", after):
        opened = before.rstrip().endswith("(")
        word = re.search(r"([A-Za-z]+)\s*\(\s*$", before)
        if not opened or word is None or ends_phrase(word[1]):
            return "list number"
    return None


def fraction_reason(text: str, amount: Amount, before: str, after: str) -> str | None:
    """The reason against a fraction in words: "half-staff", "the first half", "a third country"."""
    if amount.unit is not PERCENT_UNIT:
        return None
    if HYPHEN_NOUN.match(after):
        return "modifier"
    if PART_BEFORE.search(before):
        return "date"
    by_article = text[amount.start : amount.start + 2].lower() == "a " and amount.number.value != HALF
    return "ordinal" if by_article and not OF_AFTER.match(after) else None


def word_reason(text: str, amount: Amount, before: str, after: str) -> str | None:
    """The reason against a number in words: fixed parts of types, "one" as a pronoun, ordinals."""
    noun = HYPHEN_NOUN.match(after)
    if noun and noun[1].lower() in word_class("fixed part"):
        return "modifier"
    if amount.high == 0:
        return "zero"
    if text[amount.start].isupper() and text[amount.start + 1].islower() and NAME_WORD.search(before):
        return "name"
    if (
        amount.low == 1
        and amount.unit is None
        and amount.joint is None
        and not OF_AFTER.match(after)
        and (PRONOUN_BEFORE.search(before) or PRONOUN_AFTER.match(after))
    ):
        return "pronoun"
    return None
