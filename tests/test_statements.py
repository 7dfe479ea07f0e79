"""Claims, the ledger and their explanation."""

from __future__ import annotations

import pytest

from metrics.cable import read_cable
from metrics.features import find_candidates
from metrics.naming import name_of, name_unit
from metrics.observations import FLAGS
from metrics.rows import read_rows
from metrics.statements import LedgerEntry, Statement, explain_claims, find_statements, metrics_of, rank_claims


def read(text: str) -> tuple[list[Statement], list[LedgerEntry]]:
    return find_statements(read_cable(text, name="EXAMPLE"))


def test_a_claim_carries_unit_kind_and_score() -> None:
    (statement,), _ = read("Guards at the border crossing found 12 kilos of heroin.")
    assert (statement.metric, statement.unit, statement.kind) == ("seizures", "kilogram", "level")
    assert "heroin" in statement.of
    assert 0 < statement.score <= 1
    assert statement.rule == "seizures"


def test_tons_are_tonnes_and_people_are_persons() -> None:
    statements, _ = read("Police seized 3 tons of cocaine and arrested five traffickers.")
    assert [(item.metric, item.unit) for item in statements] == [("seizures", "tonne"), ("arrests", "person")]


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Border police let 90 relief marchers cross the frontier at the Rafah crossing.", "person"),
        ("Customs released 19 of the rail cars at the border crossing.", "railcar"),
        ("The coast guard made eight fishing boat seizures off the coast.", "ship"),
        ("The raids on smugglers at the border netted 3 million toys.", "item"),
        ("Customs made 29 drug seizures at the airport.", "case"),
        ("We will give the border guard three helicopters.", "item"),
        ("The US trained a ten-member border police unit.", "person"),
    ],
)
def test_the_unit_is_that_of_the_thing_counted(text: str, unit: str) -> None:
    assert [statement.unit for statement in read(text)[0]] == [unit]


@pytest.mark.parametrize(
    ("text", "number", "metric", "of"),
    [
        (
            "Customs at the border seized 11,871 marijuana plants and 218 kilos of cocaine.",
            "11,871",
            "seizures",
            "marijuana plants",
        ),
        (
            "Police seized 330 weapons at the border, 180 of which are assault rifles.",
            "180",
            "seizures",
            "assault rifles",
        ),
        ("Customs seized two shipments of coins at the port.", "two", "seizures", "coins"),
        (
            "Portal monitors are being installed at four seaports under the Megaports initiative.",
            "four",
            "installations",
            "portal monitors",
        ),
        ("Italy expelled 25,000 persons at its borders in 2008.", "25,000", "irregular_crossings", "expelled migrants"),
        ("Migrants pay smugglers a fee of $900 to reach the border.", "$900", "corruption", "smuggling fee"),
        ("Customs officers take bribes of $300 to cut import duties.", "$300", "corruption", "bribes"),
        ("At the border he paid customs officers a $115,000 bribe.", "$115,000", "corruption", "bribe"),
        ("Border guards arrested two priests for smuggling migrants.", "two", "arrests", "priests"),
        ("Border guards arrested two men for smuggling migrants.", "two", "arrests", "smuggling suspects"),
        (
            "We will give the coast guard $70,000 for crew safety equipment.",
            "$70,000",
            "funding",
            "crew safety equipment",
        ),
        ("A year of rent for the northern border task force, $24,000.", "$24,000", "funding", "border task force"),
        ("Every month 300 tons of hashish cross the border.", "300", "incidents", "hashish"),
        ("The coast guard recovered 20 drowned bodies of migrants.", "20", "irregular_crossings", "dead migrants"),
        (
            "The border police tracked 700 persons, of whom only 24 were repatriated.",
            "700",
            "irregular_crossings",
            "irregular migrants",
        ),
        (
            "Smugglers at the border paid no duties, $4 million in all.",
            "$4 million",
            "corruption",
            "lost customs revenue",
        ),
        (
            "Police freed four people who had been trafficked.",
            "four",
            "irregular_crossings",
            "trafficking victims",
        ),
        (
            "1. The coast police found heroin, cocaine and other narcotics in the drug smugglers' boat.\n\n"
            "2. An officer left.\n\n3. The crew was surprised. They arrested three men.",
            "three",
            "arrests",
            "drug smuggling suspects",
        ),
        ("A court tried seven people for organ trafficking.", "seven", "arrests", "trafficking suspects"),
        ("Two of the drivers are Kenyan, and one is Ugandan.", "one", "arrests", "ugandan suspects"),
        ("Of 90 detainees, 60 percent (54 men) were Costa Rican.", "60 percent", "arrests", "costa rican suspects"),
        ("Customs caught nine defendants with heroin.", "nine", "arrests", "drug smuggling defendants"),
        (
            "The state raised its prosecutions for trafficking in persons to 41, up from 12 earlier.",
            "12",
            "incidents",
            "trafficking prosecutions",
        ),
        (
            "There were 20 trafficking investigations underway (8 of them old).",
            "8",
            "incidents",
            "trafficking investigations",
        ),
        ("Some 70 percent of trafficking in persons is internal.", "70 percent", "incidents", "trafficking cases"),
        ("The navy will set up three centers to monitor the strait.", "three", "installations", "centers"),
        (
            "Police seized 300 crates of contraband cigars, among them pistols, an increase of 9 percent.",
            "9 percent",
            "seizures",
            "contraband cigars",
        ),
        (
            "They bought six coastal radars for $3 million off a firm of patrol boats.",
            "$3 million",
            "funding",
            "coastal radars",
        ),
        (
            "Refit of two patrol boats that lie in a dock and wait for parts and crews ($1.2M); one scanner ($900K).",
            "$1.2M",
            "funding",
            "patrol boats",
        ),
        (
            "The US gave four Acme handheld altimeters for patrol aircraft.",
            "four",
            "equipment",
            "acme handheld altimeters",
        ),
        ("Half of the dock workers have since left by boat.", "Half", "irregular_crossings", "dock workers"),
        ("A convoy with 200 people and 30 vehicles crossed.", "200", "traffic", "people"),
    ],
)
def test_what_is_counted_is_named_by_the_words_beside_the_number(text: str, number: str, metric: str, of: str) -> None:
    cable = read_cable(text, name="EXAMPLE")
    candidate = next(
        found for found in find_candidates(cable) if text[found.quantity.start : found.quantity.end] == number
    )
    assert name_of(candidate, metric) == of


