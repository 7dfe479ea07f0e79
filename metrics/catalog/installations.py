"""Metrics of the installations family."""

from metrics.catalog.entry import Metric

INSTALLATIONS_METRIC = Metric(
    id="installations",
    feeds="checkpoints_equipped",
    title="Installations",
    family="installations",
    unit="site",
    kind="flow",
    additive=True,
    chart="timeline",
    definition="Sites equipped, or systems installed, as an act: by someone, in a period; also under way or planned.",
)

EQUIPMENT = Metric(
    id="equipment",
    title="Equipment",
    family="installations",
    unit="item",
    kind="flow",
    additive=False,
    chart="bars",
    definition="Items of border, customs, detection or interdiction equipment delivered, donated, bought, requested or held.",
)

INSTALLATIONS = (
    INSTALLATIONS_METRIC,
    EQUIPMENT,
)
