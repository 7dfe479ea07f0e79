"""Units of measure, currencies and number words, read from the tables beside this file."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent

# SI prefixes by what a unit admits: name, symbol.
LARGE = (("kilo", "k"), ("mega", "M"), ("giga", "G"), ("tera", "T"), ("peta", "P"), ("exa", "E"))
SMALL = (("deci", "d"), ("centi", "c"), ("milli", "m"), ("micro", "µ"), ("micro", "μ"), ("nano", "n"))
PREFIXES = {
    "": (),
    "large": LARGE,
    "small": SMALL,
    "all": (*LARGE, ("hecto", "h"), ("deca", "da"), *SMALL),
    "binary": (*LARGE, ("zetta", "Z"), ("yotta", "Y"), ("kibi", "Ki"), ("mebi", "Mi"), ("gibi", "Gi"), ("tebi", "Ti")),
}
IRREGULAR = {"inch": "inches", "foot": "feet", "century": "centuries", "calorie": "calories", "henry": "henries"}


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure or a currency: canonical name or ISO 4217 code, its dimension, and a built-in rate.

    `per` is "hour" for "mph", else None. `dimension` is "money" for currencies and "ratio" for percentages.
    """

    name: str
    dimension: str
    per: str | None = None


def read_table(name: str) -> list[dict[str, str]]:
    """The rows of a CSV table of this folder."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def plural(word: str) -> str:
    """The regular plural of a unit's name, in its first noun ("pounds per square inch").

    >>> plural("cubic foot"), plural("metre")
    ('cubic feet', 'metres')
    """
    head, per, tail = word.partition(" per ")
    stem, space, last = head.rpartition(" ")
    last = IRREGULAR.get(last) or (last if last.endswith("s") or not last.isalpha() else last + "s")
    return stem + space + last + per + tail


@cache
def unit_words() -> dict[str, Unit]:
    """Names of units, lower case, singular and plural, with SI prefixes ("kilometres", "metric tons")."""
    found: dict[str, Unit] = {}
    for row in read_table("units.csv"):
        for name in [row["unit"], *row["words"].split("|")]:
            if not name or (row["per"] and name == row["unit"]):
                continue
            for prefix in ("", *(p for p, _ in PREFIXES[row["prefixes"]])):
                unit = Unit(prefix + row["unit"], row["dimension"], row["per"] or None)
                found.setdefault(prefix + name, unit)
                found.setdefault(plural(prefix + name), unit)
    return found


@cache
def unit_symbols() -> dict[str, Unit]:
    """Symbols of units, case kept, with SI prefixes ("kg", "MW", "km²")."""
    found: dict[str, Unit] = {}
    rows = read_table("units.csv")
    for row in rows:
        for symbol in filter(None, row["symbols"].split("|")):
            found.setdefault(symbol, Unit(row["unit"], row["dimension"], row["per"] or None))
    for row in rows:
        for symbol in filter(None, row["symbols"].split("|")):
            for prefix, sign in PREFIXES[row["prefixes"]]:
                found.setdefault(sign + symbol, Unit(prefix + row["unit"], row["dimension"]))
    return found


@cache
def currency_words() -> dict[str, Unit]:
    """Names of currencies, lower case, singular and plural ("norwegian kroner", "dollars")."""
    found: dict[str, Unit] = {}
    for row in read_table("currencies.csv"):
        for name in filter(None, row["names"].split("|")):
            found.setdefault(name, Unit(row["code"], "money"))
            found.setdefault(plural(name), Unit(row["code"], "money"))
    return found


@cache
def currencies() -> dict[str, tuple[str, ...]]:
    """Names of each currency: of ISO 4217 codes, and of those that several states have ("dinar")."""
    return {row["code"]: tuple(filter(None, row["names"].split("|"))) for row in read_table("currencies.csv")}


def national_currency(unit: str, nations: Iterable[str]) -> str:
    """The unit, or for a currency that several states have the code of the nation's own.

    >>> national_currency("dinar", ("Bahrain", "Bahraini")), national_currency("USD", ("Bahrain",))
    ('BHD', 'USD')
    """
    if unit.isupper():
        return unit
    own = (
        currency_words().get(f"{nation} {name}".lower()) for nation in nations for name in currencies().get(unit, ())
    )
    return next((money.name for money in own if money), unit)


@cache
def currency_signs() -> dict[str, Unit]:
    """Signs and ISO codes of currencies as written before or after a number ("$", "US$", "GBP", "Rs.")."""
    found: dict[str, Unit] = {}
    for row in read_table("currencies.csv"):
        unit = Unit(row["code"], "money")
        for sign in filter(None, row["signs"].split("|")):
            found.setdefault(sign, unit)
        if row["code"].isupper():
            found.setdefault(row["code"], unit)
    return found


@cache
def number_words() -> dict[str, tuple[str, float]]:
    """Number words, lower case, with their role ("ten", "scale", "vague", "fraction") and value."""
    return {row["word"]: (row["role"], float(row["value"])) for row in read_table("numbers.csv")}
