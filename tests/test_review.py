"""Reviews: recorded once and for all, applied to what they were made on, flagged where it changed."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from click.testing import CliRunner
from made_tables import cable, observation, tables

from metrics.__main__ import main
from metrics.catalog import METRICS
from metrics.evaluate import evaluate
from metrics.reconcile import reconcile
from metrics.review import (
    ReviewError,
    ReviewStore,
    add_figure,
    apply_reviews,
    applying,
    exchange,
    export_reviews,
    import_reviews,
    judge_reviews,
    open_reviews,
    read_decisions,
    review_figure,
    review_tables,
    reviewed_gold,
    reviewed_predictions,
    withdraw_review,
)
from metrics.review.store import HEAD, METADATA, MIGRATIONS
from metrics.review.terms import takes_unit

ROOT = Path(__file__).resolve().parents[1]
POSTGRES_FOLDERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
TEXT = """UNCLAS ASTANA 000001
SUBJECT: SAMPLE - a made-up cable

1. (SBU) Summary. Inspectors opened 31 crossings in spring. Guards searched 400 trucks a day there.

2. (C) The ministry bought 12 scanners for the northern posts. It paid two million dollars for them.
"""


def trained(low: float = 30, **given: Any) -> dict[str, Any]:
    return observation("people_trained", low, **{"of": "customs officers", **given})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ReviewStore]:
    opened = open_reviews(tmp_path / "reviews.sqlite")
    yield opened
    opened.close()


def states(observations: Any, reviews: Any) -> list[str]:
    return [one.state for one in judge_reviews(observations, reviews)]


# Decisions


def test_accept_leaves_the_figure_and_marks_it() -> None:
    rows, _ = tables([trained()])
    after = apply_reviews(rows, [review_figure("accept", rows.to_pylist()[0], "Ann")]).to_pylist()
    assert [(row["low"], row["flags"]) for row in after] == [(30, ["accepted_in_review"])]


def test_reject_removes_the_figure_from_the_facts() -> None:
    rows, cables = tables([trained(), trained(55, start=200)])
    wrong = rows.to_pylist()[0]
    after = apply_reviews(rows, [review_figure("reject", wrong, "Ann", "a page number")])
    assert [row["low"] for row in reconcile(after, cables).to_pylist()] == [55]


def test_correct_changes_the_named_fields_only() -> None:
    rows, _ = tables([trained(period="2008", status="planned")])
    review = review_figure("correct", rows.to_pylist()[0], "Ann", "it is a floor", {"high": None, "period": "2007-03"})
    after = apply_reviews(rows, [review]).to_pylist()[0]
    assert (after["low"], after["high"], after["value"], after["status"]) == (30, None, None, "planned")
    assert (after["period"], after["period_start"]) == ("2007-03", date(2007, 3, 1))
    assert after["period_end"] == date(2007, 3, 31)
    assert after["flags"] == ["corrected_in_review"]


def test_added_figure_takes_paragraph_mark_and_sentence_from_the_text() -> None:
    rows, cables = tables([trained()], [cable("09ASTANA1", text=TEXT)])
    start = TEXT.index("12 scanners")
    fields = {"metric": "equipment", "unit": "item", "low": 12, "high": 12, "of": "scanners", "country": "KAZ"}
    review = add_figure(cables.to_pylist()[0], start, start + 2, fields, "Ann", "missed")
    added = apply_reviews(rows, [review]).to_pylist()[-1]
    assert (added["value_text"], added["paragraph"], added["marking"], added["value"]) == ("12", 2, "C", 12)
    assert added["sentence"] == "The ministry bought 12 scanners for the northern posts."
    assert TEXT[added["start"] : added["end"]] == added["value_text"]
    assert added["flags"] == ["added_in_review"]
    facts = reconcile(apply_reviews(rows, [review]), cables).to_pylist()
    assert {row["reviewed"] for row in facts if row["metric"] == "equipment"} == {"added"}


@pytest.mark.parametrize(
    ("decision", "author", "reason", "correction", "message"),
    [
        ("approve", "Ann", "x", None, "choose accept, reject or correct"),
        ("reject", "Ann", " ", None, "needs a reason"),
        ("accept", "  ", "", None, "name of who decides"),
        ("correct", "Ann", "x", None, "names the fields"),
        ("accept", "Ann", "x", {"low": 3}, "names the fields"),
        ("correct", "Ann", "x", {"speaker": "B"}, "no field"),
        ("correct", "Ann", "x", {"metric": "trainings"}, "is unknown"),
        ("correct", "Ann", "x", {"low": "many"}, "is no number"),
        ("correct", "Ann", "x", {"low": float("inf")}, "not finite"),
        ("correct", "Ann", "x", {"low": 40}, "lies above"),
        ("correct", "Ann", "x", {"low": None, "high": None}, "lower or an upper bound"),
        ("correct", "Ann", "x", {"period": "last year"}, "not ISO 8601"),
        ("correct", "Ann", "x", {"period": "2009/2008"}, "ends before it begins"),
        ("correct", "Ann", "x", {"unit": "sitess"}, "unit 'sitess' is unknown; write one of USD, bag, .*site"),
        ("correct", "Ann", "x", {"country": "zzz"}, "country 'zzz' is unknown; write an ISO 3166-1 alpha-3 code"),
        ("correct", "Ann", "x", {"actor": "USA, zzz"}, "actor 'USA, zzz' is unknown; write codes or names"),
        ("correct", "Ann", "x", {"actor": "ABC"}, "three capitals that no list knows with its full name, such as ABC"),
    ],
)
def test_impossible_decisions_are_refused(
    decision: str, author: str, reason: str, correction: Any, message: str
) -> None:
    with pytest.raises(ReviewError, match=message):
        review_figure(decision, trained(), author, reason, correction)


@pytest.mark.parametrize(
    ("name", "said", "recorded"),
    [
        ("unit", "sites", "site"),
        ("unit", "People", "person"),
        ("unit", "US dollars", "USD"),
        ("unit", "kilos", "kilogram"),
        ("country", "Mexico", "MEX"),
        ("country", "uzb", "UZB"),
        ("actor", "Mexico, DOE", "MEX, USA"),
        ("actor", "Rotary Club", "Rotary Club"),
        ("actor", "iom, WCO", "IOM, WCO"),
        ("actor", "ABC (Asian Border Council)", "ABC (Asian Border Council)"),
    ],
)
def test_unit_country_and_party_are_recorded_in_one_form(name: str, said: str, recorded: str) -> None:
    seized = observation("seizures", 30)
    assert review_figure("correct", seized, "Ann", "wrong", {name: said}).outcome[name] == recorded


@pytest.mark.parametrize(
    ("metric", "unit", "correction", "takes"),
    [
        ("funding", "USD", {"unit": "kilogram"}, "Funding, which takes money as ISO 4217, such as USD; percent"),
        ("seizures", "kilogram", {"metric": "funding"}, "Funding, which takes money"),
        ("corruption", "USD", {"unit": "person"}, "Corruption, which takes money"),
        ("people_trained", "person", {"unit": "USD"}, "People trained, which takes percent; person"),
        ("arrests", "person", {"unit": "case"}, "Arrests, which takes percent; person"),
        ("border_length", "kilometre", {"unit": "tonne"}, "Border length, which takes .* a length, such as kilometre"),
        ("personnel", "person", {"unit": "litre"}, "Personnel, which takes .*things counted, such as person"),
    ],
)
def test_a_correction_to_a_unit_that_the_metric_does_not_take_is_refused_with_those_it_takes(
    metric: str, unit: str, correction: dict[str, str], takes: str
) -> None:
    row = observation(metric, 30, unit=unit)
    with pytest.raises(ReviewError, match=f"does not fit {takes}"):
        review_figure("correct", row, "Ann", "wrong", correction)


def test_a_misread_unit_can_be_corrected_together_with_its_metric_and_bars_no_other_decision() -> None:
    row = observation("funding", 30, unit="kilogram")
    assert review_figure("accept", row, "Ann").decision == "accept"
    review_figure("correct", row, "Ann", "year", {"period": "2008"})
    assert review_figure("correct", row, "Ann", "not money", {"metric": "seizures"}).outcome["unit"] == "kilogram"


def test_every_unit_of_the_sample_figures_fits_its_metric() -> None:
    lines = (ROOT / "data/reference/sample_figures.jsonl").read_text(encoding="utf-8").splitlines()
    stated = {(row["metric"], row["unit"]) for row in map(json.loads, lines)}
    usual = {(metric.id, metric.unit) for metric in METRICS.values()}
    assert not [pair for pair in stated | usual if not takes_unit(*pair)]


# Rebuilds


def test_reviews_survive_a_rebuild_with_a_changed_catalogue() -> None:
    before = trained(period="2008")
    accepted = review_figure("accept", before, "Ann")
    corrected = review_figure("correct", before, "Ann", "other country", {"country": "UZB"})
    rebuilt, _ = tables(
        [{**before, "rule": "courses", "of": "officers of customs", "score": 0.4, "flags": ["comment"]}]
    )
    assert states(rebuilt, [accepted]) == ["applied"]
    after = apply_reviews(rebuilt, [corrected]).to_pylist()[0]
    assert (after["country"], after["of"], after["flags"]) == (
        "UZB",
        "officers of customs",
        ["comment", "corrected_in_review"],
    )


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"low": 31.0, "high": 31.0}, "low was 30, is 31"),
        ({"metric": "personnel"}, "metric was people_trained, is personnel"),
        ({"country": None}, "country was KAZ, is empty"),
        ({"status": "planned"}, "status was actual, is planned"),
        ({"start": 130, "end": 134}, "moved to characters 130-134"),
        ({"start": 130, "end": 134, "sentence": "Else."}, "no longer extracted"),
    ],
)
def test_a_review_whose_figure_changed_is_flagged_and_not_applied(change: dict[str, Any], why: str) -> None:
    reviews = [review_figure("correct", trained(), "Ann", "wrong", {"low": 3, "high": 3})]
    rebuilt, _ = tables([{**trained(), **change}])
    (judged,) = judge_reviews(rebuilt, reviews)
    assert judged.state == "stale"
    assert why in judged.why
    assert apply_reviews(rebuilt, reviews).equals(rebuilt)


def test_a_correction_that_the_extractor_has_caught_up_with_is_confirmed() -> None:
    review = review_figure("correct", trained(), "Ann", "wrong country", {"country": "UZB"})
    rebuilt, _ = tables([trained(country="UZB")])
    assert states(rebuilt, [review]) == ["applied"]
    assert apply_reviews(rebuilt, [review]).to_pylist()[0]["flags"] == ["accepted_in_review"]


def test_a_decision_holds_for_the_copy_of_a_cable() -> None:
    cables = [cable("09ASTANA1", body="one"), cable("09STATE9", body="one")]
    rows, table = tables([trained(), trained(cable_id="09STATE9")], cables)
    review = review_figure("reject", rows.to_pylist()[0], "Ann", "no figure")
    assert apply_reviews(rows, [review]).num_rows == 1
    assert apply_reviews(rows, [review], table).num_rows == 0


def test_the_tables_after_review_judge_each_decision_once(monkeypatch: pytest.MonkeyPatch) -> None:
    rows, cables = tables([trained(20, start=100), trained(30, start=200)])
    first, second = rows.to_pylist()
    overruled = review_figure("accept", first, "Ann")
    held = review_figure("correct", first, "Bo", "other country", {"country": "UZB"})
    stale = review_figure("reject", {**second, "low": 31.0, "high": 31.0}, "Ann", "no figure")
    judged = []
    give = applying._verdict

    def noting(one: applying.Standing, *others: Any) -> applying.Verdict:
        judged.append(one.review)
        return give(one, *others)

    monkeypatch.setattr(applying, "_verdict", noting)
    outcome = review_tables(rows, reconcile(rows, cables), cables, [overruled, held, stale])
    assert judged == [held, stale]
    assert (outcome.applied, outcome.standing) == (1, 2)
    assert outcome.observations["country"].to_pylist() == ["UZB", "KAZ"]


def test_order_of_rows_is_kept() -> None:
    rows, _ = tables([trained(10 + n, start=100 * n) for n in range(1, 6)])
    review = review_figure("accept", rows.to_pylist()[2], "Ann")
    assert apply_reviews(rows, [review])["start"].to_pylist() == rows["start"].to_pylist()


# Several reviews of one figure


def test_the_later_review_stands_and_disagreement_shows() -> None:
    rows, _ = tables([trained()])
    row = rows.to_pylist()[0]
    first, second = review_figure("accept", row, "Ann"), review_figure("reject", row, "Ben", "no figure")
    assert [(one.state, one.contested) for one in judge_reviews(rows, [first, second])] == [
        ("overruled", False),
        ("applied", True),
    ]
    assert apply_reviews(rows, [first, second]).num_rows == 0


def test_withdrawing_brings_back_what_stood_before() -> None:
    rows, _ = tables([trained()])
    row = rows.to_pylist()[0]
    accept, reject = review_figure("accept", row, "Ann"), review_figure("reject", row, "Ben", "no figure")
    undo = withdraw_review(reject, "Ben", "I misread it")
    assert [one.state for one in judge_reviews(rows, [accept, reject, undo])] == ["applied", "withdrawn", "applied"]
    assert apply_reviews(rows, [accept, reject, undo]).to_pylist()[0]["flags"] == ["accepted_in_review"]


def test_a_corrected_figure_can_be_accepted_corrected_again_and_rejected() -> None:
    rows, _ = tables([trained()])
    reviews = [review_figure("correct", rows.to_pylist()[0], "Ann", "typo", {"low": 40, "high": 40})]
    seen = apply_reviews(rows, reviews).to_pylist()[0]
    reviews.append(review_figure("accept", seen, "Ben"))
    assert apply_reviews(rows, reviews).to_pylist()[0]["low"] == 40
    reviews.append(review_figure("correct", seen, "Ben", "month", {"period": "2008-05"}))
    seen = apply_reviews(rows, reviews).to_pylist()[0]
    assert (seen["low"], seen["period"]) == (40, "2008-05")
    reviews.append(review_figure("reject", seen, "Cyd", "not training"))
    assert apply_reviews(rows, reviews).num_rows == 0


def test_a_figure_added_where_one_was_rejected_takes_its_place() -> None:
    rows, cables = tables([trained(value_text="31", start=TEXT.index("31"))], [cable("09ASTANA1", text=TEXT)])
    row = rows.to_pylist()[0]
    fields = {"metric": "checkpoints_total", "unit": "checkpoint", "low": 31, "high": 31, "country": "KAZ"}
    added = add_figure(cables.to_pylist()[0], row["start"], row["end"], fields, "Ben", "crossings, not people")
    reviews = [review_figure("reject", row, "Ann", "no training"), added]
    assert states(rows, reviews) == ["overruled", "applied"]
    held = apply_reviews(rows, reviews).to_pylist()
    assert [(one["metric"], one["low"], one["unit"]) for one in held] == [("checkpoints_total", 31, "checkpoint")]
    undone = [*reviews, withdraw_review(added, "Ben", "a slip")]
    assert apply_reviews(rows, undone).num_rows == 0


# Evaluation


def test_reviewed_figures_measure_the_extractor() -> None:
    at = {word: TEXT.index(word) for word in ("31", "400", "12", "two million")}
    stated = (("checkpoints_total", "31"), ("traffic", "400"), ("training_events", "12"))
    sentences = {"31": "Inspectors opened 31 crossings in spring.", "400": "Guards searched 400 trucks a day there."}
    figures = [
        observation(metric, float(text), start=at[text], value_text=text, sentence=sentences.get(text, "elsewhere"))
        for metric, text in stated
    ]
    rows, cables = tables(figures, [cable("09ASTANA1", text=TEXT)])
    seen = rows.to_pylist()
    begin = at["two million"]
    money = {"metric": "funding", "unit": "USD", "low": 2e6, "high": 2e6, "country": "KAZ"}
    reviews = [
        review_figure("accept", seen[0], "Ann"),
        review_figure("correct", seen[1], "Ann", "searched, not crossing", {"metric": "inspections"}),
        review_figure("reject", seen[2], "Ann", "no course"),
        add_figure(cables.to_pylist()[0], begin, begin + len("two million dollars"), money, "Ann", "missed"),
    ]
    gold = reviewed_gold(reviews)
    assert sorted(row["metric"] for row in gold) == ["checkpoints_total", "funding", "inspections"]
    score = evaluate(gold, reviewed_predictions(rows, reviews), {"09ASTANA1": TEXT}).overall
    assert (score.found, score.false, score.missed) == (1, 2, 2)


# CSV


def test_export_and_import_round_trip_and_repeat(store: ReviewStore, tmp_path: Path) -> None:
    review = review_figure("correct", trained(of="=HYPERLINK(1)"), "+Ann", "=1+1", {"site": "@Dostyk, 'old'"})
    store.record(review, withdraw_review(review, "Ben", "'quoted\nline"))
    path = tmp_path / "reviews.csv"
    assert export_reviews(store, path) == 2
    with path.open(newline="", encoding="utf-8") as lines:
        cells = [cell for row in csv.reader(lines) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    other = open_reviews(tmp_path / "other.sqlite")
    assert import_reviews(other, path) == 2
    assert other.reviews() == store.reviews()
    assert import_reviews(other, path) == 0
    other.close()


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("decision", "approve", "line 3: decision 'approve' is unknown"),
        ("low", "", "columns are"),
        ("author", "", "author or reason is empty"),
        ("figure_sha256", "0" * 64, "changed by hand"),
        ("figure", "{}", "figure has not the columns"),
        ("correction", '{"speaker":"x"}', "no field"),
        ("correction", '{"country":"zzz"}', "country 'zzz' is unknown"),
        ("correction", '{"unit":"sitess"}', "line 3: unit 'sitess' is unknown"),
        ("correction", '{"unit":5}', "line 3: unit '5' is unknown"),
        ("correction", '{"period":"2008"}', "period_end None is to be '2008-12-31'"),
        ("made_at", "yesterday", "Invalid isoformat"),
        ("start", "5", "is not that of the figure"),
    ],
)
def test_a_wrong_csv_is_refused_as_a_whole(
    store: ReviewStore, tmp_path: Path, column: str, value: str, message: str
) -> None:
    source = open_reviews(tmp_path / "source.sqlite")
    source.record(review_figure("accept", trained(), "Ann"), review_figure("reject", trained(), "Ann", "no figure"))
    path = tmp_path / "reviews.csv"
    export_reviews(source, path)
    source.close()
    with path.open(newline="", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    rows[1][column] = value
    with path.open("w", newline="", encoding="utf-8") as lines:
        writer = csv.DictWriter(lines, list(rows[1]), restval="")
        writer.writeheader()
        writer.writerows(rows)
    with pytest.raises(ReviewError, match=message):
        import_reviews(store, path)
    assert store.reviews() == []


def test_an_imported_addition_is_checked_as_one_made_in_the_app(store: ReviewStore, tmp_path: Path) -> None:
    source = open_reviews(tmp_path / "source.sqlite")
    fields = {"metric": "equipment", "unit": "item", "low": 12, "high": 12, "country": "KAZ", "period": "2008"}
    sound = add_figure(cable("09ASTANA1", text=TEXT), 60, 62, fields, "Ann", "missed")
    path = tmp_path / "reviews.csv"
    source.record(sound)
    export_reviews(source, path)
    assert import_reviews(store, path) == 1
    source.record(replace(sound, review_id="0" * 32, figure={**sound.figure, "unit": "itemss"}))
    export_reviews(source, path)
    source.close()
    with pytest.raises(ReviewError, match="line 3: unit 'itemss' is unknown"):
        import_reviews(store, path)


def test_decisions_in_other_words_for_country_and_unit_are_read_in_the_recorded_form(
    store: ReviewStore, tmp_path: Path
) -> None:
    fields = {"metric": "equipment", "unit": "item", "low": 12, "high": 12, "country": "MEX", "period": "2008"}
    added = add_figure(cable("09ASTANA1", text=TEXT), 60, 62, fields, "Ann", "missed")
    added = replace(added, figure={**added.figure, "unit": "items", "country": "Mexico"})
    rows, cables = tables([trained()])
    corrected = replace(
        review_figure("correct", rows.to_pylist()[0], "Ann", "other country", {"country": "UZB"}),
        correction={"country": "Uzbekistan", "actor": "Mexico, DOE"},
    )
    accepted = review_figure("accept", added.figure, "Bo")
    made = [added, corrected, accepted]
    path = tmp_path / "reviews.csv"
    with path.open("w", newline="", encoding="utf-8") as lines:
        csv.writer(lines).writerows([exchange.COLUMNS, *(exchange._cells(review) for review in made)])
    store.record(corrected)
    assert import_reviews(store, path) == 2
    assert import_reviews(store, path) == 0
    kept = {review.review_id: review.outcome for review in store.reviews()}
    assert [kept[one.review_id]["country"] for one in made] == ["MEX", "UZB", "MEX"]
    assert kept[added.review_id]["unit"] == "item"
    assert kept[corrected.review_id]["actor"] == "MEX, USA"
    outcome = review_tables(rows, reconcile(rows, cables), cables, store.reviews())
    assert (outcome.applied, outcome.standing) == (2, 2)
    assert sorted(outcome.observations["country"].to_pylist()) == ["MEX", "UZB"]
    export_reviews(store, path)
    assert import_reviews(store, path) == 0


def test_a_review_is_not_replaced_by_another_content_under_its_id(store: ReviewStore) -> None:
    review = review_figure("accept", trained(), "Ann")
    store.record(review)
    forged = type(review)(**{name: getattr(review, name) for name in type(review).__slots__} | {"author": "Eve"})
    with pytest.raises(ReviewError, match="another content"):
        store.record_new([forged])
    assert [one.author for one in store.reviews()] == ["Ann"]


def test_the_commands_move_the_decisions_of_the_app(
    store: ReviewStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BORDER_METRICS_REVIEWS", "sqlite:///reviews.sqlite")
    store.record(review_figure("accept", trained(), "Ann"))
    run = CliRunner().invoke
    assert "1 decisions written" in run(main, ["review", "export", "decisions.csv"]).output
    monkeypatch.setenv("BORDER_METRICS_REVIEWS", "sqlite:///second.sqlite")
    assert "1 decisions added" in run(main, ["review", "import", "decisions.csv"]).output
    assert read_decisions(None) == read_decisions("sqlite:///reviews.sqlite") == store.reviews()
    assert not Path("data").exists()


def test_export_from_a_database_that_is_not_there_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BORDER_METRICS_REVIEWS", raising=False)
    done = CliRunner().invoke(main, ["review", "export", "decisions.csv"])
    assert done.exit_code == 2
    assert "no reviews at sqlite:///data/reviews.sqlite" in done.output
    assert not list(tmp_path.iterdir())


# The database


def test_rows_cannot_be_changed_or_deleted(store: ReviewStore) -> None:
    store.record(review_figure("accept", trained(), "Ann"))
    with store._engine.connect() as connection:
        for statement in ("UPDATE reviews SET author = 'Eve'", "DELETE FROM reviews"):
            with pytest.raises(sa.exc.DatabaseError, match="never changed"):
                connection.execute(sa.text(statement))


def test_a_withdrawal_of_nothing_is_refused(store: ReviewStore) -> None:
    with pytest.raises(ReviewError, match="not on record"):
        store.record(withdraw_review(review_figure("accept", trained(), "Ann"), "Ann", "gone"))


def test_a_review_of_a_figure_on_which_another_stands_meanwhile_is_not_recorded(store: ReviewStore) -> None:
    first, second = (review_figure("accept", trained(), author) for author in ("Ann", "Ben"))
    store.record_seen(first, None)
    with pytest.raises(ReviewError, match=r"Ann has decided on this figure meanwhile \(accept: no reason\)"):
        store.record_seen(second, None)
    store.record(withdraw_review(first, "Ann", "a slip"))
    with pytest.raises(ReviewError, match=r"meanwhile \(withdraw: a slip\)"):
        store.record_seen(second, first.review_id)
    store.record_seen(review_figure("accept", trained(start=900), "Ben"), None)
    with pytest.raises(ReviewError, match="gone is not on record any more"):
        store.record_seen(review_figure("accept", trained(start=950), "Ben"), "gone")
    store.record_seen(second, None)
    assert [review.author for review in store.reviews()] == ["Ann", "Ann", "Ben", "Ben"]


def test_commits_are_durable(store: ReviewStore) -> None:
    with store._engine.connect() as connection:
        read = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")]
    assert read == ["wal", 2]


def test_migrations_make_the_schema_the_program_uses(store: ReviewStore) -> None:
    script = ScriptDirectory(str(MIGRATIONS))
    assert script.get_current_head() == HEAD
    with store._engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_a_database_of_a_newer_program_is_refused(store: ReviewStore, tmp_path: Path) -> None:
    with store._engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ReviewError, match="update the program"):
        open_reviews(tmp_path / "reviews.sqlite")


# Several at once

WRITER = """
import sys
from metrics.review import open_reviews, review_figure
sys.path.insert(0, "tests")
from made_tables import observation

