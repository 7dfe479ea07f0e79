"""A cable's text read into header fields, paragraphs and sentences, every offset into the text as received."""

import doctest
import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics import header
from metrics.cable import Cable, Paragraph, body_sha256, read_cable

HEADER = """VZCZCXRO0001
RR RUEHXX
DE RUEHZZ #0042/01 1020757
ZNY CCCCC ZZH
R 120757Z APR 09
FM AMEMBASSY NEW DELHI
TO RUEHC/SECSTATE WASHDC 5147
C O N F I D E N T I A L SECTION 01 OF 03 NEW DELHI 000042

SIPDIS

E.O. 12958: DECL: 03/19/2019
TAGS: PGOV PREL [SNAR](#) CH IN
SUBJECT: PLANTED EXAMPLE OF A CABLE WITH A
SUBJECT ON TWO LINES

REF: A. STATE 2352
     B. NEW DELHI 00052

Classified By: Deputy Chief Someone, 1.4 (b/d)

"""
BODY = """1.  (C) SUMMARY:  Guards at 11 posts now use scanners.
More are due.  END SUMMARY.

SCANNERS AT THE BORDER
----------------------

2.  (SBU) The service runs 40 posts and hired 12
officers in 2008.

3.  (C) Two trucks came back empty.  (COMMENT: This is
rare. END COMMENT.)  The rest were full.

COMMENT
-------

4.  (C) It will take years.
ROE
"""


def words(cable: Cable, start: int, end: int) -> str:
    return " ".join(cable.masked[start:end].split())


def texts(cable: Cable) -> list[str]:
    return [words(cable, paragraph.start, paragraph.end) for paragraph in cable.paragraphs]


def sentences(cable: Cable) -> list[str]:
    return [words(cable, sentence.start, sentence.end) for p in cable.paragraphs for sentence in p.sentences]


def read_body(body: str) -> Cable:
    return read_cable(HEADER + body)


def one_paragraph(text: str) -> list[str]:
    return sentences(read_body(f"1. (C) {text}\n\nROE\n"))


@pytest.fixture
def cable() -> Cable:
    return read_body(BODY)


def test_examples_in_docstrings() -> None:
    assert doctest.testmod(header).failed == 0


def test_header_fields(cable: Cable) -> None:
    assert (cable.id, cable.post, cable.date) == ("09NEWDELHI42", "NEWDELHI", date(2009, 4, 12))
    assert cable.dtg == "120757Z APR 09"
    assert cable.tags == ("PGOV", "PREL", "SNAR", "CH", "IN")
    assert cable.subject == "PLANTED EXAMPLE OF A CABLE WITH A SUBJECT ON TWO LINES"
    assert cable.classification == "CONFIDENTIAL"
    assert cable.declassify_on == "03/19/2019"
    assert cable.references == ("STATE 2352", "NEW DELHI 00052")
    assert cable.problems == ()


def test_paragraphs_with_number_mark_heading_and_role(cable: Cable) -> None:
    assert [(p.number, p.marking, p.heading, p.role) for p in cable.paragraphs] == [
        (1, "C", "", "summary"),
        (2, "SBU", "SCANNERS AT THE BORDER", "body"),
        (3, "C", "SCANNERS AT THE BORDER", "body"),
        (4, "C", "COMMENT", "comment"),
    ]


def test_paragraph_text_leaves_out_number_heading_and_signature(cable: Cable) -> None:
    assert texts(cable)[1] == "The service runs 40 posts and hired 12 officers in 2008."
    assert texts(cable)[3] == "It will take years."


def test_comment_inside_a_paragraph_is_its_own_role(cable: Cable) -> None:
    roles = {words(cable, s.start, s.end): s.role for s in cable.paragraphs[2].sentences}
    assert roles["Two trucks came back empty."] == "body"
    assert roles["(COMMENT: This is rare."] == "comment"
    assert roles["The rest were full."] == "body"


def test_offsets_index_the_text_as_received(cable: Cable) -> None:
    assert len(cable.masked) == len(cable.text)
    first = cable.paragraphs[1].sentences[0]
    assert cable.text[first.start : first.end].startswith("The service runs 40 posts")
    assert "\n" not in cable.masked


