"""The statistical ranker: how well each metric fits a candidate, from weights trained by benchmarks/train_ranker.py."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from metrics.features import Features

WEIGHTS = Path(__file__).parent / "models" / "ranker.json"
NONE = "none"


@dataclass(frozen=True, slots=True, eq=False)
class Ranker:
    """Weights of each feature for each label: a row of `weights`; its first row are the intercepts.

    `rows` has for each group or family, and for "", the rows of the names that are crossed with it. Every name is
    among those of "", whose rows come first.
    """

    labels: tuple[str, ...]
    rows: dict[str, dict[str, int]]
    weights: np.ndarray
    threshold: float

    def score(self, features: Features) -> dict[str, float]:
        """Probability of each metric and of "none"; they sum to 1."""
        names = (*features.alone, *features.near, *features.far)
        known = [0, *filter(None, map(self.rows[""].get, names))]
        sums = np.add.reduce(self._weights_of(features.family).take(known, axis=0))
        if features.group != features.family and (rows := self.rows.get(features.group)):
            sums += np.add.reduce(self.weights[list(filter(None, map(rows.get, features.near)))])
        top = sums.max()
        powers = [math.exp(value - top) for value in sums.tolist()]
        total = sum(powers)
        return {label: power / total for label, power in zip(self.labels, powers, strict=True)}

    @lru_cache(maxsize=64)  # noqa: B019  (a program has one ranker)
    def _weights_of(self, family: str) -> np.ndarray:
        """The weights of all names, each as it is and crossed with the family taken together."""
        weights = self.weights[: 1 + len(self.rows[""])].copy()
        for name, row in self.rows.get(family, {}).items():
            weights[self.rows[""][name]] += self.weights[row]
        return weights

    def contributions(self, features: Features, label: str, count: int = 5) -> list[tuple[str, float]]:
        """The features that speak most for the label against "none", with what they add."""
        wanted, none = self.labels.index(label), self.labels.index(NONE)
        gains = []
        for name in features.names():
            crossed, _, bare = name.rpartition("|")
            if row := self.rows.get(crossed, {}).get(bare):
                gains.append((name, float(self.weights[row, wanted] - self.weights[row, none])))
        gains = [(name, gain) for name, gain in gains if gain]
        return sorted(gains, key=lambda item: (-abs(item[1]), item[0]))[:count]


@lru_cache(maxsize=1)
def load_ranker() -> Ranker:
    """The ranker shipped with the program."""
    data = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    trained: dict[str, list[tuple[int, float]]] = data["weights"]
    bare = dict.fromkeys(name.rpartition("|")[2] for name in trained)
    names = [*bare, *(name for name in trained if "|" in name)]
    weights = np.zeros((1 + len(names), len(data["labels"])), np.float32)
    weights[0] = data["intercepts"]
    cells = [(row, label, weight) for row, name in enumerate(names, 1) for label, weight in trained.get(name, ())]
    at_rows, at_labels, values = zip(*cells, strict=True)
    weights[at_rows, at_labels] = values
    rows: dict[str, dict[str, int]] = {}
    for row, name in enumerate(names, 1):
        crossed, _, plain = name.rpartition("|")
        rows.setdefault(crossed, {})[plain] = row
    return Ranker(tuple(data["labels"]), rows, weights, data["threshold"])
