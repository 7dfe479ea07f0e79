"""Files, folders, archives, pages and exports as a stream of cables; what cannot be read is named and stops nothing."""

import doctest
import json
import zipfile
from datetime import date
from pathlib import Path

import pytest
from pyarrow.fs import LocalFileSystem

from metrics import sources
from metrics.cable import Cable, Problem
from metrics.sources import list_inputs, read_input, read_sources

HEADER = """VZCZCXYZ0005
RR RUEHWEB
DE RUEHZZ #0042 2590715
ZNR UUUUU ZZH
R 160715Z SEP 09
FM AMEMBASSY TASHKENT
TO RUEHC/SECSTATE WASHDC 1321
"""
BODY = """UNCLAS TASHKENT 000042

SIPDIS

E.O. 12958: N/A
TAGS: PREL UZ
SUBJECT: PLANTED EXAMPLE

¶1. (SBU) Guards, "the old ones", use scanners at 28 of 212 posts.

¶2. (SBU) They like them.
ROE
"""
TEXT = HEADER + BODY
PARAGRAPHS = ['Guards, "the old ones", use scanners at 28 of 212 posts.', "They like them."]
ARCHIVE_PAGE = """<html><head><title>7 cables</title><script>var n = 28;</script></head><body>
<h3>Viewing cable 09TASHKENT42, PLANTED EXAMPLE</h3>
<table class='cable'><tr><th>Reference ID</th><th>Created</th><th>Released</th></tr>
<tr><td><a href='/09TASHKENT42.html'>09TASHKENT42</a></td>
<td>2009-09-16 07:15</td><td>2011-08-30 01:44</td></tr></table>
<code><pre>{header}</pre></code>
<code><pre>{body}</pre></code>
</body></html>
"""
BLOG_PAGE = """<!DOCTYPE html><html><body><div>251,287 cables, 15 years ago</div>
<p>Key fingerprint 9EF0 C41A FBA5
AAAABBBBCCCC1234567890abcdef99ZZ
AAAABBBBCCCC1234567890abcdef99ZZ=
</p>
<div>Reference ID Created Released Classification Origin<br/>
09TASHKENT42 2009-09-16 07:15 2011-08-30 01:44 UNCLASSIFIED Embassy Tashkent<br/><br/>
{first}<br/>
Reference ID Created Released Classification Origin<br/>
09TASHKENT43 2009-09-17 07:15 2011-08-30 01:44 UNCLASSIFIED Embassy Tashkent<br/><br/>
{second}<br/>
Leave a Reply<br/>
Fill in your 5 details</div></body></html>
"""


def as_markup(text: str, line_end: str = "&#x000A;") -> str:
    return text.replace("&", "&amp;").replace("¶", "<a href='#p'>¶</a>").replace("\n", line_end)


def read(*paths: Path) -> tuple[list[Cable], list[Problem]]:
    found = list(read_sources(paths))
    return [c for c in found if isinstance(c, Cable)], [p for p in found if isinstance(p, Problem)]


def paragraphs(cable: Cable) -> list[str]:
    return [" ".join(cable.masked[p.start : p.end].split()) for p in cable.paragraphs]


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_examples_in_docstrings() -> None:
    assert doctest.testmod(sources).failed == 0


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        TEXT.encode("latin-1"),
        TEXT.replace("\n", "\r\n").encode("latin-1"),
        TEXT.replace("\n", "\r\n").encode(),
        ("\n" + TEXT).encode("cp1252"),
    ],
)
def test_text_files_of_all_encodings(tmp_path: Path, data: bytes) -> None:
    [cable], problems = read(write(tmp_path / "09TASHKENT42.txt", data))
    assert (cable.id, cable.date, problems) == ("09TASHKENT42", date(2009, 9, 16), [])
    assert paragraphs(cable) == PARAGRAPHS
    assert cable.source_start == 0


def test_page_gives_the_same_paragraphs_as_the_text(tmp_path: Path) -> None:
    page = ARCHIVE_PAGE.format(header=as_markup(HEADER), body=as_markup(BODY))
    [cable], problems = read(write(tmp_path / "page.html", page))
    assert problems == []
    assert (cable.id, cable.post, cable.subject) == ("09TASHKENT42", "TASHKENT", "PLANTED EXAMPLE")
    assert paragraphs(cable) == PARAGRAPHS
    assert page[cable.source_start :].startswith(cable.text)


def test_page_gives_the_date_that_an_extract_lacks(tmp_path: Path) -> None:
    page = ARCHIVE_PAGE.format(header="This record is a partial extract of the original cable.", body=as_markup(BODY))
    [cable], _ = read(write(tmp_path / "page.html", page))
    assert (cable.date, cable.dtg) == (date(2009, 9, 16), None)


