"""Single date expressions of a text ("November 3-7, 2008", "FY08", "the first half of 2009"), read as bounds."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

Point = tuple[int | None, int | None, int | None]
Reported = tuple[Point, Point] | None

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMBERS = {
    word: number
    for number, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), start=1
    )
} | {"a": 1, "couple": 2}
_ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}

MONTH = (
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
    | (?<!\d-)(?P<df_day>{_DAY})(?:\s*[-–]\s*(?P<df_end>{_DAY}))?
        \s+(?:of\s+)?(?P<df_month>{MONTH})(?:,?\s+(?P<df_year>{_YEAR}))?
    | (?:(?:[Mm]id|[Ee]arly|[Ll]ate)[- ])?(?P<md_month>{MONTH})\s+(?P<md_day>{_DAY})
        (?:(?:\s*[-–]\s*|\s+to\s+|\s+through\s+|\s*(?:and|&)\s*(?!\d+\s+[a-z]))(?P<md_end>{_DAY})(?!\s+{MONTH}))?
        (?:,?\s+(?P<md_year>{_YEAR}))?
    | (?:(?:[Mm]id|[Ee]arly|[Ll]ate)[- ])?(?P<my_month>{MONTH})
        (?:,?\s+(?:of\s+)?(?P<my_year>{_YEAR}|last\syear|this\syear))?
    | (?P<part>(?:[Ff]irst|[Ss]econd|[Tt]hird|[Ff]ourth|[Ll]ast|1st|2nd|3rd|4th))\s+
        (?P<part_unit>half|quarter|(?P<part_count>{_COUNT})\s+months?)
        (?:\s+of\s+(?:the\s+(?={_FISCAL}))?(?P<part_fiscal>{_FISCAL}[\s-]*)?(?P<part_year>{_SHORT_YEAR}|the\syear|this\syear|last\syear))?
    | Q(?P<quarter>[1-4])\s+(?:of\s+)?(?:the\s+)?(?P<quarter_fiscal>{_FISCAL}[\s-]*)?(?P<quarter_year>{_SHORT_YEAR})
    | (?P<fiscal>{_FISCAL})[\s-]*(?P<fy>{_SHORT_YEAR})(?:\s*[-–/]\s*(?:FY|CY)?(?P<fy_end>{_SHORT_YEAR}))?
    | (?:(?:[Ss]pring|[Ss]ummer|[Ff]all|[Aa]utumn|[Ww]inter|[Ee]nd|[Mm]id|[Ee]arly|[Ll]ate)[-\s](?:of\s+)?)?
        (?<!\d-)(?P<year>{_YEAR})(?:\s*[-–/]\s*(?P<year_end>{_YEAR}|\d\d(?!\d)))?
    | (?P<rel_month>(?:[Ll]ast|[Tt]his\s+past|[Ll]ast|[Tt]his|[Nn]ext)\s+{MONTH})
    | (?P<past>(?:[Ll]ast|[Pp]ast|[Pp]revious|[Pp]receding))\s+(?P<past_count>{_COUNT})
        \s+(?P<past_unit>years?|months?|weeks?|days?)
    | (?P<ago_count>{_COUNT}|a|A)\s+(?P<ago_unit>year|month|week|day)s?\s+(?:ago|earlier)
    | (?P<relative>(?:[Ll]ast|[Tt]his|[Nn]ext|[Tt]he\s+past|[Tt]he\s+coming|[Tt]his\s+past|[Pp]ast|[Cc]urrent
          |[Tt]he\s+previous)
        \s+(?:calendar\s+|fiscal\s+)?(?:year|month|week)(?!-long)
      | (?:(?<=beginning\sof\s)|(?<=start\sof\s))the\s+year(?!\s+(?:before|after|when|in\b))
      | [Yy]ear[- ]to[- ]date | [Yy]esterday | [Ll]ast\s+night)
    | (?P<report>(?:[Tt]he|[Tt]his|[Oo]ur)\s+(?:current\s+|most\s+recent\s+)?(?:reporting|rating)\s+(?:period|year))
    )""",
    re.VERBOSE,
)
QUICK = re.compile(
    r"\b(?:19|20)\d\d|[FC]Y|(?i:years?|months?|weeks?|days|quarter|half\s+of|yesterday|night|ago|(?:reporting|rating)\s+period)"
    r"\b|\d/\d|" + MONTH
)
_MONTH_CUE = re.compile(
    r"(?:\b(?:in|since|by|of|on|until|last|this|late|early|mid|through|to|from|and|between|during|for|next|before|after"
    r"|end|beginning|as\sof|starting|dated)|[,(/-])[\s-]*$",
    re.IGNORECASE,
)
_YEAR_CUE = re.compile(
    r"\b(?:in|since|during|from|to|until|till|through|by|of|for|over|than|and|between|early|late|mid|end|year|years"
    r"|before|after|circa|vs|versus|around|throughout|per|on|the|with|comparing|last|through)[\s-]*$",
    re.IGNORECASE,
)
_SIZE = r"(?:member|strong|meter|metre|foot|mile|kilometer|kilometre|man|acre|hectare|ton)\b"
_COUNTED = re.compile(
    r"\s+(?!alone|budgets?|is|was|has|to|through|us\b)[a-z-]+(?:s|people|men|women|kg|km)\b"
    rf"| ?{_SIZE}"
)
_MEASURED = re.compile(rf"-{_SIZE}")


