"""What a chart says in words: headline, subtitle, notes, sources, hover and alternative text, from its rows alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from textwrap import wrap
from typing import Any

from metrics.catalog import METRICS
from metrics.charts.coverage import Measure, is_total, measure
from metrics.charts.layout import escape
from metrics.look import STATUSES, is_money, say_unit, say_value
from metrics.reconcile.likeness import content_words
from metrics.reconcile.wording import name_in_sentence, round_share, say_count, say_name

Row = Mapping[str, Any]

REVIEW_LINE = "Marks carried forward by software, not reviewed. Compilation not reviewed."
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_ISO = re.compile(r"^(\d{4})(?:-(\d\d))?(?:-(\d\d))?$")
HOVER_LINE = 60  # characters: a hover box that fits beside any bar
MOST_SOURCES = 8
MOST_NAMED = 8  # countries without a figure
_KINDS = ("ship", "vehicle", "event")  # units that count what goes by other names as well: boats, containers, seminars
_PLACES = ("site", "checkpoint")  # units that both count places and compare


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


def say_figure(row: Row, thing: str = "") -> str:
    """The value with its unit, or the thing in its place, and rate: "more than 40 sites", "600 railcars per day"."""
    said = say_value(row)
    if not row.get("stated") and not is_money(row["unit"]) and row["unit"] != "percent":
        figure = row["high"] if row["high"] is not None else row["low"]
        said = f"{said} {thing or say_unit(row['unit'], figure)}".rstrip()
    return f"{said} per {row['per']}" if row["per"] else said


def find_thing(row: Row) -> str:
    """What is counted, where it says the unit more closely and can take its place: boats for ships; else empty.

    >>> find_thing({"unit": "ship", "of": "patrol boats"}), find_thing({"unit": "truck", "of": "loaded trucks"})
    ('patrol boats', 'loaded trucks')
    >>> find_thing({"unit": "person", "of": "firearms training"})
    ''
    """
    of, unit = row["of"] or "", say_unit(row["unit"])
    closer = bool(unit) and (of == unit or of.endswith(f" {unit}"))
    return of if closer or (row["unit"] in _KINDS and of.endswith("s")) else ""


def list_names(codes: Sequence[str]) -> str:
    """Countries by name, the first of them where they are many, as those of a region can be.

    >>> list_names(["KAZ", "UZB"])
    'Kazakhstan, Uzbekistan'
    """
    more = len(codes) - MOST_NAMED
    named = ", ".join(say_name(code) for code in codes[:MOST_NAMED])
    return f"{named} and {more} more" if more > 0 else named


def say_status(status: str) -> str:
    """A status in words."""
    return STATUSES[status].word


def say_hover(row: Row, measured: Measure | None = None) -> str:
    """Short hover text: figure and its totals, what, whose, when and how far, where it stands and its mark."""
    where = ", ".join(part for part in (say_name(row["country"]) if row["country"] else "", row["site"] or "") if part)
    when = " · ".join(part for part in (say_status(row["status"]), say_period(row["period"])) if part)
    figure = f"{say_figure(row)}{_say_whole(measured)}{say_share(measured)}"
    lines = [
        row["of"] or "",
        where,
        f"by {say_name(row['actor'])}" if row["actor"] else "",
        when,
        f"says {', '.join(row['speakers'])}" if row["speakers"] else "",
        f"derived: {row['formula']}" if row["derived"] and row["formula"] else "",
        f"{_say_citations(row['citations'], 2)} ({row['marking'] or 'mark unknown'})",
    ]
    broken = [escape(part) for line in lines for part in wrap(line, HOVER_LINE)]
    return "<br>".join([f"<b>{escape(figure)}</b>", *broken])


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


def say_samples(samples: int, cables: int) -> str:
    """How many of the cables cited were written for this program; empty where none was.

    >>> say_samples(2, 2), say_samples(1, 3)
    ('Sample cables, written for this program: no reporting.', '1 of 3 cables is a sample, written for this program.')
    """
    if samples == cables:
        return "Sample cables, written for this program: no reporting." if samples else ""
    are = "is a sample" if samples == 1 else "are samples"
    return f"{samples} of {cables} cables {are}, written for this program." if samples else ""


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


def say_notes(rows: Sequence[Row], left_out: Sequence[str], labelled: bool = True) -> tuple[str, ...]:
    """Notes on bounds, rivals, parts, derived values, wording, speakers; then what is left out with the reason.

    `labelled` says that each figure's label tells in words what it counts and whether it is computed; elsewhere a note
    tells what is mixed and by which sign computed ones are known.
    """
    notes = [
        _note_bounds(rows),
        _note_rivals(rows),
        _note_parts(rows),
        _note_totals(rows),
        _note_derived(rows, labelled),
        _note_wording(rows, labelled),
        _note_speakers(rows),
        _note_units(rows),
        _note_unsure(rows),
        _note_reviews(rows),
    ]
    said = " ".join(note for note in notes if note)
    missing = f"Not drawn: {'; '.join(left_out)}." if left_out else ""  # apart, so that long notes never cut it off
    return tuple(note for note in (f"Note: {said}" if said else "", missing) if note)


def _note_bounds(rows: Sequence[Row]) -> str:
    counts = Counter(str(row["qualifier"]) for row in rows)
    groups = (
        (counts["more_than"] + counts["at_least"], "as a lower bound only"),
        (counts["less_than"] + counts["at_most"], "as an upper bound only"),
        (counts["range"], "as a range"),
        (counts["approx"], "as approximate"),
    )
    said = [(number, words) for number, words in groups if number]
    if not said:
        return ""
    if len(rows) == 1:
        return f"The figure is given {' and '.join(words for _, words in said)}."
    (first, how), *others = said
    return f"Of {len(rows)} figures: {', '.join([f'{first} given {how}', *(f'{n} {words}' for n, words in others)])}."


def _note_units(rows: Sequence[Row]) -> str:
    """Which figures are drawn in another unit than their cable's."""
    units = Counter(row["stated"]["unit"] for row in rows if row.get("stated"))
    said = " and ".join(f"{count} stated in {say_unit(unit)}" for unit, count in units.most_common())
    verb = "is" if units.total() == 1 else "are"
    return f"{said[:1].upper()}{said[1:]} {verb} drawn in {say_unit(rows[0]['unit'])}." if said else ""


