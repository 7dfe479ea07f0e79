"""The app's logic without a browser: what each page says for full, filtered, empty and missing data."""

from __future__ import annotations

import ast
import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import made_tables
import pyarrow.parquet as pq
import pytest
from app_tables import CORPUS, HOSTILE, Stated, Telegram, write_small_tables
from made_tables import observation
from starlette.requests import Request
from starlette.responses import Response
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import TextInput
from streamlit.util import calc_hash

from metrics.cable import body_sha256, read_cable
from metrics.catalog import FAMILIES, METRICS
from metrics.charts import ChartSpec
from metrics.look import SIZES, text_width
from metrics.reconcile import reconcile
from metrics.review import Review, review_figure, withdraw_review
from metrics.rows import cable_row
from metrics.views import adding, data, exports, overview, parts, review, reviewing, search, server, summary
from metrics.views.filters import (
    ASPECT_NAMES,
    FILTER_NAMES,
    VIEW_NAMES,
    Choices,
    Filters,
    UnknownChoiceError,
    read_filters,
)
from metrics.views.frame import Frame, all_reviews
from metrics.views.painted import Paint, paint_text, surrounding_text
from metrics.views.server import answer_facts
from metrics.views.tables import fact_table, say_difference

DASHBOARD = Path(__file__).resolve().parents[1] / "dashboard.py"
ADDRESSES = (
    *("", "coverage", "installations", "funding", "training", "traffic", "enforcement", "integrity"),
    *("country", "evidence", "metrics", "review", "add"),
)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_small_tables(tmp_path_factory.mktemp("tables"))


@pytest.fixture
def tables(folder: Path) -> data.Tables:
    return data.open_tables(folder)


def open_page(address: str, folder: Path, monkeypatch: pytest.MonkeyPatch, **query: str | list[str]) -> AppTest:
    """The page at an address, as a fresh session draws it."""
    monkeypatch.setenv("BORDER_METRICS_DATA", str(folder))
    app = AppTest.from_file(str(DASHBOARD), default_timeout=30)
    app._page_hash = calc_hash(address)
    app.query_params.update(query)
    app.run()
    assert not app.exception, app.exception
    return app


