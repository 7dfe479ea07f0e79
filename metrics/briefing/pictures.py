"""Drawings as PNG, SVG, PDF and self-contained HTML."""

from __future__ import annotations

import asyncio
import atexit
import base64
import html
import json
import os
import re
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import suppress
from pathlib import Path
from typing import Any

import kaleido
import plotly.graph_objects as go
import plotly.io as pio
from choreographer.browsers.chromium import Chromium

from metrics.charts import Drawing
from metrics.charts.selection import as_stated
from metrics.errors import UserError
from metrics.look import FONT_FILES, FONTS, SIZES, TOPOJSON, banner_colour, say_value

FORMATS = ("png", "svg", "pdf", "html")
SCALES = (1, 2, 3)
START_SECONDS = 40.0
DRAW_SECONDS = 30.0
NO_BROWSER = (
    "pictures need Chromium or Chrome, which is not found: install it (Debian: apt-get install chromium) "
    "or name it in BROWSER_PATH; HTML, Office and typst exports work without it"
)


class PictureError(UserError):
    """A picture could not be drawn; the message is one line that says what to do."""


def draw_picture(drawing: Drawing, form: str, scale: int = 1) -> bytes:
    """The drawing as a file of the form png, svg, pdf or html; `scale` multiplies the pixels of a PNG.

    The same drawing gives the same bytes. Raises PictureError where there is no browser or it does not answer.
    """
    if form not in FORMATS:
        raise PictureError(f"unknown picture format {form!r}; known: {', '.join(FORMATS)}")
    if form == "html":
        return write_html(drawing).encode()
    figure = _fix_size(drawing.figure)
    options = {
        "format": form,
        "scale": scale,
        "width": figure["layout"]["width"],
        "height": figure["layout"]["height"],
    }
    data = _SERVER.draw(figure, options)
    return {"png": lambda png: png, "svg": lambda svg: _settle_svg(svg, drawing), "pdf": _settle_pdf}[form](data)


def _fix_size(figure: go.Figure) -> dict[str, Any]:
    """The figure as plain data, of the width its words were broken for, its traces named alike in every run."""
    spec: dict[str, Any] = json.loads(figure.to_json())
    spec["layout"]["width"] = spec["layout"].get("width") or SIZES["screen"].width
    for number, trace in enumerate(spec["data"]):
        trace["uid"] = f"t{number}"
    return spec


