"""Observations to facts: mentions joined, rivals kept apart, parts, updates and plans linked, values derived."""

from metrics.reconcile.checks import CHECKS, check
from metrics.reconcile.join import SOURCE_COLUMNS
from metrics.reconcile.published import PublishedFigure, load_published
from metrics.reconcile.tables import join_countries, read_facts, reconcile

__all__ = [
    "CHECKS",
    "SOURCE_COLUMNS",
    "PublishedFigure",
    "check",
    "join_countries",
    "load_published",
    "read_facts",
    "reconcile",
]
