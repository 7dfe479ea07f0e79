"""Country, site, actor, period, status and speaker of a figure: one table of readings per rule."""

from __future__ import annotations

import calendar
import doctest
import re
from datetime import date
from itertools import product
from time import process_time
from typing import Any

import pycountry
import pytest

from metrics import actors, date_expressions, dating, lines, periods, places, sites, speakers, status
from metrics.cable import read_cable
from metrics.context import Context, resolve_contexts
from metrics.lines import read_line
from metrics.observations import FLAGS
from metrics.periods import find_periods, period_bounds
from metrics.quantities import Quantity
from metrics.speakers import find_speaker
from metrics.statements import Statement
from metrics.status import find_status
from metrics.vocabulary import names

DATED = "R 120757Z APR 09\n"
HEADER = """FM AMEMBASSY {place}
TO RUEHC/SECSTATE WASHDC 5147

C O N F I D E N T I A L {place} 000623

SIPDIS

E.O. 12958: DECL: {until}
TAGS: PREL SNAR {tags}
SUBJECT: {subject}

Classified By: An Officer, 1.4 (b)

"""


def read(
    body: str,
    *figures: tuple[str, str],
    place: str = "ASTANA",
    tags: str = "KZ",
    subject: str = "CUSTOMS NOTES",
    of: str = "items",
    until: str = "03/19/2019",
    sent: str = DATED,
    serial: int = 623,
) -> list[Context]:
    """Contexts of the (number, metric) figures of a cable with this body, in text order."""
    text = sent + HEADER.format(place=place, tags=tags, subject=subject, until=until) + body + "\n"
    cable = read_cable(text, name=f"09{place}{serial}")
    statements, reached = [], text.index(body)
    for number, metric in figures:
        start = text.index(number, reached)
        reached = start + len(number)
        statements.append(_statement(cable, start, reached, metric, of))
    return resolve_contexts(cable, statements)


def _statement(cable, start: int, end: int, metric: str, of: str) -> Statement:
    paragraph = next(paragraph for paragraph in cable.paragraphs if paragraph.start <= start < paragraph.end)
    sentence = next(sentence for sentence in paragraph.sentences if sentence.start <= start < sentence.end)
    value = float("".join(sign for sign in cable.text[start:end] if sign.isdigit()) or 1)
    quantity = Quantity(start, end, value, value, "exact", "level", "item", None, of, end, end)
    return Statement(quantity, metric, "level", "item", of, paragraph, sentence, 0.9, metric)


def read_one(body: str, number: str, metric: str, **header: Any) -> Context:
    return read(body, (number, metric), **header)[0]


@pytest.mark.parametrize(
    "module", [actors, date_expressions, dating, lines, names, periods, places, sites, speakers, status]
)
def test_doctests_hold(module):
    assert doctest.testmod(module).failed == 0


# --- names


def test_every_country_of_iso_3166_and_kosovo_is_known():
    codes = {row["code"] for row in names.read_countries()}
    assert codes == {country.alpha_3 for country in pycountry.countries} | {"XKX"}


def test_every_country_stands_in_one_region():
    placed = [code for codes in names.regions().values() for code in codes]
    assert sorted([*placed, "ATA"]) == sorted(row["code"] for row in names.read_countries())


def test_country_names_agree_with_iso_3166():
    for country in pycountry.countries:
        row = next(row for row in names.read_countries() if row["code"] == country.alpha_3)
        known = {row["name"], *row["aliases"].split(";")}
        usual = getattr(country, "common_name", country.name).split(",")[0]
        assert names.squash_post(usual) in {names.squash_post(name) for name in known} | _RENAMED.get(
            country.alpha_3, set()
        )


# Names that ISO 3166 writes otherwise than the cables do.
_RENAMED = {
    "PSE": {"PALESTINE"},
    "VIR": {"VIRGINISLANDS"},
    "VGB": {"VIRGINISLANDS"},
    "FLK": {"FALKLANDISLANDSMALVINAS"},
    "COD": {"CONGO"},
    "MAF": {"SAINTMARTINFRENCHPART"},
    "SXM": {"SINTMAARTENDUTCHPART"},
    "SHN": {"SAINTHELENA"},
    "VAT": {"HOLYSEEVATICANCITYSTATE"},
    "BES": {"BONAIRE"},
    "CPV": {"CABOVERDE"},
}


@pytest.mark.parametrize(
    ("tag", "code"),
    [("CH", "CHN"), ("IS", "ISR"), ("KS", "KOR"), ("CS", "CRI"), ("SP", "ESP"), ("UP", "UKR"), ("KV", "XKX")],
)
def test_tags_are_codes_of_their_own(tag, code):
    assert names.countries_by_tag()[tag] == code


@pytest.mark.parametrize("column", ["tags", "aliases", "demonyms", "cities"])
def test_no_name_belongs_to_two_countries(column):
    seen: dict[str, str] = {}
    for row in names.read_countries():
        for name in filter(None, row[column].split(";")):
            assert seen.setdefault(name, row["code"]) == row["code"], name


