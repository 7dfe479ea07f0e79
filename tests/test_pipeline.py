"""A corpus through the whole pipeline: the same bytes each time, nothing lost, one bad input never stops the rest."""

from __future__ import annotations

import fcntl
import json
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from metrics.__main__ import main
from metrics.encoder import QUICK, THOROUGH
from metrics.observations import FLAGS, TABLES, table_schema
from metrics.pipeline import JOINING_CODE, READING_CODE, BuildError, build_tables
from metrics.ranker import WEIGHTS as RANKER_WEIGHTS
from metrics.reconcile.published import PUBLISHED
from metrics.store import TablesMissingError, TablesOutdatedError, read_manifest, read_table

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "data" / "cables"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("tables")
    build_tables([str(SAMPLES)], out, progress=False)
    return out


def table_bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.parquet"))}


def test_every_table_is_written_in_its_schema(built: Path) -> None:
    for name in TABLES:
        assert read_table(built, name).schema.equals(table_schema(name)), name


def test_offsets_lead_back_to_the_figure_and_its_sentence(built: Path) -> None:
    texts = {row["cable_id"]: row["text"] for row in read_table(built, "cables").to_pylist()}
    for table in ("observations", "ledger"):
        rows = read_table(built, table).to_pylist()
        assert rows, f"no rows in {table}"
        for row in rows:
            text = texts[row["cable_id"]]
            assert " ".join(text[row["start"] : row["end"]].split()) == row["value_text"]
            assert row["sentence_start"] <= row["start"] < row["end"] <= row["sentence_end"]


def test_flags_are_of_the_closed_list(built: Path) -> None:
    used = {flag for row in read_table(built, "observations").to_pylist() for flag in row["flags"]}
    assert used <= set(FLAGS)


def test_workers_and_repetition_change_no_byte(built: Path, tmp_path: Path) -> None:
    build_tables([str(SAMPLES)], tmp_path, workers=2, progress=False)
    assert table_bytes(tmp_path) == table_bytes(built)
    assert read_manifest(tmp_path) == read_manifest(built)


def test_a_build_without_change_reads_nothing_again(built: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in built.glob("*.parquet")}
    report = build_tables([str(SAMPLES)], built, progress=False)
    assert not report.changed
    assert {path: path.stat().st_mtime_ns for path in built.glob("*.parquet")} == before


def test_an_archive_gives_the_same_figures_as_its_folder(built: Path, tmp_path: Path) -> None:
    archive = tmp_path / "cables.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for path in sorted(SAMPLES.glob("*.txt")):
            packed.write(path, path.name)
    build_tables([str(archive)], tmp_path / "out", progress=False)
    packed_rows, rows = (
        read_table(folder, "observations").drop_columns(["source_sha256"]).to_pylist()
        for folder in (tmp_path / "out", built)
    )
    assert packed_rows == rows


def test_a_removed_cable_disappears_and_a_new_one_is_read(tmp_path: Path) -> None:
    folder, out = tmp_path / "cables", tmp_path / "out"
    folder.mkdir()
    first, second = sorted(SAMPLES.glob("*.txt"))[:2]
    shutil.copy(first, folder)
    build_tables([str(folder)], out, progress=False)
    assert set(read_table(out, "cables")["cable_id"].to_pylist()) == {first.stem}
    (folder / first.name).unlink()
    shutil.copy(second, folder)
    build_tables([str(folder)], out, progress=False)
    assert set(read_table(out, "cables")["cable_id"].to_pylist()) == {second.stem}
    assert set(read_table(out, "observations")["cable_id"].to_pylist()) <= {second.stem}


def test_an_interrupted_build_goes_on_where_it_stopped(built: Path, tmp_path: Path) -> None:
    build_tables([str(SAMPLES)], tmp_path, progress=False)
    for path in tmp_path.glob("*.parquet"):
        path.unlink()
    (tmp_path / "manifest.json").unlink()
    shards = sorted((tmp_path / ".shards").iterdir())
    shutil.rmtree(shards[0])
    build_tables([str(SAMPLES)], tmp_path, progress=False)
    assert table_bytes(tmp_path) == table_bytes(built)


