"""The template for look: numbers, units, bounds, colours and text widths."""

import doctest
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageColor

from metrics import look


def test_doctests_hold():
    assert doctest.testmod(look).failed == 0


@pytest.mark.parametrize(
    ("number", "unit", "said"),
    [
        (0, "site", "0"),
        (0.25, "kilogram", "0.25"),
        (1999.5, "kilogram", "1,999.5"),
        (999_999, "USD", "$999,999"),
        (1_000_001, "person", "1,000,001"),
        (3_433_000, "person", "3.433 million"),
        (1.5e9, "EUR", "€1.5 billion"),
        (50e6, "GBP", "£50 million"),
        (35.7, "percent", "35.7%"),
    ],
)
def test_amounts_keep_their_last_digit(number, unit, said):
    assert look.say_amount(number, unit) == said


@given(st.integers(0, 10**14))
def test_a_whole_number_can_be_read_back_from_its_words(number):
    head, _, word = look.say_number(number).partition(" ")
    scale = {"": 1, "million": 10**6, "billion": 10**9, "trillion": 10**12}[word]
    assert round(float(head.replace(",", "")) * scale) == number


@pytest.mark.parametrize("qualifier", ["more_than", "at_least", "less_than", "at_most", "approx", "vague"])
def test_a_bound_is_never_said_as_a_bare_number(qualifier):
    ceiling = qualifier in ("less_than", "at_most")
    row = {"low": None if ceiling else 40.0, "high": 40.0 if ceiling else None, "qualifier": qualifier, "unit": "site"}
    assert look.say_value(row) != "40"
    assert "40" in look.say_value(row)


def test_open_bound_with_a_wrong_qualifier_still_says_it_is_open():
    assert look.say_value({"low": 40.0, "high": None, "qualifier": "exact", "unit": "site"}) == "at least 40"


@pytest.mark.parametrize(
    ("unit", "plural"),
    [("person", "people"), ("checkpoint", "checkpoints"), ("company", "companies"), ("USD", "US dollars")],
)
def test_units_are_said_in_the_plural(unit, plural):
    assert look.say_unit(unit) == plural


def test_colours_are_the_same_in_every_chart_and_grey_only_for_nobody():
    names = ["USA", "KAZ", "NOR", "World Bank", "Some Fund", "MNG"]
    assert [look.colour_of(name) for name in names] == [look.colour_of(name) for name in names]
    assert look.NOBODY not in {look.colour_of(name) for name in names}
    assert look.colour_of(None) == look.colour_of("") == look.NOBODY


def test_states_compared_most_have_colours_of_their_own():
    assert len({look.colour_of(code) for code in ("KAZ", "UZB", "KGZ", "TJK", "TKM", "AFG")}) == 6
    assert len({look.colour_of(code) for code in ("USA", "KAZ", "NOR", "World Bank", "UNODC")}) == 5


SAMPLES = [
    *("ARG", "ARM", "COL", "CRI", "EGY", "GHA", "ISL", "ITA", "KAZ", "MEX", "NGA", "PAK", "SAU", "UGA", "USA", "UZB"),
]


def test_states_of_the_samples_and_their_donors_never_share_a_colour():
    assert len({look.colour_of(name) for name in [*SAMPLES, "NOR", "World Bank"]}) == len(SAMPLES) + 2
    assert len(set(look.PALETTE)) == len(look.PALETTE)


def test_no_two_names_of_one_chart_share_a_colour_and_the_order_does_not_matter():
    names = ["USA", "ESP", "UZB", "RUS", "MNG", "BOL", "Some Fund", None]
    given = look.colours_of(names)
    assert len(set(given.values())) == len(names)
    assert given == look.colours_of(reversed(names))
    assert (given["USA"], given[None]) == (look.colour_of("USA"), look.NOBODY)
    assert len(look.colours_of(f"state {number}" for number in range(40))) == 40


