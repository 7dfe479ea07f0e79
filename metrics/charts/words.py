"""What a chart says in words: headline, subtitle, notes, sources, hover and alternative text, from its rows alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from metrics.catalog import METRICS
from metrics.charts.layout import escape
from metrics.look import STATUSES, is_money, say_unit, say_value
from metrics.vocabulary.measures import read_table

Row = Mapping[str, Any]

REVIEW_LINE = "Marks carried forward by software, not reviewed. Compilation not reviewed."
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_ISO = re.compile(r"^(\d{4})(?:-(\d\d))?(?:-(\d\d))?$")
MOST_SOURCES = 8


@cache
def _country_names() -> dict[str, str]:
    return {row["code"]: row["name"] for row in read_table("countries.csv")}


def say_name(code: str | None) -> str:
    """A country or actor in words; several joined by commas; "not named" for none.

    >>> say_name("KAZ"), say_name("World Bank")
    ('Kazakhstan', 'World Bank')
    """
    if not code:
        return "not named"
    return ", ".join(_country_names().get(part.strip(), part.strip()) for part in code.split(","))


def say_day(day: Any) -> str:
    """A day as it stands in a source line: "12 Apr 2009"."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def say_period(period: str | None) -> str:
    """An ISO 8601 period in words; empty for none.

    >>> say_period("2008"), say_period("2009-01/2009-06"), say_period("2008-11-03/2008-11-07")
    ('2008', 'Jan–Jun 2009', '3–7 Nov 2008')
    """
    if not period:
        return ""
    start, _, end = period.partition("/")
    first, last = _parts(start), _parts(end)
    if not first or (end and not last):
        return period
    if not last or first == last:
        return _say_parts(first)
    if first[0] != last[0] or len(first) == 1:
        return f"{_say_parts(first)}–{_say_parts(last)}"
    if first[:2] == last[:2] and len(first) == len(last) == 3:
        return f"{first[2]}–{_say_parts(last)}"
    return f"{_say_parts(first).removesuffix(f' {first[0]}')}–{_say_parts(last)}"


def _parts(text: str) -> tuple[int, ...]:
    found = _ISO.match(text)
    return tuple(int(part) for part in found.groups() if part) if found else ()


def _say_parts(parts: tuple[int, ...]) -> str:
    words = [str(parts[0])]
    if len(parts) > 1:
        words.insert(0, _MONTHS[parts[1] - 1])
    if len(parts) > 2:
        words.insert(0, str(parts[2]))
    return " ".join(words)


def say_figure(row: Row) -> str:
    """The value with its unit and rate: "more than 40 sites", "$63 million", "600 railcars per day"."""
    said = say_value(row)
    if not is_money(row["unit"]) and row["unit"] != "percent":
        figure = row["high"] if row["high"] is not None else row["low"]
        said = f"{said} {say_unit(row['unit'], figure)}".rstrip()
    return f"{said} per {row['per']}" if row["per"] else said


def say_status(status: str) -> str:
    """A status in words."""
    return STATUSES[status].word


def say_hover(row: Row) -> str:
    """Short hover text: figure as stated, what, whose, when and how far, where it stands and its mark."""
    where = ", ".join(part for part in (say_name(row["country"]) if row["country"] else "", row["site"] or "") if part)
    when = " · ".join(part for part in (say_status(row["status"]), say_period(row["period"])) if part)
    lines = [
        f"<b>{escape(say_figure(row))}</b>",
        escape(row["of"] or ""),
        escape(where),
        escape(f"by {say_name(row['actor'])}") if row["actor"] else "",
        escape(when),
        escape(f"says {', '.join(row['speakers'])}") if row["speakers"] else "",
        escape(f"derived: {row['formula']}") if row["derived"] and row["formula"] else "",
        escape(f"{_say_citations(row['citations'], 2)} ({row['marking'] or 'mark unknown'})"),
    ]
    return "<br>".join(line for line in lines if line)


