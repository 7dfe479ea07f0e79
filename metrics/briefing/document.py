"""A brief as a tagged PDF (PDF/UA-1), set by typst with the fonts shipped; no browser takes part."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from functools import cache
from pathlib import Path
from typing import Any

import typst

from metrics.briefing.brief import SIGN_LINE, Brief, Finding
from metrics.briefing.native import UNDATED, NativePanel, find_native_panels, find_owners, find_series
from metrics.briefing.office_look import EPOCH
from metrics.charts.lanes import Lane
from metrics.charts.marks import Mark
from metrics.charts.selection import Row
from metrics.charts.words import say_figure, say_name, say_period
from metrics.look import (
    FONTS,
    SANS,
    SERIF,
    STATUSES,
    THEMES,
    banner_colour,
    is_money,
    log_ticks,
    nice_ticks,
    say_number,
    text_width,
    tick_scale,
)

TEMPLATE = Path(__file__).with_suffix("").with_name("brief.typ")
THEME = THEMES["light"]
ROOM = 310.0  # points right of the labels
ARROW = 10  # points: beyond a bar whose other end is open
STANDING_WIDTH, STANDING_HEIGHT = 465.0, 150.0
MOST_ROWS = 40  # of a table; the workbook lists all
MOST_LANES, MOST_PANELS = 36, 8  # on one page


def write_document(brief: Brief) -> bytes:
    """The brief as PDF. The same brief gives the same bytes."""
    data = json.dumps(_brief_data(brief), ensure_ascii=False)
    pdf = _compiler().compile(
        sys_inputs={"brief": data},
        format="pdf",
        pdf_standards="ua-1",
        timestamp=EPOCH.replace(tzinfo=UTC),
    )
    assert isinstance(pdf, bytes)
    return pdf


@cache
def _compiler() -> typst.Compiler:
    """The typesetter with the template and the fonts, made once a process."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(FONTS)])
    return typst.Compiler(str(TEMPLATE), font_paths=fonts)


def _brief_data(brief: Brief) -> dict[str, Any]:
    return {
        "banner": brief.banner,
        "colour": banner_colour(brief.banner),
        "title": brief.title,
        "subtitle": brief.subtitle,
        "running": f"Marks carried forward by software, not reviewed. Build {brief.build or 'unknown'}",
        "look": {
            "sans": [SANS, "DejaVu Sans Mono"],
            "serif": [SERIF, SANS],
            "ink": THEME.ink,
            "muted": THEME.muted,
            "grid": THEME.grid,
            "track": "#DDE3E8",
        },
        "findings": [_finding_data(finding) for finding in brief.findings],
        "sentences": _sentence_data(brief),
        "foot": [*brief.foot, SIGN_LINE],
        "gaps": brief.gaps,
        "cables": list(brief.cables),
    }


def _finding_data(finding: Finding) -> dict[str, Any]:
    drawing, panels = finding.drawing, find_native_panels(finding.drawing, finding.rows)
    rows = finding.rows[:MOST_ROWS]
    more = len(finding.rows) - len(rows)
    return {
        "title": drawing.title,
        "subtitle": drawing.subtitle,
        "alt": drawing.alt,
        "long": _is_long(panels),
        "key": _key_data(panels, find_owners(drawing, panels)),
        "panels": [_panel_data(panel, len(panels)) for panel in panels],
        "beside": len(panels) > 1 and panels[0].form == "points",
        "notes": [line for line in (*drawing.notes, drawing.source, *finding.foot) if line],
        "rows": [_row_cells(row, len({row["country"] for row in finding.rows}) > 1) for row in rows],
        "more": f"{more} more figures stand in the workbook and the data package." if more else "",
    }


def _is_long(panels: Sequence[NativePanel]) -> bool:
    """Whether the charts may have to break over two pages."""
    if panels and panels[0].form == "points":
        return len(panels) > MOST_PANELS
    return sum(len(panel.lanes) + 4 for panel in panels) > MOST_LANES


