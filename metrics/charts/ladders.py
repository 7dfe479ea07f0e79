"""Lanes of each kind of lying chart: coverage, funding, rates and plain bars."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from metrics.charts.coverage import Measure, is_total, measure
from metrics.charts.lanes import Lane, Panel
from metrics.charts.marks import Mark
from metrics.charts.selection import Row
from metrics.charts.words import say_coverage, say_hover, say_name, say_period, say_status
from metrics.look import PALETTE, Theme, colours_of, say_unit, say_value

Colours = dict[str | None, str]

SITE_UNITS = {"site", "checkpoint"}


def make_mark(row: Row, colour: str, outlined: bool = False, measured: Measure | None = None) -> Mark:
    """A row's mark, not yet placed; `measured` is what it is a part of."""
    return Mark(
        at=0.0,
        thickness=0.6,
        low=row["low"],
        high=row["high"],
        qualifier=row["qualifier"],
        status=row["status"] or "actual",
        colour=colour,
        id=row["id"],
        hover=say_hover(row, measured),
        outlined=outlined,
    )


def in_order(rows: Iterable[Row], countries: Sequence[str]) -> list[Row]:
    """Rows by country (as asked for, else by name), the largest first, rivals and parts next to their like."""
    listed = list(rows)
    place = {country: number for number, country in enumerate(countries)}
    size = {row["id"]: _figure(row) for row in listed}
    lead: dict[str, float] = {}
    for row in listed:
        group = row["conflict_group"] or row["id"]
        lead[group] = max(lead.get(group, 0.0), size[row["id"]])
    whole = {row["id"]: row for row in listed}

    def key(row: Row) -> tuple[Any, ...]:
        top = whole.get(row["part_of"], row) if row["part_of"] else row
        group = top["conflict_group"] or top["id"]
        country = row["country"] or ""
        return (
            place.get(country, len(place)),
            say_name(country) if country else "\uffff",
            -lead.get(group, size[row["id"]]),
            group,
            top["id"],
            top is not row,
            -size[row["id"]],
            row["id"],
        )

    return sorted(listed, key=key)


def _figure(row: Row) -> float:
    return float(row["high"] if row["high"] is not None else row["low"] or 0.0)


def _country_groups(rows: Sequence[Row]) -> list[tuple[str | None, list[Row]]]:
    return [(country, list(group)) for country, group in groupby(rows, key=lambda row: row["country"])]


def find_owner(row: Row, by_actor: bool) -> str | None:
    """Whose colour a figure has: the first of its actors, or its country."""
    return (row["actor"] or "").split(",")[0] or None if by_actor else row["country"]


def find_colours(rows: Iterable[Row], by_actor: bool = False) -> Colours:
    """The colour of each country, or first actor, of a chart."""
    return colours_of(find_owner(row, by_actor) for row in rows)


def name_colours(rows: Iterable[Row], by_actor: bool, colours: Colours) -> dict[str, str]:
    """Whose colour is whose, as a key says it; no more names than the palette has colours."""
    owners = list(dict.fromkeys(find_owner(row, by_actor) for row in rows))
    shown = {say_name(owner): colours[owner] for owner in [owner for owner in owners if owner][: len(PALETTE)]}
    return {**shown, say_name(None): colours[None]} if None in owners else shown


def bar_lanes(rows: Sequence[Row], by_actor: bool, colours: Colours) -> list[Lane]:
    """A lane a figure under a heading a country; parts are set in under their whole."""
    groups = _country_groups(rows)
    lanes: list[Lane] = []
    for country, group in groups:
        lead, indent = _open_group(lanes, country, len(groups), len(group))
        ids = {row["id"] for row in group}
        rivals = _rivals(group)
        for row in group:
            colour = colours[find_owner(row, by_actor)]
            part = row["part_of"] in ids
            lanes.append(
                Lane(
                    label=("Of which: " if part else "") + _label(row, by_actor),
                    mark=make_mark(row, colour, outlined=row["conflict_group"] in rivals),
                    said=_say_lane(row),
                    indent=int(part) + indent,
                    lead=lead,
                    row=row,
                )
            )
    return lanes


