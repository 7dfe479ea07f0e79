"""Unit, what exactly is counted, and kind of a claimed quantity, as the reference guide records them."""

from __future__ import annotations

import re
from bisect import bisect_left
from metrics.features import Candidate

MEASURED = frozenset({"money", "percent", "mass", "volume", "length", "measure", "area"})
UNIT_OF_CLASS = {
    "guard": "person",
    "officer": "person",
    "suspect": "person",
    "migrant": "person",
    "victim": "person",
    "person": "person",
    "national": "person",
    "traveller": "person",
    "trainee": "person",
    "politician": "person",
    "militant": "person",
    "ship": "ship",
    "weapon": "item",
    "detector": "item",
    "it_gear": "item",
    "gear": "item",
    "explosive": "item",
    "aircraft": "aircraft",
    "checkpoint": "checkpoint",
    "course": "event",
    "case": "case",
    "incident": "case",
}
# Unit recorded for a metric whatever noun was counted; "" stands for all nouns not named.
UNIT_OF_METRIC: dict[str, dict[str, str]] = {
    "arrests": {"": "person"},
    "irregular_crossings": {"": "person"},
    "people_trained": {"": "person"},
    "exchange_visits": {"": "person"},
    "training_events": {"": "event"},
    "checkpoints_total": {"": "checkpoint"},
    "checkpoints_equipped": {"": "checkpoint"},
    "installations": {"detector": "item", "gear": "item", "it_gear": "item", "": "site"},
}
UNIT_DEFAULT = {
    "personnel": "person",
    "equipment": "item",
    "seizures": "item",
    "incidents": "case",
    "traffic": "vehicle",
    "cargo": "shipment",
    "inspections": "inspection",
    "corruption": "USD",
    "funding": "USD",
    "workforce_share": "percent",
    "border_length": "kilometre",
}
KEEP_NOUN = frozenset(
    "truck car vehicle railcar train container shipment consignment transaction tunnel route flight plant tablet pill dose "
    "package bag bale crate round stick dog motorcycle battalion company unit brigade platoon inspection site kit "
    "entrance box bottle carton packet seizure".split()
)
SAME_UNIT = {
    "pill": "tablet",
    "kit": "item",
    "seizure": "case",
    "interdiction": "case",
    "canine": "dog",
    "railway car": "railcar",
    "lorry": "truck",
}
OF_CLASSES: dict[str, frozenset[str]] = {
    "seizures": frozenset(
        {"drug", "precursor", "weapon", "ammo", "explosive", "nuclear", "contraband", "cash", "vehicle", "ship"}
    ),
    "equipment": frozenset({"detector", "it_gear", "gear", "ship", "vehicle", "aircraft", "weapon"}),
    "funding": frozenset(
        {
            "detector",
            "gear",
            "it_gear",
            "ship",
            "aircraft",
            "vehicle",
            "course",
            "checkpoint",
            "port",
            "drug",
            "border_line",
        }
    ),
    "personnel": frozenset({"guard", "soldier", "officer"}),
    "arrests": frozenset({"suspect", "smuggling", "migrant", "drug", "guard", "national", "officer"}),
    "workforce_share": frozenset({"guard", "customs", "border", "rail", "port"}),
    "incidents": frozenset(
        {"smuggling", "tip", "drug", "route", "hideout", "incident", "case", "victim", "suspect", "seizure"}
    ),
    "checkpoints_equipped": frozenset({"detector", "it_gear", "nuclearw", "capability"}),
    "installations": frozenset({"detector", "nuclearw", "capability"}),
    "checkpoints_total": frozenset({"checkpoint", "port"}),
    "people_trained": frozenset({"guard", "officer", "trainee", "detector", "drug"}),
    "training_events": frozenset({"course"}),
    "traffic": frozenset({"vehicle", "rail", "ship", "traveller", "person", "cargo_unit", "crossing_n", "aircraft"}),
    "cargo": frozenset({"cargo_unit", "contraband", "trade_n"}),
    "inspections": frozenset({"cargo_unit", "vehicle", "person", "traveller", "inspection_n"}),
    "corruption": frozenset({"bribe_n", "suspect", "customs", "smuggling"}),
    "irregular_crossings": frozenset({"migrant", "victim", "national", "person"}),
    "border_length": frozenset({"border_line"}),
}
OF_DEFAULT = {
    "corruption": "bribes",
    "funding": "border security",
    "border_length": "border",
    "checkpoints_total": "border crossing points",
    "irregular_crossings": "migrants",
    "arrests": "suspects",
    "training_events": "training",
    "seizures": "contraband",
    "incidents": "smuggling cases",
    "personnel": "officers",
    "workforce_share": "customs and border staff",
    "traffic": "crossings",
    "cargo": "cargo",
    "inspections": "inspections",
}
# Plain nouns of people, and the words that say what they did, by the topic spoken of; the first that fits counts.
PLAIN_PEOPLE = frozenset({"person", "national", "percent", "none?", "count?", "arrest_n", "suspect"})
PEOPLE_WORDS: dict[str, dict[str, str]] = {
    "arrests": {
        "narcotics": "drug smuggling",
        "tip": "trafficking",
        "immigrationw": "migrants",
        "smuggling": "smuggling",
        "corruptw": "corruption",
        "nuclearw": "nuclear smuggling",
    },
    "irregular_crossings": {"coastguard": "boat migrants", "tip": "trafficking victims", "immigrationw": "migrants"},
}
# The `of` of these is the capability, system, purpose or employer, not what the number counts.
NAMED_BY_PURPOSE = frozenset({"checkpoints_equipped", "installations", "funding", "corruption", "workforce_share"})
CONTAINING = frozenset({"container", "drug_form", "case", "incident", "seizure", "cargo_unit", "arrest_n"})
_WORD = re.compile(r"[a-z][a-z'-]+")
STOP_WORDS = frozenset(
    "the a an and or of in for to with by at on from its their his her more than new total other such some any all these "
    "those this that each were was are be been is which who million additional "
    "kilos kilograms kilo kg kgs tons tonnes ton metric grams pounds percent liters mt dollars members member people each total".split()
)


