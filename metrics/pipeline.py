"""A corpus through every stage: shards of inputs read side by side, kept, and joined into tables."""

from __future__ import annotations

import fcntl
import hashlib
import json
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from joblib import Parallel, delayed
from tqdm import tqdm

from metrics.cable import Cable, Problem
from metrics.context import resolve_contexts
from metrics.errors import UserError
from metrics.reconcile import check, load_published, reconcile
from metrics.rows import Row, cable_row, issue_row, ledger_rows, observation_rows
from metrics.sources import Input, list_inputs, read_input
from metrics.statements import find_statements
from metrics.store import read_manifest, table_from_rows, write_tables

SHARDS = 64
ADDED = "added"  # folder beside the tables with the files that were brought in through the app
READ_TABLES = ("observations", "ledger", "cables", "issues")
ORIGIN = "origin"  # column of kept shards: which input, and where in it, a row was read from
# What the rows depend on: a change in any of these files makes every kept shard stale.
READING_CODE = ("*.py", "catalog/*.py", "vocabulary/*", "data/*")


class BuildError(UserError):
    """A build that cannot start; the message names the place and the way out."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did: rows per table, inputs it could not read (rows of `issues`), whether anything changed."""

    out: Path
    counts: dict[str, int]
    unread: list[Row]
    changed: bool

    def summary(self) -> str:
        """One line for the terminal."""
        counts = ", ".join(f"{count:,} {name}" for name, count in self.counts.items())
        return f"{self.out}: {counts}" + ("" if self.changed else " (nothing changed)")


def read_rows(cable: Cable) -> dict[str, list[Row]]:
    """All rows of one cable by table: a pure function of the cable."""
    statements, entries = find_statements(cable)
    contexts = resolve_contexts(cable, statements)
    return {
        "observations": observation_rows(cable, statements, contexts),
        "ledger": ledger_rows(cable, entries),
        "cables": [cable_row(cable)],
        "issues": [issue_row(cable.source, cable.id, problem) for problem in cable.problems],
    }


def read_observations(sources: Sequence[str]) -> tuple[list[Row], dict[str, str]]:
    """Observation rows of all cables in the sources, and each cable's text by id."""
    rows, texts = [], {}
    for source in list_inputs(sources):
        for cable in read_input(source):
            if isinstance(cable, Cable):
                rows.extend(read_rows(cable)["observations"])
                texts[cable.id] = cable.text
    return rows, texts


def build_tables(sources: Sequence[str], out: Path, *, workers: int = 1, progress: bool = True) -> Report:
    """Read the sources and write all tables to `out`; inputs read before and unchanged are not read again.

    Files added through the app are read along with the sources. Raises BuildError where another build holds the folder.
    """
    with sole_builder(out):
        added = [out / ADDED] if (out / ADDED).is_dir() else []
        inputs = list(list_inputs([*sources, *added]))
        shards = _into_shards(inputs)
        build_id = _digest([reading_version(), *shards])
        if _already_built(out, build_id):
            return _report(out, changed=False)
        kept = out / ".shards"
        todo = {key: shard for key, shard in shards.items() if not (kept / key).is_dir()}
        _read_shards(todo, kept, workers, progress)
        tables = _with_facts(_join_shards(kept, shards))
        write_tables(out, tables, {"build": build_id, "inputs": len(inputs), "counts": _count(tables)})
        _forget_shards(kept, set(shards))
        return _report(out, changed=True)


@contextmanager
def sole_builder(out: Path) -> Iterator[None]:
    """Hold the folder against other writers; raises BuildError where another one holds it."""
    out.mkdir(parents=True, exist_ok=True)
    with (out / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BuildError(f"another build is writing to {out}; wait for it or choose another folder") from error
        yield


@cache
def reading_version() -> str:
    """Hash of the code and data that rows depend on."""
    root = Path(__file__).parent
    files = sorted(path for pattern in READING_CODE for path in root.glob(pattern) if path.is_file())
    return _digest([hashlib.sha256(path.read_bytes()).hexdigest() for path in files])


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:20]


def _into_shards(inputs: Sequence[Input]) -> dict[str, list[Input]]:
    """Inputs by shard key; an input's shard follows from its name, the key from what the shard holds."""
    buckets: dict[int, list[Input]] = defaultdict(list)
    for source in inputs:
        buckets[int(hashlib.sha256(source.name.encode()).hexdigest()[:8], 16) % SHARDS].append(source)
    version = reading_version()
    return {
        _digest([version, *(f"{source.name}\t{source.sha256}" for source in bucket)]): bucket
        for _, bucket in sorted(buckets.items())
    }


def _already_built(out: Path, build_id: str) -> bool:
    return (out / "manifest.json").is_file() and read_manifest(out).get("build") == build_id


