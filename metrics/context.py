"""Where, when, by whom and how certain: country, site, actor, period, status, speaker of each Statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from metrics.cable import Cable
from metrics.statements import Statement


@dataclass(frozen=True, slots=True)
class Context:
    """What surrounds a figure, as the reference guide records it.

    `country` is ISO 3166-1 alpha-3 or None; `actor` an alpha-3 code, an organisation's name, or several
    joined by ", "; `period` ISO 8601 ("2008", "2006-04", "2008-11-03/2008-11-07") or None; `status`
    actual, in_progress, planned or requested; `speaker` who says so in reported speech. `flags` come from
    `observations.FLAGS` ("country_from_post", ...).
    """

    country: str | None
    site: str | None
    actor: str | None
    period: str | None
    status: str
    speaker: str | None
    flags: tuple[str, ...] = ()


def resolve_contexts(cable: Cable, statements: Sequence[Statement]) -> list[Context]:
    """One Context per statement, in the same order (neighbouring statements may inherit from each other)."""
    raise NotImplementedError
