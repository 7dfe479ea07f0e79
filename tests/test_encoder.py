"""The encoder: what it is shown, how words are cut, and when it is asked."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from metrics import statements
from metrics.cable import read_cable
from metrics.catalog import METRICS
from metrics.encoder import (
    CLOSE,
    MOST_LEFT,
    MOST_NUMBER,
    MOST_RIGHT,
    MOST_TOPIC,
    OPEN,
    QUICK_DOUBT,
    Encoder,
    Window,
    load_encoder,
    window_of,
)
from metrics.features import find_candidates
from metrics.ranker import NONE, load_ranker
from metrics.statements import explain_claims, rank_claims


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder()


def test_ranker_and_encoder_know_the_same_metrics(encoder: Encoder) -> None:
    assert set(encoder.labels) == set(load_ranker().labels) == {*METRICS, NONE}


def test_a_window_ends_with_its_paragraph_and_names_the_heading() -> None:
    text = "Subject: Ports\n\n1. (U) Nothing.\n\nSeizures\n\n2. (U) Guards seized 12 rifles.\n\n3. (U) They left."
    (candidate,) = [one for one in find_candidates(read_cable(text, name="EXAMPLE")) if one.quantity.low == 12]
    window = window_of(candidate)
    assert (window.number, window.right) == ("12", " rifles.")
    assert window.left.endswith("Guards seized ")
    assert "Nothing" not in window.left
    assert window.topic == candidate.where.paragraph.heading


def test_of_a_long_paragraph_the_words_next_to_the_number_are_read(encoder: Encoder) -> None:
    pieces = encoder.pieces
    window = Window("port " * 50, "far " * 90 + "guards seized ", "1 2 3 " * 20, " rifles" + " later" * 90)
    ids, at = pieces.read(window)
    names = [name for name, _ in sorted(pieces.places.items(), key=lambda item: item[1])]
    read = [names[place] for place in ids]
    assert read[at] == OPEN
    assert read[at - 2 : at] == ["guards", "seized"]
    assert read[read.index(CLOSE) + 1] == "rifles"
    assert len(ids) == MOST_TOPIC + MOST_LEFT + MOST_NUMBER + MOST_RIGHT + 5


def test_case_and_accents_make_no_difference(encoder: Encoder) -> None:
    assert encoder.pieces.cut("CÚCUTA Border") == encoder.pieces.cut("cucuta border")


@given(some.text(max_size=200))
def test_any_text_can_be_cut(text: str) -> None:
    pieces = load_encoder().pieces
    assert all(0 <= place < len(pieces.places) for place in pieces.cut(text))


def test_a_score_does_not_depend_on_what_was_asked_before(encoder: Encoder) -> None:
    ranked = dict.fromkeys(encoder.labels, 1 / len(encoder.labels))
    windows = [
        Window("Narcotics", "Customs officers at the border seized ", "40 kilos", " of heroin hidden in a truck."),
        Window("Economy", "The ministry expects growth of ", "40", " percent in retail trade this year."),
    ]
    first = [encoder.score(window, ranked) for window in windows]
    assert [encoder.score(window, ranked) for window in reversed(windows)] == first[::-1]
    assert first[0]["seizures"] > 0.5 > first[1]["seizures"]
    assert sum(first[0].values()) == pytest.approx(1)


@pytest.mark.parametrize(("quick_sums", "asked"), [([0.0, 0.5], True), ([6.0, 0.0], False)])
def test_the_thorough_reader_is_asked_where_ranker_and_quick_one_are_in_doubt(
    encoder: Encoder, quick_sums: list[float], asked: bool
) -> None:
    class Reader:
        def __init__(self, sums: list[float]) -> None:
            self.sums, self.calls = np.array([sums]), 0

        def run(self, _names: None, _given: dict[str, np.ndarray]) -> list[np.ndarray]:
            self.calls += 1
            return [self.sums, np.zeros((1, 3, 4))][: 2 if self is quick else 1]

    labels = (NONE, "seizures")
    quick, thorough = Reader(quick_sums), Reader([0.0, 3.0])
    readers = Encoder(quick, thorough, encoder.pieces, labels)
    found = readers.score(Window("", "Guards seized ", "40 kilos", "."), {NONE: 0.5, "seizures": 0.5})
    assert (quick.calls, thorough.calls) == (1, int(asked))
    for_it = quick_sums[1] - quick_sums[0]
    odds = math.exp((for_it + 3) / 3) if asked else math.exp(for_it / 2)
    assert found["seizures"] / found[NONE] == pytest.approx(odds, rel=1e-3)


def test_only_a_ranker_in_doubt_asks_the_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    cable = read_cable(
        "Border guards at the crossing seized 12 kilos of heroin. A border town lies 12 kilometers to the north. "
        "The border committee of 14 will see the port.",
        name="EXAMPLE",
    )
    alone = [load_ranker().score(one.features) for one in find_candidates(cable) if one.quantity.reason is None]
    doubtful = [ranked for ranked in alone if QUICK_DOUBT[0] < 1 - ranked[NONE] < QUICK_DOUBT[1]]
    asked = []

    class Recorder:
        def score(self, window: Window, ranked: dict[str, float]) -> dict[str, float]:
            asked.append(ranked)
            return ranked

    monkeypatch.setattr(statements, "load_encoder", Recorder)
    claims = rank_claims(cable)
    assert all(ranked in doubtful for ranked in asked)
    assert 0 < len(asked) < len(claims)


def test_the_explanation_shows_the_pooled_score_and_the_rankers_own() -> None:
    cable = read_cable("The border committee of 14 will see the port.", name="EXAMPLE")
    (claim,) = rank_claims(cable)
    pooled, own = claim.scores["personnel"], claim.ranked["personnel"]
    assert round(pooled, 3) != round(own, 3)
    assert f"{'personnel':22}{pooled:6.3f}  ranker {own:.3f}: " in explain_claims(cable)
