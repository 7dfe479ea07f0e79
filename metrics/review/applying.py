"""Reviews brought to the observations of a build: applied, or flagged where the figure changed underneath."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from metrics.observations import DAY, TABLES, figure_id, table_schema
from metrics.review.decision import BOUNDS, CORRECTABLE, FIGURE_COLUMNS, REVIEW_FLAGS, Review, content, plain

Row = dict[str, Any]
Anchor = tuple[str, int, int]

DAYS = tuple(column.name for column in TABLES["observations"] if column.type == DAY)
SETTLED = (*CORRECTABLE, "period_start", "period_end")
GUIDE_FIELDS = (
    *("metric", "kind", "low", "high", "qualifier", "unit", "per", "of", "country", "site", "actor", "period"),
    *("status", "value_text"),
)


@dataclass(frozen=True, slots=True)
class Judged:
    """What becomes of a review in a build.

    `state` is applied, stale (the figure is not the one reviewed; `why` says what differs), overruled by a later
    review, or withdrawn. `contested` says that another analyst decided otherwise on the same figure.
    """

    review: Review
    state: str
    why: str
    observation_ids: tuple[str, ...] = ()
    contested: bool = False


# A standing review judged, with the rows it changes by observation_id (None: the row goes).
Verdict = tuple[Judged, dict[str, Row | None]]


@dataclass(frozen=True, slots=True)
class Standing:
    """The decision that stands for a figure.

    `expected` is the figure as the extractor must still give it, `outcome` the figure as it is held to be (None
    if rejected), `added` whether an analyst put it in.
    """

    review: Review
    expected: Row
    outcome: Row | None
    added: bool
    contested: bool


def standing_reviews(reviews: Sequence[Review]) -> dict[Anchor, Standing]:
    """The decision that stands for each reviewed figure: the last one that nobody withdrew.

    A review made on an already corrected or added figure builds on that earlier review.
    """
    withdrawn = {review.withdraws for review in reviews if review.withdraws}
    valid: dict[Anchor, list[Review]] = defaultdict(list)
    for review in reviews:
        if review.decision != "withdraw" and review.review_id not in withdrawn:
            valid[review.anchor].append(review)
    return {anchor: _stand(made) for anchor, made in valid.items()}


def _stand(made: Sequence[Review]) -> Standing:
    expected, outcome, added = made[0].figure, None, False
    by_author: dict[str, Row | None] = {}
    for review in made:
        again = review.decision == "add" and bool(by_author)  # of what was rejected: it takes the place of that
        if not again and (outcome is None or content(review.figure) != content(outcome)):
            expected, added = review.figure, review.decision == "add"
        outcome = None if review.decision == "reject" else review.outcome
        by_author[review.author] = outcome and content(outcome)
    contested = any(other != by_author[made[-1].author] for other in by_author.values())
    return Standing(made[-1], expected, outcome, added, contested)


def judge_reviews(observations: pa.Table, reviews: Sequence[Review], cables: pa.Table | None = None) -> list[Judged]:
    """What becomes of each review, in the order of the reviews."""
    verdicts = {one.review.review_id: one for one, _ in judge_standing(observations, reviews, cables)}
    withdrawn = {review.withdraws for review in reviews if review.withdraws}
    return [verdicts.get(review.review_id) or _judge_past(review, withdrawn) for review in reviews]


def _judge_past(review: Review, withdrawn: set[str]) -> Judged:
    if review.decision == "withdraw":
        return Judged(review, "applied", f"takes back review {review.withdraws}")
    if review.review_id in withdrawn:
        return Judged(review, "withdrawn", "taken back by a later review")
    return Judged(review, "overruled", "a later review of the same figure stands")


def apply_reviews(observations: pa.Table, reviews: Sequence[Review], cables: pa.Table | None = None) -> pa.Table:
    """The observations as the analysts hold them to be: rejected ones gone, corrected ones changed, added ones in.

    Reviewed rows carry a flag. With the table of cables a decision also holds for the same sentence in a copy of
    the cable under another id. Reviews whose figure changed underneath are not applied (see `judge_reviews`).
    """
    return apply_verdicts(observations, judge_standing(observations, reviews, cables))


def apply_verdicts(observations: pa.Table, verdicts: Iterable[Verdict]) -> pa.Table:
    """The observations with the rows that verdicts on them change."""
    changed: dict[str, Row | None] = {}
    for _, settled in verdicts:
        changed.update(settled)
    if not changed:
        return observations
    ids = observations["observation_id"].to_pylist()
    place = {one: index for index, one in enumerate(ids)}
    order = [*(index for index, one in enumerate(ids) if one not in changed)]
    untouched = observations.take(pa.array(order, pa.int64()))
    rows = [row for _, row in sorted(changed.items()) if row is not None]
    order += [place.get(row["observation_id"], len(ids)) for row in rows]
    together = pa.concat_tables([untouched, pa.Table.from_pylist(rows, schema=table_schema("observations"))])
    return together.take(pc.sort_indices(pa.array(order, pa.int64())))


def judge_standing(
    observations: pa.Table, reviews: Sequence[Review], cables: pa.Table | None = None
) -> Iterator[Verdict]:
    """A verdict on each review that stands."""
    standing = standing_reviews(reviews)
    if not standing:
        return
    copies = _copies({cable for cable, _, _ in standing}, cables)
    near = {cable for cable, _, _ in standing}.union(*copies.values())
    rows = observations.filter(pc.is_in(observations["cable_id"], pa.array(sorted(near)))).to_pylist()
    by_cable: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_cable[row["cable_id"]].append(row)
    for (cable, start, end), one in standing.items():
        row = next((row for row in by_cable[cable] if (row["start"], row["end"]) == (start, end)), None)
        twins = [twin for copy in copies.get(cable, ()) for twin in _twins(one.expected, by_cable[copy], standing)]
        yield _verdict(one, row, twins, by_cable[cable])


def _copies(cables_reviewed: set[str], cables: pa.Table | None) -> dict[str, list[str]]:
    """Other ids under which the text of a reviewed cable stands."""
    if cables is None:
        return {}
    bodies = dict(zip(cables["cable_id"].to_pylist(), cables["body_sha256"].to_pylist(), strict=True))
    same: dict[str, list[str]] = defaultdict(list)
    for cable, body in bodies.items():
        if body:
            same[body].append(cable)
    return {
        cable: [one for one in same[bodies[cable]] if one != cable] for cable in cables_reviewed if bodies.get(cable)
    }


def _twins(figure: Row, rows: Sequence[Row], standing: Mapping[Anchor, Standing]) -> Iterator[Row]:
    """The same figure of the same sentence in a copy, unless that one has a review of its own."""
    for row in rows:
        same = all(row[name] == figure[name] for name in ("sentence", "value_text"))
        at = row["start"] - row["sentence_start"] == figure["start"] - figure["sentence_start"]
        if same and at and (row["cable_id"], row["start"], row["end"]) not in standing:
            yield row


def _verdict(one: Standing, row: Row | None, twins: Sequence[Row], others: Sequence[Row]) -> Verdict:
    why = _why_stale(one, row, others)
    if why:
        return Judged(one.review, "stale", why, contested=one.contested), {}
    if row is None:
        added = _added_row(one.outcome) if one.added and one.outcome else None
        rows: dict[str, Row | None] = {added["observation_id"]: added} if added else {}
        why = "added" if added else "there is no such figure in this build"
    else:
        alike = [twin for twin in twins if content(twin) == content(row)]
        rows = {each["observation_id"]: _settle(each, one) for each in (row, *alike)}
        why = {"accept": "accepted", "reject": "rejected"}.get(one.review.decision, "as corrected or added")
    return Judged(one.review, "applied", why, tuple(rows), one.contested), rows


def _why_stale(one: Standing, row: Row | None, others: Sequence[Row]) -> str | None:
    """Why the standing review does not fit this build's figure; None where it does."""
    if row is None:
        return None if one.added or one.outcome is None else _why_gone(one.expected, others)
    now = content(row)
    if now == content(one.expected) or (one.outcome is not None and now == content(one.outcome)):
        return None
    then = content(one.expected)
    changes = [f"{name} was {_say(then[name])}, is {_say(now[name])}" for name in now if now[name] != then[name]]
    return "the figure changed: " + "; ".join(changes)


