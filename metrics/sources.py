"""Cables from files, folders, archives, web pages, CSV exports, JSON lines, PDF and object stores.

An `Input` is one thing to open: a file, or one member of an archive. Reading it gives Cables, and a Problem for
whatever could not be read; one bad input never stops the rest. `Cable.text` is the part of the input that is the
cable, cut at its ends only; `source_start` is where it begins in the decoded input (of a JSON line or a PDF the
offset of the value or page text that holds it, of an object in a JSON list its number).
"""

from __future__ import annotations

import hashlib
import io
import json
import lzma
import re
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from itertools import chain, pairwise
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple

from pyarrow.fs import FileSelector, FileType

from metrics.cable import Cable, Problem, read_cable
from metrics.folders import PlaceError, connect, is_uri
from metrics.masking import mask_page

LARGEST = 256 * 1024 * 1024  # bytes of one text, page or archive member; a CSV export or JSON lines may be larger
LARGEST_RATIO = 200  # unpacked to packed size of an archive member
CHUNK = 4 * 1024 * 1024
TEXT_KINDS = {
    ".txt": "text",
    ".text": "text",
    ".md": "text",
    ".html": "page",
    ".htm": "page",
    ".xhtml": "page",
    ".csv": "csv",
    ".json": "json",
    ".jsonl": "json",
    ".ndjson": "json",
    ".pdf": "pdf",
}
STREAMED = (".csv", ".jsonl", ".ndjson")  # read in pieces, and so of any size
KINDS_READ = ".txt, .html, .csv, .jsonl, .pdf and .zip"
# What libraries raise on files that are broken or made to break them.
UNREADABLE = (OSError, ValueError, RuntimeError, EOFError, struct.error, zipfile.BadZipFile, zlib.error, lzma.LZMAError)
IS_PAGE = re.compile(r"<(?:!doctype|html|head|body|pre|table|div)\b", re.IGNORECASE)
# Where a page names the cable that follows.
NAMED = re.compile(
    r"""
    (?:(?:Reference\ ID|Identifier)\s+(?:Created|Date)\b[\sA-Za-z]{0,400}?\s     # rows of a table
      |(?:Viewing\ cable|Canonical\ ID:|[Rr]ef\ ?id:|Reference(?:\ ID)?:|\bKey:)\s{1,400}
      |\A\s{0,40}                                                              # first of five lines, or a title
    )
    (?P<id>\d\d[A-Z][A-Z0-9]{2,24}?\d{1,6})(?:_[a-z])?\b
    """,
    re.VERBOSE,
)
CREATED = re.compile(r"\b((?:19|20)\d\d)-(\d\d)-(\d\d)\b")
FIRST_LINE = re.compile(
    r"""
    \n[ \t]*(?=VZCZC | [OPRZ]{1,2}[ ](?:RUEH|\d{6}Z[ ][A-Z]{3}[ ]\d\d) | This\ record\ is\ a\ partial
    | (?:UNCLAS|C[ ]O[ ]N[ ]F[ ]I[ ]D[ ]E[ ]N[ ]T[ ]I[ ]A[ ]L|S[ ]E[ ]C[ ]R[ ]E[ ]T)\b)
    """,
    re.VERBOSE,
)
PREFORMATTED = re.compile(r"<pre\b[^<>]*>", re.IGNORECASE)
FOOTER = re.compile(
    r"""
    \n[ \t]*(?:ENDS\b|Share\ this|Like\ this|Leave\ a\ (?:Reply|Comment)|Post\ a\ comment|Advertisements?\b|Related\b
    |Posted\ (?:in|on|by)\b|Source:\ https?:|Tags:\ [A-Z][a-z]|©|\(c\)\ Scoop|(?:Previous|Next)\ (?:post|entry)
    |Comments?\ (?:are\ closed|RSS)|\d+\ Comments?\b|Get\ email\ updates|Help\ Expand|Donate\b|e-Highlighter)
    """,
    re.VERBOSE,
)
FIELD = r'"(?:[^"\\]++|\\.|"")*+"|[^,"\n]*+'
RECORD = re.compile(rf"\s*(?P<row>{','.join(f'(?P<f{n}>{FIELD})' for n in range(8))})[ \t]*(?:\r?\n|\Z)", re.DOTALL)
TEXT_KEYS = ("text", "body", "content", "cable")
ID_KEYS = ("id", "refid", "reference_id", "cable_id", "identifier")
DATE_KEYS = ("date", "created")


