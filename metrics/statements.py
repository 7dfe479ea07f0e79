"""Quantities claimed by metrics: a Statement each, or a ledger entry with the reason."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from metrics.cable import Cable, Paragraph, Sentence
from metrics.catalog import METRICS
from metrics.encoder import QUICK_DOUBT, is_within, load_encoder, window_of
from metrics.features import Candidate, find_candidates
from metrics.naming import name_kind, name_of, name_unit
from metrics.noun_phrases import PERIODS
from metrics.numerals import find_numbers
from metrics.quantities import Quantity
from metrics.ranker import NONE, load_ranker


@dataclass(frozen=True, slots=True)
class Statement:
    """A quantity that a metric claims.

    `unit`, `of` and `kind` are as the reference guide records them, resolved from the quantity and the
    catalogue entry. `score` is the claim's probability in [0, 1]; `rule` names the catalogue entry.
    `part_of` is the index, in the list of statements, of the whole that this figure is a part of.
    """

    quantity: Quantity
    metric: str
    kind: str
    unit: str
    of: str
    paragraph: Paragraph
    sentence: Sentence
    score: float
    rule: str
    flags: tuple[str, ...] = ()
    part_of: int | None = None


FLOWS = tuple(name for name, entry in METRICS.items() if entry.kind != "stock")
UNCOUNTED = 0.7  # share of its score that a metric keeps where its catalogue entry does not count such things


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """A quantity of a border sentence that no metric claims, with the reason ("date", "unclaimed", ...)."""

    quantity: Quantity
    paragraph: Paragraph
    sentence: Sentence
    reason: str


@dataclass(frozen=True, slots=True)
class Claim:
    """How the metrics competed for one quantity: the winner if any, their scores, and the ranker's part in them.

    `scores` are after the discount of metrics whose entry counts no such thing.
    """

    candidate: Candidate
    metric: str | None
    scores: Mapping[str, float]
    ranked: Mapping[str, float]


def find_statements(cable: Cable) -> tuple[list[Statement], list[LedgerEntry]]:
    """The cable's statements in text order, and the ledger of everything else in its border sentences."""
    statements: list[Statement] = []
    ledger: list[LedgerEntry] = []
    for claim in rank_claims(cable):
        where = claim.candidate.where
        if claim.metric is not None:
            whole = find_whole(claim, statements, cable.masked)
            statements.append(_state(claim, claim.metric, whole))
        elif where.is_border_talk:
            reason = claim.candidate.quantity.reason or reason_of(claim.candidate)
            ledger.append(LedgerEntry(claim.candidate.quantity, where.paragraph, where.sentence, reason))
    return statements, ledger


def rank_claims(cable: Cable) -> list[Claim]:
    """Every quantity of the cable's border paragraphs with the metrics that competed for it."""
    claims: list[Claim] = []
    for candidate in find_candidates(cable):
        claim = _rank(candidate)
        if claims and is_whole_of(claim, claims[-1], cable.masked):
            claim = replace(claim, metric=whole_of(claim.metric))
        claims.append(claim)
    return claims


WHOLE = re.compile(
    r"\s+of\s+(?:all\s+)?(?:(?:the|its|their|our|his)|(?:[\w-]+\s+){0,3}[\w-]+(?:'s|s'))\s+", re.IGNORECASE
)
CLOSE = 80  # characters between a part and its whole


def is_whole_of(claim: Claim, part: Claim, text: str) -> bool:
    """Whether the figure is the whole that the one just before it is a part of: "14 of its 21 crossing points"."""
    first, last = part.candidate.quantity.end, claim.candidate.quantity.start
    if part.metric is None or whole_of(claim.metric) is None or last - first > CLOSE:
        return False
    return WHOLE.fullmatch(text, first, last) is not None


def whole_of(metric: str | None) -> str | None:
    """The metric that counts all the things of which another counts some, or to whose stock its acts add."""
    entry = METRICS[metric] if metric else None
    return (entry.part_of or whole_of(entry.feeds)) if entry else None


def _rank(candidate: Candidate) -> Claim:
    ranker, quantity = load_ranker(), candidate.quantity
    countable = metrics_of(candidate.group, candidate.heads) if quantity.reason is None else frozenset[str]()
    if not countable:
        return Claim(candidate, None, {}, {})
    scores = ranked = ranker.score(candidate.features)
    if is_in_doubt(ranked):
        scores = load_encoder().score(window_of(candidate), ranked)
    possible = FLOWS if quantity.per in PERIODS else METRICS  # "200 million border crossings a year" are no places
    fits = {metric: scores[metric] * (1 if metric in countable else UNCOUNTED) for metric in possible}
    best = best_first(fits)[0] if sum(fits.values()) > ranker.threshold else None
    return Claim(candidate, best, fits, ranked)


def is_in_doubt(ranked: Mapping[str, float]) -> bool:
    """Whether the ranker's probabilities are such that the encoder is asked."""
    return bool(is_within(1 - ranked[NONE], QUICK_DOUBT))


def best_first(scores: Mapping[str, float]) -> list[str]:
    """The metrics by score, those of one score by name."""
    return sorted(scores.keys() - {NONE}, key=lambda metric: (-scores[metric], metric))


@cache
def metrics_of(group: str, heads: tuple[str, ...]) -> frozenset[str]:
    """The metrics whose catalogue entries count a quantity of this group."""
    groups = {group, *heads}
    return frozenset(name for name, entry in METRICS.items() if groups.intersection((*entry.counts, *entry.may_count)))


