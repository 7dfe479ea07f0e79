"""The frame around every page: tables, filters in the side bar, banners, and words where there is nothing to show."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from metrics.catalog import FAMILIES
from metrics.charts.choices import UnknownChoiceError, check_years, name_choices, pick_countries
from metrics.charts.conditions import YEAR
from metrics.charts.words import list_names, say_name
from metrics.errors import UserError
from metrics.look import STATUSES as STATUS_LOOKS
from metrics.look import banner_colour, say_unit
from metrics.marking import UnknownMarkingError, banner, is_within, read_ceiling
from metrics.review import Review, review_url
from metrics.views import data, reviewing
from metrics.views.aspects import family_aspects
from metrics.views.components import copy_link, keep_steps, skip_to_filters
from metrics.views.filters import ASPECT_NAMES, PARAMETERS, STATUSES, Choices, Filters, unknown_names
from metrics.views.painted import escape_text
from metrics.views.tables import FACT_COLUMNS
from metrics.vocabulary.names import countries_by_name, regions

DATA_VARIABLE = "BORDER_METRICS_DATA"
DEFAULT_DATA = "data/tables/samples"
MARKDOWN_SIGN = re.compile(r"([\\`*_{}\[\]()<>#+!|~$:-])")
STYLE = Path(__file__).with_name("style.css")
SAID_AS = {  # keys of addresses
    **{"actor": "donor, installer or service", "marking": "mark", "from": "year", "to": "year"},
    **dict.fromkeys(ASPECT_NAMES, "metric"),
}
CARRIED = "Marks carried forward by software, not reviewed."


def data_folder() -> Path:
    """Folder of the tables the app shows, from the environment."""
    return Path(os.environ.get(DATA_VARIABLE, DEFAULT_DATA))


@dataclass(slots=True)
class Frame:
    """What every page is given; `shown` gathers the marks of the rows it draws."""

    tables: data.Tables
    choices: Choices
    filters: Filters
    marks: tuple[str, ...] | None
    pages: dict[str, Any]
    shown: set[str] = field(default_factory=set)

    def facts(self, metrics: Sequence[str] = ()) -> pd.DataFrame:
        """Facts of these metrics that the filters let through; their marks count for the banner."""
        facts = data.read_facts(self.tables, self.filters, self.marks, metrics, FACT_COLUMNS)
        self.note_marks(facts["marking"].unique())
        return facts

    def may_show(self, mark: str | None) -> bool:
        """Whether what bears this mark lies within the ceiling; of a cable the mark over header and all portions."""
        return self.filters.marking is None or is_within(mark, self.filters.marking)

    def note_marks(self, marks: Iterable[Any]) -> None:
        """Count these marks for the page's banner."""
        self.shown.update("" if pd.isna(mark) else str(mark) for mark in marks)


@st.cache_data(max_entries=4, show_spinner=False)
def _cached_samples(_tables: data.Tables, version: str) -> bool:
    return data.has_samples(_tables)


@st.cache_data(ttl=10, max_entries=2, show_spinner=False)
def all_reviews(url: str) -> list[Review]:
    """Every decision on record; what others decide is seen after some seconds."""
    return reviewing.review_store(url).reviews()


def open_frame(folder: Path, pages: dict[str, Any], family: str | None) -> Frame:
    """Tables and filters of this rerun; the filters' widgets stand in the side bar.

    `family` is that whose metrics the page shows, None where it is no such page.

    Raises TablesMissingError or TablesOutdatedError.
    """
    tables = reviewing.with_reviews(data.open_tables(folder), all_reviews(review_url()))
    choices = data.read_choices(tables)
    filters = draw_filters(choices, family)
    return Frame(tables, choices, filters, data.allowed_marks(choices, filters.marking), pages)


def draw_framed(frame: Frame, draw_page: Callable[[], None]) -> None:
    """A page between two banners that carry the mark over the rows it shows, as far as it came if it fails."""
    top = st.empty()
    top.html('<div class="banner"></div>')
    draw_samples_note(frame.tables)
    try:
        draw_page()
    finally:
        draw_banner(top, frame.shown)
        draw_banner(st, frame.shown)


def draw_no_tables(error: UserError) -> None:
    """Says why there is nothing to show, with the command that mends it."""
    st.title("Border-security metrics")
    st.error(f"`{error}`")


