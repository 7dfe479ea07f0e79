"""A corpus through every stage: shards of inputs read side by side, kept, and joined into tables."""

from __future__ import annotations

import fcntl
import gc
import hashlib
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from metrics.cable import NO_BODY, Cable
from metrics.errors import UserError
from metrics.folders import Folder, Place, is_uri, open_folder
from metrics.observations import table_schema
from metrics.sources import Input, list_inputs, read_input
from metrics.store import (
    NamedTable,
    TablesMissingError,
    TablesOutdatedError,
    is_whole,
    read_manifest,
    read_table,
    table_from_rows,
    write_tables,
)

if TYPE_CHECKING:
    from joblib import Parallel

    from metrics.rows import Row

SHARDS = 64
SHARDS_FOLDER = ".shards"
GATHERED = 512  # rows of a table held before they are written to a shard
# New objects between two searches for cycles while cables are read: they make many small objects and no cycles.
RARE_COLLECTION = 200_000
NAMED = 10  # inputs that could not be read, named where none could
ADDED = "added"  # folder beside the tables with the files that were brought in through the app
READ_TABLES = ("observations", "ledger", "cables", "issues")
ORIGIN = "origin"  # column of kept shards: which input, and where in it, a row was read from
# What the rows depend on: a change in any of these files makes every kept shard stale.
READING_CODE = ("*.py", "catalog/*.py", "vocabulary/*", "models/*")
JOINING_CODE = ("reconcile/*", "../data/reference/published_figures.csv")


class BuildError(UserError):
    """A build that cannot start; the message names the place and the way out."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did: rows per table, inputs it could not read (rows of `issues`), whether anything changed."""

    out: Place
    counts: dict[str, int]
    unread: list[Row]
    changed: bool

    def summary(self) -> str:
        """One line for the terminal."""
        counts = ", ".join(f"{count:,} {name}" for name, count in self.counts.items())
        return f"{self.out}: {counts}" + ("" if self.changed else " (nothing changed)")


def read_observations(sources: Sequence[str]) -> tuple[list[Row], dict[str, str]]:
    """Observation rows of all cables in the sources, and each cable's text by id."""
    from metrics.rows import read_rows  # noqa: PLC0415  (as in `_read_shard`)

    rows, texts = [], {}
    for source in list_inputs(sources):
        for cable in read_input(source):
            if isinstance(cable, Cable):
                rows.extend(read_rows(cable)["observations"])
                texts[cable.id] = cable.text
    return rows, texts


def build_tables(
    sources: Sequence[str], out: Place, *, workers: int = 1, scheduler: str | None = None, progress: bool = True
) -> Report:
    """Read the sources and write all tables to `out`; inputs read before and unchanged are not read again.

    `scheduler` is the address of a dask scheduler whose workers read instead of `workers` processes here.
    Files added through the app are read along with the sources. Raises BuildError where another build holds the
    folder, it cannot be written to, or the sources hold no cable at all (a path misspelled must not empty the tables).
    """
    pa.set_memory_pool(pa.system_memory_pool())  # others keep what was freed: 100 MB more at the peak of writing
    with sole_builder(out):
        inputs = list(list_inputs([*sources, *_added_files(out)]))
        shards = _into_shards(inputs)
        build_id = _digest([code_version(READING_CODE), code_version(JOINING_CODE), *shards])
        if _already_built(out, build_id):
            return _report(out, changed=False)
        kept = open_folder(out).inside(SHARDS_FOLDER)
        for folder in (open_folder(out), *map(kept.inside, kept.names())):
            folder.sweep()
        try:
            if todo := {key: shard for key, shard in shards.items() if not _is_kept(kept, key)}:
                with _reading_on(scheduler, workers) as parallel:
                    _read_shards(todo, kept, parallel, progress)
        except OSError as error:
            raise BuildError(
                f"cannot write to {out}: {error}; what was built before is whole. Free space or allow writing there, "
                "then run this again: it goes on where it stopped"
            ) from error
        joined = JoinedShards([kept.inside(key) for key in shards])
        if not joined.cables:
            named = "\n".join(map(describe_issue, joined.whole("issues").to_pylist()[:NAMED]))
            raise BuildError(f"no cable could be read; what {out} held before stays\n{named}")
        write_tables(out, _make_tables(joined), {"build": build_id, "inputs": len(inputs)})
        _forget_shards(kept, set(shards))
        return _report(out, changed=True)


def describe_issue(issue: Row) -> str:
    """A row of `issues` as a line for the terminal."""
    return f"{issue['source']}: {issue['what']} ({issue['place']}); {issue['fix']}"


