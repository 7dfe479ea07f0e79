"""Briefs opened again by other software: what they say, their numbers, their marks and their bytes."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pypdf
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from made_tables import cable, observation, tables
from pptx import Presentation

from metrics.__main__ import main
from metrics.briefing import packages, pictures
from metrics.briefing.brief import Brief, Sources, make_brief, make_finding
from metrics.briefing.evidence import Evidence
from metrics.briefing.native import NativePanel, Series, find_native_panels, find_series
from metrics.briefing.office_chart import number_format
from metrics.briefing.office_look import fill_bar
from metrics.briefing.packs import COUNTRY_PACK, PACKS, Pack, PackError, brief_on, read_pack
from metrics.briefing.slides import write_slides
from metrics.briefing.workbook_look import look_of
from metrics.briefing.write import (
    BRIEF_WRITERS,
    CHART_WRITERS,
    TABLES,
    Data,
    ExportError,
    draw_brief,
    read_data,
    write_brief,
    write_chart,
)
from metrics.catalog import METRICS
from metrics.charts import ChartSpec, draw_chart
from metrics.charts.lanes import Lane
from metrics.charts.selection import asked_metrics, chart_rows
from metrics.look import text_width
from metrics.marking import rank_mark
from metrics.reconcile import reconcile
from metrics.review import open_reviews, review_figure
from metrics.store import read_table, table_from_rows, write_tables

NASTY = '=cmd|" /C calc"!A0 <b>&amp;</b> #eval("1") *x* \\u{7}'
ODD = 9691.13  # a number with decimals, to the last digit


def figures() -> list[dict]:
    """Figures of two countries in every bound and status."""
    own = {"unit": "site", "country": "KAZ", "of": "portal monitors"}
    money = {"unit": "USD", "country": "KAZ", "actor": "USA"}
    return [
        observation("checkpoints_total", 112, unit="checkpoint", start=100),
        observation(
            "checkpoints_equipped", 40, qualifier="more_than", start=200, unit="checkpoint", of="radiation alarms"
        ),
        observation("installations", 9, start=300, period="2008", actor="USA", **own),
        observation("installations", 8, start=400, period="2009", status="in_progress", actor="USA", **own),
        observation("installations", 40, qualifier="more_than", start=500, actor="KAZ", **own),
        observation("funding", 63e6, start=600, of="customs reform", **money),
        observation("funding", 10.5e6, 20e6, qualifier="range", start=700, of=NASTY, **money),
        observation("funding", 18e6, start=800, of="a training centre", status="planned", **money),
        observation("funding", None, 5e6, qualifier="at_most", start=900, of="vehicles", status="requested", **money),
        observation("arrests", ODD, start=1000, marking="S/NF", period="2007", of="smugglers"),
        observation("arrests", 12, start=1100, country="UZB", cable_id="09TASHKENT2", period="2008", of="couriers"),
    ]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Data:
    """Tables on disk, as a build writes them."""
    cables = [
        cable("09ASTANA1", date(2009, 4, 12), declassify_on="03/19/2019"),
        cable("09TASHKENT2", date(2009, 9, 16), declassify_on="09/18/2029"),
    ]
    observations, cable_table = tables(figures(), cables)
    facts = reconcile(observations, cable_table)
    folder = tmp_path_factory.mktemp("tables")
    empty = {name: table_from_rows(name, []) for name in ("ledger", "issues", "checks")}
    made = {"observations": observations, "cables": cable_table, "facts": facts, **empty}
    write_tables(folder, made.items(), {"build": "b-1"})
    return read_data(folder)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return brief_on(read_pack(COUNTRY_PACK), ["KAZ"])


@pytest.fixture(scope="module")
def written(data: Data, pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The pack in every format, by suffix."""
    folder = tmp_path_factory.mktemp("briefs")
    paths = {suffix: folder / f"brief{suffix}" for suffix in BRIEF_WRITERS}
    for path in paths.values():
        write_brief(data, pack, path)
    return paths


@pytest.fixture(scope="module")
def brief(data: Data, pack: Pack) -> Brief:
    return draw_brief(data, pack, "slide")


def slide_texts(slide) -> list[str]:
    return [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]


def finding_slides(path: Path, brief: Brief) -> list:
    """Each finding with its slide: between the cover and the sources."""
    slides = list(Presentation(path).slides)
    return list(zip(brief.findings, slides[1:], strict=False))


def numbers_of(rows) -> set[float]:
    return {row[name] for row in rows for name in ("low", "high") if row[name] is not None}


