"""Every number a text states, with bounds, qualifier, unit, what it counts, and its exact span."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number as stated.

    `start`/`end` span the number with its multiplier, currency sign or percent word, without
    qualifier words ("$63 million", "10 to 20", "several hundred"). `low`/`high` are bounds in full
    units, None where open. `qualifier` is exact, approx, more_than, at_least, less_than, at_most,
    range or vague. `kind` is level, change or share. `unit` is an ISO 4217 code, "percent", a
    canonical unit ("kilogram") or the singular head of the counted noun phrase ("checkpoint");
    None if nothing is counted. `per` is day, week, month, year or another counted noun.
    `of` is the counted noun phrase in lower case without the head's determiners; its span is
    `noun_start`/`noun_end` (equal when there is none). `reason` is None for a quantity, else why
    this number is none ("date", "time", "reference", "list number", "model name", "telephone",
    "law article", "age", "ordinal", ...).
    """

    start: int
    end: int
    low: float | None
    high: float | None
    qualifier: str
    kind: str
    unit: str | None
    per: str | None
    of: str
    noun_start: int
    noun_end: int
    reason: str | None = None


def find_quantities(text: str, start: int = 0, end: int | None = None) -> list[Quantity]:
    """Numbers in `text[start:end]`, in order, never overlapping; offsets index `text`."""
    raise NotImplementedError
