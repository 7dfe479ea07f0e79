"""Scores of extracted figures against reference figures: precision, recall, F1, share of equal attributes."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from metrics.errors import UserError

Row = Mapping[str, Any]

# Found, false and missed figures by metric, on reference cables that nobody tuned anything to.
SCORES = Path(__file__).resolve().parents[1] / "data" / "reference" / "scores.json"

ATTRIBUTES = ("kind", "bounds", "qualifier", "unit", "per", "country", "site", "actor", "period", "status", "of")
ONE_WORD_IS_ENOUGH = frozenset({"site", "actor", "of"})
_WORD = re.compile(r"\w+")


class ReferenceFileError(UserError):
    """A reference file that cannot be used; the message names file, line and fault."""


@dataclass(slots=True)
class Score:
    """Counts of one metric, or of all: `found` matched pairs, `false` predictions, `missed` reference figures."""

    found: int = 0
    false: int = 0
    missed: int = 0
    equal: Counter[str] = field(default_factory=Counter)

    @property
    def precision(self) -> float:
        """Share of predicted figures that match a reference figure; 1 where nothing was predicted."""
        return self.found / (self.found + self.false) if self.found + self.false else 1.0

    @property
    def recall(self) -> float:
        """Share of reference figures that were found; 1 where there are none."""
        return self.found / (self.found + self.missed) if self.found + self.missed else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    def share(self, attribute: str) -> float:
        """Share of matched pairs that agree in the attribute; 1 where nothing matched."""
        return self.equal[attribute] / self.found if self.found else 1.0


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Scores over all figures and per metric, with the pairs behind them (reference, prediction)."""

    overall: Score
    by_metric: dict[str, Score]
    pairs: tuple[tuple[Row, Row], ...]
    missed: tuple[Row, ...]
    false: tuple[Row, ...]


def read_reference(paths: Iterable[Path]) -> list[dict[str, Any]]:
    """Reference figures of JSON-lines files; a line that is no figure raises, naming file and line."""
    figures = []
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if not line.strip():
                continue
            try:
                figure = json.loads(line)
                figure["cable"], figure["metric"], figure["quote"], figure["value_text"]
            except (ValueError, KeyError, TypeError) as error:
                raise ReferenceFileError(f"{path} line {number}: no reference figure ({error!r})") from error
            figures.append(figure)
    return figures


def locate(figure: Row, text: str) -> list[tuple[int, int]]:
    """Spans at which the figure's `value_text` stands inside its quote, white space folded; empty if absent.

    More than one where the quote states the same number twice; any of them may be the figure.
    """
    quote = _loose(figure["quote"]).search(text)
    if quote is None:
        return []
    number = re.compile(rf"(?<![\w.,]){_loose(figure['value_text']).pattern}(?!\d|(?<=[a-z])[a-z])")
    return [match.span() for match in number.finditer(text, quote.start(), quote.end())]


def _loose(words: str) -> re.Pattern[str]:
    """The words with any white space between them; a page line may stand in between (09ASTANA623 para 6)."""
    return re.compile(r"(?:\s+[A-Z ]+\d{8}\s+\d{3}(?:\.\d)? OF \d{3})?\s+".join(map(re.escape, words.split())))


def evaluate(reference: Sequence[Row], predicted: Sequence[Row], texts: Mapping[str, str]) -> Evaluation:
    """Compare predictions (observation rows) with reference figures; `texts` maps cable id to its text.

    A prediction matches when cable and metric are equal and the number spans overlap; each reference
    figure is matched once. Source of the rules: the reference guide, "Scoring".
    """
    claimed: set[int] = set()
    waiting = _by_cable_and_metric(predicted)
    pairs, missed = [], []
    for figure in reference:
        spans = locate(figure, texts.get(figure["cable"], ""))
        match = _first_overlap(spans, waiting[figure["cable"], figure["metric"]], claimed)
        if match is None:
            missed.append(figure)
        else:
            claimed.add(id(match))
            pairs.append((figure, match))
    false = [row for row in predicted if id(row) not in claimed]
    return _count(tuple(pairs), tuple(missed), tuple(false))


def _by_cable_and_metric(rows: Iterable[Row]) -> dict[tuple[str, str], list[Row]]:
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        groups[row["cable_id"], row["metric"]].append(row)
    return groups


def _first_overlap(spans: Sequence[tuple[int, int]], rows: Sequence[Row], claimed: set[int]) -> Row | None:
    for start, end in spans:
        for row in rows:
            if row["start"] < end and start < row["end"] and id(row) not in claimed:
                return row
    return None


