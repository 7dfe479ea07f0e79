"""The one template for look: fonts, sizes, colours, patterns and number formats of screen, picture and Office."""

from __future__ import annotations

import hashlib
import math
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

from metrics.reconcile.wording import pluralize

STATIC = Path(__file__).resolve().parents[1] / "static"
FONTS = STATIC / "fonts"
TOPOJSON = STATIC / "topojson"

SANS = "Source Sans 3"
SERIF = "Source Serif 4"
FALLBACK = "'Source Sans', 'DejaVu Sans', Arial, sans-serif"  # the first is the app's own cut of the same design
REGULAR, SEMIBOLD = 400, 600
FONT_FILES = {
    (SANS, REGULAR): FONTS / "SourceSans3-Regular.ttf",
    (SANS, SEMIBOLD): FONTS / "SourceSans3-Semibold.ttf",
    (SERIF, SEMIBOLD): FONTS / "SourceSerif4-Semibold.ttf",
}


@dataclass(frozen=True, slots=True)
class Size:
    """A format: width and height in pixels at 96 a inch, and the scale of its type.

    `height` None grows with the chart's rows; such a figure also follows the width of its container, and its
    words are broken to fit `width`.
    """

    name: str
    width: int
    height: int | None
    scale: float

    def most_lines(self, most: int) -> int | None:
        """How many lines words may take that a format with a height cuts after `most`; None for any number."""
        return most if self.height else None


SIZES = {
    size.name: size
    for size in (
        Size("screen", 700, None, 1.05),
        Size("slide", 1280, 720, 1.45),
        Size("half", 640, 640, 1.1),
        Size("square", 900, 900, 1.3),
        Size("column", 642, 480, 1.0),
    )
}

