"""The frame around a plot: banners, title, key, notes, sources, with margins that fit their words."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any

import plotly.graph_objects as go

from metrics.charts.key import SWATCH, Entry, Placed, draw_swatch, key_height, place_entries
from metrics.look import (
    BANNER,
    FALLBACK,
    FOOT,
    LABEL,
    LINE,
    REGULAR,
    SANS,
    SEMIBOLD,
    SERIF,
    SIZES,
    SUBTITLE,
    TITLE,
    Size,
    Theme,
    banner_colour,
    break_lines,
    text_width,
)

# Quoted, since a name that holds a digit of its own is no CSS identifier.
FAMILY = {SANS: f"'{SANS}', {FALLBACK}", SERIF: f"'{SERIF}', '{SANS}', {FALLBACK}"}


@dataclass(frozen=True, slots=True)
class Words:
    """Everything a figure says around its plot; `notes` and `foot` are paragraphs in order."""

    banner: str
    title: str
    subtitle: str
    notes: tuple[str, ...]
    source: str
    foot: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text broken into lines and where the first of them starts, in pixels from the frame's top edge."""

    lines: tuple[str, ...]
    top: float
    size: float
    role: str


@dataclass(slots=True)
class Plot:
    """What a kind of chart puts into the plot area.

    `layout` holds axes and their domains; `key` what explains the encoding; `drawn` the rows in drawing
    order; `height` what the plot needs where the format leaves it open; `below` is room for ticks and axis titles.
    """

    traces: list[Any] = field(default_factory=list)
    layout: dict[str, Any] = field(default_factory=dict)
    annotations: list[dict[str, Any]] = field(default_factory=list)
    shapes: list[dict[str, Any]] = field(default_factory=list)
    key: list[Entry] = field(default_factory=list)
    drawn: list[dict[str, Any]] = field(default_factory=list)
    left: float = 0
    right: float = 0
    above: float = 0
    below: float = 0
    height: float = 0


@dataclass(frozen=True, slots=True)
class Frame:
    """Paragraphs above and below the plot with the room they take, for one size and theme."""

    size: Size
    theme: Theme
    header: tuple[Paragraph, ...]
    footer: tuple[Paragraph, ...]
    header_height: float
    footer_height: float
    banner: tuple[str, ...]
    key: tuple[Placed, ...]
    key_top: float

    @property
    def pad(self) -> float:
        """Blank at the left and right edge."""
        return 16 * self.size.scale

    @property
    def band_height(self) -> float:
        """Height of each band that carries the banner."""
        return _band_height(self.banner, self.size)

    @property
    def inner_width(self) -> float:
        """Width of text and plot together."""
        return self.size.width - 2 * self.pad

    def plot_height(self, above: float, below: float) -> float | None:
        """Height left for the plot area; None where the format leaves it open."""
        if self.size.height is None:
            return None
        return max(60.0, self.size.height - self.header_height - self.footer_height - above - below)


class PlainFigure(go.Figure):
    """A figure that is handed on without its template, which plotly.js takes for a change whenever it gets a copy."""

    def to_dict(self) -> dict[str, Any]:
        plain: dict[str, Any] = super().to_dict()
        plain["layout"].pop("template", None)
        return plain


def escape(text: str) -> str:
    """Text that plotly shows as it stands: no tag in it is read as markup."""
    return html.escape(text, quote=False)


def _band_height(banner: Sequence[str], size: Size) -> float:
    return round(BANNER * size.scale * (0.6 + LINE * max(1, len(banner))))


