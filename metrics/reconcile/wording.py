"""Countries, parties and units as sentences name them."""

from __future__ import annotations

import math
from functools import cache

from metrics.vocabulary.names import read_countries

_WITH_ARTICLE = ("United", "Netherlands", "Philippines", "Bahamas", "World Bank")
_PLURALS = {"person": "people", "percent": "percent", "aircraft": "aircraft", "box": "boxes", "inch": "inches"}


@cache
def _country_names() -> dict[str, str]:
    return {row["code"]: row["name"] for row in read_countries()}


def say_name(code: str | None) -> str:
    """A country or actor in words; several joined by commas; "not named" for none.

    >>> say_name("KAZ"), say_name("World Bank")
    ('Kazakhstan', 'World Bank')
    """
    if not code:
        return "not named"
    return ", ".join(_country_names().get(part.strip(), part.strip()) for part in code.split(","))


def name_in_sentence(code: str) -> str:
    """A country or actor with the article its name takes within a sentence.

    >>> name_in_sentence("USA"), name_in_sentence("KAZ")
    ('the United States', 'Kazakhstan')
    """
    name = say_name(code)
    return f"the {name}" if name.startswith(_WITH_ARTICLE) or name.endswith("Republic") else name


def pluralize(unit: str) -> str:
    """The plural of a unit that is counted.

    >>> pluralize("person"), pluralize("agency"), pluralize("day"), pluralize("transaction")
    ('people', 'agencies', 'days', 'transactions')
    """
    if unit in _PLURALS:
        return _PLURALS[unit]
    return f"{unit[:-1]}ies" if unit.endswith("y") and unit[-2:-1] not in "aeiou" else f"{unit}s"


def say_count(count: int, thing: str) -> str:
    """How many of a thing there are: its name is plural unless there is one.

    >>> say_count(1, "figure"), say_count(1200, "more figure")
    ('1 figure', '1,200 more figures')
    """
    return f"{count:,} {thing if count == 1 else pluralize(thing)}"


def round_share(share: float) -> float:
    """A share in percent to one decimal place, halves upwards as readers round them.

    >>> round_share(6.25), round_share(13.2075)
    (6.3, 13.2)
    """
    return math.floor(share * 10 + 0.5 + 1e-9) / 10
