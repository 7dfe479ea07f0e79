"""How a figure is meant: its qualifier, its open or closed bounds, level or change or share, and conversions."""

from __future__ import annotations

import re

from metrics.amounts import Amount
from metrics.vocabulary.grammar import one_of, word_class

LONGEST_QUALIFIER = 26
QUALIFIERS = ("approx", "more_than", "at_least", "less_than", "at_most", "transparent")
BEFORE = re.compile(
    r"(?:^|(?<=[\s(\"“'>,;:/\-]))(?:" + "|".join(f"(?P<{name}>{one_of(name)})" for name in QUALIFIERS) + r")\s*$",
    re.IGNORECASE,
)
LAST_WORDS = tuple({phrase.split()[-1] for name in QUALIFIERS for phrase in word_class(name)})
# "turned over 12 men", "the above seven", "added up to 256 kilos": none of them bounds the number.
NO_BOUND = re.compile(
    rf"\b(?:(?:{one_of('particle verb')})\s+(?:\w+\s+)?over|the\s+above|(?:{one_of('sum verb')})\s+up\s+to)\s*$",
    re.IGNORECASE,
)
NO_ESTIMATE = re.compile(rf"\b(?:{one_of('about verb')})\s+about\s*$", re.IGNORECASE)
LASTING = re.compile(rf"\b(?:{one_of('lasting')})\s+$", re.IGNORECASE)
QUALIFIER_AFTER = re.compile(
    r"""(?P<more_than>\s?\+(?!\d)|-?\s?plus\b(?!\s\d))
    | (?P<at_least>\s*(?:or|and)[ ](?:more|above|higher|over|older|up|greater|beyond)\b)
    | (?P<at_most>\s*(?:or|and)[ ](?:less|fewer|under|below|younger)\b)
    | (?P<approx>\s*(?:or[ ]so|-?odd|-?ish|,?[ ]approximately|,?[ ]roughly|or[ ]thereabouts)\b)""",
    re.IGNORECASE | re.VERBOSE,
)
ESTIMATED_AFTER = re.compile(r"[^.;:]{0,60}?\b(?:is|are|was|were) estimated\b", re.IGNORECASE)

# "rose by 30 percent", "an increase of 4,000": the word, then "by" or "of", then only qualifiers.
CHANGE_BY = re.compile(
    rf"\b(?:{one_of('change verb')}|(?:{one_of('change noun')})s?)(?:\s+(?!to\b|from\b|in\b)[a-z-]+){{0,3}}?"
    r"\s+(?:by|of)\s+(?:[a-z]+\s+){0,3}$",
    re.IGNORECASE,
)
# "rose 5 percent", "was down 0.1 per cent": only before measured changes, where no object is meant.
CHANGE_DIRECT = re.compile(
    rf"\b(?<!turned )(?:{one_of('change verb')})"
    rf"(?:\s+(?:{one_of('approx')}|{one_of('more_than')}|{one_of('at_least')}|{one_of('less_than')}"
    r"|up|down|off|as much as|another|a|an|further|only|just|slightly|sharply|or|by|well))*\s+[-–]?$",
    re.IGNORECASE,
)
# Only with one of these before a number are the two patterns tried.
CHANGES = word_class("change verb") | {noun + ending for noun in word_class("change noun") for ending in ("", "s")}
WORD = re.compile(r"[a-z]+")
CHANGE_AFTER = re.compile(
    rf"[\s-]+(?:(?:[a-z-]+\s+)?(?:{one_of('change noun')})s?|higher|lower|(?:more|less|fewer)\s+than)\b", re.IGNORECASE
)
INCREMENTS = ("additional", "further", "extra")
INCREMENT_BEFORE = re.compile(rf"\b(?:{'|'.join(INCREMENTS)})\s+(?:[a-z]+\s+){{0,2}}$", re.IGNORECASE)
INCREMENT_AFTER = re.compile(r"\s+(?:more|extra|fewer)\s+(?!than\b)[a-z]", re.IGNORECASE)
# "4,000 more than in 2005", "three arrests fewer than the year before": against another time.
COMPARED_AFTER = re.compile(
    r"\s+(?:[a-z]+\s+)?(?:more|less|fewer|higher|lower)\s+than\s+"
    r"(?:in|during|last|(?:the|a)\s+(?:year|month|quarter|week|previous|preceding|prior|same)|it\s+did)\b",
    re.IGNORECASE,
)
FUNDS_ADDED = re.compile(r"\s+(?:in\s+)?(?:additional|extra|further)\s+[a-z]", re.IGNORECASE)
CHANGING_UNITS = frozenset(("ratio", "money", "angle", "frequency"))
POINTS = re.compile(r"\s+(?:points?|pips?|ticks?)\b")
# What stands between an amount and the same amount in another unit: " (", " (about ", ", or roughly ".
CONVERTED = re.compile(
    rf"\s*(?:of\s+\w+\s+)?[(\[]\s*(?:{one_of('approx')}|{one_of('more_than')}|{one_of('less_than')}"
    r"|or|equivalent to|equal to|i\.e\.,?|=)?\s*"
    rf"|\s*,?\s*(?:or|equivalent to|the equivalent of|i\.e\.)\s+(?:{one_of('approx')})?\s*",
    re.IGNORECASE,
)