FIRST_MONTHS = 3  # of a year in which "the past year" still speaks of the calendar year before

# Bounds as points, then flags.
_Read = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Atom:
    """A date expression before it is joined with its neighbours: bounds as (year, month, day)."""

    start: int
    end: int
    low: Point
    high: Point
    dated: bool
    flags: tuple[str, ...] = ()


def find_expressions(text: str, today: date | None, report: Reported = None) -> list[Atom]:
    """The text's date expressions in order.

    Relative words are read against `today`, the day on which they are said; "the reporting period" is `report`.
    """
    if not QUICK.search(text):
        return []
    return [atom for match in ATOM.finditer(text) if (atom := _read_atom(match, text, today, report))]


def _read_atom(match: re.Match[str], text: str, today: date | None, report: Reported) -> Atom | None:
    if match["report"]:
        return Atom(match.start(), match.end(), *report, True, ("period_relative",)) if report else None
    for name, reader in _READERS:
        if match[name]:
            read = reader(match, text, today)
            if read is None or not is_calendar(read[0]) or not is_calendar(read[1]):
                return None
            low, high, *flags = read
            return Atom(match.start(), match.end(), low, high, low[0] is not None, tuple(flags))
    return None


def is_calendar(point: Point) -> bool:
    """Whether there is such a day; one of February 29 without a year may be."""
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
    return int(word) if word.isdigit() else _NUMBERS[word.split(maxsplit=1)[0].lower()]


def _read_iso(match: re.Match[str], text: str, today: date | None) -> _Read | None:
    year, month, day = (int(part) for part in match["iso"].split("-"))
    return (year, month, day), (year, month, day)


def _read_numeric(match: re.Match[str], text: str, today: date | None) -> _Read | None:
    month, day, year = match["numeric"].split("/")
    point = (_full_year(year), int(month), int(day))
    return point, point


def _read_day_first(match: re.Match[str], text: str, today: date | None) -> _Read | None:
    year = _full_year(match["df_year"]) if match["df_year"] else None
    month, first = _month_number(match["df_month"]), _day_number(match["df_day"])
    last = _day_number(match["df_end"]) if match["df_end"] else first
    return (year, month, first), (year, month, last)


def _read_month_day(match: re.Match[str], text: str, today: date | None) -> _Read | None:
    year = _full_year(match["md_year"]) if match["md_year"] else None
    month, first = _month_number(match["md_month"]), _day_number(match["md_day"])
    last = _day_number(match["md_end"]) if match["md_end"] else first
    return (year, month, first), (year, month, last)


