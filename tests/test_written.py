"""The texts written for training."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.train_ranker import WRITTEN, read_marks, read_written
from metrics.catalog import METRICS


@pytest.mark.parametrize("path", sorted(WRITTEN.rglob("*.txt")), ids=lambda path: path.stem)
def test_every_mark_of_a_written_text_names_a_metric(path: Path) -> None:
    for part in path.read_text(encoding="utf-8").split("\n===\n"):
        _, spans = read_marks(part)
        assert part.strip(), "a text is empty: two lines === follow each other"
        assert set(spans.values()) <= METRICS.keys(), part[:80]


def test_a_marked_number_is_a_figure_and_the_others_are_none(tmp_path: Path) -> None:
    first = "SUBJECT: PORT\n\n1. (U) At the border [seizures 12] rifles were found by a guard of 40 years."
    text = f"{first}\n===\nIt has 3 gates."
    (tmp_path / "one.txt").write_text(text, encoding="utf-8")
    samples = read_written(tmp_path)
    assert [(sample.window.number, sample.label) for sample in samples] == [
        ("12", "seizures"),
        ("40", "none"),
        ("3", "none"),
    ]
    assert samples[0].window.topic == "PORT"
