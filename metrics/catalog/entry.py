"""The shape of a metric: everything the program knows about it stands in one entry."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence in our own words and the figure it states; tests hold it both ways."""

    text: str
    low: float | None
    high: float | None = None
    of: str | None = None


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric: what it counts, what claims a quantity for it, and how it is shown.

    `kind` is stock (a level at a time), flow (adds up over time) or share; `additive` says whether parts
    (sites, years, donors) may be summed; `part_of` names the metric that is its whole, which gives
    coverage; `feeds` names the metric whose state its acts bring about. `chart` names the kind of chart in `charts`.
    """

    id: str
    title: str
    family: str
    unit: str
    kind: str
    additive: bool
    chart: str
    definition: str
    counts: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    part_of: str | None = None
    feeds: str | None = None
    examples: tuple[Example, ...] = ()
    rejects: tuple[str, ...] = ()
