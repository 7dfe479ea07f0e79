"""One cable's text as header fields and marked paragraphs, with offsets into the text as received."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from metrics.header import Header, read_header
from metrics.marking import normalise_mark
from metrics.masking import mask_cable
from metrics.sentences import split_sentences


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, list item or table row as a half-open span of `Cable.text`.

    `lead_in` is the span of the sentence that introduces the list or table this one stands in
    ("The team seized:" before dashed items), or None. `role` is that of its paragraph unless the
    paragraph changes it inside ("(COMMENT: ... END COMMENT.)").
    """

    start: int
    end: int
    lead_in: tuple[int, int] | None = None
    role: str = "body"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph: half-open span without its number and portion mark.

    `number` is None where the cable prints none; `marking` is the normalised portion mark
    ("C", "SBU", "S/NF") or None; `heading` is the section heading above it ("" if none);
    `role` is "summary", "comment" or "body". A numbered paragraph that is cut by a heading gives two
    of these with one number.
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
    blanked out at equal length and every line end a blank: offsets anywhere index both. `date` is the day of the
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


NUMBERED = re.compile(
    r"\n[ \t>*#]*(?P<pilcrow>¶[ ]?)?(?P<number>\d{1,3})[ ]?(?P<dot>[.)]?)[ \t]*(?P<mark>\((?:[A-Z/ ,-]{1,14})\))?"
)
MARK = re.compile(r"[ \t]*\n?[ \t]*\((?P<mark>[A-Z][A-Z/ ,-]{0,13})\)[ \t]*")
HEADING_RULE = re.compile(r"\n[ \t]*(?P<heading>[^\n]{2,90})\n[ \t]*-{3,}[- \t]*(?=\n)")
SIGNATURE = re.compile(r"\n[ \t]*(?P<name>[A-Z][A-Z'’ .-]{2,28}[A-Z])[\d\s#=%]*(?=\n|$)")


def read_cable(text: str, source: str = "", source_start: int = 0, source_sha256: str = "", name: str = "") -> Cable:
    """The cable in `text`; `name` (a file name without suffix) gives the id where the header has none."""
    clean = mask_cable(text)
    header = read_header(clean, name)
    paragraphs = _find_paragraphs(clean, header)
    return Cable(
        id=header.id,
        text=text,
        masked=clean.replace("\n", " "),
        date=header.date,
        dtg=header.dtg,
        post=header.post,
        tags=header.tags,
        subject=header.subject,
        classification=header.classification,
        declassify_on=header.declassify_on,
        references=header.references,
        paragraphs=paragraphs,
        source=source,
        source_start=source_start,
        source_sha256=source_sha256,
    )


def _find_paragraphs(clean: str, header: Header) -> tuple[Paragraph, ...]:
    starts = []
    expected = 1
    for match in NUMBERED.finditer(clean, max(header.end - 1, 0)):
        number = int(match["number"])
        if not (match["dot"] or match["mark"]) or not expected <= number <= expected + 2:
            continue
        if clean[match.end() : match.end() + 1].isdigit():
            continue
        starts.append(match)
        expected = number + 1
    end = len(clean)
    for match in SIGNATURE.finditer(clean, starts[-1].end() if starts else header.end):
        if match["name"] not in ("COMMENT", "END SUMMARY", "SUMMARY"):
            end = match.start()
            break
    if not starts:
        return tuple(_find_unnumbered(clean, header.end, end))
    paragraphs: list[Paragraph] = []
    heading = ""
    previous = header.end
    for index, match in enumerate(starts):
        stop = starts[index + 1].start() if index + 1 < len(starts) else end
        gap = clean[previous : match.start()].strip(" \t\n-#")
        heading = gap.splitlines()[-1].strip(" #") if gap else ""
        mark = match["mark"]
        begin = match.end()
        if not mark and (later := MARK.match(clean, begin)):
            mark, begin = later["mark"], later.end()
        body = clean[begin:stop].rstrip(" \t\n-")
        lines = body.split("\n\n")
        if len(lines) > 1 and len(lines[-1]) < 90 and lines[-1].strip()[-1:] not in '.:;)"':
            body = body[: body.rfind("\n\n")].rstrip()
        stop = previous = begin + len(body)
        begin += len(body) - len(body.lstrip())
        opening = body.lstrip()[:14].upper()
        role = "summary" if "SUMMARY" in opening else "comment" if "COMMENT" in opening + heading.upper() else "body"
        sentences = tuple(Sentence(*span, role) for span in split_sentences(clean, begin, stop))
        paragraphs.append(Paragraph(begin, stop, int(match["number"]), normalise_mark(mark), heading, role, sentences))
    return tuple(paragraphs)


BLOCK = re.compile(r"\S(?:[^\n]|\n[ \t]*(?=\S))*")


def _find_unnumbered(clean: str, start: int, end: int) -> list[Paragraph]:
    paragraphs = []
    for match in BLOCK.finditer(clean, start, end):
        begin, stop = match.span()
        mark = MARK.match(clean, begin)
        begin = mark.end() if mark else begin
        sentences = tuple(Sentence(*span) for span in split_sentences(clean, begin, stop))
        marking = normalise_mark(mark["mark"] if mark else None)
        paragraphs.append(Paragraph(begin, stop, None, marking, "", "body", sentences))
    return paragraphs
