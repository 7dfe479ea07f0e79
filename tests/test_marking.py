"""Portion marks, banners and the lines that a derived product carries."""

import doctest
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics import marking
from metrics.marking import (
    NOTHING_BANNER,
    UNKNOWN_BANNER,
    abbreviate,
    banner,
    combine_marks,
    derived_from,
    is_known,
    is_within,
    latest_declassification,
    normalise_classification,
    normalise_mark,
    rank_mark,
    read_ceiling,
)

KNOWN = st.sampled_from(
    [
        *("U", "SBU", "SBU/NF", "C", "C/NF", "S", "S/NF", "TS", "SECRET//NOFORN", "S/OC", "C//EXDIS", "U//FOUO"),
        *("S/REL USA, GBR", "C/REL USA, AUS, GBR", "U/REL AUS", "S/OC/REL USA, FRA"),
    ]
)
MARKS = KNOWN | st.sampled_from([None, "??", "S//HCS"])


def test_examples_in_docstrings() -> None:
    assert doctest.testmod(marking).failed == 0


@pytest.mark.parametrize(
    ("printed", "normal"),
    [
        ("(C)", "C"),
        ("( C )", "C"),
        ("C)", "C"),
        ("(sbu)", "SBU"),
        ("(U//FOUO)", "SBU"),
        ("(S//NF)", "S/NF"),
        ("(S-NF)", "S/NF"),
        ("(C NF)", "C/NF"),
        ("(SE)", "S"),
        ("(S/REL TO UK)", "S/REL USA, UK"),
        ("(S/REL NATO/AUS)", "S/REL USA, AUS, NATO"),
        ("(S//REL MLT, GBR, and GER)", "S/REL USA, GBR, GER, MLT"),
        ("(S//REL TO USA)", "S/NF"),
        ("(S//OC)", "S/OC"),
        ("(S//ORCON/NOFORN)", "S/OC/NF"),
        ("(C//EXDIS)", "C/EXDIS"),
        ("(S//OC/REL TO USA, GBR)", "S/OC/REL USA, GBR"),
        ("(S//SI)", "S/UNKNOWN"),
        ("(S//SI/NF)", "S/NF/UNKNOWN"),
        ("(C/AUSTRALIA GROUP)", "C/UNKNOWN"),
        ("(S/REL)", "S/UNKNOWN"),
        ("(C//REL TO USA, GBR//)", "C/REL USA, GBR"),
        ("(C - ENTIRE TEXT)", "C"),
        ("(NC)", "UNKNOWN"),
        ("", None),
        (None, None),
    ],
)
def test_mark_as_printed(printed: str | None, normal: str | None) -> None:
    assert normalise_mark(printed) == normal


def test_levels_rise_and_a_missing_mark_ranks_above_all() -> None:
    rising = ["U", "SBU", "SBU/NF", "C", "C/NF", "S", "S/NF", "TS", "TS/NF", None]
    ranks = [rank_mark(mark) for mark in rising]
    assert all(low < high for low, high in pairwise(ranks))


@pytest.mark.parametrize(
    ("marks", "words"),
    [
        (["SBU", "C"], "CONFIDENTIAL"),
        (["SBU", "U"], "SENSITIVE BUT UNCLASSIFIED"),
        (["U"], "UNCLASSIFIED"),
        (["C/NF", "S"], "SECRET//NOFORN"),
        (["C/NF", "SBU", "S/NF"], "SECRET//NOFORN"),
        (["U", "S/REL UK"], "SECRET//REL TO USA, UK"),
        (["S/REL UK, FRA", "C/REL UK"], "SECRET//REL TO USA, UK"),
        (["S/REL FRA", "C/REL UK"], "SECRET//NOFORN"),
        (["CONFIDENTIAL", "S/REL UK"], "SECRET//NOFORN"),
        (["C/OC", "S"], "SECRET//ORCON"),
        (["C/EXDIS", "S/NF"], "SECRET//EXDIS/NOFORN"),
        (["C", "S//HCS"], "SECRET (some markings unknown)"),
        (["S/NF", "C", "UNKNOWN"], "SECRET//NOFORN (some markings unknown)"),
        (["S/REL UK", "(C/F)"], "SECRET//NOFORN (some markings unknown)"),
        (["C", ""], "CONFIDENTIAL (some markings unknown)"),
        (["S/REL UK", None], "SECRET//NOFORN (some markings unknown)"),
        (["S/REL UK", "U/UNKNOWN"], "SECRET//NOFORN (some markings unknown)"),
        ([NOTHING_BANNER, "SECRET"], "SECRET"),
        (["SECRET//REL TO USA, UK (some markings unknown)", "U"], "SECRET//REL TO USA, UK (some markings unknown)"),
        ([None, "??"], UNKNOWN_BANNER),
        ([], NOTHING_BANNER),
    ],
)
def test_banner(marks: list[str], words: str) -> None:
    assert banner(marks) == words


@given(st.lists(MARKS, min_size=1))
def test_banner_is_never_below_a_mark_it_covers(marks: list[str | None]) -> None:
    words = banner(marks)
    assert all(rank_mark(mark) <= rank_mark(words) for mark in marks)
    assert banner([combine_marks(marks)]) == words