@pytest.mark.parametrize(
    "layout",
    ["1.(C) ", "¶1. (C) ", "¶1.(C) ", "1. C) ", " 1. (C) ", "1.  (C)  ", "(1. (C) ", "1 (C) "],
)
def test_ways_to_print_a_number_and_mark(layout: str) -> None:
    [paragraph] = read_body(f"{layout}Guards left the post.\n\nROE\n").paragraphs
    assert (paragraph.number, paragraph.marking) == (1, "C")


@pytest.mark.parametrize(
    ("printed", "mark"),
    [
        ("(C//EXDIS)", "C/EXDIS"),
        ("(S//OC/NF)", "S/OC/NF"),
        ("(S/NF/OC)", "S/OC/NF"),
        ("(C/OC/REL TO USA, GBR)", "C/OC/REL USA, GBR"),
        ("(S//AUSTRALIA GROUP)", "S/UNKNOWN"),
    ],
)
def test_a_mark_with_any_caveat_is_the_paragraphs_own(printed: str, mark: str) -> None:
    [paragraph] = read_body(f"1. {printed} Guards left the post.\n\nROE\n").paragraphs
    assert (paragraph.number, paragraph.marking) == (1, mark)


@pytest.mark.parametrize(
    "text",
    [
        "The talks of 1 September\n¶2006. were long.",
        "They met on Jan\n\n2. He said no more.",
        "Items seized:\na. two rifles\nb. one boat\nand nothing else.",
        "Steps are:\n1. Buy scanners.\n2. Train guards.\n3. Report.",
        "Output rose by\n2.5 percent.",
    ],
)
def test_what_is_no_paragraph_number(text: str) -> None:
    cable = read_body(f"1. (C) {text}\n\n2. (C) The end was near.\n\nROE\n")
    assert [paragraph.number for paragraph in cable.paragraphs] == [1, 2]


def test_paragraph_that_starts_inside_a_line() -> None:
    cable = read_body("1. (C) See below. 2. (SBU) Guards left. 3. (U) They came back.\nROE\n")
    assert [(p.number, p.marking) for p in cable.paragraphs] == [(1, "C"), (2, "SBU"), (3, "U")]


def test_paragraphs_without_numbers_stand_between_blank_lines() -> None:
    cable = read_body("Guards left the post.\n\nThey came back.\nROE\n")
    assert [(p.number, words(cable, p.start, p.end)) for p in cable.paragraphs] == [
        (None, "Guards left the post."),
        (None, "They came back."),
    ]


@pytest.mark.parametrize(
    "page_line",
    [
        "\n \nNEW DELHI 00000042  002 OF 003 \n \n \n",
        " NEW DELHI 00000042 002 OF 003 ",
        " NEW DELHI 00000042 001.2 OF 003 ",
        "\nPAGE 02 STATE 023763 071504Z\n",
        " SIPDIS ",
    ],
)
def test_page_line_inside_a_sentence_is_masked(page_line: str) -> None:
    assert one_paragraph(f"The UAE gave 11{page_line}trucks in May.") == ["The UAE gave 11 trucks in May."]


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("They charge for &special procedures,8 which is odd.", 'They charge for "special procedures," which is odd.'),
        ("A post costs money )- a practice of old.", "A post costs money -- a practice of old."),
        ("The chief,s reforms went on.", "The chief's reforms went on."),
        ("It took 1.4 (b ) and (d ) hours.", "It took 1.4 (b ) and (d ) hours."),
        ("Costa Rica?s posts.", "Costa Rica's posts."),
        ("The chief’s “order” stands.", 'The chief\'s "order" stands.'),
        ("Two <b>new</b> posts &amp; gates.", "Two new posts & gates."),
    ],
)
def test_broken_punctuation_and_markup(printed: str, meant: str) -> None:
    assert one_paragraph(printed) == [meant]