url, name, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
store = open_reviews(url)
for number in range(count):
    review = review_figure("accept", observation("people_trained", 30), name, f"number {number}")
    store.record(review)
    print(review.review_id, flush=True)
"""


def start_writer(url: str, name: str, count: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, url, name, str(count)],
        **{"cwd": ROOT, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True},
    )


def write_at_once(url: str, processes: int = 10, count: int = 20) -> tuple[list[str], list[str]]:
    """Confirmed and recorded review ids after several processes wrote at once into one, at first empty, database."""
    writers = [start_writer(url, f"writer {number}", count) for number in range(processes)]
    confirmed: list[str] = []
    for writer in writers:
        out, errors = writer.communicate(timeout=300)
        assert writer.returncode == 0, errors
        confirmed += out.split()
    store = open_reviews(url)
    recorded = [review.review_id for review in store.reviews()]
    store.close()
    return confirmed, recorded


def test_ten_processes_at_once_lose_no_review(tmp_path: Path) -> None:
    confirmed, recorded = write_at_once(f"sqlite:///{tmp_path / 'reviews.sqlite'}")
    assert len(confirmed) == 200
    assert sorted(recorded) == sorted(confirmed)


def test_a_kill_while_writing_loses_nothing_that_was_confirmed(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'reviews.sqlite'}"
    confirmed: set[str] = set()
    for _ in range(3):
        writer = start_writer(url, "victim", 100_000)
        assert writer.stdout is not None
        confirmed.update(writer.stdout.readline().strip() for _ in range(25))
        writer.send_signal(signal.SIGKILL)
        confirmed.update(line.strip() for line in writer.stdout if line.endswith("\n"))
        writer.wait(timeout=60)
    store = open_reviews(url)
    recorded = {review.review_id for review in store.reviews()}
    store.record(review_figure("accept", trained(), "Ann"))
    assert len(confirmed) >= 75
    assert confirmed <= recorded
    assert len(store.reviews()) == len(recorded) + 1
    store.close()


# PostgreSQL


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a database in a PostgreSQL server of our own, started for these tests as an unprivileged user."""
    binaries = shutil.which("initdb") and Path(str(shutil.which("initdb"))).resolve().parent
    folder = binaries or (POSTGRES_FOLDERS[-1] if POSTGRES_FOLDERS else None)
    if folder is None:
        pytest.skip("PostgreSQL is not installed (Debian package: postgresql)")
    pytest.importorskip("psycopg", reason="the PostgreSQL driver psycopg is not installed")
    as_other = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_other and subprocess.run([*as_other, "true"], capture_output=True, check=False).returncode:
        pytest.skip("PostgreSQL does not run as root, and there is no user postgres to run it as")
    home = Path(subprocess.check_output([*as_other, "mktemp", "-d", "/tmp/reviews-pg.XXXXXX"], text=True).strip())
    port = _free_port()

    def run(*command: str) -> None:
        subprocess.run([*as_other, *command], cwd="/tmp", check=True, capture_output=True, timeout=120)

    control = [str(folder / "pg_ctl"), "-D", str(home / "data")]
    options = f"-p {port} -h 127.0.0.1 -k {home} -c fsync=off"
    try:
        run(str(folder / "initdb"), "-D", str(home / "data"), "-A", "trust", "-U", "analyst", "--no-sync")
        run(*control, "-o", options, "-l", str(home / "log"), "-w", "start")
        yield f"postgresql://analyst@127.0.0.1:{port}/postgres"
    finally:
        for command in ([*control, "-m", "immediate", "stop"], ["rm", "-rf", str(home)]):
            subprocess.run([*as_other, *command], cwd="/tmp", check=False, capture_output=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_postgresql_takes_ten_writers_at_once_and_keeps_rows(postgres: str, tmp_path: Path) -> None:
    confirmed, recorded = write_at_once(postgres)
    assert len(confirmed) == 200
    assert sorted(recorded) == sorted(confirmed)
    store = open_reviews(postgres)
    with store._engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    for statement in ("UPDATE reviews SET author = 'Eve'", "DELETE FROM reviews", "TRUNCATE reviews"):
        with store._engine.connect() as connection, pytest.raises(sa.exc.DatabaseError, match="never changed"):
            connection.execute(sa.text(statement))
    export_reviews(store, tmp_path / "reviews.csv")
    lite = open_reviews(tmp_path / "lite.sqlite")
    assert import_reviews(lite, tmp_path / "reviews.csv") == 200
    assert import_reviews(store, tmp_path / "reviews.csv") == 0
    lite.close()
    store.close()