@dataclass(frozen=True, slots=True)
class Input:
    """One file, or one member of an archive, with the hash of its bytes.

    `name` is what tables call it: the name below the folder or archive that was given, never a path of this
    machine. `problem` is set where it cannot be opened at all.
    """

    name: str
    sha256: str
    path: str
    member: str = ""
    problem: Problem | None = None


def read_sources(sources: Iterable[str | Path]) -> Iterator[Cable | Problem]:
    """Every cable of the files, folders, archives and URIs in order, with a Problem for all that cannot be read."""
    for source in list_inputs(sources):
        yield from read_input(source)


def list_inputs(sources: Iterable[str | Path]) -> Iterator[Input]:
    """The files to read, sorted below each source; one that two sources hold is listed once.

    Where two have one name, as in two folders called alike, the later ones are numbered: "cables/a.txt (2)".
    """
    places: set[tuple[str, str]] = set()
    names: Counter[str] = Counter()
    for item in chain.from_iterable(map(_list_source, sources)):
        if (item.path, item.member) not in places:
            places.add((item.path, item.member))
            names[item.name] += 1
            count = names[item.name]
            yield item if count == 1 else replace(item, name=f"{item.name} ({count})")


def _list_source(source: str | Path) -> Iterator[Input]:
    place = str(source)
    if is_uri(place):
        return _list_uri(place)
    return _list_path(Path(place.removeprefix("file://")))


def read_input(source: Input) -> Iterator[Cable | Problem]:
    """The cables of one input; what cannot be read of it comes back as a Problem."""
    if source.problem:
        yield source.problem
        return
    try:
        with _open(source) as stream:
            yield from READERS[_kind_of(source)](source, stream)
    except UNREADABLE as error:
        yield Problem(f"cannot be read: {error}", source.name, "Check that the file is whole, then build again.")


def _refused(name: str, path: str, what: str, fix: str, member: str = "") -> Input:
    return Input(name, "", path, member, Problem(what, name, fix))


def _list_path(path: Path) -> Iterator[Input]:
    if path.is_dir():
        root = path.resolve()
        files = sorted(file for file in root.rglob("*") if file.is_file() and not _is_hidden(file, root))
        if not files:
            yield _refused(str(path), str(path), "folder holds no files", f"Put {KINDS_READ} files into it.")
        for file in files:
            yield from _list_file(str(file), f"{root.name}/{file.relative_to(root).as_posix()}")
    elif path.is_file():
        yield from _list_file(str(path.absolute()), path.name)
    else:
        yield _refused(str(path), str(path), "no such file or folder", "Check the spelling of the path.")


def _is_hidden(file: Path, root: Path) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in file.relative_to(root).parts)


def _list_file(path: str, name: str, size: int | None = None) -> Iterator[Input]:
    """The file at a path or URI, or the members of the archive there; `size` in bytes, if it is known already."""
    suffix = _suffix_of(path)
    try:
        if suffix == ".zip":
            yield from _list_archive(path, name)
        elif refusal := _refuse_file(suffix, _stamp(path).size if size is None else size):
            yield _refused(name, path, *refusal)
        else:
            with _open_file(path) as stream:
                yield Input(name, hashlib.file_digest(stream, "sha256").hexdigest(), path)
    except UNREADABLE as error:
        yield _refused(name, path, f"cannot be opened: {error}", "Check that the file is whole and may be read.")


def _refuse_file(suffix: str, size: int) -> tuple[str, str] | None:
    """What is wrong with a file on disk or a store and the way out; None if nothing is."""
    if suffix not in TEXT_KINDS:
        return f"not a kind of file that is read: {suffix or 'no suffix'}", _kinds_fix()
    if size > LARGEST and suffix not in STREAMED:
        return f"larger than {LARGEST // 2**20} MB", "Cut it into one file per cable."
    return None


def _kinds_fix() -> str:
    return f"Files of these kinds are read: {KINDS_READ}."