@contextmanager
def sole_builder(out: Place) -> Iterator[None]:
    """Hold the folder against other writers of this machine; raises BuildError where another one holds it.

    A store has no locks. Two machines that write to one disturb nobody: shards and builds are named after what they
    hold, and the manifest is one object.
    """
    with _open_lock(out) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BuildError(f"another build is writing to {out}; wait for it or choose another folder") from error
        yield


def _open_lock(out: Place) -> IO[str]:
    try:
        if is_uri(out):
            return (Path(tempfile.gettempdir()) / f"border-metrics-{_digest([str(out)])}.lock").open("w")
        Path(out).mkdir(parents=True, exist_ok=True)
        return (Path(out) / ".lock").open("w")
    except OSError as error:
        raise BuildError(f"cannot write to {out}: {error.strerror}; allow it or choose another folder") from error


def _added_files(out: Place) -> list[str]:
    """The folder of files that were added through the app, which shows tables on disk only."""
    return [] if is_uri(out) or not (Path(out) / ADDED).is_dir() else [str(Path(out) / ADDED)]


@cache
def code_version(patterns: tuple[str, ...]) -> str:
    """Hash of the code and data that rows depend on."""
    root = Path(__file__).parent
    files = sorted(path for pattern in patterns for path in root.glob(pattern) if path.is_file())
    return _digest([hashlib.sha256(path.read_bytes()).hexdigest() for path in files])


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:20]


def _into_shards(inputs: Sequence[Input]) -> dict[str, list[Input]]:
    """Inputs by shard key; an input's shard follows from its name, the key from what the shard holds."""
    buckets: dict[int, list[Input]] = defaultdict(list)
    for source in inputs:
        buckets[int(hashlib.sha256(source.name.encode()).hexdigest()[:8], 16) % SHARDS].append(source)
    version = code_version(READING_CODE)
    return {
        _digest([version, *(f"{source.name}\t{source.sha256}" for source in bucket)]): bucket
        for _, bucket in sorted(buckets.items())
    }


def _already_built(out: Place, build_id: str) -> bool:
    try:
        manifest = read_manifest(out)
    except (TablesMissingError, TablesOutdatedError):
        return False
    return manifest.get("build") == build_id and is_whole(out, manifest)


def _is_kept(kept: Folder, key: str) -> bool:
    """Whether a shard is there whole: the last of its tables is."""
    return kept.inside(key).size(f"{READ_TABLES[-1]}.parquet") is not None


@contextmanager
def _reading_on(scheduler: str | None, workers: int) -> Iterator[Parallel]:
    """Processes of this machine, or the workers of a dask cluster."""
    from joblib import Parallel, parallel_config  # noqa: PLC0415  (slow to load, and not needed where all is read)

    if scheduler is None:
        yield Parallel(n_jobs=workers, return_as="generator_unordered")
        return
    try:
        from distributed import Client  # noqa: PLC0415  (only where a cluster is used)
    except ImportError as error:
        raise BuildError("dask is not installed; install it: pip install -r requirements-cluster.txt") from error
    try:
        client = Client(scheduler, timeout=10)
    except (OSError, ValueError) as error:
        raise BuildError(f"no dask scheduler at {scheduler}: {error}; start one: dask scheduler") from error
    with client, parallel_config(backend="dask"):
        yield Parallel(n_jobs=-1, return_as="generator_unordered")


def _read_shards(todo: dict[str, list[Input]], kept: Folder, parallel: Parallel, progress: bool) -> None:
    from joblib import delayed  # noqa: PLC0415
    from tqdm import tqdm  # noqa: PLC0415

    bar = tqdm(total=sum(map(len, todo.values())), unit="input", disable=not progress)
    tasks = (delayed(_read_shard)(shard, kept.inside(key)) for key, shard in todo.items())
    with bar:
        for count in parallel(tasks):
            bar.update(count)


def _read_shard(inputs: Sequence[Input], kept: Folder) -> int:
    """Read the inputs and keep their rows in `kept`, whole or not at all; the number of inputs comes back."""
    from metrics.rows import issue_row, read_rows  # noqa: PLC0415  (vocabularies; a build without change needs none)

    with kept.aside() as aside:
        with ExitStack() as stack:
            stack.enter_context(_rare_collection())
            writers = {table: stack.enter_context(ShardWriter(aside, table)) for table in READ_TABLES}
            for source in inputs:
                for cable in read_input(source):
                    if isinstance(cable, Cable):
                        found, origin = read_rows(cable), f"{source.name}@{cable.source_start}"
                    else:
                        found, origin = {"issues": [issue_row(source.name, None, cable)]}, source.name
                    for table, rows in found.items():
                        writers[table].add(rows, origin)
        kept.put(aside, last=f"{READ_TABLES[-1]}.parquet")
    return len(inputs)


