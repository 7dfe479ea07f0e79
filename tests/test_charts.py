"""Charts: what they carry, what they never do, and that their words fit, over random selections of rows."""

import doctest
import math
import re
from datetime import date
from itertools import pairwise

import made_tables
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import ImageColor

from metrics import charts
from metrics.briefing.native import find_native_panels
from metrics.charts import ChartSpec, draw_chart, ladders, read_spec, selection, spec, spec_params, timeline, words
from metrics.charts.conditions import filter_rows, row_condition
from metrics.charts.coverage import Measure
from metrics.charts.drawing import choose_rows
from metrics.charts.worldmap import country_trace
from metrics.look import SANS, SEMIBOLD, SERIF, SIZES, THEMES, Size, break_lines, text_width, with_opacity
from metrics.marking import banner, rank_mark
from metrics.periods import period_bounds
from metrics.reconcile import reconcile
from metrics.views.filters import Filters, fact_expression
from metrics.views.parts import stacked_years
from metrics.views.tables import say_briefly

CABLES = pd.DataFrame(
    {
        "cable_id": ["08FIRST1", "09SECOND22", "10THIRD333"],
        "cable_date": [date(2008, 3, 1), date(2009, 4, 12), None],
        "declassify_on": ["03/01/2018", "04/12/2029", None],
        "sample": [False, False, False],
    }
)
MARKS = ["U", "SBU", "C", "C/NF", "S", "S/NF", None]


def observation(number=1, **changes):
    row = {
        "observation_id": f"o{number}",
        "cable_id": "09SECOND22",
        "cable_date": date(2009, 4, 12),
        "paragraph": 2,
        "marking": "C",
        "metric": "installations",
        "kind": "level",
        "low": 9.0,
        "high": 9.0,
        "qualifier": "exact",
        "unit": "site",
        "per": None,
        "of": "radiation portal monitors",
        "country": "KAZ",
        "site": None,
        "actor": "USA",
        "period": "2008",
        "status": "actual",
        "speaker": None,
        "flags": [],
        "part_of": None,
        **changes,
    }
    first, last = period_bounds(row["period"]) if row["period"] else (None, None)
    return {**row, "period_start": first, "period_end": last}


def fact(number=1, **changes):
    row = observation(number, **changes)
    own = {
        "fact_id": f"f{number}",
        "observation_ids": [f"o{number}"],
        "cables": ["09SECOND22 para 2"],
        "as_of": date(2009, 4, 12),
        "speakers": [],
        "conflict_group": None,
        "superseded_by": None,
        "derived": False,
        "formula": None,
        "inputs": [],
    }
    return {**row, **own, **{name: value for name, value in changes.items() if name in own}}


def share(part, *totals):
    """The share that reconciling computes of a part, as far as charts read it."""
    return fact(
        f"{part['observation_id']}share",
        metric="checkpoints_equipped",
        **{"kind": "share", "unit": "percent", "country": part["country"], "derived": True},
        inputs=[one["fact_id"] for one in (part, *totals)],
    )


def reconciled(*rows):
    """The facts that the program makes of observations."""
    return reconcile(*made_tables.tables(rows)).to_pylist()


def draw(rows, chart="timeline", size="slide", theme="light", **options):
    return draw_chart(ChartSpec(chart, **options), pd.DataFrame(rows), CABLES, size=size, theme=theme, build="b1")


def read(*rows):
    return selection.chart_rows(pd.DataFrame(list(rows)))


def texts(drawing, name=None):
    found = drawing.figure.layout.annotations
    return [one.text for one in found if name is None or one.name == name]


def bars(drawing):
    """Rectangles drawn for each row: (base, length, solid) by its id."""
    found = {}
    for trace in drawing.figure.data:
        if trace.type == "bar" and trace.name != "target":
            lengths = trace.x if trace.orientation == "h" else trace.y
            for id_, base, length, colour in zip(
                trace.customdata, trace.base, lengths, trace.marker.color, strict=True
            ):
                found.setdefault(id_, []).append((base, length, colour))
    return found


# What a figure carries


def test_every_part_stands_inside_the_figure():
    rows = [observation(1), observation(2, status="in_progress", low=8.0, high=8.0, period="2009")]
    drawing = draw(rows)
    said = " ".join(texts(drawing))
    assert texts(drawing, "banner") == ["CONFIDENTIAL", "CONFIDENTIAL"]
    assert texts(drawing, "title")[0].startswith("(C) Kazakhstan: radiation portal monitors at 9 sites in 2008")
    assert "Installations (sites), 2008–2009, as of 12 Apr 2009" in said
    assert texts(drawing, "key") == ["actual", "in progress", "United States"]
    assert "Source: 09SECOND22 (12 Apr 2009) para 2" in said
    assert "Derived from: 09SECOND22. Declassify on: 04/12/2029." in said
    assert "Marks carried forward by software, not reviewed. Compilation not reviewed. Build b1." in said


def test_several_sources_are_listed_and_the_longest_declassification_holds():
    rows = [observation(1), observation(2, cable_id="08FIRST1", cable_date=date(2008, 3, 1), low=4.0, high=4.0)]
    drawing = draw(rows)
    assert drawing.source == "Sources: 08FIRST1 (1 Mar 2008) para 2; 09SECOND22 (12 Apr 2009) para 2"
    assert drawing.derived_from == "Multiple Sources: 08FIRST1, 09SECOND22"
    assert drawing.declassify_on == "04/12/2029"


def test_a_chart_says_which_of_its_cables_are_samples():
    def foot(samples):
        cables = CABLES.assign(sample=samples)
        rows = pd.DataFrame([observation(1), observation(2, cable_id="08FIRST1", low=4.0, high=4.0)])
        return " ".join(texts(draw_chart(ChartSpec("timeline"), rows, cables), "foot"))

    assert "ample" not in foot([False, False, False])
    assert "1 of 2 cables is a sample, written for this program." in foot([True, False, True])
    assert "Sample cables, written for this program: no reporting." in foot([True, True, False])


def test_the_source_line_is_shortened_but_the_rows_keep_every_citation():
    rows = [observation(number, cable_id=f"09POST{number}", low=float(number), high=None) for number in range(1, 31)]
    drawing = draw([{**row, "qualifier": "at_least"} for row in rows], size="screen")
    assert "and 22 more" in drawing.source
    assert len({cable for row in drawing.rows for cable, _ in row["citations"]}) == 30


def test_notes_tell_which_figures_are_an_analysts():
    rows = [fact(1, flags=["corrected_in_review"]), fact(2, flags=["accepted_in_review"]), fact(3)]
    assert "In review 1 corrected." in " ".join(draw(rows).notes)
    assert "In review" not in " ".join(draw(rows[1:]).notes)


@pytest.mark.parametrize(("number", "said"), [(2.0, "3"), (5.0, "3 of 5 (60%)")])
def test_a_part_is_not_drawn_against_a_smaller_total(number, said):
    total = fact(1, metric="checkpoints_total", unit="checkpoint", low=number, high=number)
    part = fact(2, metric="checkpoints_equipped", unit="checkpoint", low=3.0, high=3.0)
    assert said in texts(draw([total, part, share(part, total)], "coverage"), "value")


def test_notes_tell_bounds_rivals_derived_values_speakers_and_what_is_left_out():
    rows = [
        fact(1, metric="funding", unit="USD", low=63e6, high=63e6, conflict_group="g"),
        fact(2, metric="funding", unit="USD", low=65e6, high=None, qualifier="more_than", conflict_group="g"),
        fact(3, metric="funding", unit="USD", low=1e6, high=1e6, derived=True, formula="3 - 2 = 1", speakers=["Aide"]),
        fact(4, metric="funding", unit="USD", low=300.0, high=None, qualifier="vague"),
        fact(5, metric="funding", unit="EUR", low=5e6, high=5e6),
        fact(6, metric="funding", unit="USD", low=2e6, high=2e6, kind="change"),
        fact(7, metric="funding", unit="USD", low=4e6, high=4e6, status="planned", superseded_by="f1"),
    ]
    note = " ".join(draw(rows, "funding").notes)
    assert "1 given as a lower bound only" in note
    assert "$63 million against more than $65 million" in note
    assert "Computed, not stated: 3 - 2 = 1" in note
    assert "*" not in note
    assert "1 of 3 figures are reported as said by Aide" in note
    assert "given in vague words" in note
    assert "stating a change" in note
    assert "plans since carried out" in note
    assert "in other units (euros 1)" in note


def test_weights_stand_on_one_axis_and_are_said_as_stated():
    seized = {"metric": "seizures", "actor": None, "of": "cocaine"}
    rows = [
        fact(1, **seized, unit="kilogram", low=6_749.0, high=6_749.0, period="2005"),
        fact(2, **seized, unit="kilogram", low=218.0, high=218.0, period="2006"),
        fact(3, **seized, unit="tonne", low=16.0, high=16.0, period="2008"),
    ]
    drawing = draw(rows, "bars", metrics=("seizures",))
    assert {row["id"]: (row["low"], row["unit"]) for row in drawing.rows}["f3"] == (16_000.0, "kilogram")
    assert "Kazakhstan: 16 tonnes (cocaine) in 2008" in drawing.title
    assert "16 tonnes" in texts(drawing)
    note = " ".join(drawing.notes)
    assert "1 stated in tonnes is drawn in kilograms." in note
    assert "Not drawn" not in note
    asked = draw(rows, "bars", metrics=("seizures",), unit="tonne")
    assert sorted(row["low"] for row in asked.rows) == [0.218, 6.749, 16.0]
    stated = {row["id"]: selection.as_stated(row) for row in drawing.rows}["f3"]
    assert (stated["low"], stated["unit"]) == (16.0, "tonne")


def test_rates_of_one_measure_stand_in_one_unit():
    cargo = {"metric": "cargo", "actor": None, "per": "day"}
    rows = [
        fact(1, **cargo, unit="tonne", of="coal", low=400.0, high=400.0),
        fact(2, **cargo, unit="tonne", of="grain", low=90.0, high=90.0),
        fact(3, **cargo, unit="kilogram", of="fruit", low=500.0, high=500.0),
    ]
    drawing = draw(rows, "rates", metrics=("cargo",))
    assert {row["id"]: row["low"] for row in drawing.rows} == {"f1": 400.0, "f2": 90.0, "f3": 0.5}
    assert "tonnes per day" in " ".join(texts(drawing))


