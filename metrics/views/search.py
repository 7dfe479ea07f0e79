"""Full-text search over the cables: an SQLite index beside the tables, made once per build."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from metrics.masking import find_page_lines
from metrics.views.data import Tables
from metrics.views.painted import escape_text

HIT_START, HIT_END = "\x02", "\x03"
SNIPPET_WORDS = 28
MOST_HITS = 50
TOKENIZER = "porter unicode61 remove_diacritics 2"  # "bribe" finds "bribes"
FORM = f"{TOKENIZER}; whole numbers; ids as they stand; no page lines"  # what tells an index from others
# A number is one word of the index, its digits alone: a letter in place of its point, an invisible mark after it where
# commas were taken out, so that a snippet gets them back.
GROUPED = re.compile(r"(?<![\d,.])\d{1,3}(?:,\d{3})+(?![\d,]*\d)(?:\.\d+)?")
POINTED = re.compile(r"(?<![\d.])(\d+)\.(?=\d+(?!\.?\d))")  # "16.9", no day such as 12.05.2009
POINT, WAS_GROUPED = "\u02d1", "\u2063"
SHOWN_GROUPED = re.compile(rf"(\d+)((?:{POINT}\d+)?\D?){WAS_GROUPED}")
WORD = re.compile(r'"([^"]+)"|(\w+)(\*?)', re.UNICODE)


@dataclass(frozen=True, slots=True)
class Hit:
    """A cable that holds the words sought; `snippet` is safe HTML with the words marked."""

    cable_id: str
    subject: str
    snippet: str


def open_index(tables: Tables) -> Path:
    """Path of the index of this build; makes it where it is missing.

    It stands beside the tables, or in the temporary folder where the tables cannot be written to.
    """
    name = f"search-{hashlib.sha256(f'{tables.build} {FORM}'.encode()).hexdigest()[:12]}.sqlite"
    places = (tables.folder, Path(tempfile.gettempdir()))
    for folder in places:
        if (folder / name).is_file():
            return folder / name
    for folder in places:
        try:
            return _make_index(tables, folder / name)
        except (OSError, sqlite3.OperationalError):
            continue
    raise OSError(f"no search index can be written to {places[0]} or {places[1]}; make one of them writable")


def _make_index(tables: Tables, path: Path) -> Path:
    if path.parent == tables.folder:
        for old in path.parent.glob("search-*.sqlite"):
            old.unlink(missing_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".search-", delete=False) as file:
        aside = Path(file.name)
    try:
        with closing(sqlite3.connect(aside)) as index, index:
            index.execute("PRAGMA journal_mode = OFF")
            index.execute(
                "CREATE VIRTUAL TABLE cable USING fts5(cable_id UNINDEXED, highest_mark UNINDEXED, name, subject, text,"
                f" tokenize = '{TOKENIZER}')"
            )
            index.executemany("INSERT INTO cable VALUES (?, ?, ?, ?, ?)", _cable_rows(tables))
        return aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def _cable_rows(tables: Tables) -> Iterator[tuple[str, ...]]:
    """Id and mark of each cable as they stand, then what is sought in: the words of its id, subject and text."""
    columns = ["cable_id", "highest_mark", "subject", "text"]
    with pq.ParquetFile(tables.folder / "cables.parquet") as file:
        for batch in file.iter_batches(batch_size=256, columns=columns):
            for row in batch.to_pylist():
                cable_id, mark, *words = (row[name] or "" for name in columns)
                yield cable_id, mark, *(fold_numbers(_blank_page_lines(one)) for one in (cable_id, *words))


def _blank_page_lines(text: str) -> str:
    """The text without the lines that page ends left in it: they cut sentences (06MEXICO6085)."""
    for start, end in find_page_lines(text):
        text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
    return text


def fold_numbers(text: str) -> str:
    """The text with each number as one word of the index, whether its thousands are marked or not.

    >>> fold_numbers("553,000 plants, 16.9") == f"553000{WAS_GROUPED} plants, 16{POINT}9"
    True
    """
    plain = GROUPED.sub(lambda number: number[0].replace(",", "") + WAS_GROUPED, text)
    return POINTED.sub(rf"\1{POINT}", plain)


def _unfold_numbers(text: str) -> str:
    """The text as it was before its numbers were folded; a sign of a hit may stand after a number."""
    grouped = SHOWN_GROUPED.sub(lambda number: f"{int(number[1]):,}{number[2]}", text)
    return grouped.replace(POINT, ".")


def search_cables(
    index: Path, words: str, marks: Sequence[str] | None, among: Collection[str] | None = None, limit: int = MOST_HITS
) -> list[Hit]:
    """Cables that hold all the words in any of their forms, best first, at most `limit`.

    Words in double quotes are sought as a phrase, a word ending in * as the beginning of a word; no
    other sign has a meaning. `marks` are those that the whole of a cable may carry, `among` the ids of the cables
    sought in (None: all).
    """
    chosen = (
        f"cable_id, subject, snippet(cable, 4, '{HIT_START}', '{HIT_END}', ' … ', {SNIPPET_WORDS})",
        f"ORDER BY bm25(cable, 0.0, 0.0, 4.0, 4.0, 1.0) LIMIT {int(limit)}",
    )
    rows = _select(index, *chosen, words, marks, among)
    return [Hit(cable_id, _unfold_numbers(subject), _safe_snippet(snippet)) for cable_id, subject, snippet in rows]


def count_hits(index: Path, words: str, marks: Sequence[str] | None, among: Collection[str] | None = None) -> int:
    """How many cables `search_cables` would find without a limit."""
    return sum(number for (number,) in _select(index, "count(*)", "", words, marks, among))


def _select(
    index: Path, columns: str, rest: str, words: str, marks: Sequence[str] | None, among: Collection[str] | None
) -> list[tuple[Any, ...]]:
    query = search_query(words)
    if not query:
        return []
    allowed = {
        name: json.dumps(list(one)) for name, one in (("highest_mark", marks), ("cable_id", among)) if one is not None
    }
    condition = "".join(f" AND {name} IN (SELECT value FROM json_each(?))" for name in allowed)
    statement = f"SELECT {columns} FROM cable WHERE cable MATCH ?{condition} {rest}"
    with closing(sqlite3.connect(f"{index.as_uri()}?mode=ro", uri=True)) as connection:
        return connection.execute(statement, (query, *allowed.values())).fetchall()


def search_query(words: str) -> str:
    """What a reader typed as a query of the index, in which every word is quoted.

    >>> search_query('portal "border post" smug* OR 553,000')
    '"portal" "border post" "smug"* "OR" "553000"'
    """
    return " ".join(f'"{phrase or word}"{star}' for phrase, word, star in WORD.findall(fold_numbers(words)))


def _safe_snippet(snippet: str) -> str:
    folded = _unfold_numbers(" ".join(snippet.split()))
    return escape_text(folded).replace(HIT_START, "<mark>").replace(HIT_END, "</mark>")
