"""The statistical ranker: how well each metric fits a candidate, from weights trained by benchmarks/train_ranker.py."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

WEIGHTS = Path(__file__).parent / "ranker.json"
NONE = "none"


@dataclass(frozen=True, slots=True)
class Ranker:
    """Weights per feature: `weights[feature]` holds (index of the metric, weight) pairs; `intercepts` by metric."""

    labels: tuple[str, ...]
    intercepts: tuple[float, ...]
    weights: dict[str, tuple[tuple[int, float], ...]]
    threshold: float

    def score(self, features: Iterable[str]) -> dict[str, float]:
        """Probability of each metric and of "none"; they sum to 1."""
        sums = list(self.intercepts)
        for name in features:
            for index, weight in self.weights.get(name, ()):
                sums[index] += weight
        top = max(sums)
        powers = [math.exp(value - top) for value in sums]
        total = sum(powers)
        return {label: power / total for label, power in zip(self.labels, powers, strict=True)}

    def contributions(self, features: Iterable[str], label: str, count: int = 5) -> list[tuple[str, float]]:
        """The features that speak most for the label against "none", with what they add."""
        wanted, none = self.labels.index(label), self.labels.index(NONE)
        gains = []
        for name in features:
            weights = dict(self.weights.get(name, ()))
            gain = weights.get(wanted, 0.0) - weights.get(none, 0.0)
            if gain:
                gains.append((name, gain))
        return sorted(gains, key=lambda item: (-abs(item[1]), item[0]))[:count]


@lru_cache(maxsize=1)
def load_ranker() -> Ranker:
    """The ranker shipped with the program."""
    data = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    weights = {name: tuple((int(index), weight) for index, weight in pairs) for name, pairs in data["weights"].items()}
    return Ranker(tuple(data["labels"]), tuple(data["intercepts"]), weights, data["threshold"])
