"""Reviews as CSV: written so that a spreadsheet runs nothing, read back with every row checked."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from metrics.review.decision import (
    CORRECTABLE,
    DECISIONS,
    FIGURE_COLUMNS,
    Review,
    ReviewError,
    check_fields,
    check_figure,
    figure_hash,
    read_review,
    to_json,
    use_terms,
)
from metrics.review.store import ReviewStore

COLUMNS = (
    *("review_id", "made_at", "author", "decision", "reason", "cable_id", "metric", "start", "end", "value_text"),
    *("figure_sha256", "figure", "correction", "withdraws"),
)
DAYS = ("period_start", "period_end")  # follow from the period
# A cell that begins with one of these would be run as a formula (or is already protected by the apostrophe).
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "'")


def export_reviews(store: ReviewStore, path: Path) -> int:
    """Write all reviews to a CSV file, in the order they were recorded, and say how many there are."""
    reviews = store.reviews()
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows([protect(cell) for cell in _cells(review)] for review in reviews)
    return len(reviews)


def import_reviews(store: ReviewStore, path: Path) -> int:
    """Record the reviews of a CSV file that are not on record yet, all or none, and say how many there were.

    Country, party and unit are recorded in their one form, whatever words the file has for them. Raises ReviewError
    that names file, line and fault; nothing is recorded then. A second import adds nothing.
    """
    return store.record_new(_read_reviews(path))


def protect(cell: str) -> str:
    """The cell with an apostrophe before anything a spreadsheet would run.

    >>> protect("=1+1"), protect("plain"), restore(protect("'quoted"))
    ("'=1+1", 'plain', "'quoted")
    """
    return "'" + cell if cell.startswith(RISKY) else cell


def restore(cell: str) -> str:
    """The cell as it was before `protect`."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(RISKY) else cell


def _cells(review: Review) -> list[str]:
    figure = review.figure
    return [
        *(review.review_id, review.made_at, review.author, review.decision, review.reason),
        *(str(figure[name]) for name in ("cable_id", "metric", "start", "end", "value_text")),
        *(figure_hash(figure), to_json(figure), to_json(review.correction), review.withdraws or ""),
    ]


def _read_reviews(path: Path) -> list[Review]:
    csv.field_size_limit(10_000_000)
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise ReviewError(f"{path.name}: columns are {reader.fieldnames}; expected {list(COLUMNS)}")
        reviews = []
        for row in reader:
            where = f"{path.name} line {reader.line_num}"
            if None in row or None in row.values():
                raise ReviewError(f"{where}: not {len(COLUMNS)} cells")
            cells = {name: restore(cell) for name, cell in row.items()}
            for problem in _problems(cells):
                raise ReviewError(f"{where}: {problem}")
            reviews.append(read_review(cells))
    return reviews


def _problems(cells: dict[str, str]) -> Iterator[str]:
    """What is wrong with a row, in words; nothing for a sound one."""
    if cells["decision"] not in DECISIONS:
        yield f"decision {cells['decision']!r} is unknown; choose from {', '.join(DECISIONS)}"
    if not cells["author"] or (not cells["reason"] and cells["decision"] != "accept"):
        yield "author or reason is empty"
    if len(cells["review_id"]) != 32:
        yield f"review_id {cells['review_id']!r} has not 32 characters"
    if bool(cells["withdraws"]) != (cells["decision"] == "withdraw"):
        yield "withdraws names a review for the decision withdraw, and for no other"
    try:
        if datetime.fromisoformat(cells["made_at"]).tzinfo is None:
            yield f"made_at {cells['made_at']!r} has no time zone"
        figure, correction = json.loads(cells["figure"]), json.loads(cells["correction"])
        if set(figure) != set(FIGURE_COLUMNS):
            yield f"figure has not the columns {', '.join(FIGURE_COLUMNS)}"
            return
        stated = {name: figure[name] for name in (*CORRECTABLE, *DAYS)} if cells["decision"] == "add" else correction
        yield from _misspelt(use_terms(stated))
        check_figure(use_terms({**figure, **correction}), stated)
    except (ReviewError, ValueError) as error:
        yield str(error)
        return
    if figure_hash(figure) != cells["figure_sha256"]:
        yield "figure_sha256 does not fit the figure; the row was changed by hand"
    if any(str(figure[name]) != cells[name] for name in ("cable_id", "metric", "start", "end", "value_text")):
        yield "cable_id, metric, start, end or value_text is not that of the figure"


def _misspelt(stated: dict[str, Any]) -> Iterator[str]:
    """What of an analyst's fields is not recorded as the app records it."""
    recorded = check_fields({name: value for name, value in stated.items() if name not in DAYS})
    for name in sorted(stated.keys() | recorded.keys()):
        if recorded.get(name) != stated.get(name):
            yield f"{name} {stated.get(name)!r} is to be {recorded.get(name)!r}"
