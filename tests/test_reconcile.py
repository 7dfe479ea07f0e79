"""Observations to facts: what is joined, kept apart, linked and computed, and that nothing else moves it."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from made_tables import Row, cable, observation, tables

from metrics.observations import FLAGS, table_schema
from metrics.reconcile import reconcile
from metrics.reconcile.join import cited_ids

LATER = {"cable_id": "10ASTANA7", "cable_date": date(2010, 2, 1)}


def facts_of(*rows: Row, cables: list[Row] | None = None) -> list[Row]:
    return reconcile(*tables(rows, cables or [])).to_pylist()


def stated(facts: list[Row]) -> list[Row]:
    return [fact for fact in facts if not fact["derived"]]


def derived(facts: list[Row]) -> list[Row]:
    return [fact for fact in facts if fact["derived"]]


def by_low(facts: list[Row]) -> dict[float, Row]:
    return {fact["low"]: fact for fact in stated(facts)}


def seized(low: float, **given: Any) -> Row:
    return observation("seizures", low, **{"of": "cocaine", "unit": "kilogram", "country": "CRI", **given})


def migrants(low: float, **given: Any) -> Row:
    return observation("irregular_crossings", low, **{"of": "migrants", "country": "LBY", "period": "2009", **given})


def sites(low: float, **given: Any) -> Row:
    return observation("installations", low, **{"of": "portal monitors", "unit": "site", "actor": "USA", **given})


def money(low: float, **given: Any) -> Row:
    return observation("funding", low, **{"of": "customs modernization", "unit": "USD", **given})


# Mentions


def test_mentions_of_one_figure_become_one_fact_with_its_citations() -> None:
    facts = facts_of(
        observation("checkpoints_total", 112, of="border crossing points", unit="checkpoint", role="summary"),
        observation("checkpoints_total", 112, of="crossings", unit="checkpoint", start=300, paragraph=2),
        observation("checkpoints_total", 112, of="ports", unit="checkpoint", start=900, paragraph=7),
    )
    (fact,) = facts
    assert (fact["mentions"], fact["sources"]) == (3, 1)
    assert fact["cables"] == ["09ASTANA1 para 2", "09ASTANA1 para 7", "09ASTANA1 para 1"]


def test_the_body_goes_before_the_summary_and_the_sure_before_the_unsure() -> None:
    rows = [
        seized(50, role="summary", score=0.99, of="cocaine", start=10),
        seized(50, role="body", score=0.5, start=500),
        seized(50, role="body", score=0.8, start=800),
    ]
    (fact,) = facts_of(*rows)
    assert fact["observation_ids"] == [rows[2]["observation_id"], rows[1]["observation_id"], rows[0]["observation_id"]]


def test_a_silent_mention_joins_the_one_fuller_mention_of_its_cable() -> None:
    (fact,) = facts_of(seized(750, role="summary"), seized(750, period="2008-07", site="Lungi", actor="CRI", start=600))
    assert (fact["period"], fact["site"], fact["actor"], fact["mentions"]) == ("2008-07", "Lungi", "CRI", 2)


def test_a_silent_mention_chooses_nothing_where_two_would_do() -> None:
    facts = facts_of(seized(750), seized(750, period="2007", start=600), seized(750, period="2008", start=900))
    assert sorted(fact["period"] or "" for fact in facts) == ["", "2007", "2008"]


def test_two_equal_figures_of_one_sentence_are_two_facts() -> None:
    both = {"sentence_start": 90, "sentence": "Four went north and four went south."}
    facts = facts_of(sites(4, start=100, **both), sites(4, start=120, **both))
    assert [fact["mentions"] for fact in stated(facts)] == [1, 1]


def asked(low: float, **given: Any) -> Row:
    return money(
        low, **{"status": "requested", "period": "2009", "actor": "USA", "of": "counternarcotics aid", **given}
    )


def test_a_request_repeated_under_the_name_of_its_programme_is_one() -> None:
    again = {"of": "merida initiative", **LATER}
    (fact,) = facts_of(asked(2.035e6), asked(2.035e6, **again))
    assert (fact["mentions"], fact["sources"]) == (2, 2)
    two = [(2.8e6, "2010", 300), (1.6e6, "2009", 600)]
    rows = [asked(low, period=year, start=at, **more) for low, year, at in two for more in ({}, again)]
    assert sorted(fact["mentions"] for fact in facts_of(*rows)) == [2, 2]


@pytest.mark.parametrize(
    "rows",
    [
        [asked(2.8e6), asked(2.8e6, of="scanners", **LATER)],
        [asked(2.035e6), asked(2.035e6, of="scanners", period="2010", **LATER)],
        [asked(2.035e6), asked(2.035e6, of="scanners", actor="NOR", **LATER)],
        [asked(2.035e6), asked(2.035e6, of="scanners", status="actual", **LATER)],
        [asked(2.035e6), asked(2.035e6, of="scanners", start=300)],
    ],
    ids=["few digits", "year", "donor", "status", "one cable"],
)
def test_sums_that_may_agree_by_chance_stay_apart(rows: list[Row]) -> None:
    assert {fact["mentions"] for fact in facts_of(*rows)} == {1}


def test_units_of_one_scale_are_one_figure() -> None:
    (fact,) = facts_of(seized(4.5, unit="tonne"), seized(4500, unit="kilogram", start=700))
    assert fact["mentions"] == 2


@pytest.mark.parametrize(
    "other",
    [
        {"country": "PAN"},
        {"site": "Limon"},
        {"status": "planned"},
        {"per": "month"},
        {"period": "2007"},
        {"of": "heroin"},
        {"kind": "change"},
        {"metric": "incidents"},
        {"actor": "USA"},
    ],
)
def test_figures_that_differ_in_what_they_are_of_stay_apart(other: Row) -> None:
    base = {"period": "2008", "actor": "CRI"}
    later = {"cable_id": "09ASTANA2"}
    assert len(stated(facts_of(seized(50, **base), {**seized(50, **base, **later), **other, **_period(other)}))) == 2


def _period(other: Row) -> Row:
    return {"period_start": date(2007, 1, 1), "period_end": date(2007, 12, 31)} if "period" in other else {}


def test_a_warning_stands_only_if_no_mention_lifts_it() -> None:
    (fact,) = facts_of(seized(50, flags=["country_from_post", "summary"]), seized(50, flags=["summary"], start=300))
    assert fact["flags"] == ["summary"]


def test_the_highest_mark_of_the_mentions_stands() -> None:
    marks = {"U": 100, "S/NF": 300, "C": 900}
    (fact,) = facts_of(*(seized(50, marking=mark, start=start) for mark, start in marks.items()))
    assert fact["marking"] == "S/NF"


def test_no_caveat_of_a_mention_or_an_input_is_lost() -> None:
    (fact,) = facts_of(seized(50, marking="C/NF"), seized(50, marking="S", start=300))
    assert fact["marking"] == "S/NF"
    equipped = observation("checkpoints_equipped", 10, unit="checkpoint", country="CRI", marking="C/NF")
    total = observation("checkpoints_total", 40, unit="checkpoint", country="CRI", marking="S", start=300)
    assert {row["marking"] for row in facts_of(equipped, total) if row["derived"]} == {"S/NF"}


# Sources


def test_a_cable_that_cites_another_is_no_second_source() -> None:
    cables = [
        cable("05SANJOSE10", date(2005, 3, 1)),
        cable("05SANJOSE99", date(2005, 9, 1), references=["A. SAN JOSE 00010"]),
        cable("06PANAMA5", date(2006, 2, 1)),
    ]
    rows = [seized(50, cable_id=row["cable_id"], cable_date=row["cable_date"], period="2004") for row in cables]
    (fact,) = facts_of(*rows, cables=cables)
    assert (fact["mentions"], fact["sources"], fact["as_of"]) == (3, 2, date(2006, 2, 1))


@pytest.mark.parametrize(
    ("reference", "year", "ids"),
    [
        ("A. 08 ASTANA 2305", 2009, ["08ASTANA2305"]),
        ("(B) ASTANA 00052", 2009, ["09ASTANA52"]),
        ("2008 PORT AU PRINCE 0113", 2009, ["08PORTAUPRINCE113"]),
        ("08 STATE 1 AND 07 STATE 22", 2009, ["08STATE1", "07STATE22"]),
        ("A) 08ASTANA2305, B) ALMATY 7", 2009, ["08ASTANA2305", "09ALMATY7"]),
        ("ASTANA 52", None, []),
        ("NOTAL", 2009, []),
    ],
)
def test_references_are_read_as_ids(reference: str, year: int | None, ids: list[str]) -> None:
    assert list(cited_ids([reference], year)) == ids


def world() -> tuple[list[Row], list[Row]]:
    """Rows with rivals, parts, updates, plans and derived values, and their cables."""
    cables = [cable(f"0{year}SANJOSE{year}", date(2000 + year, 10, 1), body=f"b{year}") for year in (5, 6, 7, 8)]
    at = {year: {"cable_id": f"0{year}SANJOSE{year}", "cable_date": date(2000 + year, 10, 1)} for year in (5, 6, 7, 8)}
    rows = [
        seized(4000, period="2005", **at[5]),
        seized(6749, period="2005", start=500, **at[6]),
        seized(6500, period="2005", start=600, **at[7]),
        seized(2500, period="2005", site="Limon", start=700, **at[7]),
        sites(8, period="2006", status="planned", **at[5]),
        sites(6, period="2006", start=300, **at[7]),
        sites(4, period="2006-02", site="Penas Blancas", actor="NOR", start=400, **at[7]),
        money(63e6, role="summary", **at[8]),
        money(65e6, qualifier="more_than", status="planned", start=900, **at[8]),
        observation("checkpoints_total", 40, unit="checkpoint", of="ports", country="CRI", **at[8]),
        observation("checkpoints_equipped", 10, unit="checkpoint", of="x-ray", country="CRI", start=950, **at[8]),
    ]
    return rows, cables


def test_the_order_of_rows_changes_nothing() -> None:
    rows, cables = world()
    first = reconcile(*tables(rows, cables))
    for seed in range(5):
        random.Random(seed).shuffle(rows)
        random.Random(seed).shuffle(cables)
        assert reconcile(*tables(rows, cables)).equals(first)


@pytest.mark.parametrize("copy_id", ["00AAA1", "99ZZZ1"])
def test_a_second_copy_of_a_cable_changes_citations_only(copy_id: str) -> None:
    rows, cables = world()
    copies = [
        {**row, "cable_id": copy_id, "observation_id": f"copy of {row['observation_id']}"}
        for row in rows
        if row["cable_id"] == "07SANJOSE7"
    ]
    twin = {**cables[2], "cable_id": copy_id}
    alone, both = facts_of(*rows, cables=cables), facts_of(*rows, *copies, cables=[*cables, twin])
    citing = ("cables", "observation_ids")
    assert [{**row, **dict.fromkeys(citing)} for row in both] == [{**row, **dict.fromkeys(citing)} for row in alone]
    assert any(copy_id in str(row["cables"]) for row in both)


def test_facts_keep_to_the_dictionary_and_their_ids_are_unique() -> None:
    rows, cables = world()
    table = reconcile(*tables(rows, cables))
    assert table.schema.equals(table_schema("facts"))
    ids = table["fact_id"].to_pylist()
    assert ids == sorted(set(ids))
    facts = {row["fact_id"]: row for row in table.to_pylist()}
    pointers = [row[name] for row in facts.values() for name in ("part_of", "superseded_by") if row[name]]
    pointers += [one for row in facts.values() for one in row["inputs"]]
    assert len(pointers) >= 7
    assert set(pointers) <= set(facts)
    assert {flag for row in facts.values() for flag in row["flags"]} <= set(FLAGS)


def test_no_observations_make_no_facts() -> None:
    assert reconcile(*tables([])).num_rows == 0


def test_data_frames_do_as_well_as_tables() -> None:
    observations, cables = tables(*world())
    frames = observations.to_pandas(), cables.to_pandas()
    assert reconcile(*frames).equals(reconcile(observations, cables))


# Rivals


def rivals(facts: list[Row]) -> list[tuple[list[float], str]]:
    groups: dict[str, list[Row]] = {}
    for fact in facts:
        if fact["conflict_group"]:
            groups.setdefault(fact["conflict_group"], []).append(fact)
    found = [
        (sorted(fact["low"] or fact["high"] for fact in one), one[0]["conflict_reason"]) for one in groups.values()
    ]
    return sorted(found)


def test_two_cables_that_differ_on_one_year_are_rivals_and_never_averaged() -> None:
    facts = facts_of(seized(6749, period="2005"), seized(6100, period="2005", **LATER))
    assert rivals(facts) == [([6100, 6749], "value, date")]
    assert {fact["low"] for fact in facts} == {6100, 6749}


def test_rivals_name_bound_and_speaker() -> None:
    facts = facts_of(
        seized(6749, period="2005", speaker="the director"),
        seized(6700, period="2005", qualifier="more_than", speaker="a spokesman", start=900),
    )
    assert rivals(facts) == [([6700, 6749], "bound, speaker")]


def test_different_people_say_so_only_where_each_figure_has_its_speaker() -> None:
    facts = facts_of(seized(6749, period="2005", role="summary"), seized(6500, period="2005", speaker="X", start=900))
    assert rivals(facts) == [([6500, 6749], "value")]


def test_ranges_that_overlap_differ_in_their_bounds() -> None:
    facts = facts_of(
        seized(500, high=650, qualifier="range", role="summary"), seized(550, high=700, qualifier="range", start=900)
    )
    assert rivals(facts) == [([500, 550], "bound")]


def test_a_cap_and_a_range_that_ends_at_it_are_rivals() -> None:
    people = {"of": "irregular immigrants", "country": "ITA"}
    facts = facts_of(
        observation("irregular_crossings", None, 650e3, qualifier="at_most", role="summary", **people),
        observation("irregular_crossings", 500e3, 650e3, qualifier="range", start=900, **people),
    )
    assert rivals(facts) == [([500e3, 650e3], "bound")]


def test_one_money_purpose_is_one_thing_whatever_its_stage() -> None:
    facts = facts_of(money(63e6, role="summary"), money(65e6, qualifier="more_than", status="planned", start=900))
    assert rivals(facts) == [([63e6, 65e6], "value, bound")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (seized(6749, period="2005"), seized(6100, period="2006", **LATER)),
        (seized(6749, period="2005"), seized(6100, period="2005", of="heroin", **LATER)),
        (seized(6749, period="2005"), seized(6100, period="2005", site="Limon", **LATER)),
        (seized(6749, period="2005", actor="CRI"), seized(6100, period="2005", actor="USA", **LATER)),
        (seized(6749, period="2005"), seized(12, period="2005", **LATER)),
        (seized(200, period="2005-03-01"), seized(90, period="2005-03-01", start=900)),
        (seized(60), seized(90, **LATER)),
        (sites(4, sentence_start=90), sites(5, sentence_start=90, start=130)),
        (seized(2032, period="2008"), seized(1802, period="2008", start=900)),
        (money(63e6), money(10e6, start=900)),
        (sites(20, status="planned", period="2008"), sites(22, period="2008", status="actual", start=900)),
        (migrants(28, speaker="a monitor"), migrants(6000, speaker="an official", start=900)),
        (migrants(400, role="summary"), migrants(250, speaker="a newspaper", start=900)),
        (migrants(1000, speaker="an envoy"), migrants(1500, speaker="a general", start=900)),
    ],
    ids=[
        "year",
        "thing",
        "place",
        "actor",
        "size",
        "two events",
        "undated",
        "one sentence",
        "two near",
        "sums",
        "stage",
        "told by two of two things",
        "summary of another thing",
        "a part not told as one",
    ],
)
def test_figures_of_two_things_are_no_rivals(one: Row, other: Row) -> None:
    facts = facts_of(one, other)
    assert len(stated(facts)) == 2
    assert rivals(facts) == []


def test_what_a_summary_restates_is_not_restated_by_another_figure() -> None:
    kept = {"of": "detectors", "unit": "item"}
    restated = observation("equipment", 20, role="summary", **kept), observation("equipment", 20, start=300, **kept)
    assert rivals(facts_of(*restated, observation("equipment", 35, start=900, **kept))) == []


def test_a_figure_listed_beside_others_of_its_kind_is_no_estimate_of_the_whole() -> None:
    month = {"period": "2004-12", "sentence_start": 90}
    listed = [seized(837.5, **month), seized(304, site="Nairobi", start=130, **month)]
    assert rivals(facts_of(*listed, seized(1000, qualifier="more_than", period="2004-12", **LATER))) == []
    told = [
        migrants(400, role="summary", sentence_start=90),
        migrants(20, qualifier="more_than", of="boat migrants", role="summary", start=130, sentence_start=90),
    ]
    assert rivals(facts_of(*told, migrants(23, site="Tripoli", start=900))) == []


def test_pounds_and_kilograms_of_one_weight_are_no_rivals() -> None:
    facts = facts_of(seized(109, period="2009-04-18"), seized(240, unit="pound", period="2009-04-18", **LATER))
    assert rivals(facts) == []


# Updates


def test_counts_of_a_running_year_are_updates_of_one_figure() -> None:
    facts = facts_of(
        seized(4000, period="2005-01/2005-06", cable_date=date(2005, 7, 1)),
        seized(5500, period="2005-01/2005-09", cable_id="05SANJOSE8", cable_date=date(2005, 10, 1)),
        seized(6749, period="2005", cable_id="06SANJOSE1", cable_date=date(2006, 1, 9)),
    )
    rows = by_low(facts)
    assert len({row["update_group"] for row in rows.values()}) == 1
    assert [rows[low]["superseded_by"] for low in (4000, 5500, 6749)] == [rows[6749]["fact_id"]] * 2 + [None]
    assert rivals(facts) == []
    assert not derived(facts)


def test_a_year_named_while_it_runs_is_a_count_to_date() -> None:
    facts = facts_of(
        seized(12, unit="tonne", period="2008", cable_date=date(2008, 9, 1)),
        seized(16, unit="tonne", period="2008", cable_id="09SANJOSE1", cable_date=date(2009, 2, 1)),
    )
    assert by_low(facts)[12]["superseded_by"] == by_low(facts)[16]["fact_id"]


def test_a_count_as_of_a_day_is_one_of_its_year() -> None:
    seized_by = "As of mid-October 2009 the police had seized 14.7 tons."
    facts = facts_of(
        seized(14.7, unit="tonne", period="2009-10", sentence=seized_by, cable_date=date(2009, 11, 10)),
        seized(20.6, unit="tonne", period="2009", cable_id="10SANJOSE1", cable_date=date(2010, 2, 2)),
    )
    assert by_low(facts)[14.7]["superseded_by"] == by_low(facts)[20.6]["fact_id"]


def test_a_later_count_that_shrank_is_a_rival_and_no_update() -> None:
    facts = facts_of(
        seized(16, unit="tonne", period="2008", cable_date=date(2008, 9, 1)),
        seized(12, unit="tonne", period="2008", cable_id="09SANJOSE1", cable_date=date(2009, 2, 1)),
    )
    assert rivals(facts) == [([12, 16], "value, date")]
    assert not any(fact["update_group"] for fact in facts)


# Parts


def test_of_which_makes_a_part_and_a_remainder_that_keeps_the_bound() -> None:
    whole = money(65e6, qualifier="more_than", status="planned", actor="KAZ")
    part = money(18e6, status="planned", actor="World Bank", start=140, sentence_start=90)
    facts = facts_of(whole, {**part, "part_of": whole["observation_id"]}, money(63e6, actor="KAZ", start=900))
    rows = by_low(facts)
    assert rows[18e6]["part_of"] == rows[65e6]["fact_id"]
    assert rivals(facts) == [([63e6, 65e6], "value, bound")]
    (rest,) = derived(facts)
    assert (rest["low"], rest["high"], rest["qualifier"], rest["status"]) == (47e6, None, "more_than", "planned")
    assert rest["formula"] == "more than 65,000,000 USD - 18,000,000 USD = more than 47,000,000"
    assert rest["inputs"] == [rows[65e6]["fact_id"], rows[18e6]["fact_id"]]
    assert rest["of"] == "customs modernization except the World Bank"


def test_what_is_of_another_time_is_no_part_and_not_subtracted() -> None:
    whole = seized(10748, period="2008", sentence_start=90)
    earlier = seized(4776, period="2007", sentence_start=90, start=130)
    facts = facts_of(whole, {**earlier, "part_of": whole["observation_id"]})
    assert not any(fact["part_of"] or fact["derived"] for fact in facts)


@pytest.mark.parametrize(
    "part",
    [{"flags": ["unsure"]}, {"flags": ["vague_magnitude"], "qualifier": "vague"}],
    ids=["unsure", "vague"],
)
def test_nothing_is_subtracted_that_is_in_doubt(part: Row) -> None:
    whole = seized(15000, period="2008", sentence_start=90)
    sure, doubtful = (seized(low, of="hashish", start=100 + low, sentence_start=90) for low in (30, 50))
    parts = [{**one, "part_of": whole["observation_id"]} for one in (sure, {**doubtful, **part})]
    assert len(derived(facts_of(whole, parts[0]))) == 1
    assert not derived(facts_of(whole, *parts))
    fell = {"sentence": "It handled 13,000, an increase of 4,000 over 2005."}
    assert not derived(facts_of(cargo(13000, **fell), cargo(4000, kind="change", start=140, **fell, **part)))


def test_a_place_listed_beside_a_sum_is_no_part_of_it() -> None:
    listed = {"of": "patrol boats", "status": "requested", "period": "2008", "sentence_start": 90}
    facts = facts_of(money(300e3, **listed), money(175e3, site="Limon", start=130, **listed))
    assert not any(fact["part_of"] or fact["derived"] for fact in facts)


def test_figures_of_one_sentence_that_add_up_are_parts_without_remainder() -> None:
    one = {"period": "2009", "sentence_start": 90, "unit": "tonne"}
    facts = facts_of(seized(20.6, **one), seized(13.8, start=130, **one), seized(6.8, start=160, **one))
    rows = by_low(facts)
    assert [rows[low]["part_of"] for low in (13.8, 6.8, 20.6)] == [rows[20.6]["fact_id"]] * 2 + [None]
    assert not derived(facts)
    assert rivals(facts) == []


def test_small_counts_of_unlike_things_add_up_by_chance() -> None:
    one = {"sentence_start": 90, "unit": "item"}
    rows = [
        observation("equipment", low, of=of, start=start, **one)
        for low, of, start in ((5, "radios", 100), (2, "boats", 120), (3, "trucks", 140))
    ]
    assert not any(fact["part_of"] for fact in facts_of(*rows))


def test_a_place_is_part_of_its_country_in_the_same_year() -> None:
    arrivals = {"of": "boat arrivals", "period": "2008", "country": "ITA"}
    facts = facts_of(
        observation("irregular_crossings", 36951, **arrivals),
        observation("irregular_crossings", 31236, site="Lampedusa", start=600, **arrivals),
    )
    rows = by_low(facts)
    assert rows[31236]["part_of"] == rows[36951]["fact_id"]
    assert [(fact["low"], fact["of"]) for fact in derived(facts)] == [(5715, "boat arrivals except Lampedusa")]


def test_events_of_one_day_at_a_place_are_not_part_of_another_figure() -> None:
    facts = facts_of(seized(90, period="2005-03-01"), seized(20, period="2005-03-01", site="Limon", start=700))
    assert not any(fact["part_of"] for fact in facts)


# Plans


def test_a_plan_is_linked_to_what_came_of_it() -> None:
    facts = facts_of(
        observation("people_trained", 50, of="customs officers", status="planned", period="2009-05"),
        observation("people_trained", 30, of="customs officers", period="2009-05", **LATER),
    )
    rows = by_low(facts)
    assert rows[50]["superseded_by"] == rows[30]["fact_id"]
    assert rows[30]["superseded_by"] is None
    assert rivals(facts) == []


def test_a_course_planned_for_fifty_and_attended_by_thirty() -> None:
    both = {"sentence_start": 90, "of": "officers"}
    planned = observation("people_trained", 50, status="planned", **both)
    facts = facts_of(planned, observation("people_trained", 30, start=130, **both))
    assert by_low(facts)[50]["superseded_by"] == by_low(facts)[30]["fact_id"]


@pytest.mark.parametrize(
    "outcome",
    [
        sites(6, period="2007", **LATER),
        sites(6, period="2006", country="UZB", **LATER),
        sites(6, period="2006", cable_id="05ASTANA3", cable_date=date(2005, 1, 1)),
        sites(6, period="2006", actor="NOR", **LATER),
    ],
    ids=["other year", "other country", "earlier cable", "other actor"],
)
def test_a_plan_is_not_linked_to_something_else(outcome: Row) -> None:
    facts = facts_of(sites(8, period="2006", status="planned"), outcome)
    assert not any(fact["superseded_by"] for fact in facts)


def test_another_sum_of_the_year_is_not_the_outcome_of_a_request() -> None:
    asked = money(1.975e6, status="requested", period="2008")
    assert by_low(facts_of(asked, money(2.9e6, period="2008", **LATER)))[1.975e6]["superseded_by"] is None
    assert by_low(facts_of(asked, money(2e6, period="2008", **LATER)))[1.975e6]["superseded_by"]


def test_a_sum_without_a_date_is_the_outcome_of_a_near_plan_only() -> None:
    plan = money(4.3e6, status="planned")
    assert by_low(facts_of(plan, money(4.4e6, **LATER)))[4.3e6]["superseded_by"]
    assert by_low(facts_of(plan, money(10e6, **LATER)))[4.3e6]["superseded_by"] is None


# Derived values


def equipped(low: float, **given: Any) -> Row:
    return observation("checkpoints_equipped", low, **{"of": "radiation detection", "unit": "checkpoint", **given})


def total(low: float, **given: Any) -> Row:
    return observation("checkpoints_total", low, **{"of": "border checkpoints", "unit": "checkpoint", **given})


def test_coverage_is_equipped_over_total_and_cites_both() -> None:
    facts = facts_of(equipped(28, paragraph=3), total(212, start=300, paragraph=4))
    (share,) = derived(facts)
    assert (share["metric"], share["kind"], share["unit"]) == ("checkpoints_equipped", "share", "percent")
    assert share["value"] == pytest.approx(13.2, abs=0.01)
    assert share["formula"] == "28 / 212 = 13.2%"
    assert share["cables"] == ["09ASTANA1 para 3", "09ASTANA1 para 4"]
    assert share["flags"] == ["derived"]


def test_coverage_over_rival_totals_is_an_interval() -> None:
    facts = facts_of(equipped(20), total(200, start=300), total(250, **LATER))
    (share,) = derived(facts)
    assert (share["low"], share["high"], share["qualifier"]) == (8, 10, "range")
    assert len(share["inputs"]) == 3


def test_coverage_of_an_open_bound_is_open() -> None:
    (share,) = derived(facts_of(equipped(20, qualifier="more_than"), total(200, start=300)))
    assert (share["low"], share["high"], share["qualifier"]) == (10, None, "more_than")


def test_coverage_ends_at_100_percent() -> None:
    (share,) = derived(facts_of(equipped(28, high=40, qualifier="range"), total(30, start=300)))
    assert (share["low"], share["high"], share["qualifier"]) == (pytest.approx(93.33, abs=0.01), 100, "range")
    assert share["formula"] == "28 to 40 / 30 = 93.3% to 100% (cut at 100%)"


def test_coverage_that_may_be_anything_is_not_said() -> None:
    assert derived(facts_of(equipped(40), total(30, qualifier="at_least", start=300))) == []
    assert derived(facts_of(equipped(9, qualifier="more_than"), total(30, qualifier="at_least", start=300))) == []


@pytest.mark.parametrize(
    "other",
    [total(212, start=300, **other) for other in ({"country": "UZB"}, {"site": "Dostyk"}, {"status": "planned"})],
    ids=["country", "place", "plan"],
)
def test_coverage_is_not_taken_of_another_total(other: Row) -> None:
    assert derived(facts_of(equipped(28), other)) == []


def test_overlapping_sets_give_an_interval_and_are_never_added() -> None:
    facts = facts_of(
        sites(9, period="2008"), sites(40, qualifier="more_than", actor="KAZ", start=300), total(112, start=600)
    )
    count, share = sorted(derived(facts), key=lambda fact: fact["kind"])
    assert (count["low"], count["high"], count["qualifier"], count["of"]) == (40, 112, "range", "radiation detection")
    assert "more than 40 by Kazakhstan; 9 by the United States in 2008" in count["formula"]
    assert "may overlap" in count["formula"]
    assert (share["low"], share["high"]) == (pytest.approx(35.71, abs=0.01), 100)
    assert 49 not in {fact[name] for fact in facts for name in ("low", "high", "value")}


def test_closed_counts_of_two_parties_lie_between_the_larger_and_the_sum() -> None:
    (count,) = derived(facts_of(sites(9), sites(12, actor="KAZ", start=300)))
    assert (count["low"], count["high"]) == (12, 21)


def test_sites_that_are_part_of_those_in_place_are_not_added_to_them() -> None:
    whole = equipped(5, sentence_start=90)
    part = {**sites(4, sentence_start=90, start=130), "part_of": whole["observation_id"]}
    assert derived(facts_of(whole, part)) == []
    count, *_ = derived(facts_of(whole, part, sites(12, actor="KAZ", start=600)))
    assert (count["low"], count["high"]) == (12, 17)


def test_two_cables_on_one_partys_sites_are_estimates_of_one_set() -> None:
    facts = facts_of(sites(9, period="2008"), sites(7, **LATER), total(112, start=600))
    count, _ = sorted(derived(facts), key=lambda fact: fact["kind"])
    assert (count["low"], count["high"]) == (7, 112)
    assert "2 estimates of one set" in count["formula"]
    assert 16 not in {fact[name] for fact in facts for name in ("low", "high")}


def test_a_short_name_in_the_same_cable_is_of_the_thing_named_in_full() -> None:
    own = sites(40, qualifier="more_than", actor="KAZ", of="monitors", start=300)
    count, _ = sorted(derived(facts_of(sites(9), own, total(112, start=600))), key=lambda fact: fact["kind"])
    assert (count["low"], count["high"], count["of"]) == (40, 112, "radiation detection")
    elsewhere = {**own, **LATER}
    count, _ = sorted(derived(facts_of(sites(9), elsewhere, total(112, start=600))), key=lambda fact: fact["kind"])
    assert count["low"] == 9


def test_a_single_act_is_a_floor_of_coverage_and_says_nothing_without_a_total() -> None:
    assert derived(facts_of(sites(9))) == []
    count, share = sorted(derived(facts_of(sites(9), total(36, start=300))), key=lambda fact: fact["kind"])
    assert (count["low"], count["high"], share["low"], share["high"]) == (9, 36, 25, 100)
    assert "what others equipped is not stated" in count["formula"]


def cargo(low: float, **given: Any) -> Row:
    sentence = "In 2006 the post handled 13,000 shipments, an increase of 4,000 over 2005."
    base = {"of": "shipments", "unit": "transaction", "site": "Dostyk", "period": "2006", "sentence_start": 90}
    return observation("cargo", low, **{**base, "sentence": sentence, **given})


def test_a_change_gives_the_level_of_the_year_before() -> None:
    facts = facts_of(cargo(13000), cargo(4000, kind="change", start=140))
    (before,) = derived(facts)
    assert (before["value"], before["period"], before["period_end"]) == (9000, "2005", date(2005, 12, 31))
    assert before["formula"] == "13,000 transactions (2006) - 4,000 transactions = 9,000"
    assert before["site"] == "Dostyk"


@pytest.mark.parametrize(
    ("sentence", "unit", "change", "value", "period"),
    [
        ("It fell to 13,000, a decline of 4,000 from 2005.", "transaction", 4000, 17000, "2005"),
        ("It handled 13,000, an increase of 30 percent over the previous year.", "percent", 30, 10000, "2005"),
        ("It handled 13,000, an increase of 4,000 over the same period of 2004.", "transaction", 4000, 9000, "2004"),
    ],
)
def test_changes_are_undone_as_the_sentence_says(
    sentence: str, unit: str, change: float, value: float, period: str
) -> None:
    changed = cargo(change, unit=unit, kind="change", start=140, sentence=sentence)
    facts = facts_of(cargo(13000, sentence=sentence), changed)
    assert [(fact["value"], fact["period"]) for fact in derived(facts)] == [(value, period)]


def test_an_amount_goes_before_the_percentage_that_says_the_same() -> None:
    grew = {"sentence": "It handled more than 52,000, an increase of 17,000 (or 33 percent) over 2005."}
    amount = cargo(17000, kind="change", start=140, **grew)
    percentage = cargo(33, unit="percent", kind="change", start=160, **grew)
    level = cargo(52000, qualifier="more_than", **grew)
    assert [fact["low"] for fact in derived(facts_of(level, amount, percentage))] == [35000]
    assert [fact["low"] for fact in derived(facts_of(level, percentage))] == [39000]


def test_a_computed_year_and_what_is_stated_for_it_are_rivals_where_both_cannot_be_right() -> None:
    rows = [cargo(13000), cargo(4000, kind="change", start=140)]
    facts = facts_of(*rows, cargo(7000, period="2005", sentence="In 2005 it handled 7,000.", **LATER))
    assert rivals(facts) == [([7000, 9000], "value, date")]
    for told in ({"low": 9000}, {"low": 8000, "qualifier": "more_than"}):
        assert rivals(facts_of(*rows, cargo(period="2005", sentence="It was so in 2005.", **told, **LATER))) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "It handled 13,000 in 2006; 4,000 is the change.",
        "It handled 13,000, an increase of 4,000.",
        "It handled 13,000; some goods fell while an increase of 4,000 over 2005 was seen.",
    ],
    ids=["no direction", "no year", "both directions"],
)
def test_a_change_that_does_not_say_enough_is_left_alone(sentence: str) -> None:
    facts = facts_of(cargo(13000, sentence=sentence), cargo(4000, kind="change", start=140, sentence=sentence))
    assert derived(facts) == []


def test_years_are_added_only_where_parts_cannot_overlap() -> None:
    facts = facts_of(sites(3, period="2008-03"), sites(2, period="2008-06", start=300))
    totals = [fact for fact in derived(facts) if fact["metric"] == "installations"]
    assert [(fact["value"], fact["period"], fact["formula"]) for fact in totals] == [
        (5, "2008", "3 sites + 2 sites = 5 sites")
    ]


def test_a_total_of_two_units_is_in_the_first() -> None:
    fence = {"of": "fence", "actor": "USA"}
    facts = facts_of(
        observation("installations", 10, unit="kilometre", period="2008-03", **fence),
        observation("installations", 5, unit="mile", period="2008-06", start=300, **fence),
    )
    (made,) = derived(facts)
    assert (made["value"], made["unit"]) == (18.04672, "kilometre")
    assert made["formula"] == "10 kilometres + 5 miles = 18.05 kilometres"


def test_a_total_of_named_sites_is_the_least_for_their_country() -> None:
    facts = facts_of(sites(2, period="2008", site="Dostyk"), sites(3, period="2008", site="Korgas", start=300))
    (made,) = [fact for fact in derived(facts) if fact["period"] == "2008"]
    assert (made["low"], made["high"], made["qualifier"], made["site"]) == (5, None, "at_least", None)
    assert made["formula"] == "2 sites + 3 sites = at least 5 sites"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (sites(9, period="2008"), sites(8, period="2009", status="in_progress", start=130)),
        (sites(9, period="2008"), sites(12, period="2008", actor="KAZ", start=300)),
        (sites(9, period="2008"), sites(2, period="2008-06", start=300)),
        (seized(30, period="2008-03"), seized(40, period="2008-06", start=300)),
        (sites(3, period="2008"), sites(2, start=300)),
    ],
    ids=["nine and eight", "two parties", "month of the year", "not additive", "undated"],
)
def test_nothing_else_is_added(one: Row, other: Row) -> None:
    facts = facts_of(one, other)
    plain = {fact["low"] for fact in stated(facts)}
    assert sum(plain) not in {fact["low"] for fact in facts}


# The reference figures of the two seeds


def reference_rows(folder: Path) -> list[Row]:
    """The seeds' reference figures as observations, with spans found in the cables."""
    rows = []
    for line in (folder / "gold" / "seeds.jsonl").read_text(encoding="utf-8").splitlines():
        figure = json.loads(line)
        text = (folder / "cables" / "seeds" / f"{figure['cable']}.txt").read_text(encoding="utf-8")
        quote = re.search(r"[\s\S]{0,60}?".join(map(re.escape, figure.pop("quote").split()[:12])), text)
        assert quote
        number = re.compile(r"\s+".join(map(re.escape, figure["value_text"].split()))).search(text, quote.start())
        assert number
        numbered = [match for match in re.finditer(r"^(\d{1,2})\. ", text, re.M) if match.start() < number.start()]
        cable_id, metric, low = (figure.pop(name) for name in ("cable", "metric", "low"))
        given = {
            "start": number.start(),
            "end": number.end(),
            "sentence_start": quote.start(),
            "sentence": " ".join(text[quote.start() : quote.start() + 400].split()),
            "paragraph": int(numbered[-1][1]) if numbered else None,
        }
        day = date(2009, 4, 12) if "ASTANA" in cable_id else date(2009, 9, 16)
        rows.append(observation(metric, low, **figure, **given, cable_id=cable_id, cable_date=day))
    whole, part = (next(row for row in rows if row["low"] == low) for low in (65e6, 18e6))
    part["part_of"] = whole["observation_id"]
    return rows