def _read_month(match: re.Match[str], text: str, today: date | None) -> _Read | None:
    word = match["my_month"]
    named = match["my_year"] or _MONTH_CUE.search(text, max(0, match.start() - 16), match.start())
    if word.upper() in ("MAY", "MARCH", "MAR") and not named:
        return None
    year = _full_year(match["my_year"], today) if match["my_year"] else None
    return (year, _month_number(word), None), (year, _month_number(word), None)


def _read_part(match: re.Match[str], text: str, today: date | None) -> _Read | None:
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
    return _months_of_year(year, first, months, match["part_fiscal"])


def _past_months(count: int, today: date | None) -> _Read | None:
    if today is None:
        return None
    first = _shift(today, -count)
    return (first.year, first.month, None), (today.year, today.month, None), "period_relative"


def _shift(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def _read_quarter(match: re.Match[str], text: str, today: date | None) -> _Read | None:
    year, first = _full_year(match["quarter_year"]), int(match["quarter"]) * 3 - 2
    return None if year is None else _months_of_year(year, first, 3, match["quarter_fiscal"])


def _months_of_year(year: int, first: int, count: int, kind: str | None) -> _Read:
    """Some months of a year; a fiscal year, as that of the United States, begins in October of the year before."""
    begin = _shift(date(year, 1, 1), first - 1)
    if kind is not None and not kind.upper().startswith("C"):
        begin = _shift(begin, -3)
    end = _shift(begin, count - 1)
    return (begin.year, begin.month, None), (end.year, end.month, None)


def _read_fiscal(match: re.Match[str], text: str, today: date | None) -> _Read | None:
    first = _full_year(match["fy"])
    last = _full_year(match["fy_end"]) if match["fy_end"] else first
    flags = () if match["fiscal"].lower().startswith("c") else ("fiscal_year",)
    return (first, None, None), (last, None, None), *flags


def _read_year(match: re.Match[str], text: str, today: date | None) -> _Read | None:
    first = int(match["year"])
    last = match["year_end"]
    is_dating = _YEAR_CUE.search(text, max(0, match.start() - 14), match.start())
    if _MEASURED.match(text, match.end()) or (not is_dating and _COUNTED.match(text, match.end())):
        return None
    end = first if last is None else int(last) if len(last) == 4 else first - first % 100 + int(last)
    return None if end < first else ((first, None, None), (end, None, None))


def _read_relative_month(match: re.Match[str], text: str, today: date | None) -> _Read | None:
    if today is None:
        return None
    words = match["rel_month"].split()
    month = _month_number(words[-1])
    later = month > today.month
    year = today.year + (not later) if words[0].lower() == "next" else today.year - later
    if words[0].lower() == "this" and len(words) == 2:
        year = today.year
    return (year, month, None), (year, month, None), "period_relative"


def _read_past(match: re.Match[str], text: str, today: date | None) -> _Read | None:
    if today is None:
        return None
    count, unit = _count(match["past_count"]), match["past_unit"].rstrip("s")
    if unit == "month":
        return _past_months(count, today)
    if unit == "year":
        return (today.year - count, None, None), (today.year, None, None), "period_relative"
    first = today - timedelta(days=count * (7 if unit == "week" else 1))
    return (first.year, first.month, None), (today.year, today.month, None), "period_relative"


def _read_ago(match: re.Match[str], text: str, today: date | None) -> _Read | None:
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


def _read_relative(match: re.Match[str], text: str, today: date | None) -> _Read | None:
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
        if words.endswith("past year") and today.month > FIRST_MONTHS:
            return _past_months(12, today)
        point = (today.year + step, None, None)
    return point, point, "period_relative"


_Reader = Callable[[re.Match[str], str, date | None], "_Read | None"]
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
