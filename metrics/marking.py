"""Portion marks and classification: their order, the banner over many rows, derived-from, declassify-on."""

from __future__ import annotations


def normalise_mark(mark: str | None) -> str | None:
    """The portion mark in its shortest form, None for none.

    >>> normalise_mark("( S//NF )")
    'S/NF'
    """
    if not mark:
        return None
    return mark.strip("() ").upper().replace("//", "/").replace(" ", "") or None