@pytest.mark.parametrize(
    ("post", "code"),
    [
        ("SANJOSE", "CRI"),
        ("MONTERREY", "MEX"),
        ("EFTOLONDON", "GBR"),
        ("USUNNEWYORK", "USA"),
        ("RPODUBAI", "ARE"),
        ("UNVIEVIENNA", "AUT"),
        ("USNATO", "BEL"),
        ("NDJAMENA", "TCD"),
    ],
)
def test_posts_stand_in_countries(post, code):
    assert names.countries_by_post()[post] == code


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("patrols in the Gulf of Mexico", []),
        ("Niger Delta gangs", [("country", "NGA")]),
        ("EQUATORIAL GUINEA CUSTOMS", [("country", "GNQ")]),
        ("the U.S.-funded school", [("country", "USA")]),
        ("staff of UNODC and the Carabineros", [("organisation", "UNODC"), ("agency", "CHL")]),
        ("mexican lower case is no name", []),
    ],
)
def test_names_take_the_longest_reading(text, found):
    assert [(name.kind, name.value) for name in names.find_names(text)] == found


# --- country


@pytest.mark.parametrize(
    ("body", "number", "country", "flag"),
    [
        ("1. (C) Guards at Kazakhstan's ports stopped 40 lorries.", "40", "KAZ", None),
        ("1. (C) Police stopped 40 lorries.", "40", "KAZ", "country_from_tags"),
        ("1. (C) In Panama the navy arrested 12 Colombian nationals.", "12", "PAN", None),
        ("1. (C) Uzbek customs officers seized 30 kilos of opium.", "30", "UZB", None),
        ("1. (C) The guards watch 70 posts along the border with Russia.", "70", "KAZ", "country_from_tags"),
        ("1. (C) The GOU keeps 28 posts open.", "28", "UZB", None),
        ("Kazakhstan keeps 90 posts; Mongolia for its part has 20 posts.", "20", "MNG", None),
        ("1. (C) Of 90 boats with Kazakh flags, 40 were seized by Uzbek guards.", "40", "UZB", None),
        ("1. (C) Pills from Kazakhstan confiscated by U.S. authorities came to 40.", "40", "USA", None),
        ("1. (C) Police arrested 40 men; one is Uzbek.", "40", "KAZ", "country_from_tags"),
        ("1. (C) There were 40 Uzbek entries in the year.", "40", "KAZ", "country_from_tags"),
        ("1. (C) There were 40 Uzbekistan citizens to be sent home.", "40", "KAZ", "country_from_tags"),
        ("1. (C) Kazakhstan guards its border with Mongolia with 120 men.", "120", "KAZ", None),
        (
            "CHINESE AND KOREAN GUARDS\n-----------------\n\n1. (C) It took in 57.",
            "57",
            "KAZ",
            "country_from_tags",
        ),
        ("1. (C) Officials told the GOU that 40 had left.", "40", "KAZ", "country_from_tags"),
        ("1. (C) They sent 40 men to meet with Uzbek officials.", "40", "KAZ", "country_from_tags"),
        ("1. (C) In all 40 bags are taken before reaching Russia.", "40", "KAZ", "country_from_tags"),
        ("1. (C) Uzbekistan gave 40 radios to guards at the border of Kazakhstan.", "40", "KAZ", None),
        ("1. (C) Of the pills seized in the U.S., 40 came from Kazakhstan.", "40", "USA", None),
        ("1. (C) He praised the seizure of 40 kilos made by Uzbek counterparts.", "40", "UZB", None),
        ("1. (C) Of the men, 40 are Russian and live in Russia.", "40", "KAZ", "country_from_tags"),
        ("CHINESE MIGRANTS RESCUED\n------------------\n\n1. (C) It took in 57.", "57", "KAZ", "country_from_tags"),
        ("CHINESE MIGRATION GROWS\n-----------------\n\n1. (C) It took in 57.", "57", "KAZ", "country_from_tags"),
        ("CHINESE: MORE AND MORE\n-----------------\n\n1. (C) It took in 57.", "57", "KAZ", "country_from_tags"),
        (
            "The Chinese sat. The Chinese ate. The Chinese left. The Chinese are 15.",
            "15",
            "KAZ",
            "country_from_tags",
        ),
    ],
)
def test_country_of_the_nearest_statement(body, number, country, flag):
    context = read_one(body, number, "personnel", tags="KZ UZ")
    assert context.country == country
    assert (flag in context.flags) if flag else not any(mark.startswith("country_") for mark in context.flags)


@pytest.mark.parametrize(
    ("body", "number", "metric", "country"),
    [
        ("1. (C) The Uzbek Drug Control Agency seized 40 kilos more than Tajik police did.", "40", "seizures", "UZB"),
        ("1. (C) In the winter the Uzbek border guards at last held as many as 40 men.", "40", "arrests", "UZB"),
        ("1. (C) They trained 40 men of the Uzbekistan police.", "40", "people_trained", "UZB"),
        (
            "1. (C) They taught 40 agents of the Uzbekistan police in courses by the Turkish army.",
            "40",
            "people_trained",
            "UZB",
        ),
        (
            "1. (C) Now the GOU has deployed 40 men of a mounted brigade to the Kazakh border.",
            "40",
            "personnel",
            "UZB",
        ),
        ("1. (C) Kazakhstan contributed $40 million last year to Mongolia.", "$40 million", "funding", "MNG"),
        (
            "1. (C) Minister Aliyev announced $40 million in new aid for Mongolia's border areas.",
            "$40 million",
            "funding",
            "MNG",
        ),
        ("1. (C) With the help of Russian police it was found that 40 were forged.", "40", "incidents", "KAZ"),
        ("1. (C) Seats for 40 men in Russia Mountain Rescue School.", "40", "people_trained", "KAZ"),
        ("1. (C) Of migrants departing Uzbekistan 40 landed.", "40", "irregular_crossings", "KAZ"),
        ("1. (C) The police of both arrested 40 in the United States.", "40", "arrests", "USA"),
    ],
)
def test_country_of_who_acts_and_who_is_given(body, number, metric, country):
    assert read_one(body, number, metric, tags="KZ UZ").country == country