@pytest.mark.parametrize(("post", "currency"), [("MANAMA", "BHD"), ("TUNIS", "TND"), ("LONDON", "dinar")])
def test_a_currency_of_several_states_is_that_of_the_figures_country(post: str, currency: str) -> None:
    cable = read_cable("1. (U) He bribed customs with 800 dinars.\n", name=f"09{post}1")
    assert [row["unit"] for row in read_rows(cable)["observations"]] == [currency]


@pytest.mark.parametrize(
    ("text", "metric", "unit"),
    [
        ("Customs set up a ten-member anti-smuggling unit at the port.", "personnel", "person"),
        ("Three barred Kenyan exports of arms were halted by the navy.", "seizures", "item"),
    ],
)
def test_a_unit_is_people_where_people_are_counted(text: str, metric: str, unit: str) -> None:
    candidate = next(iter(find_candidates(read_cable(text, name="EXAMPLE"))))
    assert name_unit(candidate, metric)[0] == unit


def test_what_a_count_is_part_of_is_the_total() -> None:
    statements, _ = read(
        "The United States equipped 14 of its 21 border crossing points with radiation portal monitors."
    )
    assert [(statement.quantity.low, statement.metric) for statement in statements] == [
        (14, "installations"),
        (21, "checkpoints_total"),
    ]


def test_a_rate_counts_no_standing_places() -> None:
    statements, _ = read("Over 90 million border crossings each year pass through the customs posts.")
    assert [(statement.metric, statement.unit, statement.quantity.per) for statement in statements] == [
        ("traffic", "person", "year")
    ]


def test_a_metric_may_claim_what_its_entry_does_not_count() -> None:
    text = "Smugglers moved 500 rifles over the border last year, the border police estimate."
    (claim,) = [claim for claim in rank_claims(read_cable(text, name="EXAMPLE")) if claim.metric]
    assert claim.metric not in metrics_of(claim.candidate.group, claim.candidate.heads)
    assert "its entry counts no such thing" in explain_claims(read_cable(text, name="EXAMPLE"))


@pytest.mark.parametrize(
    "text",
    [
        "In 2008 customs seized 20 tons of cocaine, of which 13 tons were seized on land.",
        "The coast guard has 140 officers, 20 of them women.",
        "Police seized 33,000 weapons at the border. 18,000 of these are rifles.",
        "The bank lent the customs service $65 million. $18 million of that sum pays for scanners at border posts.",
    ],
)
def test_a_part_points_at_its_whole(text: str) -> None:
    statements, _ = read(text)
    assert [item.part_of for item in statements] == [None, 0]
    assert "part_of_whole" in statements[1].flags