def _list_archive(path: str, name: str) -> Iterator[Input]:
    """The members of an archive; nothing is ever unpacked to disk."""
    with _open_file(path) as packed, zipfile.ZipFile(packed) as archive:
        for info in sorted(archive.infolist(), key=lambda info: info.filename):
            if info.filename.endswith("/") or info.filename.startswith("__MACOSX/"):
                continue
            inside = f"{name}!{info.filename}"
            if refusal := _refuse_member(info):
                yield _refused(inside, path, *refusal, member=info.filename)
                continue
            try:
                with archive.open(info) as stream:
                    digest = hashlib.sha256()
                    while chunk := stream.read(CHUNK):
                        digest.update(chunk)
            except UNREADABLE as error:
                yield _refused(inside, path, f"cannot be unpacked: {error}", "Pack it again.", info.filename)
                continue
            yield Input(inside, digest.hexdigest(), path, info.filename)


def _refuse_member(info: zipfile.ZipInfo) -> tuple[str, str] | None:
    """What is wrong with an archive member and the way out; None if nothing is."""
    place = PurePosixPath(info.filename.replace("\\", "/"))
    suffix = place.suffix.lower()
    if place.is_absolute() or ".." in place.parts:
        return "path leads out of the archive", "Pack it again with paths inside the archive."
    if suffix in (".zip", ".gz", ".7z", ".tar", ".rar", ".bz2", ".xz"):
        return "archive inside an archive", "Unpack it and give its contents as a source of their own."
    if suffix not in TEXT_KINDS:
        return f"not a kind of file that is read: {suffix or 'no suffix'}", _kinds_fix()
    if info.flag_bits & 0x1:
        return "encrypted", "Unpack it with its password first."
    if info.file_size > LARGEST or info.file_size > LARGEST_RATIO * max(info.compress_size, 1024):
        return f"unpacks to {info.file_size // 2**20} MB, too much for one cable", "Unpack it and check it by hand."
    return None


def _list_uri(uri: str) -> Iterator[Input]:
    try:
        store, path = connect(uri)
        found = store.get_file_info(path)
        if found.type == FileType.NotFound:
            yield _refused(uri, uri, "no such object", "Check the spelling of the URI.")
            return
        is_folder = found.type == FileType.Directory
        files = store.get_file_info(FileSelector(path, recursive=True)) if is_folder else [found]
        scheme = uri.split("://", 1)[0]
        query = "?" + uri.partition("?")[2] if "?" in uri else ""  # names an S3-compatible server other than Amazon's
        for file in sorted((file for file in files if file.is_file), key=lambda file: file.path):
            name = file.path[len(path) + 1 :] if is_folder else file.base_name
            yield from _list_file(f"{scheme}://{file.path}{query}", name, file.size)
    except (OSError, ValueError, PlaceError) as error:
        yield _refused(uri, uri, f"cannot be listed: {error}", "Check the URI and the access rights to it.")


def _kind_of(source: Input) -> str:
    return TEXT_KINDS[_suffix_of(source.member or source.path)]


def _suffix_of(path: str) -> str:
    return PurePosixPath(path.partition("?")[0] if is_uri(path) else path).suffix.lower()


def _open(source: Input) -> IO[bytes]:
    if source.member:
        return _archive(source.path, _stamp(source.path)).open(source.member)
    return _open_file(source.path)


def _open_file(path: str) -> io.BufferedReader:
    if is_uri(path):
        store, place = connect(path)
        return io.BufferedReader(store.open_input_file(place))
    return Path(path).open("rb")


class Stamp(NamedTuple):
    """By what a file is known to have changed: when it was last written, and its bytes."""

    written: datetime | int | None
    size: int


def _stamp(path: str) -> Stamp:
    if is_uri(path):
        store, place = connect(path)
        info = store.get_file_info(place)
        return Stamp(info.mtime, info.size)
    stat = Path(path).stat()
    return Stamp(stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=4)
def _archive(path: str, _: Stamp) -> zipfile.ZipFile:
    """The archive with this stamp: one replaced since, as a worker of a cluster may meet it, is opened anew."""
    return zipfile.ZipFile(_open_file(path))


