"""When a figure holds: date expressions of a sentence as ISO 8601 periods, and their bounds."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

Point = tuple[int | None, int | None, int | None]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMBERS = {
    word: number
    for number, word in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), start=1)
} | {"a": 1, "couple": 2}
_ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}

_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?\.?|July?\.?|Aug(?:ust|\.)?"
    r"|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?"
    r"|JAN(?:UARY)?|FEB(?:RUARY)?|MAR(?:CH)?|APR(?:IL)?|MAY|JUNE?|JULY?|AUG(?:UST)?"
    r"|SEPT?(?:EMBER)?|OCT(?:OBER)?|NOV(?:EMBER)?|DEC(?:EMBER)?)(?![a-zA-Z])"
)
_YEAR = r"(?:19[5-9]|20[0-4])\d(?!s\b|[\d,]\d|\d|\.\d|['’]?\s?%)"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?![\d.]\d|\d|,\d|\s?%)"
_FISCAL = r"(?:FY|CY|(?:[Ff]iscal|[Cc]alendar|FISCAL|CALENDAR)\s+[Yy](?:ear|EAR)s?)"
_SHORT_YEAR = r"['’]?(?:(?:19|20)\d\d|\d\d)(?!\d)"
_COUNT = r"(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|couple\sof)"

ATOM = re.compile(
    rf"""(?<![\w$€£¥.,/])(?:
      (?P<iso>(?:19|20)\d\d-\d\d-\d\d)(?!\d)
    | (?P<numeric>\d{{1,2}}/\d{{1,2}}/(?:\d{{4}}|\d\d))(?![\d/])
    | (?<!\d-)(?P<df_day>{_DAY})(?:\s*[-–]\s*(?P<df_end>{_DAY}))?\s+(?:of\s+)?(?P<df_month>{_MONTH})(?:,?\s+(?P<df_year>{_YEAR}))?
    | (?:(?:[Mm]id|[Ee]arly|[Ll]ate)[- ])?(?P<md_month>{_MONTH})\s+(?P<md_day>{_DAY})
        (?:(?:\s*[-–]\s*|\s+to\s+|\s+through\s+|\s*(?:and|&)\s*(?!\d+\s+[a-z]))(?P<md_end>{_DAY})(?!\s+{_MONTH}))?(?:,?\s+(?P<md_year>{_YEAR}))?
    | (?:(?:[Mm]id|[Ee]arly|[Ll]ate)[- ])?(?P<my_month>{_MONTH})(?:,?\s+(?:of\s+)?(?P<my_year>{_YEAR}|last\syear|this\syear))?
    | (?P<part>(?:[Ff]irst|[Ss]econd|[Tt]hird|[Ff]ourth|[Ll]ast|1st|2nd|3rd|4th))\s+
        (?P<part_unit>half|quarter|(?P<part_count>{_COUNT})\s+months?)
        (?:\s+of\s+(?:{_FISCAL}[\s-]*)?(?P<part_year>{_SHORT_YEAR}|the\syear|this\syear|last\syear))?
    | Q(?P<quarter>[1-4])\s+(?:of\s+)?(?:{_FISCAL}[\s-]*)?(?P<quarter_year>{_SHORT_YEAR})
    | (?P<fiscal>{_FISCAL})[\s-]*(?P<fy>{_SHORT_YEAR})(?:\s*[-–/]\s*(?:FY|CY)?(?P<fy_end>{_SHORT_YEAR}))?
    | (?:(?:[Ss]pring|[Ss]ummer|[Ff]all|[Aa]utumn|[Ww]inter|[Ee]nd|[Mm]id|[Ee]arly|[Ll]ate)[-\s](?:of\s+)?)?
        (?<!\d-)(?P<year>{_YEAR})(?:\s*[-–/]\s*(?P<year_end>{_YEAR}|\d\d(?!\d)))?
    | (?P<rel_month>(?:[Ll]ast|[Tt]his\s+past|[Ll]ast|[Tt]his|[Nn]ext)\s+{_MONTH})
    | (?P<past>(?:[Ll]ast|[Pp]ast|[Pp]revious|[Pp]receding))\s+(?P<past_count>{_COUNT})\s+(?P<past_unit>years?|months?|weeks?|days?)
    | (?P<ago_count>{_COUNT}|a|A)\s+(?P<ago_unit>year|month|week|day)s?\s+(?:ago|earlier)
    | (?P<relative>(?:[Ll]ast|[Tt]his|[Nn]ext|[Tt]he\s+past|[Tt]he\s+coming|[Tt]his\s+past|[Pp]ast|[Cc]urrent|[Tt]he\s+previous)
        \s+(?:calendar\s+|fiscal\s+)?(?:year|month|week)(?!-long)
      | [Yy]ear[- ]to[- ]date | [Yy]esterday | [Ll]ast\s+night)
    )""",
    re.VERBOSE,
)
QUICK = re.compile(
    r"\b(?:19|20)\d\d|[FC]Y|(?i:years?|months?|weeks?|days|quarter|half\s+of|yesterday|night|ago)\b|\d/\d|" + _MONTH
)
_JOIN = re.compile(
    r"\s*(?P<dash>[-–—]|--)\s*|\s+(?P<to>to|through|thru|until|till|up\s+to)\s+|\s*(?P<and>,?\s+and|&|/)\s+"
)
_SINCE = re.compile(
    r"(?:[Ss]ince|SINCE|[Ff]rom)(?:\s+(?:the\s+)?(?:early|late|mid|start\s+of|beginning\s+of))?\s*[-¶]?$"
)
_AS_OF = re.compile(r"\b(?:as\s+of|through|up\s+to|until)\s+$", re.IGNORECASE)  # a count of the year so far
_OPENER = re.compile(r"(?:[Bb]etween|[Ff]rom|[Bb]oth)\s+$")
_DUE = re.compile(r"\b(?:by|until|before|through)(?:\s+(?:the\s+end\s+of|early|late|mid))?[\s-]*$", re.IGNORECASE)
_MONTH_CUE = re.compile(
    r"(?:\b(?:in|since|by|of|on|until|last|this|late|early|mid|through|to|from|and|between|during|for|next|before|after"
    r"|end|beginning|as\sof|starting|dated)|[,(/-])[\s-]*$",
    re.IGNORECASE,
)
_YEAR_CUE = re.compile(
    r"\b(?:in|since|during|from|to|until|till|through|by|of|for|over|than|and|between|early|late|mid|end|year|years|before|after"
    r"|circa|vs|versus|around|throughout|per|on|the|with|comparing|last|through)[\s-]*$",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"\s+(?!alone|budgets?|is|was|has|to|through|us\b)[a-z-]+(?:s|people|men|women|kg|km)\b|[- ]?(?:member|strong|meter|foot)"
)


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


@dataclass(frozen=True, slots=True)
class _Atom:
    """A date expression before it is joined with its neighbours: bounds as (year, month, day)."""

    start: int
    end: int
    low: Point
    high: Point
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
        return date(*parts), date(*parts)
    if len(parts) == 2:
        return date(*parts, 1), date(*parts, calendar.monthrange(*parts)[1])
    return date(parts[0], 1, 1), date(parts[0], 12, 31)


def find_periods(text: str, today: date | None, ahead_from: int | None = None) -> list[PeriodMention]:
    """Date expressions of a stretch of text with one blank between words, in order.

    Days and months without a year are placed at or before `today` (the cable's date), or after it from where the
    text looks ahead (`ahead_from`).

    >>> [mention.period for mention in find_periods("from January to July 2009", date(2009, 12, 1))]
    ['2009-01/2009-07']
    >>> [mention.period for mention in find_periods("on December 1", date(2009, 4, 12))]
    ['2008-12-01']
    """
    if not QUICK.search(text):
        return []
    atoms = [atom for match in ATOM.finditer(text) if (atom := _read_atom(match, text, today))]
    return [
        _settle(atom, text, today, ahead_from is not None and ahead_from < atom.start) for atom in _join(atoms, text)
    ]


# --- reading one expression


def _read_atom(match: re.Match[str], text: str, today: date | None) -> _Atom | None:
    for name, reader in _READERS:
        if match[name]:
            read = reader(match, text, today)
            if read is None or not _is_calendar(read[0]) or not _is_calendar(read[1]):
                return None
            low, high, *flags = read
            return _Atom(match.start(), match.end(), low, high, low[0] is not None, tuple(flags))
    return None


def _is_calendar(point: Point) -> bool:
    year, month, day = point
    return month is None or (
        1 <= month <= 12 and (day is None or 1 <= day <= calendar.monthrange(year or 2000, month)[1])
    )


def _month_number(word: str) -> int:
    return _MONTHS.index(word[:3].lower()) + 1


def _day_number(word: str) -> int:
    return int(re.sub(r"\D", "", word))


def _full_year(word: str, today: date | None = None) -> int | None:
    if "year" in word:
        return None if today is None else today.year - ("last" in word)
    digits = int(re.sub(r"\D", "", word))
    return digits if digits > 99 else 1900 + digits if digits > 50 else 2000 + digits


def _count(word: str) -> int:
    return int(word) if word.isdigit() else _NUMBERS[word.split()[0].lower()]


def _read_iso(match: re.Match[str], text: str, today: date | None):
    year, month, day = (int(part) for part in match["iso"].split("-"))
    return (year, month, day), (year, month, day)


def _read_numeric(match: re.Match[str], text: str, today: date | None):
    month, day, year = match["numeric"].split("/")
    point = (_full_year(year), int(month), int(day))
    return point, point


def _read_day_first(match: re.Match[str], text: str, today: date | None):
    year = _full_year(match["df_year"]) if match["df_year"] else None
    month, first = _month_number(match["df_month"]), _day_number(match["df_day"])
    last = _day_number(match["df_end"]) if match["df_end"] else first
    return (year, month, first), (year, month, last)


def _read_month_day(match: re.Match[str], text: str, today: date | None):
    year = _full_year(match["md_year"]) if match["md_year"] else None
    month, first = _month_number(match["md_month"]), _day_number(match["md_day"])
    last = _day_number(match["md_end"]) if match["md_end"] else first
    return (year, month, first), (year, month, last)


def _read_month(match: re.Match[str], text: str, today: date | None):
    word = match["my_month"]
    if word in ("May", "March", "MAY", "MARCH", "Mar", "MAR") and not match["my_year"]:
        if not _MONTH_CUE.search(text, max(0, match.start() - 16), match.start()):
            return None
    year = _full_year(match["my_year"], today) if match["my_year"] else None
    return (year, _month_number(word), None), (year, _month_number(word), None)


def _read_part(match: re.Match[str], text: str, today: date | None):
    ordinal = match["part"].lower()
    unit, count = match["part_unit"], _count(match["part_count"] or "one")
    months = {"half": 6, "quarter": 3}.get(unit, count)
    if match["part_count"] and ordinal not in ("first", "last"):
        return None
    if ordinal == "last" and not match["part_year"]:
        return _past_months(count, today) if match["part_count"] else None
    year = _full_year(match["part_year"], today) if match["part_year"] else (today.year if today else None)
    if match["part_year"] == "the year" and today:
        year = today.year
    if year is None:
        return None
    first = 13 - months if ordinal == "last" else (_ORDINALS.get(ordinal, 1) - 1) * months + 1
    return (year, first, None), (year, first + months - 1, None)


def _past_months(count: int, today: date | None):
    if today is None:
        return None
    first = _shift(today, -count)
    return (first.year, first.month, None), (today.year, today.month, None), "period_relative"


def _shift(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def _read_quarter(match: re.Match[str], text: str, today: date | None):
    year, first = _full_year(match["quarter_year"]), int(match["quarter"]) * 3 - 2
    return (year, first, None), (year, first + 2, None)


def _read_fiscal(match: re.Match[str], text: str, today: date | None):
    first = _full_year(match["fy"])
    last = _full_year(match["fy_end"]) if match["fy_end"] else first
    flags = () if match["fiscal"].lower().startswith("c") else ("fiscal_year",)
    return (first, None, None), (last, None, None), *flags


def _read_year(match: re.Match[str], text: str, today: date | None):
    first = int(match["year"])
    last = match["year_end"]
    if not _YEAR_CUE.search(text, max(0, match.start() - 14), match.start()) and _COUNTED.match(text, match.end()):
        return None
    end = first if last is None else int(last) if len(last) == 4 else first - first % 100 + int(last)
    return None if end < first else ((first, None, None), (end, None, None))


def _read_relative_month(match: re.Match[str], text: str, today: date | None):
    if today is None:
        return None
    words = match["rel_month"].split()
    month = _month_number(words[-1])
    later = month > today.month
    year = today.year + (not later) if words[0].lower() == "next" else today.year - later
    if words[0].lower() == "this" and len(words) == 2:
        year = today.year
    return (year, month, None), (year, month, None), "period_relative"


def _read_past(match: re.Match[str], text: str, today: date | None):
    if today is None:
        return None
    count, unit = _count(match["past_count"]), match["past_unit"].rstrip("s")
    if unit == "month":
        return _past_months(count, today)
    if unit == "year":
        return (today.year - count, None, None), (today.year, None, None), "period_relative"
    first = today - timedelta(days=count * (7 if unit == "week" else 1))
    return (first.year, first.month, None), (today.year, today.month, None), "period_relative"


def _read_ago(match: re.Match[str], text: str, today: date | None):
    if today is None:
        return None
    count, unit = _count(match["ago_count"].lower()), match["ago_unit"]
    if unit == "year":
        point: Point = (today.year - count, None, None)
    elif unit == "month":
        first = _shift(today, -count)
        point = (first.year, first.month, None)
    else:
        day = today - timedelta(days=count * (7 if unit == "week" else 1))
        point = (day.year, day.month, day.day if unit == "day" else None)
    return point, point, "period_relative"


def _read_relative(match: re.Match[str], text: str, today: date | None):
    if today is None:
        return None
    words = match["relative"].lower()
    step = -1 if re.match(r"last|the p|past|this\s+past", words) else 1 if re.match(r"next|the\s+coming", words) else 0
    if words == "yesterday" or words.endswith("night"):
        day = today - timedelta(days=1)
        point: Point = (day.year, day.month, day.day)
    elif "week" in words:
        day = today + timedelta(days=7 * step)
        point = (day.year, day.month, None)
    elif "month" in words:
        day = _shift(today, step)
        point = (day.year, day.month, None)
    else:
        # "in the past year" of a cable from autumn speaks of the year that is running out
        running = "past" in words and today.month > 6
        point = (today.year + (0 if running else step), None, None)
    return point, point, "period_relative"


_Reader = Callable[[re.Match[str], str, "date | None"], "tuple | None"]
_READERS: tuple[tuple[str, _Reader], ...] = (
    ("iso", _read_iso),
    ("numeric", _read_numeric),
    ("df_month", _read_day_first),
    ("md_month", _read_month_day),
    ("my_month", _read_month),
    ("part", _read_part),
    ("quarter", _read_quarter),
    ("fiscal", _read_fiscal),
    ("year", _read_year),
    ("rel_month", _read_relative_month),
    ("past", _read_past),
    ("ago_count", _read_ago),
    ("relative", _read_relative),
)


# --- joining and placing


def _join(atoms: Sequence[_Atom], text: str) -> list[_Atom]:
    """Neighbours as one: "January to July 2009", "between April 2008 and February 2009", "July and August"."""
    joined: list[_Atom] = []
    for atom in atoms:
        last = joined[-1] if joined else None
        if last is not None and _belong_together(last, atom, text):
            joined[-1] = _span_of(last, atom)
        else:
            joined.append(atom)
    return joined


def _belong_together(first: _Atom, second: _Atom, text: str) -> bool:
    link = _JOIN.fullmatch(text, first.end, second.start)
    if link is None or first.low != first.high:
        return False
    opened = bool(_OPENER.search(text, 0, first.start))
    if link["and"]:
        alike = _grain(first.low) == _grain(second.low) != 3
        return opened or (alike and (not first.dated or _grain(first.low) == 1))
    return opened or first.low[0] is None or second.low[0] is None or first.low < second.low


def _grain(point: Point) -> int:
    return sum(part is not None for part in point)


def _span_of(first: _Atom, second: _Atom) -> _Atom:
    year, month, day = first.low
    other = second.high
    if year is None and other[0] is not None:
        year = other[0] - (month is not None and other[1] is not None and month > other[1])
    if year is not None and other[0] is None:
        other = (year + (month is not None and other[1] is not None and other[1] < month), other[1], other[2])
    return _Atom(first.start, second.end, (year, month, day), other, year is not None, first.flags + second.flags)


def _settle(atom: _Atom, text: str, today: date | None, ahead: bool) -> PeriodMention:
    """The expression with its year, its open end ("since May") closed at the cable's date, as ISO text."""
    before = text[max(0, atom.start - 30) : atom.start]
    flags = atom.flags
    if atom.low[0] is None:
        atom = _with_year(atom, today, ahead or bool(_DUE.search(before)))
        flags += ("year_assumed",)
    if _AS_OF.search(before) and _is_month_end(atom.low):
        atom = replace(atom, low=(atom.low[0], 1, None), high=(atom.low[0], atom.low[1], None))
    since = _SINCE.search(before.rstrip())
    if since and today and atom.low == atom.high and _since_applies(since[0], text, atom.end):
        return PeriodMention(atom.start, atom.end, _until_today(atom.low, today), atom.dated, flags)
    return PeriodMention(atom.start, atom.end, _iso(atom.low, atom.high), atom.dated, flags)


def _is_month_end(point: Point) -> bool:
    return point[0] is not None and point[1] is not None and (point[2] or 0) >= 28


def _since_applies(word: str, text: str, end: int) -> bool:
    return word.lower().startswith("since") or bool(
        re.match(r"\s+(?:on(?:wards?)?\b|to\s+(?:date|the\s+present|now))", text[end:])
    )


def _with_year(atom: _Atom, today: date | None, ahead: bool) -> _Atom:
    _, month, day = atom.low
    assert month is not None
    if today is not None:
        year = _nearest_year(month, day, today, ahead)
    else:
        return replace(atom, low=(None, month, day))
    end = atom.high
    return replace(atom, low=(year, month, day), high=(year + (end[1] is not None and end[1] < month), end[1], end[2]))


def _nearest_year(month: int, day: int | None, today: date, ahead: bool) -> int:
    if ahead:
        return today.year + ((month, day or 31) < (today.month, today.day))
    return today.year - ((month, day or 1) > (today.month, today.day))


def _until_today(low: Point, today: date) -> str:
    grain = _grain(low)
    high = (today.year, today.month if grain > 1 else None, today.day if grain > 2 else None)
    return _iso(low, high)


def _iso(low: Point, high: Point) -> str:
    first, last = _iso_point(low), _iso_point(high)
    return first if first == last else f"{first}/{last}"


def _iso_point(point: Point) -> str:
    year, month, day = point
    if year is None:
        return ""
    return f"{year:04d}" + (f"-{month:02d}" if month else "") + (f"-{day:02d}" if day else "")
