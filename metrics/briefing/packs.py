"""Packs: a title and charts in order, declared in TOML."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from metrics.catalog import METRICS
from metrics.charts import ChartSpec, read_spec
from metrics.charts.choices import pick_countries, pick_regions
from metrics.charts.selection import asked_metrics
from metrics.charts.words import say_name
from metrics.errors import UserError

PACKS = Path(__file__).resolve().parents[2] / "data" / "packs"
COUNTRY_PACK = PACKS / "country.toml"
_KEYS = {"title", "rest", "filters", "charts"}


class PackError(UserError):
    """A pack cannot be read; the message is one line that names the file, the place and what to do."""


@dataclass(frozen=True, slots=True)
class Pack:
    """Charts in the order of their slides; "{countries}" in the title stands for the countries briefed on."""

    title: str
    specs: tuple[ChartSpec, ...]


def read_pack(path: Path) -> Pack:
    """The pack in a TOML file: `title`, `[filters]` for all charts, and a `[[charts]]` table for each.

    With `rest = true` a chart of each metric that none of them shows follows, of the kind that the catalogue gives it.
    Tables hold the parameters of a chart as they stand in the app's address. Raises PackError.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise PackError(f"pack {path} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PackError(f"pack {path} is no TOML: {error}") from error
    unknown = sorted(set(table) - _KEYS)
    if unknown:
        raise PackError(f"pack {path}: unknown key {unknown[0]!r}; known: {', '.join(sorted(_KEYS))}")
    charts, filters = table.get("charts"), table.get("filters", {})
    if not isinstance(charts, list) or not charts or not all(isinstance(chart, dict) for chart in charts):
        raise PackError(f"pack {path} names no charts; write at least one [[charts]] table")
    if not isinstance(filters, dict):
        raise PackError(f'pack {path}: filters is no table; write [filters] with lines such as country = "KAZ"')
    specs = [_read_chart(path, number, {**filters, **chart}) for number, chart in enumerate(charts, 1)]
    asked = {metric for spec in specs for metric in asked_metrics(spec)}
    rest = [one for one in METRICS.values() if one.id not in asked] if table.get("rest") else []
    others = [_read_chart(path, len(specs) + 1, {**filters, "chart": one.chart, "metric": one.id}) for one in rest]
    return Pack(str(table.get("title", path.stem)), (*specs, *others))


def _read_chart(path: Path, number: int, params: Mapping[str, object]) -> ChartSpec:
    try:
        return read_spec(params)
    except ValueError as error:
        raise PackError(f"pack {path}, chart {number}: {error}") from error


def brief_on(pack: Pack, countries: Sequence[str], regions: Sequence[str] = ()) -> Pack:
    """The pack on these countries (names or codes) and regions: in its title, and in each chart that names none itself.

    Raises UnknownChoiceError.
    """
    chosen = pick_countries(countries, regions)
    named = [*map(say_name, pick_countries(countries)), *pick_regions(regions)]
    together = " and ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)
    specs = tuple(replace(spec, countries=spec.countries or chosen) for spec in pack.specs)
    return Pack(pack.title.replace("{countries}", together or "All countries"), specs)
