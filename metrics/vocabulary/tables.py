"""The tables of `claims.toml`, as sets and dictionaries."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

CLAIMS = Path(__file__).parent / "claims.toml"


@cache
def _read() -> dict[str, Any]:
    return tomllib.loads(CLAIMS.read_text(encoding="utf-8"))


def word_list(section: str, name: str) -> tuple[str, ...]:
    """The words of a list, in order."""
    return tuple(_read()[section][name].split())


def word_set(section: str, name: str) -> frozenset[str]:
    """The words of a list."""
    return frozenset(word_list(section, name))


def word_table(section: str) -> dict[str, str]:
    """A table of words, such as the unit of each class."""
    return dict(_read()[section])


def word_sets(section: str) -> dict[str, frozenset[str]]:
    """A table of word lists as sets."""
    return {name: frozenset(words.split()) for name, words in _read()[section].items()}


def word_tables(section: str) -> dict[str, dict[str, str]]:
    """A table of tables of words."""
    return {name: dict(table) for name, table in _read()[section].items()}