def test_a_count_is_left_out_for_a_later_one_only_where_that_is_shown():
    counts = {"metric": "seizures", "unit": "tonne", "of": "cocaine", "period": "2009"}
    earlier = fact(1, **counts, low=12.0, high=12.0, marking="U", superseded_by="f2")
    later = fact(2, **counts, low=16.0, high=16.0, marking="S")
    assert [row["id"] for row in draw([earlier, later], "bars", metrics=("seizures",)).rows] == ["f2"]
    below = draw([earlier, later], "bars", metrics=("seizures",), marking="UNCLASSIFIED")
    assert [row["id"] for row in below.rows] == ["f1"]
    assert below.left_out == ()


def test_readings_that_are_unsure_are_counted_in_the_note():
    rows = [fact(1, metric="arrests", unit="person", flags=["unsure"]), fact(2, metric="arrests", unit="person")]
    assert "1 reading is unsure" in " ".join(draw(rows, "bars", metrics=("arrests",)).notes)


# Never says more than the rows


def test_an_implausible_figure_leads_no_headline_and_is_named_where_it_is_left_out():
    drawing = draw([fact(1), fact(2, low=750e9, high=750e9, unit="site", flags=["implausible"])])
    assert [row["low"] for row in drawing.rows] == [9.0]
    assert "billion" not in drawing.headline
    assert drawing.notes[-1] == ("Not drawn: 1 figure that looks implausible (750 billion sites), listed in the table.")


def test_a_floor_is_never_drawn_or_labelled_as_a_plain_value():
    drawing = draw([observation(1, low=40.0, high=None, qualifier="more_than")])
    (piece,) = bars(drawing)["o1"]
    assert piece[:2] == (0.0, 40.0)
    assert [(way, y) for way, _, y, _ in arrows(drawing)] == [("up", 40.0)]
    assert texts(drawing, "value") == ["&gt;40"]
    assert "more than 40 sites" in drawing.headline
    assert "more than" in texts(drawing, "key")


@pytest.mark.parametrize("chart", ["timeline", "bars"])
def test_an_open_bound_reaches_no_value_on_the_axis(chart):
    metric = {"metric": "arrests", "unit": "person"}
    rows = [
        fact(1, **metric, low=600_000.0, high=600_000.0),
        fact(2, **metric, low=10.0, high=None, qualifier="at_least"),
    ]
    drawing = draw(rows, chart, metrics=("arrests",))
    assert bars(drawing)["f2"] == [(0.0, 10.0, bars(drawing)["f2"][0][2])]
    ((_, _, _, (start, tip)),) = arrows(drawing)
    assert start == pytest.approx(0)
    assert tip < 25  # pixels, however far the axis reaches


def test_a_ceiling_is_faint_up_to_a_stop_and_a_range_has_an_error_bar():
    rows = [
        observation(1, metric="traffic", unit="truck", per="day", low=10.0, high=20.0, qualifier="range", of="trucks"),
        observation(2, metric="traffic", unit="truck", per="day", low=None, high=50.0, qualifier="at_most", of="cars"),
    ]
    drawing = draw(rows, "rates")
    (base, length, colour), *rest = bars(drawing)["o2"]
    assert (base, length) == (0.0, 50.0)
    assert not rest
    assert float(colour.rstrip(")").split(",")[3]) < 0.5
    whisker = next(trace for trace in drawing.figure.data if trace.type == "scatter")
    assert dict(zip(whisker.customdata, whisker.error_x.arrayminus, strict=True))["o1"] == 10.0
    assert {"10 to 20", "at most 50"} <= set(texts(drawing, "value"))


def test_rates_of_different_times_never_share_an_axis():
    rows = [
        observation(1, metric="traffic", unit="truck", per="day"),
        observation(2, metric="traffic", unit="train", per="week"),
    ]
    drawing = draw(rows, "rates")
    assert texts(drawing, "axis") == ["trucks per day", "trains per week"]


def test_figures_that_are_no_rates_are_drawn_where_there_are_no_rates():
    counts = [fact(1, metric="traffic", unit="person", low=10_748, high=10_748, of="travellers")]
    alone = draw(counts, "rates")
    assert [row["low"] for row in alone.rows] == [10_748]
    assert "(people)" in alone.subtitle
    beside = draw([*counts, fact(2, metric="traffic", unit="truck", low=60, high=60, per="day")], "rates")
    assert [row["low"] for row in beside.rows] == [60]
    assert beside.left_out == ("1 figure that is no rate",)


def test_done_and_under_way_stand_side_by_side_and_are_never_added():
    rows = [observation(1), observation(2, low=8.0, high=8.0, status="in_progress"), observation(3, low=3.0, high=3.0)]
    drawing = draw(rows)
    assert {id_: [piece[:2] for piece in pieces] for id_, pieces in bars(drawing).items()} == {
        "o1": [(0.0, 9.0)],
        "o2": [(0.0, 8.0)],
        "o3": [(0.0, 3.0)],
    }
    patterns = {
        id_: shape
        for trace in drawing.figure.data
        for id_, shape in zip(trace.customdata, trace.marker.pattern.shape, strict=True)
    }
    assert patterns == {"o1": "", "o2": "/", "o3": ""}
    places = [place for trace in drawing.figure.data for place in trace.x]
    assert len(set(places)) == 3


def test_coverage_shows_the_figure_against_the_total_with_its_share():
    uzbek = fact(1, metric="checkpoints_equipped", unit="checkpoint", low=28.0, high=28.0, country="UZB")
    uzbek_total = fact(2, metric="checkpoints_total", unit="checkpoint", low=212.0, high=212.0, country="UZB")
    act = fact(3, low=40.0, high=None, qualifier="more_than", actor="KAZ")
    total = fact(4, metric="checkpoints_total", unit="checkpoint", low=112.0, high=112.0)
    rows = [uzbek, uzbek_total, act, total, share(uzbek, uzbek_total), share(act, total)]
    drawing = draw(rows, "coverage")
    assert {"28 of 212 (13.2%)", "more than 40 of 112 (more than 35.7%)"} <= set(texts(drawing, "value"))
    assert "Uzbekistan 28 of 212 (13.2%)" in drawing.notes[0]
    hovers = [text for trace in drawing.figure.data for text in trace.hovertext or ()]
    assert any(text.startswith("<b>28 checkpoints of 212 (13.2%)</b>") for text in hovers)
    assert {row["id"] for row in drawing.rows} == {"f1", "f2", "f3", "f4"}
    assert max(base + length for base, length, _ in bars(drawing)["f3"]) <= 112
    as_share = draw(rows, "coverage", measure="share")
    assert bars(as_share)["f1"][0][1] == pytest.approx(28 / 212 * 100, abs=1e-4)
    assert bars(as_share)["f3"][0][1] == pytest.approx(40 / 112 * 100, abs=1e-4)


def equipped(low=28, **given):
    return made_tables.observation("checkpoints_equipped", low, of="portals", unit="checkpoint", **given)


def all_checkpoints(low, high=None, **given):
    return made_tables.observation("checkpoints_total", low, high, of="checkpoints", unit="checkpoint", **given)


def test_coverage_says_the_share_that_reconciling_computed():
    early = {"cable_id": "04ASTANA1", "cable_date": date(2004, 5, 3)}
    facts = reconciled(equipped(**early), all_checkpoints(112, **early, start=300), all_checkpoints(212))
    assert [fact["formula"] for fact in facts if fact["derived"]] == ["28 / 112 = 25%"]
    drawing = draw(facts, "coverage")
    assert drawing.headline == "Kazakhstan: portals at 28 of 112 checkpoints (25%); 1 more figure"
    assert "Shares of all checkpoints: Kazakhstan 28 of 112 (25%)." in drawing.notes[0]
    assert texts(drawing, "value") == ["28 of 112 (25%)", "212 in all"]
    as_share = draw(facts, "coverage", measure="share")
    assert [piece[:2] for piece in bars(as_share)[drawing.rows[0]["id"]]] == [(0.0, 25.0)]


def test_an_act_is_measured_as_the_count_in_place_that_comes_of_it():
    done = {"of": "portal monitors", "unit": "site", "actor": "USA"}
    acts = [made_tables.observation("installations", n, start=n * 100, **done, period=str(1999 + n)) for n in (4, 9)]
    plan = made_tables.observation("installations", 2, start=1500, **done, period="2010", status="planned")
    facts = reconciled(*acts, plan, all_checkpoints(36, start=600))
    said = texts(draw(facts, "coverage"), "value")
    assert said == ["9 to 13 of 36 (25% to 36.1%), computed", "9 of 36 (25%)", "4 of 36 (11.1%)", "2, planned"]


def test_equal_totals_by_two_names_are_one_and_measure_what_either_does():
    named, plain = (
        fact(n, metric="checkpoints_total", unit="checkpoint", of=of) for n, of in ((1, "posts"), (2, None))
    )
    part = fact(3, metric="checkpoints_equipped", unit="checkpoint", low=3.0, high=3.0)
    assert texts(draw([named, plain, part, share(part, plain)], "coverage"), "value") == ["3 of 9 (33.3%)"]


def test_a_share_of_rival_totals_names_them_and_is_a_range():
    late = {"cable_id": "09ASTANA2", "cable_date": date(2009, 9, 1)}
    facts = reconciled(equipped(20), all_checkpoints(200, start=300), all_checkpoints(250, **late))
    for options in ({}, {"measure": "share"}):
        drawing = draw(facts, "coverage", **options)
        assert "20 of 250 or 200 (8% to 10%)" in texts(drawing, "value")
        assert {row["low"] for row in drawing.rows} == {20, 200, 250}
    part = next(row["id"] for row in drawing.rows if row["low"] == 20)
    assert [piece[:2] for piece in bars(drawing)[part]] == [(0.0, 8.0), (8.0, 2.0)]