@pytest.mark.parametrize(
    ("text", "split"),
    [
        ("He met Gen. Smith. They spoke.", ["He met Gen. Smith.", "They spoke."]),
        ("The U.S. Embassy gave 3.5 tons. It was late.", ["The U.S. Embassy gave 3.5 tons.", "It was late."]),
        ("J. Doe came from the U.S. The visit was short.", ["J. Doe came from the U.S.", "The visit was short."]),
        ("See No. 12 and St. Paul. Done.", ["See No. 12 and St. Paul.", "Done."]),
        ("It cost $1.\n5 million. Nobody paid.", ["It cost $1. 5 million.", "Nobody paid."]),
        ('He said "stop." She left.', ['He said "stop."', "She left."]),
        ("They seized more than 30 tons of \n\ncocaine.", ["They seized more than 30 tons of cocaine."]),
        ("He agreed (in part).  Why?  No answer.", ["He agreed (in part).", "Why?", "No answer."]),
    ],
)
def test_sentences(text: str, split: list[str]) -> None:
    assert one_paragraph(text) == split


def lead_ins(cable: Cable) -> dict[str, str | None]:
    return {
        words(cable, s.start, s.end): words(cable, *s.lead_in) if s.lead_in else None
        for p in cable.paragraphs
        for s in p.sentences
    }


@pytest.mark.parametrize(
    "items",
    [
        "\n-- five rifles\n-- two boats\n",
        "\n\n- five rifles\n\n- two boats\n",
        "\n\na. Five rifles\nb. Two boats\n",
        "\nrifles      5     7\nboats       2     1\n",
        "\nrifles 5 7\nboats (small) 2 -\ntrucks - 1\n",
    ],
)
def test_list_items_know_the_sentence_above_them(items: str) -> None:
    found = lead_ins(read_body(f"1. (C) Talks ended. The team seized:{items}\n2. (C) Nothing more.\nROE\n"))
    leads = list(found.values())
    assert leads[:2] == [None, None]
    assert leads[-1] is None
    assert set(leads[2:-1]) == {"The team seized:"}
    assert len(leads) == 3 + items.strip().count("\n") + 1 - items.strip().count("\n\n")


def test_a_name_that_ends_in_a_letter_after_a_dash_marks_no_paragraph() -> None:
    assert [part.marking for part in read_body("1. The center (NTC-C) grew.\n\n-- C) It works.\n").paragraphs] == ["C"]
    assert [part.marking for part in read_body("1. The center (NTC-C) grew.\n\n2. It works.\n").paragraphs] == [
        None,
        None,
    ]


def test_dash_in_running_text_is_no_list_item() -> None:
    assert one_paragraph("The volume is large -- and,\n-- they say -- growing.") == [
        "The volume is large -- and, -- they say -- growing."
    ]


@pytest.mark.parametrize(
    "heading",
    [
        "---------\nA HEADING\n---------",
        "A HEADING\n---- ----",
        "#### A HEADING\n\n-----",
        "A HEADING",
        "=====\nA HEADING\n=====",
    ],
)
def test_headings(heading: str) -> None:
    cable = read_body(f"1. (C) Guards left.\n\n{heading}\n\n2. (C) They came back.\nROE\n")
    assert [(p.heading, words(cable, p.start, p.end)) for p in cable.paragraphs] == [
        ("", "Guards left."),
        ("A HEADING", "They came back."),
    ]


def test_lines_each_followed_by_a_blank_one_are_one_paragraph() -> None:
    lines = [f"line {n} of a long text that has no end" for n in range(60)]
    cable = read_body("1. (C) " + "\n\n".join(lines) + ".\n\n\n2. (C) Done.\n\nROE\n")
    assert [len(paragraph.sentences) for paragraph in cable.paragraphs] == [1, 1]


def test_summary_runs_over_several_paragraphs() -> None:
    cable = read_body(
        "1. (C) Summary: Guards left.\n\n2. (C) They came back. End summary.\n\n3. (C) All is well.\nROE\n"
    )
    assert [paragraph.role for paragraph in cable.paragraphs] == ["summary", "summary", "body"]


def test_word_comment_in_running_text_opens_no_role() -> None:
    cable = read_body("1. (C) He declined to comment. The summary was short.\nROE\n")
    assert {s.role for p in cable.paragraphs for s in p.sentences} == {"body"}


