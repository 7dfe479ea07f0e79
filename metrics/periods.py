"""When a figure holds: date expressions of a text as ISO 8601 periods, and their bounds."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from metrics.date_expressions import Atom, Point, Reported, find_expressions, is_calendar

_JOIN = re.compile(
    r"\s*(?P<dash>[-–—]|--)\s*"
    r"|\s+(?P<to>to|through|thru|until|till|up\s+to)\s+(?:the\s+)?(?:end\s+of\s+)?"
    r"|\s*(?P<and>,?\s+and|&|/)\s+(?P<the>the\s+)?"
)
_SINCE = re.compile(
    r"(?:[Ss]ince|SINCE|[Ff]rom)(?:\s+(?:the\s+)?(?:early|late|mid|start\s+of|beginning\s+of))?\s*[-¶]?$"
)
_SINCE_BEGUN = re.compile(
    r"\bsince\s+(?:[\w'’-]+\s+){1,8}?(?:start|beginning|outset|inception|inauguration|began|begun|started|launched|opened|created|formed|founded|established|introduced|signed"
    r"|adopted|dropped|inaugurated|installed|took|taking|office|effect|force|operations?|power)\s+(?:[\w'’-]+\s+){0,8}?(?:in|on)\s+(?:early\s+|late\s+|mid-)?$"
)
_WEEK_OF = re.compile(r"\bweeks?\s+(?:of|beginning|starting)\s+(?:the\s+)?$", re.IGNORECASE)
_AS_OF = re.compile(r"\b(?:as\s+of|through|up\s+to|until)\s+$", re.IGNORECASE)  # a count of the year so far
# A count that grew up to a date, where a stock or a backlog stands at it.
_COUNTED_UP = re.compile(
    r"\b(?:has|have|had)\s+(?:been\s+|already\s+)*(?:seized|confiscated|intercepted|arrested|detained|caught|returned|deported"
    r"|repatriated|registered|recorded|discovered|found|made|crossed|arrived|inspected|trained)\b"
)
_OPENER = re.compile(r"(?:[Bb]etween|[Ff]rom|[Bb]oth)\s+$")
_REPORTING = re.compile(r"\b(?:reporting|rating)\s+(?:period|year)\b", re.IGNORECASE)
_COVERS = re.compile(
    r"(?<!previous\s)(?<!prior\s)(?<!last\s)\b(?:reporting\s+period|(?:in|during|for|covers|covering)\s+the\s+period)"
    r"\W+(?:(?:of|from|is|was|runs|covers|covering|between)\s+){0,2}",
    re.IGNORECASE,
)
NEARLY = 3  # days after its date that a cable may still speak of, written where it was already the next day
_DUE = re.compile(r"\b(?:by|until|before)(?:\s+(?:the\s+end\s+of|early|late|mid))?[\s-]*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PeriodMention:
    """A date expression: half-open span of the text searched, its ISO 8601 period, and how it was read.

    `dated` says whether the year is stated; `flags` come from `observations.FLAGS`.
    """

    start: int
    end: int
    period: str
    dated: bool
    flags: tuple[str, ...] = ()


def period_bounds(period: str) -> tuple[date, date]:
    """First and last day of an ISO 8601 period.

    >>> period_bounds("2008-02")
    (datetime.date(2008, 2, 1), datetime.date(2008, 2, 29))
    >>> period_bounds("2008-11-03/2008-11-07")[1]
    datetime.date(2008, 11, 7)
    """
    first, _, last = period.partition("/")
    return _point_bounds(first)[0], _point_bounds(last or first)[1]


def _point_bounds(point: str) -> tuple[date, date]:
    parts = [int(part) for part in point.split("-")]
    if len(parts) == 3:
        day = date.fromisoformat(point)
        return day, day
    if len(parts) == 2:
        year, month = parts
        return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
    return date(parts[0], 1, 1), date(parts[0], 12, 31)


def find_periods(
    text: str,
    today: date | None,
    ahead_from: int | None = None,
    told: str | None = None,
    report: Reported = None,
) -> list[PeriodMention]:
    """Date expressions of a stretch of text with one blank between words, in order.

    Days and months without a year are placed at or before `today` (the cable's date), or after it from where the
    text looks ahead (`ahead_from`). Relative words are read against the date on which it was `told`, if stated; "the
    reporting period" is `report`.

    >>> [mention.period for mention in find_periods("from January to July 2009", date(2009, 12, 1))]
    ['2009-01/2009-07']
    >>> [mention.period for mention in find_periods("on December 1", date(2009, 4, 12))]
    ['2008-12-01']
    """
    until = _point_of(told) if told else (today.year, today.month, today.day) if today else None
    atoms = find_expressions(text, period_bounds(told)[1] if told else today, report)
    return [
        _settle(atom, text, today, until, ahead_from is not None and ahead_from < atom.start)
        for atom in _join(atoms, text)
    ]


def find_report_period(text: str, today: date | None) -> Reported:
    """What a cable means by "the reporting period", where it states the months somewhere."""
    if not _REPORTING.search(text):
        return None
    for cue in _COVERS.finditer(text):
        atoms = find_periods(text[cue.end() : cue.end() + 60], today)
        if atoms and atoms[0].start == 0 and "/" in atoms[0].period:
            first, last = atoms[0].period.split("/")
            return _point_of(first), _point_of(last)
    return None


def _point_of(point: str) -> Point:
    year, month, day = (*(int(part) for part in point.split("-")), None, None)[:3]
    return year, month, day


def _join(atoms: Sequence[Atom], text: str) -> list[Atom]:
    """Neighbours as one: "January to July 2009", "between April 2008 and February 2009", "July and August"."""
    joined: list[Atom] = []
    for atom in atoms:
        last = joined[-1] if joined else None
        if last is not None and _belong_together(last, atom, text):
            joined[-1] = _span_of(last, atom)
        else:
            joined.append(atom)
    return joined


def _belong_together(first: Atom, second: Atom, text: str) -> bool:
    link = _JOIN.fullmatch(text, first.end, second.start)
    if link is None or first.low != first.high:
        return False
    opened = bool(_OPENER.search(text, 0, first.start))
    if link["and"]:
        if link["the"]:
            return opened
        alike = _grain(first.low) == _grain(second.low)
        if first.dated:
            return opened or (alike and _grain(first.low) == 1 and first.low < second.low)
        return opened or (alike and not (second.dated and _grain(second.low) == 3))
    return opened or first.low[0] is None or second.low[0] is None or first.low < second.low


def _grain(point: Point) -> int:
    """How fine a point is, its year stated or not: 1 a year, 2 a month, 3 a day."""
    return 1 + (point[1] is not None) + (point[2] is not None)


def _span_of(first: Atom, second: Atom) -> Atom:
    year, month, day = first.low
    other = second.high
    if year is None and other[0] is not None:
        year = other[0] - (month is not None and other[1] is not None and month > other[1])
    if year is not None and other[0] is None:
        other = (year + (month is not None and other[1] is not None and other[1] < month), other[1], other[2])
    return Atom(first.start, second.end, (year, month, day), other, year is not None, first.flags + second.flags)


def _settle(atom: Atom, text: str, today: date | None, until: Point | None, ahead: bool) -> PeriodMention:
    """The expression with its year, its open end ("since May") closed at `until`, as ISO text."""
    before = text[max(0, atom.start - 30) : atom.start]
    flags = atom.flags
    since = _SINCE.search(before.rstrip())
    is_open = (since and _since_applies(since[0], text, atom.end)) or has_begun(text, atom.start)
    if atom.low[0] is None:
        ahead = not is_open and (ahead or bool(_DUE.search(before)))
        latest = today + timedelta(days=NEARLY) if today and not is_open and not ahead else today
        atom = _with_year(atom, latest, ahead)
        flags += ("year_assumed",)
    if _AS_OF.search(before) and (_is_month_end(atom.low) or (_grain(atom.low) == 2 and _COUNTED_UP.search(text))):
        atom = replace(atom, low=(atom.low[0], 1, None), high=(atom.low[0], atom.low[1], None))
    if _WEEK_OF.search(before) and atom.low == atom.high and None not in atom.low and is_calendar(atom.low):
        atom = replace(atom, high=_days_after(atom.low, 6))
    if is_open and until and atom.low == atom.high:
        return PeriodMention(atom.start, atom.end, _until(atom.low, until), atom.dated, flags)
    return PeriodMention(atom.start, atom.end, _iso(atom.low, atom.high), atom.dated, flags)


def has_begun(text: str, at: int) -> bool:
    """Whether the date at this place is when something began that goes on: "since joint patrols began in May"."""
    return _SINCE_BEGUN.search(text, max(0, at - 120), at) is not None


def _days_after(point: Point, days: int) -> Point:
    later = date.fromisoformat(_iso_point(point)) + timedelta(days=days)
    return later.year, later.month, later.day


def _is_month_end(point: Point) -> bool:
    return point[0] is not None and point[1] is not None and (point[2] or 0) >= 28


def _since_applies(word: str, text: str, end: int) -> bool:
    return word.lower().startswith("since") or bool(
        re.match(r"\s+(?:on(?:wards?)?\b|to\s+(?:date|the\s+present|now))", text[end:])
    )


def _with_year(atom: Atom, today: date | None, ahead: bool) -> Atom:
    _, month, day = atom.low
    assert month is not None
    if today is None:
        return replace(atom, low=(None, month, day))
    year, end = _nearest_year(month, day, today, ahead), atom.high
    if (2, 29) in ((month, day), end[1:]):
        while not calendar.isleap(year):
            year += 1 if ahead else -1
    return replace(atom, low=(year, month, day), high=(year + (end[1] is not None and end[1] < month), end[1], end[2]))


def _nearest_year(month: int, day: int | None, today: date, ahead: bool) -> int:
    if ahead:
        return today.year + ((month, day or 31) < (today.month, today.day))
    return today.year - ((month, day or 1) > (today.month, today.day))


def _until(low: Point, end: Point) -> str:
    grain = _grain(low)
    return _iso(low, (end[0], end[1] if grain > 1 else None, end[2] if grain > 2 else None))


def _iso(low: Point, high: Point) -> str:
    """The period, "" where one of its bounds is no day ("February 29 and March 5, 2009")."""
    if not (is_calendar(low) and is_calendar(high)):
        return ""
    first, last = _iso_point(low), _iso_point(high)
    return first if first == last else f"{first}/{last}"


def _iso_point(point: Point) -> str:
    year, month, day = point
    if year is None:
        return ""
    return f"{year:04d}" + (f"-{month:02d}" if month else "") + (f"-{day:02d}" if day else "")