@pytest.mark.parametrize(
    ("total", "said", "pieces", "ways"),
    [
        (all_checkpoints(None, 300, qualifier="at_most", start=300), "28 of at most 300 (at least 9.3%)", 1, ["right"]),
        (all_checkpoints(400, qualifier="more_than", start=300), "28 of more than 400 (less than 7%)", 1, []),
        (all_checkpoints(200, 280, qualifier="range", start=300), "28 of 200 to 280 (10% to 14%)", 2, []),
    ],
)
def test_the_share_of_an_open_total_is_a_bound_and_drawn_as_one(total, said, pieces, ways):
    facts = reconciled(equipped(), total, all_checkpoints(212, country="UZB"))
    drawing = draw(facts, "coverage", measure="share")
    assert texts(drawing, "value") == [said]
    shown = bars(drawing)[drawing.rows[0]["id"]]
    assert len(shown) == pieces
    assert max(base + length for base, length, _ in shown) <= 100
    assert [way for way, *_ in arrows(drawing)] == ways
    assert bool(ways) or not shown[-1][2].endswith(",1)")


def test_a_floor_of_a_floor_is_no_share():
    facts = reconciled(equipped(40, qualifier="more_than"), all_checkpoints(900, qualifier="more_than", start=300))
    assert not [fact for fact in facts if fact["derived"]]
    assert texts(draw(facts, "coverage"), "value") == ["more than 40", "more than 900 in all"]


def test_a_total_smaller_than_its_part_is_shown_beside_it_and_measures_nothing():
    part = fact(1, metric="checkpoints_equipped", unit="checkpoint", low=9.0, high=9.0)
    total = fact(2, metric="checkpoints_total", unit="checkpoint", of=None, low=4.0, high=4.0, marking="S")
    drawing = draw([part, total, share(part, total)], "coverage")
    assert {row["id"] for row in drawing.rows} == {"f1", "f2"}
    assert texts(drawing, "value") == ["9", "4 in all"]
    assert drawing.headline.startswith("Kazakhstan: radiation portal monitors at 9 checkpoints in 2008")


def test_mentions_of_one_figure_are_one_mark_with_all_citations():
    rows = [observation(1), observation(2, paragraph=7, marking="S")]
    drawing = draw(rows)
    assert len(bars(drawing)) == 1
    assert drawing.rows[0]["citations"] == [("09SECOND22", 2), ("09SECOND22", 7)]
    assert drawing.rows[0]["ids"] == ["o1", "o2"]
    assert drawing.banner == "SECRET"


def test_parts_stand_under_their_whole_and_rivals_share_an_outline():
    rows = [
        fact(1, metric="funding", unit="USD", low=65e6, high=None, qualifier="more_than", conflict_group="g"),
        fact(2, metric="funding", unit="USD", low=63e6, high=63e6, conflict_group="g"),
        fact(3, metric="funding", unit="USD", low=18e6, high=18e6, actor="World Bank", part_of="f1"),
        fact(4, metric="funding", unit="USD", low=64e6, high=64e6),
    ]
    drawing = draw(rows, "funding")
    labels = texts(drawing, "label")
    assert [row["id"] for row in drawing.rows].index("f3") == [row["id"] for row in drawing.rows].index("f1") + 1
    assert [label.startswith("Of which: World Bank") for label in labels].count(True) == 1
    assert abs([row["id"] for row in drawing.rows].index("f1") - [row["id"] for row in drawing.rows].index("f2")) <= 2
    lines = {
        id_: colour
        for trace in drawing.figure.data
        if trace.type == "bar"
        for id_, colour in zip(trace.customdata, trace.marker.line.color, strict=True)
    }
    assert lines["f1"] == lines["f2"] == THEMES["light"].ink != lines["f4"]


@pytest.mark.parametrize("size", ["slide", "screen", "half", "column"])
@pytest.mark.parametrize("scale", ["linear", "log"])
def test_the_largest_figure_of_every_panel_of_a_timeline_can_be_read(size, scale):
    shared = {"metric": "arrests", "unit": "person"}
    large = [fact(n, **shared, low=v, high=v, country="SAU") for n, v in enumerate((127875.0, 2206.0, 500.0), 1)]
    small = [fact(n, **shared, low=v, high=v, country="ISL") for n, v in enumerate((6.0, 2.0), 4)]
    floors = [
        fact(n, **shared, low=700.0 + n, high=None, qualifier="more_than", country="CRI", period=str(2000 + n % 9))
        for n in range(10, 40)
    ]
    drawing = draw([*large, *small, *floors], size=size, scale=scale, metrics=("arrests",))
    largest = {"SAU": "127,875", "ISL": "6", "CRI": "&gt;739"}
    assert {largest[row["country"]] for row in drawing.rows} <= set(texts(drawing, "value"))


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_a_crowded_year_takes_no_other_its_values(scale):
    crowd = [(2004, 4700.0 - 60 * n) for n in range(8)]
    values = [*crowd, (2005, 6749.0), (2008, 218.0), (2009, 256.0)]
    rows = [fact(n, low=value, high=value, period=str(year)) for n, (year, value) in enumerate(values, 1)]
    drawing = draw(rows, size="screen", scale=scale)
    assert {"6,749", "4,700", "218", "256"} <= set(texts(drawing, "value"))
    _assert_words_keep_clear(drawing)


@pytest.mark.parametrize("size", ["slide", "screen", "half"])
@pytest.mark.parametrize("scale", ["linear", "log"])
def test_no_line_runs_through_a_value_and_a_computed_one_is_labelled_before_smaller_ones(size, scale):
    items = {"metric": "seizures", "unit": "item", "actor": None}
    rows = [
        fact(1, **items, low=64_000.0, high=None, qualifier="at_least", period="2006-12/2009-10"),
        fact(2, **items, low=18_000.0, high=18_000.0, period="2006-12/2009-03"),
        fact(3, **items, low=15_000.0, high=None, qualifier="more_than", period="2007-12/2009-03", derived=True),
        fact(4, **items, low=3_000.0, high=3_000.0, period="2000/2004"),
        fact(5, **items, low=140_000.0, high=140_000.0, qualifier="approx", period=None),
        *(fact(n, **items, low=100.0 * n, high=100.0 * n, period=str(1994 + n)) for n in range(6, 16)),
    ]
    drawing = draw(rows, size=size, scale=scale, metrics=("seizures",))
    assert {"18,000", "&gt;15,000*"} <= set(texts(drawing, "value"))
    if size == "screen":
        _assert_words_keep_clear(drawing)


def _assert_words_keep_clear(drawing):
    """No value of a chart of 700 pixels stands on a bar, a point or a line over a time."""
    words = [_pixels_of_words(drawing, one) for one in drawing.figure.layout.annotations if one.name == "value"]
    for trace in drawing.figure.data:
        if trace.name == "stretch":
            ends = [_pixels(drawing, trace.xaxis, x, y) for x, y in zip(trace.x, trace.y, strict=True) if x is not None]
            for (left, foot), (right, _) in zip(ends[::2], ends[1::2], strict=True):
                line = (trace.xaxis, left - 1, foot - 1, right + 1, foot + 1)
                assert not any(_meet(line, box) for box in words), (left, foot)
        elif trace.type == "scatter" and trace.customdata:
            for x, y in zip(trace.x, trace.y, strict=True):
                left, foot = _pixels(drawing, trace.xaxis, x, y)
                assert not any(_meet((trace.xaxis, left - 3, foot - 3, left + 3, foot + 3), box) for box in words)


def test_a_point_at_nought_on_a_log_scale_is_in_no_values_way():
    rows = [fact(1), fact(2, low=0.0, high=0.0), fact(3, low=40.0, high=40.0, period="2009")]
    assert {"9", "40"} <= set(texts(draw(rows, scale="log"), "value"))


def test_points_on_a_log_scale_have_their_values_and_the_lowest_line_its_number():
    rows = [fact(1), fact(2, low=40.0, high=None, qualifier="more_than", period="2009")]
    drawing = draw(rows, scale="log")
    assert set(texts(drawing, "value")) == {"9", "&gt;40"}
    axis = drawing.figure.layout.yaxis
    assert 10 ** axis.range[0] == pytest.approx(axis.tickvals[0])
    assert axis.ticktext[0] == "1"


def test_a_log_axis_of_one_value_above_a_power_of_ten_spans_a_factor_of_ten():
    axis = draw([fact(1, low=101.0, high=101.0)], scale="log").figure.layout.yaxis
    assert axis.range[1] - axis.range[0] >= 1
    assert {"100", "1,000"} <= set(axis.ticktext)


@pytest.mark.parametrize("size", ["slide", "screen", "half"])
@pytest.mark.parametrize("share", [78.0, 90.0, 94.7, 97.0, 100.0])
def test_an_axis_of_shares_has_no_number_over_100(share, size):
    shared = {"metric": "seizures", "unit": "percent", "kind": "share"}
    rows = [fact(1, **shared, low=share, high=share)]
    for given_ in (rows, [*rows, fact(2, **shared, low=20.0, high=20.0, country="MEX")]):
        drawing = draw(given_, measure="share", size=size, metrics=("seizures",))
        assert max(drawing.figure.layout.yaxis.tickvals) <= 100
        assert f"{share:g}%" in texts(drawing, "value")
    over = draw([fact(1, **shared, low=150.0, high=150.0)], measure="share", size=size, metrics=("seizures",))
    assert max(over.figure.layout.yaxis.tickvals) >= 150


def test_the_key_shows_the_arrows_of_points_as_they_are_drawn():
    rows = [
        fact(1, low=40.0, high=None, qualifier="more_than"),
        fact(2, low=None, high=3.0, qualifier="at_most"),
        *(fact(number, low=float(number), high=float(number)) for number in range(3, 9)),
    ]
    timeline, lying = draw(rows), draw([{**row, "metric": "equipment"} for row in rows], "bars", scale="log")
    for drawing, drawn in ((timeline, {"up", "down"}), (lying, {"right", "left"})):
        assert {way for way, *_ in arrows(drawing)} == drawn
        assert {"more than", "at most"} <= set(texts(drawing, "key"))
    assert _shafts(timeline) == {"up", "down"}
    assert _shafts(lying) == {"across"}


def stretches(drawing):
    """The lines over the times that points are stated for, by id: begin and end in years, and the value."""
    found = {}
    for trace in drawing.figure.data:
        if trace.name == "stretch":
            starts = zip(trace.customdata[::3], trace.x[::3], trace.x[1::3], trace.y[::3], strict=True)
            for id_, first, last, value in starts:
                found.setdefault(id_, []).append((first + 0.5, last + 0.5, value))
    return {id_: sorted(lines, key=lambda line: line[2]) for id_, lines in found.items()}