@pytest.mark.parametrize("suffix", [".pptx", ".xlsx", ".pdf", ".html", ".zip"])
def test_every_file_says_that_its_cables_are_samples(data, pack, tmp_path, suffix):
    path = tmp_path / f"brief{suffix}"
    write_brief(replace(data, cables=data.cables.assign(sample=True)), pack, path)
    readers = {
        ".pptx": lambda: [" ".join(slide_texts(slide)) for slide in list(Presentation(path).slides)[1:]],
        ".xlsx": lambda: [
            " ".join(str(cell.value) for row in sheet for cell in row)
            for sheet in openpyxl.load_workbook(path)
            if sheet._charts
        ],
        ".pdf": lambda: [" ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(path).pages).split())],
        ".html": lambda: [path.read_text(encoding="utf-8")],
        ".zip": lambda: [zipfile.ZipFile(path).read("datapackage.json").decode()],
    }
    for text in readers[suffix]():
        assert "Sample cables, written for this program: no reporting." in text


# PowerPoint


def test_slides_carry_the_banner_above_and_below(written, brief):
    for finding, slide in finding_slides(written[".pptx"], brief):
        bands = [shape for shape in slide.shapes if shape.name == "Banner"]
        assert [band.text_frame.text for band in bands] == [finding.banner, finding.banner]
        top, bottom = sorted(band.top for band in bands)
        others = [shape for shape in slide.shapes if shape.name != "Banner"]
        assert all(shape.top >= top + bands[0].height for shape in others)
        assert all(shape.top + shape.height <= bottom + 12700 for shape in others)


def test_every_slide_carries_a_banner(written):
    for slide in Presentation(written[".pptx"]).slides:
        assert sum(shape.name == "Banner" for shape in slide.shapes) == 2


def test_slides_say_title_subtitle_notes_source_and_marking(written, brief):
    for finding, slide in finding_slides(written[".pptx"], brief):
        said = " ".join(" ".join(slide_texts(slide)).split())
        assert slide.shapes.title.text_frame.text == finding.drawing.title
        assert finding.drawing.title.startswith("(")
        for part in ("Source", "Derived from:", "Declassify on:", "not reviewed", "Build b-1"):
            assert part in said
        assert finding.drawing.subtitle.split(",")[0] in said


def test_native_numbers_equal_the_table(written, brief):
    for finding, slide in finding_slides(written[".pptx"], brief):
        charts = [shape.chart for shape in slide.shapes if shape.has_chart]
        drawn = {
            value
            for chart in charts
            for series in chart.plots[0].series
            for value in series.values
            if value is not None
        }
        assert drawn == numbers_of(finding.rows)
        for chart in charts:
            sheet = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))["Figures"]
            for series in chart.plots[0].series:
                reference = series._element.find(".//{*}val/{*}numRef/{*}f").text.partition("!")[2].replace("$", "")
                cells = [row[0].value for row in sheet[reference]]
                assert cells == list(series.values)


def test_floor_is_never_a_plain_figure(written, brief):
    _, slide = next(
        pair for pair in finding_slides(written[".pptx"], brief) if pair[0].drawing.spec.chart == "timeline"
    )
    chart = next(shape.chart for shape in slide.shapes if shape.has_chart)
    named = {series.name: [value for value in series.values if value is not None] for series in chart.plots[0].series}
    assert [values for name, values in named.items() if "more than" in name] == [[40.0]]
    assert all(40.0 not in values for name, values in named.items() if "more than" not in name)
    xml = chart.part.blob.decode()
    assert "more than" in xml.partition("<c:dLbls>")[2]
    assert "a:gradFill" in xml  # the open end fades out
    assert "a:pattFill" in xml  # in progress is hatched


def test_a_plan_fills_no_bar_however_open_its_end():
    def series(status: str) -> Series:
        return Series("one", status, "floor", (65e6,), ("more than $65 million",), ("#009E73",), (False,))

    planned, spent = (fill_bar(series(status), "#009E73", "lying") for status in ("planned", "actual"))
    assert "<a:noFill/>" in planned.partition("<a:ln")[0]
    assert "a:gradFill" in spent
    panel = NativePanel("lying", (Lane("customs"),), "", "USD", 65e6)
    assert look_of(series("planned"), [0], panel)["fill"] == {"none": True}
    assert "gradient" in look_of(series("actual"), [0], panel)


def test_a_slide_on_money_says_whose_colour_is_whose(written, brief):
    finding, slide = next(
        pair for pair in finding_slides(written[".pptx"], brief) if pair[0].drawing.spec.chart == "funding"
    )
    (key,) = [shape.text_frame for shape in slide.shapes if shape.name == "Colours"]
    runs = key.paragraphs[0].runs
    told = {name.text.strip(): str(square.font.color.rgb) for square, name in zip(runs[::2], runs[1::2], strict=True)}
    panels = find_native_panels(finding.drawing, finding.rows)
    drawn = {lane.mark.colour.lstrip("#") for panel in panels for lane in panel.lanes if lane.mark}
    assert "United States" in told
    assert drawn <= set(told.values())