def _row_cells(row: Row, several: bool) -> list[str]:
    country = say_name(row["country"]) if several and row["country"] else ""
    given = f"{'from' if is_money(row['unit']) else 'by'} {say_name(row['actor'])}" if row["actor"] else ""
    what = ", ".join(part for part in (country, row["site"] or "", row["of"] or "", given) if part)
    cited = "; ".join(f"{cable} para {at}" if at is not None else cable for cable, at in row["citations"][:3])
    more = len(row["citations"]) - 3
    return [
        say_figure(row),
        what or "not said",
        say_period(row["period"]) or "undated",
        STATUSES[row["status"]].word,
        row["marking"] or "UNKNOWN",
        f"{cited} and {more} more" if more > 0 else cited or "computed",
    ]


def _key_data(panels: Sequence[NativePanel], owners: Mapping[str, str]) -> list[dict[str, Any]]:
    """What the signs mean, where there are others than plain actual figures, and whose colour is whose."""
    series = [one for panel in panels for one in find_series(panel) if one.bound not in ("whole", "low")]
    entries = {}
    for one in series:
        bound = {"high": "range"}.get(one.bound, one.bound)
        words = {"range": "range", "floor": "more than", "ceiling": "faint: at most"}.get(bound, "")
        entries[one.status, bound] = ", ".join(part for part in (STATUSES[one.status].word, words) if part)
    point = panels[0].form == "points"
    ordered = sorted(entries, key=lambda key: (list(STATUSES).index(key[0]), key[1] != "figure", key[1]))
    if set(entries) <= {("actual", "figure")}:
        ordered = []
    signs = [(status, bound, THEME.muted, entries[status, bound]) for status, bound in ordered]
    told = [("actual", "figure", colour, name) for name, colour in owners.items()]
    return [
        {"status": status, "bound": bound, "colour": colour, "words": words, "point": point}
        for status, bound, colour, words in (*signs, *told)
    ]


@dataclass(frozen=True, slots=True)
class Axis:
    """The axis of values: from 0, or in powers of ten from `low`, to `top`."""

    low: float | None
    top: float

    def at(self, value: float) -> float:
        """The share of the axis where a value stands."""
        if self.low is None:
            return value / self.top
        span = math.log10(self.top) - math.log10(self.low)
        return max(0.0, (math.log10(value) - math.log10(self.low)) / span) if value > 0 else 0.0

    def ticks(self, end: float, most: int, unit: str | None) -> list[dict[str, Any]]:
        """Tick places and words up to `end`."""
        even = self.low is None
        divisor = tick_scale(end, unit)[0] if even else 1.0
        values = nice_ticks(end, most) if self.low is None else log_ticks(self.low, end)
        return [{"at": self.at(tick), "words": say_number(tick / divisor)} for tick in values if tick <= end]


def _panel_data(panel: NativePanel, count: int) -> dict[str, Any]:
    """The chart in shares of its width and height, so that the template only places."""
    lying = panel.form == "lying"
    axis = Axis(panel.low, panel.top * (1.0 if lying else 1.12))
    even = panel.low is None
    title = tick_scale(panel.top if even else 1.0, panel.unit)[1] if panel.unit else panel.axis_title
    lanes = [_lane_data(lane, axis) for lane in panel.lanes] if lying else _standing_data(panel, axis)
    marks, groups = ([], []) if lying else _year_words(panel, lanes, STANDING_WIDTH * (1.0 if count == 1 else 0.42))
    return {
        "form": panel.form,
        "heading": panel.heading if count > 1 else "",
        "title": title if even else f"{title}, powers of ten",
        "height": STANDING_HEIGHT if count == 1 else 80.0,
        "share": _bar_share(lanes) if lying else 1.0,
        "ticks": axis.ticks(panel.top, 5 if lying else 4, panel.unit),
        "lanes": lanes,
        "marks": marks,
        "groups": groups,
    }


