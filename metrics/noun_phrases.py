"""What a number counts or measures: the noun phrase after it, the label or subject before it, and its rate."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from metrics.vocabulary.grammar import word_class, word_classes
from metrics.vocabulary.measures import unit_words

LONGEST_PHRASE = 10
CLAUSE_BEFORE = 120
LONGEST_LABEL = 5
REACH_BEFORE = 200  # characters before a number in which what it counts, or its rate, may be told

TOKEN = re.compile(r"(?:[\s\\]+|\s?-\s?|(?<=-))[\"“'‘(]?([A-Za-z][\w'’./&+-]{0,40}|\d[\w.,/-]{0,20})")
# What stands between the words of one phrase: "ecstasy (MDMA) tablets", "medium-size, high-speed boats".
ASIDE = re.compile(r"\s\([A-Za-z][\w-]{0,20}\)(?=\s[a-z]+s\b)|,(?=\s[a-z]+-[a-z]+\s[a-z])")
UNWRITTEN = re.compile(r"[\"“”]")
OPENING, CLOSING = tuple("\"“'‘"), tuple("\"”'’")
NEXT_WORDS = re.compile(r"\s+([A-Za-z][\w'’-]{0,40})(?:\s+([A-Za-z][\w'’-]{0,40}))?")
WORD = re.compile(r"[A-Za-z][\w'’&/-]{0,40}(?:\.[A-Za-z]\.?){0,4}")
# "of", "in" or "worth of" between a unit and what is measured, over an abbreviation in brackets: "metric tons (MT) of".
LINK = re.compile(
    r"(?:\s+\([A-Za-z]{1,5}\.?\))?\s+(?:worth\s+)?(?:of|in|worth|for|off|toward|towards)(?=\s)", re.IGNORECASE
)
DETERMINER_BEFORE = re.compile(
    r"\b(?:the|an?|its|his|her|their|our|this|that|these|those|each|every)\s+$", re.IGNORECASE
)
SEPARATES = re.compile(r"[,\d]")
PREDICATE_AFTER = frozenset(("is", "are", "was", "were", "be", "been", "as", "so", "too", "very", "quite", "sat"))
# "2,000-member force", "24-man unit", "12 page document": what is counted is the first word, not the last.
HYPHENED_HEAD = re.compile(r"\s?-\s?[A-Za-z]{1,40}\s+[A-Za-z]")
LABEL = re.compile(r"([A-Za-z][A-Za-z'’./& -]{0,60}?)\s*(?:[:=(]|--?)\s*$")
TOLD = re.compile(r"\b(?:to|at|from|was|were|is|reached|by)\s+$")
BRACKETED = re.compile(r"\(([A-Za-z]{3,20})\s+$")
LABEL_MARKS = tuple(":=(-")
# A row of a table: its label, perhaps a unit in brackets, and nothing but cells to its end.
ROW = re.compile(
    r"\s*+([A-Za-z][A-Za-z,&/'-]*+(?:[ ]++[A-Za-z&][A-Za-z,&/'-]*+)*+)\s*+((?:\([A-Za-z ]++\)\s*+)*+)"
    r"(?:[\s|]*+(?<=[\s|)])(?:[$]?\d[\d,.]*+%?+|--?+))++[\s|]*+"
)
CLAUSE_END = re.compile(r"[.;:!?](?=\s)|[(\"“”]|--|,\s")
# "8,000 last year", "500 a month", "30 the year before": when, not what.
WHEN = r"(?:(?:last|this|next|the\s+previous|an?|per|each|every)\s+{time}|the\s+{time}\s+(?:before|earlier))\b".replace(
    "{time}", "(?:day|night|week|weekend|month|quarter|year|decade|spring|summer|fall|autumn|winter|season)"
)
WHEN_AFTER = re.compile(rf"\s+{WHEN}", re.IGNORECASE)
WHEN_BEFORE = re.compile(rf"\b(?:so\s+far\s+)?{WHEN}", re.IGNORECASE)
PARTICIPLE = re.compile(r"[a-z]{2,}(?:ed|ing)")
PLURAL = re.compile(r"[A-Za-z][\w'’-]*(?:[^sui]s|[aeiou]us|ies)")
MONTH = re.compile(
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|(?:19|20)\d\d|fy\d*|cy\d*)"
)
RATE = re.compile(
    r"(?:\s*\([^()]{1,24}\))?(?:\s?/\s?(?P<slash>[A-Za-z]{2,40})|(?:\s+|\s?-\s?)(?:(?:per|each|every)[\s-]+(?P<noun>[A-Za-z]{1,40})|a[n]?[\s-]+(?P<article>[A-Za-z]{1,40})"
    r"|(?P<adverb>daily|weekly|monthly|yearly|annually|hourly|nightly|per annum|apiece|each)\b))",
    re.IGNORECASE,
)
RATE_LATER = re.compile(
    r"[^.;:\d]{0,80}?\s(?:(?:each|every|per|on\s+an?\s+(?:average|usual|typical|normal|ordinary|busy))\s+(day|night|week|month|year|hour|quarter)|(?:in|on|for|from)\s+each\s+(?!other|time|side|way|one)([a-z]+))\b"
    r"|[^.;:,\d]{0,80}?\s(daily|weekly|monthly|yearly|annually)\b",
    re.IGNORECASE,
)
RATE_BEFORE = re.compile(
    r"(?:each|every|on\s+an?\s+(?:average|usual|typical|normal|ordinary|given|busy)|daily|an average of|per)\s+"
    r"(day|night|week|month|year|hour)\b[^.;:\d]{0,40}$"
    r"|(?:^|[.;]\s+)each\s+(?:\w+\s+)?(\w+)\s+(?:was|is|has|had|carries|carried|costs?|houses|holds|received|receives)\b[^.;:\d]{0,40}$"
    r"|\baverage\s+(annual|monthly|weekly|daily)\b[^.;:,\d]{0,60}\b(?:at|of|to|was|were|is|are|total\w*|reached|came)\s+(?:\w+\s+){0,2}$"
    r"|\b(annual|monthly|weekly|daily)\s+(?:average|rate)s?\b(?:\s+of(?:\s+\w+){1,3})?"
    r"(?:[^.;:\d]{0,120},)?\s+(?:at|of|to|was|were|is|are|total\w*|reached|came)\s+(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)
ADVERBS = {
    "daily": "day", "weekly": "week", "monthly": "month", "yearly": "year", "annually": "year",
    "annual": "year", "hourly": "hour", "nightly": "night", "per annum": "year", "apiece": "item", "each": "item",
}  # fmt: skip
SLASHED = {
    "yr": "year",
    "mo": "month",
    "wk": "week",
    "hr": "hour",
    "min": "minute",
    "sec": "second",
    "head": "person",
    "capita": "person",
}
PERIODS = frozenset(
    (
        "second",
        "millisecond",
        "minute",
        "hour",
        "day",
        "night",
        "week",
        "month",
        "quarter",
        "year",
        "decade",
        "century",
        "annum",
    )
)
IRREGULAR = {
    "people": "person", "persons": "person", "children": "child", "feet": "foot", "teeth": "tooth", "mice": "mouse",
    "crises": "crisis", "buses": "bus", "gases": "gas", "viruses": "virus", "minibuses": "minibus", "lives": "life",
    "knives": "knife", "wives": "wife", "thieves": "thief", "leaves": "leaf", "loaves": "loaf", "halves": "half",
    "criteria": "criterion", "busses": "bus", "movies": "movie", "cookies": "cookie", "calories": "calorie",
    "trucks": "truck", "women": "woman", "men": "man",
}  # fmt: skip


# A word with its span.
Token = tuple[str, int, int]


class NounPhrase(NamedTuple):
    """What is counted: `text` in lower case, its span, and its `head` as written ("" when nothing is counted)."""

    text: str
    head: str
    start: int
    end: int


@cache
def singular(word: str) -> str:
    """The singular of a noun, lower case.

    >>> singular("Policemen"), singular("boxes"), singular("countries"), singular("passes"), singular("customs")
    ('policeman', 'box', 'country', 'pass', 'customs')
    """
    word = word.lower().strip("\"'’.,").removesuffix("'s").removesuffix("’s")
    if word in IRREGULAR or word in word_class("invariant"):
        return IRREGULAR.get(word, word)
    if word.endswith("men") and len(word) > 4 and word not in ("regimen", "specimen", "yemen", "turkmen"):
        return word[:-2] + "an"
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes", "zes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def is_plural(word: str) -> bool:
    """Whether a word looks like a plural noun."""
    lower = word.lower()
    if lower in word_class("plural") or lower in word_class("invariant"):
        return lower not in word_class("invariant")
    return (
        bool(PLURAL.fullmatch(lower))
        and not lower.endswith(("'s", "’s", "ous"))
        and lower not in word_class("function")
    )


def ends_phrase(word: str) -> bool:
    """Whether a word cannot stand inside a counted noun phrase."""
    lower = word.lower()
    return lower in word_class("function") or lower in word_class("verb")


def has_verb(text: str) -> bool:
    """Whether a stretch of text holds a verb or a participle, known or by its ending."""
    return any(
        word.lower() in word_class("verb") or PARTICIPLE.fullmatch(word) is not None for word in WORD.findall(text)
    )


def tokens_after(text: str, position: int, end: int, measured: bool) -> list[Token]:
    """Words that may form the noun phrase after `position`, up to the first that cannot."""
    classes = word_classes()
    words: list[Token] = []
    for _ in range(LONGEST_PHRASE):
        match = TOKEN.match(text, position, end)
        if match is None:
            break
        word = match[1].rstrip(".,’'/-&")
        stop = match.start(1) + len(word)
        lower = word.lower()
        counted = lower in classes["number"] or (word.replace(",", "").isdigit() and "(" not in match[0])
        if not words and (lower in classes["filler"] or counted):
            position = stop
            continue
        if lower in ("and", "or") and joins_adjectives(text, words, stop, end):
            position = stop
            continue
        if ends_phrase(word) or lower in classes["number"] or "(" in match[0] or (measured and word[0].isdigit()):
            break
        words.append((word, match.start(1), stop))
        position = stop
        if match[0].lstrip()[0] in OPENING and text[stop : stop + 1] in CLOSING:
            position = stop + 1  # a name of one word in quotation marks
            continue
        aside = ASIDE.match(text, stop, end)
        if aside and (text[stop] != "," or ("-" in word and not is_plural(word))):
            position = aside.end()
            continue
        if (text[stop : stop + 1] and text[stop] in '.,;:)"”') or text[stop : stop + 2] in ("'s", "’s"):
            break
    return words


def joins_adjectives(text: str, words: list[Token], stop: int, end: int) -> bool:
    """Whether "and" stands between two modifiers of one noun: "police and customs officers"."""
    if not words or any(is_plural(word) and word.lower() not in word_class("plural") for word, _, _ in words):
        return False
    following = NEXT_WORDS.match(text, stop, end)
    if following is None or ends_phrase(following[1]):
        return False
    return any(word is not None and is_plural(word) for word in following.groups())


def cut_at_head(words: list[Token], many: bool) -> list[Token]:
    """The words up to the head: the last of near plural nouns, else what stands before a participle.

    Where `many` are counted and no plural follows, a leading participle is a verb: "10 to 20 returned empty".
    """
    plurals = [i for i, (word, _, _) in enumerate(words) if is_plural(word)]
    if not plurals:
        return [] if many and words and PARTICIPLE.fullmatch(words[0][0]) else cut_at_participle(words)
    last = plurals[0]
    for i in plurals[1:]:
        if i - last > 2 or any(PARTICIPLE.fullmatch(word) for word, _, _ in words[last + 1 : i]):
            break
        last = i
    return words[: last + 1]


def cut_at_participle(words: list[Token]) -> list[Token]:
    """The words up to a participle that follows a noun, without numbers and adverbs at their end."""
    for i, (word, _, _) in enumerate(words):
        if PARTICIPLE.fullmatch(word) and (i > 0 or len(words) == 1):
            words = words[:i]
            break
    while words and (words[-1][0][0].isdigit() or words[-1][0].lower().endswith("ly")):
        words = words[:-1]
    return words


def phrase_of(text: str, words: list[Token]) -> NounPhrase:
    """The noun phrase made of `words`, without an owner at its front ("Uzbekistan's border checkpoints")."""
    owned = [i for i, (word, _, _) in enumerate(words[:-1]) if word.endswith(("'s", "’s", "s'", "s’"))]
    words = words[owned[-1] + 1 :] if owned else words
    start, stop = words[0][1], words[-1][2]
    written = UNWRITTEN.sub("", ASIDE.sub("", text[start:stop])).lower().replace("\\", " ")
    return NounPhrase(" ".join(written.split()), words[-1][0], start, stop)


def phrase_after(text: str, after: int, end: int, measured: bool, many: bool) -> NounPhrase | None:
    """The noun phrase after a number, or after its unit and "of", "in" or "worth of"."""
    if not measured and WHEN_AFTER.match(text, after, end):
        return None
    link = LINK.match(text, after, end) if measured else None
    words = tokens_after(text, link.end() if link else after, end, measured)
    words = cut_at_participle(words) if measured and not link else cut_at_head(words, many and not link)
    if not words or (measured and is_setting(words[-1][0])):
        return None
    phrase = phrase_of(text, words)
    if measured or len(words) == 1:
        return phrase
    hyphened = HYPHENED_HEAD.match(text, after, end)
    kind = many and words[0][0].islower() and not any(is_plural(word) for word, _, _ in words)
    return NounPhrase(phrase.text, words[0][0], phrase.start, phrase.end) if hyphened or kind else phrase


def is_setting(head: str) -> bool:
    """Whether the word after a measure tells when or where, not what: "0.3% in June", "60 km east of Baku"."""
    lower = head.lower()
    return bool(MONTH.fullmatch(lower)) or singular(lower) in PERIODS or lower in word_class("direction")


def label_before(text: str, first: int, start: int) -> NounPhrase | None:
    """The label that a number stands behind: "Arrests: 34", "trucks (30)", "(population 300,000)"."""
    if bracketed := BRACKETED.search(text, max(start, first - 24), first):
        word = (bracketed[1], bracketed.start(1), bracketed.end(1))
        return None if ends_phrase(word[0]) or is_pale(word[0]) else phrase_of(text, [word])
    if text[max(start, first - 3) : first].rstrip()[-1:] not in LABEL_MARKS:
        return None
    label = LABEL.search(text, max(start, first - 64), first)
    if label is None:
        return None
    words = [(m[0], label.start(1) + m.start(), label.start(1) + m.end()) for m in WORD.finditer(label[1])]
    if _is_share([word for word, _, _ in words]):
        return None
    kept: list[Token] = []
    if len(words) > 1 and PARTICIPLE.fullmatch(words[-1][0]):
        words = words[:-1]  # "Persons served: 11,000"
    for word in reversed(words):
        if ends_phrase(word[0]) or len(kept) == LONGEST_LABEL:
            break
        kept.insert(0, word)
    return phrase_of(text, kept) if kept else None


def _is_share(words: list[str]) -> bool:
    """Whether the words end with the unit of a share, which counts nothing: "25 percent (102)"."""
    units = (unit_words().get(" ".join(words[-count:]).lower()) for count in (1, 2))
    return any(unit is not None and unit.dimension == "ratio" for unit in units)


def row_label(text: str, start: int, end: int) -> tuple[str | None, NounPhrase] | None:
    """Unit and label of the table row that `text[start:end]` is: kilogram and heroin of "Heroin (kilos) 417 1,244"."""
    row = ROW.fullmatch(text, start, end)
    if row is None:
        return None
    words = [(m[0], row.start(1) + m.start(), row.start(1) + m.end()) for m in WORD.finditer(row[1])]
    if not words or ends_phrase(words[-1][0]):
        return None
    phrase = phrase_of(text, words[-LONGEST_LABEL:])
    bracketed = row[2].strip(" ()").rpartition("(")[2].lower()
    unit = unit_words().get(bracketed)
    return (unit.name if unit else singular(bracketed) if bracketed else singular(phrase.head)), phrase


def number_told_before(text: str, first: int, start: int) -> NounPhrase | None:
    """The things whose number is told before it: "the number of tablets seized in the port dropped to 0.2 million"."""
    told = text.rfind("umber of ", max(start, first - REACH_BEFORE), first)
    if told < 0 or not TOLD.search(text, told, first):
        return None
    words = cut_at_head(tokens_after(text, told + len("umber of"), first, False), many=True)
    return phrase_of(text, words) if words else None


def subject_before(text: str, first: int, start: int) -> NounPhrase | None:
    """The nearest noun phrase before a measured number in its sentence: "core inflation rose 0.3%"."""
    begin = max(start, first - CLAUSE_BEFORE)
    words = [(m[0], m.start(), m.end()) for m in WORD.finditer(text, begin, first)]
    if begin > start and words and words[0][1] == begin:
        words = words[1:]
    times = [match.span() for match in WHEN_BEFORE.finditer(text, begin, first)]
    kept: list[Token] = []
    for word in reversed(words):
        if not kept and any(opens <= word[1] < closes for opens, closes in times):
            continue  # "landings so far this year stood at 47"
        noun = bool(DETERMINER_BEFORE.search(text, max(start, word[1] - 8), word[1]))
        gap = text[word[2] : kept[0][1]] if kept else ""
        if (not kept and is_filler(word[0])) or (not kept and text[word[1] - 3 : word[1]].lower() == "to "):
            continue  # "to launder $300 million": a verb
        if kept and word[0].lower() in PREDICATE_AFTER and len(kept) == 1 and not is_plural(kept[0][0]):
            kept = []  # "was as impressive at 37.5 degrees": a predicate, the subject stands before it
            continue
        if kept and (
            (ends_phrase(word[0]) and not noun)
            or CLAUSE_END.search(gap + " ")
            or SEPARATES.search(gap)
            or len(kept) == 6
        ):
            break
        if not kept and not noun and (ends_phrase(word[0]) or len(word[0]) < 2 or is_pale(word[0])):
            continue
        kept.insert(0, word)
    return phrase_of(text, kept) if kept else None


def is_filler(word: str) -> bool:
    """Whether a word only fills a noun phrase ("additional", "three")."""
    return word.lower() in word_class("filler") or word.lower() in word_class("number")


def is_pale(word: str) -> bool:
    """Whether a word before a number says nothing of what is measured: adverbs, participles."""
    return word.lower().endswith("ly") or bool(PARTICIPLE.fullmatch(word.lower()))


def rate_after(text: str, after: int, noun: NounPhrase | None, end: int, measured: bool) -> str | None:
    """What the quantity is per ("day", "truck"), after the unit, after the noun phrase, or later in the clause."""
    places = [after] if noun is None or noun.start < after else [after, noun.end]
    for place in places:
        match = RATE.match(text, place, end)
        if match and (name := rate_name(match, measured)):
            return name
    return None


def rate_name(match: re.Match[str], measured: bool) -> str | None:
    """The canonical name of a rate; "a" and "/" need a period or, after a unit, any noun that is no plural."""
    if match["adverb"]:
        return ADVERBS[match["adverb"].lower()]
    noun = (match["slash"] or match["noun"] or match["article"]).lower()
    noun = SLASHED.get(noun, noun)
    unit = unit_words().get(noun)
    name = unit.name if unit else singular(noun)
    if noun == "annum":
        return "year"
    if match["noun"] or name in PERIODS:
        return None if ends_phrase(noun) or name in ("other", "time", "side", "way") else name
    return (
        name
        if measured and (unit or match["slash"] or name in ("share", "person", "head", "piece", "dozen", "litre"))
        else None
    )


def rate_nearby(text: str, first: int, after: int, start: int, end: int) -> str | None:
    """A rate stated elsewhere in the clause: "each year 120,000 persons", "hundreds arrive by boat each week"."""
    match = RATE_LATER.match(text, after, min(end, after + 180))
    if match:
        return match[1].lower() if match[1] else ADVERBS[match[3].lower()] if match[3] else singular(match[2])
    match = RATE_BEFORE.search(text, max(start, first - REACH_BEFORE), first)
    if match is None:
        return None
    adjective = match[3] or match[4]
    return ADVERBS[adjective.lower()] if adjective else singular(match[1] or match[2])
