"""Metrics of the traffic family."""

from metrics.catalog.entry import Metric

TRAFFIC_METRIC = Metric(
    id="traffic",
    title="Traffic",
    family="traffic",
    unit="vehicle",
    kind="flow",
    additive=False,
    chart="rates",
    definition="Lawful people, vehicles, trains, ships and containers that cross, in a time or on a day.",
)

CARGO = Metric(
    id="cargo",
    title="Cargo",
    family="traffic",
    unit="tonne",
    kind="flow",
    additive=False,
    chart="timeline",
    definition="Weight, value or number of consignments and goods through a crossing or port.",
)

INSPECTIONS = Metric(
    id="inspections",
    title="Inspections",
    family="traffic",
    unit="percent",
    kind="flow",
    additive=False,
    chart="bars",
    definition="How many or what share of vehicles, containers, people or goods are scanned, searched or screened; alarms raised.",
)

TRAFFIC = (
    TRAFFIC_METRIC,
    CARGO,
    INSPECTIONS,
)
