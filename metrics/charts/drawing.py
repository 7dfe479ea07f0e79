"""The single entry to charts: a spec and tables in, a Drawing out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd
import plotly.graph_objects as go

from metrics.charts.conditions import axis_of
from metrics.charts.coverage import attach_shares, is_total, measure
from metrics.charts.key import Entry
from metrics.charts.ladders import (
    SITE_UNITS,
    bar_lanes,
    coverage_lanes,
    find_colours,
    in_order,
    name_colours,
    rate_panels,
)
from metrics.charts.lanes import Panel, draw_lanes, least_height
from metrics.charts.layout import FAMILY, Frame, Plot, Words, compose, escape, lay_out
from metrics.charts.selection import (
    LISTED,
    Row,
    Selection,
    bring_to_one_unit,
    chart_rows,
    join_mentions,
    keep_drawable,
    keep_one_unit,
    select_rows,
)
from metrics.charts.spec import ChartSpec
from metrics.charts.timeline import draw_timeline, group_panels
from metrics.charts.words import (
    REVIEW_LINE,
    coverage_headline,
    describe,
    headline,
    list_names,
    say_as_of,
    say_notes,
    say_samples,
    say_source,
    say_span,
    say_subject,
)
from metrics.charts.worldmap import count_countries, draw_map, map_headline, note_map
from metrics.charts.years import most_panels
from metrics.look import SANS, SIZES, STATUSES, THEMES, Size, Theme, break_lines, say_unit
from metrics.marking import abbreviate, banner, derived_from, latest_declassification
from metrics.reconcile.wording import say_count


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart with all it says, for screen, picture and Office alike.

    `rows` are the figures drawn, in drawing order, an open bound as None; everything else is computed from them
    alone. `left_out` says which figures of the selection are not drawn, and why; those it names are `quoted`, which
    banner, derived-from and declassify-on cover too.
    """

    spec: ChartSpec
    figure: go.Figure
    rows: tuple[Row, ...]
    banner: str
    title: str
    headline: str
    subtitle: str
    notes: tuple[str, ...]
    source: str
    derived_from: str
    declassify_on: str | None
    alt: str
    left_out: tuple[str, ...]
    quoted: tuple[Row, ...]
    empty: bool


MOST_LANES = 30  # on a page that scrolls
MOST_POINTS = 5_000
SUBJECTS = {
    "coverage": "Checkpoints with the capability named, of all checkpoints",
    "map": "Number of figures by country",
}


def draw_chart(
    spec: ChartSpec,
    frame: pd.DataFrame,
    cables: pd.DataFrame,
    *,
    size: str | Size = "screen",
    theme: str = "light",
    build: str = "",
) -> Drawing:
    """The chart of a spec over rows of `facts` or `observations`, with everything it must carry inside the figure.

    `cables` needs the columns cable_id, cable_date, declassify_on and sample. A selection without rows gives a figure
    that says so (`Drawing.empty`).
    """
    chosen = size if isinstance(size, Size) else SIZES[size]
    look = THEMES[theme]
    selection = choose_rows(spec, frame)
    sources = _Sources(cables, build)
    if not selection.rows:
        return _empty_drawing(spec, selection, chosen, look)
    rows, left_out, quoted = selection.rows, selection.left_out, selection.quoted
    for _ in range(2):
        words = _find_words(spec, rows, quoted, left_out, sources)
        outline = lay_out(words, chosen, look, _widest_key(spec, rows))
        kept = _fit(spec, rows, outline)
        if len(kept) == len(rows):
            break
        more = len(selection.rows) - len(kept)
        left_out = [*selection.left_out, f"{say_count(more, 'more figure')}{LISTED}"]
        rows = kept
    else:
        words = _find_words(spec, rows, quoted, left_out, sources)
    plot = _draw(spec, rows, lay_out(words, chosen, look))
    outline = lay_out(words, chosen, look, plot.key)
    plot = _draw(spec, rows, outline)
    figure = compose(outline, plot, words)
    return _make_drawing(spec, figure, plot.drawn, quoted, words, left_out, sources)


