"""The fast ways through the word classes say the same as reading word by word."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from metrics.cable import Cable, read_cable
from metrics.features import BORDER_CUES, SHORT, TOPIC_NAMES, border_paragraphs
from metrics.statements import find_statements
from metrics.vocabulary.classes import classify_words, count_cues, cue_scan, load_lexicons

SAMPLES = sorted((Path(__file__).resolve().parents[1] / "data" / "cables").glob("*.txt"))
PLAIN = "The minister met 12 guests and gave 30 speeches. "


def cable_of(body: str) -> Cable:
    return read_cable(f"UNCLAS ASTANA 000123\nE.O. 12958: N/A\nTAGS: PREL\nSUBJECT: TALKS\n\n1. (U) {body}")


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_cues_counted_in_one_pass_are_those_of_the_classified_words(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tokens = classify_words(text)
    counts = Counter(name for token in tokens for name in token.cues if name in TOPIC_NAMES)
    assert count_cues(text, TOPIC_NAMES) == counts | Counter(words=len(tokens))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_word_looked_up_alone_has_the_classes_of_the_phrases_that_begin_with_it(path: Path) -> None:
    tokens = classify_words(path.read_text(encoding="utf-8"))
    words = tuple(token.word for token in tokens)
    _, verbs, cues = load_lexicons()
    for index, token in enumerate(tokens):
        if "-" not in token.word:
            assert (token.verbs, token.cues) == (verbs.all(words, index), cues.all(words, index))


@pytest.mark.parametrize("words", ["a cross-border raid", "the BORDER itself", "at customs", "smugglers’ trucks"])
def test_a_cue_word_is_found_by_the_scan(words: str) -> None:
    assert BORDER_CUES.intersection(count_cues(words, BORDER_CUES))
    assert cue_scan(BORDER_CUES).search(words.encode("ascii", "replace"))


def test_a_long_cable_without_a_border_word_has_no_figure_and_no_ledger() -> None:
    plain = cable_of(PLAIN * (SHORT // len(PLAIN) + 1))
    assert border_paragraphs(plain) == []
    assert find_statements(plain) == ([], [])
    assert border_paragraphs(cable_of(PLAIN))


def test_of_a_long_cable_the_paragraphs_that_speak_of_borders_are_read() -> None:
    cable = cable_of(PLAIN * (SHORT // len(PLAIN) + 1) + "\n\n2. Customs closed 3 posts.\n\n3. Wheat cost 12 dollars.")
    assert [paragraph.number for paragraph in border_paragraphs(cable)] == [2]
