"""Inputs of any shape, led by what they reach in the code: python -m benchmarks.fuzz --runs 10000

Needs requirements-fuzz.txt. Each target takes bytes, reads them as far as table rows and checks what must hold of
any input: no exception, spans that stand in the text, no input over a second of processor time. Stops at the first
input that breaks it and leaves that input in the folder that --keep names.
"""

from __future__ import annotations

import io
import json
import os
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parents[1]
SLOWEST = 1.0  # processor seconds for one input
LONGEST = 2000  # bytes of one input
HEADER = (
    "R 011200Z JAN 09\nFM AMEMBASSY ASTANA\nC O N F I D E N T I A L ASTANA 000123\nTAGS: PREL, KZ\nSUBJECT: POSTS\n\n"
)
ROW = '"1","9/16/2009 7:15","09ASTANA123","Embassy Astana","SECRET","","{}","{}"\n'
# How a passage of a cable stands in each kind of file.
SEEDS: dict[str, Callable[[str], bytes]] = {
    "txt": lambda passage: (HEADER + passage).encode(),
    "html": lambda passage: f"<html><body><pre>{HEADER}</pre><pre>{passage}</pre></body></html>".encode(),
    "csv": lambda passage: ROW.format(HEADER, passage.replace('"', '\\"')).encode(),
    "jsonl": lambda passage: (json.dumps({"id": "09ASTANA123", "text": HEADER + passage}) + "\n").encode(),
    "json": lambda passage: json.dumps([{"id": "09ASTANA123", "text": HEADER + passage}]).encode(),
    "zip": lambda passage: _archive_of({"09ASTANA123.txt": (HEADER + passage).encode(), "a.csv": b"1,2"}),
    "quantities": lambda passage: passage.encode(),
}


def _archive_of(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def passages() -> Iterator[str]:
    """Paragraphs of the sample cables, which were written for the project."""
    for path in sorted((ROOT / "data" / "cables").glob("*.txt")):
        yield from (part for part in path.read_text(encoding="utf-8").split("\n\n") if len(part) < LONGEST // 2)


def check_file(path: Path) -> None:
    """Read a file as far as rows of the tables; fails where a row does not stand in its cable."""
    from metrics.cable import Cable, Problem  # noqa: PLC0415  (instrumented when first loaded)
    from metrics.rows import read_rows  # noqa: PLC0415
    from metrics.sources import read_sources  # noqa: PLC0415
    from metrics.store import table_from_rows  # noqa: PLC0415

    for found in read_sources([path]):
        assert isinstance(found, Cable | Problem)
        if isinstance(found, Cable):
            for table, rows in read_rows(found).items():
                table_from_rows(table, rows)
                for row in rows if table in ("observations", "ledger") else ():
                    assert " ".join(found.text[row["start"] : row["end"]].split()) == row["value_text"]


def check_quantities(data: bytes) -> None:
    """Find the quantities of a text; fails where they do not stand in order."""
    from metrics.quantities import find_quantities  # noqa: PLC0415  (instrumented when first loaded)

    text, done = data.decode("utf-8", "replace"), 0
    for quantity in find_quantities(text):
        assert done <= quantity.start < quantity.end <= len(text)
        assert quantity.low is None or quantity.high is None or quantity.low <= quantity.high
        done = quantity.end


def check(target: str, folder: Path, data: bytes) -> None:
    """Run one input; fails where it breaks a rule."""
    if target == "quantities":
        check_quantities(data)
    else:
        path = folder / f"09ASTANA123.{target}"
        path.write_bytes(data)
        check_file(path)


def fuzz(target: str, runs: int, seed: int, keep: Path) -> None:
    """Run a target in this process, which ends with it."""
    import atheris  # noqa: PLC0415  (requirements-fuzz.txt)

    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    found, seeds = folder / "found", folder / "seeds"
    for path in (found, seeds):
        path.mkdir()
    for number, passage in enumerate(passages()):
        (seeds / str(number)).write_bytes(SEEDS[target](passage))
    with atheris.instrument_imports(include=["metrics"]):
        check(target, folder, SEEDS[target]("There are 12 posts."))  # loads code and vocabularies
    options = {"runs": runs, "seed": seed, "max_len": LONGEST, "verbosity": 0, "artifact_prefix": f"{keep}/{target}-"}
    arguments = [sys.argv[0], *(f"-{name}={value}" for name, value in options.items()), str(found), str(seeds)]

    def run(data: bytes) -> None:
        begin = time.process_time()
        check(target, folder, data)
        spent = time.process_time() - begin
        assert spent < SLOWEST, f"{spent:.1f} s for {len(data)} bytes"

    atheris.Setup(arguments, run)
    atheris.Fuzz()


@click.command()
@click.option("--target", "targets", type=click.Choice(list(SEEDS)), multiple=True, help="Only these.  [default: all]")
@click.option("--runs", type=int, default=10_000, show_default=True, help="Inputs for each target.")
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--keep", type=click.Path(file_okay=False, path_type=Path), default=Path("test-results"))
def main(targets: tuple[str, ...], runs: int, seed: int, keep: Path) -> None:
    """Run each target in a process of its own; exit code 1 where one found something."""
    keep.mkdir(parents=True, exist_ok=True)
    failed = []
    for target in targets or SEEDS:
        begin = time.monotonic()
        child = os.fork()
        if not child:
            fuzz(target, runs, seed, keep)
        _, status = os.waitpid(child, 0)
        click.echo(
            f"{target}: {'failed' if status else 'no failure'} in {runs:,} runs, {time.monotonic() - begin:.0f} s"
        )
        failed += [target] if status else []
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