@contextmanager
def _rare_collection() -> Iterator[None]:
    """Search for cycles of dead objects seldom: reading makes many objects, and the search walks them all."""
    usual = gc.get_threshold()
    gc.set_threshold(RARE_COLLECTION, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


class ShardWriter:
    """Rows of one table on their way to a kept shard, written whenever some have gathered."""

    def __init__(self, folder: Path, table: str) -> None:
        schema = table_schema(table).append(pa.field(ORIGIN, pa.string()))
        self._table = table
        self._writer = pq.ParquetWriter(folder / f"{table}.parquet", schema, compression="zstd")
        self._rows: list[Row] = []
        self._origins: list[str] = []

    def __enter__(self) -> ShardWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self._flush()
        self._writer.close()

    def add(self, rows: Sequence[Row], origin: str) -> None:
        """Add the rows of one cable."""
        self._rows.extend(rows)
        self._origins.extend([origin] * len(rows))
        if len(self._rows) >= GATHERED:
            self._flush()

    def _flush(self) -> None:
        table = table_from_rows(self._table, self._rows)
        self._writer.write_table(table.append_column(ORIGIN, pa.array(self._origins, pa.string())))
        self._rows, self._origins = [], []


class JoinedShards:
    """The rows of all kept shards without second copies of a cable; those of large tables pass through in parts.

    `cables` is how many differing ids there are.
    """

    def __init__(self, shards: Sequence[Folder]) -> None:
        self._shards = shards
        texts: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for part in self._read("cables", ["cable_id", ORIGIN, "body_sha256"]):
            for row in part.to_pylist():
                texts[row["cable_id"]].append((row[ORIGIN], row["body_sha256"]))
        self.cables = len(texts)
        self._texts = {
            cable_id: sorted(found, key=lambda text: text[0].rpartition("@"))
            for cable_id, found in sorted(texts.items())
            if len(found) > 1
        }
        self._copies = {(cable_id, origin) for cable_id, found in self._texts.items() for origin, _ in found[1:]}

    def issues(self) -> pa.Table:
        """What was met while reading, and each second copy of a cable."""
        copies = [row for cable_id, found in self._texts.items() for row in _copy_rows(cable_id, found)]
        return pa.concat_tables([self.whole("issues"), table_from_rows("issues", copies)])

    def whole(self, table: str, columns: Sequence[str] | None = None) -> pa.Table:
        """A table in memory, or some of its columns."""
        return pa.concat_tables(self.parts(table, columns)).unify_dictionaries()

    def parts(self, table: str, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """A table shard by shard, or some of its columns."""
        for part in self._read(table, [*columns, ORIGIN] if columns else None):
            kept = part
            if self._copies:
                pairs = zip(part["cable_id"].to_pylist(), part[ORIGIN].to_pylist(), strict=True)
                kept = part.filter(pa.array([pair not in self._copies for pair in pairs], pa.bool_()))
            yield kept.drop_columns([ORIGIN])

    def _read(self, table: str, columns: Sequence[str] | None) -> Iterator[pa.Table]:
        for shard in self._shards:
            # From a disk, reading ahead gains nothing and holds memory; from a store it saves many requests.
            ahead = not shard.on_disk
            with shard.open(f"{table}.parquet") as stored, pq.ParquetFile(stored, pre_buffer=ahead) as file:
                for group in range(file.num_row_groups):
                    yield file.read_row_group(group, columns=columns, use_threads=False)


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


def _make_tables(joined: JoinedShards) -> Iterator[NamedTable]:
    """Every table: those that pass through in parts first, before the facts take up memory."""
    yield "ledger", joined.parts("ledger")
    yield "cables", joined.parts("cables")
    yield "issues", joined.issues()
    from metrics.reconcile import check, load_published, reconcile  # noqa: PLC0415  (pandas; reading does without)

    observations = joined.whole("observations")
    cables = joined.whole("cables", [field.name for field in table_schema("cables") if field.name != "text"])
    facts = reconcile(observations, cables, load_published())
    yield "observations", observations
    yield "facts", facts
    yield "checks", check(observations, facts, cables)


def _forget_shards(kept: Folder, current: set[str]) -> None:
    for name in kept.names():
        if name not in current:
            kept.remove(name)


def _report(out: Place, *, changed: bool) -> Report:
    manifest = read_manifest(out)
    issues = read_table(out, "issues").to_pylist()
    unread = [issue for issue in issues if issue["cable_id"] is None or issue["what"] == NO_BODY]
    return Report(out, manifest["counts"], unread, changed)