def test_each_place_of_two_arrests_has_its_own():
    body = "1. (C) The raids led to the arrest of 80 men in the United States and 30 in Almaty."
    assert [one.country for one in read(body, ("80", "arrests"), ("30", "arrests"))] == ["USA", "KAZ"]


def test_country_inside_a_sentence_holds_for_its_second_figure():
    first, second = read(
        "1. (C) Monitors work at 31 of Turkmenistan's crossings, but there are 90 crossings in all.",
        ("31", "checkpoints_equipped"),
        ("90", "checkpoints_total"),
        place="TASHKENT",
        tags="UZ TX",
    )
    assert (first.country, second.country) == ("TKM", "TKM")


def test_who_pays_is_named_behind_the_sum():
    body = "1. (C) With $4 million from INL and $3 million from the GOK the customs centre is short of funds."
    assert [one.actor for one in read(body, ("$4 million", "funding"), ("$3 million", "funding"))] == ["USA", "KAZ"]


def test_each_receiver_of_two_sums_has_its_own():
    body = "1. (C) The US is helping Kazakhstan with $4 million and Mongolia with another $3 million for customs."
    assert [one.country for one in read(body, ("$4 million", "funding"), ("$3 million", "funding"))] == ["KAZ", "MNG"]


def test_regional_cable_has_one_country_a_paragraph():
    body = (
        "1. (C) Kenya: Kenya has few scanners. Customs in Kenya seized 15 boats.\n\n"
        "2. (C) Uganda: Uganda has none. The police confiscated 25 boats in May.\n"
    )
    contexts = read(body, ("15", "seizures"), ("25", "seizures"), place="NAIROBI", tags="KE UG")
    assert [context.country for context in contexts] == ["KEN", "UGA"]
    assert "country_from_paragraph" in contexts[1].flags


@pytest.mark.parametrize(
    ("place", "tags", "subject", "country", "flag"),
    [
        ("LONDON", "UK PK", "PAKISTAN: NEW BORDER AID", "PAK", "country_from_subject"),
        ("CAIRO", "EG IS", "GUARDS MEET", "EGY", "country_from_tags"),
        ("ASTANA", "XX", "GUARDS MEET", "KAZ", "country_from_post"),
    ],
)
def test_country_falls_back_to_subject_tags_and_post(place, tags, subject, country, flag):
    context = read_one("1. (C) They hold 80 lorries.", "80", "seizures", place=place, tags=tags, subject=subject)
    assert context.country == country
    assert flag in context.flags


def test_country_is_none_where_nothing_tells_it():
    context = read_one("1. (C) They hold 80 lorries.", "80", "seizures", place="NOWHERE", tags="XX")
    assert (context.country, context.actor) == (None, None)


# --- period


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("in November 2007", ["2007-11"]),
        ("on 27 May 2008 and on Dec. 22", ["2008-05-27", "2008-12-22"]),
        ("on November 3-7, 2008", ["2008-11-03/2008-11-07"]),
        ("from April 27-May 1", ["2008-04-27/2008-05-01"]),
        ("from January to July 2008", ["2008-01/2008-07"]),
        ("between December 23, 2007 and January 18, 2008", ["2007-12-23/2008-01-18"]),
        ("in July and August", ["2008-07/2008-08"]),
        ("during the first half of 2008", ["2008-01/2008-06"]),
        ("in the first quarter of 2009", ["2009-01/2009-03"]),
        ("in the first two months of this year", ["2009-01/2009-02"]),
        ("in Q3 2008", ["2008-07/2008-09"]),
        ("FY08 and CY 2007", ["2008", "2007"]),
        ("from CY 00-02", ["2000/2002"]),
        ("since 2001", ["2001/2009"]),
        ("since the beginning of the year", ["2009"]),
        ("counted through March 17", ["2009-03-17"]),
        ("on April 13", ["2009-04-13"]),
        ("on April 20", ["2008-04-20"]),
        ("in the last quarter of FY 2008", ["2008-07/2008-09"]),
        ("in Q1 FY 2009", ["2008-10/2008-12"]),
        ("in the first quarter of the fiscal year 2009", ["2008-10/2008-12"]),
        ("in the last 18 months of 2008", ["2007-07/2008-12"]),
        ("in the last quarter of 2008", ["2008-10/2008-12"]),
        ("since December", ["2008-12/2009-04"]),
        ("last year, this year, next year", ["2008", "2009", "2010"]),
        ("last month", ["2009-03"]),
        ("over the past six months", ["2008-10/2009-04"]),
        ("three years ago", ["2006"]),
        ("yesterday", ["2009-04-11"]),
        ("a count as of September 30, 2008", ["2008-01/2008-09"]),
        ("by early October, as planned", ["2009-10"]),
        ("6/14/08", ["2008-06-14"]),
        ("in May and June 2008", ["2008-05/2008-06"]),
        ("police had seized nine kilos as of mid-October 2008", ["2008-01/2008-10"]),
        ("cases pending as of October 2008", ["2008-10"]),
        ("sent back since the patrols began in March", ["2009-03/2009-04"]),
        ("seized since the new director took office in May 2008", ["2008-05/2009-04"]),
        ("the police seized two boats in May 2008", ["2008-05"]),
        ("in the week of February 26", ["2009-02-26/2009-03-04"]),
        ("on February 29", ["2008-02-29"]),
        ("from February 28-29", ["2008-02-28/2008-02-29"]),
        ("between February 29 and March 5, 2009", [""]),
        ("between January 20 and the February visit", ["2009-01-20/2009-02"]),
        ("from January to the end of March", ["2009-01/2009-03"]),
        ("over the past year", ["2008-04/2009-04"]),
        ("over the past fiscal year", ["2008"]),
        ("during the reporting period", []),
    ],
)
def test_date_expressions(text, expected):
    assert [mention.period for mention in find_periods(text, date(2009, 4, 12))] == expected


