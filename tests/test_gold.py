"""The quality gate: figures read from reference cables against the reference, never below the pinned floors.

Floors stand in tests/floors.json. `python -m pytest tests/test_gold.py --pin-floors` writes what is measured now; it
refuses to lower a floor unless `--lower-floors` says so.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from metrics.evaluate import (
    ATTRIBUTES,
    Evaluation,
    Score,
    evaluate,
    read_reference,
    read_scores,
    render_errors,
    render_scores,
    write_scores,
)
from metrics.pipeline import read_observations

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
FLOORS = Path(__file__).with_name("floors.json")


class Part(NamedTuple):
    """A set of reference figures with its cables; `only` and `skip` are files of cable ids."""

    gold: Path
    cables: Path
    only: Path | None = None
    skip: Path | None = None


VALIDATION = SHARED / "gold" / "dev_validation.txt"
PARTS = {
    "seeds": Part(SHARED / "gold" / "seeds.jsonl", SHARED / "cables" / "seeds"),
    "tuning": Part(SHARED / "gold" / "dev.jsonl", SHARED / "cables" / "dev", skip=VALIDATION),
    "validation": Part(SHARED / "gold" / "dev.jsonl", SHARED / "cables" / "dev", only=VALIDATION),
    "samples": Part(ROOT / "data" / "reference" / "sample_figures.jsonl", ROOT / "data" / "cables"),
}


@cache
def read_part(cables: Path) -> tuple[list[dict], dict[str, str]]:
    return read_observations([str(cables)])


@cache
def score_part(name: str) -> Evaluation:
    part = PARTS[name]
    rows, texts = read_part(part.cables)
    ids = set(part.only.read_text(encoding="utf-8").split()) if part.only else set(texts)
    ids -= set(part.skip.read_text(encoding="utf-8").split()) if part.skip else set()
    reference = [figure for figure in read_reference([part.gold]) if figure["cable"] in ids]
    return evaluate(reference, [row for row in rows if row["cable_id"] in ids], texts)


def measured(score: Score) -> Iterator[tuple[str, float]]:
    yield from (("precision", score.precision), ("recall", score.recall), ("f1", score.f1))
    yield from ((name, score.share(name)) for name in ATTRIBUTES)


@pytest.mark.parametrize("name", PARTS)
def test_scores_stay_above_their_floors(name: str, request: pytest.FixtureRequest) -> None:
    if name != "samples":
        request.getfixturevalue("shared")
    result = score_part(name)
    print(f"\n{name}\n{render_scores(result)}")
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))[name]
    below = [
        f"{what} {value:.4f} is below its floor {floors[what]}"
        for what, value in measured(result.overall)
        if value < floors[what]
    ]
    # Figures of the validation part are not looked at, so that it stays an honest estimate.
    detail = "" if name == "validation" else f"\n{render_errors(result)}"
    assert not below, "\n".join(below) + detail


def test_every_measure_of_every_part_has_a_floor() -> None:
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))
    assert set(floors) == set(PARTS)
    wanted = {what for what, _ in measured(Score())}
    assert all(set(values) == wanted for values in floors.values())


@pytest.mark.usefixtures("shared")
def test_the_scores_that_the_app_shows_are_those_measured() -> None:
    measured_now = {
        metric: (score.found, score.false, score.missed) for metric, score in score_part("validation").by_metric.items()
    }
    shown = {metric: (score.found, score.false, score.missed) for metric, score in read_scores().items()}
    assert shown == measured_now, "data/reference/scores.json is stale; --pin-floors writes it"


def test_floors_are_pinned_on_request_only(request: pytest.FixtureRequest) -> None:
    if not request.config.getoption("--pin-floors"):
        pytest.skip("runs with --pin-floors only: it rewrites the floors")
    request.getfixturevalue("shared")
    former = json.loads(FLOORS.read_text(encoding="utf-8")) if FLOORS.is_file() else {}
    floors = {
        name: {what: math.floor(value * 1000) / 1000 for what, value in measured(score_part(name).overall)}
        for name in PARTS
    }
    lowered = [
        f"{name} {what}: {former[name][what]} -> {value}"
        for name, values in floors.items()
        for what, value in values.items()
        if value < former.get(name, {}).get(what, 0)
    ]
    assert not lowered or request.config.getoption("--lower-floors"), "\n".join(lowered)
    FLOORS.write_text(json.dumps(floors, indent=1) + "\n", encoding="utf-8")
    write_scores(score_part("validation"))