def choose_rows(spec: ChartSpec, frame: pd.DataFrame) -> Selection:
    """Rows the chart can draw, in its order, and sentences on those it cannot."""
    rows = chart_rows(select_rows(spec, frame))
    if spec.chart == "map":
        return Selection(sorted(rows, key=lambda row: (row["country"] or "", row["id"])))
    wants_share = spec.measure == "share" and spec.chart != "coverage"
    shares_only = bool(rows) and all(row["kind"] == "share" for row in rows)
    if spec.chart == "coverage":
        rows = attach_shares(rows)  # the labels say the shares
    drawable = keep_drawable(rows, ("share",) if wants_share or shares_only else ("level",), spec.scale == "log")
    arranged = ARRANGE[spec.chart](drawable.rows, spec)
    left_out = [*drawable.left_out, *arranged.left_out, *_say_missing(spec, arranged.rows)]
    return Selection(arranged.rows, left_out, drawable.quoted)


def _say_missing(spec: ChartSpec, rows: Sequence[Row]) -> list[str]:
    """The countries asked for of which nothing is drawn beside the others."""
    drawn = {row["country"] for row in rows}
    missing = [country for country in spec.countries if country not in drawn]
    return [f"no figure on {list_names(missing)}"] if rows and missing else []


def _arrange_lanes(rows: Sequence[Row], spec: ChartSpec) -> Selection:
    one = keep_one_unit(rows, spec.unit)
    return Selection(in_order(one.rows, spec.countries), one.left_out)


def _arrange_rates(rows: Sequence[Row], spec: ChartSpec) -> Selection:
    rates = [row for row in rows if row["per"]]
    if not rates:  # counts that are no rates are drawn where there is nothing else
        return _arrange_lanes(rows, spec)
    left = len(rows) - len(rates)
    said = [f"{say_count(left, 'figure')} that {'are' if left > 1 else 'is'} no rate"] if left else []
    asked = [row for row in rates if not spec.unit or axis_of(row["unit"]) == axis_of(spec.unit)]
    other = len(rates) - len(asked)
    said += [f"{say_count(other, 'figure')} in other units"] if other else []
    axes: dict[tuple[str, str], list[Row]] = {}
    for row in asked:
        axes.setdefault((axis_of(row["unit"]), row["per"]), []).append(row)
    brought = [row for own in axes.values() for row in bring_to_one_unit(own, spec.unit)]
    return Selection(in_order(brought, spec.countries), said)


def _arrange_timeline(rows: Sequence[Row], spec: ChartSpec) -> Selection:
    one = keep_one_unit(rows, spec.unit)
    ordered = sorted(one.rows, key=lambda row: (str(row["period_start"] or "9999"), row["country"] or "", row["id"]))
    return Selection(ordered, one.left_out)


def _arrange_coverage(rows: Sequence[Row], spec: ChartSpec) -> Selection:
    fitting = [
        row for row in rows if row["unit"] in SITE_UNITS and not (row["metric"] == "checkpoints_total" and row["site"])
    ]
    left = len(rows) - len(fitting)
    said = [f"{say_count(left, 'figure')} on single places or other units"] if left else []
    totals = join_mentions([row for row in fitting if is_total(row)], ignoring=("of",))
    equipped = [row for row in fitting if not is_total(row)]
    if spec.measure == "share":
        measured = {row["id"]: found for row in equipped if (found := measure(row, totals))}
        without = len(equipped) - len(measured)
        said += [f"{without} without a computed share"] if without else []
        equipped = [row for row in equipped if row["id"] in measured]
        used = {total["id"] for found in measured.values() for total in found.totals}
        totals = [row for row in totals if row["id"] in used]
    return Selection(in_order(equipped + totals, spec.countries), said)


ARRANGE: dict[str, Callable[[Sequence[Row], ChartSpec], Selection]] = {
    "coverage": _arrange_coverage,
    "timeline": _arrange_timeline,
    "funding": _arrange_lanes,
    "rates": _arrange_rates,
    "bars": _arrange_lanes,
}


def find_panels(spec: ChartSpec, rows: Sequence[Row], theme: Theme) -> list[Panel]:
    """Lanes of a lying chart, in panels that each have one axis of values."""
    if spec.chart == "coverage":
        as_share = spec.measure == "share"
        title = "percent of all checkpoints" if as_share else ""
        return [Panel(tuple(coverage_lanes(rows, theme, as_share)), "checkpoint", title)]
    if spec.chart == "rates":
        return rate_panels(rows)
    by_actor = spec.chart == "funding"
    return [Panel(tuple(bar_lanes(rows, by_actor, find_colours(rows, by_actor))), rows[0]["unit"])]