def test_several_cables_on_one_page(tmp_path: Path) -> None:
    second = TEXT.replace("000042", "000043").replace("28 of 212", "29 of 212")
    page = BLOG_PAGE.format(first=as_markup(TEXT, "<br/>\n"), second=as_markup(second, "<br/>\n"))
    cables, problems = read(write(tmp_path / "archive.html", page))
    assert problems == []
    assert [cable.id for cable in cables] == ["09TASHKENT42", "09TASHKENT43"]
    assert paragraphs(cables[0]) == PARAGRAPHS
    assert paragraphs(cables[1])[0].endswith("29 of 212 posts.")
    assert all(page[cable.source_start :].startswith(cable.text) for cable in cables)
    assert "details" not in cables[1].text


def test_cable_that_refers_to_others_is_one_cable(tmp_path: Path) -> None:
    text = TEXT.replace("SUBJECT", "Reference: 09STATE111 and 09STATE112\nSUBJECT")
    cables, _ = read(write(tmp_path / "09TASHKENT42.txt", "09TASHKENT42\n" + text))
    assert [cable.id for cable in cables] == ["09TASHKENT42"]


@pytest.mark.parametrize("escape", ['\\"', '""'])
def test_rows_of_the_export(tmp_path: Path, escape: str) -> None:
    row = '"{n}","9/16/2009 7:15","09TASHKENT{n}","Embassy Tashkent","UNCLASSIFIED","","{header}","{body}"\n'
    content = "".join(
        row.format(n=n, header=HEADER, body=BODY.replace("000042", f"0000{n}").replace('"', escape))
        for n in (42, 43, 44)
    )
    cables, problems = read(write(tmp_path / "cables.csv", content))
    assert problems == []
    assert [cable.id for cable in cables] == ["09TASHKENT42", "09TASHKENT43", "09TASHKENT44"]
    for cable in cables:
        assert [p.number for p in cable.paragraphs] == [1, 2]
        assert cable.subject == "PLANTED EXAMPLE"
        assert content[cable.source_start :].startswith(cable.text)


def test_export_is_read_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "CHUNK", 300)
    row = '"{n}","9/16/2009 7:15","09TASHKENT{n}","Embassy Tashkent","UNCLASSIFIED","","{header}","plain {n}"\n'
    content = "".join(row.format(n=n, header=HEADER) for n in range(10, 30))
    cables, _ = read(write(tmp_path / "cables.csv", content))
    assert [cable.id for cable in cables] == [f"09TASHKENT{n}" for n in range(10, 30)]


def test_broken_row_is_named_after_the_good_ones(tmp_path: Path) -> None:
    row = f'"1","9/16/2009 7:15","09TASHKENT42","Embassy Tashkent","UNCLASSIFIED","","{HEADER}","text"\n'
    cables, problems = read(write(tmp_path / "cables.csv", row + '"2","only two columns'))
    assert len(cables) == 1
    assert str(len(row)) in problems[0].what


def test_json_lines(tmp_path: Path) -> None:
    lines = [json.dumps({"id": "09TASHKENT42", "text": TEXT}), "{broken", json.dumps({"id": "x"})]
    cables, problems = read(write(tmp_path / "cables.jsonl", "\n".join(lines)))
    assert [paragraphs(cable) for cable in cables] == [PARAGRAPHS]
    assert ["line 2" in problems[0].what, "has no text" in problems[1].what] == [True, True]


def pdf_of(lines: list[str]) -> bytes:
    drawn = "BT /F1 10 Tf 40 800 Td 12 TL " + " ".join(
        "({}) Tj T*".format(line.replace("\\", "").replace("(", "\\(").replace(")", "\\)")) for line in lines
    )
    stream = (drawn + " ET").encode("latin-1")
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length " + str(len(stream)).encode() + b">>stream\n" + stream + b"\nendstream",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    body = b"".join(b"%d 0 obj%s endobj\n" % (n, content) for n, content in enumerate(objects, 1))
    return b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R/Size 6>>\n%%EOF"


def test_pdf(tmp_path: Path) -> None:
    [cable], problems = read(write(tmp_path / "09TASHKENT42.pdf", pdf_of(TEXT.replace("¶", "").splitlines())))
    assert (cable.id, problems) == ("09TASHKENT42", [])
    assert paragraphs(cable)[0] == PARAGRAPHS[0]