def _note_unsure(rows: Sequence[Row]) -> str:
    """How many figures the program is unsure to have read rightly."""
    unsure = sum("unsure" in row["flags"] for row in rows)
    these = "reading is" if unsure == 1 else "readings are"
    return f"{unsure} {these} unsure: see the sentence before quoting." if unsure else ""


def _note_reviews(rows: Sequence[Row]) -> str:
    """How many figures are an analyst's and not the program's reading."""
    flags = Counter(flag for row in rows for flag in row["flags"])
    said = [f"{flags[f'{what}_in_review']} {what}" for what in ("corrected", "added") if flags[f"{what}_in_review"]]
    return f"In review {' and '.join(said)}." if said else ""


def _note_rivals(rows: Sequence[Row]) -> str:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        if row["conflict_group"]:
            groups.setdefault(row["conflict_group"], []).append(row)
    rivals = [_say_rivals(group) for group in groups.values() if len(group) > 1]
    if not rivals:
        return ""
    more = f" and {len(rivals) - 3} more" if len(rivals) > 3 else ""
    return f"Estimates differ, shown side by side in a dark outline: {'; '.join(rivals[:3])}{more}."


def _say_rivals(rows: Sequence[Row]) -> str:
    return _say_estimates(rows, " against ")


def _say_estimates(rows: Sequence[Row], between: str) -> str:
    more = f" and {len(rows) - 4} more" if len(rows) > 4 else ""
    return between.join(say_value(row) for row in rows[:4]) + more


def _note_parts(rows: Sequence[Row]) -> str:
    ids = {row["id"] for row in rows}
    parts = sum(row["part_of"] in ids for row in rows)
    are = "are" if parts > 1 else "is"
    return f"{say_count(parts, 'figure')} {are} part of another drawn; do not add." if parts else ""


