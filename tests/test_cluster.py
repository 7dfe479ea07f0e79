"""Builds on a dask cluster, and from and to an object store: the same bytes as one from a folder in one process."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyarrow.fs import FileSystem

import metrics.sources as sources_module
from metrics.__main__ import main
from metrics.folders import open_folder
from metrics.pipeline import BuildError, build_tables
from metrics.sources import list_inputs
from metrics.store import TablesMissingError, read_manifest, read_table

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "cables"


def table_bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.parquet"))}


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sources") / "cables"
    folder.mkdir()
    for path in sorted(SAMPLES.glob("*.txt"))[:6]:
        shutil.copy(path, folder)
    return folder


@pytest.fixture(scope="module")
def built(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    out = tmp_path_factory.mktemp("tables")
    build_tables([str(sources)], out, progress=False)
    return table_bytes(out)


def test_two_workers_of_a_dask_cluster_give_the_same_bytes(
    sources: Path, built: dict[str, bytes], tmp_path: Path
) -> None:
    distributed = pytest.importorskip("distributed", reason="needs requirements-cluster.txt")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        build_tables([str(sources)], tmp_path, scheduler=cluster.scheduler_address, progress=False)
    assert table_bytes(tmp_path) == built


def test_a_scheduler_that_does_not_answer_is_named(sources: Path, tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="needs requirements-cluster.txt")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(BuildError, match="no dask scheduler at"):
        build_tables([str(sources)], tmp_path, scheduler=address, progress=False)


@pytest.fixture(scope="module")
def store() -> Iterator[Callable[[str], str]]:
    """An S3-compatible server of this machine: the URI of each folder in its bucket."""
    moto = pytest.importorskip("moto.server", reason="needs requirements-cluster.txt")
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        server.start()
        host, port = server.get_host_and_port()
        query = f"endpoint_override={host}:{port}&scheme=http&region=us-east-1&allow_bucket_creation=true"
        files, _ = FileSystem.from_uri(f"s3://bucket?{query}")
        files.create_dir("bucket")
        yield lambda folder: f"s3://bucket/{folder}?{query}"
        server.stop()


@pytest.fixture(scope="module")
def bucket(sources: Path, store: Callable[[str], str]) -> str:
    """The URI of the sources on the store."""
    uri = store("cables")
    open_folder(uri).put(shutil.copytree(sources, sources.parent / "copies"), last="")
    return uri


def test_cables_of_an_object_store_give_the_same_figures(bucket: str, built: dict[str, bytes], tmp_path: Path) -> None:
    report = build_tables([bucket], tmp_path, progress=False)
    assert (report.unread, report.counts["cables"]) == ([], 6)
    assert table_bytes(tmp_path)["facts.parquet"] == built["facts.parquet"]


def test_too_large_and_unknown_objects_are_named(store: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources_module, "LARGEST", 10)
    files = open_folder(store("odd"))
    with files.files.open_output_stream(f"{files.path}/09ASTANA1.txt") as large:
        large.write(b"more than ten bytes")
    with files.files.open_output_stream(f"{files.path}/picture.png") as picture:
        picture.write(b"x")
    found = [source.problem for source in list_inputs([store("odd")])]
    assert [problem.what.split(":")[0] for problem in found if problem] == [
        "larger than 0 MB",
        "not a kind of file that is read",
    ]


def stored_bytes(uri: str) -> dict[str, bytes]:
    """The tables that the manifest at a URI names."""
    manifest = read_manifest(uri)
    folder = open_folder(uri).inside(manifest["folder"])
    found = {}
    for name in manifest["files"]:
        with folder.open(name) as file:
            found[name] = file.read()
    return found


def test_tables_on_an_object_store_are_those_of_a_folder(
    sources: Path, built: dict[str, bytes], store: Callable[[str], str]
) -> None:
    out = store("tables")
    with pytest.raises(TablesMissingError, match="build them"):
        read_table(out, "facts")
    assert build_tables([str(sources)], out, progress=False).changed
    assert stored_bytes(out) == built
    assert not build_tables([str(sources)], out, progress=False).changed


def test_a_reader_of_a_store_keeps_its_build_while_the_next_is_written(
    sources: Path, store: Callable[[str], str], tmp_path: Path
) -> None:
    out, fewer = store("growing"), tmp_path / "cables"
    shutil.copytree(sources, fewer)
    builds = []
    for path in [None, *sorted(fewer.glob("*.txt"))[:2]]:
        if path:
            path.unlink()
        build_tables([str(fewer)], out, progress=False)
        builds.append(read_manifest(out)["folder"])
        assert read_table(out, "cables").num_rows == len(list(fewer.iterdir()))
    assert {name for name in open_folder(out).names() if name.startswith("build-")} == set(builds[1:])


def test_a_build_that_broke_off_on_a_store_goes_on_where_it_stopped(
    sources: Path, built: dict[str, bytes], store: Callable[[str], str]
) -> None:
    out = store("broken")
    build_tables([str(sources)], out, progress=False)
    folder = open_folder(out)
    first, second = folder.inside(".shards").names()[:2]
    folder.files.delete_file(f"{folder.path}/manifest.json")
    folder.inside(".shards").remove(first)
    folder.files.delete_file(f"{folder.path}/.shards/{second}/issues.parquet")
    build_tables([str(sources)], out, progress=False)
    assert stored_bytes(out) == built


def test_commands_read_tables_from_a_store(sources: Path, store: Callable[[str], str], tmp_path: Path) -> None:
    out = store("commanded")
    run = CliRunner().invoke
    assert run(main, ["build", str(sources), "--out", out, "--quiet"]).exit_code == 0
    cable = next(iter(sorted(sources.glob("*.txt")))).stem
    assert "[[" in run(main, ["explain", cable, "--data", out]).output
    assert run(main, ["ledger", "--data", out, "--sample", "3"]).exit_code == 0
    file = tmp_path / "facts.csv"
    drawn = run(main, ["chart", "--data", out, "--chart", "bars", "--metric", "equipment", "--out", str(file)])
    assert drawn.exit_code == 0, drawn.output
    assert file.stat().st_size > 0


@pytest.mark.parametrize(
    "uri", ["s3://bucket/x?endpoint_override=127.0.0.1:9&scheme=http&region=us-east-1", "ftp://x/y"]
)
def test_a_store_that_does_not_answer_is_named(sources: Path, uri: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    result = CliRunner().invoke(main, ["build", str(sources), "--out", uri, "--quiet"])
    assert result.exit_code == 2
    assert uri.partition("?")[0].rpartition("/")[2] in result.stderr
    assert "check" in result.stderr.lower()
