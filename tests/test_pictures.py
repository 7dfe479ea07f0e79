"""Pictures: formats opened again by other software, the same bytes each time, and no waiting for a missing browser."""

import asyncio
import io
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from xml.etree import ElementTree

import pandas as pd
import pypdf
import pytest
from PIL import Image, ImageColor

from metrics.briefing import pictures
from metrics.briefing.pictures import PictureError, PictureServer, draw_picture
from metrics.charts import ChartSpec, draw_chart
from metrics.look import SIZES, THEMES, banner_colour

CABLES = pd.DataFrame(
    {
        "cable_id": ["09SECOND22"],
        "cable_date": [date(2009, 4, 12)],
        "declassify_on": ["04/12/2029"],
        "sample": [False],
    }
)


def drawing(chart="timeline", size="slide", country="KAZ", of="radiation portal monitors", **options):
    row = {
        "observation_id": "o1",
        "cable_id": "09SECOND22",
        "cable_date": date(2009, 4, 12),
        "paragraph": 2,
        "marking": "C",
        "metric": "installations",
        "kind": "level",
        "low": 40.0,
        "high": None,
        "qualifier": "more_than",
        "unit": "site",
        "per": None,
        "of": of,
        "country": country,
        "site": None,
        "actor": "USA",
        "period": "2008",
        "period_start": date(2008, 1, 1),
        "period_end": date(2008, 12, 31),
        "status": "actual",
        "speaker": None,
        "flags": [],
        "part_of": None,
    }
    return draw_chart(ChartSpec(chart, **options), pd.DataFrame([row]), CABLES, size=size, build="b1")


@pytest.fixture(scope="module")
def chrome():
    """Skip where no browser is installed; end it after the last test."""
    try:
        pictures._find_browser()
    except PictureError as error:
        pytest.skip(str(error))
    yield
    pictures._SERVER.close()


@pytest.mark.parametrize("size", [name for name, size in SIZES.items() if size.height])
@pytest.mark.parametrize("scale", [1, 2])
def test_png_has_the_size_asked_for_and_a_banner_at_both_ends(chrome, size, scale):
    picture = Image.open(io.BytesIO(draw_picture(drawing(size=size), "png", scale))).convert("RGB")
    assert picture.size == (SIZES[size].width * scale, SIZES[size].height * scale)
    band = ImageColor.getrgb(banner_colour("CONFIDENTIAL"))
    left, right = 6, picture.width - 7
    for y in (4, picture.height - 5):
        assert [picture.getpixel((x, y)) for x in (left, right)] == [band, band]
    row = [picture.getpixel((x, int(11 * scale * SIZES[size].scale * 0.95))) for x in range(picture.width)]
    assert (255, 255, 255) in row


def test_svg_parses_holds_every_word_and_carries_its_fonts(chrome):
    drawn = drawing()
    tree = ElementTree.fromstring(draw_picture(drawn, "svg"))
    said = " ".join("".join(node.itertext()) for node in tree.iter() if node.tag.endswith("text"))
    for words in (
        "CONFIDENTIAL",
        "Derived from: 09SECOND22",
        ">40",
        "Marks carried forward by software, not reviewed.",
    ):
        assert words in said
    assert tree.find("{http://www.w3.org/2000/svg}title").text == drawn.title
    assert b"font/woff2;base64" in ElementTree.tostring(tree)


def test_pdf_holds_the_words_as_text_in_the_fonts_shipped(chrome):
    page = pypdf.PdfReader(io.BytesIO(draw_picture(drawing(), "pdf"))).pages[0]
    said = " ".join(page.extract_text().split())
    assert said.count("CONFIDENTIAL") == 2
    assert "Source: 09SECOND22 (12 Apr 2009) para 2" in said
    fonts = page["/Resources"]["/Font"].values()
    names = {str(font.get_object()["/BaseFont"]) for font in fonts}
    assert any("SourceSans3" in name for name in names)
    assert any("SourceSerif4" in name for name in names)


