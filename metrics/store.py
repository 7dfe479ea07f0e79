"""Tables as Parquet with a manifest, on disk or on an object store; a reader never sees half of a build."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from metrics.errors import UserError
from metrics.folders import Folder, Place, PlaceError, open_folder
from metrics.observations import TABLES, table_schema

if TYPE_CHECKING:
    import pyarrow.compute as pc

MANIFEST = "manifest.json"
BUILD = "build-"  # start of the name of a build's folder on an object store
FORMAT = 3
ROW_GROUP = 16_384
GROUP_BYTES = 4 * 1024 * 1024  # of a row group with long texts
# Rows that one view asks for stand together, so that its filter reads few row groups.
ORDER = {
    "observations": ("metric", "country", "period_start", "cable_id", "start"),
    "facts": ("metric", "country", "period_start", "fact_id"),
}


class TablesMissingError(UserError):
    """No tables in the folder; the message says how to build them."""


class TablesOutdatedError(UserError):
    """Tables written by another version of the program; the message says how to rebuild them."""


class UnwritableError(UserError):
    """Tables that cannot be written where they should be; the message says why and what to do."""


NamedTable = tuple[str, pa.Table | Iterable[pa.Table]]


def write_tables(out: Place, tables: Iterable[NamedTable], manifest: Mapping[str, Any]) -> None:
    """Write every table and the manifest with their row counts into `out`, replacing a former build once all is there.

    Tables are written as they come, one larger than memory as its parts. On an object store, where nothing
    can be renamed, each build has a folder of its own, which the manifest names; that of the build before stays for
    those who are reading it. Raises UnwritableError, the former build being left as it was.
    """
    folder = open_folder(out)
    try:
        with folder.aside() as aside:
            counts = {
                name: _write_parts(aside / f"{name}.parquet", _parts_of(name, table), _plain(table_schema(name)))
                for name, table in tables
            }
            sizes = {path.name: path.stat().st_size for path in aside.iterdir()}
            whole = {"format": FORMAT, **manifest, "counts": counts, "files": sizes}
            if folder.on_disk:
                _write_manifest(aside, whole)
                folder.put(aside, last=MANIFEST)
            else:
                _put_build(folder, aside, whole)
    except OSError as error:
        raise UnwritableError(
            f"tables cannot be written to {out}: {error}; what was there before is whole. "
            "Free space or allow writing there, then run this again"
        ) from error


def _put_build(folder: Folder, aside: Path, manifest: Mapping[str, Any]) -> None:
    """Copy the tables into a folder of their own, then the manifest that names it; builds before the last go."""
    name = f"{BUILD}{manifest['build']}"
    former = _find_manifest(folder) or {}
    folder.inside(name).put(aside, last=MANIFEST)
    for path in aside.iterdir():
        path.unlink()
    _write_manifest(aside, {**manifest, "folder": name})
    folder.put(aside, last=MANIFEST)
    for old in folder.names():
        if old.startswith(BUILD) and old not in (name, former.get("folder")):
            folder.remove(old)


def _write_manifest(aside: Path, manifest: Mapping[str, Any]) -> None:
    (aside / MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def is_whole(data: Place, manifest: Mapping[str, Any]) -> bool:
    """Whether the tables are those the manifest was written with; a build killed while it swaps them leaves others."""
    folder, sizes = _folder_of(data, manifest), manifest.get("files", {})
    return bool(sizes) and all(folder.size(name) == size for name, size in sizes.items())


def _folder_of(data: Place, manifest: Mapping[str, Any]) -> Folder:
    return open_folder(data).inside(manifest.get("folder", ""))


def _parts_of(name: str, table: pa.Table | Iterable[pa.Table]) -> Iterable[pa.Table]:
    if isinstance(table, pa.Table):
        return [in_order(name, table)]
    return _gather(table)


def _write_parts(path: Path, parts: Iterable[pa.Table], schema: pa.Schema) -> int:
    """Write the parts as one file; the number of rows comes back."""
    rows = 0
    with pq.ParquetWriter(path, schema, compression="zstd", write_page_index=True) as writer:
        for part in parts:
            writer.write_table(part.cast(schema), row_group_size=ROW_GROUP)
            rows += part.num_rows
    return rows


def _gather(parts: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """Small parts put together until they make a row group, large ones as they are."""
    held: list[pa.Table] = []
    for part in parts:
        held.append(part)
        if sum(map(len, held)) >= ROW_GROUP or sum(table.nbytes for table in held) >= GROUP_BYTES:
            yield pa.concat_tables(held)
            held = []
    if held:
        yield pa.concat_tables(held)


def in_order(name: str, table: pa.Table) -> pa.Table:
    """The rows as the table's file holds them: in its order, coded columns as plain text."""
    keys = [(column, "ascending") for column in ORDER.get(name, ())]
    plain = table.cast(_plain(table.schema))
    return plain.sort_by(keys) if keys else plain