def _read_shards(todo: dict[str, list[Input]], kept: Path, workers: int, progress: bool) -> None:
    bar = tqdm(total=sum(map(len, todo.values())), unit="input", disable=not progress or not todo)
    tasks = (delayed(_read_shard)(key, shard, kept) for key, shard in todo.items())
    with bar:
        for count in Parallel(n_jobs=workers, return_as="generator_unordered")(tasks):
            bar.update(count)


def _read_shard(key: str, inputs: Sequence[Input], kept: Path) -> int:
    """Read the inputs and keep their rows under `key`, whole or not at all; the number of inputs comes back."""
    rows: dict[str, list[Row]] = {table: [] for table in READ_TABLES}
    origins: dict[str, list[str]] = {table: [] for table in READ_TABLES}
    for source in inputs:
        for cable in read_input(source):
            found = read_rows(cable) if isinstance(cable, Cable) else {"issues": [_unread_row(source, cable)]}
            origin = f"{source.name}@{cable.source_start}" if isinstance(cable, Cable) else source.name
            for table, new in found.items():
                rows[table].extend(new)
                origins[table].extend([origin] * len(new))
    aside = kept / f".{key}"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    for table, found_rows in rows.items():
        with_origin = table_from_rows(table, found_rows).append_column(ORIGIN, pa.array(origins[table], pa.string()))
        pq.write_table(with_origin, aside / f"{table}.parquet", compression="zstd")
    aside.replace(kept / key)
    return len(inputs)


def _unread_row(source: Input, problem: Problem) -> Row:
    return issue_row(source.name, None, problem)


def _join_shards(kept: Path, keys: Iterable[str]) -> dict[str, pa.Table]:
    parts: dict[str, list[pa.Table]] = {table: [] for table in READ_TABLES}
    for key in keys:
        for table, tables in parts.items():
            tables.append(pq.read_table(kept / key / f"{table}.parquet"))
    joined = {table: pa.concat_tables(tables).unify_dictionaries() for table, tables in parts.items()}
    joined = _without_second_copies(joined)
    return joined


def _without_second_copies(tables: dict[str, pa.Table]) -> dict[str, pa.Table]:
    """One text for each cable id, the first by origin; each further one becomes an issue that names both."""
    texts: dict[str, list[tuple[str, str]]] = defaultdict(list)
    columns = (tables["cables"][name].to_pylist() for name in ("cable_id", ORIGIN, "body_sha256"))
    for cable_id, origin, digest in zip(*columns, strict=True):
        texts[cable_id].append((origin, digest))
    copies = {(cable_id, origin) for cable_id, found in texts.items() for origin, _ in sorted(found)[1:]}
    kept = {}
    for name, table in tables.items():
        pairs = zip(table["cable_id"].to_pylist(), table[ORIGIN].to_pylist(), strict=True)
        mask = pa.array([pair not in copies for pair in pairs], pa.bool_())
        kept[name] = table.filter(mask).drop_columns([ORIGIN])
    issues = [row for cable_id, found in sorted(texts.items()) for row in _copy_rows(cable_id, sorted(found))]
    kept["issues"] = pa.concat_tables([kept["issues"], table_from_rows("issues", issues)])
    return kept


def _copy_rows(cable_id: str, found: Sequence[tuple[str, str]]) -> list[Row]:
    first, first_digest = found[0]
    return [
        {
            "source": origin.rpartition("@")[0],
            "cable_id": cable_id,
            "place": origin,
            "what": f"second text with the id {cable_id}, "
            f"{'the same' if digest == first_digest else 'another'} body as in {first}; not counted again",
            "fix": "Remove one of the two, or give a corrected copy an id of its own.",
        }
        for origin, digest in found[1:]
    ]


def _with_facts(tables: dict[str, pa.Table]) -> dict[str, pa.Table]:
    """The tables read, with `facts` and `checks` made from them."""
    facts = reconcile(tables["observations"], tables["cables"], load_published())
    return {**tables, "facts": facts, "checks": check(tables["observations"], facts, tables["cables"])}


def _forget_shards(kept: Path, current: set[str]) -> None:
    for path in kept.iterdir():
        if path.name not in current:
            shutil.rmtree(path, ignore_errors=True)


def _count(tables: dict[str, pa.Table]) -> dict[str, int]:
    return {name: table.num_rows for name, table in tables.items()}


def _report(out: Path, *, changed: bool) -> Report:
    counts: dict[str, Any] = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["counts"]
    issues = pq.read_table(out / "issues.parquet").to_pylist()
    return Report(out, counts, [issue for issue in issues if issue["cable_id"] is None], changed)