def test_body_printed_twice_is_read_once(cable: Cable) -> None:
    assert texts(read_body(BODY + "\n" + HEADER + BODY)) == texts(cable)


def test_second_cable_that_is_quoted_is_read_too() -> None:
    quoted = "1. (C) The old report counted 7 gates at the river.\n\n2. (C) It was not kept.\n"
    cable = read_body("1. (C) Text of an older cable follows.\n\n2. (C) Begin text.\n\n" + quoted + "\nROE\n")
    assert [paragraph.number for paragraph in cable.paragraphs] == [1, 2, 1, 2]


def test_missing_parts_are_named() -> None:
    cable = read_cable(HEADER.replace("120757Z APR 09", "").replace("#0042/01 1020757", ""))
    assert {problem.what.split(":")[0] for problem in cable.problems} == {"no reference id", "no date", "no body"}
    assert all(problem.fix and problem.where for problem in cable.problems)


def test_date_is_checked_against_the_day_of_the_year() -> None:
    wrong = read_cable(HEADER.replace("1020757", "2100757") + BODY)
    assert wrong.date == date(2009, 4, 12)
    assert "210" in wrong.problems[0].what


def test_day_of_the_year_stands_in_for_a_lost_date() -> None:
    assert read_cable(HEADER.replace("120757Z APR 09", "") + BODY, name="09NEWDELHI42").date == date(2009, 4, 12)


def test_names_given_by_the_file_win() -> None:
    cable = read_cable(HEADER + BODY, source="cables/09SECTION02OF03QDELHI42.txt")
    assert (cable.id, cable.post) == ("09SECTION02OF03QDELHI42", "NEWDELHI")


def test_same_body_under_two_ids_has_one_hash(cable: Cable) -> None:
    again = read_cable(HEADER + BODY.replace("now use", "now\nuse"), name="09NEWDELHI43")
    assert again.id != cable.id
    assert body_sha256(again) == body_sha256(cable)
    assert body_sha256(read_body(BODY.replace("11", "12"))) != body_sha256(cable)


PIECES = [*'ab8&;<>/ .,)(-\n\r\t¶’“#[]"\\=?s1OF0', "SIPDIS", "PAGE 02 ", "&amp;", "<b>", "\n2. (C) ", "\n-- ", "----\n"]


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_masked_text_is_as_long_as_the_text_and_spans_lie_inside(text: str) -> None:
    for whole in (text, HEADER + "1. (C) " + text):
        cable = read_cable(whole)
        assert len(cable.masked) == len(whole)
        for paragraph in cable.paragraphs:
            assert_spans(paragraph, len(whole))


def assert_spans(paragraph: Paragraph, length: int) -> None:
    assert 0 <= paragraph.start < paragraph.end <= length
    place = paragraph.start
    for sentence in paragraph.sentences:
        assert place <= sentence.start < sentence.end <= paragraph.end
        place = sentence.end


BREAKS = st.lists(st.integers(min_value=0, max_value=30), max_size=4, unique=True)


@given(BREAKS, st.sampled_from([" ", "\n"]))
def test_page_breaks_change_no_paragraph(places: list[int], gap: str) -> None:
    tokens = BODY.replace("\n", " \n ").split(" ")
    spots = [n for n, token in enumerate(tokens[:-1]) if token.islower() and tokens[n + 1].islower()]
    for place in places:
        tokens[spots[place % len(spots)]] += (
            f"{gap}\nNEW DELHI 00000042  002 OF 003 \n{gap}" if gap == "\n" else (" NEW DELHI 00000042 002 OF 003 ")
        )
    changed, plain = read_body(" ".join(tokens)), read_body(BODY)
    assert texts(changed) == texts(plain)
    assert sentences(changed) == sentences(plain)


