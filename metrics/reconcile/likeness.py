"""What makes two figures estimates of one thing: units on one scale, wording reduced to its content words."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

WORD = re.compile(r"[a-z0-9]+")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# One scale per dimension: unit -> (dimension, how many of the base unit). A unit not named here is its own scale.
SCALES: dict[str, tuple[str, float]] = {
    "gram": ("kilogram", 0.001),
    "kilogram": ("kilogram", 1.0),
    "tonne": ("kilogram", 1000.0),
    "pound": ("kilogram", 0.45359237),
    "ounce": ("kilogram", 0.028349523125),
    "metre": ("kilometre", 0.001),
    "kilometre": ("kilometre", 1.0),
    "mile": ("kilometre", 1.609344),
    "site": ("site", 1.0),
    "checkpoint": ("site", 1.0),
    "crossing": ("site", 1.0),
    "port": ("site", 1.0),
    "post": ("site", 1.0),
    "pill": ("tablet", 1.0),
    "tablet": ("tablet", 1.0),
}

# Words that say no more than the metric or its commonest noun does.
PLAIN_WORDS = _words(
    "a an and at by for from in it its of on or per that the them these they this to with their "
    "activity assistance effort initiative item operation program programme project reform system total"
)
HEAD_WORDS: dict[str, frozenset[str]] = {
    "checkpoints_total": _words(
        "border checkpoint crossing point port post entry customs control station gate national all"
    ),
    "checkpoints_equipped": _words("border checkpoint crossing point port post entry equipment equipped"),
    "installations": _words("border checkpoint crossing point port post entry site installed installation"),
    "seizures": _words("seized seizure confiscated intercepted illicit illegal processed"),
    "arrests": _words("arrest arrested detained related person suspect"),
    "funding": _words("fund funding grant budget money fiscal"),
    "people_trained": _words("trained training participant"),
    "irregular_crossings": _words("illegal irregular"),
}
SYNONYMS = {"narcotic": "drug", "mdma": "ecstasy", "cash": "currency", "officer": "official"}

# Capability -> words one of which names it. Acts and states of one capability are figures of one thing.
CAPABILITIES: dict[str, frozenset[str]] = {
    "radiation detection": _words("radiation radiological radioactive nuclear portal rpm"),
    "x-ray": _words("ray xray scanner scanning backscatter"),
    "electronic customs": _words("electronic asycuda computer computerized automated"),
    "biometrics": _words("biometric biometrics fingerprint pisces"),
}
CAPABILITY_METRICS = frozenset(("checkpoints_equipped", "installations"))

NEAR = 1.25
SMALL_COUNT = 10


def singular(word: str) -> str:
    """The word without its plural ending.

    >>> singular("crossings"), singular("agencies"), singular("customs"), singular("process")
    ('crossing', 'agency', 'customs', 'process')
    """
    if word == "customs" or len(word) < 4 or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") else word


@lru_cache(maxsize=65_536)
def content_words(metric: str, of: str | None) -> frozenset[str]:
    """Words of `of` that tell one thing from another under a metric; a known capability is one word.

    >>> sorted(content_words("checkpoints_total", "border crossing points"))
    []
    >>> sorted(content_words("installations", "radiation portal monitors"))
    ['radiation detection']
    >>> sorted(content_words("funding", "customs modernization reforms"))
    ['customs', 'modernization']
    """
    capability = find_capability(metric, of or "")
    return frozenset((capability,)) if capability else thing_words(metric, of)


@lru_cache(maxsize=65_536)
def thing_words(metric: str, of: str | None) -> frozenset[str]:
    """Words of `of` that tell one thing from another, as they stand, a capability's too.

    >>> sorted(thing_words("installations", "radiation portal monitors at crossings"))
    ['monitor', 'portal', 'radiation']
    """
    words = {singular(word) for word in WORD.findall((of or "").lower())}
    rest = words - PLAIN_WORDS - HEAD_WORDS.get(metric, frozenset())
    return frozenset(SYNONYMS.get(word, word) for word in rest)


def name_thing(metric: str, of: str | None, sentence: str) -> str | None:
    """What a figure is of: as stated, or the capability its sentence names where `of` only names the places counted.

    >>> name_thing("checkpoints_equipped", "available ports", "The electronic system is available at five ports.")
    'electronic customs'
    >>> name_thing("installations", "watchtowers", "Watchtowers were built beside the radiation monitors.")
    'watchtowers'
    """
    heads, words = HEAD_WORDS.get(metric, frozenset()), WORD.findall((of or "").lower())
    if find_capability(metric, of or "") or (words and singular(words[-1]) not in heads):
        return of
    return find_capability(metric, sentence) or of


def find_capability(metric: str, text: str) -> str | None:
    """The one capability that a text names, for metrics that count who or what has one; None where it names two.

    >>> find_capability("checkpoints_equipped", "Materials that are radioactive are found at 28 checkpoints.")
    'radiation detection'
    """
    if metric not in CAPABILITY_METRICS:
        return None
    words = {singular(word) for word in WORD.findall(text.lower())}
    named = [name for name, cues in CAPABILITIES.items() if words & cues]
    return named[0] if len(named) == 1 else None


@lru_cache(maxsize=65_536)
def place_key(site: str | None) -> str:
    """A place's name without case, signs and words such as "port of"; empty for no place.

    >>> place_key("Port of Algeciras"), place_key(None)
    ('algeciras', '')
    """
    words = WORD.findall((site or "").lower())
    return " ".join(word for word in words if word not in {"port", "of", "the", "border", "international", "airport"})


@lru_cache(maxsize=65_536)
def actors(actor: str | None) -> frozenset[str]:
    """The single actors of an `actor` cell.

    >>> sorted(actors("USA, World Bank"))
    ['USA', 'World Bank']
    """
    return frozenset(part.strip() for part in re.split(r",| and ", actor or "") if part.strip())


def scale_of(unit: str | None) -> tuple[str, float]:
    """The dimension a unit is compared in, and how many base units one of it is.

    >>> scale_of("tonne"), scale_of("person")
    (('kilogram', 1000.0), ('person', 1.0))
    """
    return SCALES.get(unit or "", (unit or "", 1.0))


def is_money(unit: str | None) -> bool:
    """Whether the unit is an ISO 4217 code."""
    return bool(unit) and len(unit or "") == 3 and (unit or "").isupper()


def significant_digits(number: float) -> int:
    """How many digits of a number say something, zeros at its ends not counted.

    >>> significant_digits(2_035_000), significant_digits(0.5), significant_digits(13.8)
    (4, 1, 3)
    """
    return len(Decimal(str(number)).normalize().as_tuple().digits)


def overlap(low: float | None, high: float | None, other_low: float | None, other_high: float | None) -> bool:
    """Whether two figures can both be right: their intervals share a point (an open end has no limit)."""
    bottom = max(low if low is not None else float("-inf"), other_low if other_low is not None else float("-inf"))
    top = min(high if high is not None else float("inf"), other_high if other_high is not None else float("inf"))
    return bottom <= top


def are_near(first: float, second: float) -> bool:
    """Whether two values are close enough to be guesses at one thing rather than counts of two.

    Counts below ten are never near: two boats and three boats are two lots.

    >>> are_near(63e6, 65e6), are_near(2, 3), are_near(400, 600)
    (True, False, False)
    """
    small, large = sorted((abs(first), abs(second)))
    return large >= SMALL_COUNT and small > 0 and large / small <= NEAR
