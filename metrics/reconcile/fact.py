"""A fact while it is being worked on: one figure with every mention that states it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from metrics.catalog import METRICS
from metrics.reconcile.likeness import is_money, scale_of
from metrics.reconcile.wording import pluralize


@dataclass(frozen=True, slots=True)
class Fact:
    """One stated or derived figure.

    `base_low` and `base_high` are the bounds in the base unit of `scale` (16 tonnes is 16,000 kilograms), so that
    figures in different units compare. `place`, `words` and `parties` are site, `of` and actor reduced to what
    tells one thing from another. `stated` is the day of the first cable that states it, `as_of` of the newest.
    `bodies` are the cable texts it stands in, copies counted once; `sentences` the (cable, start) of each mention.
    `within` holds the observation_ids of the wholes its mentions are stated to be parts of.
    """

    id: str
    metric: str
    kind: str
    low: float | None
    high: float | None
    qualifier: str
    unit: str | None
    status: str
    per: str | None = None
    of: str | None = None
    country: str | None = None
    site: str | None = None
    actor: str | None = None
    period: str | None = None
    start: date | None = None
    end: date | None = None
    scale: str = ""
    base_low: float | None = None
    base_high: float | None = None
    place: str = ""
    words: frozenset[str] = frozenset()
    parties: frozenset[str] = frozenset()
    stated: date | None = None
    as_of: date | None = None
    marking: str | None = None
    mentions: int = 0
    sources: int = 0
    bodies: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    sentences: frozenset[tuple[str, int]] = frozenset()
    sentence: str = ""
    speakers: tuple[str, ...] = ()
    observation_ids: tuple[str, ...] = ()
    cables: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    reviewed: str | None = None
    formula: str | None = None
    inputs: tuple[str, ...] = ()

    @property
    def size(self) -> float:
        """The bound to compare magnitudes by, in the base unit: the lower one, else the upper one."""
        return self.base_low if self.base_low is not None else (self.base_high or 0.0)

    @property
    def factor(self) -> float:
        """How many base units of its scale one unit of the figure is."""
        return scale_of(self.unit)[1]

    @property
    def nature(self) -> str:
        """Stock, flow or share, as the catalogue says; a metric that left the catalogue counts as a stock."""
        return METRICS[self.metric].kind if self.metric in METRICS else "stock"


@dataclass(frozen=True, slots=True)
class Links:
    """What ties facts to each other, each by fact id."""

    part_of: dict[str, str]
    superseded_by: dict[str, str]
    update_group: dict[str, str]
    conflict_group: dict[str, str]
    conflict_reason: dict[str, str]


def stable_id(*parts: object) -> str:
    """Sixteen hexadecimal digits that depend on nothing but the parts."""
    return hashlib.sha256("\t".join("" if part is None else str(part) for part in parts).encode()).hexdigest()[:16]


def same_party(first: Fact, second: Fact) -> bool:
    """Whether two facts may speak of the same actor: one of them is silent or they share one."""
    return not first.parties or not second.parties or bool(first.parties & second.parties)


def at_different_times(first: Fact, second: Fact) -> bool:
    """Whether the periods share no day; a fact without one may be of any time."""
    starts, ends = [first.start or date.min, second.start or date.min], [first.end or date.max, second.end or date.max]
    return max(starts) > min(ends)


def say_figure(fact: Fact) -> str:
    """The figure in a few words, for formulas and messages.

    >>> say_figure(Fact("", "funding", "level", 65e6, None, "more_than", "USD", "planned"))
    'more than 65,000,000 USD'
    >>> say_figure(Fact("", "cargo", "level", 13000, 13000, "exact", "transaction", "actual"))
    '13,000 transactions'
    """
    return f"{say_bounds(fact.low, fact.high, fact.qualifier)}{_say_unit(fact)}"


def _say_unit(fact: Fact) -> str:
    if not fact.unit or fact.unit == "percent":
        return "%" if fact.unit else ""
    single = is_money(fact.unit) or (fact.high if fact.high is not None else fact.low) == 1
    return f" {fact.unit if single else pluralize(fact.unit)}"


def say_bounds(low: float | None, high: float | None, qualifier: str) -> str:
    """Bounds with their qualifier in words.

    >>> say_bounds(10, 20, "range"), say_bounds(None, 900, "at_most"), say_bounds(13.2, 13.2, "exact")
    ('10 to 20', 'at most 900', '13.2')
    """
    words = {"approx": "about ", "more_than": "more than ", "at_least": "at least ", "vague": "some "}
    if low is not None and high is not None and low != high:
        return f"{_say(low)} to {_say(high)}"
    if low is None:
        return ("less than " if qualifier == "less_than" else "at most ") + _say(high or 0.0)
    open_end = "" if high is not None else "at least "
    return words.get(qualifier, open_end) + _say(low)


def _say(number: float) -> str:
    return f"{number:,.0f}" if number == int(number) else f"{number:,.4g}" if abs(number) < 1000 else f"{number:,.1f}"