@pytest.mark.parametrize("form", ["png", "svg", "pdf", "html"])
def test_the_same_drawing_gives_the_same_bytes(chrome, form):
    assert draw_picture(drawing(), form) == draw_picture(drawing(), form)


def test_a_map_is_drawn_with_the_boundaries_shipped(chrome):
    picture = Image.open(io.BytesIO(draw_picture(drawing("map"), "png"))).convert("RGB")
    pixels = {colour: count for count, colour in picture.getcolors(1_000_000)}
    assert pixels[ImageColor.getrgb(THEMES["light"].track)] > 10_000


def test_html_needs_no_network_and_shows_markup_as_text():
    page = draw_picture(drawing(of="<script>alert(1)</script>"), "html").decode()
    assert "<script>alert(1)" not in page.replace("\\u003c", "<").split("Plotly.newPlot")[0].split("</head>")[0]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert not re.search(r"""<(?:script|link|img)[^>]+(?:src|href)\s*=\s*["']?https?:""", page)
    assert page.count('<div class="banner">CONFIDENTIAL</div>') == 2
    assert "more than 40" in page
    assert "PlotlyGeoAssets={topojson" in draw_picture(drawing("map"), "html").decode()


def test_an_unknown_format_is_named_with_the_known_ones():
    with pytest.raises(PictureError, match="unknown picture format 'gif'; known: png, svg, pdf, html"):
        draw_picture(drawing(), "gif")


def test_ten_pictures_at_once_all_finish_and_are_their_own(chrome):
    drawings = [drawing(title=f"Number {number}") for number in range(10)]
    with ThreadPoolExecutor(10) as pool:
        found = list(pool.map(lambda drawn: draw_picture(drawn, "svg").decode(), drawings))
    assert all(f"Number {number}<" in svg for number, svg in enumerate(found))


def test_a_dead_browser_is_replaced(chrome):
    draw_picture(drawing(), "png")
    dead = pictures._SERVER._browser
    dead.subprocess.kill()
    dead.subprocess.wait(5)
    assert draw_picture(drawing(), "png").startswith(b"\x89PNG")
    assert pictures._SERVER._browser is not dead


def test_without_a_browser_one_line_says_what_to_install_and_nothing_hangs(monkeypatch):
    monkeypatch.delenv("BROWSER_PATH", raising=False)
    monkeypatch.setattr(pictures.Chromium, "find_browser", classmethod(lambda cls, **_: None))
    start = time.monotonic()
    with pytest.raises(PictureError, match="apt-get install chromium") as error:
        PictureServer().draw({"data": [], "layout": {}}, {"format": "png"})
    assert time.monotonic() - start < 2
    assert "\n" not in str(error.value)


def test_a_browser_path_that_is_no_file_is_named(monkeypatch):
    monkeypatch.setenv("BROWSER_PATH", "/nowhere/chrome")
    with pytest.raises(PictureError, match="BROWSER_PATH names /nowhere/chrome"):
        pictures._find_browser()


def test_a_browser_that_never_answers_is_given_up(monkeypatch):
    class Silent:
        """A browser that takes tasks and never finishes one."""

        class subprocess:
            poll = staticmethod(lambda: None)
            kill = staticmethod(lambda: None)

        async def calc_fig(self, *_, **__):
            await forever()

        async def close(self):
            return None

    async def forever():
        await asyncio.sleep(60)

    async def open_silent():
        return Silent()

    monkeypatch.setattr(pictures, "_find_browser", lambda: None)
    monkeypatch.setattr(pictures, "_open_browser", open_silent)
    monkeypatch.setattr(pictures, "DRAW_SECONDS", 0.2)
    before = threading.active_count()
    with pytest.raises(PictureError, match="the browser did not draw the picture"):
        PictureServer().draw({"data": [], "layout": {}}, {"format": "png"})
    assert threading.active_count() <= before + 1
