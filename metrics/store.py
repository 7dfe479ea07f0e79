"""Tables on disk as Parquet with a manifest; a reader never sees half of a build."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from metrics.errors import UserError
from metrics.observations import TABLES, table_schema

if TYPE_CHECKING:
    import pyarrow.compute as pc

MANIFEST = "manifest.json"
FORMAT = 1
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


def write_tables(out: Path, tables: Mapping[str, pa.Table | Iterable[pa.Table]], manifest: Mapping[str, Any]) -> None:
    """Write every table and the manifest into `out`, replacing a former build only once all is on disk.

    A table larger than memory comes as its parts, which are written as they come.
    """
    out.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=".building-", dir=out))
    try:
        for name, table in tables.items():
            parts = (
                [_in_order(name, table.cast(_plain(table.schema)))] if isinstance(table, pa.Table) else _gather(table)
            )
            _write_parts(aside / f"{name}.parquet", parts, _plain(table_schema(name)))
        sizes = {path.name: path.stat().st_size for path in aside.iterdir()}
        whole = {"format": FORMAT, **manifest, "files": sizes}
        (aside / MANIFEST).write_text(json.dumps(whole, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        for path in sorted(aside.iterdir(), key=lambda path: path.name == MANIFEST):
            _sync(path)
            path.replace(out / path.name)
        _sync(out)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def is_whole(data: Path, manifest: Mapping[str, Any]) -> bool:
    """Whether the tables are those the manifest was written with; a build killed while it swaps them leaves others."""
    files = {name: data / name for name in manifest.get("files", ())}
    return bool(files) and all(
        path.is_file() and path.stat().st_size == manifest["files"][name] for name, path in files.items()
    )


def _write_parts(path: Path, parts: Iterable[pa.Table], schema: pa.Schema) -> None:
    with pq.ParquetWriter(path, schema, compression="zstd", write_page_index=True) as writer:
        for part in parts:
            writer.write_table(part.cast(schema), row_group_size=ROW_GROUP)


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


def _in_order(name: str, table: pa.Table) -> pa.Table:
    keys = [(column, "ascending") for column in ORDER.get(name, ())]
    return table.sort_by(keys) if keys else table


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read_manifest(data: Path) -> dict[str, Any]:
    """The manifest of the tables in `data`.

    Raises TablesMissingError or TablesOutdatedError, each with the command that mends it.
    """
    path = data / MANIFEST
    if not path.is_file():
        raise TablesMissingError(f"no tables in {data}; build them: python -m metrics build SOURCE --out {data}")
    manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if manifest.get("format") != FORMAT:
        raise TablesOutdatedError(
            f"tables in {data} have format {manifest.get('format')}, this program reads {FORMAT}; "
            f"rebuild them: python -m metrics build SOURCE --out {data}"
        )
    return manifest


def read_table(
    data: Path, name: str, columns: Sequence[str] | None = None, where: pc.Expression | None = None
) -> pa.Table:
    """Rows of table `name`, only the `columns` and rows asked for being read from disk."""
    import pyarrow.dataset as ds  # noqa: PLC0415  (loads pandas, which a build without news does without)

    path = data / f"{name}.parquet"
    if not path.is_file():
        read_manifest(data)
        raise TablesMissingError(f"{path} is missing; rebuild: python -m metrics build SOURCE --out {data}")
    schema = table_schema(name)
    chosen = list(columns) if columns else None
    if where is None:
        coded = [field.name for field in schema if pa.types.is_dictionary(field.type)]
        options = ds.ParquetFileFormat(read_options=ds.ParquetReadOptions(dictionary_columns=coded))
        return ds.dataset(path, schema=schema, format=options).to_table(columns=chosen)
    # Row groups are skipped by their statistics only where the column is read as plain text.
    rows = ds.dataset(path, schema=_plain(schema)).to_table(columns=chosen, filter=where)
    return rows.cast(pa.schema([schema.field(column) for column in rows.column_names]))


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
