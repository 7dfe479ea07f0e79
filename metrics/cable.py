"""One cable's text as header fields and marked paragraphs, with offsets into the text as received."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath

from metrics.header import ID, Header, read_header
from metrics.marking import banner
from metrics.masking import mask_cable
from metrics.paragraphs import Paragraph, Sentence, find_paragraphs

__all__ = ["Cable", "Paragraph", "Problem", "Sentence", "body_sha256", "read_cable"]

NO_BODY = "no body: the text stops after its header"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be read: what it is, where, and what the user can do about it."""

    what: str
    where: str
    fix: str


@dataclass(frozen=True, slots=True)
class Cable:
    """A cable as read from one source.

    `text` is the text as received, `masked` the same text with page lines, markup and boilerplate
    blanked out at equal length and every line end a blank: offsets anywhere index both. `date` is the day of the
    date-time group. `post` is written as in reference ids ("ASTANA", "NEWDELHI"). `classification` is normalised
    ("CONFIDENTIAL", "SECRET//NOFORN", "UNCLASSIFIED", "SENSITIVE BUT UNCLASSIFIED") or None; where its line is damaged
    or lost, it is no lower than any portion mark.
    `declassify_on` is the instruction as found. `source_start` says where `text` begins in the source.
    """

    id: str
    text: str
    masked: str
    date: date | None
    dtg: str | None
    post: str | None
    tags: tuple[str, ...]
    subject: str
    classification: str | None
    declassify_on: str | None
    references: tuple[str, ...]
    paragraphs: tuple[Paragraph, ...]
    source: str
    source_start: int
    source_sha256: str
    problems: tuple[Problem, ...] = ()


COPY_SUFFIX = re.compile(r"_[a-z]$")  # addresses end in 09ASTANA623_a


def read_cable(
    text: str,
    source: str = "",
    source_start: int = 0,
    source_sha256: str = "",
    *,
    name: str = "",
    created: date | None = None,
) -> Cable:
    """The cable that `text` is, with what is missing from it among its `problems`.

    `name` is the reference id that the page or file gives (else the file's name, if it is one) and
    `created` the day a page gives; both stand in where the text itself has no id or date.
    """
    stem = COPY_SUFFIX.sub("", PurePosixPath(source.rpartition("!")[2]).stem)
    clean = mask_cable(text)
    header = read_header(clean, name or (stem if ID.fullmatch(stem) else ""), created)
    paragraphs = find_paragraphs(clean, header.end)
    return Cable(
        id=header.id or stem,
        text=text,
        masked=clean.replace("\n", " ").replace("\t", " "),
        date=header.date,
        dtg=header.dtg,
        post=header.post,
        tags=header.tags,
        subject=header.subject,
        classification=_find_classification(header, paragraphs),
        declassify_on=header.declassify_on,
        references=header.references,
        paragraphs=paragraphs,
        source=source,
        source_start=source_start,
        source_sha256=source_sha256,
        problems=tuple(_find_problems(header, paragraphs, source)),
    )


def body_sha256(cable: Cable) -> str:
    """Hash of the body with white space folded: two ids with one body text are one source, cited twice."""
    digest = hashlib.sha256()
    for paragraph in cable.paragraphs:
        digest.update(" ".join(cable.masked[paragraph.start : paragraph.end].split()).encode())
        digest.update(b"\n")
    return digest.hexdigest()


def _find_classification(header: Header, paragraphs: tuple[Paragraph, ...]) -> str | None:
    """The header's; where little of its line is left, the portion marks may raise it."""
    if header.is_whole or header.classification is None:
        return header.classification
    return banner([header.classification, *(one.marking for one in paragraphs if one.marking)])


def _find_problems(header: Header, paragraphs: tuple[Paragraph, ...], source: str) -> list[Problem]:
    """What the text lacks, or what in it does not fit together, each with what the reader of it can do."""
    where = f"{source or 'text'}: {header.id or 'no reference id'}"
    found = [Problem(doubt, where, "Check the date against another copy of the cable.") for doubt in header.doubts]
    lacking = (
        (
            header.id,
            "no reference id: the file's name stands in",
            "Name the file after the cable's reference id, for example 09ASTANA623.txt.",
        ),
        (
            header.date,
            "no date: the text has no date-time group",
            "Read the web page of the cable, which gives a date.",
        ),
        (
            header.classification,
            "no classification line",
            "Check the start of the text; paragraphs without a mark rank as unknown.",
        ),
        (
            header.is_whole or not header.classification,
            "classification line damaged or lost: read from what is left of it, the routing and the portion marks",
            "Compare the start of the text with another copy of the cable.",
        ),
        (paragraphs, NO_BODY, "Look for a complete copy of the cable."),
    )
    return found + [Problem(what, where, fix) for value, what, fix in lacking if not value]