@pytest.mark.parametrize(
    "text",
    [
        "about 2000 kilos",
        "$2008",
        "2,008 boxes",
        "the officer may leave",
        "they march on",
        "UNSCR 1540",
        "February 31",
        "the 1990s",
        "2008.5",
    ],
)
def test_no_date_expressions(text):
    assert find_periods(text, date(2009, 4, 12)) == []


@pytest.mark.parametrize(
    "shape", ["on {} {}", "by {} {}", "since {} {}", "the week of {} {}", "{} {}, 2009", "{0} 1-{1}"]
)
def test_every_day_of_the_calendar_reads_as_a_period_or_as_none(shape):
    for month, day in product(calendar.month_name[1:], range(1, 32)):
        for mention in find_periods(shape.format(month, day), date(2009, 4, 12), ahead_from=0):
            first, last = period_bounds(mention.period)
            assert first <= last


def test_months_without_a_year_need_the_cable_date():
    assert [mention.period for mention in find_periods("on December 1", None)] == [""]
    (mention,) = find_periods("on December 1", date(2009, 4, 12))
    assert (mention.period, mention.flags) == ("2008-12-01", ("year_assumed",))


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("2008", date(2008, 1, 1), date(2008, 12, 31)),
        ("2008-02", date(2008, 2, 1), date(2008, 2, 29)),
        ("2008-11-03/2008-11-07", date(2008, 11, 3), date(2008, 11, 7)),
        ("2007-12/2009", date(2007, 12, 1), date(2009, 12, 31)),
    ],
)
def test_period_bounds(period, first, last):
    assert period_bounds(period) == (first, last)


_LATER = [None, "2008", None]


@pytest.mark.parametrize(
    ("body", "figures", "expected"),
    [
        ("1. (C) Police seized 68 kilos in 2007 compared to 146 in 2006.", ("68", "146"), ["2007", "2006"]),
        ("1. (C) Guards seized 30 boats in 2007 and took 45 rifles.", ("30", "45"), ["2007", "2007"]),
        ("1. (C) Hauls rose from 25 tons in 2006 to 70 tons in 2008.", ("25", "70"), ["2006", "2008"]),
        ("1. (C) In 2006 the post seized 13 lorries, a rise of 40 lorries over 2005.", ("13", "40"), ["2006", "2006"]),
        ("1. (C) The March 2, 2009 article said that 20 lorries were held on February 1.", ("20",), ["2009-02-01"]),
        ("1. (C) In April 2008 a paper wrote that in October 2007 customs held 15 lorries.", ("15",), ["2007-10"]),
        ("1. (C) The academy, set up in 2002, has thus far passed 125 lorries.", ("125",), [None]),
        ("1. (C) On May 10, 2008 police stopped a van. They also seized 19 rifles.", ("19",), ["2008-05-10"]),
        ("1. (C) On May 10, 2008 police stopped a van. The depot is full and holds 19 rifles.", ("19",), [None]),
        ("1. (C) Before the crisis, in normal times, they held 60 lorries. In 2008 it was less.", ("60",), [None]),
        (
            "1. (C) Hauls grew to 63 rifles, up from 25 last year, and those of radios to 10.",
            ("63", "25", "10"),
            _LATER,
        ),
        ("1. (C) They seized 16 rifles in a 1998 Freightliner truck.", ("16",), [None]),
        ("1. (C) The depot got 44 rifles (21 in 2008).", ("44", "21"), [None, "2008"]),
        (
            "1. (C) Since June 20 they took 44 rifles, compared to 2007 figures showing only 21 rifles and 17 vans.",
            ("21", "17"),
            ["2007", "2007"],
        ),
        ("1. (C) On May 1 a law passed. Guards seized 44 rifles over the past year.", ("44",), ["2008-04/2009-04"]),
        ("1. (C) In May 2008 police took 44 rifles from the largest ring found to date.", ("44",), ["2008-05"]),
        ("1. (C) To date, the patrols took 44 rifles in 2008.", ("44",), ["2008"]),
        ("1. (C) In 2004 they took more than 65 rifles (2003: 44 rifles).", ("65", "44"), ["2004", "2003"]),
        ("1. (C) He feared another like the 2008 Gaza border breach, which sent 44 men over.", ("44",), ["2008"]),
        ("1. (C) On May 1 he spoke. During his tenure they seized 44 rifles.", ("44",), [None]),
        ("1. (C) They hold 44 rifles taken since the start of his rule in May 2008.", ("44",), ["2008-05/2009-04"]),
        ("1. (C) In March, using the 2008 amendments to the law, they took 44 rifles.", ("44",), ["2009-03"]),
        ("1. (C) He said that 44 rifles would arrive in June.", ("44",), ["2009-06"]),
        ("1. (C) Along the 2000-mile border they took 44 rifles.", ("44",), [None]),
        ("1. (C) On May 10, 2008 police took 44 rifles. Of those 21 were new.", ("21",), ["2008-05-10"]),
        ("1. (C) On May 10, 2008 police stopped a van. Now 16 of them are stored.", ("16",), [None]),
        ("1. (C) On May 10, 2008 police took rifles. Some 16 of these are foreign.", ("16",), ["2008-05-10"]),
        ("1. (C) On May 10, 2008 police took rifles. The other 16 are foreign.", ("16",), ["2008-05-10"]),
        ("1. (C) They took fewer rifles in 2008 (16) compared to 2007 (44).", ("16", "44"), ["2008", "2007"]),
        ("1. (C) In 2008 hauls of rifles rose from 21 boxes to 44.", ("21", "44"), [None, "2008"]),
        ("1. (C) Between December 20 and the February visit police took 44 rifles.", ("44",), ["2008-12-20/2009-02"]),
        ("1. (C) Clerks who went there in March reported that police took 44 rifles.", ("44",), [None]),
    ],
)
def test_which_date_is_the_figures_own(body, figures, expected):
    contexts = read(body, *((number, "seizures") for number in figures))
    assert [context.period for context in contexts] == expected


