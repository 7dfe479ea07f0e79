"""Country, party and unit as a figure records them, from the words that people and pages use for them."""

from __future__ import annotations

from functools import cache

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
    name can be given in full.

    >>> find_actors("Norway, DOE"), find_actors("world bank"), find_actors("Rotary Club"), find_actors("ZZZ")
    ('NOR, USA', 'World Bank', 'Rotary Club', None)
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