def _bar_share(lanes: Sequence[dict[str, Any]]) -> float:
    """How much of the room bars may take so that the words at their ends fit."""
    shares = [
        (ROOM - text_width(lane["said"], 8.5) * 1.03 - lane["beyond"] - 4) / (ROOM * lane["end"])
        for lane in lanes
        if lane["end"] > 0
    ]
    return max(0.15, min([0.97, *shares]))


def _figure_data(mark: Mark | None, axis: Axis) -> dict[str, Any] | None:
    if mark is None:
        return None
    bound = "floor" if mark.is_floor else "ceiling" if mark.is_ceiling else "range" if mark.is_range else "figure"
    low, high = axis.at(mark.low or 0.0), axis.at(_end(mark))
    return {"bound": bound, "status": mark.status, "low": low, "high": high, "outlined": mark.outlined}


def _end(mark: Mark) -> float:
    return (mark.high if mark.high is not None else mark.low) or 0.0


def _lane_data(lane: Lane, axis: Axis) -> dict[str, Any]:
    drawn = _figure_data(lane.mark, axis)
    track = _figure_data(lane.track, axis)
    return {
        "label": lane.label,
        "lead": lane.lead,
        "indent": lane.indent,
        "heading": lane.is_heading,
        "said": lane.said,
        "colour": lane.mark.colour if lane.mark else THEME.muted,
        "figure": drawn,
        "track": track["high"] if track else None,
        "end": max((one["high"] for one in (drawn, track) if one), default=0.0),
        "beyond": 4 + (ARROW if drawn and drawn["bound"] == "floor" else 0),
    }


def _standing_data(panel: NativePanel, axis: Axis) -> list[dict[str, Any]]:
    """Lanes with their place on the axis across."""
    count = max(1, len(panel.lanes))
    first, last = panel.years
    lanes = []
    for number, lane in enumerate(panel.lanes):
        at = (number + 0.5) / count
        if panel.form == "points" and lane.mark:
            at = (lane.mark.at - first) / (last - first)
        lanes.append({**_lane_data(lane, axis), "at": at, "breadth": min(0.7 / count, 0.09)})
    return lanes


def _year_words(
    panel: NativePanel, lanes: Sequence[dict[str, Any]], width: float
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Words under the axis: each year as far as they fit, and the countries under their years."""
    placed = sorted({(one["at"], _year_word(panel, lane)) for lane, one in zip(panel.lanes, lanes, strict=True)})
    marks: list[dict[str, Any]] = []
    free = -1.0
    for at, word in placed:
        half = (text_width(word, 7.5) / 2 + 3) / width
        if word and at - half >= free:
            marks.append({"at": at, "words": word})
            free = at + half
    groups: dict[str, list[float]] = {}
    for lane, one in zip(panel.lanes, lanes, strict=True):
        if panel.form == "standing" and lane.lead:
            groups.setdefault(lane.lead, []).append(one["at"])
    return marks, [{"at": sum(places) / len(places), "words": name} for name, places in groups.items()]


def _year_word(panel: NativePanel, lane: Lane) -> str:
    """The word under a bar or point: its year; points of several years have none of their own."""
    if panel.form == "standing" or lane.label == UNDATED:
        return lane.label
    at = lane.mark.at if lane.mark else 0.5
    return str(int(at)) if at == int(at) else ""


def _sentence_data(brief: Brief) -> list[dict[str, str]]:
    """Every sentence once, with all the figures it states or is an input of."""
    stated: dict[tuple[str, str], list[str]] = {}
    for finding in brief.findings:
        for one in finding.sentences:
            spoken = f"{one.place}, {one.speaker}" if one.speaker else one.place
            stated.setdefault((spoken, one.sentence), []).extend(one.figures)
    return [
        {"place": place, "text": text, "states": "; ".join(dict.fromkeys(figures))}
        for (place, text), figures in stated.items()
    ]
