"""Cables brought in by a reader: read and shown first, then added to the tables whole or not at all."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from metrics.cable import Cable, Problem, body_sha256
from metrics.pipeline import ADDED, READ_TABLES, sole_builder
from metrics.reconcile import check, join_countries
from metrics.rows import cable_row, read_rows
from metrics.sources import list_inputs, read_input
from metrics.store import read_manifest, table_from_rows, write_tables
from metrics.views.data import Tables, open_tables

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Given:
    """A file as the reader gave it."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Reading:
    """What the given files hold: rows by table for the cables that are new, and what could not be read, and why.

    `marks` are the highest of each cable in them, new or not; None where a cable has none.
    """

    given: tuple[Given, ...]
    rows: dict[str, list[Row]]
    problems: tuple[Problem, ...]
    marks: tuple[str | None, ...]


def paste_name(text: str) -> str:
    """File name of a pasted cable, the same for the same text."""
    return f"pasted-{hashlib.sha256(text.encode()).hexdigest()[:12]}.txt"


def read_given(
    given: Sequence[Given], known: Mapping[str, str], tell: Callable[[float, str], None] = lambda share, name: None
) -> Reading:
    """Read the files; `known` are the hashes of the bodies in the tables by cable id.

    `tell` hears the share done and the name.
    """
    rows: dict[str, list[Row]] = {table: [] for table in READ_TABLES}
    problems: list[Problem] = []
    marks: list[str | None] = []
    seen = dict(known)
    with tempfile.TemporaryDirectory(prefix="cables-") as folder:
        inputs = list_inputs(_write_files(given, Path(folder)))
        listed = list(inputs)
        for number, source in enumerate(listed):
            tell(number / len(listed), source.name)
            cables = list(read_input(source))
            marks += [cable_row(cable)["highest_mark"] for cable in cables if isinstance(cable, Cable)]
            _read_cables(cables, rows, problems, seen)
    return Reading(tuple(given), rows, tuple(problems), tuple(marks))


def _write_files(given: Sequence[Given], folder: Path) -> list[Path]:
    paths = [folder / str(number) / Path(one.name).name for number, one in enumerate(given)]
    for path, one in zip(paths, given, strict=True):
        path.parent.mkdir()
        path.write_bytes(one.content)
    return paths


def _read_cables(
    cables: Iterable[Cable | Problem], rows: dict[str, list[Row]], problems: list[Problem], seen: dict[str, str]
) -> None:
    for cable in cables:
        if isinstance(cable, Problem):
            problems.append(cable)
        elif cable.id in seen:
            problems.append(_already_there(cable, seen[cable.id] == body_sha256(cable)))
        else:
            seen[cable.id] = body_sha256(cable)
            problems.extend(cable.problems)
            for table, found in read_rows(cable).items():
                rows[table].extend(found)


def _already_there(cable: Cable, same: bool) -> Problem:
    if same:
        return Problem(f"cable {cable.id} is in the tables already", cable.source, "Nothing needs to be done.")
    return Problem(
        f"another text stands under the number {cable.id} already; that one stays, this one is not added",
        cable.source,
        "If this one is right, put it in place of the other's file and build the tables anew, or correct single "
        "figures on the page Review.",
    )


def add_reading(tables: Tables, reading: Reading) -> dict[str, list[Row]]:
    """Add the new cables to the tables, and give back their rows; the former state stands until the new one is on disk.

    Cables that somebody else added since the files were read are left out. The files given are kept beside the tables,
    so that a later build reads them again. Raises BuildError where somebody else is writing to the tables.
    """
    with sole_builder(tables.folder):
        now = open_tables(tables.folder)
        there = set(now.read("cables", ["cable_id"])["cable_id"].to_pylist())
        added = {name: [row for row in reading.rows[name] if row["cable_id"] not in there] for name in READ_TABLES}
        if not added["cables"]:
            return added
        whole = {name: _append(name, now, added[name]) for name in READ_TABLES}
        touched = {row["country"] or "" for row in added["observations"]}
        whole["facts"] = join_countries(now.read_unreviewed("facts"), whole["observations"], whole["cables"], touched)
        whole["checks"] = check(whole["observations"], whole["facts"], whole["cables"])
        with _kept_files(reading.given, tables.folder / ADDED):
            write_tables(tables.folder, whole.items(), _next_manifest(tables.folder, reading))
    return added


def _append(name: str, tables: Tables, rows: Sequence[Row]) -> pa.Table:
    return pa.concat_tables([tables.read_unreviewed(name), table_from_rows(name, rows)]).unify_dictionaries()


@contextmanager
def _kept_files(given: Sequence[Given], folder: Path) -> Iterator[None]:
    """Keep the files given beside the tables; where that or what follows fails, take away those that were not there."""
    folder.mkdir(exist_ok=True)
    paths = [folder / f"{hashlib.sha256(one.content).hexdigest()[:12]}-{Path(one.name).name}" for one in given]
    new = [path for path in paths if not path.exists()]
    try:
        for path, one in zip(paths, given, strict=True):
            path.write_bytes(one.content)
        yield
    except BaseException:
        for path in new:
            path.unlink(missing_ok=True)
        raise


def _next_manifest(folder: Path, reading: Reading) -> dict[str, Any]:
    """The manifest under a build id that follows from the former one and what was added."""
    former = {name: value for name, value in read_manifest(folder).items() if name != "format"}
    parts = [str(former.get("build")), *(hashlib.sha256(one.content).hexdigest() for one in reading.given)]
    return {**former, "build": hashlib.sha256("\n".join(parts).encode()).hexdigest()[:20]}