def test_a_state_without_a_fixed_colour_never_has_that_of_one_read_most():
    most_read = {look.colour_of(name) for name in ("USA", "UZB", "KAZ", "NOR", "World Bank")}
    others = [a + b + c for a in "ABCJMZ" for b in "ABOPQ" for c in "ABNPX"]
    assert most_read.isdisjoint(look.colour_of(name) for name in ["JPN", *others] if name not in look._FIXED)


@given(st.sets(st.text("ABCDEFGH", min_size=3, max_size=9), min_size=1, max_size=len(look.PALETTE)))
def test_names_of_one_chart_keep_their_own_colour_where_no_other_has_it(names):
    given_ = look.colours_of(names)
    own = [look.colour_of(name) for name in names]
    assert len(set(given_.values())) == len(names)
    assert all(given_[name] == look.colour_of(name) for name in names if own.count(look.colour_of(name)) == 1)


def luminance(colour):
    parts = [part / 255 for part in ImageColor.getrgb(colour)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", look.THEMES.values(), ids=lambda theme: theme.name)
def test_colours_stand_out_from_paper_and_words_can_be_read(theme):
    assert min(contrast(colour, theme.paper) for colour in [*look.PALETTE, look.NOBODY]) >= 2.7
    assert contrast(theme.ink, theme.paper) >= 7
    assert contrast(theme.muted, theme.paper) >= 4.5


# Machado, Oliveira and Fernandes (2009): what protanopes and deuteranopes see, severity 1.
SEEN = {
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
}


@pytest.mark.parametrize("sight", SEEN)
def test_first_six_colours_differ_for_colour_blind_readers(sight):
    def seen(colour):
        parts = ImageColor.getrgb(colour)
        return [sum(weight * part for weight, part in zip(row, parts, strict=True)) for row in SEEN[sight]]

    distances = [
        sum((a - b) ** 2 for a, b in zip(seen(one), seen(other), strict=True)) ** 0.5
        for one, other in combinations(look.PALETTE[:6], 2)
    ]
    assert min(distances) > 25


def test_white_words_on_every_banner_can_be_read():
    banners = ["UNCLASSIFIED", "SENSITIVE BUT UNCLASSIFIED", "CONFIDENTIAL", "SECRET//NOFORN", "TOP SECRET"]
    assert len({look.banner_colour(banner) for banner in [*banners, "MARKING UNKNOWN"]}) == 6
    assert min(contrast(look.banner_colour(banner), "#FFFFFF") for banner in [*banners, "MARKING UNKNOWN"]) >= 4.5


@given(st.text("abcdefg hijkl mnop", max_size=300), st.integers(40, 400))
def test_broken_lines_fit_and_lose_no_word(text, width):
    lines = look.break_lines(text, width, 12)
    assert all(look.text_width(line, 12) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_lines_beyond_the_limit_end_in_an_ellipsis_and_fit():
    lines = look.break_lines("word " * 100, 120, 12, most=2)
    assert len(lines) == 2
    assert lines[1].endswith("…")
    assert look.text_width(lines[1], 12) <= 120


def test_lines_beyond_the_limit_are_cut_between_words():
    note = "14 by the United States in 2008; the sets may overlap and one count has no upper bound"
    for width in range(90, 400, 3):
        shown = look.break_lines(note, width, 12, most=1)[0].removesuffix("…")
        assert f"{note} ".startswith((f"{shown} ", f"{shown}; "))
    assert look.break_lines("Incomprehensibilities", 60, 12, most=1)[0].startswith("Inc")


@given(st.floats(0.001, 1e13))
def test_ticks_start_at_zero_rise_evenly_and_stay_on_the_axis(top):
    ticks = look.nice_ticks(top)
    assert ticks[0] == 0
    assert all(tick <= top * 1.001 for tick in ticks)
    assert 1 <= len(ticks) <= 7


def test_fonts_shipped_are_complete_and_licensed():
    for path in look.FONT_FILES.values():
        assert path.is_file()
        assert path.with_suffix(".woff2").is_file()
    licences = [path.read_text(encoding="utf-8") for path in look.FONTS.glob("LICENSE*")]
    assert len(licences) == 2
    assert all("SIL Open Font License" in text for text in licences)