def _say_citations(citations: Sequence[tuple[str, int | None]], most: int) -> str:
    shown = [f"{cable} para {number}" if number is not None else cable for cable, number in citations[:most]]
    more = len(citations) - len(shown)
    return "; ".join(shown) + (f" and {more} more" if more else "")


def say_source(rows: Iterable[Row], dates: Mapping[str, date | None], most: int = MOST_SOURCES) -> str:
    """The source line: each cable once, with its date and paragraphs; shortened to "and n more"."""
    paragraphs: dict[str, set[int]] = {}
    for row in rows:
        for cable, number in row["citations"]:
            paragraphs.setdefault(cable, set()).update(() if number is None else (number,))
    if not paragraphs:
        return ""
    shown = [_say_cable(cable, dates.get(cable), sorted(numbers)) for cable, numbers in sorted(paragraphs.items())]
    more = len(shown) - most
    listed = "; ".join(shown[:most]) + (f"; and {more} more" if more > 0 else "")
    return f"Source{'s' if len(shown) > 1 else ''}: {listed}"


def _say_cable(cable: str, day: date | None, numbers: Sequence[int]) -> str:
    dated = f"{cable} ({say_day(day)})" if day else cable
    if not numbers:
        return dated
    return f"{dated} para{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))}"


def say_span(rows: Iterable[Row]) -> str:
    """First to last year of the rows' periods: "2005–2009"; empty where none is stated."""
    years = sorted({day.year for row in rows for day in (row["period_start"], row["period_end"]) if day})
    if not years:
        return ""
    return str(years[0]) if years[0] == years[-1] else f"{years[0]}–{years[-1]}"


def say_as_of(rows: Iterable[Row]) -> str:
    """Date of the newest cable drawn, or the span of all where they differ."""
    days = sorted({row["as_of"] for row in rows if row["as_of"]})
    if not days:
        return "as-of date unknown"
    if days[0] == days[-1]:
        return f"as of {say_day(days[0])}"
    return f"as of {say_day(days[0])} to {say_day(days[-1])}"


def say_subject(rows: Sequence[Row]) -> str:
    """The metrics drawn, by their titles."""
    titles = dict.fromkeys(METRICS[row["metric"]].title for row in rows if row["metric"] in METRICS)
    words = list(titles)
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def say_notes(rows: Sequence[Row], left_out: Sequence[str]) -> tuple[str, ...]:
    """Notes on bounds, derived values, rivals, parts, wording, speakers, and what is left out with the reason."""
    notes = [
        _note_bounds(rows),
        _note_rivals(rows),
        _note_parts(rows),
        _note_derived(rows),
        _note_wording(rows),
        _note_speakers(rows),
        f"Not drawn: {'; '.join(left_out)}." if left_out else "",
    ]
    said = " ".join(note for note in notes if note)
    return (f"Note: {said}",) if said else ()


def _note_bounds(rows: Sequence[Row]) -> str:
    counts = Counter(str(row["qualifier"]) for row in rows)
    floors = counts["more_than"] + counts["at_least"]
    ceilings = counts["less_than"] + counts["at_most"]
    parts = [
        f"{floors} given as a lower bound only" if floors else "",
        f"{ceilings} as an upper bound only" if ceilings else "",
        f"{counts['range']} as a range" if counts["range"] else "",
        f"{counts['approx']} as approximate" if counts["approx"] else "",
    ]
    said = [part for part in parts if part]
    return f"Of {len(rows)} figures: {', '.join(said)}." if said else ""


def _note_rivals(rows: Sequence[Row]) -> str:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        if row["conflict_group"]:
            groups.setdefault(row["conflict_group"], []).append(row)
    rivals = [" against ".join(say_value(row) for row in group) for group in groups.values() if len(group) > 1]
    if not rivals:
        return ""
    more = f" and {len(rivals) - 3} more" if len(rivals) > 3 else ""
    return f"Sources differ, shown side by side in a dark outline: {'; '.join(rivals[:3])}{more}."


