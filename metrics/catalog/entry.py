"""The shape of a metric: everything the program knows about it stands in one entry."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence in our own words and one figure it states; tests hold it both ways, and the ranker learns from it."""

    text: str
    low: float | None
    high: float | None = None
    of: str | None = None


def exact(text: str, value: float, of: str | None = None) -> Example:
    """An example whose figure is a single value."""
    return Example(text, value, value, of)


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric: what it counts, what claims a quantity for it, and how it is shown.

    `kind` is stock (a level at a time), flow (adds up over time) or share; `additive` says whether parts
    (sites, years, donors) may be summed; `part_of` names the metric that is its whole, which gives
    coverage; `feeds` the metric whose stock its acts add to. `chart` names the kind of chart in `charts`.

    `counts` are the groups of things, in classes of the vocabulary, that its numbers count as a rule, and `may_count`
    those that they can count; a quantity of any other group is claimed at a discount, and never where no entry
    counts its group. Which of the entries claims it, the ranker decides; it learns from `examples`, and from
    `rejects`: sentences that hold no figure of this metric.
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
    may_count: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    part_of: str | None = None
    feeds: str | None = None
    examples: tuple[Example, ...] = ()
    rejects: tuple[str, ...] = ()
