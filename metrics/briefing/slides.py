"""A brief as PowerPoint: one finding a slide, its chart native and editable, its sentences in the speaker notes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.util import Emu, Pt

from metrics.briefing.brief import SIGN_LINE, Brief, Finding
from metrics.briefing.native import NativePanel, find_native_panels, find_owners, find_series
from metrics.briefing.office_chart import Box, OfficeChart
from metrics.briefing.office_look import EPOCH
from metrics.charts.words import say_figure
from metrics.look import PALETTE, SANS, SEMIBOLD, SERIF, STATUSES, THEMES, banner_colour, break_lines
from metrics.reconcile.wording import say_count

THEME = THEMES["light"]
WIDTH, HEIGHT = 960.0, 540.0  # points: 16 to 9
BAND, MARGIN = 22.0, 30.0
INNER = WIDTH - 2 * MARGIN
SUBTITLE, CHART, FOOT = 13.5, 12.5, 10.0
TITLES = ((22.0, 2), (18.0, 3), (15.0, 4))  # size, most lines
LEADING = 1.22
# How much broader words run where our fonts are missing and the broadest usual one stands in (DejaVu).
BROADER_SERIF, BROADER_SANS = 1.28, 1.24
GAP = 14.0
TALLEST_LANE = 62.0
_PLACEHOLDER_LAYOUT = 5  # "Title Only" of the standard template


def write_slides(brief: Brief, progress: Callable[[Iterable[Finding]], Iterable[Finding]] = iter) -> bytes:
    """The brief as a PPTX file: a cover, a slide a finding, the sources. The same brief gives the same bytes."""
    deck = Presentation(io.BytesIO(_template()))
    layout = deck.slide_layouts[0]
    several = len(brief.findings) > 1
    if several:
        _add_cover(deck, layout, brief)
    for finding in progress(brief.findings):
        _add_finding(deck, layout, finding)
    if several:
        _add_sources(deck, layout, brief)
    properties = deck.core_properties
    properties.title, properties.keywords = f"{brief.banner}: {brief.title}", brief.banner
    properties.author, properties.last_modified_by, properties.language = "", "", "en-US"
    properties.subject = brief.subtitle
    properties.created = properties.modified = EPOCH
    sink = io.BytesIO()
    deck.save(sink)
    return settle_zip(sink.getvalue())


def settle_zip(data: bytes) -> bytes:
    """The same archive with one fixed date on every member."""
    sink = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as read, zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as write:
        for name in read.namelist():
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            write.writestr(member, read.read(name), compresslevel=4)
    return sink.getvalue()


@cache
def _template() -> bytes:
    """An empty deck in the project's fonts and colours, with one layout: a title."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Pt(WIDTH), Pt(HEIGHT)
    kept = deck.slide_layouts[_PLACEHOLDER_LAYOUT]
    for layout in list(deck.slide_layouts):
        if layout is not kept:
            deck.slide_layouts.remove(layout)
    for shapes in (deck.slide_master.placeholders, kept.placeholders):
        for shape in list(shapes):
            if shape.placeholder_format.type is not None and shape.name.startswith("Title"):
                shape.left, shape.top, shape.width, shape.height = Pt(MARGIN), Pt(BAND + 12), Pt(INNER), Pt(60)
            else:
                shape._element.getparent().remove(shape._element)
    theme = next(rel.target_part for rel in deck.slide_master.part.rels.values() if rel.reltype.endswith("/theme"))
    theme._blob = _paint_theme(theme.blob.decode()).encode()
    package = deck.part.package
    for key in [key for key, rel in package._rels.items() if rel.reltype.endswith("/thumbnail")]:
        package.drop_rel(key)  # a picture of the standard template
    sink = io.BytesIO()
    deck.save(sink)
    return sink.getvalue()


def _paint_theme(xml: str) -> str:
    """The theme with the fonts and colours of the look: text, accents, headings."""
    for number, colour in enumerate(PALETTE[:6], 1):
        xml = re.sub(
            rf"(<a:accent{number}>).*?(</a:accent{number}>)",
            rf'\g<1><a:srgbClr val="{colour[1:]}"/>\g<2>',
            xml,
            flags=re.S,
        )
    xml = re.sub(r"(<a:dk2>).*?(</a:dk2>)", rf'\g<1><a:srgbClr val="{THEME.ink[1:]}"/>\g<2>', xml, flags=re.S)
    for part, family in (("majorFont", SERIF), ("minorFont", SANS)):
        xml = re.sub(rf'(<a:{part}>\s*<a:latin typeface=")[^"]*', rf"\g<1>{family}", xml)
    return xml