@pytest.mark.parametrize(
    ("text", "wholes"),
    [
        ("Customs trained 15 officers, including the director, with another 10 trained in May.", [None, None]),
        (
            "In 2008 customs seized 20 tons of cocaine, of which 13 tons were found at sea, compared to 9 tons before.",
            [None, 0, None],
        ),
        ("Customs trained 47 officers, including 20 inspectors and another 12 guards.", [None, 0, 0]),
    ],
    ids=["added", "compared", "one part more"],
)
def test_what_is_added_or_compared_is_no_part(text: str, wholes: list[int | None]) -> None:
    statements, _ = read(text)
    assert [item.part_of for item in statements] == wholes


def test_a_share_told_again_as_a_sum_is_part_of_the_whole() -> None:
    text = "Of the border security aid of $80 million for the coast guard more than half, namely $44 million, is spent."
    assert [statement.part_of for statement in read(text)[0] if statement.kind == "level"] == [None, 0]


def test_an_act_can_be_part_of_the_stock_it_adds_to() -> None:
    text = "Of 30 border crossings, nine have radiation monitors, and six of these were installed by Norway in 2008."
    (_, in_place, installed), _ = read(text)
    assert (in_place.metric, installed.metric, installed.part_of) == ("checkpoints_equipped", "installations", 1)


def test_a_larger_figure_is_no_part() -> None:
    statements, _ = read("Police seized 180 weapons at the border. 18,000 of these were seized in the whole country.")
    assert [item.part_of for item in statements] == [None, None]


def test_a_vague_magnitude_is_flagged() -> None:
    statements, _ = read("The patrol arrested several hundred smugglers on the border.")
    assert "vague_magnitude" in statements[0].flags


def test_a_bounded_vague_magnitude_is_flagged_and_a_bounded_number_is_not() -> None:
    (vague,), _ = read("Drivers pay customs officers up to several hundred dollars in bribes.")
    assert (vague.quantity.qualifier, "vague_magnitude" in vague.flags) == ("at_most", True)
    (stated,), _ = read("Drivers pay customs officers up to 300 dollars in bribes.")
    assert "vague_magnitude" not in stated.flags


def test_names_are_phrases_of_the_text_and_never_glued() -> None:
    statements, _ = read(
        "The embassy spent $9,604 on firearms training for 25 border guards by DEA in Bariloche in May 2009."
    )
    assert [item.of for item in statements if item.metric == "funding"] == ["firearms training"]
    (installed,), _ = read("Experts installed radiation portal monitors at nine border crossings in 2008.")
    assert installed.of == "radiation portal monitors"


def test_flags_are_of_the_closed_list() -> None:
    statements, _ = read("Police seized 68 kilos of heroin in 2004, compared to 146 in 2003, and arrested dozens.")
    assert {flag for item in statements for flag in item.flags} <= set(FLAGS)


def test_every_number_of_a_border_sentence_is_claimed_or_in_the_ledger() -> None:
    text = "On May 3, 2007, customs officers 40 miles from the border seized 9 kilos of opium after a 6-hour chase."
    statements, ledger = read(text)
    spans = [item.quantity.start for item in (*statements, *ledger)]
    assert len(spans) == len(set(spans))
    assert {claim.candidate.quantity.start for claim in rank_claims(read_cable(text, name="EXAMPLE"))} == set(spans)
    assert all(entry.reason for entry in ledger)


def test_a_sentence_without_border_words_leaves_no_trace() -> None:
    statements, ledger = read("The orchestra played four symphonies.")
    assert not statements
    assert not ledger


def test_the_ledger_names_distance_and_duration() -> None:
    _, ledger = read("The border post is 30 kilometers from the town, a drive of two hours.")
    assert {entry.reason for entry in ledger} <= {"distance", "duration", "unclaimed"}
    assert any(entry.reason == "duration" for entry in ledger)


def test_statements_stand_in_text_order() -> None:
    text = "Customs seized 5 rifles. Border guards arrested nine smugglers. Police found 2 kilos of hashish."
    statements, _ = read(text)
    starts = [item.quantity.start for item in statements]
    assert starts == sorted(starts)
    assert len(starts) == 3


def test_the_explanation_names_the_winner_and_what_decided() -> None:
    text = explain_claims(read_cable("The patrol caught nine smugglers at the frontier.", name="EXAMPLE"))
    assert "'nine' -> arrests" in text
    assert "suspect" in text
    assert "counts no such thing" not in text.splitlines()[1]


def test_the_same_text_gives_the_same_claims() -> None:
    cable = read_cable("Agents found 40 kilos of cocaine and $9,000 on two couriers.", name="EXAMPLE")
    assert find_statements(cable) == find_statements(cable)
