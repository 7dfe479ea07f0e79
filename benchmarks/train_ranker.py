"""Train the ranker and write its weights to metrics/models/ranker.json.

It learns from reference figures (every other quantity of their cables is a counter-example), from
labels of further cables (benchmarks/labels.csv: cable, character span, metric; a cable without
figures has one empty row), from the examples and rejects of the catalogue, and from the marked
sentences of benchmarks/phrases.txt and cables of benchmarks/written/ and its traps/, which a
cross-validation leaves out: they were written about the numbers that an earlier one got wrong.

Usage: python -m benchmarks.train_ranker --gold FILE... --cables SOURCE...
    [--labels FILE --corpus SOURCE...] [--skip FILE] [--cv]

Train the encoder after it (benchmarks/train_encoder.py), which learns where this one is in doubt.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from metrics.cable import Cable, read_cable
from metrics.catalog import METRICS
from metrics.encoder import Window, window_of
from metrics.evaluate import locate, read_reference
from metrics.features import Candidate, find_candidates
from metrics.ranker import NONE, WEIGHTS
from metrics.sources import read_sources

FOLDS = 5
MIN_CABLES = 3
STRENGTH = 0.1
WRITTEN_WEIGHT = 0.1  # of a sample from a text written for training: far more of its numbers are figures than in cables
THRESHOLD = 0.4
SMALLEST = 0.01
PHRASES = Path(__file__).parent / "phrases.txt"
WRITTEN = Path(__file__).parent / "written"
TRAPS = WRITTEN / "traps"
MARK = re.compile(r"\[(?P<metric>[a-z_]+) (?P<number>[^\]]+)\]")
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Sample:
    """A quantity to learn from: where it stands, its features, the words around it, and its metric or "none"."""

    source: str
    cable: str
    features: tuple[str, ...]
    window: Window
    label: str

    @property
    def is_written(self) -> bool:
        """Whether its text was written for training."""
        return self.source in (WRITTEN.name, TRAPS.name)

    @property
    def fold(self) -> int:
        """The part of a cross-validation that its cable belongs to."""
        return int(sha256(self.cable.encode()).hexdigest(), 16) % FOLDS


def read_gold(gold: Sequence[Path], sources: Sequence[Path], skip: frozenset[str]) -> tuple[list[Sample], int]:
    """Samples of all cables of the sources, and how many reference figures no quantity overlaps."""
    figures: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for figure in read_reference(gold):
        figures[figure["cable"]].append(figure)
    samples: list[Sample] = []
    lost = 0
    for cable in read_cables(sources):
        if cable.id in skip:
            continue
        candidates = find_candidates(cable)
        labels, unmatched = label_candidates(cable, candidates, figures[cable.id])
        lost += unmatched
        samples += make_samples("gold", cable.id, candidates, labels)
    return samples, lost


def read_labelled(labels: Path, sources: Sequence[Path]) -> list[Sample]:
    """Samples of the cables that the label file names."""
    spans: dict[str, dict[Span, str]] = defaultdict(dict)
    with labels.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["metric"]:
                spans[row["cable"]][int(row["start"]), int(row["end"])] = row["metric"]
            else:
                spans[row["cable"]] = {}
    samples = []
    for cable in read_cables(sources):
        if cable.id in spans:
            candidates = find_candidates(cable)
            found = [_label_of(candidate, spans[cable.id]) for candidate in candidates]
            samples += make_samples("labelled", cable.id, candidates, found)
    return samples


def read_cables(sources: Sequence[Path]) -> Iterator[Cable]:
    """The cables of the sources, leaving out what cannot be read."""
    return (item for item in read_sources(sources) if isinstance(item, Cable))


def _label_of(candidate: Candidate, spans: dict[Span, str]) -> str:
    quantity = candidate.quantity
    return next(
        (metric for (start, end), metric in spans.items() if quantity.start < end and start < quantity.end), NONE
    )


def read_catalogue() -> list[Sample]:
    """Samples of the examples and rejects of the catalogue."""
    texts: dict[str, dict[tuple[float | None, float | None], str]] = defaultdict(dict)
    for entry in METRICS.values():
        for example in entry.examples:
            texts[example.text][example.low, example.high] = entry.id
        for reject in entry.rejects:
            texts[reject].update({})
    samples = []
    for text, figures in texts.items():
        candidates = find_candidates(read_cable(text, name="EXAMPLE"))
        labels = [figures.get((candidate.quantity.low, candidate.quantity.high), NONE) for candidate in candidates]
        samples += make_samples("catalogue", text, candidates, labels)
    return samples


def read_phrases(path: Path) -> list[Sample]:
    """Samples of the marked sentences of a file: "[metric number]" is a figure, other numbers are none."""
    samples = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        samples += _read_marked("phrase", line)
    return samples


def read_written(folder: Path) -> list[Sample]:
    """Samples of the marked cables of a folder's files, which a line "===" divides."""
    files = (path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt")))
    return [sample for text in files for part in text.split("\n===\n") for sample in _read_marked(folder.name, part)]


def _read_marked(source: str, marked: str) -> list[Sample]:
    text, spans = read_marks(marked)
    candidates = find_candidates(read_cable(text, name="WRITTEN"))
    return make_samples(source, text, candidates, [_label_of(candidate, spans) for candidate in candidates])


def read_marks(line: str) -> tuple[str, dict[Span, str]]:
    """The sentence without its marks, and the metric of each marked span.

    >>> read_marks("Guards found [seizures 12 kilos] of it.")
    ('Guards found 12 kilos of it.', {(13, 21): 'seizures'})
    """
    text, spans, after = "", {}, 0
    for match in MARK.finditer(line):
        text += line[after : match.start()]
        spans[len(text), len(text) + len(match["number"])] = match["metric"]
        text += match["number"]
        after = match.end()
    return text + line[after:], spans


def make_samples(source: str, cable: str, candidates: Sequence[Candidate], labels: Sequence[str]) -> list[Sample]:
    """A sample per quantity; numbers with a reason not to be a figure are left out."""
    return [
        Sample(source, cable, candidate.features.names(), window_of(candidate), label)
        for candidate, label in zip(candidates, labels, strict=True)
        if candidate.quantity.reason is None
    ]


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
    common = {name for name, found in cables.items() if len(found) >= MIN_CABLES}
    return [dict.fromkeys(filter(common.__contains__, sample.features), 1) for sample in samples]


def fit(matrix: Any, samples: Sequence[Sample]) -> LogisticRegression:
    """The multinomial model; deterministic."""
    weights = [WRITTEN_WEIGHT if sample.is_written else 1.0 for sample in samples]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = LogisticRegression(C=STRENGTH, max_iter=200, tol=1e-4)
        return model.fit(matrix, [sample.label for sample in samples], sample_weight=weights)


def predict_unseen(samples: Sequence[Sample]) -> tuple[Any, list[str]]:
    """Probabilities of each label for each sample by models that never saw its cable, and the labels in order."""
    matrix = DictVectorizer().fit_transform(drop_rare(samples))
    folds = np.array([sample.fold for sample in samples])
    classes = sorted({sample.label for sample in samples})
    predicted = np.zeros((len(samples), len(classes)))
    for fold in range(FOLDS):
        model = fit(matrix[folds != fold], [sample for sample in samples if sample.fold != fold])
        columns = np.searchsorted(classes, model.classes_)
        predicted[np.ix_(folds == fold, columns)] = model.predict_proba(matrix[folds == fold])
    return predicted, classes


def score_unseen(samples: Sequence[Sample], predicted: Any, classes: list[str], lost: int) -> str:
    """Precision, recall and F1 of such probabilities on the reference figures."""
    scored = np.array([sample.source == "gold" for sample in samples])
    labels = np.array([sample.label for sample in samples], dtype=object)[scored]
    chosen = np.array(decide(predicted[scored], classes), dtype=object)
    found = int(((chosen == labels) & (labels != NONE)).sum())
    precision = found / max(1, int((chosen != NONE).sum()))
    recall = found / max(1, int((labels != NONE).sum()) + lost)
    return f"precision {precision:.3f} recall {recall:.3f} F1 {2 * precision * recall / (precision + recall):.3f}"


def decide(probabilities: Any, classes: list[str]) -> list[str]:
    """The best metric where all metrics together have a probability above THRESHOLD."""
    none = classes.index(NONE)
    metrics = probabilities.copy()
    metrics[:, none] = -1
    return [
        classes[index] if 1 - nothing > THRESHOLD else NONE
        for index, nothing in zip(metrics.argmax(axis=1), probabilities[:, none], strict=True)
    ]


def write_weights(samples: Sequence[Sample], path: Path) -> None:
    """Train on all samples and write the weights, rounded, features sorted."""
    vectorizer = DictVectorizer()
    model = fit(vectorizer.fit_transform(drop_rare(samples)), samples)
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


def make_parser(about: str | None) -> argparse.ArgumentParser:
    """The options that say what to learn from."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--gold", nargs="+", type=Path, required=True)
    parser.add_argument("--cables", nargs="+", type=Path, required=True)
    parser.add_argument("--labels", type=Path, help="labels of further cables")
    parser.add_argument("--corpus", nargs="+", type=Path, default=[], help="where those cables are")
    parser.add_argument("--skip", type=Path, help="file of cable ids to leave out (the validation part)")
    parser.add_argument("--cv", action="store_true", help="print cross-validated scores first")
    return parser


def read_samples(arguments: argparse.Namespace) -> tuple[list[Sample], int]:
    """Everything that the options name to learn from, and how many reference figures no quantity overlaps."""
    skip = frozenset(arguments.skip.read_text(encoding="utf-8").split()) if arguments.skip else frozenset()
    samples, lost = read_gold(arguments.gold, arguments.cables, skip)
    if arguments.labels:
        samples += read_labelled(arguments.labels, arguments.corpus)
    return samples + read_catalogue() + read_phrases(PHRASES) + read_written(WRITTEN), lost


def main() -> None:
    """Read the command line, cross-validate on request, train and write."""
    arguments = make_parser(__doc__).parse_args()
    samples, lost = read_samples(arguments)
    if arguments.cv:
        print(score_unseen(samples, *predict_unseen(samples), lost))
    samples += read_written(TRAPS)
    write_weights(samples, WEIGHTS)
    print(f"{len(samples)} quantities of {len({sample.cable for sample in samples})} texts -> {WEIGHTS.name}")


if __name__ == "__main__":
    main()
