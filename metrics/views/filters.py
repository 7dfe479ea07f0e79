"""What a view shows: the choices of the side bar, equal in widgets, page addresses and the endpoint."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow.compute as pc

from metrics.catalog import FAMILIES
from metrics.charts.choices import UnknownChoiceError, check_years, pick_choices, pick_countries, say_plainly
from metrics.charts.conditions import YEAR, all_of, is_any, row_condition
from metrics.charts.words import say_name
from metrics.look import say_unit
from metrics.marking import UnknownMarkingError, banner, read_ceiling

STATUSES = ("actual", "in_progress", "planned", "requested")
FILTER_NAMES = ("country", "region", "actor", "status", "from", "to", "marking", "of", "unit")
ASPECT_NAMES = tuple(f"{family}_metric" for family in FAMILIES)  # which of a family's metrics its page shows
# What narrows rows, in the address of a page and at the endpoint alike, and the form in which that gives them.
PARAMETERS = (*FILTER_NAMES, *ASPECT_NAMES, "metric", "format")
# What else stands in the address of a page: how and where its rows are shown, not which.
VIEW_NAMES = ("tab", "figure", "list", "ledger", "q", "cable", "share", "log", "split")


@dataclass(frozen=True, slots=True)
class Filters:
    """Rows a view may use; an empty choice means all.

    `countries` are ISO alpha-3 codes, with those of the regions asked for, `since` and `until` calendar years,
    `marking` the ceiling with the caveats that may be shown, `of` words that what is counted must hold, `unit` one that
    the figure's converts into. The names in an address are those of a chart's state.
    """

    countries: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    since: int | None = None
    until: int | None = None
    marking: str | None = None
    of: str = ""
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen: the values the tables hold; `levels` are the marks in full words, lowest first."""

    countries: tuple[str, ...]
    actors: tuple[str, ...]
    marks: tuple[str, ...]
    levels: tuple[str, ...]
    years: tuple[int, int]
    units: tuple[str, ...]


def read_filters(parameters: Mapping[str, Sequence[str]], choices: Choices) -> Filters:
    """Filters from the parameters of an address, each choice in the words of the side bar or by its code.

    Raises UnknownChoiceError with what is known.
    """
    since, until = _read_year(parameters, "from"), _read_year(parameters, "to")
    check_years(since, until)
    units = pick_choices("unit", _texts(parameters, "unit"), choices.units, say_unit)
    return Filters(
        countries=pick_countries(_texts(parameters, "country"), _texts(parameters, "region"), choices.countries),
        actors=pick_choices("actor", _texts(parameters, "actor"), choices.actors, say_name),
        statuses=pick_choices("status", _texts(parameters, "status"), STATUSES, say_plainly),
        since=since,
        until=until,
        marking=_read_marking(parameters),
        of=" ".join(parameters.get("of", ())),
        unit=units[0] if units else None,
    )


def unknown_names(parameters: Iterable[str]) -> list[str]:
    """The names of parameters that neither a page nor the endpoint knows.

    >>> unknown_names(["country", "Marking"])
    ['Marking']
    """
    return sorted(set(parameters) - {*PARAMETERS, *VIEW_NAMES})


def _texts(parameters: Mapping[str, Sequence[str]], name: str) -> list[str]:
    return [text for text in parameters.get(name, ()) if text]


def _read_marking(parameters: Mapping[str, Sequence[str]]) -> str | None:
    texts = _texts(parameters, "marking")
    try:
        return banner([read_ceiling(texts[-1])]) if texts else None
    except UnknownMarkingError as error:
        raise UnknownChoiceError(str(error)) from error


def _read_year(parameters: Mapping[str, Sequence[str]], name: str) -> int | None:
    texts = _texts(parameters, name)
    if not texts:
        return None
    if not YEAR.fullmatch(texts[-1]):
        raise UnknownChoiceError(f"{name} is {texts[-1]!r}, which is no year; write four digits")
    return int(texts[-1])


def fact_expression(filters: Filters, marks: Sequence[str] | None, metrics: Sequence[str] = ()) -> pc.Expression | None:
    """Condition on the `facts` table; `marks` are those that may be shown (None: all).

    A fact without a period is placed by the date of the newest cable that states it.
    """
    where = row_condition(
        metrics=metrics,
        countries=filters.countries,
        statuses=filters.statuses,
        actors=filters.actors,
        of=[filters.of],
        unit=filters.unit,
        since=filters.since,
        until=filters.until,
    )
    return all_of([where, _of_marks(marks)])


def observation_expression(filters: Filters, marks: Sequence[str] | None) -> pc.Expression | None:
    """Condition on the `observations` table, as for facts; a figure without a period is placed by its cable's date."""
    where = row_condition(
        countries=filters.countries,
        statuses=filters.statuses,
        actors=filters.actors,
        since=filters.since,
        until=filters.until,
        dated="cable_date",
    )
    return all_of([where, _of_marks(marks)])


def cable_expression(filters: Filters, marks: Sequence[str] | None) -> pc.Expression | None:
    """Condition on the `cables` table: the country of the post, the year of the cable, and header and portions within
    the marks that may be shown (None: all)."""
    year = pc.year(pc.field("cable_date"))
    return all_of(
        [
            is_any("country", filters.countries) if filters.countries else None,
            year >= filters.since if filters.since is not None else None,
            year <= filters.until if filters.until is not None else None,
            is_any("highest_mark", marks) if marks is not None else None,
        ]
    )


def _of_marks(marks: Sequence[str] | None) -> pc.Expression | None:
    return None if marks is None else is_any("marking", marks)