def decode_bytes(data: bytes) -> str:
    """The text of a file of any of the encodings met: UTF-8 or UTF-16 with a mark, UTF-8, else Windows or ISO Latin.

    Raises ValueError for what is no text.

    >>> decode_bytes("¶1. (C)".encode("latin-1")), decode_bytes("¶1. (C)".encode("utf-8-sig"))
    ('¶1. (C)', '¶1. (C)')
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    if b"\x00" in data[:CHUNK]:
        raise ValueError("not a text but binary data")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            if encoding == "utf-8-sig" and error.start >= len(data) - 3:
                return data.decode("utf-8-sig", "replace")
    return data.decode("latin-1")


def _read_text(source: Input, stream: IO[bytes]) -> Iterator[Cable | Problem]:
    data = stream.read()
    if data.startswith(b"%PDF"):
        yield from _read_pdf(source, io.BytesIO(data))
        return
    text = decode_bytes(data)
    if not text.strip():
        yield Problem("file is empty", source.name, "Put the cable's text into it or take it away.")
    elif IS_PAGE.search(text, 0, 4000) or _names_several(text):
        yield from _find_cables(source, text)
    else:
        yield _check(read_cable(text, source.name, 0, source.sha256), source)


def _names_several(text: str) -> bool:
    """Whether a text is a saved page with several cables: it has the row that names a cable more than once."""
    if text.count("Created") < 2:  # the pattern is slow, and this decides for nearly every text
        return False
    return len({match["id"] for match in NAMED.finditer(text) if "Created" in match.group()}) > 1


def _find_cables(source: Input, text: str) -> Iterator[Cable | Problem]:
    """The cables of a page: each from the line that starts it to the next one's name or the page's footer."""
    page = mask_page(text)
    spans = list(_cut_page(text, page))
    if not spans:
        yield _no_cable(source)
    for start, end, name, created in spans:
        cable = read_cable(text[start:end], source.name, start, source.sha256, name=name, created=created)
        yield _check(cable, source)


def _cut_page(text: str, page: str) -> Iterator[tuple[int, int, str, date | None]]:
    """Start, end, reference id and day of each cable of a page; a name that is repeated counts once."""
    parts: list[tuple[int, int, str]] = []
    for match in NAMED.finditer(page):
        if not parts or parts[-1][2] != match["id"]:
            parts.append((match.start(), match.end(), match["id"]))
    for (_, begin, name), (stop, _, _) in pairwise([*(parts or [(0, 0, "")]), (len(page), 0, "")]):
        if span := _find_block(text, begin, stop) or _find_body(page, begin, stop):
            created = CREATED.search(page, begin, span[0]) if name else None
            yield *span, name, date(*map(int, created.groups())) if created else None


def _find_block(text: str, start: int, stop: int) -> tuple[int, int] | None:
    """From the first preformatted block of a page to the last, which hold header and body apart."""
    first = PREFORMATTED.search(text, start, stop)
    end = text.rfind("</pre", start, stop)
    return (first.end(), end) if first and end > first.end() else None


def _find_body(page: str, start: int, stop: int) -> tuple[int, int] | None:
    """From the first line of a cable to the footer of the page."""
    first = FIRST_LINE.search(page, start, stop)
    if first is None:
        return None
    footer = FOOTER.search(page, first.end() + 200, stop)
    return first.end(), first.end() + len(page[first.end() : footer.start() if footer else stop].rstrip())


def _check(cable: Cable, source: Input) -> Cable | Problem:
    """The cable, or a Problem if nothing about the text is a cable's."""
    is_cable = cable.dtg or cable.tags or cable.classification or any(p.marking for p in cable.paragraphs)
    return cable if is_cable else _no_cable(source)


def _no_cable(source: Input) -> Problem:
    return Problem(
        "no cable found: no date-time group, classification line, TAGS or marked paragraph",
        source.name,
        "Check that this is a cable's page or text and that it was saved whole.",
    )