def lay_out(words: Words, size: Size, theme: Theme, key: Sequence[Entry] = ()) -> Frame:
    """The frame of a chart: where each paragraph stands, and how much the words take above and below the plot.

    The banner is never shortened; title and subtitle only where the format has a height.
    """
    scale = size.scale
    width = size.width - 32 * scale
    over = tuple(_break_banner(words.banner, width, scale))
    y = _band_height(over, size) + 12 * scale
    title, y = _stack(words.title, y, width, _title_size(words.title, width, scale), "title", size.most_lines(4))
    subtitle, y = _stack(words.subtitle, y + 3 * scale, width, SUBTITLE * scale, "subtitle", size.most_lines(3))
    placed = place_entries(key, size, width)
    corner = y + 4 * scale
    y += key_height(placed, size) + 12 * scale
    footer: list[Paragraph] = []
    low = 8 * scale
    budget = _footer_budget(size)
    for number, (text, role, most) in enumerate(_footer_texts(words, budget)):
        gap = 2 * scale if number else 0
        paragraph, low = _stack(text, low + gap, width, FOOT * scale, role, most)
        footer.append(paragraph)
    low += 8 * scale + _band_height(over, size)
    return Frame(size, theme, (title, subtitle), tuple(footer), y, low, over, tuple(placed), corner)


def _break_banner(words: str, width: float, scale: float) -> list[str]:
    """The banner in lines, broken after its slashes where it has no blanks."""
    size = BANNER * scale
    if text_width(words, size, SANS, SEMIBOLD) <= width:
        return [words]
    parted = break_lines(re.sub(r"(?<=/)(?=[^/])", " ", words), width, size, SANS, SEMIBOLD)
    return [line.replace("/ ", "/") for line in parted]


def _title_size(title: str, width: float, scale: float) -> float:
    """Size of the title's type: smaller for one that would take more than three lines."""
    sizes = [TITLE * scale * share for share in (1.0, 0.88, 0.78)]
    return next((size for size in sizes if len(break_lines(title, width, size, SERIF, SEMIBOLD)) <= 3), sizes[-1])


def _footer_budget(size: Size) -> tuple[int, int]:
    """Most lines of one note, and of the source line; where the height is open, as many words in a narrow format."""
    if size.height is None:
        narrow = max(1.0, SIZES["screen"].width / size.width)
        return ceil(5 * narrow), ceil(4 * narrow)
    return (5, 4) if size.height > 600 else (3, 2)


def _footer_texts(words: Words, budget: tuple[int, int]) -> list[tuple[str, str, int | None]]:
    texts: list[tuple[str, str, int | None]] = [(note, "note", budget[0]) for note in words.notes]
    texts.append((words.source, "source", budget[1]))
    texts += [(line, "foot", None) for line in words.foot]
    return [text for text in texts if text[0]]


def _stack(text: str, top: float, width: float, size: float, role: str, most: int | None) -> tuple[Paragraph, float]:
    """The paragraph that begins at `top`, and where it ends."""
    family, weight = (SERIF, SEMIBOLD) if role == "title" else (SANS, REGULAR)
    lines = break_lines(text, width, size, family, weight, most)
    if role == "title":
        lines = _even_out(text, lines, width, size, family, weight)
    return Paragraph(tuple(lines), top, size, role), top + len(lines) * size * LINE


def _even_out(text: str, lines: list[str], width: float, size: float, family: str, weight: int) -> list[str]:
    """The same number of lines, but of like length, so that no last word stands alone."""
    for share in (0.55, 0.65, 0.75, 0.85, 0.95):
        narrower = break_lines(text, width * share, size, family, weight)
        if len(narrower) == len(lines):
            return narrower
    return lines


def compose(frame: Frame, plot: Plot, words: Words) -> PlainFigure:
    """The figure with everything it must carry as part of its layout."""
    size, theme = frame.size, frame.theme
    top = frame.header_height + plot.above
    bottom = frame.footer_height + plot.below
    left, right = frame.pad + plot.left, frame.pad + plot.right
    height = size.height or ceil(top + bottom + plot.height)  # Streamlit cuts fractions off, which is a change as well
    layout = {
        "template": "none",
        "width": size.width if size.height else None,
        "height": height,
        "autosize": size.height is None,
        "margin": {"l": left, "r": right, "t": top, "b": bottom, "pad": 0, "autoexpand": False},
        "paper_bgcolor": theme.paper,
        "plot_bgcolor": theme.paper,
        "font": {"family": FAMILY[SANS], "size": LABEL * size.scale, "color": theme.ink},
        "hoverlabel": {"align": "left", "font": {"family": FAMILY[SANS], "size": 13}},
        "barmode": "overlay",
        "showlegend": bool(plot.key),
        "annotations": [
            *_text_annotations(frame, left, top, plot.below),
            *_banner_words(frame, (right - left) / 2, top, bottom),
            *_key_words(frame, left, top),
            *plot.annotations,
        ],
        "shapes": [*_bands(frame, words, left, top, bottom), *_swatches(frame, left, top), *plot.shapes],
        **plot.layout,
    }
    return PlainFigure({"data": plot.traces, "layout": layout})