def test_no_words_of_a_workbook_run_into_the_next_row(data, tmp_path):
    write_chart(data, ChartSpec("funding", countries=("KAZ",)), tmp_path / "one.xlsx")
    book = openpyxl.load_workbook(tmp_path / "one.xlsx")
    (head,) = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value == "Shown as"]
    sheet = head.parent
    said = [sheet.cell(row, head.column) for row in range(head.row + 1, sheet.max_row)]
    wide = sheet.column_dimensions[head.column_letter].width
    long = [cell for cell in said if cell.value and text_width(str(cell.value), 14.7) > wide * 7]
    assert long
    assert all((sheet.row_dimensions[cell.row].height or 15) >= 30 for cell in long)


# The order of the schema (ECMA-376 part 1, 21.2): PowerPoint offers to repair a file that breaks it.
SCHEMA_ORDER = {
    "chartSpace": "date1904 roundedCorners chart spPr txPr externalData",
    "chart": "autoTitleDeleted plotArea legend plotVisOnly dispBlanksAs",
    "barChart": "barDir grouping varyColors ser gapWidth overlap axId",
    "scatterChart": "scatterStyle varyColors ser axId",
    "ser": "idx order tx spPr invertIfNegative marker dPt dLbls errBars cat val xVal yVal smooth",
    "dPt": "idx invertIfNegative marker bubble3D spPr",
    "dLbl": "idx tx numFmt spPr txPr dLblPos showLegendKey showVal showCatName showSerName showPercent showBubbleSize",
    "errBars": "errBarType errValType noEndCap plus minus spPr",
    "legend": "legendPos layout overlay txPr",
    "catAx": "axId scaling delete axPos numFmt majorTickMark minorTickMark tickLblPos spPr txPr crossAx crosses auto "
    "lblAlgn lblOffset tickLblSkip noMultiLvlLbl",
    "valAx": "axId scaling delete axPos majorGridlines title numFmt majorTickMark minorTickMark tickLblPos spPr txPr "
    "crossAx crosses crossBetween majorUnit",
    "scaling": "logBase orientation max min",
}


@pytest.mark.parametrize("chart", ["coverage", "timeline", "funding", "bars"])
@pytest.mark.parametrize("scale", ["linear", "log"])
def test_chart_elements_stand_in_the_order_of_the_schema(data, chart, scale, tmp_path):
    spec = ChartSpec(chart, metrics=("arrests",) if chart == "bars" else (), scale=scale)
    write_chart(data, spec, tmp_path / "one.pptx")
    (slide,) = Presentation(tmp_path / "one.pptx").slides
    root = next(shape.chart for shape in slide.shapes if shape.has_chart)._chartSpace
    for element in root.iter():
        name = str(element.tag).rpartition("}")[2]
        if name in SCHEMA_ORDER and "drawingml/2006/chart" in element.tag:
            order = SCHEMA_ORDER[name].split()
            places = [order.index(child.tag.rpartition("}")[2]) for child in element]
            assert places == sorted(places), name


def test_ranges_have_whiskers_and_both_ends(written, brief):
    _, slide = next(pair for pair in finding_slides(written[".pptx"], brief) if pair[0].drawing.spec.chart == "funding")
    chart = next(shape.chart for shape in slide.shapes if shape.has_chart)
    ends = {
        series.name: [v for v in series.values if v is not None]
        for series in chart.plots[0].series
        if "range" in series.name
    }
    assert sorted(value for values in ends.values() for value in values) == [10.5e6, 20e6]
    assert chart.part.blob.decode().count("<c:errBars>") == 1


def test_alt_text_and_speaker_notes(written, brief):
    for finding, slide in finding_slides(written[".pptx"], brief):
        chart = next(shape for shape in slide.shapes if shape.has_chart)
        assert chart._element.nvGraphicFramePr.cNvPr.get("descr").startswith(finding.drawing.title[:40])
        notes = slide.notes_slide.notes_text_frame.text
        assert notes.startswith(finding.banner)
        assert notes.endswith(finding.banner)
        assert finding.sentences
        assert all(one.sentence in notes and one.cable_id in notes for one in finding.sentences)


def test_live_labels_show_what_the_words_say():
    assert number_format("→ more than $65 million, planned", 65e6) == '"→ more than $"#,##0,," million, planned"'
    assert number_format("9,691.13", ODD) == "#,##0.00"
    assert number_format("10 to 20", 20.0) == ""


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice (soffice) is not installed")
def test_libreoffice_reads_slides_and_workbook(written, tmp_path):
    """About ten seconds; Debian's libreoffice-impress and libreoffice-calc take a minute and 380 MB to install."""
    for suffix in (".pptx", ".xlsx"):
        command = [
            "soffice",
            f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            "pdf",
        ]
        subprocess.run([*command, "--outdir", tmp_path, written[suffix]], check=True, capture_output=True, timeout=120)
        pages = pypdf.PdfReader(tmp_path / "brief.pdf").pages
        assert pages
        for page in pages:
            assert re.search("SECRET|CONFIDENTIAL", page.extract_text())
        assert "more than 40" in " ".join(" ".join(page.extract_text() for page in pages).split())