def _state(claim: Claim, metric: str, whole: int | None) -> Statement:
    candidate = claim.candidate
    unit, assumed = name_unit(candidate, metric)
    flags = [name for name, holds in (("unit_assumed", assumed), ("part_of_whole", whole is not None)) if holds]
    if is_vague(candidate):
        flags.append("vague_magnitude")
    if not candidate.quantity.of and candidate.group.endswith("?"):
        flags.append("noun_elided")
    return Statement(
        quantity=candidate.quantity,
        metric=metric,
        kind=name_kind(candidate),
        unit=unit,
        of=name_of(candidate, metric),
        paragraph=candidate.where.paragraph,
        sentence=candidate.where.sentence,
        score=claim.scores[metric],
        rule=METRICS[metric].id,
        flags=tuple(flags),
        part_of=whole,
    )


def is_vague(candidate: Candidate) -> bool:
    """Whether the figure names only a magnitude, bounded or not: "several hundred", "up to several hundred"."""
    quantity = candidate.quantity
    if quantity.qualifier == "vague":
        return True
    stated = find_numbers(candidate.where.reading.cable.masked, quantity.start, quantity.end)
    return any(number.style == "vague" and number.top != number.value for number in stated)


PART_BEFORE = re.compile(r"\b(?:of (?:which|whom|these|them|those)|including|among them)\b")
# "compared to 4,776 in 2007"
COMPARED = re.compile(r"\b(?:compared (?:to|with)|as against|versus|vs|up from|down from)\b")
RESTATED = re.compile(r"\W*(?:i\.e\.?|namely|or)\W*")  # "more than half, namely $44 million"
ADDED = re.compile(r"\b(?:another|a further)$")  # "15, including a leader, with another 10"; it may go on with parts
# "18,000 of these are rifles", "20 of them women", "$44 million of that sum"
PART_AFTER = re.compile(
    r"\s+(?:\w+\s+)?of\s+(?:which|whom|these|those|them"
    r"|(?:that|this|the)\s+(?:aid|amount|assistance|funding|money|number|sum|total))\b",
    re.IGNORECASE,
)


def find_whole(claim: Claim, statements: list[Statement], text: str) -> int | None:
    """Index of the statement that this figure is a part of, else None: one of its metric, or of the stock it adds to.

    Words before the number speak of its own sentence, words behind it ("of that sum") of the paragraph so far.
    """
    quantity, where = claim.candidate.quantity, claim.candidate.where
    holding = {claim.metric, METRICS[claim.metric].feeds} if claim.metric else {None}
    told_after = PART_AFTER.match(text, quantity.end) is not None
    for index in range(len(statements) - 1, -1, -1):
        other = statements[index]
        if other.paragraph != where.paragraph or not (told_after or other.sentence == where.sentence):
            break
        if other.metric not in holding:
            continue
        between = " ".join(text[other.quantity.end : quantity.start].lower().split())
        if other.kind == "share" and RESTATED.fullmatch(between):
            return _whole_of_share(index, statements)
        begun = any(one.part_of == index for one in statements)
        told_before = other.sentence == where.sentence and _announces_part(between, begun)
        if told_before or (told_after and can_hold(other.quantity, quantity)):
            return other.part_of if other.part_of is not None else index
    return None


def _whole_of_share(index: int, statements: list[Statement]) -> int | None:
    """Index of the figure that a share is of, as far as it stands before it in the sentence and of its metric."""
    share = statements[index]
    if share.part_of is not None or index == 0:
        return share.part_of
    before = statements[index - 1]
    alike = before.sentence == share.sentence and before.metric == share.metric and before.kind != "share"
    return index - 1 if alike else None


def _announces_part(between: str, begun: bool) -> bool:
    """Whether the words between two figures say that the second is a part of the first, some being told if `begun`."""
    said = PART_BEFORE.search(between)
    return said is not None and not COMPARED.search(between, said.end()) and (begun or not ADDED.search(between))


def can_hold(whole: Quantity, part: Quantity) -> bool:
    """Whether one quantity is no smaller than another of the same unit, as far as both are stated."""
    size, share = (one.low if one.low is not None else one.high for one in (whole, part))
    return part.unit in (None, whole.unit) and (size is None or share is None or size >= share)


def reason_of(candidate: Candidate) -> str:
    """Why no metric claims a true quantity: "duration", "distance", else "unclaimed"."""
    return {"time": "duration", "length": "distance"}.get(candidate.group, "unclaimed")


def explain_claims(cable: Cable) -> str:
    """For every number: the metrics that competed for it, their scores, those of the ranker alone, and its reasons."""
    return "\n".join(_explain(claim, cable.masked) for claim in rank_claims(cable))


def _explain(claim: Claim, text: str) -> str:
    quantity = claim.candidate.quantity
    head = f"{text[quantity.start : quantity.end]!r} -> {claim.metric or quantity.reason or 'unclaimed'}"
    lines = [f"{head}  (counts: {claim.candidate.group})"]
    counting = metrics_of(claim.candidate.group, claim.candidate.heads)
    for metric in best_first(claim.scores)[:3]:
        parts = load_ranker().contributions(claim.candidate.features, metric)
        discount = "" if metric in counting else f"  (after x {UNCOUNTED}: its entry counts no such thing)"
        lines.append(
            f"    {metric:22}{claim.scores[metric]:6.3f}  ranker {claim.ranked[metric]:.3f}: "
            + ", ".join(f"{name} {gain:+.2f}" for name, gain in parts)
            + discount
        )
    return "\n".join(lines)
