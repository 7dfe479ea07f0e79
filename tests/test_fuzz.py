"""Input of any shape: no exception, spans that hold, and time that grows with the length and no faster."""

from __future__ import annotations

import io
import json
import os
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from metrics.cable import Cable, Problem, read_cable
from metrics.quantities import find_quantities
from metrics.sentences import CUT
from metrics.sources import list_inputs, read_sources

settings.register_profile("quick", max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
settings.register_profile("long", parent=settings.get_profile("quick"), max_examples=4000)
settings.load_profile(os.environ.get("FUZZ", "quick"))

HEADER = """VZCZC
DE RUEHKB #0001 0011200
R 011200Z JAN 09
FM AMEMBASSY ASTANA
C O N F I D E N T I A L ASTANA 000123
E.O. 12958: DECL: 01/01/2019
TAGS: PREL, KZ
SUBJECT: POSTS

1. (C) """
# What cables are made of, so that chance puts together what a person would not.
PIECES = (
    "\n",
    "\n\n",
    " ",
    "   ",
    "\t",
    "\r\n",
    "1. ",
    "2.  (C) ",
    "(SBU)",
    "-- ",
    "a. ",
    "----",
    "Summary: ",
    "End summary. ",
    "COMMENT",
    "BAGHDAD 00000623  002 OF 003 ",
    "PAGE 02 STATE 023763 071504Z",
    "SIPDIS\n",
    "SECRET SECTION 02 OF 03 X 000123\n",
    "INFO LOG-00 NP-00 ",
    "E.O. 12958: DECL: ",
    "TAGS: ",
    "SUBJECT: ",
    "REF: A. ",
    "U.S. ",
    "Mr. ",
    '"',
    "''s",
    "&",
    "8",
    "&#8217;",
    "<br>",
    "<script>",
    "[a](b)",
    "\\",
    "¶",
    "½",
    "é",
    "\x00",
    "\u2028",
    "20 million",
    "1,500",
    "$",
    "percent",
    "to",
    "from",
    "per day",
    "kilos of",
    "of the",
    "June",
    "2009",
    "guards",
    "several hundred",
    "twenty-five",
    "more than",
    ".",
    "/",
    "-",
    "%",
    "(",
    ")",
)
TEXT = st.one_of(st.text(max_size=400), st.lists(st.sampled_from(PIECES), max_size=120).map("".join))


@given(TEXT, st.booleans())
def test_any_text_is_a_cable_whose_spans_stand_in_order(body: str, headed: bool) -> None:
    text = HEADER + body if headed else body
    cable = read_cable(text, "09ASTANA123.txt")
    assert len(cable.masked) == len(text)
    ends = [0]
    for paragraph in cable.paragraphs:
        assert ends[-1] <= paragraph.start < paragraph.end <= len(text)
        inside = [paragraph.start]
        for sentence in paragraph.sentences:
            assert inside[-1] <= sentence.start < sentence.end <= paragraph.end
            inside.append(sentence.end)
        ends.append(paragraph.end)


@given(TEXT)
def test_quantities_of_any_text_stand_in_order_and_hold_a_number(text: str) -> None:
    done = 0
    for quantity in find_quantities(text):
        assert done <= quantity.start < quantity.end <= len(text)
        assert quantity.low is None or quantity.high is None or quantity.low <= quantity.high
        done = quantity.end


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.csv", "a.jsonl", "a.json", "a.zip", "a.pdf"])
@given(data=st.one_of(st.binary(max_size=300), TEXT.map(lambda text: text.encode("utf-8", "replace"))))
def test_any_bytes_give_cables_or_problems(name: str, tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("fuzz") / name
    path.write_bytes(data)
    assert all(isinstance(found, Cable | Problem) for found in read_sources([path]))


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "text", "date", "x"]), inner),
    max_leaves=8,
)


@given(st.lists(JSON, max_size=4))
def test_any_json_gives_cables_or_problems(tmp_path_factory: pytest.TempPathFactory, values: list[object]) -> None:
    path = tmp_path_factory.mktemp("fuzz") / "a.jsonl"
    path.write_text("\n".join(json.dumps(value) for value in values), encoding="utf-8")
    assert len(list(read_sources([path]))) == len(values)


