"""The state of a chart: what it shows and how, written the same way in a URL, a TOML file and on the command line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from metrics.catalog import METRICS
from metrics.charts.choices import check_years, pick_choices, pick_countries, say_plainly
from metrics.charts.conditions import YEAR
from metrics.marking import read_ceiling

KINDS = ("coverage", "timeline", "funding", "rates", "bars", "map")
_CHOICES = {
    "chart": KINDS,
    "metric": tuple(METRICS),
    "split": ("auto", "country", "thing", "none"),
    "scale": ("linear", "log"),
    "measure": ("absolute", "share"),
    "status": ("actual", "in_progress", "planned", "requested"),
}


@dataclass(frozen=True, slots=True)
class ChartSpec:
    """What a chart shows. Empty means no restriction.

    `chart` is the kind of chart, `metrics` catalogue ids (empty: those the kind is made for). `countries` are
    alpha-3 codes in the order they are to stand; `actors` donors and installers; `of` words that what is counted
    must hold; `unit` the one unit to draw where figures come in several. `since` and `until` are years. `marking`
    is the highest mark shown, and no caveat that it does not name is. `split` gives a panel to each country, to each
    thing counted, or to none; "auto" to each of two or more countries. `title` replaces the generated headline.
    """

    chart: str = "bars"
    metrics: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    unit: str = ""
    since: int | None = None
    until: int | None = None
    marking: str = ""
    split: str = "auto"
    scale: str = "linear"
    measure: str = "absolute"
    title: str = ""


_NAMES = {
    "metrics": "metric",
    "countries": "country",
    "sites": "site",
    "actors": "actor",
    "statuses": "status",
    "since": "from",
    "until": "to",
}
_MANY = {"metrics", "countries", "sites", "actors", "statuses", "of"}
_YEARS = {"since", "until"}
# A region is read as its countries.
PARAMETERS = (*(_NAMES.get(field.name, field.name) for field in fields(ChartSpec)), "region")


def spec_params(spec: ChartSpec) -> dict[str, str | list[str]]:
    """The state as named texts, defaults left out: what stands in a URL or a TOML table.

    >>> spec_params(ChartSpec("coverage", countries=("KAZ", "UZB"), since=2008))
    {'chart': 'coverage', 'country': ['KAZ', 'UZB'], 'from': '2008'}
    """
    params: dict[str, str | list[str]] = {"chart": spec.chart}
    for field in fields(ChartSpec)[1:]:
        value = getattr(spec, field.name)
        if value != field.default:
            name = _NAMES.get(field.name, field.name)
            params[name] = list(value) if field.name in _MANY else str(value)
    return params


def read_spec(params: Mapping[str, object]) -> ChartSpec:
    """The state written in named texts (or, in TOML, numbers and lists), countries by any name or code, or by region.

    Raises ValueError naming the parameter, what is wrong and the choices.

    >>> read_spec({"chart": "coverage", "country": "Kazakhstan", "from": 2008}).countries
    ('KAZ',)
    """
    unknown = sorted(set(params) - set(PARAMETERS))
    if unknown:
        raise ValueError(f"unknown chart parameter {unknown[0]!r}; known: {', '.join(PARAMETERS)}")
    values: dict[str, object] = {
        "countries": pick_countries(_texts(params.get("country", ())), _texts(params.get("region", ())))
    }
    for field in fields(ChartSpec):
        name = _NAMES.get(field.name, field.name)
        if name in params and field.name not in values:
            values[field.name] = _read_value(field.name, name, params[name])
    spec = ChartSpec(**values)  # type: ignore[arg-type]
    check_years(spec.since, spec.until)
    return spec


def _texts(value: object) -> tuple[str, ...]:
    several = isinstance(value, Iterable) and not isinstance(value, str)
    return tuple(str(part) for part in value) if several else (str(value),)  # type: ignore[attr-defined]


def _read_value(field: str, name: str, value: object) -> object:
    texts = _texts(value)
    if name in _CHOICES:
        texts = pick_choices(name, texts, _CHOICES[name], say_plainly)
    if name == "marking":
        read_ceiling(texts[-1])
    if field in _MANY:
        return texts
    if field in _YEARS:
        if not YEAR.fullmatch(texts[-1]):
            raise ValueError(f"{name} is {texts[-1]!r}, which is no year; write four digits")
        return int(texts[-1])
    return texts[-1]
