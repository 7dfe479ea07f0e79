"""What every computed value shares: citations and marks of its inputs, and a qualifier that follows from theirs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from metrics.marking import combine_marks
from metrics.reconcile.fact import Fact, Links, stable_id

Bounds = tuple[float | None, float | None]


def make_derived(model: Fact, what: str, inputs: Sequence[Fact], bounds: Bounds, qualifier: str, formula: str) -> Fact:
    """A computed fact on the lines of `model`, in its unit, with the citations and the mark over all inputs."""
    (low, high), ordered = bounds, sorted(inputs, key=lambda fact: fact.id)
    days = [fact.as_of for fact in inputs if fact.as_of]
    return replace(
        model,
        id=stable_id("derived", what, *(fact.id for fact in ordered)),
        low=low,
        high=high,
        base_low=None if low is None else low * model.factor,
        base_high=None if high is None else high * model.factor,
        qualifier=qualifier,
        stated=min(days, default=None),
        as_of=max(days, default=None),
        marking=combine_marks(fact.marking for fact in inputs),
        mentions=0,
        sources=0,
        bodies=frozenset().union(*(fact.bodies for fact in inputs)),
        sentences=frozenset(),
        speakers=tuple(sorted({speaker for fact in inputs for speaker in fact.speakers})),
        observation_ids=tuple(dict.fromkeys(one for fact in inputs for one in fact.observation_ids)),
        cables=tuple(dict.fromkeys(cable for fact in inputs for cable in fact.cables)),
        within=(),
        flags=tuple(sorted({"derived"}.union(*(fact.flags for fact in inputs)))),
        reviewed=None,
        formula=formula,
        inputs=tuple(fact.id for fact in inputs),
    )


def add_bounds(bounds: Sequence[float | None], model: Fact) -> float | None:
    """The sum, in the unit of `model`, of bounds in base units of its scale; None where one is open."""
    known = [bound for bound in bounds if bound is not None]
    return round(sum(known) / model.factor, 6) if len(known) == len(bounds) else None


def qualify(low: float | None, high: float | None, given: Collection[str]) -> str:
    """The qualifier of a value computed from figures with these: bounds stay strict, roundness is inherited."""
    if low is not None and high is not None:
        return "range" if low != high else "approx" if "approx" in given else "exact"
    strict, loose = ("more_than", "at_least") if high is None else ("less_than", "at_most")
    return strict if "more_than" in given or "less_than" in given else loose


def is_current(fact: Fact, links: Links) -> bool:
    """Whether the fact is a level that holds now: done, not outdated, and no part of another."""
    plain = fact.kind == "level" and fact.status == "actual" and fact.country is not None
    return plain and fact.id not in links.superseded_by and fact.id not in links.part_of