@pytest.mark.parametrize(
    ("telling", "period"),
    [
        ("In a January 15 meeting the colonel spoke of smuggling. He said that", "2008-11/2009-01"),
        ("Inspectors who went there in January reported that", "2008-11/2009-01"),
        ("The ministry published a long report in January. The report claimed that", "2008-11/2009-01"),
        ("They seized a van in January. The colonel said that", "2009-02/2009-04"),
        ("In a January 15 meeting the colonel spoke of smuggling. Now,", "2009-02/2009-04"),
    ],
)
def test_relative_words_are_read_against_the_day_on_which_they_were_said(telling, period):
    context = read_one(f"1. (C) {telling} guards took 44 rifles in the past two months.", "44", "seizures")
    assert context.period == period


@pytest.mark.parametrize(
    ("stated", "period"),
    [
        ("The reporting period is March 2008-February 2009.", "2008-03/2009-02"),
        ("No one was extradited in the period March 2008 to February 2009.", "2008-03/2009-02"),
        ("It was less than in the previous reporting period from March 2007 to February 2008.", None),
        ("No one was extradited.", None),
    ],
)
def test_the_reporting_period_is_known_where_the_cable_states_it(stated, period):
    body = f"1. (C) During the reporting period, guards took 44 rifles.\n\n2. (C) {stated}\n"
    assert read_one(body, "44", "seizures").period == period


def test_figure_stated_again_takes_the_date_of_its_other_mention():
    body = "1. (C) Summary: Police held 547 rifles.\n\n2. (C) From April to November 2008, police held 547 rifles.\n"
    first, second = read(body, ("547", "seizures"), ("547", "seizures"), of="rifles")
    assert (first.period, second.period) == ("2008-04/2008-11", "2008-04/2008-11")
    assert "period_inherited" in first.flags
    assert "period_inherited" not in second.flags


def test_a_cell_of_a_table_holds_for_the_year_over_its_column():
    table = "Drugs seized 2007 2008:\nHashish (kilos) 417 520\nHeroin (kilos) 31 -\nCocaine (kilos) 12 90\n"
    for number, year in (("417", "2007"), ("520", "2008"), ("31", "2007"), ("90", "2008")):
        assert read_one(table, number, "seizures").period == year


def test_money_of_a_fiscal_year_is_not_spent_in_it():
    context = read_one("1. (C) They rented a hall for US$24,000 with FY 2006 funds.", "US$24,000", "funding")
    assert context.period is None


def test_day_of_an_announcement_does_not_date_a_plan():
    body = "1. (C) On March 25 the minister announced that the ministry will give 50 million tenge."
    assert read_one(body, "50 million", "funding").period is None


# --- status


@pytest.mark.parametrize(
    ("text", "number", "metric", "expected"),
    [
        ("DOE installed monitors at 9 crossings in 2008.", "9", "installations", "actual"),
        ("DOE installed monitors last year and is working on 8 sites now.", "8", "installations", "in_progress"),
        ("Norway signed a memorandum and is providing 800 radios.", "800", "equipment", "in_progress"),
        ("The ministry remains committed to spending $65 million on reform.", "$65 million", "funding", "planned"),
        ("of which $18 million will come from the bank", "$18 million", "funding", "planned"),
        ("The guards asked for 12 trucks.", "12", "equipment", "requested"),
        ("Customs is short of 40 officers.", "40", "personnel", "requested"),
        ("We have on order 3 boats for the coast guard.", "3", "equipment", "in_progress"),
        ("The council has approved 40 scanners.", "40", "equipment", "planned"),
        ("They plan to raise the units from 14 to 34.", "14", "personnel", "actual"),
        ("They plan to raise the units from 14 to 34.", "34", "personnel", "planned"),
        ("Should the two posts stay, 9 guards would join.", "9", "personnel", "planned"),
        ("If the plan holds, guards seized 9 boats.", "9", "seizures", "actual"),
        ("Police arrested 9 men who will be tried.", "9 men", "arrests", "planned"),
        ("- Buy 2 patrol boats", "2", "equipment", "planned"),
        ("Work at between 5 and 7 further crossings is planned for 2010.", "5 and 7", "installations", "planned"),
        ("Aid for customs is projected at $10 million.", "$10 million", "funding", "planned"),
        ("He may solicit funds of $10 million for the border.", "$10 million", "funding", "requested"),
        ("They pledged but not transferred the border unit's $10 million.", "$10 million", "funding", "planned"),
        ("The coast guard spent the budgeted $10 million.", "$10 million", "funding", "actual"),
        ("The coast guard has budgeted $10 million.", "$10 million", "funding", "planned"),
        ("The ministry has ordered 4 scanners.", "4", "equipment", "in_progress"),
        ("Letters were signed to purchase 4 scanners.", "4", "equipment", "planned"),
        ("The post supports using $10 million for radars.", "$10 million", "funding", "planned"),
        ("The INL-approved purchase gave the unit 4 radios.", "4", "equipment", "actual"),
        ("Two officers of U.S. Customs and Border Protection will come in May.", "Two", "exchange_visits", "planned"),
    ],
)
def test_status_from_tense_and_modality(text, number, metric, expected):
    line = read_line(text)
    start = line.text.index(number)
    assert find_status(line, (start, start + len(number)), metric) == expected