def test_a_figure_of_another_time_than_a_year_stands_over_its_own_days():
    rows = [
        fact(1, low=100.0, high=None, qualifier="more_than", period="2009-10/2010-02"),
        fact(2, low=60.0, high=60.0, period="2007-09"),
        fact(3, low=5.0, high=5.0, period="2008-07-01"),
        fact(4, low=30.0, high=30.0, period="2008"),
    ]
    drawing = draw(rows)
    assert set(bars(drawing)) == {"f4"}
    lines = {id_: [round(number, 2) for number in line] for id_, (line,) in stretches(drawing).items()}
    assert lines == {"f1": [2009.75, 2010.16, 100.0], "f2": [2007.67, 2007.75, 60.0], "f3": [2008.5, 2008.5, 5.0]}
    assert "time stated, where not one whole year" in texts(drawing, "key")
    axis = drawing.figure.layout.xaxis
    assert list(axis.minor.tickvals) == [2006.5, 2007.5, 2008.5, 2009.5, 2010.5]
    without = draw(rows[:3])
    assert not bars(without)
    assert "time stated" in texts(without, "key")
    panels = find_native_panels(drawing, drawing.rows)
    assert [lane.label for panel in panels for lane in panel.lanes] == [
        "Sep 2007",
        "2008",
        "1 Jul 2008",
        "Oct 2009–Feb 2010",
    ]


@pytest.mark.parametrize("options", [{"scale": "log"}, {}])
def test_a_range_among_points_is_two_points_that_are_joined(options):
    low, high = (1.5e6, 2e6)
    crowd = [fact(n, low=float(n), high=float(n), period=None) for n in range(2, 9)]
    drawing = draw([*crowd, fact(1, low=low, high=high, qualifier="range", period=None)], **options)
    (points,) = [
        trace
        for trace in drawing.figure.data
        if trace.type == "scatter" and trace.customdata and trace.mode == "markers"
    ]
    drawn = [(x, y) for id_, x, y in zip(points.customdata, points.x, points.y, strict=True) if id_ == "f1"]
    assert [y for _, y in drawn] == [low, high]
    (bar,) = [trace for trace in drawing.figure.data if trace.error_y.arrayminus is not None]
    assert (bar.x[0], bar.y[0], bar.y[0] - bar.error_y.arrayminus[0]) == (drawn[0][0], high, low)


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_the_line_of_a_long_period_shows_its_bounds(scale):
    rows = [
        fact(1, low=10.0, high=20.0, qualifier="range", period="2000/2003"),
        fact(2, low=40.0, high=None, qualifier="more_than", period="2001/2004"),
        fact(3, low=None, high=5.0, qualifier="at_most", period="2000/2001"),
        fact(4, low=8.0, high=8.0, period="2002/2003"),
    ]
    drawing = draw(rows, scale=scale)
    assert stretches(drawing) == {
        "f1": [(2000, 2004, 10.0), (2000, 2004, 20.0)],
        "f2": [(2001, 2005, 40.0)],
        "f3": [(2000, 2002, 5.0)],
        "f4": [(2002, 2004, 8.0)],
    }
    (bar,) = [trace for trace in drawing.figure.data if trace.error_y.arrayminus is not None]
    assert (list(bar.x), list(bar.y), list(bar.error_y.arrayminus)) == ([2001.5], [20.0], [10.0])
    assert {y: way for way, _, y, _ in arrows(drawing)} == {40.0: "up", 5.0: "down"}
    assert {"more than", "at most", "range"} <= set(texts(drawing, "key"))


@pytest.mark.parametrize("chart", ["timeline", "bars", "rates"])
def test_a_zero_has_no_place_on_a_log_axis_and_is_named_as_left_out(chart):
    shared = {"metric": "traffic", "unit": "truck", "per": "day"}
    rows = [
        fact(1, **shared),
        fact(2, **shared, low=0.0, high=0.0, period="2009"),
        fact(3, **shared, low=0.0, high=20.0, qualifier="range", period="2007"),
    ]
    drawing = draw(rows, chart, metrics=("traffic",), scale="log")
    assert {row["id"] for row in drawing.rows} == {"f1", "f3"}
    assert drawing.left_out == ("1 figure of zero, for which a log scale has no place",)
    assert len(draw(rows, chart, metrics=("traffic",)).rows) == 3


WAYS = {180: "up", 0: "down", 270: "right", 90: "left"}
BACK = {"up": "down", "right": "left"}


def arrows_of(trace):
    """The arrows of a trace: which way, of which point, and how far from its middle the shaft begins and ends."""
    marker, found = trace.marker, []
    half = len(trace.x) // 2
    for at in range(half):
        stand, length = marker.standoff[at], marker.size[at] * 1.4
        away = WAYS[marker.angle[at] % 360]
        head = marker.symbol[half + at]
        way = BACK[away] if head == "triangle-up" else away
        found.append((way, trace.x[at], trace.y[at], (stand - length / 2, stand + length / 2)))
    return found


def arrows(drawing):
    """The arrows of all points that are bounds."""
    return [arrow for trace in drawing.figure.data if trace.name == "arrow" for arrow in arrows_of(trace)]


def _pixels(drawing, axis, x, y):
    """Where a place of a panel stands, in pixels from the lower left corner of the plot area of a chart 700 wide."""
    layout = drawing.figure.layout
    across, up = layout[f"xaxis{axis[1:]}"], layout[f"yaxis{axis[1:]}"]
    wide = 700 - layout.margin.l - layout.margin.r
    high = layout.height - layout.margin.t - layout.margin.b
    places = []
    for value, one, length in ((x, across, wide), (math.log10(y) if up.type == "log" else y, up, high)):
        share = (value - one.range[0]) / (one.range[1] - one.range[0])
        places.append((one.domain[0] + share * (one.domain[1] - one.domain[0])) * length)
    return tuple(places)


def _pixels_of_words(drawing, words):
    up = drawing.figure.layout[f"yaxis{words.yref[1:]}"]
    x, y = _pixels(drawing, words.xref, words.x, 10**words.y if up.type == "log" else words.y)
    half, foot = text_width(words.text.replace("&gt;", ">"), words.font.size) / 2, y + words.yshift
    return words.xref, x + words.xshift - half, foot, x + words.xshift + half, foot + words.font.size


def _meet(one, other):
    return one[0] == other[0] and all(one[n] < other[n + 2] and other[n] < one[n + 2] for n in (1, 2))


def test_words_of_points_stand_on_the_side_that_has_room_and_leave_the_figures_most_of_a_log_axis():
    shared = {"metric": "funding", "unit": "USD", "actor": "USA"}
    rows = [fact(n, **shared, low=7.0 * 10**n, high=7.0 * 10**n, status="requested") for n in range(3, 9)]
    rows += [
        fact(20, **shared, low=7.123e8, high=None, qualifier="more_than", status="in_progress"),
        fact(21, **shared, low=None, high=1_001.0, qualifier="at_most"),
    ]
    drawing = draw(rows, "funding", size="screen", scale="log")
    layout = drawing.figure.layout
    low, high = layout.xaxis.range
    wide = 700 - layout.margin.l - layout.margin.r
    assert (math.log10(7.123e8) - 3) / (high - low) > 0.7
    assert {one.xanchor for one in layout.annotations if one.name == "value"} == {"left", "right"}
    for one in layout.annotations:
        if one.name == "value":
            start = (one.x - low) / (high - low) * wide + one.xshift
            length = text_width(one.text, one.font.size)
            assert start + length <= wide + 1 if one.xanchor == "left" else start - length >= 0, one.text
    assert {(way, x) for way, x, *_ in arrows(drawing)} == {("right", 7.123e8), ("left", 1_001.0)}


def _shafts(drawing):
    """Which way the arrows of a key point, by the tips of their heads."""
    ways = set()
    for shape in drawing.figure.layout.shapes:
        corners = (shape.path or "").lstrip("M").split("L")
        if shape.name == "key" and len(corners) == 3:
            (x0, y0), (_, tip), (x1, y1) = (map(float, corner.split(",")) for corner in corners)
            ways.add("across" if x0 == x1 else "up" if y0 == y1 < tip else "down")
    return ways


def test_the_arrow_of_a_ceiling_keeps_clear_of_the_years_under_the_axis():
    rows = [fact(number, low=float(number), high=float(number)) for number in range(3, 9)]
    drawing = draw([*rows, fact(1, low=None, high=0.1, qualifier="at_most")])
    ((way, _, y, (near, far)),) = arrows(drawing)
    assert (way, y) == ("down", 0.1)  # from above the point, since the years of the axis stand under it
    assert 0 < near < far


def test_the_arrow_of_a_bound_begins_at_its_point_and_no_words_stand_on_it():
    bounds = [fact(number, low=40.0 + number, high=None, qualifier="more_than") for number in range(1, 5)]
    bounds += [fact(5, low=None, high=30.0, qualifier="at_most"), fact(6, low=44.0, high=44.0)]
    spread_out = [fact(10 + n, low=41.0 + n, high=41.0 + n, period=str(2000 + n)) for n in range(9)]
    for country in ("KAZ", "UZB", "TJK", "KGZ", "TKM"):
        bounds += [fact(f"{country}{n}", country=country, low=38.0 + n, high=None) for n in range(2)]
    drawing = draw([*bounds, *spread_out], size="screen", scale="log")
    words = [_pixels_of_words(drawing, one) for one in drawing.figure.layout.annotations if one.name == "value"]
    assert len(arrows(drawing)) == len([row for row in drawing.rows if row["low"] is None or row["high"] is None])
    for trace, marks in ((trace, arrows_of(trace)) for trace in drawing.figure.data if trace.name == "arrow"):
        for way, x, y, (near, far) in marks:
            assert near <= 8.5 / 2 * 1.05 + 0.01  # the edge of the point
            (left, foot), up = _pixels(drawing, trace.xaxis, x, y), 1 if way == "up" else -1
            shaft = (trace.xaxis, left - 1, min(foot, foot + up * far), left + 1, max(foot, foot + up * far))
            assert not any(_meet(shaft, box) for box in words), (way, x, y)


