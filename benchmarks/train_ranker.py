"""Train the ranker from reference figures and write its weights to metrics/ranker.json.

Usage: python benchmarks/train_ranker.py --gold FILE... --cables DIR... [--skip FILE] [--cv]
"""

from __future__ import annotations

import argparse
import json
import warnings
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from metrics.cable import Cable, read_cable
from metrics.evaluate import locate, read_reference
from metrics.features import Candidate, find_candidates
from metrics.ranker import NONE, WEIGHTS

FOLDS = 5
MIN_CABLES = 3
STRENGTH = 0.3
THRESHOLD = 0.6
SMALLEST = 0.01


@dataclass(frozen=True, slots=True)
class Sample:
    """A quantity to learn from: the cable it stands in, its features, and the metric it measures or "none"."""

    cable: str
    features: tuple[str, ...]
    label: str


def read_samples(gold: Sequence[Path], folders: Sequence[Path], skip: frozenset[str]) -> tuple[list[Sample], int]:
    """Samples of all cables of the folders, and how many reference figures no quantity overlaps."""
    figures: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for figure in read_reference(gold):
        figures[figure["cable"]].append(figure)
    samples: list[Sample] = []
    lost = 0
    for path in sorted(path for folder in folders for path in folder.glob("*.txt")):
        if path.stem in skip:
            continue
        cable = read_cable(path.read_text(encoding="utf-8", errors="replace"), source=path.name, name=path.stem)
        candidates = find_candidates(cable)
        labels, unmatched = label_candidates(cable, candidates, figures[path.stem])
        lost += unmatched
        samples.extend(
            Sample(path.stem, candidate.features, label)
            for candidate, label in zip(candidates, labels, strict=True)
            if candidate.quantity.reason is None
        )
    return samples, lost


def label_candidates(
    cable: Cable, candidates: Sequence[Candidate], figures: Iterable[dict[str, Any]]
) -> tuple[list[str], int]:
    """The metric of each candidate after the reference figures, and how many figures found no candidate."""
    labels = [NONE] * len(candidates)
    lost = 0
    for figure in figures:
        spans = locate(figure, cable.text)
        hit = next(
            (
                index
                for start, end in spans
                for index, candidate in enumerate(candidates)
                if candidate.quantity.start < end
                and start < candidate.quantity.end
                and labels[index] == NONE
                and candidate.quantity.reason is None
            ),
            None,
        )
        if hit is None:
            lost += 1
        else:
            labels[hit] = figure["metric"]
    return labels, lost


def drop_rare(samples: Sequence[Sample]) -> list[dict[str, int]]:
    """Features of each sample that occur in at least MIN_CABLES cables."""
    cables: dict[str, set[str]] = defaultdict(set)
    for sample in samples:
        for name in sample.features:
            cables[name].add(sample.cable)
    return [{name: 1 for name in sample.features if len(cables[name]) >= MIN_CABLES} for sample in samples]


def fit(matrix: Any, labels: Sequence[str]) -> LogisticRegression:
    """The multinomial model; deterministic."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return LogisticRegression(C=STRENGTH, max_iter=400, tol=1e-4).fit(matrix, labels)


def cross_validate(samples: Sequence[Sample], lost: int) -> str:
    """Precision, recall and F1 of predictions made by models that never saw the cable."""
    matrix = DictVectorizer().fit_transform(drop_rare(samples))
    labels = np.array([sample.label for sample in samples])
    folds = np.array([int(sha256(sample.cable.encode()).hexdigest(), 16) % FOLDS for sample in samples])
    predicted = np.full(len(samples), NONE, dtype=object)
    for fold in range(FOLDS):
        model = fit(matrix[folds != fold], labels[folds != fold])
        predicted[folds == fold] = decide(model.predict_proba(matrix[folds == fold]), list(model.classes_))
    found = int(((predicted == labels) & (labels != NONE)).sum())
    precision = found / max(1, int((predicted != NONE).sum()))
    recall = found / max(1, int((labels != NONE).sum()) + lost)
    return f"precision {precision:.3f} recall {recall:.3f} F1 {2 * precision * recall / (precision + recall):.3f}"


def decide(probabilities: Any, classes: list[str]) -> list[str]:
    """The best metric where it beats THRESHOLD times the probability of none."""
    none = classes.index(NONE)
    metrics = probabilities.copy()
    metrics[:, none] = -1
    best = metrics.argmax(axis=1)
    return [
        classes[index] if metrics[row, index] > THRESHOLD * probabilities[row, none] else NONE
        for row, index in enumerate(best)
    ]


def write_weights(samples: Sequence[Sample], path: Path) -> None:
    """Train on all samples and write the weights, rounded, features sorted."""
    vectorizer = DictVectorizer()
    model = fit(vectorizer.fit_transform(drop_rare(samples)), [sample.label for sample in samples])
    weights = {
        name: [
            [index, round(float(value), 3)]
            for index, value in enumerate(model.coef_[:, column])
            if abs(value) >= SMALLEST
        ]
        for column, name in enumerate(vectorizer.feature_names_)
    }
    data = {
        "threshold": THRESHOLD,
        "labels": list(model.classes_),
        "intercepts": [round(float(value), 4) for value in model.intercept_],
        "weights": {name: pairs for name, pairs in weights.items() if pairs},
    }
    path.write_text(json.dumps(data, separators=(",", ":")).replace("]],", "]],\n") + "\n", encoding="utf-8")


def main() -> None:
    """Read the command line, cross-validate on request, train and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gold", nargs="+", type=Path, required=True)
    parser.add_argument("--cables", nargs="+", type=Path, required=True)
    parser.add_argument("--skip", type=Path, help="file of cable ids to leave out (the validation part)")
    parser.add_argument("--cv", action="store_true", help="print cross-validated scores first")
    arguments = parser.parse_args()
    skip = frozenset(arguments.skip.read_text(encoding="utf-8").split()) if arguments.skip else frozenset()
    samples, lost = read_samples(arguments.gold, arguments.cables, skip)
    if arguments.cv:
        print(cross_validate(samples, lost))
    write_weights(samples, WEIGHTS)
    print(f"{len(samples)} quantities of {len({sample.cable for sample in samples})} cables -> {WEIGHTS.name}")


if __name__ == "__main__":
    main()
