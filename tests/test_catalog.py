"""Catalogue entries: whole, with examples that their own metric claims and rejects that it does not."""

from __future__ import annotations

import pytest

from metrics.cable import read_cable
from metrics.catalog import FAMILIES, METRICS, Example, Metric
from metrics.features import FAMILY_OF, GROUPS
from metrics.statements import Statement, find_statements

ENTRIES = list(METRICS.values())
EXAMPLES = [
    pytest.param(entry, example, id=f"{entry.id}-{index}")
    for entry in ENTRIES
    for index, example in enumerate(entry.examples)
]
REJECTS = [
    pytest.param(entry, text, id=f"{entry.id}-{index}") for entry in ENTRIES for index, text in enumerate(entry.rejects)
]
KINDS = {"stock", "flow", "share"}


def claims(text: str) -> list[Statement]:
    return find_statements(read_cable(text, name="EXAMPLE"))[0]


def test_the_guide_has_nineteen_metrics() -> None:
    assert len(METRICS) == 19


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_an_entry_is_whole(entry: Metric) -> None:
    assert METRICS[entry.id] is entry
    assert all((entry.title, entry.definition, entry.excludes, entry.caveats, entry.chart))
    assert entry.kind in KINDS
    assert entry.family in FAMILIES
    assert entry.part_of is None or entry.part_of in METRICS
    assert len({example.text for example in entry.examples}) >= 5
    assert len(set(entry.rejects)) >= 3


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_an_entry_counts_groups_that_exist(entry: Metric) -> None:
    known = {*GROUPS, *FAMILY_OF, "money", "percent", "measure", "none?", "count?"}
    assert set(entry.counts) | set(entry.may_count) <= known
    assert not set(entry.counts) & set(entry.may_count)


@pytest.mark.parametrize(("entry", "example"), EXAMPLES)
def test_an_example_is_claimed_by_its_metric(entry: Metric, example: Example) -> None:
    found = [
        statement
        for statement in claims(example.text)
        if statement.metric == entry.id
        and (statement.quantity.low, statement.quantity.high) == (example.low, example.high)
    ]
    assert found, f"{entry.id} does not claim {example.text!r}"
    if example.of:
        assert set(example.of.lower().split()) & set(found[0].of.split()), f"of is {found[0].of!r}"


@pytest.mark.parametrize(("entry", "text"), REJECTS)
def test_a_reject_is_not_claimed_by_its_metric(entry: Metric, text: str) -> None:
    assert entry.id not in {statement.metric for statement in claims(text)}