@pytest.mark.parametrize("countries", [("KAZ",), ("KAZ", "UZB")])
def test_a_chart_whose_colours_mean_donors_names_them_in_its_key(countries):
    donors = ("USA", "NOR", "World Bank", "JPN", None)
    rows = [
        fact(number, metric="funding", unit="USD", low=number * 1e6, high=number * 1e6, actor=donor, country=country)
        for number, (donor, country) in enumerate(((d, c) for c in countries for d in donors), 1)
    ]
    drawing = draw(rows, "funding")
    assert {"United States", "Norway", "World Bank", "Japan", "not named"} <= set(texts(drawing, "key"))
    colours = {
        row["actor"]: colour
        for trace in drawing.figure.data
        for id_, colour in zip(trace.customdata, trace.marker.line.color or (), strict=True)
        for row in drawing.rows
        if row["id"] == id_
    }
    assert len(set(colours.values())) == len(donors)
    swatches = {shape.fillcolor for shape in drawing.figure.layout.shapes if shape.name == "key"}
    assert {with_opacity(colour, 1.0) for colour in colours.values()} <= swatches


def test_a_post_keeps_its_colour_when_a_cable_of_another_is_added():
    posts = ["ASTANA", "CAIRO", "ROME", "SANJOSE"]

    def coloured(names):
        figure = stacked_years(pd.DataFrame({2008: 1, 2009: 2}, index=names))
        return {bar.name: bar.marker.color for bar in figure.data}

    everything = coloured(posts)
    assert len(set(everything.values())) == len(posts)
    for left_out in posts:
        fewer = coloured([post for post in posts if post != left_out])
        assert fewer == {post: everything[post] for post in fewer}


def test_years_without_cables_keep_their_place_between_those_with_some():
    figure = stacked_years(pd.DataFrame({"1966": 1, "2009": 2, "2010": 3}, index=["ROME"]))
    assert list(figure.data[0].x) == [1966, 2009, 2010]
    assert figure.layout.xaxis.type != "category"
    assert figure.layout.xaxis.dtick == 3


@pytest.mark.parametrize("theme", list(THEMES.values()), ids=list(THEMES))
def test_bars_of_totals_stand_out_from_the_paper(theme):
    paper, track = (_brightness(colour) for colour in (theme.paper, theme.track))
    assert (max(paper, track) + 0.05) / (min(paper, track) + 0.05) > 1.35