def test_list_item_without_a_verb_takes_the_status_of_its_lead_in():
    body = "1. (C) The guards need the following:\n\n-- 12 radios for the coast\n\n-- 30 tyres\n"
    assert [context.status for context in read(body, ("12", "equipment"), ("30", "equipment"))] == ["requested"] * 2


# --- actor


@pytest.mark.parametrize(
    ("body", "number", "metric", "actor"),
    [
        (
            "Ships of the U.S. Navy and Coast Guard have seized 25 kilos of drugs off Costa Rica.",
            "25",
            "seizures",
            "USA",
        ),
        ("1. (C) DOE installed monitors at 17 crossings.", "17", "installations", "USA"),
        ("1. (C) Kazakhstan's own service installed monitors at 40 crossings.", "40", "installations", "KAZ"),
        ("1. (C) Norway pledged $800,000 in Norwegian funding for the posts.", "$800,000", "funding", "NOR"),
        ("1. (C) Training for 44 guards was provided by UNODC.", "44", "people_trained", "UNODC"),
        ("1. (C) Police seized 60 rifles.", "60", "seizures", "KAZ"),
        ("1. (C) In all 60 rifles were seized.", "60", "seizures", None),
        ("1. (C) The fleet consists of 60 boats.", "60", "equipment", None),
        ("1. (C) Some 60 migrants crossed by night.", "60", "irregular_crossings", None),
        ("1. (C) Guards sent back 60 migrants.", "60", "irregular_crossings", "KAZ"),
        ("1. (C) There are 60 posts.", "60", "checkpoints_total", None),
        ("The aid bank liked Omarov's $3 million customs plan, which UNODC may study.", "$3 million", "funding", "KAZ"),
        ("The government will spend $9 million; the World Bank pays $2 million of it.", "$9 million", "funding", "KAZ"),
        (
            "The government will spend $9 million; the World Bank pays $2 million of it.",
            "$2 million",
            "funding",
            "World Bank",
        ),
        ("The Coast Guard academy has trained 40 officers.", "40", "people_trained", "KAZ"),
        ("1. (C) In the G/TIP-funded course 40 Kazakh officers learned to search.", "40", "people_trained", "USA"),
        ("1. (C) A course sponsored by the Ministry of Justice drew 40 guests.", "40", "people_trained", "KAZ"),
        ("1. (C) The Prosecutor's office conducted training for 40 lawyers.", "40", "people_trained", "KAZ"),
        ("1. (C) Fewer than 40 got help from government-funded programs.", "40", "funding", "KAZ"),
        ("1. (C) With Japan as a donor of $9 million, work began.", "$9 million", "funding", "JPN"),
        ("1. (C) The Kazakh guards had closed 40 tunnels.", "40", "incidents", "KAZ"),
        ("Some 60 migrants were rescued from the water.", "60", "irregular_crossings", None),
        ("Some 60 migrants left for a Search and Rescue area.", "60", "irregular_crossings", None),
        ("Fishermen and a police boat rescued 60 migrants.", "60", "irregular_crossings", "KAZ"),
        ("Officers found 60 women in the cellar.", "60", "irregular_crossings", "KAZ"),
        ("The book tells of 40 cases of smuggling.", "40", "incidents", None),
        ("Some 40 cases of smuggling are pending.", "40", "incidents", "KAZ"),
        ("Police spoke of 40 cases of smuggling.", "40", "incidents", "KAZ"),
        ("In Astana, Polish police arrested 40 men.", "40", "arrests", "POL"),
        ("Guards on the Kazakh-Uzbek border arrested 40 men.", "40", "arrests", "KAZ"),
        ("Guards in Astana held Poles arrested with 40 rifles.", "40", "seizures", "KAZ"),
        ("Of those held here, 40 will be tried in Poland.", "40", "arrests", "POL"),
        ("Kazakhstan took in 40 women deported from Poland.", "40", "irregular_crossings", "POL"),
        ("He saw guards on the Polish border and had to send 40 men there.", "40", "personnel", "KAZ"),
        ("The Institute's new branch trained over 40 officers.", "40", "people_trained", "KAZ"),
        ("In May they were trained 40 times.", "40", "people_trained", None),
        ("This meant the training of 40 officers by the Kazakh border police.", "40", "people_trained", "KAZ"),
        ("Kazakhstan will buy 40 vans using EXBS funds.", "40", "equipment", "USA"),
        ("Then NSOI set aside $400,000 for the posts.", "$400,000", "funding", "USA"),
        ("KNB counted 40 inspections.", "40", "inspections", "KAZ"),
        ("1. (C) There were 40 boat seizures by Uzbek authorities off the Kazakh coast.", "40", "seizures", "UZB"),
    ],
)
def test_actor_by_metric(body, number, metric, actor):
    assert read_one(body, number, metric).actor == actor