def _open_group(lanes: list[Lane], country: str | None, groups: int, size: int) -> tuple[str, int]:
    """Name the country: over its lanes, before its only one, or not at all; returns the bold lead and the indent."""
    name = say_name(country) if country else "Country not stated"
    if groups > 1 and size > 1:
        lanes.append(Lane(name))
        return "", 1
    return (name if groups > 1 else ""), 0


def _rivals(rows: Sequence[Row]) -> set[str]:
    groups = [row["conflict_group"] for row in rows if row["conflict_group"]]
    return {group for group in groups if groups.count(group) > 1}


def _label(row: Row, by_actor: bool) -> str:
    what = row["of"] or say_unit(row["unit"])
    parts = [f"{say_name(row['actor'])}: {what}" if by_actor else what, row["site"] or "", say_period(row["period"])]
    return _capital(", ".join(part for part in parts if part))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _say_lane(row: Row) -> str:
    status = "" if row["status"] == "actual" else f", {say_status(row['status'])}"
    return f"{say_value(row)}{status}{', computed' if row['derived'] else ''}"


def rate_panels(rows: Sequence[Row]) -> list[Panel]:
    """A panel for each "per", since rates over different times share no axis; one for figures that are no rates."""
    panels = []
    colours = find_colours(rows)
    for per in sorted({row["per"] for row in rows}, key=_per_order):
        own = [row for row in rows if row["per"] == per]
        units = {row["unit"] for row in own}
        unit = next(iter(units)) if len(units) == 1 else None
        rate = f"per {per}" if per else ""
        title = f"{say_unit(unit) if unit else 'number'} {rate}".rstrip()
        lanes = tuple(bar_lanes(own, by_actor=False, colours=colours))
        panels.append(Panel(lanes, unit, axis_title=title, heading=rate.capitalize()))
    return panels


def _per_order(per: str | None) -> tuple[int, str]:
    known = ("day", "week", "month", "year")
    return (known.index(per) if per in known else len(known), per or "")


def coverage_lanes(rows: Sequence[Row], theme: Theme, as_share: bool = False) -> list[Lane]:
    """A lane for each figure of equipped checkpoints against its total, and totals on their own."""
    lanes: list[Lane] = []
    groups, colours = _country_groups(rows), find_colours(rows)
    for country, group in groups:
        totals = [row for row in group if is_total(row)]
        measured = [(row, measure(row, totals)) for row in group if not is_total(row)]
        behind = {found.totals[0]["id"] for _, found in measured if found}
        bare = [row for row in totals if row["id"] not in behind and not as_share]
        lead, indent = _open_group(lanes, country, len(groups), len(measured) + len(bare))
        for row, found in measured:
            lane = _coverage_lane(row, found, theme, colours[country], as_share)
            said = lane.said if totals else f"{lane.said}; total not stated"
            lanes.append(replace(lane, said=said, indent=indent, lead=lead))
        lanes += [_total_lane(row, theme, indent, lead, alone=not measured) for row in bare]
    return lanes


def _total_lane(total: Row, theme: Theme, indent: int, lead: str, alone: bool) -> Lane:
    label = f"{_capital(total['of'] or 'all checkpoints')}, {'total only' if alone else 'another count'}"
    return Lane(label, None, f"{say_value(total)} in all", make_mark(total, theme.track), indent, lead, None, (total,))


def _coverage_lane(row: Row, measured: Measure | None, theme: Theme, colour: str, as_share: bool) -> Lane:
    by = f", by {say_name(row['actor'])}" if row["actor"] and row["metric"] == "installations" else ""
    when = f", {say_period(row['period'])}" if row["period"] else ""
    label = _capital(f"{row['of'] or 'equipped'}{by}{when}")
    mark, said = make_mark(row, colour, measured=measured), say_coverage(row, measured)
    if not measured:
        return Lane(label, mark, said, row=row)
    track = make_mark(measured.totals[0], theme.track)
    if as_share:
        share = measured.share
        mark = replace(mark, low=share["low"], high=share["high"], qualifier=share["qualifier"])
        track = replace(track, low=100.0, high=100.0, qualifier="exact")
    return Lane(label, mark, said, track, row=row, track_rows=measured.totals)
