"""Word classes of the quantity finder, read from the list beside this file."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

WORDS = Path(__file__).parent / "grammar.txt"


@cache
def word_classes() -> dict[str, frozenset[str]]:
    """All classes by name."""
    classes: dict[str, frozenset[str]] = {}
    for line in WORDS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, _, words = line.partition(":")
            classes[name] = frozenset(word.strip() for word in words.split(","))
    return classes


def word_class(name: str) -> frozenset[str]:
    """The words and phrases of one class."""
    return word_classes()[name]


def one_of(name: str) -> str:
    """A pattern for any word or phrase of a class, longest first, spaces standing for any white space."""
    words = sorted(word_class(name), key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in words)
