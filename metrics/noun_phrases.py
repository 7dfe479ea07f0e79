"""What a number counts: the noun phrase after it, before it in a label, and the rate it is stated at."""

from __future__ import annotations

import re
from dataclasses import dataclass

from metrics.vocabulary.measures import Unit, unit_words

TOKEN = re.compile(r"[\s]+([A-Za-z][\w’'./&-]*|\"+)|\s?-\s?([A-Za-z][\w-]*)")
STOP = frozenset(
    "in on at by for from with to into onto over under between among against during since until till before after about through across within without "
    "and or but nor than as that which who whom whose when where while if because although though so whether "
    "is are was were be been being am has have had having do does did will would shall should can could may might must "
    "a an the this these those there here it its he she they we you i his her their our your my him them us "
    "not no per each every daily weekly monthly yearly annually hourly apiece only also already still yet now then "
    "entered enter crossed cross returned return went go came come left leave arrived remain remained took take made make "
    "seized arrested detained confiscated intercepted captured were became ago later earlier away long wide tall deep high old respectively total alone "
    "vs versus via due aboard upon toward towards like unlike including excluding regarding following worth".split()
)
SKIP = frozenset(
    "more additional other new different separate such of the these those its their his her our all both extra further same "
    "official total".split()
)
PARTICIPLE = re.compile(r"\w{3,}(?:ed|ing)$")
RATE = re.compile(
    r"(?:\s+|\s?-\s?)?(?:/\s?|(?:per|each|every|an?)\s+)(?P<noun>[A-Za-z]+)|,?\s+(?P<adverb>daily|weekly|monthly|yearly|annually|hourly|nightly|per annum|apiece|each)\b",
    re.IGNORECASE,
)
ADVERBS = {
    "daily": "day",
    "weekly": "week",
    "monthly": "month",
    "yearly": "year",
    "annually": "year",
    "hourly": "hour",
    "nightly": "night",
    "per annum": "year",
    "apiece": "item",
    "each": "item",
}
LABEL = re.compile(r"([A-Za-z][\w' -]*?)\s*[:(=]\s*$")
IRREGULAR = {
    "people": "person",
    "men": "man",
    "women": "woman",
    "children": "child",
    "policemen": "policeman",
    "feet": "foot",
    "teeth": "tooth",
    "mice": "mouse",
    "crises": "crisis",
    "personnel": "personnel",
}


@dataclass(frozen=True, slots=True)
class NounPhrase:
    """What is counted: `text` in lower case, its span, and its `head` as written ("" when nothing is counted)."""

    text: str
    head: str
    start: int
    end: int


def singular(word: str) -> str:
    """The singular of a noun, lower case.

    >>> singular("Policemen"), singular("boxes"), singular("countries"), singular("buses"), singular("customs")
    ('policeman', 'box', 'country', 'bus', 'customs')
    """
    word = word.lower().strip("\"'’.")
    if word in IRREGULAR:
        return IRREGULAR[word]
    if word.endswith("men") and len(word) > 4:
        return word[:-2] + "an"
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes", "zes")) or word in ("buses", "gases", "viruses", "minibuses"):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is", "customs", "series")):
        return word[:-1]
    return word


def find_noun_phrase(text: str, first: int, after: int, start: int, end: int, measured: bool) -> NounPhrase:
    """The noun phrase that the number `text[first:after]` counts; after a unit the one behind "of" or "in"."""
    position = after
    if measured:
        link = re.compile(
            r"(?:\s+\([A-Za-z]{1,4}\))?\s+(?:of|in|worth of)\s+(?:the\s+|its\s+|an?\s+)?(?=[a-zA-Z])", re.I
        ).match(text, after, end)
        if link:
            position = link.end() - 1
    words: list[tuple[str, int, int]] = []
    for _ in range(9):
        match = TOKEN.match(text, position, end)
        if match is None:
            break
        group = 1 if match[1] else 2
        word = match[group].rstrip(".’'/")
        lower = word.lower()
        if not words and (lower in SKIP or lower == "of") or not word.strip('"'):
            position = match.end()
            continue
        if (
            lower in STOP
            or lower == "of"
            or (
                words
                and PARTICIPLE.match(lower)
                and not re.match(r"\s+[a-z]+s\b", text[match.end() : match.end() + 20])
            )
        ):
            break
        words.append((word, match.start(group), match.start(group) + len(word)))
        position = match.start(group) + len(word)
        if text[position : position + 1] in ".,;:":
            break
    if words:
        begin, stop = words[0][1], words[-1][2]
        return NounPhrase(re.sub(r"\s+", " ", text[begin:stop]).lower(), words[-1][0], begin, stop)
    label = LABEL.search(text, max(start, first - 40), first)
    if label:
        return NounPhrase(label[1].lower(), label[1].split()[-1], label.start(1), label.end(1))
    return NounPhrase("", "", after, after)


def find_rate(text: str, after: int, noun: NounPhrase, end: int, unit: Unit | None) -> tuple[str | None, NounPhrase]:
    """What the quantity is per ("day", "truck"), after the unit or after the noun phrase."""
    for position in sorted({after, noun.end}):
        if match := RATE.match(text, position, end):
            if match["adverb"]:
                return ADVERBS[match["adverb"].lower()], noun
            known = unit_words().get(match["noun"].lower())
            return (known.name if known else singular(match["noun"])), noun
    return None, noun