@given(st.lists(st.lists(TEXT, min_size=8, max_size=8), min_size=1, max_size=3))
def test_rows_of_an_export_come_back_each_as_one_cable(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    path = tmp_path_factory.mktemp("fuzz") / "a.csv"
    quoted = [['"' + cell.replace("\\", "\\\\").replace('"', '\\"') + '"' for cell in row] for row in rows]
    path.write_bytes("".join(",".join(row) + "\n" for row in quoted).encode("utf-8", "replace"))
    assert len(list(read_sources([path]))) == len(rows)


# Each was quadratic or worse in a reader that did not bound it.
REPEATED = {
    "paragraph numbers": "1. \n",
    "numbers that grow": "1. (C) x.\n2. (C) y.\n",
    "page lines": "BAGHDAD 00000623  002 OF 003 ",
    "section lines": "\nSECRET SECTION 02 OF 03 X 000\n",
    "table rows": "a   b   c\n",
    "tight table rows": "a b 1 2\n",
    "cells of one endless row": "a - 1 2 \n- ",
    "almost a row": "A" + " " * 390 + "x 1.\n\n",
    "blanks": "   ",
    "blank lines": "\n \n",
    "stops": ".",
    "quotes": '."',
    "summaries": "\n1. (C) Summary: a. ",
    "headings": "Ab\n---\n",
    "open tags": "<script>",
    "quotation signs": "&a8 ",
    "digits": "1",
    "numbers": "1 ",
    "percentages": "5% ",
    "ranges": "10 to ",
    "number words": "one hundred and ",
    "words": "guards ",
}


def seconds(unit: str, times: int) -> float:
    """Processor time for a text of `unit` so many times, the least of three."""
    found = []
    for _ in range(3):
        begin = time.process_time()
        cable = read_cable(HEADER + unit * times, "09ASTANA123.txt")
        for paragraph in cable.paragraphs:
            for sentence in paragraph.sentences:
                find_quantities(cable.masked, sentence.start, sentence.end)
        found.append(time.process_time() - begin)
    return min(found)


@pytest.mark.parametrize("name", REPEATED)
def test_time_grows_no_faster_than_the_text(name: str) -> None:
    times = 6000 // len(REPEATED[name])
    assert seconds(REPEATED[name], 4 * times) < 9 * max(seconds(REPEATED[name], times), 0.002)


@pytest.mark.parametrize("unclosed", ["<script>", "<!-- ", "-----BEGIN PGP", "<pre>", "&#x", "Viewing cable "])
def test_pages_of_unclosed_marks_grow_no_faster_than_their_length(tmp_path: Path, unclosed: str) -> None:
    def page(times: int) -> float:
        path = tmp_path / f"{times}.html"
        path.write_text("<html>" + unclosed * times, encoding="utf-8")
        begin = time.process_time()
        list(read_sources([path]))
        return time.process_time() - begin

    page(10)
    assert page(20_000) < 9 * max(page(5_000), 0.01)


def test_a_line_of_a_million_digits_is_one_number_that_is_none() -> None:
    [quantity] = find_quantities("1" * 1_000_000)
    assert (quantity.end, quantity.reason) == (1_000_000, "reference")


def test_a_text_without_full_stops_is_cut_at_blanks_into_sentences_of_bounded_length() -> None:
    phrase = "12 trucks at 3 posts, "
    text = HEADER + phrase * 2000
    cable = read_cable(text, "09ASTANA123.txt")
    sentences = [sentence for paragraph in cable.paragraphs for sentence in paragraph.sentences]
    assert max(sentence.end - sentence.start for sentence in sentences) < CUT + len(phrase)
    kept = "".join(cable.masked[sentence.start : sentence.end] for sentence in sentences)
    assert kept.replace(" ", "") == (phrase * 2000).replace(" ", "")


def archive_of(members: dict[str, bytes]) -> bytes:
    """A zip of these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("member", "data", "what"),
    [
        ("../09ASTANA1.txt", b"x", "leads out"),
        ("/etc/09ASTANA1.txt", b"x", "leads out"),
        ("..\\09ASTANA1.txt", b"x", "leads out"),
        ("inner.zip", archive_of({"a.txt": b"x"}), "archive inside"),
        ("inner.tar.gz", b"x", "archive inside"),
        ("bomb.txt", b" " * 30_000_000, "too much"),
        ("run.exe", b"x", "not a kind"),
    ],
)
def test_hostile_archive_members_are_refused_and_the_rest_is_read(
    tmp_path: Path, member: str, data: bytes, what: str
) -> None:
    path = tmp_path / "cables.zip"
    path.write_bytes(archive_of({member: data, "09ASTANA2.txt": HEADER.encode() + b"There are 12 posts."}))
    found = list(read_sources([path]))
    assert [type(one) for one in sorted(found, key=lambda one: isinstance(one, Cable))] == [Problem, Cable]
    assert what in next(one.what for one in found if isinstance(one, Problem))
    assert {file.name for file in tmp_path.iterdir()} == {"cables.zip"}


def test_an_archive_whose_directory_lies_about_sizes_is_refused(tmp_path: Path) -> None:
    whole = archive_of({"bomb.txt": b" " * 5_000_000})
    lying = whole.replace((5_000_000).to_bytes(4, "little"), (900).to_bytes(4, "little"))
    path = tmp_path / "cables.zip"
    path.write_bytes(lying)
    [source] = list_inputs([path])
    assert source.problem is not None


def test_an_archive_member_whose_packing_is_broken_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    good = HEADER.encode() + b"There are 12 posts."
    whole = archive_of({"09ASTANA1.txt": good, "09ASTANA2.txt": good})
    begin = whole.index(b"09ASTANA1.txt") + len("09ASTANA1.txt")
    path = tmp_path / "cables.zip"
    path.write_bytes(whole[:begin] + b"\xff" * 8 + whole[begin + 8 :])
    broken, cable = read_sources([path])
    assert isinstance(broken, Problem)
    assert "09ASTANA1.txt" in broken.where
    assert isinstance(cable, Cable)


def test_a_line_of_json_nested_too_deep_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    path = tmp_path / "cables.jsonl"
    good = json.dumps({"id": "09ASTANA1", "text": HEADER + "There are 12 posts."})
    path.write_text("[" * 100_000 + "\n" + good, encoding="utf-8")
    broken, cable = read_sources([path])
    assert isinstance(broken, Problem)
    assert "line 1" in broken.what
    assert isinstance(cable, Cable)


def test_an_archive_member_without_a_name_is_named_by_its_archive(tmp_path: Path) -> None:
    path = tmp_path / "cables.zip"
    path.write_bytes(archive_of({"a.txt": b"x"}).replace(b"a.txt", b"\x00.txt"))
    [source] = list_inputs([path])
    assert source.problem is not None
    assert source.name == "cables.zip!"
