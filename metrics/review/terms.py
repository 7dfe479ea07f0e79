"""Country, party and unit as a figure records them, from the words that people and pages use for them."""

from __future__ import annotations

from functools import cache

from metrics.catalog import METRICS
from metrics.features import unit_dimension
from metrics.naming import DEFAULT_UNITS, KEPT_NOUNS, SAME_UNITS, UNITS_OF_CLASSES, UNITS_OF_METRICS
from metrics.reconcile.wording import pluralize
from metrics.vocabulary.measures import currency_signs, currency_words, unit_symbols, unit_words
from metrics.vocabulary.names import actor_names, countries_by_name

UNITS_COUNTED = tuple(
    sorted(
        {*UNITS_OF_CLASSES.values(), *DEFAULT_UNITS.values(), *SAME_UNITS.values()}.union(
            KEPT_NOUNS - SAME_UNITS.keys(), *(units.values() for units in UNITS_OF_METRICS.values())
        )
    )
)
# How the kinds of unit that a metric may take are said.
KINDS = {
    "money": "money as ISO 4217, such as USD",
    "percent": "percent",
    "mass": "a weight, such as kilogram",
    "volume": "a volume, such as litre",
    "length": "a length, such as kilometre",
    "measure": "another measure",
}
RARE_KINDS = ("length", "area", "time")  # a metric that takes any other measure takes these


def find_country(text: str) -> str | None:
    """Alpha-3 code of a country from its code or a name of its; None where it is no country's.

    >>> find_country("Mexico"), find_country("mex"), find_country("zzz")
    ('MEX', 'MEX', None)
    """
    return countries_by_name().get(text.casefold())


def find_actors(text: str) -> str | None:
    """Parties listed with commas: states and their agencies by alpha-3 code, organisations by name.

    An organisation that no list knows stays as written; None where a part can be no name: a word without a capital
    letter, or three capitals, which are the code of no country: more likely a code mistyped than an organisation, whose
    full name can be given, alone or with its capitals.

    >>> find_actors("Norway, DOE, WCO"), find_actors("world bank"), find_actors("Rotary Club")
    ('NOR, USA, WCO', 'World Bank', 'Rotary Club')
    >>> find_actors("ABC"), find_actors("ABC (Asian Border Council)")
    (None, 'ABC (Asian Border Council)')
    """
    found = [_find_actor(part.strip()) for part in text.split(",")]
    return None if None in found else ", ".join(dict.fromkeys(map(str, found)))


def _find_actor(text: str) -> str | None:
    known = find_country(text) or _actors().get(text.casefold())
    is_name = text != text.lower() and not (len(text) == 3 and text.isupper())
    return known or (text if is_name else None)


def find_unit(text: str) -> str | None:
    """A unit as a reading records it, from its code, sign or words; None for a word that is no unit.

    >>> find_unit("sites"), find_unit("people"), find_unit("US dollars"), find_unit("tons"), find_unit("sitess")
    ('site', 'person', 'USD', 'tonne', None)
    """
    return _units().get(text) or _units().get(text.casefold())


def takes_unit(metric: str, unit: str) -> bool:
    """Whether the catalogue has the metric measured in units of this kind, or counted in this one.

    >>> takes_unit("funding", "EUR"), takes_unit("funding", "kilogram"), takes_unit("arrests", "case")
    (True, False, False)
    """
    kind, kinds, counted = unit_dimension(unit), _kinds(metric), _counted(metric)
    if kind == "count":
        return "count" in kinds and (unit in counted or not counted)
    return kind in kinds or (kind in RARE_KINDS and "measure" in kinds)


def say_units(metric: str) -> str:
    """The units that a metric takes.

    >>> say_units("funding"), say_units("arrests")
    ('money as ISO 4217, such as USD; percent', 'percent; person')
    """
    kinds, counted = _kinds(metric), _counted(metric)
    words = {**KINDS, "count": ", ".join(counted) or f"things counted, such as {DEFAULT_UNITS.get(metric)}"}
    return "; ".join(said for kind, said in words.items() if kind in kinds)


def _kinds(metric: str) -> set[str]:
    """Kinds of unit in which the metric is measured by its entry, and "count" where what it counts has a unit."""
    entry = METRICS[metric]
    usual = DEFAULT_UNITS.get(metric, entry.unit)
    return {unit_dimension(usual), unit_dimension(entry.unit), *entry.counts, *entry.may_count}


def _counted(metric: str) -> tuple[str, ...]:
    """The only units of things that the metric counts, none where it counts any."""
    fixed = UNITS_OF_METRICS.get(metric, {})
    return tuple(sorted(set(fixed.values()))) if "other" in fixed else ()


@cache
def _actors() -> dict[str, str]:
    return {name.casefold(): actor for actor, names in actor_names().items() for name in (actor, *names)}


@cache
def _units() -> dict[str, str]:
    """Signs and codes as they are written, words in lower case, each to its unit; what is counted before a measure."""
    measures = (currency_signs(), currency_words(), unit_symbols(), unit_words())
    found = {word: unit.name for table in measures for word, unit in table.items()}
    recorded = {unit: unit for unit in (*found.values(), *UNITS_COUNTED)} | SAME_UNITS
    return found | {form: unit for word, unit in recorded.items() for form in (word, pluralize(word))}