def test_actor_named_before_is_inherited_with_a_flag():
    body = "1. (C) EXBS delivered radios to the guards. The gift also included 30 tents that were delivered in May."
    context = read_one(body, "30", "equipment")
    assert context.actor == "USA"
    assert "actor_inherited" in context.flags


def test_money_of_a_second_figure_has_its_own_giver():
    body = (
        "1. (C) The Kazakhstani government spent $65 million on reform, of which $18 million came from the World Bank."
    )
    first, second = read(body, ("$65 million", "funding"), ("$18 million", "funding"))
    assert (first.actor, second.actor) == ("KAZ", "World Bank")


# --- site


@pytest.mark.parametrize(
    ("body", "number", "metric", "site"),
    [
        ("1. (C) Officers at the Dostyk crossing seized 15 rifles.", "15", "seizures", "Dostyk crossing"),
        ("1. (C) Police near the harbor town of Hofn arrested 30 men.", "30", "arrests", "Hofn"),
        ("1. (C) The Port of Algeciras moves 90 percent of the cargo.", "90", "cargo", "Port of Algeciras"),
        ("1. (C) About 70 percent of Dostyk's population work for the railway.", "70", "workforce_share", "Dostyk"),
        ("1. (C) Posts were set up in Spain: Algeciras (12), Barcelona (13).", "13", "personnel", "Barcelona"),
        ("1. (C) Boats came from Tunisia (6,799) and Ghana (1,802).", "6,799", "irregular_crossings", None),
        ("1. (C) In March, police in Europe seized 15 rifles.", "15", "seizures", None),
        ("1. (C) The border with China is 1,700 kilometres long near Dostyk.", "1,700", "border_length", None),
        ("1. (C) Police arrested 30 men in eastern Slovakia November 28.", "30", "arrests", "eastern Slovakia"),
        ("A Pavlodar court tried 30 men.", "30", "arrests", None),
        ("An Almaty court tried 30 men.", "30", "arrests", "Almaty"),
        ("Pavlodar and Almaty police held 30 men.", "30", "arrests", None),
        ("Some 30 percent goes through the northern coast.", "30", "incidents", "northern coast"),
        ("They moved 30 men from here to the eastern border.", "30", "personnel", "eastern border"),
        ("The Department of Public Security arrested 30 men.", "30", "arrests", None),
        ("Police arrested 30 men who came from West Africa.", "30", "arrests", None),
        ("Boats took 30 people to the Persian Gulf region.", "30", "irregular_crossings", None),
        ("Some 30 people left for a Search and Rescue area.", "30", "irregular_crossings", None),
        ("Some 30 people came, said the embassy in Almaty.", "30", "irregular_crossings", None),
        ("He saw 30 people in a camp 50 miles north of Almaty.", "30", "irregular_crossings", None),
        ("They visited Ridder detention center and 30 people.", "30", "irregular_crossings", "Ridder detention center"),
        ("1. (C) POLICE SEIZED 30 RIFLES AT THE DOSTYK CROSSING IN MAY.", "30", "seizures", "DOSTYK CROSSING"),
        ("1. (C) POLICE ARRESTED 30 MEN IN MAY, NOW IN CUSTODY.", "30", "arrests", None),
    ],
)
def test_site_as_written(body, number, metric, site):
    assert read_one(body, number, metric).site == site


def test_site_of_an_item_of_a_list_is_not_that_of_the_next():
    body = (
        "1. (C) Norway will refit a boat in Aktau for $9 million; buy radios for $4 million; hire crews for $3 million."
    )
    contexts = read(body, ("$9 million", "funding"), ("$4 million", "funding"), ("$3 million", "funding"))
    assert [context.site for context in contexts] == ["Aktau", None, None]


def test_site_of_a_figure_goes_before_that_of_a_later_figure():
    body = "1. (C) Police held 30 men in Poland and 12 in Almaty."
    contexts = read(body, ("30", "arrests"), ("12", "arrests"))
    assert [context.site for context in contexts] == [None, "Almaty"]


def test_site_of_an_event_holds_in_the_next_sentence_but_not_for_another_date():
    body = (
        "1. (C) On April 3, police stopped a boat near Aktau and seized 55 rifles. They arrested 16 men. "
        "On April 9, police elsewhere arrested 17 men."
    )
    contexts = read(body, ("55", "seizures"), ("16", "arrests"), ("17", "arrests"))
    assert [context.site for context in contexts] == ["Aktau", "Aktau", None]
    assert [context.period for context in contexts] == ["2009-04-03", "2009-04-03", "2009-04-09"]


# --- speaker