def _note_totals(rows: Sequence[Row]) -> str:
    """What share of its total each stated figure in place is, as far as that can be told."""
    pairs = [(row, found) for row in rows if not row["derived"] and (found := measure(row, rows))]
    shares = [
        f"{say_name(row['country'])} {say_value(row)}{_say_whole(found)}{say_share(found)}" for row, found in pairs
    ]
    more = f" and {len(shares) - 3} more" if len(shares) > 3 else ""
    return f"Shares of all checkpoints: {'; '.join(shares[:3])}{more}." if shares else ""


def _note_derived(rows: Sequence[Row], labelled: bool) -> str:
    formulas = [row["formula"] for row in rows if row["derived"] and row["formula"]]
    if not formulas:
        return ""
    more = f" and {len(formulas) - 3} more" if len(formulas) > 3 else ""
    sign = "" if labelled else " (marked * where a label has room)"
    return f"Computed, not stated{sign}: {'; '.join(formulas[:3])}{more}."


def _note_wording(rows: Sequence[Row], labelled: bool) -> str:
    units = {row["unit"] for row in rows if row["unit"] and not is_money(row["unit"])}
    said = ""
    if len(units) > 1:
        said = f"Sources count {', '.join(sorted(say_unit(unit) for unit in units))}; these need not be the same thing."
    counted = Counter(row["of"] for row in rows if row["of"])
    if not labelled and len(counted) > 1:
        named = [of for of, _ in counted.most_common(4)]
        more = f" and {len(counted) - 4} more" if len(counted) > 4 else ""
        said = f"{said} Figures count different things: {', '.join(named)}{more}.".strip()
    return said


def _note_speakers(rows: Sequence[Row]) -> str:
    told = [row for row in rows if row["speakers"]]
    if not told:
        return ""
    names = list(dict.fromkeys(name for row in told for name in row["speakers"]))
    listed = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
    whose = "All figures are" if len(told) == len(rows) else f"{len(told)} of {len(rows)} figures are"
    return f"{whose} reported as said by {listed}."


def headline(rows: Sequence[Row], most: int = 2, by_year: bool = False) -> str:
    """A sentence on the figures a reader looks for first, that says how many it leaves out.

    Of one country these are the largest, on an axis of years (`by_year`) the largest of those with a year; of two
    countries one of each that count the same thing; of more, or where two count nothing alike, the largest of all.
    """
    if not rows:
        return "No figures for this selection"
    groups = _by_country(rows)
    if len(groups) == 1:
        ((country, _),) = groups.items()
        first = _rank(rows, by_year)[:most]
        lead = ", ".join(part for part in (_subject(first), say_name(country) if country else "") if part)
        said = _say_rows(first) + _say_more(len(rows) - len(first))
        return f"{lead}: {said}" if lead else _capital(said)
    first = _find_alike(list(groups.values()), by_year) if len(groups) == 2 and all(groups) else []
    if first:
        said = "; ".join(f"{say_name(row['country'])}: {_say_clause(row, with_country=False)}" for row in first)
        return ", ".join(part for part in (_subject(first), said) if part) + _say_more(len(rows) - 2)
    top = _rank(rows)[0]
    lead = f"{_subject([top])}: " if _subject([top]) else ""
    return _capital(f"{lead}{_say_clause(top, with_country=True)}{_say_more(len(rows) - 1)}{_say_reach(list(groups))}")


def _by_country(rows: Sequence[Row]) -> dict[str | None, list[Row]]:
    groups: dict[str | None, list[Row]] = {}
    for row in rows:
        groups.setdefault(row["country"], []).append(row)
    return groups


def _subject(rows: Sequence[Row]) -> str:
    return "" if all(_names_its_metric(row) for row in rows) else say_subject(rows)