@given(st.lists(KNOWN, min_size=1), st.lists(st.sampled_from([None, "??", "UNKNOWN"]), min_size=1))
def test_a_mark_that_cannot_be_read_takes_only_releases_from_those_that_can(
    known: list[str], others: list[str]
) -> None:
    level, _, release = banner(known).partition("REL TO")
    assert banner([*others, *known]) == f"{level}{'NOFORN' if release else ''} (some markings unknown)"
    assert not is_known(combine_marks([*known, *others]))


@given(st.lists(KNOWN, min_size=1))
def test_joined_marks_let_through_each_of_their_parts(marks: list[str]) -> None:
    joined = combine_marks(marks)
    assert joined is not None
    assert all(is_within(mark, joined) for mark in marks)


@given(st.lists(MARKS, min_size=1), st.lists(MARKS, min_size=1))
def test_marks_join_alike_in_any_order_and_grouping(some: list[str | None], others: list[str | None]) -> None:
    assert banner([combine_marks(some), combine_marks(others)]) == banner(others + some)


@pytest.mark.parametrize(
    ("marks", "joined"),
    [
        (["C/NF", "S"], "S/NF"),
        (["C", "CONFIDENTIAL"], "C"),
        (["CONFIDENTIAL", "C"], "CONFIDENTIAL"),
        (["U", "S/NF", "C"], "S/NF"),
        (["S", None], "S/UNKNOWN"),
        (["S", "UNKNOWN"], "S/UNKNOWN"),
        (["S/REL USA, UK", "S/REL USA, UK/UNKNOWN"], "S/REL USA, UK/UNKNOWN"),
        ([], None),
    ],
)
def test_marks_join_into_one_of_them_where_one_says_as_much(marks: list[str | None], joined: str | None) -> None:
    assert combine_marks(marks) == joined


@pytest.mark.parametrize(
    ("ceiling", "within", "above"),
    [
        ("SECRET", ["U", "SBU", "C", "S"], ["C/NF", "S/NF", "C/OC", "C/REL USA, GBR", "TS", "UNKNOWN", None, "C//HCS"]),
        ("SECRET//NOFORN", ["S", "C/NF", "S/NF", "S/REL USA, GBR"], ["TS", "S/OC", "C/EXDIS", "U/UNKNOWN", None]),
        ("C", ["U", "SBU", "CONFIDENTIAL"], ["C/NF", "S"]),
        ("SECRET//REL TO USA, GBR", ["U", "C/REL USA, GBR", "S/REL AUS, GBR"], ["C", "C/NF", "S/REL USA, AUS"]),
    ],
)
def test_a_ceiling_holds_level_and_caveats(ceiling: str, within: list[str], above: list[str | None]) -> None:
    assert [mark for mark in [*within, *above] if is_within(mark, ceiling)] == within


@pytest.mark.parametrize("text", ["Unclass", "", "UNKNOWN", "SECRET//HCS", "S/UNKNOWN", UNKNOWN_BANNER])
def test_a_ceiling_that_is_not_known_lets_nothing_through(text: str) -> None:
    with pytest.raises(ValueError, match=r"unknown marking .*; known: UNCLASSIFIED, .*NOFORN"):
        read_ceiling(text)
    with pytest.raises(ValueError, match="unknown marking"):
        is_within("U", text)


def test_banner_shortened_for_a_title() -> None:
    assert [abbreviate(words) for words in ("CONFIDENTIAL", "SENSITIVE BUT UNCLASSIFIED", UNKNOWN_BANNER)] == [
        "C",
        "SBU",
        "UNKNOWN",
    ]


@pytest.mark.parametrize(
    ("level", "captions", "words"),
    [
        ("C O N F I D E N T I A L", "SECTION 01 OF 02 ASTANA 000623", "CONFIDENTIAL"),
        ("S E C R E T", "SANAA 000473 NOFORN SIPDIS", "SECRET//NOFORN"),
        ("UNCLAS", "TASHKENT 001487 SIPDIS", "UNCLASSIFIED"),
        ("UNCLAS", "TRIPOLI 000688 SENSITIVE", "SENSITIVE BUT UNCLASSIFIED"),
        ("UNCLASSIFIED", "//FOR OFFICIAL USE ONLY", "SENSITIVE BUT UNCLASSIFIED"),
        ("TOP SECRET", "", "TOP SECRET"),
        ("RESTRICTED", "", None),
    ],
)
def test_classification_line(level: str, captions: str, words: str | None) -> None:
    assert normalise_classification(level, captions) == words


def test_one_source_is_named_and_several_are_listed() -> None:
    assert derived_from(["09ASTANA623", "09ASTANA623"]) == "09ASTANA623"
    assert derived_from(["09B2", "09A1"]) == "Multiple Sources: 09A1, 09B2"
    assert derived_from([]) == ""


@pytest.mark.parametrize(
    ("instructions", "latest"),
    [
        (["03/19/2019", "N/A", "", None], "03/19/2019"),
        (["03/19/2019", "7/20/2019"], "7/20/2019"),
        (["02/08/18", "12/31/2017"], "02/08/18"),
        (["03/19/2019", "1.6X1", "8/30/2031"], "1.6X1"),
        (["2019/12/24", "03/19/2020"], "03/19/2020"),
        (["TEN YEARS AFTER KOREAN UNIFICATION", "03/19/2019"], "TEN YEARS AFTER KOREAN UNIFICATION"),
        (["N/A", None], None),
    ],
)
def test_longest_period_is_carried_as_found(instructions: list[str | None], latest: str | None) -> None:
    assert latest_declassification(instructions) == latest