def words_of(app: AppTest) -> str:
    """Everything the page says in elements of text."""
    parts = [
        element.value
        for kind in ("title", "subheader", "markdown", "info", "error", "caption")
        for element in app.get(kind)
    ]
    return "\n".join([*parts, *(element.proto.body for element in app.get("html"))])


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_draws_and_carries_its_banner_twice(
    address: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page(address, folder, monkeypatch)
    assert app.title
    assert words_of(app).count('class="banner" role="note"') == 2


def test_a_page_that_fails_half_way_carries_its_banners(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(frame: Frame) -> None:
        raise RuntimeError(frame.tables.build_id)

    monkeypatch.setattr(overview, "_draw_corpus", fail)
    monkeypatch.setenv("BORDER_METRICS_DATA", str(folder))
    app = AppTest.from_file(str(DASHBOARD), default_timeout=30).run()
    assert app.exception
    assert "gates" in words_of(app)
    assert words_of(app).count(">CONFIDENTIAL<") == 2


def test_banner_is_that_of_the_rows_shown(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "CONFIDENTIAL" in words_of(open_page("coverage", folder, monkeypatch))
    below = words_of(open_page("coverage", folder, monkeypatch, marking="SENSITIVE BUT UNCLASSIFIED"))
    assert "CONFIDENTIAL" not in below
    assert ">UNCLASSIFIED<" in below


@pytest.mark.parametrize(
    ("asked", "held"), [("c", "CONFIDENTIAL"), ("TOP SECRET", "TOP SECRET"), ("U", "UNCLASSIFIED")]
)
def test_a_ceiling_in_the_address_holds_though_no_row_bears_its_mark(
    asked: str, held: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("coverage", folder, monkeypatch, marking=asked)
    assert app.selectbox(key="marking").value == held
    assert app.run().selectbox(key="marking").value == held


def test_a_ceiling_that_is_not_known_shows_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = words_of(open_page("coverage", folder, monkeypatch, marking="Unclass"))
    assert 'mark "Unclass"' in said
    assert "Nothing is shown" in said
    assert "CONFIDENTIAL<" not in said
    assert "gates" not in said


@pytest.mark.parametrize(("chosen", "count"), [({}, "3"), ({"marking": "SENSITIVE BUT UNCLASSIFIED"}, "1")])
def test_the_overview_counts_the_cables_that_may_be_shown(
    chosen: dict[str, str], count: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiles = {tile.label: tile.value for tile in open_page("", folder, monkeypatch, **chosen).metric}
    assert tiles["Cables"] == count


def test_a_subject_line_counts_for_the_banner_with_its_cables_classification(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cable = replace(CORPUS[2], classification="SECRET", stated=CORPUS[2].stated[:3])  # its figures are U
    folder = write_small_tables(tmp_path, (cable,))
    said = words_of(open_page("country", folder, monkeypatch, country="UZB"))
    assert cable.subject in said
    assert ">SECRET<" in said
    below = words_of(open_page("country", folder, monkeypatch, country="UZB", marking="UNCLASSIFIED"))
    assert cable.subject not in below
    assert ">UNCLASSIFIED<" in below


def test_rows_above_the_chosen_mark_take_part_in_nothing(tables: data.Tables) -> None:
    choices = data.read_choices(tables)
    marks = data.allowed_marks(choices, "SENSITIVE BUT UNCLASSIFIED")
    shown = data.read_facts(tables, Filters(), marks)
    assert set(shown["marking"]) == {"U", "SBU"}
    assert data.read_cable_list(tables, marks)["cable_id"].tolist() == ["09TASHKENT803"]
    assert search.search_cables(search.open_index(tables), "gates", marks)[0].cable_id == "09TASHKENT803"
    assert len(search.search_cables(search.open_index(tables), "gates", marks)) == 1


def test_ceilings_to_choose_are_each_mark_and_each_with_all_caveats_below_it() -> None:
    marks = ("C", "C/NF", "S", "UNKNOWN")
    choices = Choices((), (), marks, data.name_levels(marks), (1, 1), ())
    assert choices.levels == ("CONFIDENTIAL", "CONFIDENTIAL//NOFORN", "SECRET", "SECRET//NOFORN")
    allowed = [data.allowed_marks(choices, level) for level in choices.levels]
    assert allowed == [("C",), ("C", "C/NF"), ("C", "S"), ("C", "C/NF", "S")]
    with pytest.raises(UnknownChoiceError, match="unknown marking 'UNKNOWN'"):
        read_filters({"marking": ["UNKNOWN"]}, choices)


def test_a_mention_of_a_lower_mark_than_its_fact_is_shown_under_the_facts_ceiling(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = CORPUS[2].stated[3]  # SBU
    again = replace(CORPUS[2], cable_id="09TASHKENT806", classification="SECRET", stated=(replace(known, marking="U"),))
    tables = data.open_tables(write_small_tables(tmp_path, (replace(CORPUS[2], stated=(known,)), again)))
    fact = next(row for row in data.read_facts(tables, Filters(), None).to_dict("records") if not row["derived"])
    marks = data.allowed_marks(data.read_choices(tables), "SENSITIVE BUT UNCLASSIFIED")
    mentions = data.read_mentions(tables, fact["observation_ids"], marks)
    assert (fact["marking"], sorted(mention["marking"] for mention in mentions)) == ("SBU", ["SBU", "U"])


def test_filters_narrow_by_country_actor_status_and_years(tables: data.Tables) -> None:
    def cables_of(**chosen: object) -> set[str]:
        facts = data.read_facts(tables, Filters(**chosen), None, ("installations",))  # type: ignore[arg-type]
        return {f"{row.country} {row.period} {row.status}" for row in facts.itertuples()}

    assert cables_of(countries=("KAZ",)) == {"KAZ 2008 actual", "KAZ 2009 in_progress"}
    assert cables_of(since=2009) == {"KAZ 2009 in_progress"}
    assert cables_of(until=2008) == {"KAZ 2008 actual", "UZB 2008 actual"}
    assert cables_of(statuses=("in_progress",)) == {"KAZ 2009 in_progress"}
    assert cables_of(actors=("NOR",)) == set()
    assert cables_of(of="X-RAY") == set()
    assert len(cables_of(of="detection Radiation", unit="site")) == 3
    assert len(cables_of(actors=("USA",))) == 3


def test_address_names_a_country_by_name_or_code_and_unknown_ones_are_told() -> None:
    levels = ("UNCLASSIFIED", "CONFIDENTIAL")
    choices = Choices(("KAZ", "UZB"), ("USA",), ("C", "U"), levels, (2008, 2009), ("site", "USD"))
    asked = {"country": ["Kazakhstan", "uzb"], "from": ["2008"], "status": ["in progress"]}
    chosen = read_filters({**asked, "actor": ["United States"], "unit": ["US dollars"]}, choices)
    assert chosen == Filters(("KAZ", "UZB"), ("USA",), ("in_progress",), 2008, unit="USD")
    for name, known in (("country", "KAZ, UZB"), ("actor", "USA"), ("unit", "site, USD")):
        with pytest.raises(UnknownChoiceError, match=f"unknown {name} 'Atlantis'; known: {known}"):
            read_filters({name: ["Atlantis"]}, choices)
    with pytest.raises(UnknownChoiceError, match=r"unknown country 'Kazakstan'; near it: Kazakhstan \(KAZ\)"):
        read_filters({"country": ["Kazakstan"]}, choices)
    for year in ("0000", "\u00b2\u00b2\u00b2\u00b2", "\u0662\u0660\u0660\u0669", "99", "20090"):
        with pytest.raises(UnknownChoiceError, match="which is no year"):
            read_filters({"from": [year]}, choices)


def test_every_parameter_of_a_page_is_known_to_the_endpoint() -> None:
    keys = set()
    for path in Path(server.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                given = {one.arg: one.value for one in node.keywords}
                if ast.unparse(given.get("bind", ast.Constant(None))) == "'query-params'":
                    keys.add(ast.literal_eval(given["key"]) if isinstance(given["key"], ast.Constant) else "metric")
    assert {"country", "tab"} <= keys <= {*FILTER_NAMES, *VIEW_NAMES, "metric"}
    assert {f"{family}_metric" for family in FAMILIES} == set(ASPECT_NAMES)


def test_the_endpoint_takes_the_metric_that_a_page_shows(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BORDER_METRICS_DATA", str(folder))
    shown = json.loads(bytes(ask(enforcement_metric="Arrests", tab="Table").body))["facts"]
    assert {row["metric"] for row in shown} == {"arrests"}
    assert ask(enforcement_metric="Sightings").status_code == 400


@pytest.mark.parametrize(("unit", "said"), [("furlong", "Nothing is shown"), ("site", "No figure matches")])
def test_a_unit_in_the_address_that_no_figure_of_the_page_has_shows_none(
    unit: str, said: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert said not in words_of(open_page("funding", folder, monkeypatch, unit="USD"))
    assert said in words_of(open_page("funding", folder, monkeypatch, unit=unit))


@pytest.mark.parametrize("asked", [["KAZ"], ["kaz"], ["Kazakhstan"], ["Kazakhstan", "KAZ", ""]])
def test_a_page_takes_a_country_by_code_as_the_endpoint_does(
    asked: list[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("country", folder, monkeypatch, country=asked)
    assert app.title[0].value == "Kazakhstan"
    assert app.multiselect(key="country").value == ["KAZ"]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"country": "Atlantis"}, 'country "Atlantis"'),
        ({"country": ["Kazakhstan", "Atlantis"]}, 'country "Atlantis"'),
        ({"country": "Kazakhstan", "status": "foo"}, 'status "foo"'),
        ({"actor": "Sweden"}, 'donor, installer or service "Sweden"'),
        ({"marking": "UNCLASIFIED"}, 'mark "UNCLASIFIED"'),
        ({"to": "1990"}, 'year "1990"'),
        ({"funding_metric": "Bribes"}, 'metric "Bribes"'),
        ({"metric": "arrests"}, 'metric "arrests"'),
        ({"metric": ["funding", "arrests"]}, 'metric "arrests"'),
        ({"mark": "UNCLASSIFIED"}, 'no page knows: "mark"; known: country, '),
        ({"Marking": "UNCLASSIFIED"}, 'no page knows: "Marking"; known: country, '),
        ({"country": "Kazakhstan", "countries": "Uzbekistan"}, 'no page knows: "countries"; known: country, '),
    ],
)
def test_an_address_that_asks_for_what_is_not_there_shows_nothing_until_it_is_left_out(
    query: dict[str, Any], told: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("funding", folder, monkeypatch, **query)
    assert told in words_of(app).replace("\\", "")
    assert banners_of(app) == ["NOTHING FROM CABLES SHOWN"]
    assert not app.get("plotly_chart")
    press(app, "Leave it out")
    assert app.get("plotly_chart")
    assert app.multiselect(key="country").value == (["KAZ"] if "Kazakhstan" in query.get("country", ()) else [])


@pytest.mark.parametrize("query", [{"region": "central asia"}, {"country": ["Turkmenistan", "KAZ"]}])
def test_an_address_with_countries_without_figures_says_so_and_shows_the_others(
    query: dict[str, Any], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("coverage", folder, monkeypatch, **query)
    assert app.get("plotly_chart")
    assert re.search(r"No figures on [^.]*\bTurkmenistan\b", words_of(app))
    assert "Kazakhstan" in str(app.get("plotly_chart")[0].proto.spec)
    assert set(app.multiselect(key="country").value) == ({"TKM", "KAZ"} if "country" in query else set())
    body = json.loads(ask(metric="checkpoints_total", **query).body)
    assert "KAZ" in {row["country"] for row in body["facts"]} <= {"KAZ", "UZB"}
    assert "TKM" in body["countries_without_figures"]


def test_a_region_gives_way_to_the_country_chosen_among_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page("country", folder, monkeypatch, region="Central Asia")
    press(app, "Uzbekistan")
    assert app.title[0].value == "Uzbekistan"
    assert app.multiselect(key="region").value == []


def test_years_in_the_wrong_order_are_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    years = {"from": "2009", "to": "2008"}
    told = "the first year, 2009, is after the last, 2008"
    assert any(told in one.value for one in open_page("coverage", folder, monkeypatch, **years).warning)
    refused = ask(**years)
    assert refused.status_code == 400
    assert told in json.loads(refused.body)["error"]


def test_a_page_takes_years_beyond_those_of_its_figures_as_the_endpoint_does(
    folder: Path, tables: data.Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, last = data.read_choices(tables).years
    app = open_page("coverage", folder, monkeypatch, **{"from": "1890", "to": "2090"})
    assert (app.selectbox(key="from").value, app.selectbox(key="to").value) == (first, last)
    for key, year in (("from", "2090"), ("to", "1890")):  # nothing lies there
        assert "Nothing is shown" in words_of(open_page("coverage", folder, monkeypatch, **{key: year}))


def test_a_page_takes_a_metric_by_its_id_as_the_endpoint_does(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page("enforcement", folder, monkeypatch, metric="arrests")
    assert app.button_group(key="enforcement_metric").value == "Arrests"
    assert "Nothing is shown" in words_of(open_page("", folder, monkeypatch, metric="arrests"))


def test_a_metric_asked_for_where_another_is_chosen_already_is_shown(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("enforcement", folder, monkeypatch)
    assert app.button_group(key="enforcement_metric").value != "Arrests"
    app.query_params["metric"] = "arrests"
    app.run()
    assert not app.exception, app.exception
    assert app.button_group(key="enforcement_metric").value == "Arrests"
    assert "metric" not in app.query_params


def test_an_address_may_carry_what_another_page_or_the_endpoint_takes(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("funding", folder, monkeypatch, enforcement_metric="arrests", q="gates", format="csv")
    assert app.get("plotly_chart")


def test_a_page_takes_codes_of_status_and_donor(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page("installations", folder, monkeypatch, status="in_progress", actor="USA")
    assert app.multiselect(key="status").value == ["in_progress"]
    assert app.multiselect(key="actor").value == ["USA"]


def test_cable_text_is_never_markup(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page("evidence", folder, monkeypatch, cable="09ALMATY801")
    bodies = "\n".join(element.proto.body for element in app.get("html"))
    assert "&lt;script&gt;" in bodies
    assert "**bold** $x^2$ {{ braces }} [a](b)" in bodies
    assert "<script" not in bodies
    assert "<img" not in bodies
    assert all("**bold**" not in element.value for element in app.markdown)


def test_painted_text_reads_as_the_text_and_holds_every_number() -> None:
    text = f"Sensors stand at 35 of 110 gates. {HOSTILE}"
    paints = [Paint(0, 33, "sentence"), Paint(17, 19, "figure", "35 gates", "f1"), Paint(23, 26, "figure")]
    painted = paint_text(text, paints)
    assert '<span class="figure">110</span>' in painted
    assert painted.index('class="sentence"') < painted.index('id="f1"')
    assert "<script" not in painted


def test_excerpt_is_the_paragraph_of_the_sentence() -> None:
    text = "1. (U) First one here.\n\n2. (U) Second one. It counts 4 gates.\n\n3. (U) Third."
    start = text.index("It counts")
    first, last = surrounding_text(text, start, start + 18)
    assert text[first:last] == "2. (U) Second one. It counts 4 gates."


def test_a_page_line_inside_a_sentence_is_painted_as_one() -> None:
    text = "FM AMEMBASSY ASTANA\n\n1. (C) On a usual\n\nASTANA 00009001  002 OF 002\n\n\nday 60 trucks arrive."
    start, end = text.index("On a"), len(text)
    shown = paint_text(text, [Paint(start, end, "sentence")], start, end)
    assert re.sub(r"\s+", " ", shown) == (
        '<span class="sentence">On a usual<span class="page-line"> ASTANA 00009001 002 OF 002 </span>'
        "day 60 trucks arrive.</span>"
    )


def test_page_shows_the_sentence_of_the_figure_in_its_address(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = data.read_facts(data.open_tables(folder), Filters(countries=("UZB",)), None, ("checkpoints_equipped",))
    fact = facts[~facts["derived"]].iloc[0]
    app = open_page("coverage", folder, monkeypatch, figure=str(fact["fact_id"]))
    said = words_of(app)
    assert '<span class="figure focus">27</span> gates of Uzbekistan.' in said
    assert "09TASHKENT803 · 20 August 2009 · TASHKENT · paragraph 2 · (U)" in said
    assert r"27 of 210 \(12.9%\)" in [button.label for button in app.button]


def test_a_computed_figure_shows_each_sentence_it_rests_on_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = data.read_facts(data.open_tables(folder), Filters(countries=("UZB",)), None, ("checkpoints_equipped",))
    fact = facts[facts["derived"]].iloc[0]
    said = words_of(open_page("coverage", folder, monkeypatch, figure=str(fact["fact_id"])))
    assert len(fact["observation_ids"]) > 1
    assert said.count('class="cable excerpt"') == len(fact["observation_ids"])


def test_a_brief_lists_every_figure_that_its_chart_draws(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page("country", folder, monkeypatch, country="Kazakhstan")
    table = next(one.proto.body for one in app.get("html") if '<table class="brief"' in one.proto.body)
    drawn = {trace_id for trace in spec_of(app)["data"] for trace_id in trace["customdata"]}
    facts = data.read_facts(data.open_tables(folder), Filters(countries=("KAZ",)), None)
    shown = facts[facts["fact_id"].isin(drawn)]
    assert set(shown["metric"]) == {"checkpoints_equipped", "checkpoints_total", "installations"}
    assert all(f"<td>{figure}</td>" in table for figure in fact_table(shown, str)["Figure"])


def test_rival_estimates_stand_side_by_side(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = data.read_facts(data.open_tables(folder), Filters(), None, ("funding",))
    rivals = facts[facts["conflict_group"].notna()]
    assert sorted(rivals["low"]) == [61e6, 66e6]
    lower = rivals[rivals["low"] == 61e6].iloc[0]
    app = open_page("funding", folder, monkeypatch, figure=str(lower["fact_id"]))
    said = words_of(app)
    assert "never averaged" in said
    assert "The values differ, and they were stated on different days." in said
    other = r"\$66 million · 2007 · as of 2009\-09\-07 · 09ALMATY802 para 1 · from World Bank"
    assert other in [button.label for button in app.button]


def test_the_panel_of_a_plan_says_what_came_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    courses = {"of": "customs courses", "period": "2009-05"}
    planned = Stated("training_events", "Five courses are planned.", "Five", 5, "KAZ", status="planned", **courses)
    held = Stated("training_events", "Four courses took place.", "Four", 4, "KAZ", **courses)
    corpus = (
        Telegram("09ALMATY811", date(2009, 4, 2), "SAMPLE: PLAN", "CONFIDENTIAL", (planned,)),
        Telegram("09ALMATY812", date(2009, 9, 7), "SAMPLE: COURSES", "CONFIDENTIAL", (held,)),
    )
    tables = write_small_tables(tmp_path / "tables", corpus)
    ids = {row["low"]: row["fact_id"] for row in data.open_tables(tables).read("facts").to_pylist()}
    app = open_page("training", tables, monkeypatch, figure=ids[5])
    assert "What came of this plan" in words_of(app)
    button = app.button(key=f"outcome-{ids[4]}")
    assert button.label.startswith(r"actual\: 4 events")
    button.click().run()
    assert "What came of this plan" not in words_of(app)
    assert "courses took place" in words_of(app)


def test_why_rivals_differ_is_said_in_words() -> None:
    def difference(*bounds: tuple[float | None, float | None], reason: str, period: str | None = None) -> str:
        rows = [{"low": low, "high": high, "period": None, "conflict_reason": reason} for low, high in bounds]
        return say_difference([*rows[:-1], {**rows[-1], "period": period}])

    assert difference((63, 63), (65, None), reason="value, bound") == "the values differ, and one is a lower bound"
    assert difference((None, 15), (15, 15), reason="bound") == "one is an upper bound"
    assert difference((10, 20), (10, 30), (10, 10), reason="bound") == "2 are ranges"
    assert difference((5, 5), (6, 6), reason="date", period="2008") == "they are for different periods"
    assert difference((5, 5), (6, 6), reason="speaker") == "different people are reported to say so"


def spec_of(app: AppTest) -> dict[str, Any]:
    """The figure of the page's first chart."""
    figure: dict[str, Any] = json.loads(app.get("plotly_chart")[0].proto.spec)
    return figure


def test_a_shared_address_shows_which_bar_its_figure_is(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = data.read_facts(data.open_tables(folder), Filters(), None, ("funding",))
    chosen = str(facts[facts["low"] == 61e6].iloc[0]["fact_id"])
    assert lit_in(open_page("funding", folder, monkeypatch, figure=chosen)) == {chosen}
    assert all("selectedpoints" not in trace for trace in spec_of(open_page("funding", folder, monkeypatch))["data"])


def lit_in(app: AppTest) -> set[str]:
    """The figures that the page's first chart draws as chosen."""
    traces = spec_of(app)["data"]
    return {trace["customdata"][at] for trace in traces for at in trace["selectedpoints"]}


def test_a_rival_chosen_in_the_panel_is_the_one_lit_in_the_chart(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = data.read_facts(data.open_tables(folder), Filters(), None, ("funding",))
    ids = {row.low: str(row.fact_id) for row in facts.itertuples()}
    app = open_page("funding", folder, monkeypatch, figure=ids[61e6])
    app.button(key=f"rival-{ids[66e6]}").click().run()
    assert lit_in(app) == {ids[66e6]}


def test_marks_that_are_not_chosen_stay_readable_and_totals_as_they_are(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = spec_of(open_page("coverage", folder, monkeypatch))["data"]
    traces = [trace for trace in drawn if trace.get("name") != "target"]
    facts = data.read_facts(data.open_tables(folder), Filters(), None, ("checkpoints_total",))
    totals = set(facts["fact_id"])
    faded = {name: trace["unselected"]["marker"]["opacity"] for trace in traces for name in trace["customdata"]}
    assert {faded[name] for name in totals} == {1}
    assert all(0.4 <= opacity < 1 for name, opacity in faded.items() if name not in totals)


def test_countries_stand_apart_or_together(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "xaxis2" in spec_of(open_page("installations", folder, monkeypatch))["layout"]
    assert "xaxis2" not in spec_of(open_page("installations", folder, monkeypatch, split="Together"))["layout"]
    assert "xaxis2" not in spec_of(open_page("installations", folder, monkeypatch, split="By thing"))["layout"]


def test_a_chart_of_too_many_figures_says_what_it_takes_and_what_to_do(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "MOST_DRAWN", 1)
    said = words_of(open_page("installations", folder, monkeypatch))
    assert "of 3 figures the chart takes the newest 1, stated since 20 August 2009" in said
    assert "Choose countries, years or a donor in the side bar" in said


def test_a_map_counts_every_figure_however_many_a_chart_draws(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "MOST_DRAWN", 1)
    trace = spec_of(open_page("installations", folder, monkeypatch, tab="Map"))["data"][0]
    assert trace["text"] == ["<b>Kazakhstan</b><br>2 figures", "<b>Uzbekistan</b><br>1 figure"]


def test_overview_names_the_largest_figure_of_each_field_and_shows_a_sentence(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("", folder, monkeypatch)
    labels = [button.label for button in app.button]
    assert "**Enforcement · Arrests** 12 people · smugglers · Uzbekistan · 2008" in labels
    assert any(label.startswith("**Funding** \\$66 million") for label in labels)
    assert 'class="sentence"' in words_of(app)


def test_the_largest_figure_is_so_among_those_of_one_rate() -> None:
    rates = [(150_000, "year", 100), (600, "day", 200), (400, "day", 300), (9_000, None, 400)]
    rows = [observation("traffic", low, per=per, unit="vehicle", start=start) for low, per, start in rates]
    facts = reconcile(*made_tables.tables(rows))
    (largest,) = summary.pick_largest(facts).values()
    assert [(row["low"], row["per"]) for row in facts.to_pylist() if row["fact_id"] == largest] == [(600, "day")]


def test_the_largest_figure_is_that_of_the_main_metric_of_its_field() -> None:
    rows = [
        *(observation("checkpoints_equipped", low, unit="checkpoint", start=100 * low) for low in (5, 28, 34)),
        *(observation("checkpoints_total", low, unit="checkpoint", start=low) for low in (900, 212)),
        *(observation("inspections", low, unit="inspection", start=10_000 * low) for low in (1, 2, 3)),
        *(observation("traffic", low, unit="truck", per="day", start=20_000 * low) for low in (10, 60)),
        observation("traffic", 600, unit="railcar", per="day", start=50),
        *(observation("seizures", low, unit="tablet", start=30_000 + low) for low in (6000, 9000)),
        observation("seizures", 400, unit="kilogram", start=70_000),
    ]
    facts = reconcile(*made_tables.tables(rows))
    said = {row["fact_id"]: (row["metric"], row["low"], row["unit"]) for row in facts.to_pylist()}
    assert {family: said[fact_id] for family, fact_id in summary.pick_largest(facts).items()} == {
        "coverage": ("checkpoints_total", 900, "checkpoint"),
        "traffic": ("traffic", 600, "railcar"),
        "enforcement": ("seizures", 400, "kilogram"),
    }


@pytest.mark.parametrize(
    ("widths", "longest"),
    [
        (review.QUEUE_WIDTHS, {"Cable": "09BUENOSAIRES1234"}),
        (overview.LISTED, {"Country": "Afghanistan", "Figure": "checkpoints", "As of": "2009-09-18"}),
        (overview.LISTED, {"Metric": max((word for one in METRICS.values() for word in one.title.split()), key=len)}),
        (overview.LISTED, {"Mark": "UNCLASSIFIED"}),
    ],
)
def test_no_word_of_a_narrow_table_is_cut(widths: dict[str, int], longest: dict[str, str]) -> None:
    for column, words in {**{name: name for name in widths}, **longest}.items():
        assert text_width(words, 14) + 16 <= widths[column], column


def test_a_table_shows_countries_and_places_whole(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = open_page("coverage", folder, monkeypatch, tab="Table").dataframe[0]
    widths = {name: column["width"] for name, column in json.loads(shown.proto.columns).items() if "width" in column}
    for name in ("Country", "Figure", "Of", "Status"):
        assert all(text_width(str(words), 14) + 16 <= widths[name] for words in [name, *shown.value[name]]), name


@pytest.mark.parametrize("address", ["", "review"])
def test_cells_of_a_narrow_table_break_their_words(address: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert open_page(address, folder, monkeypatch).dataframe[0].proto.row_height > 4 * 16


def test_a_table_begins_with_figure_and_year_and_repeats_no_metric(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    funding = open_page("funding", folder, monkeypatch, tab="Table").dataframe[0].value
    assert list(funding)[:6] == ["Country", "Figure", "Of", "Period", "Status", "Mark"]
    assert "Metric" in open_page("coverage", folder, monkeypatch, tab="Table").dataframe[0].value


def test_a_table_tells_computed_figures_and_unsure_readings(tables: data.Tables) -> None:
    facts = data.read_facts(tables, Filters(), None, ("checkpoints_equipped",))
    table = fact_table(facts, str)
    assert (table["Computed"] == "yes").tolist() == facts["derived"].tolist()
    facts["flags"] = [["unsure"], *([[]] * (len(facts) - 1))]
    assert [doubt for doubt in fact_table(facts, str)["Doubt"] if doubt] == ["unsure reading"]


@pytest.mark.parametrize(
    ("country", "metric", "figure", "said", "leads_to"),
    [
        ("UZB", "checkpoints_equipped", 27, "27 of 210 (12.9%)", ("share", 27 / 2.1)),
        ("KAZ", "installations", 6, "6 of 110 (5.5%)", ("level", 110)),
    ],
)
def test_a_share_is_written_the_same_in_chart_and_panel(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    country: str,
    metric: str,
    figure: float,
    said: str,
    leads_to: tuple[str, float],
) -> None:
    facts = data.read_facts(data.open_tables(folder), Filters((country,)), None)
    (chosen,) = facts[(facts["metric"] == metric) & (facts["high"] == figure)]["fact_id"]
    app = open_page("coverage", folder, monkeypatch, figure=chosen)
    (share,) = [button for button in app.button if button.key == "share-of-all"]
    assert share.label.replace("\\", "") == said
    assert any(said in words.get("text", "") for words in spec_of(app)["layout"]["annotations"])
    share.click().run()
    (shown,) = facts[facts["fact_id"] == app.query_params["figure"]].to_dict("records")
    assert (shown["kind"], round(shown["low"], 1)) == (leads_to[0], round(leads_to[1], 1))


def test_the_panel_tells_no_share_of_a_total_that_the_filters_keep_from_the_chart(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = data.read_facts(data.open_tables(folder), Filters(("KAZ",)), None, ("installations",))
    (chosen,) = facts[facts["high"] == 6]["fact_id"]
    app = open_page("coverage", folder, monkeypatch, figure=chosen, actor="USA")
    assert not any("6 of 110" in words.get("text", "") for words in spec_of(app)["layout"]["annotations"])
    assert not any(button.key == "share-of-all" for button in app.button)


def test_an_implausible_figure_leads_no_overview_and_says_so_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    misprint = Stated(
        "arrests", "Guards held 750,000,000,000 smugglers.", "750,000,000,000", 750e9, "UZB", of="smugglers"
    )
    folder = write_small_tables(tmp_path, (*CORPUS, replace(CORPUS[2], cable_id="09TASHKENT804", stated=(misprint,))))
    labels = [button.label for button in open_page("", folder, monkeypatch).button]
    assert "**Enforcement · Arrests** 12 people · smugglers · Uzbekistan · 2008" in labels
    facts = data.read_facts(data.open_tables(folder), Filters(), None, ("arrests",))
    doubted = facts[facts["low"] == 750e9].iloc[0]
    chosen = {"enforcement_metric": "Arrests", "figure": str(doubted["fact_id"])}
    assert "looks implausible" in words_of(open_page("enforcement", folder, monkeypatch, **chosen))
    assert fact_table(facts, str)["Doubt"].tolist().count("looks implausible") == 1


def test_search_finds_phrases_and_beginnings_and_takes_any_signs(tables: data.Tables) -> None:
    index = search.open_index(tables)
    assert [hit.cable_id for hit in search.search_cables(index, '"customs reform loan"', None)] == ["09ALMATY802"]
    assert {hit.cable_id for hit in search.search_cables(index, "detect*", None)} == {"09TASHKENT803"}
    assert {hit.cable_id for hit in search.search_cables(index, "detecting", None)} == {"09TASHKENT803"}
    assert search.search_cables(index, "NEAR( AND ' \" * -", None) == []
    assert "<script" not in search.search_cables(index, "braces", None)[0].snippet


def test_search_takes_a_number_as_one_word_however_it_is_written(tmp_path: Path) -> None:
    cut = "Seizures came to 324\n\nTASHKENT 00000807  002 OF 003\n\nkilos, worth $16.9 million, and 1,553,000.5 plants."
    apart = "On 12.05.2009 the 16 guards took 9 plants: 553 and 000."
    cables = [
        Telegram(name, CORPUS[2].day, f"SAMPLE: {name}", "UNCLASSIFIED", (), extra)
        for name, extra in (("09TASHKENT807", cut), ("09TASHKENT808", apart))
    ]
    index = search.open_index(data.open_tables(write_small_tables(tmp_path, (*CORPUS, *cables))))

    def found(words: str) -> list[str]:
        return [hit.cable_id for hit in search.search_cables(index, words, None)]

    for words in ("$16.9 million", "1553000.5", '"1,553,000.5 plants"', '"324 kilos"'):
        assert found(words) == ["09TASHKENT807"]
    assert found("16 plants") == found("2009 553") == ["09TASHKENT808"]
    shown = search.search_cables(index, "1553000.5 16.9", None)[0].snippet
    assert "$<mark>16.9</mark> million, and <mark>1,553,000.5</mark> plants." in shown


def test_search_finds_a_cable_whose_id_holds_a_number_with_a_point(tmp_path: Path) -> None:
    named = Telegram("report-3.1", CORPUS[2].day, "SAMPLE: report", "UNCLASSIFIED", (), "Guards took 9 plants.")
    index = search.open_index(data.open_tables(write_small_tables(tmp_path, (*CORPUS, named))))
    for words in ("report-3.1", "plants"):
        assert [hit.cable_id for hit in search.search_cables(index, words, None, ["report-3.1"])] == ["report-3.1"]


def test_search_tells_the_hits_it_lists_from_all_there_are(
    folder: Path, tables: data.Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert search.count_hits(search.open_index(tables), "gates", None) == 2
    assert "\n2 cables, best first." in words_of(open_page("evidence", folder, monkeypatch, q="gates"))
    limited = partial(search.search_cables, limit=1)
    monkeypatch.setattr(search, "MOST_HITS", 1)
    monkeypatch.setattr(search, "search_cables", limited)
    assert "\nThe first 1 of 2 cables, best first." in words_of(open_page("evidence", folder, monkeypatch, q="gates"))


def test_evidence_lists_and_searches_the_cables_that_the_side_bar_leaves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = Telegram("09TASHKENT806", CORPUS[2].day, "SAMPLE: NO FIGURES ON GATES", "UNCLASSIFIED", ())
    folder = write_small_tables(tmp_path, (*CORPUS, silent))

    def listed(**query: str) -> set[str]:
        app = open_page("evidence", folder, monkeypatch, **query)
        assert ("Kept by the side bar" in words_of(app)) is bool(set(query) - {"q"})
        return (
            {*app.dataframe[0].value["Cable"]}
            if "q" not in query
            else {link.proto.label for link in app.get("page_link")}
        )

    assert len(listed()) == 4
    assert listed(country="Uzbekistan") == {"09TASHKENT803", "09TASHKENT806"}
    assert listed(country="Uzbekistan", status="actual") == {"09TASHKENT803"}
    assert listed(actor="World Bank") == {"09ALMATY801", "09ALMATY802"}
    assert len(listed(q="gates")) == 3
    assert listed(q="gates", country="Kazakhstan") == {"09ALMATY801"}


def test_empty_results_say_what_to_do(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Remove a choice in the side bar" in words_of(open_page("traffic", folder, monkeypatch))
    assert "Try fewer words" in words_of(open_page("evidence", folder, monkeypatch, q="unheard-of"))
    assert "no figure 0000" in words_of(open_page("evidence", folder, monkeypatch, figure="0000"))


def test_tables_without_rows_or_with_one_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = write_small_tables(tmp_path / "empty", ())
    one = write_small_tables(tmp_path / "one", (CORPUS[1],))
    for address in ADDRESSES:
        open_page(address, one, monkeypatch)
        open_page(address, empty, monkeypatch)
    assert "Add some on the page Add cables" in words_of(open_page("", empty, monkeypatch))


def test_missing_and_outdated_tables_name_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "build them: python -m metrics build" in words_of(open_page("", tmp_path, monkeypatch))
    write_small_tables(tmp_path)
    (tmp_path / "manifest.json").write_text('{"format": 0}', encoding="utf-8")
    assert "rebuild them: python -m metrics build" in words_of(open_page("", tmp_path, monkeypatch))


def test_files_hold_the_rows_shown_and_their_meaning(tables: data.Tables) -> None:
    chosen = Filters(countries=("KAZ",))
    facts = exports.read_rows(tables, chosen, None, ("funding",))
    rows = list(csv.DictReader(io.StringIO(exports.csv_bytes(facts).decode())))
    assert sorted(float(row["low"]) for row in rows) == sorted(facts["low"])
    assert pq.read_table(io.BytesIO(exports.parquet_bytes(facts))).num_rows == len(facts)
    meaning = exports.metadata(facts, chosen, ("funding",))
    assert meaning["metrics"][0]["definition"].startswith("Money for border security")
    assert {column["name"] for column in meaning["columns"]} == set(rows[0])


def test_a_row_taken_along_has_its_sentence_the_banner_and_whether_it_is_a_sample(tables: data.Tables) -> None:
    facts = exports.read_rows(tables, Filters(), None, ("installations",))
    rows = list(csv.DictReader(io.StringIO(exports.csv_bytes(facts).decode())))
    assert {row["banner"] for row in rows} == {"CONFIDENTIAL"}
    assert {row["sample"] for row in rows} == {"True"}
    (six,) = [row for row in rows if row["low"] == "6.0"]
    assert six["sentences"] == "Engineers fitted sensors at six gates in 2008."
    marks = data.allowed_marks(data.read_choices(tables), "UNCLASSIFIED")
    shown = exports.read_rows(tables, Filters(), marks)
    assert set(shown["banner"]) == {"UNCLASSIFIED"}
    hidden = {sentence for one in CORPUS for sentence in (said.sentence for said in one.stated if said.marking == "C")}
    assert not any(sentence in row for row in shown["sentences"] for sentence in hidden)


def test_rows_taken_along_read_of_the_figures_behind_them_only_mark_and_sentence(
    tables: data.Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {row["observation_id"]: row["sentence"] for row in tables.read("observations").to_pylist()}
    asked = []
    read_table = data.read_table

    def noting(folder: Path, name: str, columns: Any, where: Any) -> Any:
        asked.append((name, columns))
        return read_table(folder, name, columns, where)

    monkeypatch.setattr(data, "read_table", noting)
    rows = exports.read_rows(tables, Filters(), None)
    assert [columns for name, columns in asked if name == "observations"] == [["observation_id", "marking", "sentence"]]
    assert any(len(ids) > 1 for ids in rows["observation_ids"])
    for ids, sentences in zip(rows["observation_ids"], rows["sentences"], strict=True):
        assert sentences == " | ".join(dict.fromkeys(said[one] for one in ids))
    assert exports.read_rows(tables, Filters(countries=("ZZZ",)), None).empty


def test_files_are_called_by_what_they_show() -> None:
    costa_rica = Filters(countries=("CRI",))
    assert exports.name_view("Arrests", costa_rica) == "arrests-costa-rica"
    assert exports.name_view("Seizures", replace(costa_rica, of="cocaine", until=2009)) != exports.name_view(
        "Seizures", costa_rica
    )
    assert exports.name_view("Arrests", Filters(countries=("CIV",))) == "arrests-ivory-coast"
    assert exports.name_view("Arrests", Filters(countries=("CRI", "CIV", "KAZ", "UZB"))) == "arrests-4-countries"


@pytest.mark.parametrize("suffix", [".pptx", ".xlsx", ".html"])
def test_briefing_files_hold_only_rows_that_may_be_shown(tables: data.Tables, suffix: str) -> None:
    marks = data.allowed_marks(data.read_choices(tables), "UNCLASSIFIED")
    spec = ChartSpec("timeline", metrics=("installations",))
    assert exports.chart_file(tables, Filters(), marks, spec, suffix)
    page = exports.chart_file(tables, Filters(), marks, spec, ".html").decode()
    assert "Uzbekistan" in page
    assert "Kazakhstan" not in page.split("<table")[1]


def test_a_briefing_file_takes_title_format_and_resolution(tables: data.Tables) -> None:
    spec = ChartSpec("timeline", metrics=("installations",), title="Monitors on the southern line")
    page = exports.chart_file(tables, Filters(), None, spec, ".html", size="square").decode()
    assert "Monitors on the southern line" in page
    picture = exports.chart_file(tables, Filters(), None, spec, ".png", size="square", scale=2)
    width, height = (int.from_bytes(picture[start : start + 4], "big") for start in (16, 20))
    assert (width, height) == (2 * SIZES["square"].width, 2 * SIZES["square"].height)


def test_csv_cells_are_no_formulas(tables: data.Tables) -> None:
    facts = data.read_facts(tables, Filters(), None, ("funding",)).assign(of="=HYPERLINK(1)")
    assert all(row["of"] == "'=HYPERLINK(1)" for row in csv.DictReader(io.StringIO(exports.csv_bytes(facts).decode())))


NEW_CABLE = b"""R 010900Z JUN 09
FM AMEMBASSY ASTANA
UNCLAS ASTANA 000777

SUBJECT: SAMPLE: A NEW BRIDGE POST

1. (U) In 2009 the United States installed radiation portal monitors at 14 border crossings in Kazakhstan.
"""


def test_cables_are_added_whole_and_kept_for_the_next_build(tmp_path: Path) -> None:
    tables = data.open_tables(write_small_tables(tmp_path))
    before = data.read_facts(tables, Filters(), None)
    reading = adding.read_given([adding.Given("new.txt", NEW_CABLE)], {})
    assert [row["low"] for row in reading.rows["observations"]] == [14]
    adding.add_reading(tables, reading)
    after = data.open_tables(tmp_path)
    assert after.build_id != tables.build_id
    assert len(data.read_facts(after, Filters(countries=("UZB",)), None)) == (before["country"] == "UZB").sum()
    assert 14 in data.read_facts(after, Filters(countries=("KAZ",)), None, ("installations",))["low"].tolist()
    assert [path.read_bytes() for path in (tmp_path / "added").iterdir()] == [NEW_CABLE]


def test_two_who_add_the_same_cable_at_once_add_it_once(tmp_path: Path) -> None:
    tables = data.open_tables(write_small_tables(tmp_path))
    other = NEW_CABLE.replace(b"000777", b"000779")
    first = adding.read_given([adding.Given("new.txt", NEW_CABLE)], {})
    second = adding.read_given([adding.Given("new.txt", NEW_CABLE), adding.Given("other.txt", other)], {})
    adding.add_reading(tables, first)
    assert {row["cable_id"] for row in adding.add_reading(tables, second)["cables"]} == {"09ASTANA779"}
    once = data.open_tables(tmp_path)
    assert adding.add_reading(tables, first)["cables"] == []
    after = data.open_tables(tmp_path)
    assert after.build_id == once.build_id
    for table, column in (("cables", "cable_id"), ("observations", "observation_id"), ("facts", "fact_id")):
        ids = after.read(table, [column])[column].to_pylist()
        assert len(ids) == len(set(ids)), table


SECRET_CABLE = """R 010900Z JUN 09
FM AMEMBASSY ASTANA
S E C R E T ASTANA 000778

SUBJECT: SAMPLE: A SECRET BRIDGE POST

1. (S) In 2009 the United States installed radiation portal monitors at 15 border crossings in Kazakhstan.
"""


def banners_of(app: AppTest) -> list[str]:
    """The words of the page's banners, from top to bottom."""
    return re.findall(r'role="note"[^>]*>([^<]*)<', words_of(app))


def press(app: AppTest, label: str) -> AppTest:
    """Press the button of this label and draw the page that follows."""
    next(button for button in app.button if button.label == label).click()
    app.run()
    assert not app.exception, app.exception
    return app


def test_banner_marks_a_pasted_cable_while_anything_of_it_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("add", write_small_tables(tmp_path), monkeypatch)
    assert banners_of(app) == ["NOTHING FROM CABLES SHOWN"] * 2
    app.text_area(key="pasted").input(SECRET_CABLE)
    assert banners_of(press(app, "Read")) == ["SECRET"] * 2
    press(app, "Add to the tables")
    assert any("15 sites" in link.proto.label for link in app.get("page_link"))
    assert banners_of(app) == ["SECRET"] * 2
    assert app.text_area(key="pasted").value == ""
    app.text_area(key="pasted").input(SECRET_CABLE)
    assert "in the tables already" in str(press(app, "Read").dataframe[0].value.to_dict())
    assert banners_of(app) == ["SECRET"] * 2


def test_a_discarded_cable_leaves_the_page(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page("add", folder, monkeypatch)
    app.text_area(key="pasted").input(SECRET_CABLE)
    press(press(app, "Read"), "Discard")
    assert app.text_area(key="pasted").value == ""
    assert banners_of(app) == ["NOTHING FROM CABLES SHOWN"] * 2


def test_what_cannot_be_added_is_told_for_each_file() -> None:
    given = [
        adding.Given("again.txt", NEW_CABLE),
        adding.Given("empty.txt", b""),
        adding.Given("picture.png", b"\x89PNG"),
        adding.Given("nameless.txt", b"1. (U) They installed monitors at 14 border crossings in Kazakhstan.\n"),
    ]
    body = body_sha256(read_cable(NEW_CABLE.decode(), name="09ASTANA777"))
    reading = adding.read_given(given, {"09ASTANA777": body})
    assert [row["cable_id"] for row in reading.rows["cables"]] == ["nameless"]
    told = {(problem.where.split(":")[0], problem.what.split(":")[0]) for problem in reading.problems}
    assert ("again.txt", "cable 09ASTANA777 is in the tables already") in told
    assert ("nameless.txt", "no reference id") in told
    assert {"empty.txt", "picture.png"} <= {name for name, _ in told}


def test_another_text_under_the_number_of_a_cable_is_told_and_the_stored_one_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("add", write_small_tables(tmp_path), monkeypatch)
    app.text_area(key="pasted").input(SECRET_CABLE)
    press(press(app, "Read"), "Add to the tables")
    for text, told, fix in (
        (SECRET_CABLE.replace("15 border crossings in", "15 border\n crossings in"), "is in the tables", "Nothing"),
        (
            SECRET_CABLE.replace("at 15", "at 25"),
            "another text stands under the number 09ASTANA778",
            "build the tables",
        ),
    ):
        app.text_area(key="pasted").input(text)
        (row,) = press(app, "Read").dataframe[0].value.to_dict("records")
        assert told in row["What"]
        assert fix in row["What to do"]
    assert "at 15" in str((data.read_cable(data.open_tables(tmp_path), "09ASTANA778") or {})["text"])


def test_a_decision_changes_the_facts_and_taking_it_back_restores_them(tmp_path: Path) -> None:
    tables = data.open_tables(write_small_tables(tmp_path))
    figure = data.read_observation(tables, "09TASHKENT803-3")
    assert figure is not None
    rejected = review_figure("reject", figure, "A. Reader", "it is a plan")
    undone = withdraw_review(rejected, "A. Reader", "it is not")

    def installations(reviews: list[Review]) -> list[float]:
        held = reviewing.with_reviews(tables, reviews)
        return data.read_facts(held, Filters(countries=("UZB",)), None, ("installations",))["low"].tolist()

    assert installations([]) == [3]
    assert installations([rejected]) == []
    assert installations([rejected, undone]) == [3]


def test_queue_puts_rivals_first_and_leaves_out_what_is_decided(tmp_path: Path) -> None:
    tables = data.open_tables(write_small_tables(tmp_path))
    queue = reviewing.make_queue(tables, Filters(), None, [])
    assert {doubt.observation_id for doubt in queue.doubts[:2]} == {"09ALMATY801-6", "09ALMATY802-1"}
    figure = data.read_observation(tables, "09ALMATY801-6")
    assert figure is not None
    reviews = [review_figure("accept", figure, "A. Reader")]
    after = reviewing.make_queue(reviewing.with_reviews(tables, reviews), Filters(), None, reviews)
    assert (after.decided, after.total) == (1, queue.total)
    assert "09ALMATY801-6" not in {doubt.observation_id for doubt in after.doubts}


def test_why_a_figure_waits_quotes_none_above_the_ceiling(tmp_path: Path) -> None:
    whole, part, *_ = CORPUS[2].stated
    secret = replace(whole, sentence="There are 20 gates in all.", number="20", low=20, marking="S")
    tables = data.open_tables(write_small_tables(tmp_path, (replace(CORPUS[2], stated=(part, secret)),)))

    def why(marks: tuple[str, ...] | None) -> dict[str, tuple[str, str | None]]:
        doubts = reviewing.make_queue(tables, Filters(), marks, []).doubts
        return {doubt.observation_id: (" ".join(doubt.reasons), doubt.marking) for doubt in doubts}

    reasons, marking = why(None)["09TASHKENT803-1"]
    assert "more equipped than there are" in reasons
    assert marking == "S"
    reasons, marking = why(data.allowed_marks(data.read_choices(tables), "UNCLASSIFIED"))["09TASHKENT803-1"]
    assert "20" not in reasons
    assert marking is None


@pytest.fixture
def reviewed_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Path, str]]:
    """Tables to decide on, and the URL of the decisions."""
    url = f"sqlite:///{tmp_path / 'reviews.sqlite'}"
    monkeypatch.setenv("BORDER_METRICS_REVIEWS", url)
    all_reviews.clear()
    yield write_small_tables(tmp_path / "tables"), url
    all_reviews.clear()


def asked_why(app: AppTest) -> TextInput:
    """The box for the reason of the next decision."""
    return next(box for box in app.text_input if box.label == "Why")


def test_a_reason_goes_over_to_no_other_figure_and_no_other_decision(
    reviewed_site: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, url = reviewed_site
    app = open_page("review", folder, monkeypatch)
    app.text_input(key="reviewer").input("A. Reader")
    asked_why(app).input("it is a plan").run()
    press(app, "Reject")
    assert asked_why(app).value == ""
    press(app, "Accept")
    asked_why(app).input("it was none").run()
    press(app, "Undo my last decision")
    assert asked_why(app).value == ""
    asked_why(app).input("of this one alone").run()
    press(app, "Next")
    assert asked_why(app).value == ""
    made = [(review.decision, review.reason) for review in reviewing.review_store(url).reviews()]
    assert made == [("reject", "it is a plan"), ("accept", ""), ("withdraw", "it was none")]


def test_a_reason_typed_just_before_the_click_counts(
    reviewed_site: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, url = reviewed_site
    app = open_page("review", folder, monkeypatch)
    app.text_input(key="reviewer").input("A. Reader")
    asked_why(app).input("it is a plan")
    assert "needs a reason" not in words_of(press(app, "Reject"))
    asked_why(app).input("it was none")
    press(app, "Undo my last decision")
    made = [(review.author, review.decision, review.reason) for review in reviewing.review_store(url).reviews()]
    assert made == [("A. Reader", "reject", "it is a plan"), ("A. Reader", "withdraw", "it was none")]


def test_undo_says_what_it_took_back_and_goes_to_that_figure(
    reviewed_site: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("review", reviewed_site[0], monkeypatch, figure="09ALMATY801-2")

    def undo_help() -> str:
        return str(next(button for button in app.button if button.label == "Undo my last decision").help)

    assert "Give your name" in undo_help()
    app.text_input(key="reviewer").input("A. Reader").run()
    assert "No decision under this name" in undo_help()
    press(app, "Accept")
    assert app.query_params["figure"] != "09ALMATY801-2"
    press(app, "Undo my last decision")
    assert app.query_params["figure"] == "09ALMATY801-2"
    assert any("Taken back: accept: Checkpoints equipped: 35" in one.value.replace("\\", "") for one in app.success)


@pytest.mark.parametrize("decision", ["accept", "correct", "reject"])
def test_a_decision_made_without_seeing_that_of_another_is_refused_and_shows_it(
    reviewed_site: tuple[Path, str], monkeypatch: pytest.MonkeyPatch, decision: str
) -> None:
    folder, url = reviewed_site
    app = open_page("review", folder, monkeypatch, figure="09TASHKENT803-3")
    app.text_input(key="reviewer").input("A. Reader").run()
    figure = data.read_observation(data.open_tables(folder), "09TASHKENT803-3")
    assert figure is not None
    changed = {"low": 5, "high": 5} if decision == "correct" else None
    others = review_figure(decision, figure, "B. Other", "as the annex has it", changed)
    reviewing.review_store(url).record(others)
    press(app, "Accept")
    assert "B. Other has decided on this figure meanwhile" in words_of(app).replace("\\", "")
    assert reviewing.review_store(url).reviews() == [others]
    if decision != "reject":
        assert f"Decided on by B. Other: {decision}, as the annex has it." in words_of(app)
        press(app, "Accept")
        assert [review.author for review in reviewing.review_store(url).reviews()] == ["B. Other", "A. Reader"]


def test_a_correction_is_chosen_in_the_words_of_the_app(
    reviewed_site: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, url = reviewed_site
    app = open_page("review", folder, monkeypatch, figure="09TASHKENT803-3")
    app.text_input(key="reviewer").input("A. Reader")
    asked_why(app).input("misread").run()
    field = "correct-09TASHKENT803-3"
    assert {"sites", "people", "US dollars"} <= set(app.selectbox(key=f"{field}-unit").options)
    assert app.selectbox(key=f"{field}-country").options[0] == "not named"
    assert {"IOM", "WCO", "World Bank", "Norway"} <= set(app.multiselect(key=f"{field}-actor").options)
    app.selectbox(key=f"{field}-unit").select("item")
    app.selectbox(key=f"{field}-country").select("MEX")
    app.multiselect(key=f"{field}-actor").set_value(["USA", "NOR"])
    press(app, "Record the correction")
    (made,) = reviewing.review_store(url).reviews()
    assert made.correction == {"unit": "item", "country": "MEX", "actor": "USA, NOR"}


def test_an_address_of_a_figure_that_is_not_there_shows_the_first_that_waits(
    reviewed_site: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("review", reviewed_site[0], monkeypatch, figure="nowhere")
    said = words_of(app)
    assert "No figure nowhere can be shown" in said
    assert "No figure waits for review" not in said
    assert {"Accept", "Reject"} <= {button.label for button in app.button}


def test_a_country_whose_last_figure_is_rejected_can_still_be_chosen(
    reviewed_site: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, url = reviewed_site
    rows = data.read_cable_rows(data.open_tables(folder), "observations", "09TASHKENT803", None)
    reviewing.review_store(url).record(*(review_figure("reject", row, "A. Reader", "a draft") for row in rows))
    app = open_page("review", folder, monkeypatch, country="UZB")
    assert not app.exception
    assert app.get("progress")[0].proto.text == "4 of 4 figures decided on"
    assert "No figure waits for review" in words_of(app)


def test_a_number_that_is_a_figure_already_is_not_added_anew(
    reviewed_site: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, url = reviewed_site
    app = open_page("review", folder, monkeypatch)
    app.text_input(key="reviewer").input("A. Reader")
    asked_why(app).input("missed").run()
    for key, words in (("cable", "09TASHKENT803"), ("words", "There are 210 gates"), ("number", "210"), ("low", "210")):
        app.text_input(key=f"add-{key}").input(words)
    app.selectbox(key="add-metric").select("checkpoints_total")
    app.selectbox(key="add-unit").select("checkpoint")
    press(app, "Record the addition")
    assert "is a figure already, which can be corrected: Checkpoints: 210" in words_of(app).replace("\\", "")
    assert reviewing.review_store(url).reviews() == []


def test_other_filters_show_the_first_figure_that_waits_under_them(
    reviewed_site: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("review", reviewed_site[0], monkeypatch, figure="09ALMATY801-5", country="UZB")
    assert "$700,000" in words_of(app)
    app.multiselect(key="country").set_value(["KAZ", "UZB"]).run()
    assert "figure" not in app.query_params
    assert "$700,000" not in words_of(app)


def test_a_figure_asked_for_again_is_shown_though_the_filters_changed_on_another_page(
    reviewed_site: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("review", reviewed_site[0], monkeypatch, figure="09ALMATY801-5", country="UZB")
    app._page_hash = calc_hash("funding")
    app.query_params.clear()
    app.run()
    app.multiselect(key="country").set_value(["KAZ", "UZB"]).run()
    app._page_hash = calc_hash("review")
    app.query_params["figure"] = "09ALMATY801-5"
    app.run()
    assert not app.exception, app.exception
    assert "figure" in app.query_params
    assert "$700,000" in words_of(app)


def test_decisions_above_the_ceiling_are_not_shown_and_those_shown_raise_the_banner(
    reviewed_site: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, url = reviewed_site
    tables = data.open_tables(folder)
    for name in ("09TASHKENT803-3", "09ALMATY801-5"):  # U, and then C
        figure = data.read_observation(tables, name)
        assert figure is not None
        reviewing.review_store(url).record(review_figure("accept", figure, "A. Reader"))

    def open_as(reader: str, **query: str) -> tuple[str, str | None, bool]:
        app = open_page("review", folder, monkeypatch, **query)
        app.text_input(key="reviewer").input(reader).run()
        undo = next(button for button in app.button if button.label == "Undo my last decision")
        listed = [text for frame in app.dataframe if "State" in frame.value for text in frame.value["Figure"]]
        return words_of(app) + " ".join(listed), undo.help, undo.disabled

    said, about, disabled = open_as("A. Reader")
    assert "$700,000" in said
    assert "700,000" in (about or "")
    assert not disabled
    assert ">CONFIDENTIAL<" in said
    said, about, disabled = open_as("A. Reader", marking="UNCLASSIFIED")
    assert "700,000" not in said + (about or "")
    assert "above the mark chosen" in (about or "")
    assert disabled
    assert ">UNCLASSIFIED<" in said


def test_what_a_decision_tells_raises_the_banner(
    reviewed_site: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("review", reviewed_site[0], monkeypatch, figure="09ALMATY801-5", country="UZB")
    app.text_input(key="reviewer").input("A. Reader").run()
    press(app, "Accept")
    assert "700,000" in app.success[0].value
    assert ">CONFIDENTIAL<" in words_of(app)


@pytest.mark.parametrize(
    ("decision", "correction"),
    [("reject", None), ("correct", {"country": "MEX"}), ("correct", {"period": "1998"})],
)
def test_a_figure_that_a_decision_takes_out_counts_as_decided_and_the_total_stays(
    tmp_path: Path, decision: str, correction: dict[str, str] | None
) -> None:
    tables = data.open_tables(write_small_tables(tmp_path))
    figure = data.read_observation(tables, "09TASHKENT803-3")
    assert figure is not None
    reviews = [review_figure(decision, figure, "A. Reader", "misread", correction)]
    held = reviewing.with_reviews(tables, reviews)

    def count(**chosen: Any) -> tuple[int, int]:
        queue = reviewing.make_queue(held, Filters(**chosen), None, reviews)
        return queue.decided, queue.total

    assert count() == (1, reviewing.make_queue(tables, Filters(), None, []).total)
    assert count(countries=("UZB",), since=2008) == (1, 4)
    assert count(countries=("KAZ",)) == (0, 7)


def test_a_decision_on_a_figure_that_is_read_otherwise_since_counts_no_longer_and_the_figure_waits_first(
    tmp_path: Path,
) -> None:
    figure = data.read_observation(data.open_tables(write_small_tables(tmp_path)), "09TASHKENT803-3")
    assert figure is not None
    reviews = [review_figure("accept", figure, "A. Reader")]
    first, second, third, last = CORPUS[2].stated
    rebuilt = replace(CORPUS[2], stated=(first, second, replace(third, period="2007"), last))
    tables = data.open_tables(write_small_tables(tmp_path, (*CORPUS[:2], rebuilt)))
    queue = reviewing.make_queue(reviewing.with_reviews(tables, reviews), Filters(countries=("UZB",)), None, reviews)
    assert (queue.decided, queue.total) == (0, 4)
    assert queue.doubts[0].observation_id == "09TASHKENT803-3"
    assert queue.doubts[0].reasons == ("it is not what A. Reader decided on any more",)


def test_a_copy_that_a_decision_holds_of_counts_as_decided(tmp_path: Path) -> None:
    copy = replace(CORPUS[2], cable_id="09TASHKENT999")
    tables = data.open_tables(write_small_tables(tmp_path, (CORPUS[2], copy), body="one"))
    figure = data.read_observation(tables, "09TASHKENT803-3")
    assert figure is not None
    for decision in ("accept", "reject"):
        reviews = [review_figure(decision, figure, "A. Reader", "it is so")]
        queue = reviewing.make_queue(reviewing.with_reviews(tables, reviews), Filters(), None, reviews)
        assert (queue.decided, queue.total) == (2, 8)
        assert not {"09TASHKENT803-3", "09TASHKENT999-3"} & {doubt.observation_id for doubt in queue.doubts}


def ask(host: str = "127.0.0.1:8501", client: str = "127.0.0.1", **parameters: str | list[str]) -> Response:
    """What the endpoint answers."""
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/api/facts",
        "query_string": urlencode(parameters, doseq=True).encode(),
        "headers": [(b"host", host.encode())],
        "client": (client, 50000),
    }
    return answer_facts(Request(scope))


def test_endpoint_takes_the_parameters_of_a_page(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BORDER_METRICS_DATA", str(folder))
    body = json.loads(ask(metric="installations", country="Kazakhstan").body)
    assert {(row["period"], row["low"], row["cables"][0]) for row in body["facts"]} == {
        ("2008", 6, "09ALMATY801 para 3"),
        ("2009", 4, "09ALMATY801 para 4"),
    }
    assert body["classification"] == "CONFIDENTIAL"
    shown = json.loads(ask(metric="funding", actor="World Bank", unit="US dollars", tab="Table", figure="f").body)
    assert {row["actor"] for row in shown["facts"]} == {"World Bank"}
    text = ask(country="UZB", marking="UNCLASSIFIED", format="csv")
    assert text.headers["X-Classification"] == "UNCLASSIFIED"
    empty = json.loads(ask(metric="installations", country="UZB", **{"from": "2010"}).body)
    assert (empty["facts"], empty["classification"]) == ([], "NOTHING FROM CABLES SHOWN")
    assert {row["marking"] for row in csv.DictReader(io.StringIO(bytes(text.body).decode()))} == {"U"}


def test_endpoint_takes_a_format_in_capitals_and_empty_parameters_as_not_asked(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BORDER_METRICS_DATA", str(folder))
    assert ask(format="CSV").headers["content-type"] == "text/csv; charset=utf-8"
    assert ask(metric="", country="", format="").body == ask().body


def test_endpoint_refuses_what_it_does_not_know_and_other_hosts(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BORDER_METRICS_DATA", str(folder))
    refused = ask(contry="KAZ")
    assert refused.status_code == 400
    assert "unknown parameter 'contry'" in json.loads(refused.body)["error"]
    assert ask(**{"from": "0000"}).status_code == 400
    assert ask(host="evil.example").status_code == 403


@pytest.mark.parametrize(
    ("client", "status"),
    [
        *(("127.0.0.1", 200), ("::1", 200), ("::ffff:127.0.0.1", 200)),
        *(("203.0.113.9", 403), ("::ffff:203.0.113.9", 403), ("2001:db8::1", 403), ("unknown", 403)),
    ],
)
def test_endpoint_answers_this_machine_alone_whatever_host_it_is_asked_for(
    client: str, status: int, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BORDER_METRICS_DATA", str(folder))
    assert ask(host="localhost", client=client).status_code == status


@pytest.mark.parametrize(("ceiling", "shown"), [(None, True), ("SENSITIVE BUT UNCLASSIFIED", False), ("SECRET", True)])
def test_a_portion_above_the_limit_hides_its_whole_cable(ceiling: str | None, shown: bool, tables: data.Tables) -> None:
    text = "UNCLAS ASTANA 000123\nSUBJECT: POSTS\n\n1. (U) Customs closed 3 posts.\n\n2. (S) Guards left 2.\nHOAGLAND\n"
    row = cable_row(read_cable(text, name="09ASTANA123"))
    assert (row["classification"], row["highest_mark"]) == ("UNCLASSIFIED", "S")
    frame = Frame(tables, data.read_choices(tables), Filters(marking=ceiling), None, {})
    assert frame.may_show(row["highest_mark"]) is shown


def test_neither_text_list_nor_search_shows_a_cable_with_a_portion_above_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    portion = replace(CORPUS[2].stated[3], marking="S")
    secret = replace(CORPUS[2], cable_id="09TASHKENT805", stated=(*CORPUS[2].stated[:3], portion))
    folder = write_small_tables(tmp_path, (*CORPUS, secret))
    chosen = {"marking": "SENSITIVE BUT UNCLASSIFIED", "cable": "09TASHKENT805"}
    said = words_of(open_page("evidence", folder, monkeypatch, **chosen))
    assert "above the mark chosen" in said
    assert "Guards held 12 smugglers" not in said
    assert ">SECRET<" in words_of(open_page("evidence", folder, monkeypatch, cable="09TASHKENT805"))
    tables = data.open_tables(folder)
    marks = data.allowed_marks(data.read_choices(tables), "SENSITIVE BUT UNCLASSIFIED")
    assert data.read_cable_list(tables, marks)["cable_id"].tolist() == ["09TASHKENT803"]
    hits = search.search_cables(search.open_index(tables), "gates", marks)
    assert [hit.cable_id for hit in hits] == ["09TASHKENT803"]


def test_a_width_told_after_its_page_was_left_changes_nothing() -> None:
    late = "from metrics.views import components as page\npage.st.button('Late', on_click=page._keep_room)"
    app = AppTest.from_string(late).run()
    app.button[0].click().run()
    assert not app.exception
    assert "room" not in app.session_state
