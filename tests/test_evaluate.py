"""The scoring rules: what matches, what is false, which attributes agree."""

from pathlib import Path

import pytest

from metrics.evaluate import ReferenceFileError, agrees, evaluate, locate, read_reference, render_scores

TEXT = "Customs held 12 trucks and 12 cars in May.\nA port took 40\ncontainers."


def figure(**changes: object) -> dict[str, object]:
    base = {
        "cable": "09X1", "metric": "seizures", "kind": "level", "low": 12.0, "high": 12.0, "qualifier": "exact",
        "unit": "truck", "per": None, "of": "held trucks", "country": "KAZ", "site": None, "actor": "KAZ",
        "period": "2009-05", "status": "actual", "value_text": "12", "quote": "Customs held 12 trucks and 12 cars",
    }  # fmt: skip
    return {**base, **changes}


def row(start: int, end: int, **changes: object) -> dict[str, object]:
    return {**figure(), "cable_id": "09X1", "start": start, "end": end, "sentence": TEXT, "flags": [], **changes}


def test_a_span_overlap_in_the_same_metric_matches_once() -> None:
    result = evaluate([figure()], [row(13, 15), row(13, 15)], {"09X1": TEXT})
    assert (result.overall.found, result.overall.false, result.overall.missed) == (1, 1, 0)


def test_two_equal_numbers_in_one_quote_are_two_figures() -> None:
    result = evaluate([figure(), figure(unit="car")], [row(27, 29, unit="car"), row(13, 15)], {"09X1": TEXT})
    assert (result.overall.found, result.overall.missed) == (2, 0)


def test_another_metric_is_both_missed_and_false() -> None:
    result = evaluate([figure()], [row(13, 15, metric="traffic")], {"09X1": TEXT})
    assert result.overall.precision == 0
    assert result.overall.recall == 0
    assert result.by_metric["traffic"].false == 1


def test_a_line_break_in_the_text_does_not_hide_a_quote() -> None:
    assert locate(figure(quote="took 40 containers", value_text="40"), TEXT) == [(55, 57)]


@pytest.mark.parametrize(
    ("attribute", "reference", "read", "equal"),
    [
        ("of", "held trucks", "trucks", True),
        ("of", "held trucks", "cars", False),
        ("site", None, None, True),
        ("site", "Semey and Maikachagai", "Semey", True),
        ("actor", "USA, NOR", "NOR", True),
        ("country", "KAZ", "UZB", False),
        ("period", None, "2009", False),
    ],
)
def test_attributes_agree_by_the_guide(attribute: str, reference: object, read: object, equal: bool) -> None:
    assert agrees(attribute, figure(**{attribute: reference}), row(0, 1, **{attribute: read})) is equal


def test_an_open_bound_differs_from_a_closed_one() -> None:
    assert not agrees("bounds", figure(high=None), row(0, 1))
    assert agrees("bounds", figure(high=None), row(0, 1, high=None))


def test_readings_flagged_unsure_are_scored_apart() -> None:
    doubted = row(13, 15, metric="traffic", flags=["unsure"])
    said = render_scores(evaluate([figure()], [row(13, 15), doubted], {"09X1": TEXT}))
    assert [line.split() for line in said.splitlines()[-2:]] == [
        ["flagged", "unsure", "1", "0.000"],
        ["others", "1", "1.000"],
    ]


def test_a_broken_reference_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text('{"cable": "09X1"}\n', encoding="utf-8")
    with pytest.raises(ReferenceFileError, match=r"gold\.jsonl line 1"):
        read_reference([path])
