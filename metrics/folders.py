"""Folders on disk and on object stores by one interface: what is put into one is there whole or not at all."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
from pyarrow.fs import FileInfo, FileSelector, FileSystem, FileType, LocalFileSystem, copy_files

from metrics.errors import UserError

URI = re.compile(r"[a-z][a-z0-9+]{1,15}://")
ASIDE = ".building-"  # start of the names under which files are written before they are swapped in

Place = Path | str  # a folder of this machine, or the URI of one on an object store


class PlaceError(UserError):
    """A place that cannot be reached; the message names it and what to check."""


def is_uri(place: Place) -> bool:
    """Whether the place is on an object store.

    >>> is_uri("s3://bucket/tables"), is_uri("file:///data/tables"), is_uri("data/tables")
    (True, False, False)
    """
    return isinstance(place, str) and bool(URI.match(place)) and not place.startswith("file://")


def read_place(text: str) -> Place:
    """The place that a command line or a setting names."""
    return text if is_uri(text) else Path(text.removeprefix("file://"))


@lru_cache(maxsize=16)
def connect(uri: str) -> tuple[FileSystem, str]:
    """The store and the path in it that a URI names (s3://, gs://, abfs://, hdfs://); raises PlaceError."""
    try:
        store, path = FileSystem.from_uri(uri)
    except (OSError, ValueError) as error:
        raise PlaceError(f"{uri} cannot be reached: {error}; check the URI and the access rights to it") from error
    return store, path.rstrip("/")


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder: its file system and the path in it; workers of a cluster may be handed one."""

    files: FileSystem
    path: str

    @property
    def on_disk(self) -> bool:
        """Whether files can be renamed in it, which an object store cannot do."""
        return isinstance(self.files, LocalFileSystem)

    def inside(self, name: str) -> Folder:
        """The folder of that name in this one; with "" this one."""
        return Folder(self.files, f"{self.path}/{name}") if name else self

    def size(self, name: str) -> int | None:
        """Bytes of a file; None where there is no such file."""
        info = self.files.get_file_info(f"{self.path}/{name}")
        return info.size if info.type == FileType.File else None

    def open(self, name: str) -> pa.NativeFile:
        """A file to read from; raises FileNotFoundError."""
        return self.files.open_input_file(f"{self.path}/{name}")

    def names(self) -> list[str]:
        """Names of all files and folders in it, hidden ones too."""
        found: list[FileInfo] = self.files.get_file_info(FileSelector(self.path, allow_not_found=True))
        return sorted(info.base_name for info in found)

    def remove(self, name: str) -> None:
        """Take away a folder with all it holds."""
        self.files.delete_dir(f"{self.path}/{name}")

    @contextmanager
    def aside(self) -> Iterator[Path]:
        """An empty folder of this machine to write files into before they are put here; gone afterwards."""
        if self.on_disk:
            self.files.create_dir(self.path)
        aside = Path(tempfile.mkdtemp(prefix=ASIDE, dir=self.path if self.on_disk else None))
        try:
            yield aside
        finally:
            shutil.rmtree(aside, ignore_errors=True)

    def sweep(self) -> None:
        """Take away what killed programs left half written."""
        if self.on_disk:
            for path in Path(self.path).glob(f"{ASIDE}*"):
                shutil.rmtree(path, ignore_errors=True)

    def put(self, aside: Path, *, last: str) -> None:
        """Move the files of `aside` here, each whole or not at all; the one named `last` after all others."""
        names = sorted((path.name for path in aside.iterdir()), key=lambda name: (name == last, name))
        if self.on_disk:
            _swap(aside, Path(self.path), names)
        else:
            for name in names:
                copy_files(str(aside / name), f"{self.path}/{name}", LocalFileSystem(), self.files)


def open_folder(place: Place) -> Folder:
    """The folder at a place, there already or not."""
    if isinstance(place, str) and is_uri(place):
        return Folder(*connect(place))
    return Folder(LocalFileSystem(), str(Path(place).absolute()))


def _swap(aside: Path, folder: Path, names: list[str]) -> None:
    """Rename files into a folder once all of them are on the disk, so that readers meet a mixture for an instant."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        _sync(aside / name)
    for name in names:
        (aside / name).replace(folder / name)
    _sync(folder)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