@pytest.mark.parametrize(
    "footer",
    [
        "\n\nWikileaks\n\nAdvertisements\nPost a comment or leave a trackback: 5 of 9\n%d bloggers like this:",
        "\nNNNN\n",
        "\n#2943\n",
        "\n\n0 07/20/2009 4953 PREL,PGOV 217296 Talks\n217296 7/20/2009 10:25\n",
    ],
)
def test_footer_changes_no_paragraph(cable: Cable, footer: str) -> None:
    assert texts(read_body(BODY.rstrip() + footer)) == texts(cable)


def gold(shared: Path) -> Iterator[tuple[str, str, str]]:
    for name in ("dev.jsonl", "seeds.jsonl"):
        for line in (shared / "gold" / name).read_text(encoding="utf-8").splitlines():
            figure = json.loads(line)
            yield figure["cable"], figure["quote"], figure["value_text"]


def test_every_reference_figure_lies_in_one_sentence(shared: Path) -> None:
    files = [*(shared / "cables" / "dev").glob("*.txt"), *(shared / "cables" / "seeds").glob("*.txt")]
    cables = {path.stem: read_cable(path.read_bytes().decode(), source=path.name) for path in files}
    lost = [
        f"{name}: {value}"
        for name, quote, value in gold(shared)
        if not any(
            " ".join(value.split()) in sentence and _overlap(sentence, quote) for sentence in sentences(cables[name])
        )
    ]
    assert len(lost) <= 8, lost


def _overlap(sentence: str, quote: str) -> bool:
    own = set(re.findall(r"\w+", sentence))
    return len(own & set(re.findall(r"\w+", quote))) * 2 > min(len(own), len(quote.split()))


def test_seed_cables(shared: Path) -> None:
    seeds = shared / "cables" / "seeds"
    astana = read_cable((seeds / "09ASTANA623.txt").read_text(encoding="utf-8"))
    tashkent = read_cable((seeds / "09TASHKENT1487.txt").read_text(encoding="utf-8"))
    assert (astana.id, tashkent.id) == ("09ASTANA623", "09TASHKENT1487")
    assert [p.number for p in astana.paragraphs] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert [(p.number, p.marking, p.role) for p in tashkent.paragraphs] == [
        (1, "SBU", "summary"),
        (2, "SBU", "body"),
        (3, "SBU", "body"),
        (4, "SBU", "body"),
        (5, "SBU", "comment"),
    ]
    assert tashkent.tags == ("PBTS", "KNNP", "PREL", "ETTC", "MNUC", "PARM", "KSTC", "UZ")
    assert (tashkent.classification, tashkent.declassify_on) == ("UNCLASSIFIED", "N/A")
    assert astana.paragraphs[-1].role == "comment"
    assert texts(astana)[-1].endswith("END COMMENT.")
    assert 'for "unspecified Customs clearance procedures," which' in " ".join(sentences(astana))


HEAD_LINES = "UNCLAS ASTANA 000123\nE.O. 12958: N/A\nTAGS: PREL\nSUBJECT: POSTS\n"


@pytest.mark.parametrize("heading", ["Summary\n-------", "Summary -------", "------- Summary -------"])
def test_a_ruled_heading_above_the_first_paragraph_is_its_heading(heading: str) -> None:
    cable = read_cable(HEAD_LINES + f"\n{heading}\n\n1. (U) Posts grew.\n\nDetails\n-------\n\n2. (U) By 12.\n")
    assert [(part.heading, part.role) for part in cable.paragraphs] == [("Summary", "summary"), ("Details", "body")]
    assert cable.subject == "POSTS"


@pytest.mark.parametrize(
    "listed",
    [
        "REF: (A) ROME 1835\n(B) OSLO 1593\n(C) State 152009\n(D) ROME 2",
        "REFS: A) ROME 1835\n   B) OSLO 1593\n   C) State 152009\n   D) ROME 2",
    ],
)
def test_item_c_of_the_references_is_no_portion_mark(listed: str) -> None:
    cable = read_cable(HEAD_LINES + f"{listed}\n\n1. (U) Posts grew.\n\n2. (SBU) By 12.\n")
    assert [(part.number, part.marking) for part in cable.paragraphs] == [(1, "U"), (2, "SBU")]
    assert cable.references == ("ROME 1835", "OSLO 1593", "State 152009", "ROME 2")


