"""Metrics of the funding family."""

from metrics.catalog.entry import Metric

FUNDING_METRIC = Metric(
    id="funding",
    title="Funding",
    family="funding",
    unit="USD",
    kind="flow",
    additive=False,
    chart="funding",
    definition="Money for border security, customs, detection, interdiction or counter-smuggling.",
)

FUNDING = (FUNDING_METRIC,)
