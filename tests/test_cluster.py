"""A build on a dask cluster and one from an object store: the same bytes as one from a folder in one process."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from metrics.pipeline import BuildError, build_tables

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


@pytest.fixture
def bucket(sources: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The URI of the sources on an S3-compatible server of this machine."""
    moto = pytest.importorskip("moto.server", reason="needs requirements-cluster.txt")
    import boto3  # noqa: PLC0415  (comes with moto)

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    store = boto3.client("s3", endpoint_url=f"http://{host}:{port}", region_name="us-east-1")
    store.create_bucket(Bucket="cables")
    for path in sources.iterdir():
        store.put_object(Bucket="cables", Key=f"cables/{path.name}", Body=path.read_bytes())
    yield f"s3://cables/cables?endpoint_override={host}:{port}&scheme=http&region=us-east-1"
    server.stop()


def test_cables_of_an_object_store_give_the_same_figures(bucket: str, built: dict[str, bytes], tmp_path: Path) -> None:
    report = build_tables([bucket], tmp_path, progress=False)
    assert (report.unread, report.counts["cables"]) == ([], 6)
    assert {name: data for name, data in table_bytes(tmp_path).items() if name == "facts.parquet"} == {
        "facts.parquet": built["facts.parquet"]
    }
