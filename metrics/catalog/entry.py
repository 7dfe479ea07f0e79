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

    What claims a quantity is told in classes of the vocabulary, separated by blanks: `counts`, what the
    number counts as a rule, and `may_count`, what it can count; `cues`, what should stand near it or in its sentence;
    `topics`, what the paragraph or the cable is about; `blocks`, what speaks against it. `rejects` are
    sentences that hold no figure of this metric.
    """

    id: str
    title: str
    family: str
    unit: str
    kind: str
    additive: bool
    chart: str
    definition: str
    counts: str = ""
    may_count: str = ""
    cues: str = ""
    topics: str = ""
    blocks: str = ""
    excludes: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    part_of: str | None = None
    feeds: str | None = None
    examples: tuple[Example, ...] = ()
    rejects: tuple[str, ...] = ()