@pytest.mark.parametrize(
    ("text", "number", "speaker"),
    [
        ("Petrenko said that 28 posts have monitors.", "28", "Petrenko"),
        ("Local officials told EXBS staff that 70 percent work there.", "70", "Local officials"),
        ("According to the IOM, 31 boats came ashore.", "31", "IOM"),
        ("He added that 12 boats were held.", "12", "unnamed"),
        ("According to press reports, the court tried 12 men.", "12", "press reports"),
        ("Many estimates say 12 boats were held.", "12", "unnamed"),
        ("Reportedly 12 boats were held.", "12", None),
        ("Drivers reportedly paid 12 dollars.", "12", "unnamed"),
        ("Guards held 12 boats.", "12", None),
        ("As reported above, guards took 40 kilos.", "40", None),
        ("Estimates vary, and officers hold that 40 percent pass.", "40", None),
        ("The estimated price is $9 million.", "$9", None),
        ("Twelve alleged smugglers and 40 rifles were taken.", "40", None),
        ("Asked about terminals for the Far Bank, estimated at 40.", "40", None),
        ("Nobody believes the Ministry's claims of 40 posts.", "40", None),
        ("By ship, said the Navy, 40 came; A/S Petrova pointed out that 9 left.", "9", "A/S Petrova"),
        ("Minister Orlov's announced $9 million has not come.", "$9", "Minister Orlov"),
        (
            "Vice President and Minister of Defense Ivan Orlov stated that 40 went.",
            "40",
            "Vice President and Minister of Defense Ivan Orlov",
        ),
        ("According to Border Watch however at least 40 were shot.", "40", "Border Watch"),
        ("It ended its help, which the press reports was 40 trucks.", "40", "press"),
        ("Peru, said Minister Orlov, is doing its part; guards took 40 rifles.", "40", "Minister Orlov"),
        ("The daily Dawn newspaper reported that 40 were lost.", "40", "Dawn newspaper"),
    ],
)
def test_speaker_of_reported_speech(text, number, speaker):
    assert find_speaker(read_line(text), text.index(number)) == speaker


def test_a_pronoun_speaks_for_whoever_was_named_last():
    body = "1. (C) Orlov said that guards were few. Fog is common. He added that 40 rifles were taken."
    assert read_one(body, "40", "seizures").speaker == "Orlov"
    assert read_one("1. (C) He added that 40 rifles were taken.", "40", "seizures").speaker == "unnamed"
    hearsay = "1. (C) Orlov said that guards were few. Drivers reportedly paid for 40 rifles."
    assert read_one(hearsay, "40", "seizures").speaker == "unnamed"


def test_reported_speech_sets_its_flag():
    context = read_one("1. (C) Karimov said that guards seized 40 rifles.", "40", "seizures")
    assert (context.speaker, "reported_speech" in context.flags) == ("Karimov", True)


# --- cables without a date-time group


@pytest.mark.parametrize(
    ("until", "said", "period"),
    [
        ("03/19/2019", "In November", "2008-11"),
        ("03/19/2019", "In March", "2009-03"),
        ("03/19/2019", "On March 20", "2009-03-20"),
        ("03/19/2034", "On March 24", "2008-03-24"),
        ("02/29/2024", "On December 27", "2008-12-27"),
        ("2019/12/31", "In December", "2009-12"),
        ("01/01/2019", "In November", "2009-11"),  # no day, but a year
        ("03/19/2017", "In November", "2009-11"),  # eight years are no term
        ("N/A", "In November", "2009-11"),
    ],
)
def test_declassification_tells_when_a_cable_was_written(until, said, period):
    assert read_one(f"1. (C) {said} guards seized 40 rifles.", "40", "seizures", until=until, sent="").period == period


@pytest.mark.parametrize(("serial", "period"), [(38, "2008-11"), (60, "2008-11"), (61, "2009-11")])
def test_low_serial_numbers_begin_the_year(serial, period):
    body = "1. (C) In November guards seized 40 rifles."
    assert read_one(body, "40", "seizures", until="N/A", sent="", serial=serial).period == period


def test_a_date_time_group_stands_above_the_declassification():
    body = "1. (C) In November guards seized 40 rifles."
    assert read_one(body, "40", "seizures", until="12/31/2019").period == "2008-11"


# --- all together


def test_flags_come_from_the_closed_list():
    body = "1. (C) Last year, said Karimov, guards seized 40 rifles. They held 50.\n\n2. (C) FY08 aid was $9 million."
    contexts = read(body, ("40", "seizures"), ("50", "seizures"), ("$9 million", "funding"))
    assert {flag for context in contexts for flag in context.flags} <= set(FLAGS)


def test_no_statements_give_no_contexts():
    assert read("1. (C) Nothing was counted.") == []


def test_line_breaks_and_page_lines_inside_a_sentence_change_nothing():
    plain = "1. (C) In 2008 Kazakhstan's guards at the Dostyk crossing seized 40 rifles."
    broken = plain.replace(" guards at", "\nguards  at").replace(
        " seized", " \n\nASTANA 00000623  002 OF 003\n\n\nseized"
    )
    assert read_one(plain, "40", "seizures") == read_one(broken, "40", "seizures")


@pytest.mark.parametrize("separator", [", ", ". "])
def test_time_grows_with_length_only(separator):
    def seconds(count: int) -> float:
        body = "1. (C) " + separator.join(
            f"In 2008 police in Aktau seized {10 + number % 80} rifles" for number in range(count)
        )
        text = DATED + HEADER.format(place="ASTANA", tags="KZ", subject="NOTES", until="03/19/2019") + body + ".\n"
        cable = read_cable(text, name="09ASTANA623")
        starts = [match.start() for match in re.finditer(r"\d\d(?= rifles)", text)]
        statements = [_statement(cable, start, start + 2, "seizures", "rifles") for start in starts]
        begin = process_time()
        resolve_contexts(cable, statements)
        return process_time() - begin

    seconds(50)
    assert seconds(320) < 8 * max(seconds(80), 0.05)