def _count(pairs: tuple[tuple[Row, Row], ...], missed: tuple[Row, ...], false: tuple[Row, ...]) -> Evaluation:
    scores: dict[str, Score] = defaultdict(Score)
    overall = Score()
    for figure, row in pairs:
        for score in (overall, scores[figure["metric"]]):
            score.found += 1
            score.equal.update(name for name in ATTRIBUTES if agrees(name, figure, row))
    for figure in missed:
        overall.missed += 1
        scores[figure["metric"]].missed += 1
    for row in false:
        overall.false += 1
        scores[row["metric"]].false += 1
    return Evaluation(overall, dict(sorted(scores.items())), pairs, missed, false)


def agrees(attribute: str, figure: Row, row: Row) -> bool:
    """Whether reference and prediction agree in the attribute; one common word is enough for site, actor and of."""
    if attribute == "bounds":
        return _same_number(figure["low"], row["low"]) and _same_number(figure["high"], row["high"])
    if attribute in ONE_WORD_IS_ENOUGH:
        ours, theirs = _words(row[attribute]), _words(figure[attribute])
        return bool(ours & theirs) or (not ours and not theirs)
    return bool(figure[attribute] == row[attribute])


def _same_number(first: float | None, second: float | None) -> bool:
    if first is None or second is None:
        return first is second
    return abs(first - second) <= 1e-9 * max(1.0, abs(first))


def _words(value: str | None) -> set[str]:
    return set(_WORD.findall((value or "").lower()))


def read_scores(path: Path = SCORES) -> dict[str, Score]:
    """The measured scores by metric that the dictionary of metrics shows."""
    counts = json.loads(path.read_text(encoding="utf-8"))
    return {metric: Score(**values) for metric, values in counts.items()}


def write_scores(evaluation: Evaluation, path: Path = SCORES) -> None:
    """Write found, false and missed figures by metric."""
    counts = {
        metric: {"found": score.found, "false": score.false, "missed": score.missed}
        for metric, score in evaluation.by_metric.items()
    }
    path.write_text(json.dumps(counts, indent=1) + "\n", encoding="utf-8")


def render_scores(evaluation: Evaluation) -> str:
    """The scores as aligned text: a line per metric, a total, a line per attribute, and what `unsure` is worth."""
    head = f"{'metric':22}{'ref':>6}{'found':>7}{'false':>7}{'missed':>8}{'P':>7}{'R':>7}{'F1':>7}"
    lines = [head]
    for name, score in [*evaluation.by_metric.items(), ("all", evaluation.overall)]:
        lines.append(
            f"{name:22}{score.found + score.missed:>6}{score.found:>7}{score.false:>7}{score.missed:>8}"
            f"{score.precision:>7.3f}{score.recall:>7.3f}{score.f1:>7.3f}"
        )
    lines.append("")
    lines.append("attributes on matched figures")
    lines.extend(f"{name:22}{evaluation.overall.share(name):>6.3f}" for name in ATTRIBUTES)
    lines += ["", f"{'readings':22}{'read':>6}{'P':>7}"]
    for name, flagged in (("flagged unsure", True), ("others", False)):
        score = Score(
            found=sum(_is_unsure(row) is flagged for _, row in evaluation.pairs),
            false=sum(_is_unsure(row) is flagged for row in evaluation.false),
        )
        lines.append(f"{name:22}{score.found + score.false:>6}{score.precision:>7.3f}")
    return "\n".join(lines)


def _is_unsure(row: Row) -> bool:
    """Whether a reading is flagged unsure."""
    return "unsure" in (row["flags"] or ())


def render_errors(evaluation: Evaluation) -> str:
    """Each missed figure, each false prediction and each differing attribute, one line each."""
    lines = [f"missed  {_describe(figure, figure['cable'], figure['quote'])}" for figure in evaluation.missed]
    lines += [f"false   {_describe(row, row['cable_id'], row['sentence'])}" for row in evaluation.false]
    for figure, row in evaluation.pairs:
        for name in ATTRIBUTES:
            if not agrees(name, figure, row):
                columns = ("low", "high") if name == "bounds" else (name,)
                wanted, got = ([item[column] for column in columns] for item in (figure, row))
                lines.append(
                    f"differs {figure['cable']} {figure['metric']} {name}: reference {wanted}, read {got} "
                    f"in {figure['value_text']!r} | {_clip(figure['quote'])}"
                )
    return "\n".join(lines)


def _describe(row: Row, cable: str, sentence: str) -> str:
    return f"{cable} {row['metric']} {row['value_text']!r} | {_clip(sentence)}"


def _clip(sentence: str, width: int = 200) -> str:
    folded = " ".join(sentence.split())
    return folded if len(folded) <= width else folded[: width - 1] + "…"