def read_manifest(data: Place) -> dict[str, Any]:
    """The manifest of the tables in `data`.

    Raises TablesMissingError or TablesOutdatedError, each with the command that mends it, and PlaceError.
    """
    manifest = _find_manifest(open_folder(data))
    if manifest is None:
        raise TablesMissingError(f"no tables in {data}; build them: python -m metrics build SOURCE --out {data}")
    if manifest.get("format") != FORMAT:
        raise TablesOutdatedError(
            f"tables in {data} have format {manifest.get('format')}, this program reads {FORMAT}; "
            f"rebuild them: python -m metrics build SOURCE --out {data}"
        )
    return manifest


def _find_manifest(folder: Folder) -> dict[str, Any] | None:
    try:
        with folder.open(MANIFEST) as file:
            found: dict[str, Any] = json.loads(file.read())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise PlaceError(
            f"{folder.path} cannot be read: {error}; check the place and the access rights to it"
        ) from error
    return found


def read_table(
    data: Place, name: str, columns: Sequence[str] | None = None, where: pc.Expression | None = None
) -> pa.Table:
    """Rows of table `name`, only the `columns` and rows asked for being read.

    Raises TablesMissingError, also where a build was taken away while it was read.
    """
    folder = _folder_of(data, read_manifest(data))
    try:
        return _read_rows(folder, name, list(columns) if columns else None, where)
    except FileNotFoundError as error:
        raise TablesMissingError(
            f"table {name} is missing in {data}; rebuild: python -m metrics build SOURCE --out {data}"
        ) from error


def _read_rows(folder: Folder, name: str, columns: list[str] | None, where: pc.Expression | None) -> pa.Table:
    schema = table_schema(name)
    chosen = pa.schema([schema.field(column) for column in columns or schema.names])
    if where is None:
        coded = [field.name for field in chosen if pa.types.is_dictionary(field.type)]
        with folder.open(f"{name}.parquet") as stored:
            rows = pq.ParquetFile(stored, read_dictionary=coded).read(chosen.names)
        return rows.select(chosen.names).cast(chosen)
    import pyarrow.dataset as ds  # noqa: PLC0415  (brings pandas along, which reading whole columns does without)

    # Row groups are skipped by their statistics only where the column is read as plain text.
    stored = ds.dataset(f"{folder.path}/{name}.parquet", schema=_plain(schema), filesystem=folder.files)
    return stored.to_table(columns=chosen.names, filter=where).cast(chosen)


def _plain(schema: pa.Schema) -> pa.Schema:
    """The schema with coded columns as plain text; on disk Parquet codes them by itself."""
    return pa.schema(
        [field.with_type(field.type.value_type) if pa.types.is_dictionary(field.type) else field for field in schema]
    )


def table_from_rows(name: str, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Rows as an Arrow table of the dictionary's schema; a missing column is null, an unknown one is an error."""
    known = {column.name for column in TABLES[name]}
    unknown = {key for row in rows for key in row} - known
    if unknown:
        raise ValueError(f"table {name!r} has no column {sorted(unknown)}; known: {sorted(known)}")
    return pa.Table.from_pylist([dict(row) for row in rows], schema=table_schema(name))