def draw_filters(choices: Choices, family: str | None) -> Filters:
    """The filters as chosen in the side bar; each stands in the page's address under its key.

    A ceiling holds even where no row bears its mark.
    """
    first, last = choices.years
    years = list(range(first, last + 1))
    _settle_metric(family)
    asked = st.query_params.get("marking") or st.session_state.get("marking")
    ceiling = _read_ceiling(asked)
    levels = choices.levels if ceiling is None or ceiling in choices.levels else (*choices.levels, ceiling)
    offered = _offer_countries(choices)
    _settle_address(
        ("country", countries_by_name(), say_name),
        ("region", name_choices(regions(), str), str),
        ("status", name_choices(STATUSES, _say_status), _say_status),
        ("actor", name_choices(choices.actors, say_name), say_name),
        ("marking", name_choices(levels, str) | ({asked.casefold(): ceiling} if asked and ceiling else {}), str),
        ("unit", name_choices(choices.units, say_unit), say_unit),
        ("from", _name_years("from", years, lambda year: max(year, first)), str),
        ("to", _name_years("to", years, lambda year: min(year, last)), str),
        *((f"{one}_metric", _name_aspects(one), str) for one in FAMILIES),
        ("metric", {}, str),
    )
    with st.sidebar:
        chosen = st.multiselect(
            "Country", offered, format_func=say_name, key="country", bind="query-params", placeholder="All"
        )
        within = st.multiselect(
            "Region",
            list(regions()),
            key="region",
            bind="query-params",
            placeholder="Any",
            help="Adds the countries of the region, as the United Nations groups them (M49), to those chosen.",
        )
        countries = pick_countries(chosen, within)
        if silent := [code for code in countries if code not in choices.countries]:
            st.caption(f"No figures on {list_names(silent)}.")
        left, right = st.columns(2)
        since = left.selectbox("From year", years, index=None, key="from", bind="query-params", placeholder="Any")
        until = right.selectbox("To year", years, index=None, key="to", bind="query-params", placeholder="Any")
        statuses = st.multiselect(
            "Status",
            STATUSES,
            format_func=_say_status,
            key="status",
            bind="query-params",
            placeholder="All",
        )
        actors = st.multiselect(
            "Donor, installer or service",
            choices.actors,
            format_func=say_name,
            key="actor",
            bind="query-params",
            placeholder="All",
        )
        marking = st.selectbox(
            "Show marks up to",
            levels,
            index=None,
            key="marking",
            bind="query-params",
            placeholder="Any",
            help="Rows above this mark, or with a caveat it does not name, are removed before anything is counted, "
            "drawn or exported.",
        )
        copy_link()
        skip_to_filters()
        keep_steps()
    try:
        check_years(since, until)
    except UnknownChoiceError as error:
        st.warning(f"Nothing can match: {error}.")
    return Filters(countries, tuple(actors), tuple(statuses), since, until, marking)


def _offer_countries(choices: Choices) -> list[str]:
    """The countries with figures, and those that the address asks for without any."""
    named = (countries_by_name().get(text.casefold()) for text in st.query_params.get_all("country"))
    asked = [*named, *st.session_state.get("country", ())]
    return list(dict.fromkeys(code for code in (*choices.countries, *asked) if code))


def _name_aspects(family: str) -> dict[str, str]:
    return name_choices((aspect.title for aspect in family_aspects(family)), str)


def _name_years(key: str, years: Iterable[int], narrow: Callable[[int], int]) -> dict[str, int]:
    """The years by their digits, and those of the address as far as `narrow` brings them to one of these."""
    known = {str(year): year for year in years}
    asked = {text: narrow(int(text)) for text in st.query_params.get_all(key) if YEAR.fullmatch(text)}
    return known | {text: year for text, year in asked.items() if str(year) in known}


def _settle_metric(family: str | None) -> None:
    """Bring metrics asked for by their ids, as the endpoint takes them, to the page's own choice that shows them.

    They stay where the page has none.
    """
    asked = set(st.query_params.get_all("metric"))
    fitting = [aspect for aspect in family_aspects(family) if asked <= set(aspect.metrics)] if family else []
    if asked and fitting:
        title = fitting[0].title
        _respell({"metric": {}, f"{family}_metric": {title: title}})