def _brightness(colour):
    parts = [one / 255 for one in ImageColor.getrgb(colour)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_a_note_names_the_sign_of_computed_figures_only_where_labels_carry_it():
    rows = [fact(1, derived=True, formula="10 - 1 = 9")]
    timeline, bars_ = draw(rows), draw([{**rows[0], "metric": "equipment"}], "bars")
    assert texts(timeline, "value") == ["9*"]
    assert "Computed, not stated (marked * where a label has room): 10 - 1 = 9" in timeline.notes[0]
    assert texts(bars_, "value") == ["9, computed"]
    assert "Computed, not stated: 10 - 1 = 9" in bars_.notes[0]


def test_a_long_formula_is_broken_into_lines_of_its_hover_box() -> None:
    formula = "from 40 (the largest lower bound) to 112 (all there are): " + "more than 40 by Kazakhstan; " * 6
    drawing = draw([fact(1, derived=True, formula=formula)])
    (hover,) = {text for trace in drawing.figure.data for text in trace.hovertext or ()}
    lines = hover.split("<br>")
    assert max(map(len, lines)) <= 60
    assert formula.strip() in " ".join(lines)


def test_only_the_last_count_of_a_running_period_is_drawn():
    shared = {"of": "cocaine", "unit": "tonne", "country": "CRI"}
    september = {"period": "2009-01/2009-09", "cable_id": "09SANJOSE1", "cable_date": date(2009, 9, 20)}
    facts = reconciled(
        made_tables.observation("seizures", 12, **shared, **september),
        made_tables.observation(
            "seizures", 16, **shared, period="2009", cable_id="10SANJOSE2", cable_date=date(2010, 1, 9)
        ),
    )
    drawing = draw(facts, metrics=("seizures",))
    assert [row["low"] for row in drawing.rows] == [16.0]
    assert drawing.left_out == ("1 figure from earlier counts of a running period",)


def test_a_bar_too_short_to_point_at_has_a_target_that_leads_to_its_figure():
    rows = [
        observation(number, metric="funding", unit="USD", low=value, high=value)
        for number, value in enumerate((4e8, 9e3), 1)
    ]
    drawing = draw(rows, "funding")
    small = next(id_ for id_, pieces in bars(drawing).items() if pieces[0][1] == 9e3)
    targets = [trace for trace in drawing.figure.data if trace.name == "target"]
    assert [list(trace.customdata) for trace in targets] == [[small]]
    assert targets[0].x[0] > 1e7
    assert targets[0].marker.color == "rgba(0,0,0,0)"


def test_a_share_is_rounded_as_readers_round_it():
    found = {"low": 6.25, "high": 6.25, "qualifier": "exact", "unit": "percent"}
    assert words.say_share(Measure((), found)) == " (6.3%)"


def test_a_headline_on_two_countries_names_a_figure_of_each():
    said = words.headline(
        read(fact(1), fact(2, low=5.0, high=5.0), fact(3, country="UZB", low=4.0, high=4.0)), by_year=True
    )
    assert said == (
        "Kazakhstan: radiation portal monitors at 9 sites in 2008; "
        "Uzbekistan: radiation portal monitors at 4 sites in 2008; 1 more figure"
    )


def test_a_headline_sets_two_countries_against_each_other_in_one_year_and_stage():
    rows = read(
        fact(1, country="UZB", low=14.0, high=14.0),
        fact(2, country="KAZ", low=20.0, high=20.0, period="2009", status="in_progress"),
        fact(3, country="KAZ", low=9.0, high=9.0),
        fact(4, country="UZB", low=30.0, high=30.0, period="2007"),
    )
    assert words.headline(rows, by_year=True) == (
        "Uzbekistan: radiation portal monitors at 14 sites in 2008; "
        "Kazakhstan: radiation portal monitors at 9 sites in 2008; 2 more figures"
    )


def test_figures_are_counted_in_the_same_words_wherever_a_chart_counts_them():
    rates = {"metric": "traffic", "unit": "truck", "of": "trucks"}
    for others, counted in ((1, "1 figure"), (1_200, "1,200 figures")):
        more = read(fact(0), *(fact(n, low=1.0, high=1.0) for n in range(1, others + 2)))
        assert words.headline(more).endswith(f"; {counted.replace(' ', ' more ')}")
        left = [fact(n, **rates) for n in range(others)]
        for drawing in (
            draw([*left, fact(9_999, **rates, per="day")], "rates", metrics=("traffic",)),
            draw([*left, fact(9_999)], metrics=("traffic", "installations"), unit="site"),
        ):
            assert drawing.left_out[0].startswith(counted)
        assert f" {counted} name" in charts.worldmap.note_map([], others)


def test_a_headline_on_two_countries_compares_one_thing_before_one_year():
    rows = read(
        fact(1, of="radiation portal monitors", low=9.0, high=9.0, period="2008"),
        fact(2, of="x-ray scanners", low=30.0, high=30.0, period="2009"),
        fact(3, country="UZB", of="portal monitors for radiation", low=4.0, high=4.0, period="2007"),
        fact(4, country="UZB", of="watchtowers", low=12.0, high=12.0, period="2009"),
    )
    assert words.headline(rows, by_year=True) == (
        "Kazakhstan: radiation portal monitors at 9 sites in 2008; "
        "Uzbekistan: portal monitors for radiation at 4 sites in 2007; 2 more figures"
    )
    assert words.headline([rows[1], rows[3]], by_year=True) == (
        "X-ray scanners at 30 sites in Kazakhstan in 2009; 1 more figure, 2 countries in all"
    )


def test_a_headline_on_the_coverage_of_two_countries_compares_one_capability():
    equipped = {"metric": "checkpoints_equipped", "unit": "checkpoint", "period": None, "actor": None}
    rows = [
        fact(1, **equipped, of="portal monitors", low=9.0, high=9.0),
        fact(2, **equipped, of="electronic customs", low=40.0, high=40.0),
        fact(3, **equipped, country="UZB", of="radiation detection", low=28.0, high=28.0),
    ]
    assert draw(rows, "coverage").headline == (
        "Kazakhstan: portal monitors at 9 checkpoints; Uzbekistan: radiation detection at 28 checkpoints; 1 more figure"
    )
    assert draw(rows[1:], "coverage").headline == (
        "Kazakhstan: electronic customs at 40 checkpoints; 1 more figure, 2 countries in all"
    )


@pytest.mark.parametrize("by_year", [False, True])
def test_a_headline_leads_with_the_largest_figure_and_no_part_leads_before_its_whole(by_year):
    shared = {"metric": "irregular_crossings", "unit": "person", "country": "ITA", "of": "boat migrants"}
    rows = read(
        fact(1, **shared, low=3374.0, high=3374.0, part_of="f2"),
        fact(2, **shared, low=36951.0, high=36951.0),
        fact(3, **shared, low=40000.0, high=40000.0, part_of="f2"),  # a part as a cable misstates it
        fact(4, **shared, low=None, high=650000.0, qualifier="at_most"),
        fact(5, **shared, low=500.0, high=500.0),
        fact(6, **shared, low=99000.0, high=99000.0, derived=True, formula="f"),
    )
    said = words.headline(rows, by_year=by_year)
    assert said == (
        "Irregular crossings, Italy: 36,951 people (boat migrants) in 2008; 500 people in 2008; 4 more figures"
    )
    iceland = read(fact(7, **{**shared, "country": "ISL"}, low=8.0, high=8.0, period="2009"))
    assert "Italy: 36,951 people" in words.headline([*rows, *iceland], by_year=by_year)


def test_a_headline_of_a_timeline_leads_with_a_figure_that_has_a_year():
    rows = read(fact(1, low=40.0, high=None, qualifier="more_than", period=None), fact(2))
    assert words.headline(rows, by_year=True).startswith("Kazakhstan: radiation portal monitors at 9 sites in 2008")
    assert words.headline(rows).startswith("Kazakhstan: radiation portal monitors at more than 40 sites")


@pytest.mark.parametrize(
    ("unit", "of", "low", "said"),
    [
        ("ship", "boats", 9.0, "9 boats"),
        ("ship", "interceptor boat", 1.0, "1 ship (interceptor boat)"),
        ("vehicle", "containers", 5.0, "5 containers"),
        ("crate", "wooden crates", 24.0, "24 wooden crates"),
        ("vehicle", "vehicles", 2.0, "2 vehicles"),
        ("person", "officials", 28.0, "28 people (officials)"),
        ("item", "software", 4.0, "4 items (software)"),
    ],
)
def test_a_figure_is_said_in_the_words_of_what_it_counts(unit, of, low, said):
    row = fact(1, metric="equipment", unit=unit, of=of, low=low, high=low, period=None)
    assert words.headline(read(row)) == f"Equipment, Kazakhstan: {said}"
    assert say_briefly(row, words.say_name).startswith(said.partition(" (")[0])


def test_a_headline_on_shares_does_not_say_what_they_are_shares_of():
    shared = {"metric": "workforce_share", "kind": "share", "unit": "percent", "site": "Dostyk", "period": None}
    rows = read(
        fact(1, **shared, low=70.0, high=70.0, of="railroad employees"),
        fact(2, **shared, low=30.0, high=30.0, of="border guards"),
    )
    assert words.headline(rows) == (
        "Workforce share, Kazakhstan: 70% (railroad employees), Dostyk; 30% (border guards), Dostyk"
    )


def test_a_headline_on_many_countries_states_the_largest_figure_with_its_bound():
    rows = [
        observation(1, low=40.0, high=None, qualifier="more_than"),
        observation(2, country="ARM", low=4.0, high=4.0),
        observation(3, country="UZB", low=5.0, high=5.0),
    ]
    said = words.headline(read(*reversed(rows)))
    assert said == (
        "Radiation portal monitors at more than 40 sites in Kazakhstan in 2008; 2 more figures, 3 countries in all"
    )
    covered = draw([{**row, "metric": "checkpoints_equipped"} for row in rows], "coverage").headline
    assert covered.startswith("Kazakhstan: radiation portal monitors at more than 40 ")
    assert covered.endswith("; 2 more figures, 3 countries in all")
    totals = draw([{**row, "metric": "checkpoints_total", "period": None} for row in rows], "coverage").headline
    assert totals == "Checkpoints in all: more than 40 in Kazakhstan; 2 more figures, 3 countries in all"


def test_a_headline_on_coverage_counts_the_countries_that_have_only_a_total():
    part = {"metric": "checkpoints_equipped", "unit": "checkpoint", "period": None}
    total = {"metric": "checkpoints_total", "unit": "checkpoint", "of": None, "period": None}
    rows = [
        fact(1, **part, low=28.0, high=28.0, country="UZB"),
        fact(2, **total, low=212.0, high=212.0, country="UZB"),
        fact(3, **total, low=100.0, high=100.0, country="AFG"),
        fact(4, **total, low=900.0, high=None, qualifier="more_than", country="PAK"),
    ]
    assert draw([*rows, share(*rows[:2])], "coverage").headline == (
        "Uzbekistan: radiation portal monitors at 28 of 212 checkpoints (13.2%); 2 more figures, 3 countries in all"
    )


def test_missing_values_of_arrow_backed_frames_are_missing():
    row = {**observation(1), "actor": pd.NA, "site": pd.NA, "high": pd.NA, "period_start": pd.NA}
    (read,) = selection.chart_rows(pd.DataFrame([row], dtype=object))
    assert (read["actor"], read["site"], read["high"], read["period_start"]) == (None, None, None, None)


@pytest.mark.parametrize("most", [1, 2, 3, 4, 8, 10, 31, 112, 4321, 200_000])
def test_the_key_of_a_map_has_a_number_at_its_top_end(most):
    trace = country_trace({"KAZ": 1, "UZB": most}, THEMES["light"])
    bar = trace["colorbar"]
    assert bar["tickvals"][-1] == pytest.approx(trace["zmax"])
    assert bar["ticktext"][-1] == f"{max(most, 3):,}"
    assert bar["ticktext"][0] == "1"
    assert min(b - a for a, b in pairwise(bar["tickvals"])) > trace["zmax"] / 60


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_map_says_many_figures_in_the_colour_farthest_from_the_paper(theme):
    drawing = draw_chart(ChartSpec("map"), pd.DataFrame([observation(1)]), CABLES, theme=theme)
    scale = [sum(ImageColor.getrgb(colour)) for _, colour in drawing.figure.data[0].colorscale]
    paper = sum(ImageColor.getrgb(THEMES[theme].paper))
    assert max(scale, key=lambda shade: abs(shade - paper)) == scale[-1]
    assert drawing.headline == "Installations: 1 figure found on 1 country"


def test_a_headline_says_what_was_done_where_the_figure_alone_does_not():
    row = observation(1, metric="arrests", unit="person", of="customs officers", low=2.0, high=2.0, period=None)
    assert words.headline(read(row)) == ("Arrests, Kazakhstan: 2 people (customs officers)")


def test_a_headline_keeps_bound_status_speaker_and_computation():
    row = selection.chart_rows(
        pd.DataFrame([observation(1, low=40.0, high=None, qualifier="at_least", status="planned", speaker="Aide")])
    )[0]
    assert words.headline([row]) == (
        "Kazakhstan: radiation portal monitors at at least 40 sites in 2008 (planned), according to Aide"
    )
    assert words.headline([{**row, "derived": True}]).endswith("(planned) (computed), according to Aide")
    assert words.headline([]) == "No figures for this selection"


def test_a_title_of_ones_own_replaces_the_headline_but_not_its_mark():
    drawing = draw([observation(1)], title="Our own words")
    assert drawing.title == "(C) Our own words"


def test_text_from_cables_is_shown_as_it_stands():
    drawing = draw([observation(1, of="<b>x</b> %{y} <script>", speaker="<i>Aide</i>")])
    assert "&lt;b&gt;x" in " ".join(texts(drawing, "title"))
    hovers = [hover for trace in drawing.figure.data for hover in trace.hovertext]
    assert all("<script>" not in hover and "<i>" not in hover for hover in hovers)
    assert all(trace.hovertemplate is None for trace in drawing.figure.data)


# Filters


def test_mentions_joined_for_a_chart_keep_every_caveat():
    rows = [observation(1, marking="C/NF"), observation(2, paragraph=7, marking="S")]
    drawing = draw(rows)
    assert [row["marking"] for row in drawing.rows] == ["S/NF"]
    assert drawing.banner == "SECRET//NOFORN"


def test_a_ceiling_without_noforn_leaves_noforn_out():
    rows = [observation(1, marking="C/NF", low=5.0, high=5.0), observation(2, marking="S")]
    assert draw(rows, marking="SECRET").banner == "SECRET"
    assert draw(rows, marking="SECRET//NOFORN").banner == "SECRET//NOFORN"


def test_a_figure_that_a_note_quotes_counts_for_the_banner_and_the_foot():
    odd = fact(2, marking="S", low=777_777.0, high=777_777.0, flags=["implausible"], cables=["08FIRST1 para 1"])
    drawing = draw([fact(1, marking="U"), odd])
    assert "777,777" in drawing.notes[-1]
    assert [row["id"] for row in drawing.rows] == ["f1"]
    assert drawing.banner == "SECRET"
    assert drawing.title.startswith("(S) ")
    assert set(texts(drawing, "banner")) == {"SECRET"}
    assert drawing.derived_from == "Multiple Sources: 08FIRST1, 09SECOND22"
    empty = draw([odd])
    assert (empty.banner, empty.empty) == ("SECRET", True)
    assert texts(empty)[0].startswith("No figures for this selection<br>(S) Not drawn: 1 figure that looks implausible")


def test_an_unknown_ceiling_draws_nothing():
    with pytest.raises(ValueError, match="unknown marking 'Unclass'"):
        draw([observation(1, marking="TS")], marking="Unclass")


def test_the_marking_ceiling_comes_before_everything_else():
    rows = [observation(1, marking="C"), observation(2, marking="S", low=5.0, high=5.0), observation(3, marking=None)]
    drawing = draw(rows, marking="C")
    assert [row["id"] for row in drawing.rows] == ["o1"]
    assert drawing.banner == "CONFIDENTIAL"
    assert drawing.left_out == ()


def test_filters_hold_by_country_actor_status_words_and_years():
    rows = [
        observation(1),
        observation(2, country="UZB"),
        observation(3, actor="NOR, KAZ", low=3.0),
        observation(4, status="planned"),
        observation(5, of="x-ray"),
        observation(6, period="2001"),
        observation(7, period=None),
    ]
    frame = pd.DataFrame(rows)

    def chosen(**options):
        return [row["id"] for row in choose_rows(ChartSpec("timeline", **options), frame).rows]

    assert chosen(countries=("UZB",)) == ["o2"]
    assert chosen(actors=("NOR",)) == ["o3"]
    assert chosen(statuses=("planned",)) == ["o4"]
    assert chosen(of=("X-RAY",)) == ["o5"]
    assert "o6" not in chosen(since=2005)
    assert chosen(until=2005) == ["o6"]  # o7 is without a period, and of a cable of 2009
    assert "o7" in chosen(since=2009)


def test_charts_and_pages_filter_alike():
    rows = [
        made_tables.observation(
            "equipment", 3, of="radiation portal monitors", unit="item", actor="NOR, KAZ", start=100
        ),
        made_tables.observation("equipment", 4, of="portal cranes", unit="item", period="2001", start=300),
        made_tables.observation("equipment", 5, of="radiation pagers", unit="item", cable_id="99ASTANA1")
        | {"cable_date": date(1999, 4, 12)},
    ]
    facts = reconcile(*made_tables.tables(rows))
    frame = facts.to_pandas()
    for chosen, expected in (
        ({"of": "portal radiation"}, {3}),
        ({"of": "RADIATION"}, {3, 5}),
        ({"since": 2008}, {3}),
        ({"until": 2001}, {4, 5}),
        ({"actors": ("NOR",)}, {3}),
    ):
        page = facts.filter(fact_expression(Filters(**chosen), None))
        spec_ = {**chosen, **({"of": tuple(chosen["of"].split())} if "of" in chosen else {})}
        chart = selection.select_rows(ChartSpec("bars", **spec_), frame)
        assert set(page["low"].to_pylist()) == set(chart["low"]) == expected


def test_a_condition_needs_the_columns_it_names_alone():
    nothing = float("nan")
    frame = pd.DataFrame(
        {
            "country": ["KAZ", "UZB", None],
            "of": nothing,
            "period_start": nothing,
            "period_end": nothing,
            "as_of": [date(2009, 4, 2), date(2009, 4, 2), date(1999, 1, 1)],
        }
    )
    places = frame[["country"]]
    assert list(filter_rows(places, row_condition(countries=["KAZ"])).index) == [0]
    assert list(filter_rows(frame, row_condition(since=2008)).index) == [0, 1]
    assert filter_rows(frame, row_condition(of=["portal"], until=2010)).empty


@pytest.mark.parametrize("chart", ["funding", "bars", "timeline", "rates"])
def test_a_unit_asked_for_is_drawn_or_said_to_be_missing(chart):
    drawing = draw([fact(1, unit="EUR", low=5e6, high=5e6, per="year")], chart, metrics=("installations",), unit="USD")
    assert drawing.empty
    assert drawing.left_out in (("no figure in US dollars",), ("1 figure in other units",))


def test_an_empty_selection_says_so_and_has_no_banner():
    drawing = draw([observation(1)], countries=("USA",))
    assert drawing.empty
    assert "No figures for this selection" in texts(drawing)[0]
    assert len(drawing.rows) == 0


def test_a_map_counts_figures_and_names_countries_without_an_area():
    rows = [
        observation(1),
        observation(2, low=1.0, high=1.0),
        observation(3, country="GIB"),
        observation(4, country=None),
    ]
    drawing = draw(rows, "map")
    trace = drawing.figure.data[0]
    assert dict(zip(trace.locations, trace.z, strict=True)) == {"GIB": 0.0, "KAZ": pytest.approx(math.log10(2))}
    assert list(trace.customdata) == ["GIB", "KAZ"]
    assert "No area on this map: Gibraltar" in drawing.notes[0]
    assert "1 figure names no country" in drawing.notes[0]


# The state of a view

specs = st.builds(
    ChartSpec,
    chart=st.sampled_from(spec.KINDS),
    metrics=st.sampled_from([(), ("funding",), ("arrests", "incidents")]),
    countries=st.lists(st.sampled_from(["KAZ", "UZB", "USA"]), unique=True).map(tuple),
    actors=st.sampled_from([(), ("World Bank",)]),
    statuses=st.sampled_from([(), ("planned", "actual")]),
    of=st.sampled_from([(), ("x-ray",)]),
    since=st.none() | st.integers(1970, 2020),
    marking=st.sampled_from(["", "C", "S/NF"]),
    scale=st.sampled_from(["linear", "log"]),
    title=st.text(max_size=30),
)


@given(specs)
def test_a_spec_is_read_back_from_its_parameters(state):
    assert read_spec(spec_params(state)) == state


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"chart": "pie"}, "unknown chart 'pie'; known: coverage"),
        ({"colour": "red"}, "unknown chart parameter 'colour'; known: chart, metric"),
        ({"from": "last year"}, "from is 'last year', which is no year"),
        ({"from": "0000"}, "from is '0000', which is no year"),
        ({"chart": ""}, "unknown chart ''; known: coverage"),
        ({"from": 2009, "to": 2005}, "the first year, 2009, is after the last, 2005"),
        ({"region": "Centrl Asia"}, "unknown region 'Centrl Asia'; near it: Central Asia"),
        ({"country": "Kazakstan"}, "unknown country 'Kazakstan'; near it: Kazakhstan"),
        ({"status": "done"}, "unknown status 'done'; known: actual"),
        ({"metric": ["funding", "fundng"]}, "unknown metric 'fundng'; near it: funding"),
        ({"marking": "Unclass"}, "unknown marking 'Unclass'; known: UNCLASSIFIED"),
        ({"marking": ""}, "unknown marking ''; known: UNCLASSIFIED"),
    ],
)
def test_a_wrong_parameter_is_named_with_the_choices(params, said):
    with pytest.raises(ValueError, match=said):
        read_spec(params)


