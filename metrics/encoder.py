"""Two small transformers that read the words around a number, asked where the ranker is in doubt.

The ranker knows a word by its classes and is fast; these know how words stand together, and take some milliseconds a
number: a quick one, and a thorough one for what is in doubt still. benchmarks/train_encoder.py trains them. onnxruntime
computes them on one thread and for one number at a time, so that a score does not depend on what else a cable holds.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnxruntime

from metrics.features import Candidate
from metrics.ranker import NONE

MODELS = Path(__file__).parent / "models"
QUICK, THOROUGH = MODELS / "quick.onnx", MODELS / "thorough.onnx"
# Between which probabilities that any metric claims a number each of them is asked: the quick one by the ranker's, the
# thorough one by what the ranker and the quick one think together.
QUICK_DOUBT, THOROUGH_DOUBT = (0.02, 0.95), (0.1, 0.9)
MOST_TOPIC, MOST_LEFT, MOST_NUMBER, MOST_RIGHT = 10, 32, 8, 18  # pieces of words
REACH = 500  # characters of a paragraph, on either side
LEAST = 1e-6  # probability
START, END, UNKNOWN, OPEN, CLOSE = "[CLS]", "[SEP]", "[UNK]", "[", "]"
_WORD = re.compile(r"[^\W_]+|[^\s\w]|_")


class Window(NamedTuple):
    """The words that the encoder is shown: the heading, or the cable's subject, and those around the number."""

    topic: str
    left: str
    number: str
    right: str


def window_of(candidate: Candidate) -> Window:
    """The window around a candidate, inside its paragraph."""
    quantity, where = candidate.quantity, candidate.where
    cable, paragraph = where.reading.cable, where.paragraph
    return Window(
        paragraph.heading or cable.subject,
        cable.masked[max(paragraph.start, quantity.start - REACH) : quantity.start],
        cable.masked[quantity.start : quantity.end],
        cable.masked[quantity.end : min(paragraph.end, quantity.end + REACH)],
    )


class Pieces:
    """Cuts words into the longest pieces that a list of pieces holds; those inside a word begin with "##".

    Source: WordPiece (Wu et al. 2016), as the pre-trained model reads.

    >>> Pieces(["[UNK]", "port", "##al", "of", "en", "##try"]).cut("Portal of entry, porta")
    [1, 2, 3, 4, 5, 0, 0]
    """

    def __init__(self, pieces: Sequence[str]) -> None:
        self.places = {piece: place for place, piece in enumerate(pieces)}
        self._cut_word = lru_cache(maxsize=20_000)(self._find)

    def cut(self, text: str) -> list[int]:
        """Places of the pieces of a text, case and accents left aside."""
        plain = text.lower()
        if not plain.isascii():
            plain = "".join(mark for mark in unicodedata.normalize("NFD", plain) if not unicodedata.combining(mark))
        return [place for word in _WORD.findall(plain) for place in self._cut_word(word)]

    def _find(self, word: str) -> tuple[int, ...]:
        found: list[int] = []
        start = 0
        while start < len(word):
            lead = "##" if start else ""
            end = next((at for at in range(len(word), start, -1) if lead + word[start:at] in self.places), None)
            if end is None:
                return (self.places[UNKNOWN],)
            found.append(self.places[lead + word[start:end]])
            start = end
        return tuple(found)

    def read(self, window: Window) -> tuple[list[int], int]:
        """Places of the pieces of a window, and which of them stands before the number."""
        topic, left, number, right = map(self.cut, window)
        before = [self.places[START], *topic[:MOST_TOPIC], *self.cut(":"), *left[-MOST_LEFT:]]
        after = [self.places[CLOSE], *right[:MOST_RIGHT], self.places[END]]
        return [*before, self.places[OPEN], *number[:MOST_NUMBER], *after], len(before)


def is_within(claimed: float | np.ndarray, bounds: tuple[float, float]) -> bool | np.ndarray:
    """Whether a probability, or which of several, lies between the bounds.

    >>> is_within(0.5, THOROUGH_DOUBT), is_within(np.array([0.05, 0.5]), THOROUGH_DOUBT).tolist()
    (True, [False, True])
    """
    return (claimed > bounds[0]) & (claimed < bounds[1])


def pool(read: np.ndarray, ranked: np.ndarray) -> np.ndarray:
    """Probabilities from the readers' sums, readers x numbers x labels, and the ranker's, numbers x labels.

    Their mean by logarithm: where one of them thinks a label impossible, so does the mean.

    >>> pool(np.log([[[0.9, 0.1]]]), np.array([[0.1, 0.9]])).round(2).tolist()
    [[0.5, 0.5]]
    """
    logs = np.concatenate([read, np.log(ranked + LEAST)[None]]).mean(axis=0)
    powers = np.exp(logs - logs.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


@dataclass(frozen=True, slots=True, eq=False)
class Encoder:
    """The trained models with their pieces of words and their labels."""

    quick: onnxruntime.InferenceSession
    thorough: onnxruntime.InferenceSession
    pieces: Pieces
    labels: tuple[str, ...]

    def score(self, window: Window, ranked: Mapping[str, float]) -> dict[str, float]:
        """Probability of each label, the mean of those asked and the ranker's by logarithm; they sum to 1."""
        ids, at = self.pieces.read(window)
        own, place = np.array([[ranked[label] for label in self.labels]]), np.array([at])
        sums, states = self.quick.run(None, {"ids": np.array([ids]), "at": place})
        shares = pool(sums[None], own)[0]
        if is_within(1 - shares[self.labels.index(NONE)], THOROUGH_DOUBT):
            (more,) = self.thorough.run(None, {"states": states, "at": place})
            shares = pool(np.stack([sums, more]), own)[0]
        return dict(zip(self.labels, shares.tolist(), strict=True))


@lru_cache(maxsize=1)
def load_encoder() -> Encoder:
    """The encoder shipped with the program."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    quick, thorough = (
        onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        for path in (QUICK, THOROUGH)
    )
    about = quick.get_modelmeta().custom_metadata_map
    return Encoder(quick, thorough, Pieces(json.loads(about["pieces"])), tuple(json.loads(about["labels"])))