def test_folder_is_read_in_order_and_one_bad_file_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    write(tmp_path / "b" / "09TASHKENT44.txt", TEXT)
    write(tmp_path / "09TASHKENT43.txt", TEXT)
    write(tmp_path / "a.txt", b"")
    write(tmp_path / "c.txt", b"\x00\x01\x02\xff" * 100)
    write(tmp_path / "d.html", "<html><body>Nothing to see, 28 comments.</body></html>")
    write(tmp_path / "e.png", b"\x89PNG")
    write(tmp_path / "f.txt", "A shopping list: 5 apples.")
    cables, problems = read(tmp_path)
    assert [cable.source for cable in cables] == [
        f"{tmp_path.name}/09TASHKENT43.txt",
        f"{tmp_path.name}/b/09TASHKENT44.txt",
    ]
    assert {problem.where.rpartition("/")[2] for problem in problems} == {"a.txt", "c.txt", "d.html", "e.png", "f.txt"}
    assert all(problem.what and problem.fix for problem in problems)


def test_archive_with_bad_members(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "cables.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("dev/09TASHKENT42.txt", TEXT)
        archive.writestr("../09TASHKENT43.txt", TEXT)
        archive.writestr("inner.zip", b"PK")
        archive.writestr("bomb.txt", b"0" * 30_000_000)
        archive.writestr("page.html", ARCHIVE_PAGE.format(header=as_markup(HEADER), body=as_markup(BODY)))
    cables, problems = read(tmp_path / "cables.zip")
    assert [cable.source for cable in cables] == ["cables.zip!dev/09TASHKENT42.txt", "cables.zip!page.html"]
    assert {problem.where.partition("!")[2] for problem in problems} == {"../09TASHKENT43.txt", "inner.zip", "bomb.txt"}
    assert list(tmp_path.iterdir()) == [tmp_path / "cables.zip"]


@pytest.mark.parametrize(("name", "content"), [("none", None), ("empty", ""), ("broken.zip", "PK no archive")])
def test_sources_that_hold_nothing(tmp_path: Path, name: str, content: str | None) -> None:
    path = tmp_path / name
    if content is not None:
        path.mkdir() if not content else path.write_text(content)
    cables, problems = read(path)
    assert cables == []
    assert name in problems[0].where


def test_stub_is_a_cable_with_a_problem(tmp_path: Path) -> None:
    [cable], _ = read(write(tmp_path / "09TASHKENT42.txt", TEXT.partition("¶1.")[0]))
    assert [problem.what.partition(":")[0] for problem in cable.problems] == ["no body"]


def test_inputs_name_no_place_of_this_machine_and_carry_the_hash(tmp_path: Path) -> None:
    write(tmp_path / "one.txt", TEXT)
    write(tmp_path / "two.txt", TEXT)
    first, second = list_inputs([tmp_path])
    assert first.sha256 == second.sha256
    assert not Path(first.name).is_absolute()
    [cable] = read_input(first)
    assert isinstance(cable, Cable)
    assert cable.source_sha256 == first.sha256


def test_an_archive_replaced_since_is_read_anew(tmp_path: Path) -> None:
    for text in (TEXT, TEXT.replace("TASHKENT", "ASTANA")):
        with zipfile.ZipFile(tmp_path / "cables.zip", "w") as archive:
            archive.writestr("a.txt", text)
        [source] = list_inputs([tmp_path / "cables.zip"])
        [cable] = read_input(source)
        assert isinstance(cable, Cable)
        assert cable.text in text


def test_object_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "09TASHKENT42.txt", TEXT)
    local = LocalFileSystem()
    monkeypatch.setattr(sources, "connect", lambda uri: (local, "/" + uri.partition("://")[2].lstrip("/")))
    with zipfile.ZipFile(tmp_path / "more.zip", "w") as archive:
        archive.writestr("09TASHKENT43.txt", TEXT)
    found = list(read_sources([f"s3://{tmp_path}"]))
    assert [cable.id for cable in found if isinstance(cable, Cable)] == ["09TASHKENT42", "09TASHKENT43"]
    [missing] = read_sources([f"s3://{tmp_path}/nothing"])
    assert isinstance(missing, Problem)


def test_pages_of_the_reference_cables(shared: Path) -> None:
    texts = {c.id: c for c in read_sources([shared / "cables" / "dev"]) if isinstance(c, Cable)}
    pages = [c for c in read_sources([shared / "cables" / "html.zip"]) if isinstance(c, Cable)]
    assert {page.id for page in pages} == set(texts)
    assert all(page.date for page in pages)
    fields = ("post", "subject", "tags", "classification", "declassify_on", "dtg")
    for page in pages:
        assert [getattr(page, field) for field in fields] == [getattr(texts[page.id], field) for field in fields]
    differing = sum(paragraphs(page) != paragraphs(texts[page.id]) for page in pages)
    assert differing <= len(pages) * 0.06