# Pixels at scale 1.
TITLE, SUBTITLE, LABEL, TICK, FOOT, BANNER = 18, 13, 12, 12, 10.5, 11
LINE = 1.3  # line height over type size


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours of paper, words and lines."""

    name: str
    paper: str
    ink: str
    muted: str
    grid: str
    track: str


THEMES = {
    theme.name: theme
    for theme in (
        Theme("light", "#FFFFFF", "#1B2733", "#55636F", "#E2E7EB", "#D3DAE0"),
        Theme("dark", "#0E1117", "#E8ECF0", "#A5B0BA", "#2A323C", "#3A4550"),
    )
}

# Okabe and Ito's colours, amber and sky deepened, then twelve more: each keeps a contrast of about 3 to both papers.
PALETTE = (
    "#0072B2",
    "#D55E00",
    "#009E73",
    "#C46F9E",
    "#C28500",
    "#3D9BD4",
    "#7B61B0",
    "#8A8A1F",
    "#A8485E",
    "#2C8C8C",
    "#96673A",
    "#6B7F8E",
    "#C132C9",
    "#5560E0",
    "#2A7F1F",
    "#E0356B",
    "#1E6B75",
    "#8B5CF0",
)
RESERVED = 6  # colours of the palette that no name takes which is not among the fixed ones
NOBODY = "#7C8894"  # no country or actor named

# The states and donors read most: the first of each line has a colour that no other first has.
_FIXED = {
    name: PALETTE[number]
    for number, names in enumerate(
        (
            ("USA", "ESP"),
            ("UZB", "RUS"),
            ("KAZ", "LBY"),
            ("NOR", "KGZ"),
            ("World Bank", "GEO"),
            ("ISL", "CHN", "UKR"),
            ("GHA", "GBR", "UNODC"),
            ("NGA", "TJK"),
            ("ITA", "TUR"),
            ("PAK", "CHL", "DEU"),
            ("ARG", "TKM"),
            ("UGA", "ECU"),
            ("CRI", "FRA"),
            ("EGY",),
            ("SAU",),
            ("COL", "IRN"),
            ("MEX", "AFG"),
            ("ARM",),
        )
    )
    for name in names
}


def colour_of(name: str | None) -> str:
    """The colour of a country (alpha-3) or actor where nothing else is drawn; grey where none is named.

    >>> colour_of("USA"), colour_of(None)
    ('#0072B2', '#7C8894')
    """
    if not name:
        return NOBODY
    if name in _FIXED:
        return _FIXED[name]
    shared = PALETTE[RESERVED:]
    return shared[int(hashlib.sha256(name.encode()).hexdigest(), 16) % len(shared)]


def colours_of(names: Iterable[str | None]) -> dict[str | None, str]:
    """The colours of all names of one chart: each its own, no two alike until the palette is used up.

    Where two have one colour, the name with a fixed one keeps it, else the first in the alphabet; the other takes
    the next that nobody here has. The order of the names does not matter.

    >>> colours_of(["USA", "ESP"]) == {"USA": "#0072B2", "ESP": "#D55E00"}
    True
    """
    ordered = sorted(set(names), key=lambda name: (_rank(name), name or ""))
    first = {colour_of(name): name for name in reversed(ordered)}
    given: dict[str | None, str] = {name: colour for colour, name in first.items()}
    for name in ordered:
        if name not in given:
            own = colour_of(name)
            start = PALETTE.index(own) if own in PALETTE else 0
            turned = (*PALETTE[start:], *PALETTE[:start])
            given[name] = next((colour for colour in turned if colour not in given.values()), own)
    return given


def _rank(name: str | None) -> int:
    """0 for the first name of a fixed colour, 1 for the next, and so on; names without one come last."""
    if name not in _FIXED:
        return len(_FIXED)
    return [one for one, colour in _FIXED.items() if colour == _FIXED[name]].index(name)


def with_opacity(colour: str, opacity: float) -> str:
    """A colour of the form #RRGGBB as rgba with the opacity given.

    >>> with_opacity("#0072B2", 0.5)
    'rgba(0,114,178,0.5)'
    """
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"


@dataclass(frozen=True, slots=True)
class StatusLook:
    """How a status is drawn: fill of bars (plotly pattern shape), symbol of points, line dash, and its word in keys."""

    word: str
    filled: bool
    pattern: str
    symbol: str
    dash: str


STATUSES: dict[str, StatusLook] = {
    "actual": StatusLook("actual", True, "", "circle", "solid"),
    "in_progress": StatusLook("in progress", False, "/", "diamond", "dash"),
    "planned": StatusLook("planned", False, "", "circle-open", "dot"),
    "requested": StatusLook("requested", False, ".", "diamond-open", "dashdot"),
}

# Bands above and below a chart: the colours that readers of marked paper know.
_BANNER_COLOURS = (
    ("TOP SECRET", "#B35900"),
    ("SECRET", "#B3131B"),
    ("CONFIDENTIAL", "#0B4F9E"),
    ("SENSITIVE", "#5B3A8C"),
    ("UNCLASSIFIED", "#1E7B34"),
)


def banner_colour(banner: str) -> str:
    """Fill of the band that carries a banner; near black where the marking is unknown."""
    return next((colour for start, colour in _BANNER_COLOURS if banner.upper().startswith(start)), "#22272E")


@lru_cache(maxsize=8)
def _measure(family: str, weight: int) -> ImageFont.FreeTypeFont:
    path = FONT_FILES.get((family, weight), FONT_FILES[SANS, REGULAR])
    return ImageFont.truetype(str(path), 100)


@lru_cache(maxsize=20_000)
def text_width(text: str, size: float, family: str = SANS, weight: int = REGULAR) -> float:
    """Width of one line of text in pixels, measured with the font shipped."""
    return _measure(family, weight).getlength(text) * size / 100


def break_lines(
    text: str, width: float, size: float, family: str = SANS, weight: int = REGULAR, most: int | None = None
) -> list[str]:
    """Text broken into lines no wider than `width` pixels; cut with an ellipsis after `most` lines.

    >>> break_lines("one two three", 50, 12)
    ['one two', 'three']
    """
    lines: list[str] = []
    words = text.split()
    for number, word in enumerate(words):
        if most is not None and len(lines) > most:
            lines[-1] += " " + " ".join(words[number:])
            break
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(joined, size, family, weight) <= width:
            lines[-1] = joined
        else:
            lines.extend(_break_word(word, width, size, family, weight))
    if most is not None and len(lines) > most:
        lines = [*lines[: most - 1], _shorten(" ".join(lines[most - 1 :]), width, size, family, weight)]
    return lines


def _break_word(word: str, width: float, size: float, family: str, weight: int) -> list[str]:
    parts = [word]
    while len(parts[-1]) > 1 and text_width(parts[-1], size, family, weight) > width:
        cut = next(
            at for at in range(len(parts[-1]) - 1, 0, -1) if at == 1 or text_width(parts[-1][:at], size) <= width
        )
        parts[-1:] = [parts[-1][:cut], parts[-1][cut:]]
    return parts


def _shorten(text: str, width: float, size: float, family: str, weight: int) -> str:
    """As many words of a text's start as fit with an ellipsis after them; of a single word too long, its start."""
    fitting = bisect_right(
        range(min(len(text), int(width))), width, key=lambda end: text_width(f"{text[:end]}…", size, family, weight)
    )
    start, rest = text[: max(0, fitting - 1)], text[max(0, fitting - 1) :]
    whole = start if rest.startswith(" ") else start.rpartition(" ")[0]
    return f"{(whole or start).rstrip(' ,;·')}…"


MONEY = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
MONEY_NAMES = {"USD": "US dollars", "EUR": "euros", "GBP": "pounds sterling", "JPY": "yen"}
_MAGNITUDES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))


def is_money(unit: str | None) -> bool:
    """Whether a unit is an ISO 4217 code."""
    return bool(unit) and len(str(unit)) == 3 and str(unit).isupper()