# Excel


def test_workbook_holds_numbers_days_and_no_formula(written):
    book = openpyxl.load_workbook(written[".xlsx"])
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert any(isinstance(cell.value, datetime) for cell in cells)
    nasty = [cell for cell in cells if str(cell.value).startswith("=")]
    assert nasty
    assert all(cell.quotePrefix for cell in nasty)


def test_workbook_tables_equal_the_rows(written, data, pack):
    listed = draw_brief(data, pack, "screen", listed=True)
    book = openpyxl.load_workbook(written[".xlsx"])
    assert book.sheetnames[0] == "Contents"
    assert book.sheetnames[-1] == "Sources"
    for finding, name in zip(listed.findings, book.sheetnames[1:-1], strict=True):
        sheet = book[name]
        head = next(row for row in sheet.iter_rows() if row[0].value == "Country")
        at = {cell.value: cell.column for cell in head}
        found = {
            (sheet.cell(row, at["Fact"]).value, sheet.cell(row, at["Low"]).value, sheet.cell(row, at["High"]).value)
            for row in range(head[0].row + 1, sheet.max_row)
            if sheet.cell(row, at["Fact"]).value
        }
        assert found == {(row["id"], row["low"], row["high"]) for row in (*finding.rows, *finding.rest)}


def test_workbook_sheets_carry_banner_and_print_on_one_width(written):
    for sheet in openpyxl.load_workbook(written[".xlsx"]):
        banner = sheet["A1"].value
        assert banner in ("CONFIDENTIAL", "SECRET//NOFORN")
        assert sheet.cell(sheet.max_row, 1).value == banner
        assert sheet.oddHeader.center.text == sheet.oddFooter.center.text == banner
        assert sheet.page_setup.orientation == "landscape"
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)


def test_workbook_has_native_charts_and_sentences(written, brief):
    with zipfile.ZipFile(written[".xlsx"]) as archive:
        charts = [name for name in archive.namelist() if name.startswith("xl/charts/chart")]
        assert len(charts) == len(brief.findings)
        assert "more than 40" in "".join(archive.read(name).decode() for name in charts)
    sheet = openpyxl.load_workbook(written[".xlsx"])["Sources"]
    said = {row[-1].value for row in sheet.iter_rows(min_row=6)}
    assert {one.sentence for finding in brief.findings for one in finding.sentences} <= said


# PDF


def test_document_is_tagged_and_its_fonts_embedded(written):
    reader = pypdf.PdfReader(written[".pdf"])
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"].startswith("en")
    assert "pdfuaid:part" in reader.xmp_metadata.stream.get_data().decode() or "pdfuaid" in str(
        root["/Metadata"].get_data()
    )
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert {"/FontFile2", "/FontFile3"} & set(descriptor)
        assert "SourceS" in font["/BaseFont"]


def test_document_says_banner_findings_and_sentences(written, brief):
    pages = [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(written[".pdf"]).pages]
    assert all(page.count(brief.banner) >= 2 for page in pages)
    text = re.sub(r"\s", "", " ".join(pages))
    for finding in brief.findings:
        assert re.sub(r"\s", "", finding.drawing.title) in text
        assert all(re.sub(r"\s", "", one.sentence) in text for one in finding.sentences)
    assert re.sub(r"\s", "", NASTY.partition("\\u")[0]) in text  # shown as it stands, not run
    assert "morethan40" in text


# HTML


def test_page_is_whole(written, brief):
    text = written[".html"].read_text(encoding="utf-8")
    assert text.count(f'<div class="banner">{brief.banner}</div>') == 2
    assert text.count("Plotly.newPlot(") >= len(brief.findings)
    assert not re.search(r"<(?:script|link|img|iframe)[^>]*(?:src|href)=", re.sub(r"(?s)<script.*?</script>", "", text))
    assert "<b>&amp;</b>" not in text.replace("\\u003c", "<").partition("<tbody>")[2]


# Tables