def test_a_mark_without_a_number_is_one_below_references_and_reasons() -> None:
    reasons = "REF: A. ROME 1835\nClassified By: An Officer, reasons 1.4 (A) and (B)\n\n(C) Posts grew.\n\n(C) By 12.\n"
    assert [part.marking for part in read_cable(HEAD_LINES + reasons).paragraphs] == ["C", "C"]
    alone = "REF: A. ROME 1835\n\n(C) Posts grew.\n\n(C) By 12.\n"
    assert [part.marking for part in read_cable(HEAD_LINES + alone).paragraphs] == ["C", "C"]


@pytest.mark.parametrize("row", ["7/29/2004 5:59,04THEHAGUE1903", "17 2004-07-29  04THEHAGUE1903"])
def test_the_day_that_a_list_gives_beside_the_id_stands_in_for_a_date_time_group(row: str) -> None:
    assert read_cable(HEAD_LINES + f"\n{row}\n\n1. (U) Posts.", "04THEHAGUE1903.txt").date == date(2004, 7, 29)
    assert read_cable(HEAD_LINES + f"\n{row}\n\n1. (U) Posts.", "04THEHAGUE1904.txt").date is None


@pytest.mark.parametrize("printed", ["T O P  S E C R E T", "T O P S E C R E T", "TOP SECRET"])
@pytest.mark.parametrize("rest", [" SECTION 01 OF 03 NEW DELHI 000042", " NEW DELHI 000042 NOFORN"])
def test_top_secret_is_not_read_as_secret(printed: str, rest: str) -> None:
    line = "C O N F I D E N T I A L SECTION 01 OF 03 NEW DELHI 000042"
    cable = read_cable(HEADER.replace(line, printed + rest) + BODY)
    assert cable.classification == ("TOP SECRET//NOFORN" if "NOFORN" in rest else "TOP SECRET")
    assert (cable.id, len(cable.paragraphs)) == ("09NEWDELHI42", 4)


@pytest.mark.parametrize(
    "printed",
    [
        "SIPDISE.O. 12958: DECL: 03/19/2019",
        "STATE FOR NOBODYE.O. 12958: DECL: 03/19/2019 ",
        "E.O. 12958: DE...\n\n\n112974\n2009-04-12\n09NEWDELHI42\nEmbassy\n\nSIPDIS\n\nE.O. 12958: DECL: 03/19/2019",
        "E.O. 12958: DECL...\n\nE.O. 12958: DECL: 03/19/2019",
    ],
)
def test_a_declassification_is_read_though_its_key_is_glued_or_was_cut_before(printed: str) -> None:
    cable = read_cable(HEADER.replace("E.O. 12958: DECL: 03/19/2019", printed) + BODY, name="09NEWDELHI42")
    assert (cable.declassify_on, cable.tags[:2]) == ("03/19/2019", ("PGOV", "PREL"))


def test_keys_that_lost_their_first_letter_are_read() -> None:
    cable = read_cable(HEADER.replace("TAGS:", "AGS:").replace("SUBJECT:", "UBJECT:") + BODY)
    assert (cable.declassify_on, cable.tags[:2]) == ("03/19/2019", ("PGOV", "PREL"))
    assert cable.subject.startswith("PLANTED EXAMPLE")


def test_a_subject_cut_off_gives_way_to_the_whole_one_alone() -> None:
    cut = "SUBJECT: PLANTED EXAMPLE OF ...\n\n112974\n2009-04-12\n\n"
    assert read_cable(HEADER.replace("SUBJECT:", f"{cut}SUBJECT:") + BODY).subject == (
        "PLANTED EXAMPLE OF A CABLE WITH A SUBJECT ON TWO LINES"
    )
    other = HEADER.replace("SUBJECT: PLANTED", f"{cut}SUBJECT: OTHER")
    assert read_cable(other + BODY).subject == "PLANTED EXAMPLE OF ..."