def say_unit(unit: str | None, count: float | None = None) -> str:
    """A unit in words, plural unless `count` is one.

    >>> say_unit("person"), say_unit("checkpoint", 1), say_unit("USD")
    ('people', 'checkpoint', 'US dollars')
    """
    if not unit:
        return ""
    if is_money(unit):
        return MONEY_NAMES.get(unit, unit)
    return unit if count == 1 else pluralize(unit)


def say_number(number: float) -> str:
    """A number with thousands marked, to the last digit; from a million on in words where three decimals hold it.

    >>> say_number(13000), say_number(11500000), say_number(9691.13), say_number(3433000)
    ('13,000', '11.5 million', '9,691.13', '3.433 million')
    """
    for magnitude, word in _MAGNITUDES:
        part = number / magnitude
        if abs(part) >= 1 and round(round(part, 3) * magnitude, 6) == number:
            return f"{part:,.3f}".rstrip("0").rstrip(".") + f" {word}"
    if number == int(number):
        return f"{int(number):,}"
    return f"{number:,.6f}".rstrip("0").rstrip(".")


def say_amount(number: float, unit: str | None) -> str:
    """A number in its unit as a label shows it: money with its sign, percent with its sign, else the bare number.

    >>> say_amount(63e6, "USD"), say_amount(5e6, "TND"), say_amount(70, "percent"), say_amount(9, "site")
    ('$63 million', 'TND 5 million', '70%', '9')
    """
    said = say_number(number)
    if is_money(unit):
        sign = MONEY.get(str(unit))
        return f"{sign}{said}" if sign else f"{unit} {said}"
    return f"{said}%" if unit == "percent" else said


_BOUND_WORDS = {
    "approx": "about {}",
    "more_than": "more than {}",
    "at_least": "at least {}",
    "less_than": "less than {}",
    "at_most": "at most {}",
    "vague": "some {} or more",
}


def say_value(row: Mapping[str, object]) -> str:
    """A figure with its bound, never its bare floor: "more than 40", "10 to 20", "about $2 million".

    One drawn in another unit than the cable's (`stated` is the row as it was) is said as stated, with its unit.

    >>> say_value({"low": 40.0, "high": None, "qualifier": "more_than", "unit": "site"})
    'more than 40'
    >>> tonnes = {"low": 16.0, "high": 16.0, "qualifier": "exact", "unit": "tonne"}
    >>> say_value({**tonnes, "low": 16000.0, "high": 16000.0, "unit": "kilogram", "stated": tonnes})
    '16 tonnes'
    """
    stated = row.get("stated")
    if isinstance(stated, Mapping):
        figure = stated["high"] if stated["high"] is not None else stated["low"]
        return f"{say_value(stated)} {say_unit(stated['unit'], figure)}"
    low, high, unit = _number(row["low"]), _number(row["high"]), row.get("unit")
    qualifier = str(row["qualifier"])
    unit = None if unit is None else str(unit)
    if low is not None and high is not None and low != high:
        return f"{say_amount(low, unit)} to {say_amount(high, unit)}"
    figure = low if low is not None else high
    if figure is None:
        return "no figure"
    said = say_amount(figure, unit)
    if qualifier not in _BOUND_WORDS:
        qualifier = "exact" if low == high else "at_least" if high is None else "at_most"
    return _BOUND_WORDS.get(qualifier, "{}").format(said)


def _number(value: object) -> float | None:
    return None if value is None or math.isnan(float(str(value))) else float(str(value))


def nice_ticks(top: float, most: int = 5) -> list[float]:
    """Round tick values from 0 that cover the axis up to `top`.

    >>> nice_ticks(212)
    [0, 50, 100, 150, 200]
    """
    if top <= 0:
        return [0.0, 1.0]
    rough = top / most
    power = 10 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough * 0.999)
    if top >= 2:
        step = max(step, 1.0)  # things are counted in whole numbers
    return [number * step for number in range(int(top / step * 1.000001) + 1)]


def log_ticks(bottom: float, top: float) -> list[float]:
    """Powers of ten within an axis, with 2 and 5 between them where there are few."""
    powers = range(math.floor(math.log10(bottom)), math.ceil(math.log10(top)) + 1)
    factors: Sequence[int] = (1, 2, 5) if len(powers) <= 3 else (1,)
    ticks = [factor * 10.0**power for power in powers for factor in factors]
    return [tick for tick in ticks if bottom * 0.999 <= tick <= top * 1.001]


def tick_scale(top: float, unit: str | None) -> tuple[float, str]:
    """What ticks are divided by, and the axis title that says so.

    >>> tick_scale(65e6, "USD"), tick_scale(212, "checkpoint")
    ((1000000.0, 'million US dollars'), (1.0, 'checkpoints'))
    """
    for magnitude, word in _MAGNITUDES:
        if top >= magnitude:
            return magnitude, f"{word} {say_unit(unit)}"
    return 1.0, say_unit(unit)