def _add_finding(deck: Any, layout: Any, finding: Finding) -> None:
    """The slide of one finding."""
    drawing = finding.drawing
    slide = deck.slides.add_slide(layout)
    _add_band(slide, finding.banner, 0.0)
    top = _add_title(slide, drawing.title, drawing.subtitle)
    bottom = _add_foot(slide, "Notes and sources", [*drawing.notes, drawing.source, *finding.foot])
    _add_charts(slide, finding, top + 6, bottom - 8)
    _add_number(slide)
    _add_band(slide, finding.banner, HEIGHT - BAND)
    slide.notes_slide.notes_text_frame.text = _speaker_notes(finding)


def _add_foot(slide: Any, name: str, texts: Sequence[str]) -> float:
    """Paragraphs above the lower band, at most three lines each (the speaker notes hold them whole); their top.

    They hang on their last line: with a broader font in place of ours they grow upwards, and the marking stays.
    """
    broken = [break_lines(text, (INNER - 40) * 0.95, FOOT, most=3) for text in texts if text]
    high = sum(map(len, broken)) * FOOT * LEADING
    top = HEIGHT - BAND - 8 - high
    paragraphs = [" ".join(lines) for lines in broken]
    _add_text(slide, name, paragraphs, (MARGIN, top, INNER - 40, high), FOOT, THEME.muted, anchor=MSO_ANCHOR.BOTTOM)
    return top


def _speaker_notes(finding: Finding) -> str:
    """Banner, figures, sentences and notes in full, for the speaker's page."""
    drawing = finding.drawing
    figures = [
        f"• {say_figure(row)}"
        + (f", {row['of']}" if row["of"] else "")
        + (f", {row['period']}" if row["period"] else "")
        + f", {row['status'].replace('_', ' ')} ({row['marking'] or 'mark unknown'})"
        for row in finding.rows[:30]
    ]
    more = len(finding.rows) - len(figures)
    quotes = [
        f"{one.place}{f', {one.speaker}' if one.speaker else ''}: “{one.sentence}”" for one in finding.sentences[:40]
    ]
    unquoted = len(finding.sentences) - len(quotes)
    parts = [
        finding.banner,
        drawing.title,
        drawing.subtitle,
        "Figures:",
        *figures,
        f"… and {more} more, in the chart's data." if more > 0 else "",
        "Evidence:",
        *quotes,
        f"… and {unquoted} more sentences, in the workbook." if unquoted > 0 else "",
        *drawing.notes,
        drawing.source,
        *finding.foot,
        finding.banner,
    ]
    return _clean("\n".join(part for part in parts if part))


def _clean(text: str) -> str:
    """Text without the control characters that XML forbids."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", " ", text)


def _add_charts(slide: Any, finding: Finding, top: float, bottom: float) -> None:
    """The finding's charts: lying ones under each other, points side by side in a grid that shares its axis."""
    panels = find_native_panels(finding.drawing, finding.rows)
    grid = len(panels) > 1 and panels[0].form == "points"
    if grid:
        _add_text(slide, "Key", [_say_key(panels)], (MARGIN, top, INNER, CHART * 1.4), CHART * 0.92, THEME.muted)
        top += CHART * 1.7
    if grid or panels[0].form == "lying":  # the series of other charts are named by whose they are
        top += _add_owners(slide, find_owners(finding.drawing, panels), top)
    for number, (panel, place) in enumerate(zip(panels, _places(panels, top, bottom), strict=True), 1):
        x, y, wide, high = place
        headed = CHART * 1.3 if panel.heading and len(panels) > 1 else 0.0
        if headed:
            _add_text(slide, "Panel", [panel.heading], (x, y, wide, headed), CHART, THEME.ink, bold=True)
        box = Box(wide, high - headed, CHART * 0.8 if len(panels) > 2 and grid else CHART, legend=not grid)
        chart = OfficeChart(panel, box, finding.banner, panel.top if grid else None)
        frame = slide.shapes.add_chart(
            XL_CHART_TYPE.BAR_CLUSTERED, Pt(x), Pt(y + headed), Pt(wide), Pt(high - headed), chart
        )
        frame.name = f"Chart {number}"
        frame._element.nvGraphicFramePr.cNvPr.set("descr", _clean(finding.drawing.alt))


def _add_owners(slide: Any, owners: Mapping[str, str], top: float) -> float:
    """Whose colour is whose, a square of it before each name; the height that takes."""
    if not owners:
        return 0.0
    size = CHART * 0.92
    words = "     ".join(f"■ {name}" for name in owners)
    high = len(break_lines(words, INNER * 0.98 / BROADER_SANS, size)) * size * LEADING
    (paragraph,) = _add_text(slide, "Colours", [""], (MARGIN, top, INNER, high), size, THEME.muted).paragraphs
    for name, colour in owners.items():
        for text, ink in (("■ ", colour), (f"{_clean(name)}     ", THEME.muted)):
            run = paragraph.add_run()
            run.text = text
            _style_run(run, size, ink)
    return high + size * 0.4