@pytest.mark.parametrize("bom", [False, True])
def test_package_describes_its_tables(brief, bom):
    archive = zipfile.ZipFile(io.BytesIO(packages.write_package(brief, bom)))
    descriptor = json.loads(archive.read("datapackage.json"))
    assert descriptor["banner"] == brief.banner
    assert descriptor["sources"]
    assert "not reviewed" in descriptor["review"]
    for resource in descriptor["resources"]:
        content = archive.read(resource["path"])
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert resource["bytes"] == len(content)
        fields = resource["schema"]["fields"]
        assert all(set(field) <= {"name", "type", "format", "description"} for field in fields)
        if resource["format"] == "csv":
            rows = list(csv.reader(io.StringIO(content.decode(resource["encoding"]))))
            assert rows[0] == [field["name"] for field in fields]
            assert all(len(row) == len(fields) for row in rows)
            for field, *column in zip(fields, *rows[1:], strict=True):
                assert all(_fits(field["type"], value) for value in column if value), field
        else:
            table = pq.read_table(io.BytesIO(content))
            assert table.column_names == [field["name"] for field in fields]
            assert table.schema.metadata[b"banner"].decode() == brief.banner


def _fits(kind: str, value: str) -> bool:
    patterns = {
        "integer": r"-?\d+",
        "number": r"-?\d+(\.\d+)?(e[+-]?\d+)?",
        "date": r"\d{4}-\d\d-\d\d",
        "boolean": "true|false",
        "string": r"[\s\S]*",
    }
    return bool(re.fullmatch(patterns[kind], value))


def test_csv_carries_marks_and_no_formula(brief):
    plain, marked = packages.write_csv(brief), packages.write_csv(brief, bom=True)
    assert marked == b"\xef\xbb\xbf" + plain
    rows = list(csv.DictReader(io.StringIO(plain.decode())))
    assert {row["banner"] for row in rows} == {brief.banner}
    assert all(row["marking"] for row in rows)
    assert "'" + NASTY in {row["of"] for row in rows}
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]
    assert ODD in {float(row["low"]) for row in rows if row["low"]}


def test_parquet_holds_the_text_as_it_stands(brief):
    table = pq.read_table(io.BytesIO(packages.write_parquet(brief))).to_pydict()
    assert NASTY in table["of"]
    assert set(table["low"]) >= {ODD, 63e6}


# All formats


@pytest.mark.parametrize("suffix", BRIEF_WRITERS)
def test_same_input_gives_same_bytes(data, pack, written, suffix, tmp_path):
    write_brief(data, pack, tmp_path / f"again{suffix}")
    assert (tmp_path / f"again{suffix}").read_bytes() == written[suffix].read_bytes()


@pytest.mark.parametrize("suffix", [".pptx", ".xlsx", ".zip"])
def test_archives_carry_no_clock(written, suffix):
    with zipfile.ZipFile(written[suffix]) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        text = "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith((".xml", ".json")))
    assert str(date.today().year) not in text


def test_everything_but_pictures_works_without_a_browser(data, pack, tmp_path, monkeypatch):
    def refuse(*_: object) -> bytes:
        raise pictures.PictureError("no browser")

    monkeypatch.setattr(pictures, "draw_picture", refuse)
    for suffix in BRIEF_WRITERS:
        write_brief(data, pack, tmp_path / f"b{suffix}")
    for suffix in CHART_WRITERS:
        write_chart(data, ChartSpec("funding"), tmp_path / f"c{suffix}")
    with pytest.raises(pictures.PictureError):
        write_chart(data, ChartSpec("funding"), tmp_path / "c.png")
    assert not (tmp_path / "c.png").exists()


MARKS = st.sampled_from(["U", "SBU", "C", "C/NF", "S", "S/NF", None, "(XYZ)"])


@settings(max_examples=25, deadline=None)
@given(st.lists(MARKS, min_size=1, max_size=6), st.sampled_from(["bars", "map", "timeline"]))
def test_banner_is_never_below_any_row(marks, kind):
    rows = [
        observation("arrests", 10 + at, start=100 * at, marking=mark, period="2008", of=f"group {at}")
        for at, mark in enumerate(marks)
    ]
    observations, cables = tables(rows)
    facts = reconcile(observations, cables).to_pandas()
    drawing = draw_chart(ChartSpec(kind, metrics=("arrests",)), facts, cables.to_pandas(), size="slide")
    evidence = Evidence(observations.to_pandas(), facts)
    sources = Sources(cables.to_pandas())
    finding = make_finding(drawing, evidence, sources, chart_rows(facts))
    made = make_brief("All", [finding], sources)
    least = max(rank_mark(mark) for mark in [*marks, *facts["marking"].dropna()])
    assert rank_mark(finding.banner) >= least
    assert rank_mark(made.banner) >= least
    banners = [
        shape.text_frame.text
        for slide in Presentation(io.BytesIO(write_slides(made))).slides
        for shape in slide.shapes
        if shape.name == "Banner"
    ]
    assert banners
    assert all(rank_mark(words) >= least for words in banners)
    first = next(csv.DictReader(io.StringIO(packages.write_csv(made).decode())))
    assert rank_mark(first["banner"]) >= least


