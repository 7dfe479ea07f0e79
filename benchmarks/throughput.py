"""Where the time of a build goes: python benchmarks/throughput.py data/cables

Each stage's rate on one core in MB of text a second, and as a share of reading the bytes and decoding them and of a
plain search for digits in the same run. Encoding is a part of claiming. The last line is a whole build with one worker,
from listing and hashing the inputs to the tables in place, beyond start-up. With benchmarks/requirements-peers.txt also
against quantulum3, spaCy.
"""

from __future__ import annotations

import importlib.util
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import click

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from metrics.cable import Cable
from metrics.context import resolve_contexts
from metrics.encoder import load_encoder, window_of
from metrics.masking import mask_cable
from metrics.pipeline import READ_TABLES, ShardWriter, build_tables
from metrics.quantities import find_quantities
from metrics.rows import Row, read_rows
from metrics.sources import Input, decode_bytes, list_inputs, read_input
from metrics.statements import Claim, find_statements, is_in_doubt, rank_claims

DIGITS = re.compile(r"\d+")
PEER_BYTES = 100_000  # of text that a peer is measured on; at its rate the whole corpus would take hours
T = TypeVar("T")


class Clock:
    """Processor seconds by stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def time(self, stage: str, work: Callable[..., T], *args: Any) -> T:
        """What the work gives, its time added to the stage."""
        begin = time.process_time()
        result = work(*args)
        self.seconds[stage] = self.seconds.get(stage, 0.0) + time.process_time() - begin
        return result


def measure_stages(inputs: Sequence[Input], clock: Clock, folder: Path) -> tuple[list[str], list[Claim]]:
    """Time each stage over the inputs; the texts come back, and the numbers that a metric may claim."""
    find_statements(_read(inputs[0])[0])  # loads vocabularies and weights
    texts = []
    claims: list[Claim] = []
    kept: list[dict[str, list[Row]]] = []
    for source in inputs:
        texts.append(clock.time("decoding", _decode, source))
        clock.time("digits", DIGITS.findall, texts[-1])
        clock.time("masking", mask_cable, texts[-1])
        for cable in _read(source):
            clock.time("scanning", _scan, cable)
        for cable in clock.time("reading", _read, source):  # anew: a cable keeps the sentences it was asked for
            statements, _ = clock.time("claiming", find_statements, cable)
            clock.time("context", resolve_contexts, cable, statements)
            kept.append(read_rows(cable))
            claims += [claim for claim in rank_claims(cable) if claim.ranked]
    clock.time("encoding", _encode, [claim for claim in claims if is_in_doubt(claim.ranked)])
    clock.time("writing", _write, kept, folder)
    return texts, claims


def _encode(claims: Iterable[Claim]) -> None:
    for claim in claims:
        load_encoder().score(window_of(claim.candidate), claim.ranked)


def _decode(source: Input) -> str:
    return decode_bytes(Path(source.path).read_bytes())


def _read(source: Input) -> list[Cable]:
    return [found for found in read_input(source) if isinstance(found, Cable)]


def _scan(cable: Cable) -> None:
    for part in cable.paragraphs:
        for sentence in part.sentences:
            find_quantities(cable.masked, sentence.start, sentence.end)


def _build(inputs: Sequence[Input], folder: Path) -> None:
    build_tables([source.path for source in inputs], folder, progress=False)


def _write(kept: Sequence[dict[str, list[Row]]], folder: Path) -> None:
    for table in READ_TABLES:
        with ShardWriter(folder, table) as writer:
            for rows in kept:
                writer.add(rows[table], "")


def measure_peers(texts: Iterable[str], clock: Clock) -> int:
    """Time the quantity finders that are installed over the first texts; how many characters they read."""
    sample = "\n".join(texts)[:PEER_BYTES]
    for name, load in (("quantulum3", _load_quantulum), ("spaCy small", _load_spacy)):
        if (find := load()) is None:
            click.echo(f"{name}: not installed (benchmarks/requirements-peers.txt)")
            continue
        clock.time(name, find, sample)
    return len(sample)


def _load_quantulum() -> Callable[[str], object] | None:
    if importlib.util.find_spec("quantulum3") is None:
        return None
    from quantulum3 import classifier, parser  # noqa: PLC0415

    classifier.USE_CLF = False  # its model was stored by an older scikit-learn; without it it is faster

    parser.parse("5 kg")
    return lambda text: [parser.parse(line) for line in text.split("\n\n")]


def _load_spacy() -> Callable[[str], object] | None:
    if importlib.util.find_spec("spacy") is None or importlib.util.find_spec("en_core_web_sm") is None:
        return None
    import spacy  # noqa: PLC0415

    return spacy.load("en_core_web_sm")


@click.command()
@click.argument("sources", nargs=-1, required=True)
@click.option("--most", type=click.IntRange(min=1), default=500, show_default=True, help="Inputs to read.")
def main(sources: tuple[str, ...], most: int) -> None:
    """Measure over text files and folders of them."""
    files = (source for source in list_inputs(sources) if source.path.endswith(".txt") and Path(source.path).is_file())
    inputs = list(islice(files, most))
    if not inputs:
        raise click.UsageError("the sources hold no text file; unpack archives first")
    clock = Clock()
    with tempfile.TemporaryDirectory() as folder:
        texts, claims = measure_stages(inputs, clock, Path(folder))
        _build(inputs[:1], Path(folder) / "first")  # loads what only a build needs
        clock.time("whole build", _build, inputs, Path(folder) / "tables")
    sizes = dict.fromkeys(clock.seconds, sum(map(len, texts)))
    peers = measure_peers(texts, clock)
    rates = {stage: sizes.get(stage, peers) / 1e6 / max(spent, 1e-9) for stage, spent in clock.seconds.items()}
    click.echo(f"{len(texts)} texts, {sum(map(len, texts)) / 1e6:.1f} MB, one core")
    asked = sum(is_in_doubt(claim.ranked) for claim in claims)
    each = 1000 * clock.seconds["encoding"] / max(asked, 1)
    click.echo(f"encoder asked for {asked:,} of {len(claims):,} numbers that a metric may claim, {each:.1f} ms each")
    click.echo(f"{'stage':16}{'MB/s':>9}{'of decoding':>14}{'of digits':>12}")
    for stage, rate in rates.items():
        click.echo(f"{stage:16}{rate:9.2f}{rate / rates['decoding']:14.4f}{rate / rates['digits']:12.4f}")
    for peer in ("quantulum3", "spaCy small"):
        if peer in rates:
            click.echo(f"a whole build has {rates['whole build'] / rates[peer]:.0f} times the rate of {peer}")


if __name__ == "__main__":
    main()
