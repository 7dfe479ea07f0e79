"""Each check finds what it is for, and nothing in sound rows."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from made_tables import Row, cable, observation, tables

from metrics.observations import table_schema
from metrics.reconcile import CHECKS, check, reconcile


def found(*rows: Row, cables: list[Row] | None = None) -> list[Row]:
    observations, known = tables(rows, cables or [])
    return check(observations, reconcile(observations, known), known).to_pylist()


def names(findings: list[Row]) -> set[str]:
    return {row["check"] for row in findings}


def seized(low: float, of: str = "heroin", **given: Any) -> Row:
    return observation("seizures", low, of=of, **{"unit": "kilogram", **given})


def places(metric: str, low: float, of: str, **given: Any) -> Row:
    return observation(metric, low, of=of, **{"unit": "checkpoint", **given})


EQUIPPED = places("checkpoints_equipped", 30, "radiation detection")
WHOLE = seized(20, "cocaine", period="2008")
PART = {**seized(30, "cocaine", period="2008", start=300), "part_of": WHOLE["observation_id"]}
SHARE: dict[str, Any] = {"kind": "share", "unit": "percent", "sentence_start": 90}
CARGO: dict[str, Any] = {
    "of": "shipments",
    "unit": "transaction",
    "sentence_start": 90,
    "sentence": "In 2006 it handled 13,000, an increase of 4,000 over 2005.",
}

CASES: dict[str, tuple[list[Row], list[Row], str]] = {
    "bounds_reversed": (
        [observation("traffic", 20, 10, qualifier="range", unit="truck")],
        [],
        "20 above upper bound 10",
    ),
    "share_over_100": ([observation("inspections", 130, **SHARE)], [], "130%"),
    "equipped_above_total": ([EQUIPPED, places("checkpoints_total", 12, "posts", start=300)], [], "30 / 12 = 250%"),
    "part_above_whole": ([WHOLE, PART], [], "part 30 kilogram is above its whole 20 kilogram"),
    "implausible_value": ([seized(59_000, period="2009-01/2009-03")], [], "59,000 kilogram of heroin; at most 20,000"),
    "future_actual": ([seized(5, period="2010-01")], [], "2010-01 by a cable of 2009-04-12"),
    "shares_over_100": (
        [
            observation("workforce_share", low, of=of, start=start, **SHARE)
            for low, of, start in ((70, "rail", 100), (45, "customs", 130))
        ],
        [],
        "70 + 45 = 115%",
    ),
    "derived_against_stated": (
        [
            observation("cargo", 13_000, period="2006", **CARGO),
            observation("cargo", 4_000, kind="change", period="2006", start=140, **CARGO),
            observation("cargo", 8_100, period="2005", **{**CARGO, "sentence_start": 290}, start=300),
        ],
        [],
        "but 8,100 transaction is stated",
    ),
    "header_below_portions": (
        [seized(5, marking="S")],
        [cable("09ASTANA1", classification="CONFIDENTIAL")],
        "header says CONFIDENTIAL, a paragraph is marked (S)",
    ),
    "nouns_mixed": (
        [places("checkpoints_total", 112, "crossings"), places("checkpoints_total", 90, "ports", start=300)],
        [],
        "crossing, port",
    ),
    "stale": (
        [places("checkpoints_total", 112, "crossings", cable_date=date(2003, 1, 1))],
        [cable("09ASTANA1", date(2003, 1, 1)), cable("10ASTANA9", date(2010, 1, 1))],
        "as of 2003-01-01, the newest cable of 2010-01-01",
    ),
    "copied_body": (
        [seized(5)],
        [cable("09ASTANA1", body="one"), cable("09STATE2", body="one")],
        "counted once: 09ASTANA1, 09STATE2",
    ),
    "not_added": (
        [seized(5, period="2008-03"), seized(7, period="2008-05", start=300)],
        [],
        "2008: the catalogue does not",
    ),
}


def test_every_check_has_a_case_and_a_meaning() -> None:
    assert [one.name for one in CHECKS] == list(CASES)
    assert all(one.meaning.endswith(".") and one.severity in {"error", "warning", "note"} for one in CHECKS)


@pytest.mark.parametrize("name", CASES)
def test_a_check_finds_its_case_and_names_the_rows(name: str) -> None:
    rows, cables, words = CASES[name]
    findings = [row for row in found(*rows, cables=cables) if row["check"] == name]
    assert len(findings) == 1
    assert words in findings[0]["what"]
    known = {row["observation_id"] for row in rows} | {row["cable_id"] for row in cables}
    assert findings[0]["rows"]
    assert set(findings[0]["rows"]) <= known
    assert findings[0]["severity"] == next(one.severity for one in CHECKS if one.name == name)


def test_a_range_of_equipped_that_ends_above_the_total_is_told() -> None:
    equipped = {**EQUIPPED, "low": 28, "high": 40, "qualifier": "range"}
    (finding,) = found(equipped, places("checkpoints_total", 30, "posts", start=300))
    assert (finding["check"], finding["what"]) == (
        "equipped_above_total",
        "perhaps more equipped than there are: 28 to 40 / 30 = 93.3% to 100% (cut at 100%)",
    )
    assert not found(equipped, places("checkpoints_total", 30, "posts", qualifier="more_than", start=300))


SOUND: dict[str, list[Row]] = {
    "bounds_reversed": [observation("traffic", 10, 20, qualifier="range", unit="truck")],
    "share_over_100": [observation("inspections", 100, **SHARE)],
    "equipped_above_total": [EQUIPPED, places("checkpoints_total", 30, "posts", start=300)],
    "part_above_whole": [{**WHOLE, "low": 40, "high": 40, "value": 40}, PART],
    "implausible_value": [seized(59), seized(59_000, "marijuana", start=300), seized(9_000, unit="gram", start=600)],
    "future_actual": [seized(5, period="2010-01", status="planned"), seized(6, period="2009", start=300)],
    "shares_over_100": [
        observation("workforce_share", low, of=of, start=start, **SHARE)
        for low, of, start in ((70, "railroad", 100), (30, "customs", 130), (70, "railroad", 160))
    ],
    "derived_against_stated": [
        observation("cargo", 13_000, period="2006", **CARGO),
        observation("cargo", 4_000, kind="change", period="2006", start=140, **CARGO),
        observation("cargo", 9_000, period="2005", **{**CARGO, "sentence_start": 290}, start=300),
    ],
    "header_below_portions": [seized(5, marking="C"), seized(6, marking="UNKNOWN", start=300)],
    "nouns_mixed": [
        places("checkpoints_total", 112, "crossings"),
        places("checkpoints_total", 9, "rail crossings", start=300),
    ],
    "stale": [places("checkpoints_total", 112, "crossings")],
    "copied_body": [seized(5)],
    "not_added": [
        observation("training_events", low, of="seminars", unit="event", period=period, start=start)
        for low, period, start in ((3, "2008-03", 100), (2, "2008-06", 300))
    ],
}


@pytest.mark.parametrize("name", CASES)
def test_a_check_leaves_sound_rows_alone(name: str) -> None:
    assert name not in names(found(*SOUND[name]))


def test_findings_keep_to_the_dictionary_and_come_worst_first() -> None:
    rows, _, _ = CASES["nouns_mixed"]
    odd = observation("inspections", 130, **{**SHARE, "start": 700})
    observations, cables = tables([*rows, odd])
    findings = check(observations, reconcile(observations, cables), cables)
    assert findings.schema.equals(table_schema("checks"))
    assert findings["severity"].to_pylist() == ["error", "note"]
    turned = observations.take([2, 0, 1])
    assert check(turned, reconcile(turned, cables), cables).equals(findings)


@pytest.mark.parametrize(
    ("most", "implausible"), [({"low": 750e9, "high": 1e12}, True), ({"low": 2e8}, False), ({"low": 9e9}, True)]
)
def test_more_of_a_thing_than_there_is_looks_implausible_under_any_metric(
    most: dict[str, float], implausible: bool
) -> None:
    row = observation("traffic", **most, of="travellers", unit="person", per="year")
    assert ("implausible_value" in names(found(row))) is implausible
    observations, cables = tables([row], [])
    (fact,) = reconcile(observations, cables).to_pylist()
    assert ("implausible" in fact["flags"]) is implausible


def test_a_caveat_that_the_header_lacks_is_told_though_its_level_is_higher() -> None:
    rows = [seized(5, marking="C/NF"), seized(6, marking="S", start=300)]
    findings = found(*rows, cables=[cable(classification="SECRET")])
    told = [row["what"] for row in findings if row["check"] == "header_below_portions"]
    assert told == ["header says SECRET, a paragraph is marked (C/NF)"]


def test_a_finding_bears_the_mark_over_all_that_it_quotes() -> None:
    rows = [
        places("checkpoints_equipped", 90, "radiation detection", marking="C/NF"),
        places("checkpoints_total", 30, "crossings", start=300, marking="S"),
    ]
    assert {row["marking"] for row in found(*rows) if row["check"] == "equipped_above_total"} == {"S/NF"}
    copies = [cable("09A1", body="one", highest_mark="C"), cable("09A2", body="one", highest_mark="SECRET")]
    findings = found(seized(5, cable_id="09A1", marking="U"), cables=copies)
    assert {row["marking"] for row in findings if row["check"] == "copied_body"} == {"SECRET"}


def test_no_rows_no_findings() -> None:
    assert found() == []
