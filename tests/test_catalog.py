"""Catalogue entries: whole, with examples that their own metric claims and rejects that it does not."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from metrics import actors, context, dating, naming, sites, status
from metrics.cable import read_cable
from metrics.catalog import FAMILIES, METRICS, Example, Metric
from metrics.charts import selection
from metrics.features import FAMILY_OF, GROUPS
from metrics.reconcile import likeness, plausible
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


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_claims_say_how_figures_of_an_entry_are_named(entry: Metric) -> None:
    own = entry.id
    needed = {
        f"{own} in [of_defaults]: what its figures are of where a text does not say": own in naming.OF_DEFAULTS,
        f"{own} in [default_units], or other in [units_of_metrics.{own}]: their unit where nothing gives one": (
            own in naming.DEFAULT_UNITS or "other" in naming.UNITS_OF_METRICS.get(own, {})
        ),
        f"{own} in [of_classes], as [people_words.{own}] is there": (
            own in naming.OF_CLASSES or own not in naming.PEOPLE_WORDS
        ),
        f"[purposes.{own}], as {own} is named by purpose or topic": (
            own in naming.PURPOSES or own not in naming.NAMED_BY_PURPOSE | naming.NAMED_BY_TOPIC
        ),
    }
    missing = [what for what, there in needed.items() if not there]
    assert not missing, f"claims.toml lacks {'; '.join(missing)}"


LISTS: dict[str, Iterable[str]] = {
    "claims.toml, of_defaults": naming.OF_DEFAULTS,
    "claims.toml, default_units": naming.DEFAULT_UNITS,
    "claims.toml, units_of_metrics": naming.UNITS_OF_METRICS,
    "claims.toml, of_classes": naming.OF_CLASSES,
    "claims.toml, people_words": naming.PEOPLE_WORDS.keys() - {"convicted"},  # those of arrests who are convicted
    "claims.toml, purposes": naming.PURPOSES,
    "claims.toml, named_by_purpose": naming.NAMED_BY_PURPOSE,
    "claims.toml, named_by_topic": naming.NAMED_BY_TOPIC,
    "claims.toml, held_goods": naming.HELD_GOODS,
    "claims.toml, plain_goods": naming.PLAIN_GOODS,
    "actors.GIVING": actors.GIVING,
    "actors.ENFORCING": actors.ENFORCING,
    "context.STANDING": context.STANDING,
    "context.EVENTS": context.EVENTS,
    "context.SUPPLIES": context.SUPPLIES,
    "dating.STOCKS": dating.STOCKS,
    "sites._LOCAL": sites._LOCAL,
    "sites._NEVER": sites._NEVER,
    "status.PLANNABLE": status.PLANNABLE,
    "likeness.HEAD_WORDS": likeness.HEAD_WORDS,
    "likeness.CAPABILITY_METRICS": likeness.CAPABILITY_METRICS,
    "plausible.LIMITS": {limit.metric for limit in plausible.LIMITS if limit.metric},
    "selection.METRICS_OF": {metric for metrics in selection.METRICS_OF.values() for metric in metrics},
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_metrics_names_none_that_left_the_catalogue(name: str) -> None:
    strays = sorted(set(LISTS[name]) - METRICS.keys())
    assert not strays, f"{name} names {strays}; known: {', '.join(METRICS)}"


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