def _read_csv(source: Input, stream: IO[bytes]) -> Iterator[Cable | Problem]:
    """The cables of the export of eight columns: number, date, id, origin, classification, references, header, body."""
    rest, offset, any_row = "", 0, False
    reader = io.TextIOWrapper(stream, "utf-8", errors="replace", newline="")
    while chunk := reader.read(CHUNK):
        rest += chunk
        place = 0
        for match in RECORD.finditer(rest):
            if match.end() == len(rest) or match.start() != place:
                break
            place = match.end()
            any_row = True
            yield _read_row(source, rest, offset, match)
        offset, rest = offset + place, rest[place:]
        if len(rest) > LARGEST:
            break
    last = RECORD.match(rest) if rest.strip() else None
    if last:
        any_row = True
        yield _read_row(source, rest, offset, last)
    elif rest.strip() or not any_row:
        yield Problem(
            f"row at character {offset} does not have the eight columns of the cable export",
            source.name,
            'Give number, date, id, origin, classification, references, header, body; quote with ", escape with \\.',
        )


def _read_row(source: Input, text: str, offset: int, match: re.Match[str]) -> Cable | Problem:
    start, end = match.start("f6"), match.end("f7")
    if text[start : start + 1] == '"':
        start += 1
    if text[end - 1 : end] == '"':
        end -= 1
    name = match["f2"].strip('" ')
    day = _read_day(match["f1"])
    cable = read_cable(text[start:end], source.name, offset + start, source.sha256, name=name, created=day)
    return _check(cable, source)


def _read_day(text: str) -> date | None:
    """
    >>> _read_day('"4/12/2009 7:57"'), _read_day("2009-04-12 07:57"), _read_day("spring")
    (datetime.date(2009, 4, 12), datetime.date(2009, 4, 12), None)
    """
    american = re.search(r"\b(\d\d?)/(\d\d?)/((?:19|20)\d\d)\b", text)
    iso = CREATED.search(text)
    try:
        if american:
            return date(int(american[3]), int(american[1]), int(american[2]))
        return date(*map(int, iso.groups())) if iso else None
    except ValueError:
        return None


def _read_json(source: Input, stream: IO[bytes]) -> Iterator[Cable | Problem]:
    """The cables of JSON lines, or of one JSON object or list, whose text stands under `text`, `body` or `content`."""
    if _suffix_of(source.member or source.path) == ".json":
        whole = decode_bytes(stream.read())
        try:
            value = json.loads(whole)
        except json.JSONDecodeError:
            yield from _read_lines(source, io.StringIO(whole))
            return
        for number, item in enumerate(value if isinstance(value, list) else [value]):
            yield _read_object(source, item, number, f"object {number + 1}")
        return
    yield from _read_lines(source, io.TextIOWrapper(stream, "utf-8", errors="replace", newline="\n"))


def _read_lines(source: Input, lines: Iterable[str]) -> Iterator[Cable | Problem]:
    offset = 0
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield _read_object(source, json.loads(line), offset, f"line {number}")
            except (json.JSONDecodeError, RecursionError) as error:
                yield Problem(f"line {number} is not JSON: {error}", source.name, "Write one JSON object a line.")
        offset += len(line)


def _read_object(source: Input, item: object, start: int, place: str) -> Cable | Problem:
    fields = {str(key).lower(): value for key, value in item.items()} if isinstance(item, dict) else {}
    parts = [str(fields[key]) for key in ("header", *TEXT_KEYS) if isinstance(fields.get(key), str)]
    if not parts:
        return Problem(f"{place} has no text", source.name, f"Name it one of {', '.join(TEXT_KEYS)}.")
    name = next((str(fields[key]) for key in ID_KEYS if fields.get(key)), "")
    day = _read_day(next((str(fields[key]) for key in DATE_KEYS if fields.get(key)), ""))
    cable = read_cable("\n".join(parts), source.name, start, source.sha256, name=name, created=day)
    return _check(cable, source)


def _read_pdf(source: Input, stream: IO[bytes]) -> Iterator[Cable | Problem]:
    import pypdfium2  # noqa: PLC0415  (a large library that few builds need)

    try:
        document = pypdfium2.PdfDocument(stream.read())
        text = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    except pypdfium2.PdfiumError as error:
        yield Problem(f"PDF cannot be opened: {error}", source.name, "Save it again, without a password.")
        return
    if not text.strip():
        yield Problem("PDF holds pictures of pages, no text", source.name, "Run text recognition over it first.")
        return
    yield _check(read_cable(text, source.name, 0, source.sha256), source)


READERS = {"text": _read_text, "page": _read_text, "csv": _read_csv, "json": _read_json, "pdf": _read_pdf}
