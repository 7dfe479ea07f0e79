"""Observations to facts: mentions joined, rivals kept apart, parts, updates and plans linked, values derived."""

from metrics.reconcile.checks import CHECKS, check
from metrics.reconcile.published import PublishedFigure, load_published
from metrics.reconcile.tables import join_countries, read_facts, reconcile

__all__ = ["CHECKS", "PublishedFigure", "check", "join_countries", "load_published", "read_facts", "reconcile"]
