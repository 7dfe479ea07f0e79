"""Metrics of the integrity family."""

from metrics.catalog.entry import Metric

CORRUPTION = Metric(
    id="corruption",
    title="Corruption",
    family="integrity",
    unit="USD",
    kind="flow",
    additive=False,
    chart="bars",
    definition="Bribes and the price of posts; estimated losses to smuggling or corruption.",
)

WORKFORCE_SHARE = Metric(
    id="workforce_share",
    title="Workforce share",
    family="integrity",
    unit="percent",
    kind="share",
    additive=False,
    chart="bars",
    definition="Share of a place's people who work for border, customs or transport services.",
)

INTEGRITY = (
    CORRUPTION,
    WORKFORCE_SHARE,
)
