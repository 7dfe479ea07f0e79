"""What an editable chart holds: lanes of the drawing, and the columns of numbers that Office and typst draw from."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from metrics.charts import Drawing
from metrics.charts.drawing import find_panels, name_donors
from metrics.charts.ladders import make_mark
from metrics.charts.lanes import Lane
from metrics.charts.marks import Mark
from metrics.charts.selection import Row
from metrics.charts.timeline import group_panels
from metrics.charts.words import say_name, say_period
from metrics.charts.yearlabels import short_value
from metrics.charts.years import find_stretch, read_years, year_span
from metrics.look import NOBODY, PALETTE, STATUSES, THEMES, colours_of, nice_ticks, say_number, say_unit, say_value

MOST_COLUMNS = 26  # standing bars in one chart; more figures are drawn as points
MOST_IN_WORDS = 10  # standing bars with their bounds in words; more have signs
MOST_COUNTRIES = 18  # bars that stand for a map
UNDATED = "undated"
WHOLE = "all checkpoints"
TRACK = "#DDE3E8"  # darker than on screen: it must show as a swatch of Office's own key


@dataclass(frozen=True, slots=True)
class NativePanel:
    """One chart: lying bars, standing bars or points, and where its axis of values ends.

    In a standing chart `Lane.lead` is the country over the years; points stand at `Mark.at`, a year with decimals.
    `by` names the field ("actor", "country") that colours tell apart, whose values then have columns of their own;
    `years` are the ends of an axis of years that several charts share; `low` is where an axis of values in powers of
    ten begins, None on an even one.
    """

    form: str
    lanes: tuple[Lane, ...]
    axis_title: str
    unit: str | None
    top: float
    heading: str = ""
    low: float | None = None
    by: str = ""
    years: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Series:
    """One column of numbers, one place a lane, and the words at the end of its bars.

    `bound` says what the numbers are: "figure" as stated, "floor" and "ceiling" of which the other end is open,
    "low" and "high" of a range, "whole" what the figure is a part of. Rival estimates are outlined.
    """

    name: str
    status: str
    bound: str
    values: tuple[float | None, ...]
    labels: tuple[str, ...]
    colours: tuple[str, ...]
    outlined: tuple[bool, ...]

    @property
    def colour(self) -> str:
        """The colour of all its bars; grey where they differ."""
        used = {colour for colour, value in zip(self.colours, self.values, strict=True) if value is not None}
        return next(iter(used)) if len(used) == 1 else NOBODY

    def odd_places(self) -> list[int]:
        """Places of the figures that do not look like the rest of the column."""
        return [
            at
            for at, value in enumerate(self.values)
            if value is not None and (self.outlined[at] or self.colours[at] != self.colour)
        ]


def find_native_panels(drawing: Drawing, rows: Sequence[Row]) -> list[NativePanel]:
    """The charts that show the drawing's rows, none where it is empty."""
    if not rows:
        return []
    if drawing.spec.chart == "map":
        return [_count_panel(rows)]
    if drawing.spec.chart == "timeline":
        return _timeline_panels(rows, drawing)
    return [
        NativePanel(
            "lying",
            panel.lanes,
            panel.axis_title or say_unit(panel.unit),
            None if panel.axis_title else panel.unit,
            _top(panel.lanes),
            panel.heading,
            _low(panel.lanes, drawing),
        )
        for panel in find_panels(drawing.spec, rows, THEMES["light"])
    ]


def _low(lanes: Iterable[Lane], drawing: Drawing) -> float | None:
    """The power of ten below the smallest figure, where the chart counts in powers of ten."""
    marks = [mark for lane in lanes for mark in (lane.mark, lane.track) if mark]
    values = [value for mark in marks for value in (mark.low, mark.high) if value]
    if drawing.spec.scale != "log" or not values:
        return None
    return float(10.0 ** math.floor(math.log10(min(values)) - 0.01))


