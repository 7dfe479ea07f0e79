"""The metrics the program knows, one file per family, entries only."""

from metrics.catalog.coverage import COVERAGE
from metrics.catalog.enforcement import ENFORCEMENT
from metrics.catalog.entry import Example, Metric
from metrics.catalog.funding import FUNDING
from metrics.catalog.installations import INSTALLATIONS
from metrics.catalog.integrity import INTEGRITY
from metrics.catalog.traffic import TRAFFIC
from metrics.catalog.training import TRAINING

METRICS: dict[str, Metric] = {
    entry.id: entry
    for family in (COVERAGE, INSTALLATIONS, FUNDING, TRAINING, TRAFFIC, ENFORCEMENT, INTEGRITY)
    for entry in family
}

FAMILIES: dict[str, str] = {
    "coverage": "Coverage",
    "installations": "Installations and equipment",
    "funding": "Funding",
    "training": "Training and staff",
    "traffic": "Traffic and cargo",
    "enforcement": "Enforcement",
    "integrity": "Integrity",
}

__all__ = ["FAMILIES", "METRICS", "Example", "Metric"]