def name_unit(candidate: Candidate, metric: str) -> tuple[str, bool]:
    """The unit as recorded, and whether it was assumed rather than stated."""
    quantity = candidate.quantity
    stated = quantity.unit
    if stated and (candidate.group in MEASURED):
        return stated, False
    heads = candidate.heads
    fixed = UNIT_OF_METRIC.get(metric)
    if fixed:
        return next((fixed[head] for head in heads if head in fixed), fixed[""]), not heads
    noun = SAME_UNIT.get(stated or "", stated or "")
    if noun in KEEP_NOUN:
        return noun, False
    named = next((UNIT_OF_CLASS[head] for head in heads if head in UNIT_OF_CLASS), None)
    if named:
        return named, False
    for word in quantity.of.split():
        singular = SAME_UNIT.get(word.removesuffix("s"), word.removesuffix("s"))
        if singular in KEEP_NOUN:
            return singular, False
    return UNIT_DEFAULT[metric], not heads


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
    return " ".join(list(dict.fromkeys(words))[:3]) or OF_DEFAULT.get(metric, metric.replace("_", " "))


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
                return [part.word for part in where.tokens[index : token.until] if part.word not in STOP_WORDS]
            if not wanted.isdisjoint(token.cues):
                return [part.word for part in where.tokens[index : index + 2] if part.word not in STOP_WORDS]
    return []


def _topic_words(candidate: Candidate, words: dict[str, str]) -> list[str]:
    """What people counted by a plain noun ("two men") did or suffered, after the topic of the sentence or paragraph."""
    spoken = {cue for token in candidate.where.tokens for cue in token.cues}
    spoken.update(name.partition("=")[2] for name in candidate.where.outside if name.startswith("para+="))
    return next((text.split() for topic, text in words.items() if topic in spoken), [])