def _top(lanes: Iterable[Lane]) -> float:
    marks = [mark for lane in lanes for mark in (lane.mark, lane.track) if mark]
    largest = max((value for mark in marks for value in (mark.low, mark.high) if value is not None), default=1.0) or 1.0
    ticks = nice_ticks(largest)
    return ticks[-1] if ticks[-1] >= largest else ticks[-1] + ticks[1]


def _count_panel(rows: Sequence[Row]) -> NativePanel:
    """How many figures each country has; countries beyond the first few are counted together."""
    counts = Counter(row["country"] for row in rows).most_common()
    shown = [(say_name(country) if country else "Country not stated", count) for country, count in counts]
    rest = shown[MOST_COUNTRIES:]
    shown = shown[:MOST_COUNTRIES]
    if rest:
        shown.append((f"{len(rest)} other countries", sum(count for _, count in rest)))
    lanes = tuple(Lane(name, _count_mark(count), say_number(count)) for name, count in shown)
    return NativePanel("lying", lanes, "figures", None, _top(lanes))


def _count_mark(count: int) -> Mark:
    return Mark(0.0, 0.6, float(count), float(count), "exact", "actual", PALETTE[0], "", "")


def _timeline_panels(rows: Sequence[Row], drawing: Drawing) -> list[NativePanel]:
    """Standing bars of all countries in one chart where they fit, else points, a chart a country or thing."""
    groups, apart = group_panels(rows, drawing.spec), drawing.spec.split == "thing"
    field = _find_field(rows)
    by = "" if (len(groups) > 1 and not apart) or len({_owner(row, field) for row in rows}) == 1 else field
    unit, short = rows[0]["unit"], len(rows) > MOST_IN_WORDS
    rivals, colours = _rivals(rows), colours_of(_owner(row, field) for row in rows)
    marks = {row["id"]: make_mark(row, colours[_owner(row, field)], row["conflict_group"] in rivals) for row in rows}
    lanes = [lane for name, own in groups for lane in _standing_lanes(own, name, marks, short)]
    if len(lanes) <= MOST_COLUMNS and not (apart and len(groups) > 1):
        low = _low(lanes, drawing)
        return [NativePanel("standing", tuple(lanes), say_unit(unit), unit, _top(lanes), "", low, by)]
    years = read_years(rows)
    points = [[_point_lane(row, years.last + 1, marks[row["id"]]) for row in own] for _, own in groups]
    everything = [lane for own in points for lane in own]
    top, low = _top(everything), _low(everything, drawing)
    ends = (years.first - 1, years.last + 1)
    return [
        NativePanel("points", tuple(own), say_unit(unit), unit, _top(own) if apart else top, name, low, by, ends)
        for (name, _), own in zip(groups, points, strict=True)
    ]


def _find_field(rows: Sequence[Row]) -> str:
    """What colours tell: the actor in a chart of one country, if any is named, else the country."""
    single = len({row["country"] for row in rows}) == 1
    return "actor" if single and any(row["actor"] for row in rows) else "country"


def _standing_lanes(rows: Sequence[Row], country: str, marks: Mapping[str, Mark], short: bool) -> list[Lane]:
    """A bar a figure in the order of time, an empty place for each year between without one."""
    lanes: list[Lane] = []
    say = short_value if short else say_value
    last: int | None = None
    for row in rows:
        span = year_span(row)
        if span and last is not None:
            lanes += [Lane(str(year), lead=country) for year in range(last + 1, span[0])]
        last = max(last or 0, span[1]) if span else last
        lanes.append(Lane(say_period(row["period"]) or UNDATED, marks[row["id"]], say(row), lead=country, row=row))
    return lanes


def _owner(row: Row, field: str) -> str | None:
    """The country, or the first of the actors."""
    return (row[field] or "").split(",")[0] or None


def _rivals(rows: Sequence[Row]) -> set[str]:
    """Groups of which the chart shows more than one estimate."""
    counts = Counter(row["conflict_group"] for row in rows if row["conflict_group"])
    return {group for group, count in counts.items() if count > 1}


