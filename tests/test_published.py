"""Published figures: kept with source and address, checked on load, set beside the facts they belong to."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from made_tables import observation, tables

from metrics.reconcile import load_published, reconcile
from metrics.reconcile.published import COLUMNS, PUBLISHED

MONITORS = {"of": "portal monitors", "unit": "item", "country": "UKR"}


def beside(**given: Any) -> list[tuple[str, str]]:
    """Published figures and distances shown with one observation."""
    low = given.pop("low", 450.0)
    row = observation("equipment", low, **{**MONITORS, **given})
    fact = reconcile(*tables([row]), published=load_published()).to_pylist()[0]
    return list(zip(fact["published"], fact["published_apart"], strict=True))


def test_every_published_figure_has_source_and_address() -> None:
    figures = load_published()
    assert len(figures) == 39
    assert all(figure.source and figure.address for figure in figures)
    assert [figure.published_id for figure in figures] == sorted(figure.published_id for figure in figures)


def test_the_figures_are_those_of_the_reference_list(shared: Path) -> None:
    scale = {"USD million": 1e6, "USD thousand": 1e3, "USD billion": 1e9, "million per year": 1e6}
    with (shared / "reference" / "published_figures.csv").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["unit"] not in {"year", "date"}]
    listed = {
        float(part) * scale.get(row["unit"], 1) for row in rows for part in row["value"].replace(" ", "").split("/")
    }
    kept = {figure.low for figure in load_published()} - {6000.0}  # that one stands in a note of the list
    assert sorted(kept) == pytest.approx(sorted(listed))


@pytest.mark.parametrize(("low", "apart"), [(500.0, "equal"), (450.0, "10% below"), (600.0, "20% above")])
def test_a_fact_shows_how_far_a_published_figure_lies(low: float, apart: str) -> None:
    assert dict(beside(low=low, period="2010"))["nnsa-ukraine-provided"] == apart


def test_an_open_bound_that_holds_the_published_figure_is_compatible() -> None:
    shown = beside(low=400, qualifier="more_than", period="2010")
    assert dict(shown)["nnsa-ukraine-provided"] == "compatible"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("country", "GEO"),
        ("of", "helicopters"),
        ("unit", "ship"),
        ("period", "2003"),
        ("kind", "change"),
        ("per", "year"),
    ],
)
def test_figures_on_something_else_are_not_shown(name: str, value: str) -> None:
    assert "nnsa-ukraine-provided" not in dict(beside(**{"period": "2010", name: value}))


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("metric", "gates", "unknown metric 'gates'"),
        ("qualifier", "roughly", "unknown qualifier"),
        ("status", "done", "unknown status"),
        ("address", "same", "is no web address"),
        ("low", "many", "plain numbers"),
        ("period_end", "", "needs its last day"),
        ("period_end", "2004", "ISO 8601"),
        ("scope", "", "give a country, or a scope"),
    ],
)
def test_a_wrong_row_is_refused_by_line_and_column(tmp_path: Path, column: str, value: str, message: str) -> None:
    with PUBLISHED.open(encoding="utf-8", newline="") as lines:
        row = {**next(csv.DictReader(lines)), column: value}
    with pytest.raises(ValueError, match=rf"figures.csv line 2: .*{message}"):
        load_published(write(tmp_path, [row]))


def test_an_id_stands_once(tmp_path: Path) -> None:
    with PUBLISHED.open(encoding="utf-8", newline="") as lines:
        row = next(csv.DictReader(lines))
    with pytest.raises(ValueError, match="stands twice"):
        load_published(write(tmp_path, [row, row]))


def test_other_columns_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "figures.csv"
    path.write_text("what,value\n", encoding="utf-8")
    with pytest.raises(ValueError, match="columns are"):
        load_published(path)


def write(folder: Path, rows: list[dict[str, str]]) -> Path:
    path = folder / "figures.csv"
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return path