def _say(value: Any) -> str:
    return "empty" if value is None else str(value)


def _why_gone(figure: Row, others: Sequence[Row]) -> str:
    moved = [row for row in others if all(row[name] == figure[name] for name in ("metric", "value_text", "sentence"))]
    if moved:
        return f"the figure moved to characters {moved[0]['start']}-{moved[0]['end']}"
    return "the figure is no longer extracted"


def _settle(row: Row, one: Standing) -> Row | None:
    """The row as the standing review leaves it."""
    if one.outcome is None:
        return None
    changes = {name: one.outcome[name] for name in SETTLED if one.outcome[name] != one.expected[name]}
    new = {name: value for name, value in changes.items() if value != plain(row[name])}
    flag = "corrected_in_review" if new else "added_in_review" if one.added else "accepted_in_review"
    settled = {**row, **_typed(changes), "flags": sorted({*(row["flags"] or ()), flag} - {"unsure"})}
    return {**settled, "value": settled["low"] if settled["low"] == settled["high"] else None}


def _added_row(figure: Row) -> Row:
    name = figure_id(figure["cable_id"], figure["metric"], figure["start"], figure["end"])
    return {
        **_typed({column: figure[column] for column in FIGURE_COLUMNS}),
        "observation_id": name,
        "value": figure["low"] if figure["low"] == figure["high"] else None,
        "flags": ["added_in_review"],
        "score": 1.0,
        "rule": figure["metric"],
    }


def _typed(fields: Row) -> Row:
    """Stored fields as the table's types: days as dates, bounds as floats."""
    days = {name: date.fromisoformat(fields[name]) for name in DAYS if fields.get(name)}
    return {**fields, **days, **{name: float(fields[name]) for name in BOUNDS if fields.get(name) is not None}}


def reviewed_gold(reviews: Sequence[Review]) -> list[Row]:
    """Accepted, corrected and added figures as reference rows in the fields of the reference guide, by cable."""
    kept = [one.outcome for _, one in sorted(standing_reviews(reviews).items()) if one.outcome is not None]
    return [
        {
            "cable": figure["cable_id"],
            **{name: figure[name] for name in GUIDE_FIELDS},
            "quote": figure["sentence"],
        }
        for figure in kept
    ]


def reviewed_predictions(observations: pa.Table, reviews: Sequence[Review]) -> list[Row]:
    """The extractor's figures on reviewed spans, rejected ones among them: what `reviewed_gold` is to be held against.

    `observations` are those of the build, before reviews are applied.
    """
    spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for cable, start, end in standing_reviews(reviews):
        spans[cable].append((start, end))
    rows = observations.filter(pc.is_in(observations["cable_id"], pa.array(sorted(spans), pa.string()))).to_pylist()
    return [
        row
        for row in rows
        if any(row["start"] < end and start < row["end"] for start, end in spans[row["cable_id"]])
        and not set(row["flags"] or ()) & set(REVIEW_FLAGS)
    ]
