"""One cable's text as header fields and marked paragraphs, with offsets into the text as received."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, list item or table row as a half-open span of `Cable.text`.

    `lead_in` is the span of the sentence that introduces the list or table this one stands in
    ("The team seized:" before dashed items), or None.
    """

    start: int
    end: int
    lead_in: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph: half-open span without its number and portion mark.

    `number` is None where the cable prints none; `marking` is the normalised portion mark
    ("C", "SBU", "S/NF") or None; `heading` is the section heading above it ("" if none);
    `role` is "summary", "comment" or "body".
    """

    start: int
    end: int
    number: int | None
    marking: str | None
    heading: str
    role: str
    sentences: tuple[Sentence, ...]


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
    blanked out at equal length: every offset anywhere indexes both. `date` is the day of the
    date-time group. `post` is upper case ("ASTANA"). `classification` is normalised
    ("CONFIDENTIAL", "SECRET//NOFORN", "UNCLASSIFIED", "SENSITIVE BUT UNCLASSIFIED") or None;
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
