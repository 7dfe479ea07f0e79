"""Whether a figure is done, under way, planned or asked for."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path

from metrics.lines import Line, Span

ACTUAL, IN_PROGRESS, PLANNED, REQUESTED = "actual", "in_progress", "planned", "requested"

# Metrics of which a plan, a request or work under way is a usual statement; the others count what happened.
PLANNABLE = frozenset(
    {
        "installations",
        "equipment",
        "funding",
        "training_events",
        "people_trained",
        "exchange_visits",
        "personnel",
        "checkpoints_equipped",
        "inspections",
    }
)

_CUE_FILE = Path(__file__).parent / "vocabulary" / "status_cues.txt"


@cache
def _cue_pattern() -> re.Pattern[str]:
    """The expressions of the cue file as one pattern with a group for each status."""
    groups: dict[str, list[str]] = {}
    for line in _CUE_FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            alternatives = groups.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            alternatives.append(line.replace(" ", r"\s+"))
    named = "|".join(f"(?P<{status}>{'|'.join(found)})" for status, found in groups.items())
    return re.compile(rf"(?<![\w-])(?:{named})\b", re.IGNORECASE)


@lru_cache(maxsize=512)
def _cues(text: str) -> tuple[tuple[int, int, str], ...]:
    """Start, end and status of the cues of a text."""
    return tuple((*match.span(), match.lastgroup or ACTUAL) for match in _cue_pattern().finditer(text))


_BEFORE, _AFTER = 70, 30  # characters within which a plan governs such a quantity
_REACH = 200.0  # beyond this a cue belongs to another statement
_FINITE = re.compile(r"(?:was|were|has|have|had|is|are)$", re.IGNORECASE)
_CONDITIONAL = re.compile(r"^(?:Should|If|Once|When\s+fully)\b")
_IMPERATIVE = re.compile(
    r"(?:[-*•]+\s*|\(?[A-Za-z0-9]{1,2}[.)]\s+)*(?:re-?fit|buy|purchase|install|modernize|replace|procure|acquire"
    r"|provide|train|establish|build|construct|upgrade|deploy|hire|donate|deliver|fund|expand|create|equip)\b",
    re.IGNORECASE,
)
_FROM_TO = re.compile(r"\bfrom\s+(?:\w+\s+){0,2}$", re.IGNORECASE)


def find_status(line: Line, quantity: Span, metric: str, surroundings: tuple[str, ...] = ()) -> str:
    """Status of the quantity at `quantity` of the line, from tense, modality and nouns around it.

    `surroundings` are the texts a sentence without a verb hangs on, nearest first: its list's lead-in, the heading.
    """
    if metric not in PLANNABLE and not _strongly_planned(line, quantity):
        return ACTUAL
    if _FROM_TO.search(line.text, 0, quantity[0]) and re.match(
        r"[^.;]{0,60}?\sto\s", line.text[quantity[1] : quantity[1] + 70]
    ):
        return ACTUAL
    if _CONDITIONAL.match(line.text[line.clause(quantity[0])[0] :]):
        return PLANNED
    label = _nearest_cue(line, quantity)
    ordered = label in (None, PLANNED) and bool(_IMPERATIVE.match(line.text, *line.clause(quantity[0])))
    if label is None or ordered:
        around = (
            _status_of_text(text)
            for text in ((line.text[: quantity[0]], *surroundings[:-1]) if ordered else surroundings)
        )
        label = next((found for found in around if found), PLANNED if ordered else None)
    return label or ACTUAL


_STRONG = re.compile(
    r"\b(?:will|plans?\s+to|planned\s+to|intends?\s+to|to\s+be\s+\w+ed|expects?|offered)\b", re.IGNORECASE
)


def _strongly_planned(line: Line, quantity: Span) -> bool:
    """Whether a plan stands right beside a quantity that mostly counts what happened ("eight will be tried")."""
    first, last = line.clause(quantity[0])
    first, last = max(first, quantity[0] - _BEFORE), min(last, quantity[1] + _AFTER)
    return bool(_STRONG.search(line.text, first, last))


def _nearest_cue(line: Line, quantity: Span) -> str | None:
    """Label of the cue nearest to the quantity: those before it count at their distance, those after it at double."""
    best, label = _REACH, None
    first, last = line.clause(quantity[0])
    for start, end, kind in _cues(line.text):
        before = end <= quantity[0]
        if not before and start < quantity[1]:
            continue
        cost = float(quantity[0] - end if before else (start - quantity[1]) * 2.5)
        if not first <= start < last:
            cost += 90 if before else 200
        if kind == ACTUAL:
            if not before and not _FINITE.match(line.text[start:end]):
                continue
            cost += 25
        if cost < best:
            best, label = cost, kind
    return label


def _status_of_text(text: str) -> str | None:
    """Status that a heading or lead-in sets for the items under it; None where it sets none."""
    return next((status for _, _, status in _cues(text) if status != ACTUAL), None)