def _key_words(frame: Frame, left: float, top: float) -> list[dict[str, Any]]:
    size = frame.size
    return [
        {
            "text": "<br>".join(map(escape, one.lines)),
            **anchored(0, 1, "left", "middle"),
            "xshift": frame.pad - left + one.x + (SWATCH + 6) * size.scale,
            "yshift": top - frame.key_top - one.y,
            "name": "key",
            "font": {"size": LABEL * size.scale, "color": frame.theme.muted},
        }
        for one in frame.key
    ]


def _swatches(frame: Frame, left: float, top: float) -> list[dict[str, Any]]:
    corner = (frame.pad - left, top - frame.key_top)
    return [shape for one in frame.key for shape in draw_swatch(one, frame.size.scale, *corner)]


def _text_annotations(frame: Frame, left: float, top: float, below: float) -> list[dict[str, Any]]:
    header = [(one, 1, top - one.top) for one in frame.header]
    footer = [(one, 0, -below - one.top) for one in frame.footer]
    return [_text_annotation(frame, one, y, left, shift) for one, y, shift in (*header, *footer)]


def _text_annotation(frame: Frame, paragraph: Paragraph, y: float, left: float, shift: float) -> dict[str, Any]:
    """One annotation for all lines, since a browser takes as long for each annotation, however short."""
    title = paragraph.role == "title"
    return {
        "text": "<br>".join(map(escape, paragraph.lines)),
        **anchored(0, y, "left", "top"),
        "xshift": frame.pad - left,
        "yshift": shift,
        "name": paragraph.role,
        "font": {
            "family": FAMILY[SERIF if title else SANS],
            "size": paragraph.size,
            "weight": SEMIBOLD if title else REGULAR,
            "color": frame.theme.ink if title else frame.theme.muted,
        },
    }


def anchored(x: Any, y: Any, xanchor: str, yanchor: str, xref: str = "paper", yref: str = "paper") -> dict[str, Any]:
    """The part of an annotation that places it, without arrow or padding."""
    place = {"x": x, "y": y, "xref": xref, "yref": yref, "xanchor": xanchor, "yanchor": yanchor}
    return {**place, "showarrow": False, "borderpad": 0, "align": "left"}


def _banner_words(frame: Frame, shift: float, top: float, bottom: float) -> list[dict[str, Any]]:
    middle = frame.band_height / 2
    font = {"family": FAMILY[SANS], "size": BANNER * frame.size.scale, "weight": SEMIBOLD, "color": "#FFFFFF"}
    return [
        {
            "text": "<br>".join(map(escape, frame.banner)),
            **anchored(0.5, y, "center", "middle"),
            "align": "center",
            "xshift": shift,
            "yshift": yshift,
            "name": "banner",
            "font": font,
        }
        for y, yshift in ((1, top - middle), (0, middle - bottom))
    ]


def _bands(frame: Frame, words: Words, left: float, top: float, bottom: float) -> list[dict[str, Any]]:
    """Full-width bands; where the width is the container's, wide enough for any."""
    right = (frame.size.width if frame.size.height else 6000) - left
    height = frame.band_height
    return [
        {
            "type": "rect",
            **{"xref": "paper", "yref": "paper", "xsizemode": "pixel", "ysizemode": "pixel"},
            **{"xanchor": 0, "yanchor": y, "x0": -left, "x1": right, "y0": edge, "y1": edge - height},
            "fillcolor": banner_colour(words.banner),
            "line": {"width": 0},
            "layer": "above",
            "name": "banner",
        }
        for y, edge in ((1, top), (0, height - bottom))
    ]
