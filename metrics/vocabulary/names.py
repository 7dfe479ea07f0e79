"""Names of countries, peoples, places, governments and agencies, found in a line of text by one scan."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent
_CURRENCY = re.compile(r"\s?[$€£]")  # "US $450,000" names no country
_KEY = re.compile(r"(?<!\w)[A-Z][A-Za-zÀ-ÿ]*")

# Longer names that contain a country's name and mean none of its territory.
_NO_COUNTRY = (
    "African American",
    "Air France",
    "American Express",
    "Belgian Malinois",
    "British Petroleum",
    "Central America",
    "Central American",
    "China Shipping",
    "East African",
    "English",
    "German Shepherd",
    "Gulf of Aden",
    "Gulf of Guinea",
    "Gulf of Mexico",
    "Gulf of Oman",
    "Indian Ocean",
    "Inter-American",
    "Jordan River",
    "Latin America",
    "Latin American",
    "Mexico City Policy",
    "New York Times",
    "North America",
    "North American",
    "Pan American",
    "Persian Gulf",
    "Sea of Japan",
    "South America",
    "South American",
    "South China Sea",
    "Washington Post",
    "West African",
    "West Indian",
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name as found: half-open span of the line, what it is, and whom it stands for.

    `kind` is country ("Chile"), people ("Chilean"), city ("Arica"), government ("GOC"), agency
    ("Carabineros") or organisation ("UNODC"); `value` is alpha-3, an organisation's name, or for a
    government the abbreviation itself, as several countries share one.
    """

    start: int
    end: int
    kind: str
    value: str


@cache
def read_countries() -> tuple[dict[str, str], ...]:
    """Rows of `countries.csv`: code, name, aliases, demonyms, tags, government, cities, posts."""
    with (_HERE / "countries.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def read_actors() -> tuple[dict[str, str], ...]:
    """Rows of `actors.csv`: name, aliases, actor (alpha-3 of the state behind an agency, or the organisation)."""
    with (_HERE / "actors.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def countries_by_tag() -> dict[str, str]:
    """Two-letter TAGS code to alpha-3: CH is China, IS Israel, KS South Korea (FIPS 10 family, not ISO)."""
    return {tag: row["code"] for row in read_countries() for tag in _split(row["tags"])}


@cache
def countries_by_post() -> dict[str, str]:
    """Post as cables write it, letters only ("SANJOSE"), to the alpha-3 of the country it stands in."""
    posts = {
        squash_post(name): row["code"]
        for row in read_countries()
        for name in (row["name"], *_split(row["aliases"]), *_split(row["cities"]))
    }
    return posts | {squash_post(name): row["code"] for row in read_countries() for name in _split(row["posts"])}


@cache
def country_names() -> dict[str, tuple[str, ...]]:
    """Alpha-3 to the country's own names, without those of its people and towns."""
    return {row["code"]: (row["name"], *_split(row["aliases"])) for row in read_countries()}


@cache
def regions() -> dict[str, tuple[str, ...]]:
    """The regions of the United Nations' M49 standard to the alpha-3 codes of their countries.

    Kosovo and Taiwan, which M49 does not list, stand with their neighbours; Antarctica is in none.
    """
    with (_HERE / "regions.csv").open(encoding="utf-8", newline="") as file:
        return {row["region"]: tuple(_split(row["countries"])) for row in csv.DictReader(file)}


@cache
def countries_by_name() -> dict[str, str]:
    """Alpha-3 codes and all names of countries, in lower case, to the code."""
    return {name.casefold(): code for code, names in country_names().items() for name in (code, *names)}


@cache
def nation_names() -> dict[str | None, tuple[str, ...]]:
    """Alpha-3 to the names of the country and of its people."""
    return {row["code"]: (*country_names()[row["code"]], *_split(row["demonyms"])) for row in read_countries()}


@cache
def actor_names() -> dict[str, tuple[str, ...]]:
    """Actor (alpha-3 of the state behind an agency, or the organisation) to all names that stand for it."""
    found: dict[str, tuple[str, ...]] = {}
    for row in read_actors():
        found[row["actor"]] = (*found.get(row["actor"], ()), row["name"], *_split(row["aliases"]))
    return found


@cache
def governments() -> dict[str, tuple[str, ...]]:
    """Abbreviation of a government ("GOC") to the alpha-3 codes it may stand for."""
    found: dict[str, tuple[str, ...]] = {}
    for row in read_countries():
        for short in _split(row["government"]):
            found[short.upper()] = (*found.get(short.upper(), ()), row["code"])
    return found


def squash_post(post: str) -> str:
    """A post's name in capital letters without blanks, points and accents.

    >>> squash_post("San José")
    'SANJOSE'
    """
    return re.sub(r"[^A-Z]", "", unicodedata.normalize("NFKD", post).upper())


def find_names(line: str) -> list[Name]:
    """Names in a line with one blank between words, in order, the longest of those that start alike.

    >>> [(name.kind, name.value) for name in find_names("Costa Rican police and the DEA in Limon")]
    [('people', 'CRI'), ('agency', 'USA'), ('city', 'CRI')]
    """
    return list(_scan(line))


def _scan(line: str) -> Iterator[Name]:
    index, reached = _index(), 0
    for match in _KEY.finditer(line):
        start = match.start()
        if start < reached:
            continue
        for phrase, kind, value in index.get(match[0], ()):
            if line.startswith(phrase, start) and not line[start + len(phrase) : start + len(phrase) + 1].isalnum():
                reached = start + len(phrase)
                if kind != "none" and not _CURRENCY.match(line, reached):
                    yield Name(start, reached, kind, value)
                break


@cache
def _index() -> dict[str, tuple[tuple[str, str, str], ...]]:
    """First word to (phrase, kind, value), the longest phrase first."""
    index: dict[str, dict[str, tuple[str, str, str]]] = {}
    for phrase, kind, value in _phrases():
        for written in dict.fromkeys((phrase, phrase.upper())):
            key = _KEY.match(written)
            if key:
                index.setdefault(key[0], {}).setdefault(written, (written, kind, value))
    return {key: tuple(sorted(found.values(), key=lambda entry: -len(entry[0]))) for key, found in index.items()}


def _phrases() -> Iterator[tuple[str, str, str]]:
    for phrase in _NO_COUNTRY:
        yield phrase, "none", ""
    for row in read_countries():
        code = row["code"]
        for short in _split(row["government"]):
            yield short, "government", short.upper()
            if short.startswith("GO"):
                yield "Go" + short[2:], "government", short
        for name in (row["name"], *_split(row["aliases"])):
            yield name, "country", code
        for people in _split(row["demonyms"]):
            yield people, "people", code
            if not people.endswith(("s", "h", "ese")):
                yield people + "s", "people", code
    for row in read_actors():
        kind = (
            "agency"
            if len(row["actor"]) == 3 and row["actor"].isupper() and row["actor"] not in _SHORT
            else "organisation"
        )
        for name in (row["name"], *_split(row["aliases"])):
            yield name, kind, row["actor"]
    for row in read_countries():
        for city in _split(row["cities"]):
            yield city, "city", row["code"]


# Organisations whose usual name is three capitals, as an alpha-3 code is.
_SHORT = frozenset({"IOM", "IMF", "WCO", "IMO", "OAS", "SCO"})


def _split(cell: str) -> list[str]:
    return [part for part in cell.split(";") if part]
