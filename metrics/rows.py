"""Rows of the tables from one cable with its statements and their contexts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from metrics.cable import Cable, Problem, body_sha256
from metrics.context import Context, resolve_contexts
from metrics.marking import UNKNOWN, combine_marks
from metrics.observations import UNSURE_BELOW, figure_id
from metrics.paragraphs import Paragraph, Sentence
from metrics.periods import period_bounds
from metrics.quantities import Quantity
from metrics.statements import LedgerEntry, Statement, find_statements
from metrics.vocabulary.measures import national_currency
from metrics.vocabulary.names import countries_by_post, nation_names, squash_post

Row = dict[str, Any]


def read_rows(cable: Cable) -> dict[str, list[Row]]:
    """All rows of one cable by table: a pure function of the cable."""
    statements, entries = find_statements(cable)
    contexts = resolve_contexts(cable, statements)
    return {
        "observations": observation_rows(cable, statements, contexts),
        "ledger": ledger_rows(cable, entries),
        "cables": [cable_row(cable)],
        "issues": [issue_row(cable.source, cable.id, problem) for problem in cable.problems],
    }


def observation_rows(cable: Cable, statements: Sequence[Statement], contexts: Sequence[Context]) -> list[Row]:
    """One row per statement, in text order; columns as in the dictionary."""
    ids = [observation_id(cable, statement) for statement in statements]
    return [
        _observation_row(cable, statement, context, ids[statement.part_of] if statement.part_of is not None else None)
        for statement, context in zip(statements, contexts, strict=True)
    ]


def observation_id(cable: Cable, statement: Statement) -> str:
    """Stable id of the figure a statement makes."""
    return figure_id(cable.id, statement.metric, statement.quantity.start, statement.quantity.end)


def _observation_row(cable: Cable, statement: Statement, context: Context, part_of: str | None) -> Row:
    quantity = statement.quantity
    period_start, period_end = period_bounds(context.period) if context.period else (None, None)
    return {
        "observation_id": observation_id(cable, statement),
        **_cable_columns(cable),
        **_paragraph_columns(cable, statement.paragraph),
        "metric": statement.metric,
        "kind": statement.kind,
        "value": quantity.low if quantity.low == quantity.high else None,
        "low": quantity.low,
        "high": quantity.high,
        "qualifier": quantity.qualifier,
        "unit": national_currency(statement.unit, nation_names().get(context.country, ())),
        "per": quantity.per,
        "of": statement.of,
        "country": context.country,
        "site": context.site,
        "actor": context.actor,
        "period": context.period,
        "period_start": period_start,
        "period_end": period_end,
        "status": context.status,
        "speaker": context.speaker,
        "flags": sorted({*statement.flags, *context.flags, *_role_flags(statement.sentence), *_doubt_flags(statement)}),
        "score": round(statement.score, 4),
        "role": statement.sentence.role,
        "part_of": part_of,
        **_span_columns(cable, quantity, statement.sentence),
        "rule": statement.rule,
        "source_sha256": cable.source_sha256,
    }


def _role_flags(sentence: Sentence) -> tuple[str, ...]:
    return () if sentence.role == "body" else (sentence.role,)


def _doubt_flags(statement: Statement) -> tuple[str, ...]:
    return ("unsure",) if statement.score < UNSURE_BELOW else ()


def ledger_rows(cable: Cable, entries: Sequence[LedgerEntry]) -> list[Row]:
    """One row per number of a border sentence that no metric claims, with the reason."""
    return [
        {
            **_cable_columns(cable),
            **_paragraph_columns(cable, entry.paragraph),
            "reason": entry.reason,
            "low": entry.quantity.low,
            "high": entry.quantity.high,
            "unit": entry.quantity.unit,
            **_span_columns(cable, entry.quantity, entry.sentence),
        }
        for entry in entries
    ]


def cable_row(cable: Cable) -> Row:
    """The cable's header fields and text as one row."""
    return {
        **_cable_columns(cable),
        "dtg": cable.dtg,
        "country": countries_by_post().get(squash_post(cable.post)) if cable.post else None,
        "tags": list(cable.tags),
        "subject": cable.subject,
        "classification": cable.classification,
        "highest_mark": combine_marks([cable.classification, *filter(None, (one.marking for one in cable.paragraphs))]),
        "declassify_on": cable.declassify_on,
        "references": list(cable.references),
        "paragraphs": len(cable.paragraphs),
        "sample": cable.subject.startswith("SAMPLE"),
        "body_sha256": body_sha256(cable),
        "text": cable.text,
        "source": cable.source,
        "source_start": cable.source_start,
        "source_sha256": cable.source_sha256,
    }


def issue_row(source: str, cable_id: str | None, problem: Problem) -> Row:
    """A problem of an input as a row."""
    return {"source": source, "cable_id": cable_id, "place": problem.where, "what": problem.what, "fix": problem.fix}


def _cable_columns(cable: Cable) -> Row:
    return {"cable_id": cable.id, "cable_date": cable.date, "post": cable.post}


def _paragraph_columns(cable: Cable, paragraph: Paragraph) -> Row:
    return {"paragraph": paragraph.number, "marking": paragraph.marking or cable.classification or UNKNOWN}


def _span_columns(cable: Cable, quantity: Quantity, sentence: Sentence) -> Row:
    return {
        "value_text": _fold(cable.masked[quantity.start : quantity.end]),
        "sentence": _fold(cable.masked[sentence.start : sentence.end]),
        "start": quantity.start,
        "end": quantity.end,
        "sentence_start": sentence.start,
        "sentence_end": sentence.end,
    }


def _fold(text: str) -> str:
    return " ".join(text.split())