def _read_ceiling(asked: str | None) -> str | None:
    """The ceiling in full words; None where it is none."""
    try:
        return banner([read_ceiling(asked)]) if asked else None
    except UnknownMarkingError:
        return None


def _say_status(status: str) -> str:
    return STATUS_LOOKS[status].word


def _settle_address(*filters: tuple[str, Mapping[str, Any], Callable[[Any], str]]) -> None:
    """Bring the filters of an address opened or gone back to to the words of their widgets, which know no codes.

    Given are of each its key, its options by what they may be called in lower case, and how one is said. What cannot be
    chosen Streamlit would drop, as it does names that no widget has, and so show more than was asked for: the run ends
    with words on it in place of the page.
    """
    left_out = st.session_state.get("left_out", ())
    spelt: dict[str, dict[str, Any]] = {
        name: {} for name in unknown_names(name for name in st.query_params if st.query_params.get_all(name))
    }
    unknown = [(name, "") for name in spelt if (name, "") not in left_out]
    for key, named, say in filters:
        texts = [text for text in st.query_params.get_all(key) if text]
        words = {say(named[text.casefold()]): named[text.casefold()] for text in texts if text.casefold() in named}
        unknown += [(key, text) for text in texts if text.casefold() not in named and (key, text) not in left_out]
        if not words.keys() >= set(texts):
            spelt[key] = words
    if unknown:
        _draw_unknown(unknown)
        st.stop()
    if spelt:
        _respell(spelt)
    st.session_state.pop("left_out", None)


def _respell(spelt: Mapping[str, Mapping[str, Any]]) -> None:
    """Bring these filters, each with its words and what they stand for, to the address, and run anew where need be.

    An address gone back to has filters that stand in the side bar already: Streamlit lets nothing but those write it,
    in the run after the one that Back began, which leaves out whatever is not in their words.
    """
    standing = {key: list(words.values()) for key, words in spelt.items() if key in st.session_state}
    for key, options in standing.items():
        st.session_state[key] = options if isinstance(st.session_state[key], list) else next(iter(options), None)
    if len(standing) < len(spelt):
        st.query_params.update({key: list(words) for key, words in spelt.items() if key not in standing})
        st.rerun()
    if st.session_state.pop("respelt", None) != standing:
        st.session_state["respelt"] = standing
        st.rerun()


def _draw_unknown(unknown: Sequence[tuple[str, str]]) -> None:
    """Says what of an address cannot be chosen, and leaves it to the reader to go on without it."""
    asked = ", ".join(f'{SAID_AS.get(key, key)} "{text}"' for key, text in unknown if text)
    strange = ", ".join(f'"{key}"' for key, text in unknown if not text)
    st.title("Border-security metrics")
    if asked:
        st.error(as_text(f"This page cannot show what its address asks for: {asked}."))
    if strange:
        st.error(as_text(f"This address has what no page knows: {strange}; known: {', '.join(PARAMETERS)}."))
    st.markdown("Nothing is shown, since without it the page would show more than was asked for.")
    st.button("Leave it out", on_click=st.session_state.update, args=({"left_out": unknown},))
    draw_banner(st, ())


def choose_country(code: str) -> None:
    """Make a country the only one chosen, in a callback of a widget."""
    st.session_state["country"], st.session_state["region"] = [code], []


def draw_banner(place: Any, marks: Iterable[str]) -> None:
    """The mark over all rows shown, in full words, as a coloured line."""
    words = banner(marks)
    place.html(
        f'<div class="banner" role="note" style="background:{banner_colour(words)}">{escape_text(words)}'
        f"<small>{CARRIED}</small></div>"
    )


def draw_samples_note(tables: data.Tables) -> None:
    """Says that sample cables are shown, where that is so."""
    if _cached_samples(tables, tables.build):
        st.info(
            "Sample cables, written for this program from figures of real ones. "
            "See your own: page Add cables, or `make run CABLES=path`."
        )


def as_text(words: str) -> str:
    """Words that a message box shows as they stand, though they come from a cable or a reader."""
    return MARKDOWN_SIGN.sub(r"\\\1", words)


def draw_nothing(what: str, fix: str) -> None:
    """Says what is not there and what to do about it."""
    st.info(f"{as_text(what)} {fix}")
