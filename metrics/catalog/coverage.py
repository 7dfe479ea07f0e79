"""Metrics of the coverage family."""

from metrics.catalog.entry import Metric

CHECKPOINTS_TOTAL = Metric(
    id="checkpoints_total",
    title="Checkpoints",
    family="coverage",
    unit="checkpoint",
    kind="stock",
    additive=False,
    chart="coverage",
    definition="Border crossing points, checkpoints, customs posts and ports of entry that exist in a country or along one border.",
)

CHECKPOINTS_EQUIPPED = Metric(
    id="checkpoints_equipped",
    title="Checkpoints equipped",
    family="coverage",
    unit="checkpoint",
    kind="stock",
    additive=False,
    chart="coverage",
    definition="How many of a country's checkpoints have a capability, however they got it.",
    part_of="checkpoints_total",
)

BORDER_LENGTH = Metric(
    id="border_length",
    title="Border length",
    family="coverage",
    unit="kilometre",
    kind="stock",
    additive=False,
    chart="bars",
    definition="Length of a border, coast or fence, or of the part of it that is controlled.",
)

COVERAGE = (
    CHECKPOINTS_TOTAL,
    CHECKPOINTS_EQUIPPED,
    BORDER_LENGTH,
)