class PictureServer:
    """One browser for the process, started at the first picture, used by all threads, replaced when it dies."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._browser: Any = None

    def draw(self, figure: dict[str, Any], options: dict[str, Any]) -> bytes:
        """The figure drawn with kaleido's options; a second try with a new browser if the first does not answer."""
        for last in (False, True):
            browser = self._ensure()
            task = browser.calc_fig(figure, opts=options, topojson=f"{TOPOJSON.as_uri()}/")
            try:
                return bytes(self._run(task, DRAW_SECONDS))
            except Exception as error:
                self._discard(browser)
                if last:
                    raise PictureError(f"the browser did not draw the picture ({_say(error)}); try again") from error
        raise AssertionError("unreachable")

    def close(self) -> None:
        """End the browser, if one runs."""
        if self._browser is not None:
            self._discard(self._browser)

    def _ensure(self) -> Any:
        """The running browser; starts one if there is none or it has ended."""
        with self._lock:
            if self._browser is not None and self._browser.subprocess.poll() is None:
                return self._browser
            self._browser = None
            _find_browser()
            os.environ["FONTCONFIG_FILE"] = str(FONTS / "fonts.conf")
            try:
                self._browser = self._run(_open_browser(), START_SECONDS)
            except Exception as error:
                raise PictureError(
                    f"Chromium does not start ({_say(error)}); run it once by hand to see why"
                ) from error
            return self._browser

    def _run(self, task: Any, seconds: float) -> Any:
        future: Future[Any] = asyncio.run_coroutine_threadsafe(task, self._ensure_loop())
        try:
            return future.result(seconds)
        except FutureTimeoutError:
            future.cancel()
            raise

    def _ensure_loop(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            threading.Thread(target=self._loop.run_forever, name="pictures", daemon=True).start()
        return self._loop

    def _discard(self, browser: Any) -> None:
        """Forget this browser and end its process, whatever state it is in."""
        with self._lock:
            if self._browser is browser:
                self._browser = None
        with suppress(Exception):
            self._run(browser.close(), 5.0)
        with suppress(Exception):
            browser.subprocess.kill()


def _say(error: BaseException) -> str:
    return str(error).split("\n")[0][:120] or type(error).__name__


def _find_browser() -> None:
    """Raise PictureError if there is no browser: kaleido would wait for ever."""
    named = os.environ.get("BROWSER_PATH")
    if named and not Path(named).is_file():
        raise PictureError(f"BROWSER_PATH names {named}, which is no file; {NO_BROWSER}")
    if not named and not Chromium.find_browser(skip_local=False):
        raise PictureError(NO_BROWSER)


async def _open_browser() -> Any:
    browser = kaleido.Kaleido(n=1, timeout=DRAW_SECONDS, mathjax=False)
    await browser.open()
    return browser


_SERVER = PictureServer()
atexit.register(_SERVER.close)


def _font_faces() -> str:
    """CSS that carries the fonts inside the file."""
    faces = []
    for (family, weight), path in FONT_FILES.items():
        data = base64.b64encode(path.with_suffix(".woff2").read_bytes()).decode()
        faces.append(
            f"@font-face{{font-family:'{family}';font-weight:{weight};"
            f"src:url(data:font/woff2;base64,{data}) format('woff2')}}"
        )
    return "".join(faces)


def _settle_svg(svg: bytes, drawing: Drawing) -> bytes:
    """The SVG with its fonts, a title and description for screen readers, and ids that are alike in every run."""
    text = svg.decode()
    for number, uid in enumerate(dict.fromkeys(re.findall(r'id="(?:defs|topdefs|clip|p)-?([0-9a-f]{6})', text))):
        text = text.replace(uid, f"c{number:05d}")
    words = f"<title>{html.escape(drawing.title)}</title><desc>{html.escape(drawing.alt)}</desc>"
    start, end = re.search(r"<svg\b[^>]*", text).span()  # type: ignore[union-attr]
    return f'{text[start:end]} role="img">{words}<style>{_font_faces()}</style>{text[end + 1 :]}'.encode()


_PDF_DATE = re.compile(rb"(/(?:CreationDate|ModDate)\s*\(D:)\d{14}")


def _settle_pdf(pdf: bytes) -> bytes:
    """The PDF with a fixed date of the same length, so that no offset in it moves."""
    return _PDF_DATE.sub(rb"\g<1>20000101000000", pdf)


_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{banner}: {title}</title>
<style>
{fonts}
body {{ margin: 0; font: 15px/1.45 'Source Sans 3', 'DejaVu Sans', sans-serif; color: #1B2733; background: #F1F4F6; }}
main {{ max-width: {width}px; margin: 28px auto; }}
h1, h2 {{ font-family: 'Source Serif 4', serif; font-weight: 600; line-height: 1.2; }}
section {{ margin: 0 0 40px; }}
summary {{ margin-top: 16px; cursor: pointer; }}
blockquote {{ margin: 10px 0; padding: 2px 0 2px 12px; border-left: 3px solid #CBD3DA; }}
cite, footer {{ display: block; font-style: normal; font-size: 13px; color: #55636F; }}
table {{ background: #FFFFFF; border-collapse: collapse; width: 100%; margin: 16px 0; }}
th, td {{ text-align: left; vertical-align: top; padding: 4px 10px; border-bottom: 1px solid #E2E7EB; }}
.banner {{ background: {colour}; color: #fff; font-weight: 600; text-align: center; padding: 3px; }}
</style>
{boundaries}
</head>
<body>
<div class="banner">{banner}</div>
<main>
{body}
</main>
<div class="banner">{banner}</div>
</body>
</html>
"""
_BLOCK = """<div role="img" aria-label="{alt}">{figure}</div>
<details><summary>Figures drawn ({count})</summary>
<table>
<thead><tr>{heads}</tr></thead>
<tbody>
{rows}
</tbody>
</table>
</details>"""
_COLUMNS: dict[str, Callable[[Any], str]] = {
    "Figure": lambda row: say_value(as_stated(row)),
    "Unit": lambda row: " per ".join(part for part in (as_stated(row)["unit"], row["per"]) if part),
    "Of": lambda row: row["of"] or "",
    "Country": lambda row: row["country"] or "",
    "Site": lambda row: row["site"] or "",
    "Actor": lambda row: row["actor"] or "",
    "Period": lambda row: row["period"] or "",
    "Status": lambda row: row["status"] or "",
    "Mark": lambda row: row["marking"] or "UNKNOWN",
    "Source": lambda row: "; ".join(
        f"{cable} para {number}" if number else cable for cable, number in row["citations"]
    ),
}


def write_html(drawing: Drawing) -> str:
    """A page that needs no network: the figure with plotly inlined, its fonts, and a table of the rows drawn."""
    return wrap_page([drawing], drawing.banner, drawing.title, draw_block(drawing))


def wrap_page(drawings: Sequence[Drawing], banner: str, title: str, body: str) -> str:
    """A whole page around the blocks of some drawings, with fonts and boundaries inside, under a banner."""
    figures = [drawing.figure for drawing in drawings]
    mapped = any(trace.type == "choropleth" for figure in figures for trace in figure.data)
    return _PAGE.format(
        banner=html.escape(banner),
        title=html.escape(title),
        colour=banner_colour(banner),
        fonts=_font_faces(),
        width=max((figure.layout.width or SIZES["screen"].width for figure in figures), default=SIZES["screen"].width),
        boundaries=f"<script>{_inline_boundaries()}</script>" if mapped else "",
        body=body,
    )


def draw_block(drawing: Drawing, name: str = "figure", with_plotly: bool = True) -> str:
    """The figure and the table of its rows as a part of a page; the first of a page brings plotly along."""
    spec = _fix_size(drawing.figure)
    return _BLOCK.format(
        alt=html.escape(drawing.alt, quote=True),
        figure=pio.to_html(spec, full_html=False, include_plotlyjs=with_plotly, div_id=name, validate=False),
        count=len(drawing.rows),
        heads="".join(f"<th scope='col'>{name}</th>" for name in _COLUMNS),
        rows="\n".join(
            f"<tr>{''.join(f'<td>{html.escape(say(row))}</td>' for say in _COLUMNS.values())}</tr>"
            for row in drawing.rows
        ),
    )


def _inline_boundaries() -> str:
    """The map's boundaries where plotly looks for them before it would fetch them."""
    atlas = (TOPOJSON / "world_110m.json").read_text(encoding="utf-8")
    return f"window.PlotlyGeoAssets={{topojson:{{world_110m:{atlas}}}}};"