@pytest.mark.parametrize("glued", ["LINESREF: ", "LINESREFS:\n", "LINESREF: A. "])
def test_a_subject_ends_where_references_or_the_classifier_are_glued_to_it(glued: str) -> None:
    cable = read_cable(HEADER.replace("LINES\n\nREF: A. ", glued) + BODY)
    assert cable.subject.endswith("ON TWO LINES")
    assert cable.references == ("STATE 2352", "NEW DELHI 00052")
    cable = read_cable(
        HEADER.replace("LINES\n\nREF: A. STATE 2352\n     B. NEW DELHI 00052\n\nClass", "LINESClass") + BODY
    )
    assert cable.subject.endswith("ON TWO LINES")


LEVEL_LINE = "C O N F I D E N T I A L SECTION 01 OF 03 NEW DELHI 000042"


@pytest.mark.parametrize(
    ("printed", "routed", "words"),
    [
        ("O N F I D E N T I A L SECTION 01 OF 03 NEW DELHI 000042", "CCCCC", "CONFIDENTIAL"),
        ("CSE C R E T SECTION 01 OF 03 NEW DELHI 000042\n\nNOFORN", "CCCCC", "SECRET//NOFORN"),
        ("E C R E T NEW DELHI 000042", "SSSSS", "SECRET"),
        ("O P  S E C R E T NEW DELHI 000042", "CCCCC", "TOP SECRET"),
        ("ECRET NEW DELHI 000042", "UUUUU", "SECRET"),
        ("ONFIDENTIAL NEW DELHI 000042", "UUUUU", "CONFIDENTIAL"),
        ("O N F I D E N T I A L NEW DELHI 000042", "SSSSS", "SECRET"),
        ("NOFORN", "SSSSS", "SECRET//NOFORN"),
        ("", "CCCCC", "CONFIDENTIAL"),
        ("", "UUUUU", None),
    ],
)
def test_a_damaged_classification_line_is_read_beside_the_routings(
    printed: str, routed: str, words: str | None
) -> None:
    cable = read_cable(HEADER.replace(LEVEL_LINE, printed).replace("CCCCC", routed) + BODY, name="09NEWDELHI42")
    assert cable.classification == words
    assert [problem.what.split(":")[0] for problem in cable.problems] == [
        "classification line damaged or lost" if words else "no classification line"
    ]


@pytest.mark.parametrize("printed", ["O N F I D E N T I A L NEW DELHI 000042", ""])
def test_portion_marks_raise_a_damaged_classification_and_none_lowers_it(printed: str) -> None:
    text = HEADER.replace(LEVEL_LINE, printed)
    assert read_cable(text + BODY.replace("(SBU)", "(S/NF)")).classification == "SECRET//NOFORN"
    assert read_cable(text + BODY.replace("(C)", "(U)")).classification == "CONFIDENTIAL"
    assert read_cable(text + BODY.replace("(SBU)", "(C/F)")).classification == "CONFIDENTIAL (some markings unknown)"
    assert read_cable(HEADER + BODY.replace("(SBU)", "(S/NF)")).classification == "CONFIDENTIAL"


@pytest.mark.parametrize("printed", ["S E C R E T NOFORN SANAA 000473", "E C R E T NOFORN SANAA 000473"])
def test_caveats_hold_where_no_field_follows_the_classification(printed: str) -> None:
    assert read_cable(f"{printed}\n\n1. (C) Guards met.\n", name="07SANAA473").classification == "SECRET//NOFORN"


def test_captions_of_distribution_are_the_cables_own_and_not_those_of_its_references() -> None:
    text = HEADER.replace("SIPDIS", "NODIS\nNOFORN\nSIPDIS").replace("STATE 2352", "STATE 2352 (EXDIS)")
    assert read_cable(text + BODY).classification == "CONFIDENTIAL//NODIS/NOFORN"


def test_a_word_of_the_body_is_no_classification() -> None:
    lines = (
        "O 250101Z APR 08",
        "FM SECSTATE WASHDC",
        "Tags: knnp",
        "Subject: plants",
        "",
        "1. (U) It hid a",
        "secret plant.",
    )
    text = "\n".join((*lines, "", "2. (U) End.", ""))
    cable = read_cable(text)
    assert (cable.classification, [part.number for part in cable.paragraphs]) == (None, [1, 2])