@pytest.fixture(scope="module")
def seeds(shared: Path) -> list[Row]:
    return facts_of(*reference_rows(shared))


def pick(facts: list[Row], country: str, metric: str, **wanted: Any) -> list[Row]:
    return [
        fact
        for fact in facts
        if (fact["country"], fact["metric"]) == (country, metric)
        and all(fact[name] == value for name, value in wanted.items())
    ]


def test_seeds_112_is_one_fact_with_three_citations(seeds: list[Row]) -> None:
    (fact,) = pick(seeds, "KAZ", "checkpoints_total")
    assert (fact["value"], fact["mentions"], len(fact["cables"]), fact["sources"]) == (112, 3, 3, 1)


def test_seeds_63_and_65_million_are_rivals_and_18_a_part(seeds: list[Row]) -> None:
    first, second = (pick(seeds, "KAZ", "funding", low=low)[0] for low in (63e6, 65e6))
    assert first["conflict_group"] == second["conflict_group"] is not None
    assert first["conflict_reason"] == "value, bound"
    (part,) = pick(seeds, "KAZ", "funding", low=18e6)
    assert (part["part_of"], part["conflict_group"]) == (second["fact_id"], None)
    (rest,) = pick(seeds, "KAZ", "funding", derived=True)
    assert (rest["low"], rest["high"], rest["qualifier"]) == (47e6, None, "more_than")