def _point_lane(row: Row, undated: int, mark: Mark) -> Lane:
    """A point without words: they would run into each other; its sign tells a bound."""
    stretch = find_stretch(row)
    at = sum(stretch) / 2 if stretch else float(undated)
    return Lane(say_period(row["period"]) or UNDATED, replace(mark, at=at), row=row)


_BOUND_WORDS = {
    "figure": "",
    "floor": "more than (open end)",
    "ceiling": "at most",
    "high": "range, up to",
    "low": "range, from",
}
_ORDER = ("whole", "high", "low", "figure", "floor", "ceiling")  # later ones are drawn over earlier ones

Key = tuple[str, str, str]  # bound, whose it is where colours tell that, status
Cell = tuple[float, str, str, bool]  # number, words at the bar's end, colour, whether outlined


def find_series(panel: NativePanel) -> list[Series]:
    """The columns of a chart: one for each owner, status and bound that occurs, and one for the wholes behind.

    They say their unit where a figure is stated in another one.
    """
    unit = f", {say_unit(panel.unit)}" if any(lane.row and lane.row.get("stated") for lane in panel.lanes) else ""
    cells = [_find_cells(lane, panel.by) for lane in panel.lanes]
    keys = sorted(
        {key for own in cells for key in own},
        key=lambda key: (_ORDER.index(key[0]), key[1], list(STATUSES).index(key[2])),
    )
    return [
        Series(
            name=_name_series(key) + unit,
            status=key[2],
            bound=key[0],
            values=tuple(own[key][0] if key in own else None for own in cells),
            labels=tuple(own[key][1] if key in own else "" for own in cells),
            colours=tuple(own[key][2] if key in own else NOBODY for own in cells),
            outlined=tuple(key in own and own[key][3] for own in cells),
        )
        for key in keys
    ]


def find_owners(drawing: Drawing, panels: Iterable[NativePanel]) -> dict[str, str]:
    """Names with their colours, where colours tell whose a figure is."""
    told = {
        say_name(_owner(lane.row, panel.by)): lane.mark.colour
        for panel in panels
        if panel.by
        for lane in panel.lanes
        if lane.row and lane.mark
    }
    return name_donors(drawing.spec, drawing.rows) or told


def _name_series(key: Key) -> str:
    bound, owner, status = key
    if bound == "whole":
        return WHOLE
    return ", ".join(part for part in (owner, STATUSES[status].word, _BOUND_WORDS[bound]) if part)


def _find_cells(lane: Lane, by: str) -> dict[Key, Cell]:
    """The lane's numbers by owner, status and bound; its words go to the longest of them."""
    cells: dict[Key, Cell] = {}
    owner = say_name(_owner(lane.row, by)) if by and lane.row else ""
    if lane.track:
        cells["whole", "", "actual"] = (_figure(lane.track), "", TRACK, False)
    if lane.mark:
        for bound, value in _split_bounds(lane.mark):
            cells[bound, owner, lane.mark.status] = (value, "", lane.mark.colour, lane.mark.outlined)
    if cells:
        longest = max(cells, key=lambda key: cells[key][0])
        value, _, colour, outlined = cells[longest]
        cells[longest] = (value, lane.said, colour, outlined)
    return cells


def _split_bounds(mark: Mark) -> list[tuple[str, float]]:
    if mark.is_range:
        return [("high", mark.high or 0.0), ("low", mark.low or 0.0)]
    if mark.is_floor:
        return [("floor", mark.low or 0.0)]
    return [("ceiling" if mark.is_ceiling else "figure", mark.high or 0.0)]


def _figure(mark: Mark) -> float:
    return (mark.high if mark.high is not None else mark.low) or 0.0


def label_lane(lane: Lane) -> str:
    """The lane's words on an axis: the country before the label where it has one lane only."""
    return f"{lane.lead} · {lane.label}" if lane.lead else lane.label
