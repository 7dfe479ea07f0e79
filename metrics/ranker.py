"""The statistical ranker: how well each metric fits a candidate, from weights trained by benchmarks/train_ranker.py."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from metrics.features import Features

WEIGHTS = Path(__file__).parent / "ranker.json"
NONE = "none"


@dataclass(frozen=True, slots=True)
class Ranker:
    """Weights of each feature for each label: a row of `weights`; its first row are the intercepts.

    `rows` has for each group or family, and for "", the rows of the names that are crossed with it.
    """

    labels: tuple[str, ...]
    rows: dict[str, dict[str, int]]
    weights: np.ndarray
    threshold: float

    def score(self, features: Features) -> dict[str, float]:
        """Probability of each metric and of "none"; they sum to 1."""
        known = [0]
        for crossed, names in features.crossings():
            if rows := self.rows.get(crossed):
                known += filter(None, map(rows.get, names))
        sums = np.add.reduce(self.weights[known]).tolist()
        top = max(sums)
        powers = [math.exp(value - top) for value in sums]
        total = sum(powers)
        return {label: power / total for label, power in zip(self.labels, powers, strict=True)}

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
    weights = np.zeros((1 + len(data["weights"]), len(data["labels"])))
    weights[0] = data["intercepts"]
    for row, pairs in enumerate(data["weights"].values(), 1):
        for index, weight in pairs:
            weights[row, int(index)] = weight
    rows: dict[str, dict[str, int]] = {}
    for row, name in enumerate(data["weights"], 1):
        crossed, _, bare = name.rpartition("|")
        rows.setdefault(crossed, {})[bare] = row
    return Ranker(tuple(data["labels"]), rows, weights, data["threshold"])