def test_a_brief_cites_the_figures_that_only_a_note_quotes():
    given = {"of": "heroin", "unit": "kilogram", "country": "KAZ", "period": "2008"}
    odd = {"marking": "S", "flags": ["implausible"], "cable_id": "08ASTANA2", "start": 300}
    rows = [observation("seizures", 50, marking="U", **given), observation("seizures", 777_777, **given, **odd)]
    observations, cables = tables(rows, [cable(), cable("08ASTANA2", body="other", declassify_on="1/1/2033")])
    facts, sources = reconcile(observations, cables).to_pandas(), Sources(cables.to_pandas())
    drawing = draw_chart(ChartSpec("bars", metrics=("seizures",)), facts, cables.to_pandas(), size="slide")
    finding = make_finding(drawing, Evidence(observations.to_pandas(), facts), sources)
    made = make_brief("All", [finding], sources)
    assert [row["marking"] for row in finding.rows] == ["U"]
    for one in (finding, made):
        assert one.banner == "SECRET"
        assert any("08ASTANA2" in line and "Declassify on: 1/1/2033" in line for line in one.foot)


def test_native_series_of_each_bound(data):
    drawing = draw_chart(ChartSpec("funding", countries=("KAZ",)), data.facts, data.cables, size="slide")
    panel = find_native_panels(drawing, drawing.rows)[0]
    found = {(one.status, one.bound): [v for v in one.values if v is not None] for one in find_series(panel)}
    assert found == {
        ("actual", "figure"): [63e6],
        ("planned", "figure"): [18e6],
        ("actual", "low"): [10.5e6],
        ("actual", "high"): [20e6],
        ("requested", "ceiling"): [5e6],
    }


def test_timeline_of_many_years_becomes_points(data):
    rows = [
        observation(
            "installations", 3 + year % 7, start=year, period=str(year), unit="site", of="monitors", country=country
        )
        for year in range(1985, 2010)
        for country in ("KAZ", "UZB")
    ]
    observations, cables = tables(rows)
    facts = reconcile(observations, cables).to_pandas()
    drawing = draw_chart(ChartSpec("timeline", metrics=("installations",)), facts, cables.to_pandas(), size="slide")
    panels = find_native_panels(drawing, drawing.rows)
    assert [panel.form for panel in panels] == ["points", "points"]
    assert {lane.mark.at for panel in panels for lane in panel.lanes} == {float(year) for year in range(1985, 2010)}


# Packs and commands


@pytest.mark.parametrize("path", sorted(PACKS.glob("*.toml")), ids=lambda path: path.name)
def test_packs_shipped_can_be_read(path):
    pack = read_pack(path)
    assert pack.specs
    assert "{countries}" not in brief_on(pack, ["KAZ", "UZB"]).title


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title = 1\n[[charts]]\nchart = 'pie'", "chart 1: unknown chart 'pie'; known: coverage"),
        ("[[charts]]\nchart = 'bars'\ncolour = 'red'", "unknown chart parameter 'colour'"),
        ("charts = 3", "names no charts"),
        ("titel = 'x'\n[[charts]]\nchart = 'bars'", "unknown key 'titel'; known: charts, filters, rest, title"),
        ("title = ", "is no TOML"),
    ],
)
def test_faulty_packs_are_named(tmp_path, text, said):
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PackError, match=re.escape(said)) as caught:
        read_pack(path)
    assert "mine.toml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_brief_on_countries_and_regions_is_called_by_them():
    pack = brief_on(read_pack(COUNTRY_PACK), ["Mexico"], ["central asia"])
    assert pack.title == "Mexico and Central Asia: border security in figures"
    assert {spec.countries for spec in pack.specs} == {("MEX", "KAZ", "KGZ", "TJK", "TKM", "UZB")}


def test_a_pack_takes_donors_and_units_by_name_and_refuses_unknown_ones(data):
    funding = ChartSpec("funding", actors=("united states",), unit="US dollars", countries=("KAZ",))
    made = draw_brief(data, Pack("Money", (funding,)))
    assert {row["actor"] for one in made.findings for row in one.rows} == {"USA"}
    elsewhere = draw_brief(data, Pack("Money", (replace(funding, countries=("UZB",), unit=""),)))
    assert elsewhere.gaps == "No figures found for: Funding."  # the tables know the donor, not there
    tonnes = draw_brief(data, Pack("Seized", (ChartSpec(metrics=("seizures",), unit="tonnes"),)))
    assert tonnes.gaps == "No figures found for: Seizures."  # a unit of the catalogue
    for wrong, near in (({"actors": ("Unted States",)}, "United States"), ({"unit": "US dolars"}, "US dollars")):
        with pytest.raises(ExportError, match=f"near it: {near}"):
            draw_brief(data, Pack("Money", (replace(funding, **wrong),)))