def _draw(spec: ChartSpec, rows: Sequence[Row], outline: Frame) -> Plot:
    if spec.chart == "map":
        return draw_map(outline, rows)
    if spec.chart == "timeline":
        return draw_timeline(outline, rows, spec)
    return draw_lanes(outline, find_panels(spec, rows, outline.theme), spec.scale == "log", name_donors(spec, rows))


def name_donors(spec: ChartSpec, rows: Sequence[Row]) -> dict[str, str]:
    """The colours of donors, where colours mean donors in a chart of lanes."""
    return name_colours(rows, True, find_colours(rows, True)) if spec.chart == "funding" else {}


def _widest_key(spec: ChartSpec, rows: Sequence[Row]) -> list[Entry]:
    """Stands for any key while it is not known yet which rows fit."""
    words = [*(look.word for look in STATUSES.values()), *name_donors(spec, rows)]
    return [Entry("bar across actual", "#000000", word) for word in words]


def _fit(spec: ChartSpec, rows: Sequence[Row], outline: Frame) -> list[Row]:
    """As many rows as the format holds: the largest of each country, all countries as long as they fit."""
    if spec.chart == "map":
        return list(rows)
    if spec.chart == "timeline":
        shown = {row["id"] for _, own in group_panels(rows, spec)[: most_panels(outline)] for row in own}
        return [row for row in rows if row["id"] in shown][:MOST_POINTS]
    each = min(max(_counts(rows).values(), default=1), MOST_LANES)
    kept = _first_of_each(rows, _most(each, lambda number: _holds(spec, _first_of_each(rows, number), outline)))
    return kept[: _most(len(kept), lambda number: _holds(spec, kept[:number], outline))]


def _most(limit: int, fits: Callable[[int], bool]) -> int:
    """The largest number up to the limit that fits, at least 1; what fits a number fits every smaller one."""
    few, many = 1, limit
    while few < many:
        middle = (few + many + 1) // 2
        few, many = (middle, many) if fits(middle) else (few, middle - 1)
    return few


def _holds(spec: ChartSpec, rows: Sequence[Row], outline: Frame) -> bool:
    """Whether the words of all lanes fit the format."""
    panels = find_panels(spec, rows, outline.theme)
    room = outline.plot_height(0, 0)
    if room is None:
        return sum(len(panel.lanes) for panel in panels) <= MOST_LANES
    return least_height(outline, panels) <= room


def _counts(rows: Sequence[Row]) -> Counter[str | None]:
    return Counter(row["country"] for row in rows if not is_total(row))


def _first_of_each(rows: Sequence[Row], most: int) -> list[Row]:
    """The first rows of each country, and its totals."""
    seen: Counter[str | None] = Counter()
    kept = []
    for row in rows:
        seen[row["country"]] += not is_total(row)
        if is_total(row) or seen[row["country"]] <= most:
            kept.append(row)
    return kept


class _Sources:
    """Date and declassification instruction of each cable, which are samples, and the build they come from."""

    def __init__(self, cables: pd.DataFrame, build: str) -> None:
        self.build = build
        self._cables = cables

    def dates(self, ids: set[str]) -> dict[str, date | None]:
        found = self._cables[self._cables["cable_id"].isin(ids)]
        return {
            str(name): None if pd.isna(day) else day
            for name, day in zip(found["cable_id"], found["cable_date"], strict=True)
        }

    def declassification(self, ids: set[str]) -> str | None:
        found = self._cables[self._cables["cable_id"].isin(ids)]["declassify_on"]
        return latest_declassification([None if pd.isna(text) else str(text) for text in found])

    def samples(self, ids: set[str]) -> int:
        return int(self._cables[self._cables["cable_id"].isin(ids)]["sample"].sum())


def _cable_ids(rows: Sequence[Row]) -> set[str]:
    return {cable for row in rows for cable, _ in row["citations"]}