# Any rows

bounds = st.tuples(
    st.sampled_from(["exact", "approx", "more_than", "at_least", "less_than", "at_most", "range", "vague"]),
    st.one_of(st.integers(1, 500), st.sampled_from([0.3, 12_000, 4_321_987, 65_000_000, 3_000_000_000])),
)
LONG = "coordinated counter-smuggling and customs modernisation programme for the regional border services"


@st.composite
def tables(draw_from):
    count = draw_from(st.integers(1, 14))
    rows = []
    for number in range(count):
        qualifier, value = draw_from(bounds)
        low = None if qualifier in ("less_than", "at_most") else float(value)
        high = (
            None
            if qualifier in ("more_than", "at_least", "vague")
            else float(value) * (2 if qualifier == "range" else 1)
        )
        rows.append(
            fact(
                number,
                low=low,
                high=high,
                qualifier=qualifier,
                metric=draw_from(
                    st.sampled_from(["installations", "checkpoints_equipped", "checkpoints_total", "traffic"])
                ),
                country=draw_from(st.sampled_from(["KAZ", "UZB", "USA", "COD", None])),
                actor=draw_from(st.sampled_from(["USA", "NOR", "United Nations Office on Drugs and Crime", None])),
                of=draw_from(st.sampled_from(["x-ray", "radiation portal monitors", LONG, None])),
                site=draw_from(st.sampled_from([None, "Dostyk", "Port of Somewhere Rather Far Away"])),
                period=draw_from(st.sampled_from(["1984", "2005", "2008", "2009", "2000/2003", None])),
                status=draw_from(st.sampled_from(["actual", "in_progress", "planned", "requested"])),
                per=draw_from(st.sampled_from([None, "day", "week"])),
                marking=draw_from(st.sampled_from(MARKS)),
                cables=[draw_from(st.sampled_from(["08FIRST1 para 3", "09SECOND22", "10THIRD333 para 1"]))],
                conflict_group=draw_from(st.sampled_from([None, "g"])),
                speakers=draw_from(st.sampled_from([[], ["Deputy Chairman of the Customs Committee"]])),
            )
        )
    totals = [row for row in rows if row["metric"] == "checkpoints_total"]
    pairs = [
        (row, total) for row in rows for total in totals if row is not total and row["country"] == total["country"]
    ]
    return rows + [share(*pair) for pair in pairs if draw_from(st.booleans())]


ALL = ("installations", "checkpoints_equipped", "checkpoints_total", "traffic")
looks = st.tuples(
    st.sampled_from(["coverage", "timeline", "funding", "rates", "bars"]),
    st.sampled_from(list(SIZES)),
    st.sampled_from(["linear", "log"]),
    st.sampled_from(["", "A headline of the briefer's own that runs on for a good while, " * 3]),
)
often = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@often
@given(tables(), looks)
def test_the_banner_is_never_below_any_row_drawn(rows, look):
    chart, size, scale, title = look
    drawing = draw(rows, chart, size, metrics=ALL, scale=scale, title=title)
    marks = [row["marking"] for row in rows]
    if drawing.empty:
        return
    drawn = [row["marking"] for row in drawing.rows]
    assert drawing.banner == banner([*drawn, *(row["marking"] for row in drawing.quoted)])
    assert all(rank_mark(drawing.banner) >= rank_mark(mark) for mark in drawn)
    assert set(texts(drawing, "banner")) == {drawing.banner}
    shown = {id_ for trace in drawing.figure.data if trace.hovertext is not None for id_ in trace.customdata}
    assert shown <= {row["id"] for row in drawing.rows}
    assert len(drawn) <= len(marks)


@often
@given(tables(), looks)
def test_numbers_in_the_figure_equal_the_rows(rows, look):
    chart, size, _, _ = look
    drawing = draw(rows, chart, size, metrics=ALL)
    stated = {row["fact_id"]: row for row in rows}
    for id_, pieces in bars(drawing).items():
        row = stated[id_]
        base, length, _ = pieces[0]
        assert base == 0.0
        assert length == (row["high"] if row["low"] is None else row["low"])
        ends = max(base + length for base, length, _ in pieces)
        assert ends == pytest.approx(row["low"] if row["high"] is None else row["high"])