_SIGNS = {"actual": "●", "in_progress": "◆", "planned": "○", "requested": "◇"}
_BOUND_SIGNS = {"floor": "▲ more than", "ceiling": "— at most", "high": "— ends of a range"}


def _say_key(panels: Sequence[NativePanel]) -> str:
    """One line on the signs of points, for several charts that share it."""
    series = [one for panel in panels for one in find_series(panel)]
    statuses = [status for status in STATUSES if any(one.status == status and one.bound == "figure" for one in series)]
    bounds = [bound for bound in _BOUND_SIGNS if any(one.bound == bound for one in series)]
    return "     ".join(
        [f"{_SIGNS[status]} {STATUSES[status].word}" for status in statuses] + [_BOUND_SIGNS[bound] for bound in bounds]
    )


def _places(panels: Sequence[NativePanel], top: float, bottom: float) -> list[tuple[float, float, float, float]]:
    high = bottom - top
    if not panels or panels[0].form != "points":
        lanes = [len(panel.lanes) + 2.5 for panel in panels]
        heights = [(high - GAP * (len(panels) - 1)) * share / sum(lanes) for share in lanes]
        if panels[0].form == "lying":
            heights = [min(height, share * TALLEST_LANE) for height, share in zip(heights, lanes, strict=True)]
        starts = [top + sum(heights[:at]) + GAP * at for at in range(len(heights))]
        return [(MARGIN, start, INNER, height) for start, height in zip(starts, heights, strict=True)]
    columns = min(len(panels), 1 if len(panels) == 1 else 2 if len(panels) == 2 else 3 if len(panels) <= 6 else 4)
    lines = -(-len(panels) // columns)
    wide, tall = (INNER - GAP * (columns - 1)) / columns, (high - GAP / 2 * (lines - 1)) / lines
    return [
        (MARGIN + (at % columns) * (wide + GAP), top + (at // columns) * (tall + GAP / 2), wide, tall)
        for at in range(len(panels))
    ]


def _add_cover(deck: Any, layout: Any, brief: Brief) -> None:
    """The first slide: what the brief finds, and the marking of the whole."""
    slide = deck.slides.add_slide(layout)
    _add_band(slide, brief.banner, 0.0)
    top = _add_title(slide, brief.title, brief.subtitle, sizes=((34.0, 2), (26.0, 3)), top=BAND + 44)
    bottom = _add_foot(slide, "Marking", [*brief.foot, SIGN_LINE])
    size, lines = _fit_findings([finding.drawing.title for finding in brief.findings], (bottom - top - 34) * 0.85)
    _add_text(
        slide, "Findings", lines, (MARGIN, top + 20, INNER, bottom - top - 30), size, THEME.ink, after=size * 0.45
    )
    _add_band(slide, brief.banner, HEIGHT - BAND)
    slide.notes_slide.notes_text_frame.text = _clean("\n".join([brief.banner, *brief.foot, brief.banner]))


def _fit_findings(titles: Sequence[str], room: float) -> tuple[float, list[str]]:
    """The titles in the largest type of which all fit the room; at worst one line each."""
    for size in (18.0, 16.5, 15.0, 13.5, 12.0, 11.0):
        lines = sum(len(break_lines(title, INNER * 0.95, size)) for title in titles)
        if lines * size * LEADING + len(titles) * size * 0.45 <= room:
            return size, list(titles)
    fitting = max(1, int(room / (11.0 * (LEADING + 0.45))) - 1)
    shown = [break_lines(title, INNER * 0.95, 11.0, most=1)[0] for title in titles[:fitting]]
    more = len(titles) - len(shown)
    return 11.0, [*shown, f"and {more} more"] if more else shown


_CABLES_ON_SLIDE = 40


def _add_sources(deck: Any, layout: Any, brief: Brief) -> None:
    """Slides that list every cable cited, and the charts asked for that have no figure."""
    lines = brief.cables
    pages = [lines[at : at + _CABLES_ON_SLIDE] for at in range(0, len(lines), _CABLES_ON_SLIDE)] or [()]
    for number, page in enumerate(pages, 1):
        slide = deck.slides.add_slide(layout)
        _add_band(slide, brief.banner, 0.0)
        counted = f" ({number} of {len(pages)})" if len(pages) > 1 else ""
        top = _add_title(slide, f"Sources{counted}", f"{say_count(len(lines), 'cable')} cited") + 10
        half = -(-len(page) // 2) if len(page) > 14 else len(page)
        size = 12.0 if len(page) <= 28 else 10.5
        wide = (INNER - GAP) / (2 if half < len(page) else 1)
        for column, part in enumerate((page[:half], page[half:])):
            shown = [break_lines(line, wide * 0.95, size, most=1)[0] for line in part]
            if shown:
                place = (MARGIN + column * (wide + GAP), top, wide, len(shown) * (size * LEADING + 4))
                _add_text(slide, "Cables", shown, place, size, THEME.ink, after=4.0)
        _add_foot(slide, "Marking", [brief.gaps, *brief.foot])
        _add_number(slide)
        _add_band(slide, brief.banner, HEIGHT - BAND)
        slide.notes_slide.notes_text_frame.text = _clean("\n".join([brief.banner, *page, brief.banner]))


def _add_band(slide: Any, banner: str, top: float) -> None:
    """The banner in full words across the slide."""
    band = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, Emu(0), Pt(top), Pt(WIDTH), Pt(BAND))
    band.name = "Banner"
    band.shadow.inherit = False
    band.fill.solid()
    band.fill.fore_color.rgb = _rgb(banner_colour(banner))
    band.line.fill.background()
    frame = band.text_frame
    frame.margin_top = frame.margin_bottom = 0
    frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    frame.text = banner
    paragraph = frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.CENTER
    _style(paragraph, 12.0, "#FFFFFF", bold=True)


def _add_title(
    slide: Any,
    title: str,
    subtitle: str,
    sizes: Sequence[tuple[float, int]] = TITLES,
    top: float = BAND + 10,
) -> float:
    """Title and subtitle, as large as they fit in a broader font too; returns where they end.

    The title hangs on its last line, so that it stands close to the subtitle in the narrower font.
    """
    title = _clean(title)
    for size, most in sizes:
        lines = break_lines(title, INNER * 0.98 / BROADER_SERIF, size, SERIF, SEMIBOLD)
        if len(lines) <= most:
            break
    high = len(lines) * size * 1.2 + 2
    shape = slide.shapes.title
    shape.left, shape.top, shape.width, shape.height = Pt(MARGIN), Pt(top), Pt(INNER), Pt(high)
    frame = shape.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.vertical_anchor = MSO_ANCHOR.BOTTOM
    frame.text = title
    frame.paragraphs[0].alignment = PP_ALIGN.LEFT
    frame.paragraphs[0].line_spacing = 1.0
    _style(frame.paragraphs[0], size, THEME.ink, bold=True)
    below = " ".join(break_lines(_clean(subtitle), INNER * 0.95, SUBTITLE, most=2))
    tall = len(break_lines(below, INNER * 0.98 / BROADER_SANS, SUBTITLE)) * SUBTITLE * LEADING
    _add_text(slide, "Subtitle", [below], (MARGIN, top + high + 1, INNER, tall), SUBTITLE, THEME.muted)
    return top + high + 1 + tall


def _add_text(
    slide: Any,
    name: str,
    paragraphs: Sequence[str],
    place: tuple[float, float, float, float],
    size: float,
    colour: str,
    bold: bool = False,
    after: float = 0.0,
    anchor: Any = MSO_ANCHOR.TOP,
) -> Any:
    """Paragraphs in a box without margins, returned to be added to: `place` is left, top, width and height."""
    box = slide.shapes.add_textbox(*map(Pt, place))
    box.name = name
    frame = box.text_frame
    frame.word_wrap = True
    frame.vertical_anchor = anchor
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.text = _clean("\n".join(paragraphs))
    for paragraph in frame.paragraphs:
        paragraph.space_after = Pt(after)
        _style(paragraph, size, colour, bold)
    return frame


_NUMBER = (
    '<a:p xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:pPr algn="r"/>'
    '<a:fld id="{{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}}" type="slidenum"><a:rPr lang="en-US" sz="1000">'
    '<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill></a:rPr><a:t>‹#›</a:t></a:fld></a:p>'
)


def _add_number(slide: Any) -> None:
    """The slide's number at the lower right."""
    box = slide.shapes.add_textbox(Pt(WIDTH - MARGIN - 36), Pt(HEIGHT - BAND - 22), Pt(36), Pt(14))
    box.name = "Slide number"
    frame = box.text_frame
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    old = frame.paragraphs[0]._p
    old.getparent().replace(old, parse_xml(_NUMBER.format(colour=escape(THEME.muted[1:]))))


def _style(paragraph: Any, size: float, colour: str, bold: bool = False) -> None:
    for run in paragraph.runs:
        _style_run(run, size, colour, bold)


def _style_run(run: Any, size: float, colour: str, bold: bool = False) -> None:
    run.font.size, run.font.bold = Pt(size), bold
    run.font.color.rgb = _rgb(colour)


def _rgb(colour: str) -> RGBColor:
    return RGBColor.from_string(colour.lstrip("#"))
