"""Quantities claimed by metrics: a Statement each, or a ledger entry with the reason."""

from __future__ import annotations

from dataclasses import dataclass

from metrics.cable import Cable, Paragraph, Sentence
from metrics.quantities import Quantity


@dataclass(frozen=True, slots=True)
class Statement:
    """A quantity that a metric claims.

    `unit`, `of` and `kind` are as the reference guide records them, resolved from the quantity and the
    catalogue entry. `score` is the claim's probability in [0, 1]; `rule` names the catalogue entry.
    """

    quantity: Quantity
    metric: str
    kind: str
    unit: str
    of: str
    paragraph: Paragraph
    sentence: Sentence
    score: float
    rule: str
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """A quantity of a border sentence that no metric claims, with the reason ("date", "unclaimed", ...)."""

    quantity: Quantity
    paragraph: Paragraph
    sentence: Sentence
    reason: str


def find_statements(cable: Cable) -> tuple[list[Statement], list[LedgerEntry]]:
    """The cable's statements in text order, and the ledger of everything else in its border sentences."""
    raise NotImplementedError