def box(annotation, figure, screen=700):
    """Where an annotation's words stand: left, top, right, bottom in pixels from the figure's upper left corner."""
    layout = figure.layout
    margin, width = layout.margin, layout.width or screen
    plot_width, plot_height = width - margin.l - margin.r, layout.height - margin.t - margin.b

    def place(value, ref, letter):
        if ref == "paper":
            return value
        number, _, domain = ref[1:].partition(" ")
        axis = layout[f"{letter}axis{number if number != '1' else ''}"]
        low, high = (0, 1) if domain else axis.range
        start, end = axis.domain or (0, 1)
        return start + (end - start) * (value - low) / (high - low)

    x = margin.l + place(annotation.x, annotation.xref, "x") * plot_width + (annotation.xshift or 0)
    y = margin.t + (1 - place(annotation.y, annotation.yref, "y")) * plot_height - (annotation.yshift or 0)
    serif = SERIF in annotation.font.family if annotation.font.family else False
    weight = SEMIBOLD if annotation.font.weight == SEMIBOLD or "<b>" in annotation.text else 400
    lines = annotation.text.replace("<b>", "").replace("</b>", "").split("<br>")
    lines = [line.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") for line in lines]
    wide = max(text_width(line, annotation.font.size, SERIF if serif else SANS, weight) for line in lines)
    high = annotation.font.size * (0.95 + 1.3 * (len(lines) - 1))
    left = x - {"left": 0, "center": wide / 2, "right": wide}[annotation.xanchor]
    top = y - {"top": -annotation.font.size * 0.15, "middle": high / 2, "bottom": high}[annotation.yanchor]
    return left, top, left + wide, top + high


@often
@given(tables(), looks)
def test_no_words_are_cut_or_run_into_each_other(rows, look):
    chart, size, scale, title = look
    drawing = draw(rows, chart, size, metrics=ALL, scale=scale, title=title)
    if drawing.empty:
        return
    figure = drawing.figure
    width = figure.layout.width or 700
    boxes = [(one.text, box(one, figure)) for one in figure.layout.annotations]
    for text, (left, top, right, bottom) in boxes:
        assert left >= -1, text
        assert right <= width + 1, text
        assert top >= -1, text
        assert bottom <= figure.layout.height + 1, text
    for number, (text, one) in enumerate(boxes):
        for other_text, other in boxes[number + 1 :]:
            apart = one[2] <= other[0] + 1 or other[2] <= one[0] + 1 or one[3] <= other[1] + 1 or other[3] <= one[1] + 1
            assert apart, (text, other_text)


@pytest.mark.parametrize("width", [240, 320, 480])
@pytest.mark.parametrize("chart", ["timeline", "funding", "map"])
def test_a_narrow_chart_says_every_word_and_shortens_no_marking(chart, width):
    donors = ["United Nations Office on Drugs and Crime", "International Organization for Migration", "USA", "NOR"]
    rows = [
        fact(n, actor=donor, marking="TS/SI/TK/NF/OC", low=n * 1e3, high=None, period=f"200{n}-0{n}", cables=cables)
        for n, (donor, cables) in enumerate(zip(donors, (["08FIRST1 para 3"], ["09SECOND22"]) * 2, strict=True), 1)
    ]
    rows.append(fact(9, marking="C", speakers=["Deputy Chairman of the Customs Committee of the Ministry"]))
    narrow, wide = (draw(rows, chart, Size("screen", w, None, 1.0), metrics=("installations",)) for w in (width, 1200))
    assert not [text for text in texts(narrow) if "\u2026" in text]
    for name in ("banner", "title", "subtitle", "note", "source", "foot"):
        said, whole = (re.sub(r"<br>| ", "", " ".join(texts(one, name))) for one in (narrow, wide))
        assert said == whole
    for one in narrow.figure.layout.annotations:
        if one.name in ("banner", "title", "subtitle", "key", "note", "source", "foot"):
            left, top, right, bottom = box(one, narrow.figure, width)
            assert left >= 0, one.text
            assert right <= width, one.text
            assert top >= 0, one.text
            assert bottom <= narrow.figure.layout.height, one.text
    bands = [shape for shape in narrow.figure.layout.shapes if shape.name == "banner"]
    (words, *_) = [one for one in narrow.figure.layout.annotations if one.name == "banner"]
    assert all(shape.y0 - shape.y1 >= len(words.text.split("<br>")) * words.font.size for shape in bands)


def test_a_drawing_of_nothing_keeps_its_words_inside():
    rows = [fact(n, metric="arrests", kind="change", unit="person") for n in range(3)]
    drawing = draw([*rows, fact(5, metric="arrests", qualifier="vague")], size="half", metrics=("arrests",))
    assert drawing.empty
    (words,) = drawing.figure.layout.annotations
    assert all(text_width(line, words.font.size) <= SIZES["half"].width for line in words.text.split("<br>"))


@pytest.mark.parametrize("size", list(SIZES))
@pytest.mark.parametrize("scale", ["linear", "log"])
def test_long_words_beyond_a_long_bar_end_inside_the_picture(size, scale):
    shared = {"unit": "site", "period": "1984", "of": "radiation portal monitors"}
    rows = [
        fact("all", metric="checkpoints_total", low=12_000.0, high=12_000.0, **shared),
        fact("some", metric="installations", low=1.0, high=None, qualifier="more_than", status="in_progress", **shared),
    ]
    figure = draw([*rows, share(*reversed(rows))], "coverage", size, scale=scale, metrics=ALL).figure
    said = [one for one in figure.layout.annotations if "of 12,000" in one.text and one.name == "value"]
    assert said
    assert all(box(one, figure)[2] <= (figure.layout.width or 700) + 1 for one in said)


@pytest.mark.parametrize("size", list(SIZES))
@pytest.mark.parametrize("bound", ["more_than", "less_than"])
@pytest.mark.parametrize("panels", [2, 6, 12])
def test_the_value_of_a_point_at_the_top_keeps_clear_of_the_name_above_it(panels, size, bound):
    low, high = (4_321_987.0, None) if bound == "more_than" else (None, 4_321_987.0)
    shared = {"metric": "installations", "unit": "site", "period": "1984"}
    codes = ["KAZ", "UZB", "KGZ", "TJK", "AFG", "GEO", "RUS", "TUR", "IRN", "PAK", "IND"]
    rows = [observation(code, country=code, low=1.0, high=1.0, **shared) for code in codes[: panels - 1]]
    rows.append(observation("largest", country="COD", low=low, high=high, qualifier=bound, **shared))
    figure = draw(rows, size=size, scale="log", metrics=ALL).figure
    boxes = {one.text: box(one, figure) for one in figure.layout.annotations}
    value = next(place for text, place in boxes.items() if text.endswith("4,321,987"))
    name = next(place for text, place in boxes.items() if text.startswith("Democratic"))
    assert name[3] <= value[1] + 1


@pytest.mark.parametrize("years", [1, 25])
@pytest.mark.parametrize("countries", [1, 14])
@pytest.mark.parametrize("size", list(SIZES))
def test_years_are_years_and_never_run_into_each_other(years, countries, size):
    codes = ["KAZ", "UZB", "KGZ", "TJK", "TKM", "AFG", "ARM", "GEO", "UKR", "RUS", "TUR", "IRN", "PAK", "IND"]
    rows = [
        observation(f"{code}{year}", country=code, period=str(1985 + year), low=float(year + 1), high=float(year + 1))
        for code in codes[:countries]
        for year in range(years)
    ]
    figure = draw(rows, size=size).figure
    width = (figure.layout.width or 700) - figure.layout.margin.l - figure.layout.margin.r
    font = figure.layout.xaxis.tickfont.size
    axes = [figure.layout[name] for name in figure.to_dict()["layout"] if name.startswith("xaxis")]
    for axis in axes:
        assert all(text.isdigit() and len(text) == 4 for text in axis.ticktext)
        pixels = width * (axis.domain[1] - axis.domain[0]) / (axis.range[1] - axis.range[0])
        places = sorted(axis.tickvals)
        assert all((b - a) * pixels >= text_width("2008", font) for a, b in pairwise(places))


def test_crowded_years_turn_into_points_that_keep_status_and_open_end():
    rows = [observation(number, low=float(number), high=float(number), site=f"s{number}") for number in range(1, 8)]
    rows.append(observation(9, low=40.0, high=None, qualifier="more_than", status="planned"))
    drawing = draw(rows)
    assert not bars(drawing)
    points = next(trace for trace in drawing.figure.data if trace.mode == "markers" and trace.customdata)
    assert dict(zip(points.customdata, points.marker.symbol, strict=True))["o9"] == "circle-open"
    assert [way for way, *_ in arrows(drawing)] == ["up"]


def test_different_things_stand_apart_each_on_its_own_axis_and_in_one_unit():
    seized = {"metric": "seizures", "unit": "kilogram", "actor": None}
    rows = [
        observation(1, **seized, of="cocaine", low=9_000.0, high=9_000.0),
        observation(2, **seized, of="cocaine", low=4_000.0, high=4_000.0, period="2009"),
        observation(3, **seized, of="uranium", low=3.0, high=3.0, country="GEO"),
        observation(4, **{**seized, "unit": "item"}, of="rifles", low=70.0, high=70.0),
    ]
    drawing = draw(rows, metrics=("seizures",), split="thing")
    assert texts(drawing, "panel") == ["Cocaine", "Uranium"]
    assert drawing.figure.layout.yaxis.range[1] > 9_000
    assert drawing.figure.layout.yaxis2.range[1] < 10
    assert {row["unit"] for row in drawing.rows} == {"kilogram"}
    assert "in other units (items 1)" in drawing.notes[-1]
    native = find_native_panels(drawing, drawing.rows)
    assert [(panel.heading, panel.top >= 3, panel.top > 10) for panel in native] == [
        ("Cocaine", True, True),
        ("Uranium", True, False),
    ]


def test_a_panel_without_any_year_and_a_country_without_figures_are_told_in_words():
    rows = [observation(1), observation(2, country="MEX", period=None), observation(3, country="UZB", low=3, high=3)]
    drawing = draw(rows, countries=("KAZ", "MEX", "UZB", "TJK"))
    (said,) = (one for one in drawing.figure.layout.annotations if one.name == "undated")
    assert (said.text.replace("<br>", " "), said.xref) == ("No figure with a year", "x2")
    assert drawing.notes[-1] == "Not drawn: no figure on Tajikistan."
    assert not texts(draw([observation(1, period=None)]), "undated")


def test_small_multiples_share_one_axis_of_values():
    rows = [observation(1), observation(2, country="UZB", low=900.0, high=900.0)]
    layout = draw(rows).figure.layout
    assert layout.yaxis.range == layout.yaxis2.range


def test_dark_and_light_differ_in_paper_and_ink_only():
    light, dark = (draw([observation(1)], theme=theme).figure for theme in ("light", "dark"))
    assert (light.layout.paper_bgcolor, dark.layout.paper_bgcolor) == (THEMES["light"].paper, THEMES["dark"].paper)
    assert light.data[0].marker.color == dark.data[0].marker.color


def test_the_alternative_text_says_the_figures():
    said = draw([observation(1, low=40.0, high=None, qualifier="more_than")]).alt
    assert "radiation portal monitors at more than 40 sites in Kazakhstan in 2008" in said


@pytest.mark.parametrize("module", [words, spec, selection, ladders, timeline, charts])
def test_doctests_hold(module):
    assert doctest.testmod(module).failed == 0


def test_the_same_rows_in_another_order_give_the_same_figure():
    rows = [observation(number, low=float(number), high=float(number), site=f"s{number}") for number in range(1, 5)]
    assert (
        draw(rows, "bars", metrics=("installations",)).figure
        == draw(rows[::-1], "bars", metrics=("installations",)).figure
    )


def test_broken_title_has_no_lone_last_word():
    drawing = draw(
        [observation(1)], title="One two three four five six seven eight nine ten eleven twelve thirteen " * 2
    )
    lines = texts(drawing, "title")[0].split("<br>")
    assert len(lines) > 1
    assert text_width(lines[-1], 20) > text_width(lines[0], 20) * 0.4
    assert break_lines(" ".join(lines), 10_000, 12) == [drawing.title.strip()]
