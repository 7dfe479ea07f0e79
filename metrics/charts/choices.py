"""What can be chosen by name or code: one reading for addresses, packs, the endpoint and the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches

from metrics.errors import UserError
from metrics.reconcile.wording import say_name
from metrics.vocabulary.names import countries_by_name, regions

NEAR, ALIKE = 3, 0.7  # how many names near a mistyped one are told, and how like it they are at least


class UnknownChoiceError(UserError, ValueError):
    """Something is asked for that is not known; the message names what is near it, else what is known."""


def say_plainly(code: str) -> str:
    """A code whose words are joined by underscores, in words."""
    return code.replace("_", " ")


def name_choices(options: Iterable[str], say: Callable[[str], str]) -> dict[str, str]:
    """The options by their words and by their codes, in lower case.

    >>> name_choices(["KAZ"], {"KAZ": "Kazakhstan"}.__getitem__)
    {'kazakhstan': 'KAZ', 'kaz': 'KAZ'}
    """
    return {text.casefold(): option for option in options for text in (say(option), option)}


def pick_choices(
    name: str, texts: Iterable[str], options: Iterable[str], say: Callable[[str], str] = str
) -> tuple[str, ...]:
    """The options that texts name by word or code; raises UnknownChoiceError."""
    known = name_choices(options, say)
    return _pick(name, texts, known, say, f"known: {', '.join(dict.fromkeys(known.values()))}")


def pick_countries(texts: Iterable[str], named: Iterable[str] = (), listed: Sequence[str] = ()) -> tuple[str, ...]:
    """The codes of the countries that texts name by code or any name, and of those in the regions `named`.

    Countries of `listed` are told as known ones where a name is unknown. Raises UnknownChoiceError.

    >>> pick_countries(["mex", "Turkey"], ["central asia"])
    ('MEX', 'TUR', 'KAZ', 'KGZ', 'TJK', 'TKM', 'UZB')
    """
    told = f"known: {', '.join(listed)}" if listed else "known are names and ISO 3166-1 alpha-3 codes"
    single = _pick("country", texts, countries_by_name(), say_name, told)
    within = [code for region in pick_regions(named) for code in regions()[region]]
    return tuple(dict.fromkeys((*single, *within)))


def pick_regions(texts: Iterable[str]) -> tuple[str, ...]:
    """The names of the regions that texts name; raises UnknownChoiceError."""
    return pick_choices("region", texts, regions())


def check_years(since: int | None, until: int | None) -> None:
    """Raises UnknownChoiceError where the first year is after the last, so that nothing lies between them."""
    if since is not None and until is not None and since > until:
        raise UnknownChoiceError(f"the first year, {since}, is after the last, {until}; exchange them")


def _pick(
    name: str, texts: Iterable[str], known: Mapping[str, str], say: Callable[[str], str], otherwise: str
) -> tuple[str, ...]:
    asked = list(texts)
    for text in asked:
        if text.casefold() not in known:
            near = dict.fromkeys(known[one] for one in get_close_matches(text.casefold(), known, NEAR, ALIKE))
            told = [one if say(one) == one else f"{say(one)} ({one})" for one in near]
            words = f"near it: {', '.join(told)}" if told else otherwise
            raise UnknownChoiceError(f"unknown {name} {text!r}; {words}")
    return tuple(dict.fromkeys(known[text.casefold()] for text in asked))


def list_actors(values: Iterable[str]) -> tuple[str, ...]:
    """The parties of a column that lists them with commas, in the order of the alphabet."""
    return tuple(sorted({name.strip() for value in values for name in value.split(",")} - {""}))