def _rank(rows: Sequence[Row], by_year: bool = False) -> list[Row]:
    """Rows as a headline takes them: wholes before parts, stated before computed, the largest first.

    Where units differ, figures do not compare and stand as they are; a ceiling is no figure reached.
    """
    ids = {row["id"] for row in rows}
    comparable = len({_measure(row) for row in rows}) == 1

    def key(row: Row) -> tuple[Any, ...]:
        size = (-(row["low"] or 0.0), -(row["high"] or 0.0)) if comparable else ()
        return (row["part_of"] in ids, row["derived"], by_year and row["period_start"] is None, size)

    return sorted(rows, key=key)


def _measure(row: Row) -> tuple[str, str]:
    """Figures of one measure compare."""
    return "site" if row["unit"] in _PLACES else row["unit"] or "", row["per"] or ""


def _likeness(row: Row) -> tuple[Any, ...]:
    """What figures set against each other share: the thing in its measure; as far as may be stage, years, period."""
    thing = " ".join(sorted(content_words(row["metric"], row["of"])))
    years = tuple(day.year for day in (row["period_start"], row["period_end"]) if day)
    stage = -list(STATUSES).index(row["status"] or "actual")
    return (*_measure(row), row["metric"], thing), stage, years, row["period"] or ""


def _find_alike(groups: Sequence[Sequence[Row]], by_year: bool) -> list[Row]:
    """The first row of each group, all of one thing, of one stage and period as far as all groups have such rows.

    Of several stages what is done counts before what is planned, of several years the last, of several things that of
    the largest figure. Empty where the groups count nothing alike.
    """
    wholes = [[row for row in own if row["part_of"] not in {one["id"] for one in own}] for own in groups]
    for depth in (4, 3, 2, 1):
        likenesses = [{_likeness(row)[:depth] for row in own} for own in wholes]
        if shared := [one for one in set.intersection(*likenesses) if () not in one]:
            pairs = {
                one: [_rank([row for row in own if _likeness(row)[:depth] == one], by_year)[0] for own in wholes]
                for one in sorted(shared)
            }
            return pairs[max(pairs, key=lambda one: (one[1:], max(_size(row) for row in pairs[one])))]
    return []


def _size(row: Row) -> float:
    return float(row["low"] or row["high"] or 0.0)


def _say_reach(countries: Sequence[str | None]) -> str:
    return f", {_count_countries(countries)} in all" if len(countries) > 1 else ""


def _names_its_metric(row: Row) -> bool:
    """Whether the clause on a row says by itself what is told: money for something, sites with something, a rate."""
    return is_money(row["unit"]) or row["unit"] in _PLACES or bool(row["per"])


def _say_rows(rows: Sequence[Row]) -> str:
    before = [None, *(row["of"] for row in rows)]
    clauses = (_say_clause(row, False, with_of=row["of"] != said) for row, said in zip(rows, before, strict=False))
    return "; ".join(clauses)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _say_more(more: int) -> str:
    return f"; {say_count(more, 'more figure')}" if more > 0 else ""


def say_coverage(row: Row, measured: Measure | None) -> str:
    """The figure against its total, with the share where it has one: "28 of 212 (13%)"."""
    tail = "" if row["status"] == "actual" else f", {say_status(row['status'])}"
    tail += ", computed" if row["derived"] else ""
    return f"{say_value(row)}{_say_whole(measured)}{say_share(measured)}{tail}"


def _say_whole(measured: Measure | None) -> str:
    """What a figure is a part of: " of 212", or of rival totals " of 200 or 212"."""
    return f" of {_say_estimates(measured.totals, ' or ')}" if measured else ""


def say_share(measured: Measure | None) -> str:
    """The share in brackets, bounded as its inputs are; empty where none is known."""
    if not measured:
        return ""
    share = measured.share
    rounded = {**share, **{name: round_share(share[name]) for name in ("low", "high") if share[name] is not None}}
    return f" ({say_value(rounded)})"


