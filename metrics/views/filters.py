"""What a view shows: the choices of the side bar, equal in widgets, page addresses and the endpoint."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

STATUSES = ("actual", "in_progress", "planned", "requested")
FILTER_NAMES = ("country", "actor", "status", "from", "to", "marking", "of", "unit")


class UnknownChoiceError(ValueError):
    """A filter names something the tables do not hold; the message lists what is known."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Rows a view may use; an empty choice means all.

    `countries` are ISO alpha-3 codes, `since` and `until` calendar years, `marking` the highest mark
    that may be shown, `of` words that what is counted must hold. The names in an address are those of a chart's state.
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


def read_filters(
    parameters: Mapping[str, Sequence[str]], choices: Choices, country_name: Callable[[str], str]
) -> Filters:
    """Filters from the parameters of an address, a country by name or code.

    Raises UnknownChoiceError with what is known.
    """
    countries = name_choices(choices.countries, country_name)
    statuses = {word: status for status in STATUSES for word in (status, status.replace("_", " "))}
    marks = {mark.casefold(): mark for mark in (*choices.marks, *choices.levels)}
    return Filters(
        countries=_pick_all(parameters, "country", countries),
        actors=tuple(parameters.get("actor", ())),
        statuses=_pick_all(parameters, "status", statuses),
        since=_read_year(parameters, "from"),
        until=_read_year(parameters, "to"),
        marking=next(iter(_pick_all(parameters, "marking", marks)), None),
        of=" ".join(parameters.get("of", ())),
        unit=next(iter(parameters.get("unit", ())), None),
    )


def name_choices(options: Sequence[str], say: Callable[[str], str]) -> dict[str, str]:
    """The options by their words and by their codes, in lower case.

    >>> name_choices(["KAZ"], {"KAZ": "Kazakhstan"}.__getitem__)
    {'kazakhstan': 'KAZ', 'kaz': 'KAZ'}
    """
    return {text.casefold(): option for option in options for text in (say(option), option)}


def _pick_all(parameters: Mapping[str, Sequence[str]], name: str, known: Mapping[str, str]) -> tuple[str, ...]:
    texts = [text.casefold() for text in parameters.get(name, ()) if text]
    for text in texts:
        if text not in known:
            raise UnknownChoiceError(f"unknown {name} {text!r}; known: {', '.join(sorted(set(known.values())))}")
    return tuple(known[text] for text in texts)


def _read_year(parameters: Mapping[str, Sequence[str]], name: str) -> int | None:
    texts = [text for text in parameters.get(name, ()) if text]
    if not texts:
        return None
    if not (texts[-1].isdigit() and len(texts[-1]) == 4):
        raise UnknownChoiceError(f"{name} is {texts[-1]!r}, which is no year; write four digits")
    return int(texts[-1])


def fact_expression(filters: Filters, marks: Sequence[str] | None, metrics: Sequence[str] = ()) -> pc.Expression | None:
    """Condition on the `facts` table; `marks` are those that may be shown (None: all).

    A fact without a period is placed by the date of the newest cable that states it.
    """
    parts = [
        _isin("metric", metrics),
        _isin("country", filters.countries),
        _isin("status", filters.statuses),
        _of_marks(marks),
        pc.match_substring(pc.field("of"), filters.of, ignore_case=True) if filters.of else None,
        pc.field("unit") == filters.unit if filters.unit else None,
        _in_years(filters.since, filters.until),
        _names_actor(filters.actors),
    ]
    return _all_of(parts)


def observation_expression(filters: Filters, marks: Sequence[str] | None) -> pc.Expression | None:
    """Condition on the `observations` table, as for facts; a figure without a period is placed by its cable's date."""
    return _all_of(
        [
            _isin("country", filters.countries),
            _isin("status", filters.statuses),
            _of_marks(marks),
            _in_years(filters.since, filters.until, "cable_date"),
            _names_actor(filters.actors),
        ]
    )


def cable_expression(filters: Filters) -> pc.Expression | None:
    """Condition on the `cables` table: the country of the post, and the year of the cable."""
    year = pc.year(pc.field("cable_date"))
    return _all_of(
        [
            _isin("country", filters.countries),
            year >= filters.since if filters.since is not None else None,
            year <= filters.until if filters.until is not None else None,
        ]
    )


def is_any(column: str, values: Iterable[str]) -> pc.Expression:
    """Condition that a column of text holds one of the values; of no values, none."""
    return pc.field(column).isin(pa.array(list(values), pa.string()))


def _isin(column: str, values: Sequence[str]) -> pc.Expression | None:
    return is_any(column, values) if values else None


def _of_marks(marks: Sequence[str] | None) -> pc.Expression | None:
    return None if marks is None else is_any("marking", marks)


def _in_years(since: int | None, until: int | None, dated: str = "as_of") -> pc.Expression | None:
    start, end, as_of = (pc.field(name) for name in ("period_start", "period_end", dated))
    parts = []
    if since is not None:
        first = date(since, 1, 1)
        parts.append((end >= first) | (end.is_null() & (as_of >= first)))
    if until is not None:
        last = date(until, 12, 31)
        parts.append((start <= last) | (start.is_null() & (as_of <= last)))
    return _all_of(parts)


def _names_actor(actors: Sequence[str]) -> pc.Expression | None:
    """Actors are listed with commas in one column, so each is sought as a whole word of that list."""
    if not actors:
        return None
    found = None
    for actor in actors:
        part = pc.match_substring(_listed("actor"), f", {actor},")
        found = part if found is None else found | part
    return found


def _listed(column: str) -> pc.Expression:
    return pc.binary_join_element_wise(pc.scalar(", "), pc.field(column), pc.scalar(","), pc.scalar(""))


def _all_of(parts: Iterable[pc.Expression | None]) -> pc.Expression | None:
    whole = None
    for part in parts:
        if part is not None:
            whole = part if whole is None else whole & part
    return whole
