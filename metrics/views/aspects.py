"""What the pages of the families of metrics can show at once, and how an address names it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from metrics.catalog import FAMILIES, METRICS, Metric
from metrics.charts.choices import pick_choices
from metrics.charts.selection import METRICS_OF


@dataclass(frozen=True, slots=True)
class Aspect:
    """What a family's page can show at once: a kind of chart over one or more metrics."""

    title: str
    chart: str
    metrics: tuple[str, ...]


def family_aspects(family: str) -> tuple[Aspect, ...]:
    """The aspects of a family in catalogue order; metrics that are parts of one another share one."""
    aspects: dict[str, Aspect] = {}
    for metric in METRICS.values():
        if metric.family == family:
            aspect = _aspect_of(metric)
            aspects.setdefault(aspect.title, aspect)
    return tuple(aspects.values())


def metrics_of_aspects(parameters: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The metrics of the aspects that the address of a page names; raises UnknownChoiceError with what is known."""
    found: list[str] = []
    for family in FAMILIES:
        known = {aspect.title: aspect.metrics for aspect in family_aspects(family)}
        for title in pick_choices(f"{family}_metric", filter(None, parameters.get(f"{family}_metric", ())), known):
            found += known[title]
    return tuple(found)


def _aspect_of(metric: Metric) -> Aspect:
    if metric.chart == "coverage":
        return Aspect("Checkpoints equipped", "coverage", METRICS_OF["coverage"])
    return Aspect(metric.title, metric.chart, (metric.id,))