def coverage_headline(rows: Sequence[Row]) -> str:
    """How many checkpoints of how many have what: of one country the first figures, of more as `headline` has them."""
    groups = _by_country(rows)
    equipped = {country: _rank([row for row in own if not is_total(row)]) for country, own in groups.items()}
    equipped = {country: own for country, own in equipped.items() if own}
    if not equipped:
        return _totals_headline(rows)
    largest = [row for own in equipped.values() for row in own[:2]]
    alike = _find_alike(list(equipped.values()), False) if len(equipped) == 2 else []
    first = alike or (largest if len(equipped) == 1 else _rank(largest)[:1])
    parts: dict[str | None, list[str]] = {}
    said = {row["id"] for row in first}
    for row in first:
        measured = measure(row, rows)
        said |= {total["id"] for total in measured.totals} if measured else set()
        parts.setdefault(row["country"], []).append(_say_coverage_clause(row, measured))
    listed = "; ".join(f"{say_name(country)}: {'; '.join(clauses)}" for country, clauses in parts.items())
    reach = _say_reach(list(groups)) if len(groups) > len(parts) else ""
    return f"{listed}{_say_more(len({row['id'] for row in rows} - said))}{reach}"


def _totals_headline(rows: Sequence[Row]) -> str:
    """The largest number of all checkpoints, where none is said to be equipped."""
    if not rows:
        return headline(rows)
    top = _rank(rows)[0]
    where = f" in {name_in_sentence(top['country'])}" if top["country"] else ""
    return f"Checkpoints in all: {say_value(top)}{where}{_say_more(len(rows) - 1)}{_say_reach(list(_by_country(rows)))}"


def _say_coverage_clause(row: Row, measured: Measure | None) -> str:
    unit = say_unit("checkpoint" if measured else row["unit"], None)
    by = f" by {name_in_sentence(row['actor'])}" if row["metric"] == "installations" and row["actor"] else ""
    places = f"{say_value(row)}{_say_whole(measured)} {unit}{say_share(measured)}"
    return f"{row['of'] or 'equipment'}{by} at {places}{_say_circumstances(row)}"


def _count_countries(countries: Sequence[str | None]) -> str:
    return say_count(sum(1 for country in countries if country), "country")


def _say_clause(row: Row, with_country: bool, with_of: bool = True) -> str:
    """One figure in words: what, how many, from whom, where, when, at which stage and who says so."""
    of = (row["of"] or "") if with_of else ""
    value = say_figure(row)
    if is_money(row["unit"]):
        words = f"{value} for {of}" if of else value
    elif row["unit"] in _PLACES and row["metric"] != "checkpoints_total":
        words = f"{of} at {value}".lstrip()
    elif find_thing(row) and row["low"] != 1:
        words = say_figure(row, find_thing(row))
    elif of and not _repeats(of, row["unit"]):
        words = f"{value} ({of})"
    else:
        words = value
    giver = f" from {name_in_sentence(row['actor'])}" if row["actor"] and is_money(row["unit"]) else ""
    where = f", {row['site']}" if row["unit"] == "percent" and row["site"] else ""
    where += f" in {name_in_sentence(row['country'])}" if with_country and row["country"] else ""
    return f"{words}{giver}{where}{_say_circumstances(row)}"


def _repeats(of: str, unit: str | None) -> bool:
    return bool(unit) and of in (str(unit), say_unit(unit))


def _say_circumstances(row: Row) -> str:
    period, said = say_period(row["period"]), ""
    if period:
        joint = "," if "/" in row["period"] else " on" if len(row["period"]) == 10 else " in"
        said = f"{joint} {period}"
    if row["status"] != "actual":
        said += f" ({say_status(row['status'])})"
    if row["derived"]:
        said += " (computed)"
    return said + (f", according to {row['speakers'][0]}" if row["speakers"] else "")


def describe(title: str, subtitle: str, rows: Sequence[Row], most: int = 12) -> str:
    """Alternative text: what the chart shows and its figures in words."""
    listed = [_say_clause(row, True) for row in rows[:most]]
    more = len(rows) - len(listed)
    tail = f"; and {more} more in the table" if more else ""
    return f"{title}. {subtitle}. {'; '.join(listed)}{tail}."