def _find_words(
    spec: ChartSpec, rows: Sequence[Row], quoted: Sequence[Row], left_out: Sequence[str], sources: _Sources
) -> Words:
    over = banner(row["marking"] for row in (*rows, *quoted))
    ids = _cable_ids([*rows, *quoted])
    said = spec.title or _find_headline(spec, rows)
    until = sources.declassification(ids)
    build = f" Build {sources.build}." if sources.build else ""
    return Words(
        banner=over,
        title=f"({abbreviate(over)}) {said}",
        subtitle=_say_subtitle(spec, rows),
        notes=(f"Note: {note_map(*count_countries(rows))}",)
        if spec.chart == "map"
        else say_notes(rows, left_out, labelled=spec.chart != "timeline"),
        source=say_source(rows, sources.dates(ids)),
        foot=(
            say_samples(sources.samples(ids), len(ids)),
            f"Derived from: {_say_derived_from(ids)}. Declassify on: {until or 'not stated'}.",
            f"{REVIEW_LINE}{build}",
        ),
    )


def _find_headline(spec: ChartSpec, rows: Sequence[Row]) -> str:
    if spec.chart == "coverage":
        return coverage_headline(rows)
    if spec.chart == "map":
        return map_headline(rows)
    return headline(rows, by_year=spec.chart == "timeline")


def _say_derived_from(ids: set[str]) -> str:
    """The derived-from line; a list of more than six is kept with the data, not in the picture."""
    said = derived_from(ids)
    return said if len(ids) <= 6 else f"{said.partition(':')[0]} ({len(ids)} cables, listed with the data)"


def _say_subtitle(spec: ChartSpec, rows: Sequence[Row]) -> str:
    units = {(row["unit"], row["per"]) for row in rows}
    unit = ""
    if spec.chart not in ("coverage", "map") and len(units) == 1:
        name, per = next(iter(units))
        unit = f" ({say_unit(name)}{f' per {per}' if per else ''})"
    span = say_span(rows)
    undated = any(row["period_start"] is None for row in rows)
    period = f"{span} and undated" if span and undated else span or "period not stated"
    return f"{SUBJECTS.get(spec.chart) or say_subject(rows)}{unit}, {period}, {say_as_of(rows)}"


def _make_drawing(
    spec: ChartSpec,
    figure: go.Figure,
    drawn: Sequence[Row],
    quoted: Sequence[Row],
    words: Words,
    left_out: Sequence[str],
    sources: _Sources,
) -> Drawing:
    ids = _cable_ids([*drawn, *quoted])
    unique = tuple({row["id"]: row for row in drawn}.values())
    return Drawing(
        spec=spec,
        figure=figure,
        rows=unique,
        banner=words.banner,
        title=words.title,
        headline=spec.title or _find_headline(spec, unique),
        subtitle=words.subtitle,
        notes=words.notes,
        source=words.source,
        derived_from=derived_from(ids),
        declassify_on=sources.declassification(ids),
        alt=describe(words.title, words.subtitle, unique),
        left_out=tuple(left_out),
        quoted=tuple(quoted),
        empty=False,
    )


def _empty_drawing(spec: ChartSpec, selection: Selection, size: Size, theme: Theme) -> Drawing:
    said = "No figures for this selection"
    over = banner(row["marking"] for row in selection.quoted) if selection.quoted else ""
    mark = f"({abbreviate(over)}) " if over else ""
    missing = f"{mark}Not drawn: {'; '.join(selection.left_out)}."
    why = missing if selection.left_out else "Widen the filters to see figures."
    figure = go.Figure()
    figure.update_layout(
        template="none",
        width=size.width if size.height else None,
        height=size.height or 160,
        paper_bgcolor=theme.paper,
        plot_bgcolor=theme.paper,
        xaxis={"visible": False},
        yaxis={"visible": False},
        annotations=[
            {
                "text": "<br>".join(map(escape, [said, *break_lines(why, size.width * 0.9, 14 * size.scale)])),
                **{"xref": "paper", "yref": "paper", "x": 0.5, "y": 0.5, "showarrow": False},
                "font": {"family": FAMILY[SANS], "color": theme.muted, "size": 14 * size.scale},
            }
        ],
    )
    return Drawing(
        spec,
        figure,
        (),
        over,
        said,
        said,
        why,
        (),
        "",
        "",
        None,
        f"{said}. {why}",
        tuple(selection.left_out),
        tuple(selection.quoted),
        True,
    )