def test_seeds_coverage(seeds: list[Row]) -> None:
    (uzbek,) = pick(seeds, "UZB", "checkpoints_equipped", kind="share")
    assert (uzbek["formula"], round(uzbek["value"], 1)) == ("28 / 212 = 13.2%", 13.2)
    (customs,) = pick(seeds, "KAZ", "checkpoints_equipped", kind="share", of="electronic customs")
    assert customs["formula"] == "5 / 112 = 4.5%"


def test_seeds_radiation_detection_in_kazakhstan_is_an_interval(seeds: list[Row]) -> None:
    detection = pick(seeds, "KAZ", "checkpoints_equipped", of="radiation detection")
    assert [(fact["kind"], fact["low"], fact["high"]) for fact in sorted(detection, key=lambda one: one["kind"])] == [
        ("level", 40, 112),
        ("share", pytest.approx(35.7143), 100),
    ]
    assert all("may overlap" in fact["formula"] for fact in detection)
    assert not [fact for fact in seeds if 49 in (fact["low"], fact["high"])]


def test_seeds_dostyk_2005_is_derived(seeds: list[Row]) -> None:
    (before,) = pick(seeds, "KAZ", "cargo", derived=True)
    assert (before["value"], before["period"], before["site"]) == (9000, "2005", "Dostyk")


def test_seeds_nine_and_eight_are_never_added(seeds: list[Row]) -> None:
    (done,), (doing,) = (pick(seeds, "KAZ", "installations", low=low) for low in (9, 8))
    assert (done["status"], doing["status"]) == ("actual", "in_progress")
    assert not done["superseded_by"]
    assert not doing["superseded_by"]
    assert not [fact for fact in seeds if 17 in (fact["low"], fact["high"])]


def test_facts_do_not_depend_on_the_texts_of_cables() -> None:
    observations, cables = tables(*world())
    blank = pa.array([""] * cables.num_rows)
    without = cables.set_column(cables.column_names.index("text"), cables.schema.field("text"), blank)
    assert reconcile(observations, without).equals(reconcile(observations, cables))


def test_joining_facts_loads_no_database_library() -> None:
    code = "import sys, metrics.reconcile; print([name for name in ('sqlalchemy', 'alembic') if name in sys.modules])"
    root = Path(__file__).resolve().parents[1]
    assert subprocess.check_output([sys.executable, "-c", code], cwd=root, text=True).strip() == "[]"