def _note_parts(rows: Sequence[Row]) -> str:
    ids = {row["id"] for row in rows}
    parts = sum(row["part_of"] in ids for row in rows)
    return f"{parts} figure{'s are' if parts > 1 else ' is'} part of another drawn; do not add." if parts else ""


def _note_derived(rows: Sequence[Row]) -> str:
    formulas = [row["formula"] for row in rows if row["derived"] and row["formula"]]
    if not formulas:
        return ""
    more = f" and {len(formulas) - 3} more" if len(formulas) > 3 else ""
    return f"Computed, not stated: {'; '.join(formulas[:3])}{more}."


def _note_wording(rows: Sequence[Row]) -> str:
    units = {row["unit"] for row in rows if row["unit"] and not is_money(row["unit"])}
    if len(units) > 1:
        return f"Sources count {', '.join(sorted(say_unit(unit) for unit in units))}; these need not be the same thing."
    return ""


def _note_speakers(rows: Sequence[Row]) -> str:
    told = [row for row in rows if row["speakers"]]
    if not told:
        return ""
    names = list(dict.fromkeys(name for row in told for name in row["speakers"]))
    listed = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
    whose = "All figures are" if len(told) == len(rows) else f"{len(told)} of {len(rows)} figures are"
    return f"{whose} reported as said by {listed}."


def headline(rows: Sequence[Row], most: int = 2) -> str:
    """A sentence on the first rows with bound, status, period and speaker, that says how many rows it leaves out."""
    if not rows:
        return "No figures for this selection"
    countries = list(dict.fromkeys(row["country"] for row in rows))
    single = countries[0] if len(countries) == 1 else None
    if single is None and len(rows) > most:
        return f"{say_subject(rows)}: {len(rows)} figures for {_count_countries(countries)}"
    clauses = [_say_clause(row, single is None) for row in rows[:most]]
    more = len(rows) - len(clauses)
    said = "; ".join(clauses) + (f"; {more} more figure{'s' if more > 1 else ''}" if more else "")
    return f"{say_name(single)}: {said}" if single else said[:1].upper() + said[1:]


def _count_countries(countries: Sequence[str | None]) -> str:
    named = sum(1 for country in countries if country)
    return f"{named} countries" if named != 1 else "1 country"


def _say_clause(row: Row, with_country: bool) -> str:
    of = row["of"] or ""
    unit = say_unit(row["unit"], row["high"] or row["low"])
    value = say_figure(row)
    if is_money(row["unit"]) or row["unit"] == "percent":
        words = f"{value} for {of}" if of and is_money(row["unit"]) else f"{value} {of}".rstrip()
    elif METRICS[row["metric"]].family in ("coverage", "installations") and of and unit not in of:
        words = f"{of} at {value}" if row["unit"] in ("site", "checkpoint") else f"{value}: {of}"
    else:
        words = f"{value} ({of})" if of and of.rstrip("s") not in value else value
    parts = [words]
    if row["actor"] and is_money(row["unit"]):
        parts.append(f"from {say_name(row['actor'])}")
    if with_country and row["country"]:
        parts.append(f"in {say_name(row['country'])}")
    if row["period"]:
        parts.append(
            f"in {say_period(row['period'])}" if "/" not in row["period"] else f"({say_period(row['period'])})"
        )
    if row["status"] != "actual":
        parts.append(f"({say_status(row['status'])})")
    if row["speakers"]:
        parts.append(f"according to {row['speakers'][0]}")
    return " ".join(parts)


def describe(title: str, subtitle: str, rows: Sequence[Row], most: int = 12) -> str:
    """Alternative text: what the chart shows and its figures in words."""
    listed = [_say_clause(row, True) for row in rows[:most]]
    more = len(rows) - len(listed)
    tail = f"; and {more} more in the table" if more else ""
    return f"{title}. {subtitle}. {'; '.join(listed)}{tail}."
