"""A full disk, a folder that takes no files, tables taken away: one clear message, and what was there stays whole."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from app_tables import write_small_tables
from click.testing import CliRunner, Result
from streamlit.testing.v1 import AppTest

from metrics import folders, store
from metrics.__main__ import main
from metrics.folders import ASIDE
from metrics.pipeline import ADDED, build_tables
from metrics.store import UnwritableError
from metrics.views import adding, data

ROOT = Path(__file__).resolve().parents[1]
CABLES = sorted((ROOT / "data" / "cables").glob("*.txt"))[:3]
FULL = OSError(errno.ENOSPC, "No space left on device")
READ_ONLY = OSError(errno.EROFS, "Read-only file system")


def failing(error: OSError, whole: int) -> Callable[..., None]:
    """The writing of a table that works so many times before the error comes."""
    write, calls = pq.ParquetWriter.write_table, []

    def fail(*args: Any, **options: Any) -> None:
        calls.append(1)
        if len(calls) > whole:
            raise error
        write(*args, **options)

    return fail


@pytest.fixture
def cables(tmp_path: Path) -> Path:
    folder = tmp_path / "cables"
    folder.mkdir()
    shutil.copy(CABLES[0], folder)
    return folder


def build(sources: Path, out: Path) -> Result:
    return CliRunner().invoke(main, ["build", str(sources), "--out", str(out), "--quiet"])


def files_of(folder: Path) -> dict[str, bytes]:
    """What readers of the folder see."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix in (".parquet", ".json")}


@pytest.mark.parametrize("whole", [0, 5, 9], ids=["first shard", "last table of a shard", "tables"])
def test_a_disk_that_fills_up_leaves_the_former_build_whole(
    cables: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: int
) -> None:
    out = tmp_path / "out"
    assert build(cables, out).exit_code == 0
    before = files_of(out)
    shutil.copy(CABLES[1], cables)
    shutil.copy(CABLES[2], cables)
    with monkeypatch.context() as patch:
        patch.setattr(pq.ParquetWriter, "write_table", failing(FULL, whole))
        result = build(cables, out)
    assert result.exit_code == 2
    assert "No space left on device" in result.stderr
    assert "Free space" in result.stderr
    assert files_of(out) == before
    assert not list(out.rglob(f"{ASIDE}*"))
    assert build(cables, out).exit_code == 0
    build_tables([str(cables)], tmp_path / "undisturbed", progress=False)
    assert files_of(out) == files_of(tmp_path / "undisturbed")


def test_a_folder_that_cannot_be_written_to_is_named(
    cables: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> str:
        raise READ_ONLY

    monkeypatch.setattr(folders.tempfile, "mkdtemp", refuse)
    result = build(cables, tmp_path / "out")
    assert result.exit_code == 2
    assert f"cannot write to {tmp_path / 'out'}" in result.stderr
    assert "Read-only file system" in result.stderr


def test_a_file_in_the_place_of_the_folder_is_named(cables: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("not a folder")
    result = build(cables, tmp_path / "out")
    assert result.exit_code == 2
    assert "choose another folder" in result.stderr


def test_adding_to_a_full_disk_adds_nothing_at_all(
    cables: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    assert build(cables, out).exit_code == 0
    before = files_of(out)
    reading = adding.read_given([adding.Given(CABLES[1].name, CABLES[1].read_bytes())], known={})

    def fill(*_: object) -> None:
        raise FULL

    with monkeypatch.context() as patch:
        patch.setattr(store, "_write_parts", fill)
        with pytest.raises(UnwritableError, match="No space left"):
            adding.add_reading(data.open_tables(out), reading)
    assert files_of(out) == before
    assert not list((out / ADDED).iterdir())
    adding.add_reading(data.open_tables(out), reading)
    assert len(list((out / ADDED).iterdir())) == 1


@pytest.mark.parametrize("gone", ["observations.parquet", "facts.parquet", "manifest.json"])
def test_tables_taken_away_under_the_running_app_are_named_with_the_command_that_mends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gone: str
) -> None:
    write_small_tables(tmp_path)
    monkeypatch.setenv("BORDER_METRICS_DATA", str(tmp_path))
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=30).run()
    assert not app.exception
    (tmp_path / gone).rename(tmp_path / "elsewhere")
    app.run()
    assert not app.exception
    assert "python -m metrics build" in app.error[0].value
    (tmp_path / "elsewhere").rename(tmp_path / gone)
    app.run()
    assert not app.error
