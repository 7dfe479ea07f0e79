"""Sentences, list items and table rows of a stretch of text, as spans."""

from __future__ import annotations

import re

Span = tuple[int, int]

ABBREVIATION = re.compile(
    r"""(?:^|[\s("'/-])(?:
        [A-Za-z] | (?:[A-Za-z]\.)+[A-Za-z]                     # initials, U.S, a.m
      | Mr | Mrs | Ms | Dr | St | Gen | Lt | Col | Maj | Capt | Cmdr | Sgt | Brig | Adm | Amb | Gov | Sen | Rep | Pres
      | Prof | Hon | Rev | Jr | Sr | Min | Dep | Asst | Dir | Def | FM | vs | viz | etc | cf | al | approx | est | incl
      | Inc | Ltd | Co | Corp | Bros | No | Nos | no | nos | Art | Sec | para | paras | Para | Vol | pp | Fig | Ref | Ft
      | Jan | Feb | Mar | Apr | Jun | Jul | Aug | Sep | Sept | Oct | Nov | Dec | Mt | Ave | Blvd | Dept
      )$""",
    re.VERBOSE,
)
END = re.compile(
    r"[.!?][.!?]*[\"')\]]*(?=\s|$)|[.!?][\"')\]]+(?=[A-Z(])|;[ \t]*(?=\n[ \t]*(?:--?|[a-z0-9]{1,2}[.)])[ \t])"
)
ITEM = re.compile(r"\n[ \t]*(?=(?:--?|[*•o])[ \t]+\S|¶?\(?[A-Za-z]{1,2}[.)][ \t]+\S|\(?\d{1,2}[.)][ \t]+\S)")
BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")


def _ends_here(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether the stop found is the end of a sentence, not of an abbreviation or a decimal."""
    stop = match.start()
    rest = text[match.end() : match.end() + 40].lstrip()
    if not rest:
        return True
    if text[stop] != ".":
        return not rest[0].islower()
    if rest[0].islower():
        return False
    if text[stop - 1].isdigit() and rest[0].isdigit():
        return False  # a decimal broken at the line end
    return not ABBREVIATION.search(text[max(start, stop - 12) : stop])


def _breaks(text: str, start: int, end: int) -> list[int]:
    breaks = [match.end() for match in END.finditer(text, start, end) if _ends_here(text, start, match)]
    breaks += [match.end() for match in ITEM.finditer(text, start, end)]
    for match in BLANK_LINE.finditer(text, start, end):
        before = text[start : match.start()].rstrip()[-1:]
        after = text[match.end() : match.end() + 1]
        if before in ".!?:;\"')" or not (after.islower() or after.isdigit()):
            breaks.append(match.end())
    return sorted(set(breaks))


def split_sentences(text: str, start: int, end: int) -> list[tuple[int, int, Span | None]]:
    """(start, end, lead_in) of each sentence of `text[start:end]`, white space at its ends left out.

    `lead_in` is the span of the sentence that ends in a colon before list items.
    """
    sentences: list[tuple[int, int, Span | None]] = []
    lead: Span | None = None
    previous = start
    for stop in [*_breaks(text, start, end), end]:
        piece = text[previous:stop]
        first, last = previous + len(piece) - len(piece.lstrip()), previous + len(piece.rstrip())
        is_item = ITEM.match("\n" + piece.lstrip()) is not None
        previous = stop
        if first >= last:
            continue
        sentences.append((first, last, lead if is_item else None))
        if text[last - 1] == ":":
            lead = (first, last)
        elif not is_item:
            lead = None
    return sentences
