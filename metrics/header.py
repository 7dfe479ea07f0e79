"""The header of a cable: reference id, date, post, TAGS, subject, classification, references."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
DTG = re.compile(rf"\b[A-Z ]{{0,6}}(\d\d)(\d\d)(\d\d)Z?[ ]({'|'.join(MONTHS)})[A-Z]*[ ](\d\d)\b")
ID = re.compile(r"\b\d\d[A-Z]{4,}\d+\b")
FROM = re.compile(r"\n[ \t]*FM[ \t]+([^\n]+)")
SERIAL = re.compile(r"\b(?:UNCLAS\w*|C O N F I D E N T I A L|S E C R E T)[^\n]*?[ ]([A-Z][A-Z ]+?)[ ](\d{5,6})\b")
CLASS = re.compile(r"\n[ \t]*(UNCLAS\w*|C O N F I D E N T I A L|CONFIDENTIAL|S E C R E T|SECRET)\b([^\n]*)")
TAGS = re.compile(r"\n[ \t]*TAGS?\b[: ]*([^\n]+(?:\n[ \t]*[A-Z]{2,5}[^\n:]*)*)")
SUBJECT = re.compile(r"\n[ \t]*SUBJ(?:ECT)?\b[: ]*([^\n]+(?:\n[^\n:]*\S[^\n:]*(?=\n))*)")
DECL = re.compile(r"DECL[: ]+([^\n]+)")
REFS = re.compile(r"\n[ \t]*REF\w*[ :.(S)]*([^\n]+(?:\n[ \t]*[A-Z]\.[^\n]+)*)")
CLASSIFIED_BY = re.compile(r"(?i)\bclassified by[^\n]*(?:\n[^\n]*\S[^\n]*)*")
FIRST = re.compile(r"\n[ \t]*¶?[ ]?1[ ]?\.[ \t]*\S")
WORDS = {"C": "CONFIDENTIAL", "S": "SECRET", "U": "UNCLASSIFIED"}


@dataclass(frozen=True, slots=True)
class Header:
    """The header fields as in `Cable`; `end` is where the header stops."""

    id: str
    date: date | None
    dtg: str | None
    post: str | None
    tags: tuple[str, ...]
    subject: str
    classification: str | None
    declassify_on: str | None
    references: tuple[str, ...]
    end: int


def read_header(clean: str, name: str = "") -> Header:
    """The header fields of the masked text."""
    day = DTG.search(clean)
    when = None
    if day:
        year = int(day[5])
        when = date(year + (1900 if year > 50 else 2000), MONTHS.index(day[4]) + 1, int(day[1]))
    sender = FROM.search(clean)
    post = sender[1].strip() if sender else None
    for office in ("AMEMBASSY ", "AMCONSUL ", "USMISSION ", "USINT ", "USOFFICE "):
        if post and post.startswith(office):
            post = post.removeprefix(office)
    level = CLASS.search(clean)
    tags = TAGS.search(clean)
    subject = SUBJECT.search(clean)
    decl = DECL.search(clean)
    refs = REFS.search(clean)
    by = CLASSIFIED_BY.search(clean, subject.end() if subject else 0)
    serial = SERIAL.search(clean)
    given = ID.search(clean[:600])
    built = f"{when.year % 100:02d}{serial[1].replace(' ', '')}{int(serial[2])}" if when and serial else ""
    ends = [found.end() for found in (level, tags, subject, refs, by) if found and found.end() < 8000]
    first = FIRST.search(clean, subject.start() if subject else level.end() if level else 0)
    if first:
        ends = [min(end, first.start()) for end in ends]
    return Header(
        id=name or (given.group() if given else built),
        date=when,
        dtg=day.group().strip() if day else None,
        post=post,
        tags=tuple(re.findall(r"\b[A-Z]{2,5}\b", tags[1])) if tags else (),
        subject=" ".join(subject[1].split()) if subject else "",
        classification=WORDS[level[1][0]] if level else None,
        declassify_on=decl[1].strip() if decl else None,
        references=(" ".join(refs[1].split()),) if refs else (),
        end=max(ends, default=0),
    )
