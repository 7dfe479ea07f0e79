"""Portion marks and classification: their order, the banner over many rows, derived-from, declassify-on.

The tool carries marks forward as found; it does not judge them. A portion with no mark, or with one that is not
known here, ranks above all others, so that a missing mark never lowers a banner (32 CFR 2001.22).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache

UNKNOWN = "UNKNOWN"
UNKNOWN_BANNER = "MARKING UNKNOWN"
SEVERAL_SOURCES = "Multiple Sources"

# Lowest first. SBU is no classification level (12 FAM 540): it stands above U and below every level.
LEVELS = {
    "U": "UNCLASSIFIED",
    "SBU": "SENSITIVE BUT UNCLASSIFIED",
    "C": "CONFIDENTIAL",
    "S": "SECRET",
    "TS": "TOP SECRET",
}
NAMES = {
    "U": "U",
    "UNCLAS": "U",
    "UNCLASSIFIED": "U",
    "SBU": "SBU",
    "FOUO": "SBU",
    "LOU": "SBU",
    "SENSITIVE BUT UNCLASSIFIED": "SBU",
    "FOR OFFICIAL USE ONLY": "SBU",
    "LIMITED OFFICIAL USE": "SBU",
    "C": "C",
    "CONFIDENTIAL": "C",
    "S": "S",
    "SE": "S",
    "SECRET": "S",
    "TS": "TS",
    "TOP SECRET": "TS",
}
CAVEATS = {"NF": "NOFORN", "NOFORN": "NOFORN"}

# A portion mark as it stands in a cable, the opening bracket at times lost: (C), C), (S//NF), (S/REL TO USA, FVEY).
PORTION_MARK = (
    r"(?:[(\[{][ ]?|(?<![A-Za-z]))(?:TS|SBU|FOUO|LOU|SE|SECRET|CONFIDENTIAL|UNCLASSIFIED|[UCSucs]|sbu)"
    r"(?:[ /,-]{1,3}(?:NF|NOFORN|SBU|FOUO|[Rr][Ee][Ll](?:[Ee][Aa][Ss][Aa][Bb][Ll][Ee])?[A-Za-z ,/\n]{0,160}"
    r"|(?i:ENTIRE[ ]TEXT)|[A-Z]{1,3}))?[ ]?[)\]}]"
)
SEPARATOR = re.compile(r"\s*//?\s*|\s*[-,]\s*|\s+(?=(?:NF|NOFORN|SBU|FOUO|REL)\b)")
NEVER = re.compile(r"25X\d|50X\d|1\.6\s?X\d|\bX\d\b|\bHUM\b|\bOADR\b", re.IGNORECASE)
DATES = (
    re.compile(r"(?P<month>\d{1,2})[/.-](?P<day>\d{1,2})[/.-](?P<year>\d{4}|\d{2})\b"),
    re.compile(r"\b(?P<year>(?:19|20)\d\d)-?(?P<month>\d\d)-?(?P<day>\d\d)\b"),
    re.compile(r"\b(?P<year>(?:19|20)\d\d)\b"),
)


@cache
def normalise_mark(mark: str | None) -> str | None:
    """The portion mark in its shortest form, None where there is none, UNKNOWN where it cannot be read.

    >>> [normalise_mark(mark) for mark in ("(C)", "( s//nf )", "C)", "(U//FOUO)", "(C-NOFORN)")]
    ['C', 'S/NF', 'C', 'SBU', 'C/NF']
    >>> normalise_mark("(S//REL TO USA, FVEY)"), normalise_mark("(NC)"), normalise_mark(None)
    ('S/REL USA, FVEY', 'UNKNOWN', None)
    """
    if not mark or not mark.strip("()[]{} "):
        return None
    words = " ".join(mark.strip("()[]{} /").upper().split())
    head, _, release = words.partition("REL")
    parts = [part for part in SEPARATOR.split(head.strip(" /,-")) if part]
    levels = [NAMES[part] for part in parts if part in NAMES]
    if not levels:
        return UNKNOWN
    shown = max(levels, key=list(LEVELS).index)
    if any(part in CAVEATS for part in parts):
        shown += "/NF"
    nations = re.sub(r"^(?:EASABLE)?\s*(?:TO\b)?", "", release).strip(" /,")
    return f"{shown}/REL {nations}" if nations else shown


def normalise_classification(level: str, following: str = "") -> str | None:
    """A header's classification in full words; `following` holds its captions (NOFORN, SENSITIVE).

    >>> normalise_classification("C O N F I D E N T I A L", "ASTANA 000623")
    'CONFIDENTIAL'
    >>> normalise_classification("S E C R E T", "SANAA 001 NOFORN")
    'SECRET//NOFORN'
    >>> normalise_classification("UNCLAS", "SECTION 01 OF 02 TRIPOLI 000688 SENSITIVE")
    'SENSITIVE BUT UNCLASSIFIED'
    """
    letters = re.sub(r"[^A-Z]", "", level.upper())
    code = next((code for name, code in _SQUEEZED.items() if letters.startswith(name)), None)
    if code is None:
        return None
    if code == "U" and re.search(r"\bSENSITIVE\b|\bOFFICIAL\s?USE\b", following):
        code = "SBU"
    return LEVELS[code] + ("//NOFORN" if re.search(r"\bNOFORN\b", following) else "")


_SQUEEZED = {
    "UNCLAS": "U",
    "CONFIDENTIAL": "C",
    "SECRET": "S",
    "ECRET": "S",  # its first letter lost: 07SANAA473
    "TOPSECRET": "TS",
    "SENSITIVEBUT": "SBU",
    "LIMITED": "SBU",
}


def rank_mark(mark: str | None) -> int:
    """Place of a portion mark or classification in the order; none or unknown ranks highest.

    >>> marks = ["S/NF", None, "C", "U", "SECRET//NOFORN", "SBU", "C/NF", "CONFIDENTIAL"]
    >>> sorted(marks, key=rank_mark)
    ['U', 'SBU', 'C', 'CONFIDENTIAL', 'C/NF', 'S/NF', 'SECRET//NOFORN', None]
    """
    code = normalise_mark(mark)
    if code is None or code == UNKNOWN:
        return 2 * len(LEVELS)
    base, *caveats = code.split("/")
    return 2 * list(LEVELS).index(base) + ("NF" in caveats)


def highest_mark(marks: Iterable[str | None]) -> str | None:
    """The highest of several portion marks; None where there are none at all.

    >>> highest_mark(["U", "C/NF", "SBU"]), highest_mark([])
    ('C/NF', None)
    """
    return max(marks, key=rank_mark, default=None)


def banner(marks: Iterable[str | None]) -> str:
    """The banner over portions with these marks, in full words: the highest governs.

    >>> banner(["SBU", "C", "U"]), banner(["SBU"]), banner(["C/NF", "S"])
    ('CONFIDENTIAL', 'SENSITIVE BUT UNCLASSIFIED', 'SECRET//NOFORN')
    >>> banner([]), banner(["C", None])
    ('MARKING UNKNOWN', 'MARKING UNKNOWN')
    """
    found = list(marks)
    top = max((rank_mark(mark) for mark in found), default=2 * len(LEVELS))
    if top == 2 * len(LEVELS):
        return UNKNOWN_BANNER
    level = list(LEVELS)[top // 2]
    restricted = any(rank_mark(mark) % 2 for mark in found)
    return LEVELS[level] + ("//NOFORN" if restricted else "")


def abbreviate(banner_words: str) -> str:
    """The mark in brackets that goes before a title under this banner.

    >>> abbreviate("SECRET//NOFORN"), abbreviate("MARKING UNKNOWN")
    ('S/NF', 'UNKNOWN')
    """
    return normalise_mark(banner_words) or UNKNOWN


def derived_from(cable_ids: Iterable[str]) -> str:
    """The derived-from line: the one cable, or several with their list (32 CFR 2001.22).

    >>> derived_from(["09ASTANA623"]), derived_from(["09TASHKENT1487", "09ASTANA623"])
    ('09ASTANA623', 'Multiple Sources: 09ASTANA623, 09TASHKENT1487')
    """
    ids = sorted(set(cable_ids))
    return ids[0] if len(ids) == 1 else f"{SEVERAL_SOURCES}: {', '.join(ids)}" if ids else ""


def latest_declassification(instructions: Sequence[str | None]) -> str | None:
    """The instruction with the longest period, as found; None where none of them names one (14 CFR 1203.501).

    >>> latest_declassification(["03/19/2019", "N/A", None, "8/30/2031"])
    '8/30/2031'
    >>> latest_declassification(["03/19/2019", "25X1", ""])
    '25X1'
    """
    return max((text for text in instructions if text and _period(text) > date.min), key=_period, default=None)


def _period(instruction: str) -> date:
    """When the period ends, for comparison: never comes last, and words that name no date just before it.

    "TEN YEARS" cannot be compared with a date, so it counts as longer than any date: no period is cut short.
    """
    if NEVER.search(instruction):
        return date.max
    for pattern in DATES:
        if found := pattern.search(instruction):
            return _last_day(found.groupdict())
    return date.min if re.fullmatch(r"\W*(?:N\W*/?\W*A)?\W*", instruction, re.IGNORECASE) else date.max.replace(day=30)


def _last_day(parts: dict[str, str]) -> date:
    year = int(parts["year"])
    year += 2000 if year < 100 else 0
    month, day = int(parts.get("month") or 12), int(parts.get("day") or 31)
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, 12, 31)