def test_charts_without_figures_are_named(brief):
    missing = brief.gaps.removeprefix("No figures found for: ").rstrip(".").split(", ")
    assert "Seizures" in missing
    assert "Funding" not in missing


def test_the_brief_on_a_country_asks_for_every_metric():
    asked = {metric for spec in read_pack(COUNTRY_PACK).specs for metric in asked_metrics(spec)}
    assert asked == set(METRICS)


def test_figures_in_other_units_are_not_said_to_be_missing(tmp_path):
    given = {"country": "TUR", "period": "2008", "of": "captagon"}
    odd = {"flags": ["implausible"], "marking": "S", "start": 300}
    observations, cables = tables(
        [
            observation("seizures", 5_000, unit="tablet", **given),
            observation("training_events", 5, unit="event", start=200, country="TUR"),
            observation("arrests", 777_777, **given, **odd),
        ],
        [cable()],
    )
    facts = reconcile(observations, cables)
    write_tables(tmp_path, {"observations": observations, "cables": cables, "facts": facts}.items(), {"build": "b"})
    data = read_data(tmp_path)
    made = draw_brief(data, brief_on(read_pack(COUNTRY_PACK), ["TUR"]))
    assert {row["metric"] for one in made.findings for row in one.rows} == {"seizures", "training_events"}
    missing, _, undrawn = made.gaps.partition(" Not drawn: ")
    assert not any(METRICS[metric].title in missing for metric in ("seizures", "training_events", "arrests"))
    assert undrawn.startswith("Arrests (1 figure that looks implausible (777,777 people)")
    assert "listed" not in undrawn  # no table of the brief holds it
    assert made.banner == "SECRET"  # of the figure that the line on gaps quotes
    in_kilograms = ChartSpec("bars", metrics=("seizures",), unit="kilogram")
    asked = Pack("Seized", (in_kilograms, ChartSpec("bars", metrics=("training_events",))))
    assert draw_brief(data, asked).gaps == "Not drawn: Seizures (no figure in kilograms)."


def test_declassification_is_the_latest_of_all_cables(data, pack):
    both = draw_brief(data, brief_on(read_pack(COUNTRY_PACK), []), "slide")
    assert "Declassify on: 09/18/2029" in both.foot[0]
    assert "Declassify on: 03/19/2019" in draw_brief(data, pack, "slide").foot[0]


