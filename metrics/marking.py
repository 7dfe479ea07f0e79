"""Portion marks and classification: how they join, what a ceiling lets through, derived-from, declassify-on.

The tool carries marks forward as found; it does not judge them. A mark is a level and its caveats. Joined marks have
the highest level and every caveat: of several lists of nations that may see it, what is in all, and NOFORN where
nothing is or where a portion above U names none. A portion with no mark, or with a word in its mark that is not known
here, ranks above all others, so that no mark is lowered by what could not be read (32 CFR 2001.22); what could be read
of it, and of those joined with it, is named beside the doubt: "SECRET//NOFORN (some markings unknown)".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from metrics.errors import UserError

UNKNOWN = "UNKNOWN"
UNKNOWN_BANNER = "MARKING UNKNOWN"
NOTHING_BANNER = "NOTHING FROM CABLES SHOWN"
DOUBT = " (some markings unknown)"
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
# Controls on who may see a portion, in banner order, as a portion mark has them and as a banner does.
CONTROLS = {
    "OC": "ORCON",
    "IMC": "IMCON",
    "PR": "PROPIN",
    "FISA": "FISA",
    "DSEN": "DSEN",
    "NODIS": "NODIS",  # State's distribution captions: 5 FAH-2 H-440
    "EXDIS": "EXDIS",
    "STADIS": "STADIS",
    "LIMDIS": "LIMDIS",
    "NF": "NOFORN",
}
CAVEATS = {name: short for short, long in CONTROLS.items() for name in (short, long)}
REMARKS = {"ENTIRE TEXT"}

# A portion mark as it stands in a cable, the opening bracket at times lost: (C), C), (S//NF), (S/REL TO USA, FVEY).
_CONTROL = "|".join(sorted(CAVEATS, key=len, reverse=True))
PORTION_MARK = (
    r"(?:[(\[{][ ]?|(?<![A-Za-z]))(?:TS|SBU|FOUO|LOU|SE|SECRET|CONFIDENTIAL|UNCLASSIFIED|[UCSucs]|sbu)"
    r"(?:[ ]?//[ ]?[A-Za-z][A-Za-z0-9 ,/&\n-]{0,160}"
    rf"|(?:[ /,-]{{1,3}}(?:{_CONTROL}))*"
    r"(?:[ /,-]{1,3}(?:SBU|FOUO|[Rr][Ee][Ll](?:[Ee][Aa][Ss][Aa][Bb][Ll][Ee])?[A-Za-z ,/\n]{0,160}"
    r"|(?i:ENTIRE[ ]TEXT)|[A-Z]{1,3}))?)[ ]?[)\]}]"
)
SEPARATOR = re.compile(rf"\s*//?\s*|\s*[-,]\s*|\s+(?=(?:{_CONTROL}|SBU|FOUO)\b)")
DOUBTED = re.compile(rf"(?:/{UNKNOWN}|{re.escape(DOUBT.upper().rstrip(')'))})$")
RELEASE = re.compile(r"\bREL(?:EASABLE)?\b(?:\s*TO\b)?")
NATIONS = re.compile(r"[,/&;]|\bAND\b")
OWN = {"USA", "US"}
NEVER = re.compile(r"25X\d|50X\d|1\.6\s?X\d|\bX\d\b|\bHUM\b|\bOADR\b", re.IGNORECASE)
DATES = (
    re.compile(r"(?<!\d)(?P<month>\d{1,2})[/.-](?P<day>\d{1,2})[/.-](?P<year>\d{4}|\d{2})\b"),
    re.compile(r"\b(?P<year>(?:19|20)\d\d)[/-]?(?P<month>\d\d)[/-]?(?P<day>\d\d)\b"),
    re.compile(r"\b(?P<year>(?:19|20)\d\d)\b"),
)


class UnknownMarkingError(UserError, ValueError):
    """A ceiling that is no marking known here, from which nothing follows; the message lists what is known."""


@dataclass(frozen=True, slots=True)
class _Mark:
    """A mark as read: level, controls but for NOFORN, and the nations beside the own that may see it (None: not said).

    No nation at all is NOFORN. `doubted` is a mark of which something could not be read: it is at least this one.
    """

    level: str
    controls: frozenset[str]
    nations: frozenset[str] | None
    doubted: bool = False

    @property
    def caveats(self) -> list[str]:
        """The caveats as a portion mark has them, in order."""
        kept = [one for one in CONTROLS if one in self.controls]
        if self.nations is None:
            return kept
        return [*kept, f"REL {', '.join(['USA', *sorted(self.nations)])}" if self.nations else "NF"]

    @property
    def short(self) -> str:
        return "/".join([self.level, *self.caveats, *([UNKNOWN] if self.doubted else [])])

    @property
    def full(self) -> str:
        words = [CONTROLS.get(one) or one.replace("REL", "REL TO", 1) for one in self.caveats]
        return "//".join([LEVELS[self.level], *(["/".join(words)] if words else [])]) + DOUBT * self.doubted


@cache
def _read_mark(mark: str | None) -> _Mark | None:
    """The mark as read, doubted where a word of it is not known; None where no level is."""
    printed = " ".join((mark or "").strip("()[]{} /").upper().split())
    words = DOUBTED.sub("", printed)
    release = RELEASE.search(words)
    head, tail = (words[: release.start()], words[release.end() :]) if release else (words, "")
    listed = {one.strip(" -") for one in NATIONS.split(tail)} - {""}
    parts = {part for part in SEPARATOR.split(head.strip(" /,-")) if part} | (listed & CAVEATS.keys())
    levels = [NAMES[part] for part in parts if part in NAMES]
    if not levels:
        return None
    strange = parts - NAMES.keys() - CAVEATS.keys() - REMARKS
    doubted = bool(strange) or words != printed or (release is not None and not listed)
    controls = frozenset(CAVEATS[part] for part in parts if part in CAVEATS)
    nations = frozenset(listed - OWN - CAVEATS.keys()) if listed else None
    none_may = "NF" in controls
    level = max(levels, key=list(LEVELS).index)
    return _Mark(level, controls - {"NF"}, frozenset() if none_may else nations, doubted)


@lru_cache(maxsize=4096)
def _join(marks: frozenset[str | None]) -> _Mark | None:
    """One mark for several: the highest level, every caveat of those read; None where no level of any can be read."""
    read = [_read_mark(mark) for mark in marks if mark != NOTHING_BANNER]
    known = [mark for mark in read if mark is not None]
    if not known:
        return None
    told = [mark.nations for mark in known if mark.nations is not None]
    silent = len(known) < len(read) or any(
        mark.nations is None and (mark.level != "U" or mark.doubted) for mark in known
    )
    return _Mark(
        level=max((mark.level for mark in known), key=list(LEVELS).index),
        controls=frozenset().union(*(mark.controls for mark in known)),
        nations=None if not told else frozenset() if silent else frozenset.intersection(*told),
        doubted=len(known) < len(read) or any(mark.doubted for mark in known),
    )


def normalise_mark(mark: str | None) -> str | None:
    """The portion mark in its shortest form, None where there is none; UNKNOWN stands for what cannot be read of it.

    >>> [normalise_mark(mark) for mark in ("(C)", "( s//nf )", "C)", "(U//FOUO)", "(C-NOFORN)", "(S//OC/NF)")]
    ['C', 'S/NF', 'C', 'SBU', 'C/NF', 'S/OC/NF']
    >>> [normalise_mark(mark) for mark in ("(S//REL TO USA, FVEY)", "(NC)", "(S//HCS)", None)]
    ['S/REL USA, FVEY', 'UNKNOWN', 'S/UNKNOWN', None]
    """
    if not mark or not mark.strip("()[]{} "):
        return None
    read = _read_mark(mark)
    return read.short if read else UNKNOWN


def normalise_classification(level: str, following: str = "", captions: str = "") -> str | None:
    """A header's classification in full words; `following` holds NOFORN or SENSITIVE where it bears them.

    Other controls are looked for in `captions` alone, what stands above the first field: references name those of
    the cables they cite ("ANKARA 1561 (EXDIS)").

    >>> normalise_classification("C O N F I D E N T I A L", "ASTANA 000623")
    'CONFIDENTIAL'
    >>> normalise_classification("S E C R E T", "SANAA 001 NOFORN")
    'SECRET//NOFORN'
    >>> normalise_classification("UNCLAS", "SECTION 01 OF 02 TRIPOLI 000688 SENSITIVE")
    'SENSITIVE BUT UNCLASSIFIED'
    >>> normalise_classification("S E C R E T", "KABUL 001 NODIS REF: STATE 2 (EXDIS)", "KABUL 001 NODIS")
    'SECRET//NODIS'
    """
    letters = re.sub(r"[^A-Z]", "", level.upper())
    code = next((code for name, code in _SQUEEZED.items() if re.match(name, letters)), None)
    if code is None:
        return None
    if code == "U" and re.search(r"\bSENSITIVE\b|\bOFFICIAL\s?USE\b", following):
        code = "SBU"
    controls = frozenset(short for short, long in CONTROLS.items() if re.search(rf"\b{long}\b", captions))
    none_may = re.search(r"\bNOFORN\b", following)
    return _Mark(code, controls - {"NF"}, frozenset() if none_may else None).full


# First letters may be lost.
_SQUEEZED = {
    "UNCLAS": "U",
    "C?ONFIDENTIAL": "C",
    "S?ECRET": "S",
    "T?O?PS?ECRET": "TS",
    "SENSITIVEBUT": "SBU",
    "LIMITED": "SBU",
}


def rank_mark(mark: str | None) -> int:
    """Place of a portion mark or classification in an order of strictness; none or unknown ranks highest.

    >>> marks = ["S/NF", None, "C", "U", "SECRET//NOFORN", "SBU", "C/NF", "CONFIDENTIAL"]
    >>> sorted(marks, key=rank_mark)
    ['U', 'SBU', 'C', 'CONFIDENTIAL', 'C/NF', 'S/NF', 'SECRET//NOFORN', None]
    """
    steps, read = len(CONTROLS) + 3, _read_mark(mark)
    if read is None or read.doubted:
        return steps * len(LEVELS)
    release = 0 if read.nations is None else 1 if read.nations else 2
    return steps * list(LEVELS).index(read.level) + len(read.controls) + release


def is_known(mark: str | None) -> bool:
    """Whether the whole of a portion mark or classification can be read.

    >>> [is_known(mark) for mark in ("C/NF", "S/UNKNOWN", "UNKNOWN", None)]
    [True, False, False, False]
    """
    read = _read_mark(mark)
    return read is not None and not read.doubted


def combine_marks(marks: Iterable[str | None]) -> str | None:
    """The mark over several portions: the highest level, every caveat; None where there are none at all.

    It is one of those given, as it stands, wherever one of them says as much.

    >>> combine_marks(["U", "C/NF", "SBU"]), combine_marks(["C/NF", "S"]), combine_marks(["C", "CONFIDENTIAL"])
    ('C/NF', 'S/NF', 'C')
    >>> combine_marks(["S/REL USA, FRA, GBR", "U", "C/REL USA, GBR"]), combine_marks(["S/REL USA, GBR", "S"])
    ('S/REL USA, GBR', 'S/NF')
    >>> combine_marks(["S", "C//HCS"]), combine_marks(["UNKNOWN", "S/NF"]), combine_marks([])
    ('S/UNKNOWN', 'S/NF/UNKNOWN', None)
    """
    found = list(marks)
    joined = _join(frozenset(found))
    return next((mark for mark in found if _read_mark(mark) == joined), joined.short if joined else None)


def banner(marks: Iterable[str | None]) -> str:
    """The banner over portions with these marks, in full words: the highest level and every caveat that can be read.

    >>> banner(["SBU", "C", "U"]), banner(["SBU"]), banner(["C/NF", "S"]), banner(["S/OC", "C/REL USA, GBR"])
    ('CONFIDENTIAL', 'SENSITIVE BUT UNCLASSIFIED', 'SECRET//NOFORN', 'SECRET//ORCON/NOFORN')
    >>> banner(["S/REL USA, GBR"]), banner(["C", None]), banner([None])
    ('SECRET//REL TO USA, GBR', 'CONFIDENTIAL (some markings unknown)', 'MARKING UNKNOWN')
    >>> banner([])
    'NOTHING FROM CABLES SHOWN'
    """
    found = frozenset(marks)
    joined = _join(found)
    return joined.full if joined else UNKNOWN_BANNER if found else NOTHING_BANNER


def is_within(mark: str | None, ceiling: str) -> bool:
    """Whether a portion may be shown under a ceiling: no higher in level, and with no caveat the ceiling does not name.

    SECRET alone is the ceiling of a reader whom NOFORN keeps out; SECRET//NOFORN lets both through, and every list of
    nations with them. Raises UnknownMarkingError.

    >>> [is_within(mark, "SECRET") for mark in ("SBU", "S", "C/NF", "S/REL USA, GBR", "TS", None)]
    [True, True, False, False, False, False]
    >>> [is_within(mark, "SECRET//NOFORN") for mark in ("S", "C/NF", "S/REL USA, GBR", "S/OC")]
    [True, True, True, False]
    """
    highest = read_ceiling(ceiling)
    return _join(frozenset([mark, highest])) == _read_mark(highest)


def read_ceiling(text: str) -> str:
    """The portion mark that a ceiling names; raises UnknownMarkingError.

    >>> read_ceiling("secret//noforn")
    'S/NF'
    """
    read = _read_mark(text)
    if read is None or read.doubted:
        raise UnknownMarkingError(
            f"unknown marking {text!r}; known: {', '.join(LEVELS.values())}, "
            f"and with caveats as in SECRET//NOFORN: {', '.join(CONTROLS.values())}, REL TO"
        )
    return read.short


def abbreviate(banner_words: str) -> str:
    """The mark in brackets that goes before a title under this banner.

    >>> abbreviate("SECRET//NOFORN"), abbreviate("CONFIDENTIAL (some markings unknown)"), abbreviate("MARKING UNKNOWN")
    ('S/NF', 'C/UNKNOWN', 'UNKNOWN')
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
    if day := declassification_day(instruction):
        return day
    return date.min if re.fullmatch(r"\W*(?:N\W*/?\W*A)?\W*", instruction, re.IGNORECASE) else date.max.replace(day=30)


def declassification_day(instruction: str) -> date | None:
    """The day an instruction names, the last of its year where it names that alone; None where it names no date.

    >>> declassification_day("DNG: CO 01/26/2021"), declassification_day("OADR")
    (datetime.date(2021, 1, 26), None)
    """
    for pattern in DATES:
        if found := pattern.search(instruction):
            return _last_day(found.groupdict())
    return None


def _last_day(parts: dict[str, str]) -> date:
    year = int(parts["year"])
    year += 2000 if year < 100 else 0
    month, day = int(parts.get("month") or 12), int(parts.get("day") or 31)
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, 12, 31)