def test_two_builds_on_one_folder_exclude_each_other(tmp_path: Path) -> None:
    with (tmp_path / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(BuildError, match="another build is writing"):
            build_tables([str(SAMPLES)], tmp_path, progress=False)


def test_a_second_copy_of_a_cable_is_named_and_not_counted(built: Path, tmp_path: Path) -> None:
    folder = tmp_path / "cables"
    shutil.copytree(SAMPLES, folder)
    (folder / "again").mkdir()
    copied = min(SAMPLES.glob("*.txt"))
    shutil.copy(copied, folder / "again")
    build_tables([str(folder)], tmp_path / "out", progress=False)
    for table in ("observations", "ledger", "facts"):
        assert read_table(tmp_path / "out", table).to_pylist() == read_table(built, table).to_pylist()
    issues = read_table(tmp_path / "out", "issues").to_pylist()
    assert [issue["cable_id"] for issue in issues if "second text" in issue["what"]] == [copied.stem]


BAD_INPUTS = {
    "empty.txt": b"",
    "binary.txt": bytes(range(256)) * 40,
    "page.html": b"<html><body><p>Nothing to see</p></body></html>",
    "picture.png": b"\x89PNG\r\n\x1a\n",
    "broken.zip": b"PK\x03\x04 not an archive",
}


@pytest.mark.parametrize("name", BAD_INPUTS)
def test_a_bad_input_is_named_and_the_rest_is_built(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "cables"
    folder.mkdir()
    good = min(SAMPLES.glob("*.txt"))
    shutil.copy(good, folder)
    (folder / name).write_bytes(BAD_INPUTS[name])
    result = CliRunner().invoke(main, ["build", str(folder), "--out", str(tmp_path / "out"), "--quiet"])
    assert result.exit_code == 1, result.output
    lines = [line for line in result.stderr.splitlines() if name in line]
    assert len(lines) == 1, result.stderr
    assert set(read_table(tmp_path / "out", "cables")["cable_id"].to_pylist()) == {good.stem}
    issues = read_table(tmp_path / "out", "issues").to_pylist()
    assert any(name in issue["source"] and issue["what"] and issue["fix"] for issue in issues)


def test_a_truncated_cable_is_named_and_the_rest_is_built(tmp_path: Path) -> None:
    folder = tmp_path / "cables"
    folder.mkdir()
    good, other = sorted(SAMPLES.glob("*.txt"))[:2]
    shutil.copy(good, folder)
    whole = other.read_text(encoding="utf-8")
    (folder / other.name).write_text(whole[: whole.index("SUBJECT:") + 40], encoding="utf-8")
    result = CliRunner().invoke(main, ["build", str(folder), "--out", str(tmp_path / "out"), "--quiet"])
    assert result.exit_code == 1, result.output
    assert [line for line in result.stderr.splitlines() if other.name in line and "no body" in line], result.stderr
    assert good.stem in read_table(tmp_path / "out", "observations")["cable_id"].to_pylist()


@pytest.mark.parametrize(("source", "what"), [("nowhere", "no such file or folder"), ("empty", "holds no files")])
def test_sources_without_a_cable_are_named_and_leave_what_was_built(
    built: Path, tmp_path: Path, source: str, what: str
) -> None:
    (tmp_path / "empty").mkdir()
    shutil.copytree(built, tmp_path / "out")
    command = ["build", str(tmp_path / source), "--out", str(tmp_path / "out"), "--quiet"]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 2
    assert what in result.stderr
    assert table_bytes(tmp_path / "out") == table_bytes(built)
    assert build_tables([str(SAMPLES)], tmp_path / "out", progress=False).changed is False


def test_a_missing_path_beside_a_good_one_is_named_and_the_rest_is_built(built: Path, tmp_path: Path) -> None:
    command = ["build", str(tmp_path / "nowhere"), str(SAMPLES), "--out", str(tmp_path / "out"), "--quiet"]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 1
    assert "no such file or folder" in result.stderr
    assert read_table(tmp_path / "out", "facts").equals(read_table(built, "facts"))


def test_a_cable_in_two_folders_called_alike_is_counted_once(tmp_path: Path) -> None:
    cable = min(SAMPLES.glob("*.txt"))
    for parent in ("a", "b"):
        (tmp_path / parent / "cables").mkdir(parents=True)
        shutil.copy(cable, tmp_path / parent / "cables")
    build_tables([str(tmp_path / parent / "cables") for parent in ("a", "b", "a")], tmp_path / "out", progress=False)
    assert read_table(tmp_path / "out", "cables")["cable_id"].to_pylist() == [cable.stem]
    [copy] = [row for row in read_table(tmp_path / "out", "issues").to_pylist() if "second text" in row["what"]]
    assert copy["source"] == f"cables/{cable.name} (2)"


def test_a_cable_twice_in_a_list_is_counted_once(tmp_path: Path) -> None:
    cable = min(SAMPLES.glob("*.txt"))
    item = {"id": cable.stem, "text": cable.read_text(encoding="utf-8")}
    (tmp_path / "list.json").write_text(json.dumps([item, item, {"id": "x"}]), encoding="utf-8")
    report = build_tables([str(tmp_path / "list.json")], tmp_path / "out", progress=False)
    assert report.counts["cables"] == 1
    assert [issue["what"] for issue in report.unread] == ["object 3 has no text"]


def test_tables_missing_and_outdated_say_what_to_do(tmp_path: Path, built: Path) -> None:
    with pytest.raises(TablesMissingError, match="python -m metrics build"):
        read_table(tmp_path, "facts")
    manifest = read_manifest(built)
    (tmp_path / "manifest.json").write_text(json.dumps({**manifest, "format": 0}), encoding="utf-8")
    with pytest.raises(TablesOutdatedError, match="rebuild them"):
        read_manifest(tmp_path)


def test_the_command_that_outdated_tables_name_rebuilds_them(tmp_path: Path, built: Path) -> None:
    shutil.copytree(built, tmp_path / "old")
    manifest = json.loads((tmp_path / "old" / "manifest.json").read_text(encoding="utf-8"))
    (tmp_path / "old" / "manifest.json").write_text(json.dumps({**manifest, "format": 0}), encoding="utf-8")
    assert build_tables([str(SAMPLES)], tmp_path / "old", progress=False).changed
    assert read_manifest(tmp_path / "old") == read_manifest(built)


def test_tables_can_be_read_by_any_parquet_reader(built: Path) -> None:
    meaning = pq.read_schema(built / "observations.parquet").field("per").metadata[b"meaning"]
    assert b"rate" in meaning


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_killed_build_run_again_gives_the_same_bytes(built: Path, tmp_path: Path, share: float) -> None:
    command = [sys.executable, "-m", "metrics", "build", str(SAMPLES), "--out", str(tmp_path), "--quiet"]
    process = subprocess.Popen(command, cwd=ROOT)
    shards = tmp_path / ".shards"
    wanted = share * len(list((built / ".shards").iterdir()))
    while process.poll() is None and (not shards.is_dir() or len(list(shards.iterdir())) < wanted):
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not (tmp_path / "manifest.json").exists()
    build_tables([str(SAMPLES)], tmp_path, progress=False)
    assert table_bytes(tmp_path) == table_bytes(built)
    assert not list(tmp_path.glob(".building-*"))


def test_tables_left_by_a_build_killed_while_it_swapped_them_are_made_again(built: Path, tmp_path: Path) -> None:
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    (tmp_path / "facts.parquet").write_bytes((tmp_path / "checks.parquet").read_bytes())
    assert build_tables([str(SAMPLES)], tmp_path, progress=False).changed
    assert table_bytes(tmp_path) == table_bytes(built)


def test_published_figures_are_among_what_facts_depend_on() -> None:
    assert PUBLISHED in {path.resolve() for pattern in JOINING_CODE for path in (ROOT / "metrics").glob(pattern)}


@pytest.mark.parametrize("weights", [RANKER_WEIGHTS, QUICK, THOROUGH])
def test_a_model_trained_anew_makes_kept_shards_stale(weights: Path) -> None:
    assert any(weights in (ROOT / "metrics").glob(pattern) for pattern in READING_CODE)
