"""How large one figure can plausibly be: limits by metric, thing and unit, and which figures lie beyond theirs."""

from __future__ import annotations

from dataclasses import dataclass

from metrics.reconcile.likeness import content_words, scale_of


@dataclass(frozen=True, slots=True)
class Limit:
    """The most that one figure can be, in a base unit; of any metric or thing where none is named."""

    most: float
    unit: str
    metric: str | None = None
    thing: str | None = None


# Heroin and cocaine: world seizures of a year stay below some 150 and 1,500 tonnes, one country's far below. Length:
# the longest border. People, vehicles and containers: as many as there are, or as the world's ports handle in a year.
LIMITS = (
    Limit(20_000, "kilogram", "seizures", "heroin"),
    Limit(1_000_000, "kilogram", "seizures", "opium"),
    Limit(400_000, "kilogram", "seizures", "cocaine"),
    Limit(5_000_000, "kilogram", "seizures", "marijuana"),
    Limit(50_000_000, "tablet", "seizures", "ecstasy"),
    Limit(1_000, "kilogram", "seizures", "uranium"),
    Limit(2_000, "site", "checkpoints_total"),
    Limit(2_000, "site", "checkpoints_equipped"),
    Limit(1_000, "site", "installations"),
    Limit(40_000, "kilometre", "border_length"),
    Limit(100_000, "person", "people_trained"),
    Limit(10_000, "event", "training_events"),
    Limit(10_000, "person", "exchange_visits"),
    Limit(1_000_000, "person", "personnel"),
    Limit(1_000_000, "person", "arrests"),
    Limit(50_000_000_000, "USD", "funding"),
    Limit(50_000_000_000, "EUR", "funding"),
    Limit(8_000_000_000, "person"),
    Limit(1_500_000_000, "vehicle"),
    Limit(1_000_000_000, "container"),
)


def exceeded_limit(
    metric: str, kind: str, unit: str | None, of: str | None, low: float | None, high: float | None
) -> Limit | None:
    """The first limit that a level lies beyond, by its lower bound where it has one; None for a plausible figure.

    >>> exceeded_limit("traffic", "level", "person", "travellers", 750e9, 1e12)
    Limit(most=8000000000, unit='person', metric=None, thing=None)
    >>> exceeded_limit("traffic", "level", "person", "travellers", 2e8, None)
    """
    figure = low if low is not None else high
    if kind != "level" or figure is None:
        return None
    scale, factor = scale_of(unit)
    for limit in LIMITS:
        fits = limit.unit == scale and limit.metric in (None, metric)
        if fits and figure * factor > limit.most and _is_of(limit.thing, metric, of):
            return limit
    return None


def _is_of(thing: str | None, metric: str, of: str | None) -> bool:
    return thing is None or thing in content_words(metric, of)