def qualifier_before(text: str, first: int, start: int, measured_time: bool) -> tuple[int, str | None]:
    """Where the qualifier words before a number begin, and the qualifier they state."""
    found: str | None = None
    begin = first
    for _ in range(4):
        floor = max(start, begin - LONGEST_QUALIFIER)
        if not text[floor:begin].rstrip().lower().endswith(LAST_WORDS):
            break
        match = BEFORE.search(text, floor, begin)
        if match is None or match.lastgroup is None:
            break
        if (
            match[0].lower().strip() == "over"
            and measured_time
            and not LASTING.search(text, max(start, match.start() - 12), match.start())
        ):
            break
        if match.lastgroup == "approx" and NO_ESTIMATE.search(text, max(start, begin - 40), begin):
            break
        if match.lastgroup in ("more_than", "at_most") and NO_BOUND.search(text, max(start, begin - 40), begin):
            break
        if match.lastgroup != "transparent" and found in (None, "approx"):
            found = match.lastgroup
        begin = match.start()
    return begin, found


def qualifier_after(text: str, amount: Amount, qualifier: str | None, end: int) -> tuple[int, str | None]:
    """Where the number, its unit and a qualifier behind them end, and the qualifier."""
    for place in dict.fromkeys((amount.end, amount.after)):
        if match := QUALIFIER_AFTER.match(text, place, end):
            return max(match.end(), amount.after), qualifier or match.lastgroup
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
    before = text[max(start, first - 60) : first].lower()
    added = any(word in before for word in INCREMENTS) and INCREMENT_BEFORE.search(text, max(start, first - 32), first)
    if added or INCREMENT_AFTER.match(text, after, end) or COMPARED_AFTER.match(text, after, end):
        return "change"
    changes = not CHANGES.isdisjoint(WORD.findall(before))
    if changes and (" by " in before or " of " in before) and CHANGE_BY.search(before):
        return "change"
    measured = (amount.unit is not None and amount.unit.dimension in CHANGING_UNITS) or POINTS.match(text, after, end)
    if measured and changes and CHANGE_DIRECT.search(text, max(start, first - 48), first):
        return "change"
    if amount.unit is not None and amount.unit.dimension == "money" and FUNDS_ADDED.match(text, after, end):
        return "change"
    if share and (amount.low < 0 or CHANGE_AFTER.match(text, after, end)):
        return "change"
    return "share" if share else "level"


def is_conversion(text: str, former: Amount, amount: Amount) -> bool:
    """Whether an amount gives the former one again in another unit: "30 million pesos (USD 2.1 million)"."""
    if (
        former.unit is None
        or amount.unit is None
        or former.unit.dimension != amount.unit.dimension
        or former.unit.name == amount.unit.name
    ):
        return False
    return CONVERTED.fullmatch(text, former.after, amount.start) is not None
