"""Unit, what exactly is counted, and kind of a claimed quantity, as the reference guide records them."""

from __future__ import annotations

import re
from bisect import bisect_left

from metrics.features import Candidate
from metrics.vocabulary.tables import word_set, word_sets, word_table, word_tables

MEASURED = word_set("naming", "measured")
CONTAINING = word_set("naming", "containing")
PLAIN_PEOPLE = word_set("naming", "plain_people")
NAMED_BY_PURPOSE = word_set("naming", "named_by_purpose")
KEPT_NOUNS = word_set("naming", "kept_nouns")
STOP_WORDS = word_set("naming", "stop_words")
UNITS_OF_CLASSES = word_table("units_of_classes")
UNITS_OF_METRICS = word_tables("units_of_metrics")
DEFAULT_UNITS = word_table("default_units")
SAME_UNITS = word_table("same_units")
OF_CLASSES = word_sets("of_classes")
OF_DEFAULTS = word_table("of_defaults")
PEOPLE_WORDS = word_tables("people_words")
_WORD = re.compile(r"[a-z][a-z'-]+")


def name_unit(candidate: Candidate, metric: str) -> tuple[str, bool]:
    """The unit as recorded, and whether it was assumed rather than stated."""
    quantity = candidate.quantity
    stated = quantity.unit
    if stated and (candidate.group in MEASURED):
        return stated, False
    heads = candidate.heads
    fixed = UNITS_OF_METRICS.get(metric)
    if fixed:
        return next((fixed[head] for head in heads if head in fixed), fixed["other"]), not heads
    noun = SAME_UNITS.get(stated or "", stated or "")
    if noun in KEPT_NOUNS:
        return noun, False
    named = next((UNITS_OF_CLASSES[head] for head in heads if head in UNITS_OF_CLASSES), None)
    if named:
        return named, False
    for word in quantity.of.split():
        singular = SAME_UNITS.get(word.removesuffix("s"), word.removesuffix("s"))
        if singular in KEPT_NOUNS:
            return singular, False
    return DEFAULT_UNITS[metric], not heads


def name_kind(candidate: Candidate) -> str:
    """level, change or share."""
    quantity = candidate.quantity
    if quantity.unit == "percent" and quantity.kind == "level":
        return "share"
    return quantity.kind


def name_of(candidate: Candidate, metric: str) -> str:
    """Two or three words for what exactly is measured: the counted phrase, the words nearest to it, or both.

    Money, shares and the things that stand for something else (sites equipped, bags of a drug) are named
    by the nearest phrase of the metric's classes.
    """
    counted = [word for word in _WORD.findall(candidate.quantity.of.lower()) if word not in STOP_WORDS]
    nearest = _nearest(candidate, OF_CLASSES.get(metric, frozenset()))
    if metric in NAMED_BY_PURPOSE or candidate.group in MEASURED | CONTAINING:
        words = [*nearest[-2:], *counted[-1:]]
    elif candidate.group in PLAIN_PEOPLE and metric in PEOPLE_WORDS:
        words = [*_topic_words(candidate, PEOPLE_WORDS[metric]), *counted[-1:]]
    else:
        words = counted[-3:] if len(counted) > 1 else [*nearest[-2:], *counted]
    return " ".join(list(dict.fromkeys(words))[:3]) or OF_DEFAULTS.get(metric, metric.replace("_", " "))


def _nearest(candidate: Candidate, wanted: frozenset[str]) -> list[str]:
    """Words of the nearest phrase of the wanted classes: after the number first, then before it."""
    where, quantity = candidate.where, candidate.quantity
    last = bisect_left(where.starts, quantity.end)
    first = bisect_left(where.starts, quantity.start)
    after, before = range(last, len(where.tokens)), range(first - 1, -1, -1)
    for side in (after[:10], before[:10], after[10:], before[10:]):
        for index in side:
            token = where.tokens[index]
            if not wanted.isdisjoint(token.nouns):
                return [part.word for part in where.tokens[index : token.until] if is_name(part.word)]
            if not wanted.isdisjoint(token.cues):
                return [part.word for part in where.tokens[index : index + 2] if is_name(part.word)]
    return []


def is_name(word: str) -> bool:
    """Whether the word can stand in a name of what is measured."""
    return word[0].isalpha() and word not in STOP_WORDS


def _topic_words(candidate: Candidate, words: dict[str, str]) -> list[str]:
    """What people counted by a plain noun ("two men") did or suffered, after the topic of the sentence or paragraph."""
    spoken = {cue for token in candidate.where.tokens for cue in token.cues}
    spoken.update(name.partition("=")[2] for name in candidate.where.outside if name.startswith("para+="))
    return next((text.split() for topic, text in words.items() if topic in spoken), [])
