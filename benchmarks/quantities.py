"""The quantity finder on the public benchmark sets, odd half: F1 for value, unit, change and concept, and its speed.

The sentences are read from `../shared/bench/quantities.jsonl` at run time. Run `python -m benchmarks.quantities`;
`--misses SET` lists what was missed or found too much in one set.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from metrics.noun_phrases import singular
from metrics.quantities import STATED, Quantity, find_quantities
from metrics.vocabulary.measures import currency_words, unit_words

ROOT = Path(__file__).resolve().parents[1]
BENCH = ROOT.parent / "shared" / "bench" / "quantities.jsonl"
CABLES = ROOT.parent / "shared" / "cables" / "seeds"

LEVELS = ("value", "unit", "change", "concept")
# What a set states besides the value; NewsQuant states everything.
STATES = {
    "recognizers/NumberModel": 1,
    "recognizers/NumberRangeModel": 1,
    "recognizers/PercentModel": 1,
    "NewsQuant": 4,
}
# Published F1 of the peers on the whole sets, with their authors' own scorer (the benchmark's README).
PEERS: dict[str, dict[str, tuple[float | None, ...]]] = {
    "NewsQuant": {
        "CQE": (92.0, 85.6, 88.1, 76.1),
        "quantulum3": (73.1, 47.2, None, None),
        "Recognizers-Text": (68.9, 34.1, None, None),
        "Duckling": (73.3, 21.2, None, None),
        "GPT-3": (70.6, 59.1, 51.9, 54.8),
    },
    "currency-model": {
        "CQE": (84.2, 79.6),
        "quantulum3": (76.2, 32.5),
        "Recognizers-Text": (80.0, 56.7),
        "Duckling": (79.2, 45.8),
        "GPT-3": (52.6, 42.5),
    },
    "dimension-model": {
        "CQE": (86.5, 79.2),
        "quantulum3": (83.6, 61.9),
        "Recognizers-Text": (82.2, 57.0),
        "Duckling": (72.9, 22.1),
        "GPT-3": (80.2, 65.3),
    },
}
PEER_SPEED = {"CQE": 5.5, "quantulum3": 42, "Recognizers-Text": 1.5, "Duckling": 39}
CHANGES = {
    ">": ("more_than", "at_least"),
    "<": ("less_than", "at_most"),
    "~": ("approx",),
    "=": ("exact", "range", "vague"),
}
# Other names the sets use for units of ours.
SYNONYMS = {
    "percentage": "percent",
    "metric ton": "tonne",
    "ton": "tonne",
    "gigaton": "gigatonne",
    "pound-mass": "pound",
    "pound sterling": "GBP",
    "foot pound-force": "pound-foot",
    "square feet": "square foot",
    "count": "time",
    "people": "person",
}


# Sets that list numbers of one kind only: what is counted as found there. NumberModel lists every number, dates too.
ONLY: dict[str, Callable[[Quantity], bool]] = {
    "recognizers/NumberModel": lambda q: True,
    "recognizers/NumberRangeModel": lambda q: q.reason is None and q.qualifier not in ("exact", "approx", "vague"),
    "recognizers/CurrencyModel": lambda q: q.reason in STATED and is_money(q),
    "recognizers/DimensionModel": lambda q: q.reason in STATED and is_measure(q),
    "recognizers/PercentModel": lambda q: q.reason in STATED and q.unit == "percent",
}


def is_money(quantity: Quantity) -> bool:
    """Whether the unit is a currency."""
    return quantity.unit in {unit.name for unit in currency_words().values()}


def is_measure(quantity: Quantity) -> bool:
    """Whether the unit is a unit of measure that is neither a duration nor a percentage."""
    measures = {unit.name for unit in unit_words().values() if unit.dimension not in ("time", "ratio")}
    return quantity.unit in measures


@dataclass
class Score:
    """Hits at each level of agreement, and how many were wanted and found."""

    wanted: int = 0
    found: int = 0
    hits: dict[str, int] | None = None

    def add(self, level: str) -> None:
        """Count one hit."""
        self.hits = self.hits or dict.fromkeys(LEVELS, 0)
        self.hits[level] += 1

    def f1(self, level: str) -> float:
        """F1 in percent."""
        return 200 * (self.hits or {}).get(level, 0) / max(1, self.wanted + self.found)


def read_bench() -> dict[str, list[dict[str, Any]]]:
    """The sets by name."""
    sets: dict[str, list[dict[str, Any]]] = {}
    for line in BENCH.open(encoding="utf-8"):
        row = json.loads(line)
        sets.setdefault(row["source"], []).append(row)
    return sets


def wanted_value(gold: dict[str, Any]) -> tuple[float, ...] | None:
    """The gold number, or the two ends of the gold range; None for what the set itself leaves open."""
    if "low" in gold:
        return gold["low"], gold["high"]
    value = gold.get("value", gold.get("resolution", {}).get("value"))
    ends = tuple(float(end) for end in re.findall(r"-?[\d.]+(?:[eE][-+]?\d+)?", str(value)))
    return ends or None


def same_value(gold: tuple[float, ...], quantity: Quantity, share: bool) -> bool:
    """Whether the bounds hold the gold number; a share in words ("a third") may be wanted as 33.3 or as 0.333."""
    ends = [x for x in (quantity.low, quantity.high) if x is not None]
    if share:
        ends += [x / 100 for x in ends]
    close = [any(math.isclose(abs(want), abs(end), rel_tol=1e-3) for end in ends) for want in gold]
    return all(close)


def canonical(name: str) -> str:
    """Our name for a unit as the sets name it."""
    name = name.lower().strip()
    known = currency_words().get(name) or unit_words().get(name)
    return SYNONYMS.get(name) or (known.name if known else name)


def same_unit(gold: dict[str, Any], quantity: Quantity) -> bool:
    """Whether the units agree: canonical names, the rate if the set states one, the head of a counted noun phrase."""
    resolution = gold.get("resolution", {})
    name = (
        resolution.get("isoCurrency")
        or gold.get("normalized_unit")
        or gold.get("unit")
        or resolution.get("unit")
        or "-"
    )
    base, _, per = name.partition(" per ")
    whole = unit_words().get(name)
    unit = quantity.unit or ""
    if per and not (whole and whole.name == unit) and (quantity.per or "") != canonical(per):
        return False
    if name in ("-", "dimensionless"):
        return not unit or name == "dimensionless"
    if base.startswith("% ") or name == "%":
        return unit == "percent" or unit in [singular(word) for word in base.split()]
    wanted = canonical(base)
    return unit in (wanted, canonical(name), name) or unit in [singular(word) for word in base.split()]


def same_change(gold: dict[str, Any], quantity: Quantity) -> bool:
    """Whether the qualifier, or for "up" and "down" the kind, agrees."""
    change = gold.get("change") or "="
    return quantity.kind == "change" if change in ("up", "down") else quantity.qualifier in CHANGES[change]


def same_concept(gold: dict[str, Any], quantity: Quantity) -> bool:
    """Whether one word of the counted noun phrase is among the gold concepts or the unit."""
    words = {singular(word) for word in re.findall(r"[\w&]+", quantity.of)}
    named = (gold.get("concepts") or "-") + " " + gold.get("normalized_unit", "") + " " + (gold.get("unit") or "")
    wanted = {singular(word) for word in re.findall(r"[\w&]+", named)}
    if (gold.get("concepts") or "-") == "-" and not words:
        return True
    return bool(words & wanted)


def match(row: dict[str, Any], quantities: list[Quantity]) -> list[tuple[dict[str, Any], Quantity | None]]:
    """Each gold quantity with the quantity that answers it best, one to one."""
    left = list(quantities)
    pairs: list[tuple[dict[str, Any], Quantity | None]] = []
    for gold in row["gold"]:
        value = wanted_value(gold)
        if value is None:
            continue
        able = [
            q for q in left if same_value(value, q, q.unit == "percent" and "%" not in row["text"][q.start : q.end])
        ]
        best = max(able, key=lambda q: (same_unit(gold, q), same_change(gold, q)), default=None)
        if best is not None:
            left.remove(best)
        pairs.append((gold, best))
    return pairs + [({}, q) for q in left]


def score_set(rows: Iterable[dict[str, Any]], show: bool) -> Score:
    """The score over all sentences of a set, printing misses if asked."""
    score = Score()
    for row in rows:
        text = row["text"]
        wanted_kind = ONLY.get(row["source"], lambda q: q.reason in STATED)
        pairs = match(row, [q for q in find_quantities(text) if wanted_kind(q)])
        for gold, quantity in pairs:
            score.wanted += bool(gold)
            score.found += quantity is not None
            if gold and quantity:
                agreed = {
                    "value": True,
                    "unit": same_unit(gold, quantity),
                    "change": same_change(gold, quantity),
                    "concept": same_concept(gold, quantity),
                }
                for level in LEVELS:
                    if agreed[level]:
                        score.add(level)
                if show and not all(agreed.values()):
                    wrong = ",".join(level for level in LEVELS if not agreed[level])
                    print(f"{row['id']} {wrong}: {brief(text, quantity)} wanted {short(gold)}\n    {text}")
            elif show:
                said = "extra " + brief(text, quantity) if quantity else "missed " + short(gold)
                print(f"{row['id']} {said}\n    {text}")
    return score


def brief(text: str, q: Quantity) -> str:
    """A quantity in one line."""
    return f"[{text[q.start : q.end]}] {q.low}..{q.high} {q.qualifier} {q.kind} {q.unit}/{q.per} of <{q.of}>"


def short(gold: dict[str, Any]) -> str:
    """A gold quantity in one line."""
    return " ".join(
        str(gold.get(k))
        for k in ("value", "low", "high", "change", "normalized_unit", "unit", "concepts", "resolution")
        if gold.get(k) is not None
    )


def measure_speed() -> str:
    """KB/s on cable text beside a scan for digits alone, both on one core in this run."""
    text = "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in sorted(CABLES.glob("*.txt")))
    text = text * (1 + 400_000 // max(1, len(text)))
    find_quantities(text[:10_000])  # reads the tables
    began = time.process_time()
    digits = sum(1 for _ in re.finditer(r"\d+", text))
    scanned = time.process_time() - began
    found = len(find_quantities(text))
    read = time.process_time() - began - scanned
    size = len(text) / 1000
    peers = ", ".join(f"{name} {speed}" for name, speed in PEER_SPEED.items())
    return (
        f"speed: {size / read:.0f} KB/s, {1e6 * read / max(1, found):.0f} µs for each of {found} numbers\n"
        f"  digits alone by re: {size / scanned:.0f} KB/s ({digits} runs); finder {read / scanned:.0f} times as long\n"
        f"  peers, KB/s: {peers}"
    )


def print_set(name: str, score: Score) -> None:
    """Print one set's F1 at each level it states, and the peers' below it."""
    levels = LEVELS[: STATES.get(name, 2)]
    row = "  ".join(f"{level} {score.f1(level):5.1f}" for level in levels)
    print(f"{name:28}{row}   ({score.wanted} wanted, {score.found} found)")
    for peer, figures in PEERS.get(name, {}).items():
        row = "  ".join(
            f"{level} {'    -' if f is None else f'{f:5.1f}'}" for level, f in zip(levels, figures, strict=True)
        )
        print(f"  {peer:26}{row}")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", metavar="SET", help="list disagreements in this set")
    parser.add_argument("--no-speed", action="store_true", help="leave out the timing")
    options = parser.parse_args()
    for name, rows in read_bench().items():
        if options.misses in (None, name):
            print_set(name, score_set(rows, bool(options.misses)))
    if not options.no_speed:
        print(measure_speed())


if __name__ == "__main__":
    main()