def test_commands_write_files(data, tmp_path):
    run = CliRunner().invoke
    out = tmp_path / "new" / "chart.pptx"
    chosen = ["--chart", "coverage", "--country", "Kazakhstan", "--country", "uzb"]
    done = run(main, ["chart", "--data", str(data.folder), *chosen, "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert "(C)" in done.output
    assert len(Presentation(out).slides) == 1
    done = run(
        main, ["brief", "--data", str(data.folder), "--country", "kaz", "--quiet", "--out", str(tmp_path / "b.pdf")]
    )
    assert done.exit_code == 0, done.output
    assert "No figures found for" in done.output
    within = ["--region", "central asia"]
    done = run(main, ["chart", "--data", str(data.folder), *within, "--chart", "coverage", "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert "no figure on Kyrgyzstan, Tajikistan, Turkmenistan" in " ".join(slide_texts(Presentation(out).slides[0]))
    done = run(main, ["brief", "--data", str(data.folder), *within, "--quiet", "--out", str(tmp_path / "r.html")])
    assert done.exit_code == 0, done.output
    assert "Central Asia: border security in figures" in (tmp_path / "r.html").read_text()
    named = ["--chart", "funding", "--actor", "united states", "--unit", "us dollars", "--status", "planned"]
    done = run(main, ["chart", "--data", str(data.folder), *named, "--out", str(tmp_path / "f.csv")])
    assert done.exit_code == 0, done.output
    assert "$18 million" in done.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["chart", "--chart", "pie", "--out", "x.png"], "unknown chart 'pie'"),
        (["chart", "--chart", "funding", "--out", "x.doc"], "a chart is written as .png"),
        (["chart", "--country", "ATA", "--out", "x.csv"], "No figures for this selection"),
        (["chart", "--country", "Kazakstan", "--out", "x.csv"], "'Kazakstan'; near it: Kazakhstan (KAZ), Pakistan"),
        (["chart", "--country", "Atlantis", "--out", "x.csv"], "unknown country 'Atlantis'; known are names and ISO"),
        (["chart", "--actor", "Unted States", "--out", "x.csv"], "'Unted States'; near it: United States (USA)"),
        (["chart", "--unit", "sitess", "--out", "x.csv"], "unknown unit 'sitess'; near it: sites (site)"),
        (["chart", "--metric", "arests", "--out", "x.csv"], "'arests'; near it: arrests"),
        (["chart", "--country", "uzbekistan", "--out", "x.csv"], "with --metric; figures there are: arrests 1"),
        (["brief", "--country", "Atlantis", "--out", "x.pdf"], "unknown country 'Atlantis'"),
        (["brief", "--out", "x.docx"], "a brief is written as .pptx"),
        (["brief", "--country", "ATA", "--out", "x.pdf"], "no figures for"),
        (["brief", "--pack", "none.toml", "--out", "x.pdf"], "none.toml cannot be read"),
    ],
)
def test_errors_are_one_line_and_write_nothing(data, tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, [*arguments[:1], "--data", str(data.folder), *arguments[1:]])
    assert done.exit_code == 2
    assert said in done.output.splitlines()[-1]
    assert not list(tmp_path.iterdir())


@pytest.fixture
def rejected(data, tmp_path) -> str:
    """The URL of decisions: one rejects the arrests in Uzbekistan, one is of a cable that the tables do not hold."""
    url = f"sqlite:///{tmp_path / 'decisions.sqlite'}"
    rows = read_table(data.folder, "observations").to_pylist()
    couriers = next(row for row in rows if row["country"] == "UZB")
    store = open_reviews(url)
    store.record(
        review_figure("reject", couriers, "A. Reader", "they were let go"),
        review_figure("accept", {**couriers, "cable_id": "09NOWHERE1"}, "A. Reader"),
    )
    store.close()
    return url


def test_commands_follow_the_decisions_of_analysts(data, rejected, tmp_path, monkeypatch):
    def arrests(*options: str) -> tuple[set[str], str]:
        out = tmp_path / "chart.csv"
        asked = ["chart", "--data", str(data.folder), "--metric", "arrests", "--out", str(out)]
        done = CliRunner().invoke(main, [*asked, *options])
        assert done.exit_code == 0, done.output
        with out.open(encoding="utf-8-sig") as lines:
            return {row["country"] for row in csv.DictReader(lines)}, done.output.splitlines()[-1]

    monkeypatch.chdir(tmp_path)
    assert arrests() == ({"KAZ", "UZB"}, "No analysts' decisions on record.")
    followed = {"KAZ"}, "1 of 2 analysts' decisions applied."
    assert arrests("--reviews", rejected) == followed
    monkeypatch.setenv("BORDER_METRICS_REVIEWS", rejected)
    assert arrests() == followed
    brief = ["brief", "--data", str(data.folder), "--country", "KAZ", "--quiet", "--out", str(tmp_path / "b.zip")]
    assert followed[1] in CliRunner().invoke(main, brief).output


def test_commands_refuse_decisions_that_are_not_there(data, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    asked = ["chart", "--data", str(data.folder), "--out", "chart.csv", "--reviews", "sqlite:///mistyped.sqlite"]
    done = CliRunner().invoke(main, asked)
    assert done.exit_code == 2
    assert "no reviews at sqlite:///mistyped.sqlite" in done.output
    assert not list(tmp_path.iterdir())


def test_sentences_come_with_the_decisions(data):
    rows = read_table(data.folder, "observations").to_pylist()
    arrests = next(row for row in rows if row["metric"] == "arrests" and row["country"] == "UZB")
    held = read_data(data.folder, [review_figure("correct", arrests, "A. Reader", "misread", {"low": 14, "high": 14})])
    spec = ChartSpec("bars", metrics=("arrests",), countries=("UZB",))
    shown = draw_brief(held, Pack("Arrests", (spec,)), "screen").findings[0]
    assert [row["low"] for row in shown.drawing.rows] == [14]
    assert len(shown.sentences) == 1


def test_a_sentence_states_no_computed_figure(brief):
    coverage = next(one for one in brief.findings if one.drawing.spec.chart == "coverage")
    said = {one.sentence: set(one.figures) for one in coverage.sentences}
    assert "input of the computed figure 40 to 112 checkpoints" in said["Sentence at 500."]
    assert not any("40 to 112" in figures for figures in said.values())
    assert "more than 40 checkpoints" in said["Sentence at 200."]


def test_unknown_suffix_is_refused(data, pack, tmp_path):
    with pytest.raises(ExportError, match=r"choose one of these suffixes"):
        write_brief(data, pack, tmp_path / "brief.key")


def test_formats_with_tables_list_what_is_not_drawn(data):
    facts = data.facts
    other = facts["metric"].eq("arrests") & facts["country"].eq("UZB")
    vague = facts["qualifier"].astype("string").mask(other, "vague")
    changed = Data(data.folder, facts.assign(qualifier=vague), data.cables, data.build)
    brief = draw_brief(changed, Pack("All", (ChartSpec("bars", metrics=("arrests",)),)), "screen", listed=True)
    assert [row["country"] for row in brief.findings[0].rest] == ["UZB"]
    assert {row["drawn"] for row in packages.figure_records(brief)} == {True, False}
    assert ".csv" in TABLES
