"""Sentences, list items and table rows of a stretch of masked text, as spans."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

Span = tuple[int, int]

ABBREVIATIONS = frozenset(
    """Mr Mrs Ms Dr St Sts Gen Lt Col Maj Capt Cmdr Sgt Brig Adm Amb Gov Sen Rep Pres Prof Hon Rev Jr Sr Min Dep
    Asst Dir Def vs viz etc cf al approx est incl Inc Ltd Co Corp Bros No Nos Art Arts Sec para paras Para Paras Vol
    pp Fig Ref Refs Ft Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Mt Ave Blvd Dept Mssrs Messrs Supt Insp Cpl
    Pvt Cdr Rt Msgr ca Mfg Nr Ext Tel sq avg max min Mtg Cong Secy Del Reps""".split()  # noqa: SIM905
)
# Of these a full stop may also be a sentence's last word; a capital letter after them starts a new one.
MAY_CLOSE = frozenset("etc Inc Ltd Co Corp Jr Sr al".split())  # noqa: SIM905
CUT = 4000  # characters of a sentence after which it ends at the next blank; of 3,225 real cables none has more
BLANK = re.compile(r"\s+")
LONGEST = 1 + max(map(len, ABBREVIATIONS))
# Possessive, and begun at the first of a run of stops only: a line of dots is read once. The stop comes first in the
# pattern, so that the search skips to one.
STOP = re.compile(r"[.!?](?:(?<![.!?].)[.!?]*+[\"')\]]*+(?=\s++(?P<next>\S)|$)|[\"')\]]++(?=(?P<glued>[A-Z(])))")
LAST_WORD = re.compile(r"(?:^|[\s(\"'/\[-])([A-Za-z][A-Za-z.]*)$")
INITIALS = re.compile(r"(?:[A-Za-z]\.)*[A-Za-z]")
LIST_MARK = r"""(?:
    (?:--?|[*•·]|o)[ \t]+(?=\S)                                            # -- or - or *
  | [(]?(?:[a-z]|[A-H]|[ivx]{1,4})[.)][ \t]*(?=[A-Z\"$\d(])             # a. or (b) or ii)
  | [(]?\d{1,2}[.)][ \t]+(?=[A-Z\"$(])                                  # 1. or (2)
)"""
ITEM = re.compile(rf"\n[ \t]*(?P<mark>{LIST_MARK})", re.VERBOSE)
DASH_ITEM = re.compile(r"[ ](?P<mark>--?)[ ](?=[A-Z0-9$\"])")
BRACKET_ITEM = re.compile(r"[ ](?P<mark>\((?:[a-z]|[ivx]{1,3}|\d)\)|[a-d1-9]\))[ ](?=[A-Za-z0-9$\"])")
AT_ITEM = re.compile(rf"{LIST_MARK}|\((?:[a-z]|[ivx]{{1,3}}|\d)\)[ ]", re.VERBOSE)
BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")
# Columns stand 3 to 24 blanks apart; a longer gap is a masked page line.
FIRST_GAP = re.compile(r"\S(?:[ ]{3,24}|[ ]*+[\t|][ ]*+)(?=\S)")
NEXT_GAP = re.compile(r"(?:[ ]{3}|[\t|][ ]*+)(?=\S)")
LABEL_AND_NUMBER = re.compile(r"\S(?:[ ]{3,24}|[ ]*+\t[ ]*+)[$]?\d[\d,.]*+%?[ \t]*+$")
# A table with columns one blank apart, "-" for none (05THEHAGUE3305): a label and two cells on three lines or more.
CELL = r"[ \t]+(?:\d[\d,.]*+%?|--?)"
TWO_CELLS = re.compile(rf"[\d-](?:(?<=\d){CELL}[ \t]*\n|(?<=-)[ \t]+\d[\d,.]*+[ \t]*\n)")
TIGHT_ROW = re.compile(rf"[ \t]*[A-Za-z][A-Za-z ,&/'-]*(?:\([A-Za-z ]+\)[ \t]*)*(?:{CELL}){{2,}}[ \t]*")
TIGHT_ROWS = 3
LONGEST_ROW = 200  # characters of such a line
WRAPPED = range(55, 80)  # length of a full line of wrapped text
LEADS = re.compile(r"(?::|\b(?:following|follows|below|include|included|were|are|-)[.:]?)[\s\"')-]*$", re.IGNORECASE)


def split_sentences(text: str, start: int, end: int) -> list[tuple[int, int, Span | None]]:
    """(start, end, lead_in) of each sentence of `text[start:end]`, white space at its ends left out.

    `lead_in` is the span of the sentence that introduces the list or table which an item stands in.
    """
    breaks = [match.end() for match in STOP.finditer(text, start, end) if _ends_here(text, start, match)]
    items = _find_items(text, start, end)
    rows = _find_rows(text, start, end)
    borders = {*breaks, *items, *_find_blank_lines(text, start, end), *rows, *rows.values(), end}
    spans = [part for span in _strip_spans(text, start, sorted(borders)) for part in _cut_span(text, *span)]
    if not items and not rows and not AT_ITEM.match(text, start):
        return [(first, last, None) for first, last in spans]
    return _lead_items(text, spans, rows)


def _strip_spans(text: str, start: int, borders: list[int]) -> list[Span]:
    spans = []
    for stop in borders:
        piece = text[start:stop]
        stripped = piece.lstrip()
        if stripped:
            spans.append((stop - len(stripped), start + len(piece.rstrip())))
        start = stop
    return spans


def _cut_span(text: str, start: int, end: int) -> Iterator[Span]:
    """The span in parts that stay readable: a text without full stops would take time that grows with its square."""
    while end - start > CUT and (blank := BLANK.search(text, start + CUT, end)):
        yield start, blank.start()
        start = blank.end()
    yield start, end


def _lead_items(text: str, spans: list[Span], rows: dict[int, int]) -> list[tuple[int, int, Span | None]]:
    """Each span with its lead-in: the sentence with a colon above, else the sentence just before the list."""
    led: list[tuple[int, int, Span | None]] = []
    lead: Span | None = None
    before: Span | None = None
    starts = list(rows)
    for first, last in spans:
        place = bisect_right(starts, first)
        is_row = place > 0 and first < rows[starts[place - 1]]
        is_item = is_row or AT_ITEM.match(text, first, last) is not None
        led.append((first, last, (lead or before) if is_item else None))
        if not is_item:
            before = (first, last)
        if LEADS.search(text, max(first, last - 40), last):
            lead = (first, last)
        elif not is_item and BLANK_LINE.search(text, max(0, first - 8), first):
            lead = None
    return led


def _find_items(text: str, start: int, end: int) -> list[int]:
    """Where list items start."""
    return [
        match.start("mark")
        for pattern in _item_patterns(text, start, end)
        for match in pattern.finditer(text, start, end)
        if _starts_item(text, start, match)
    ]


def _find_rows(text: str, start: int, end: int) -> dict[int, int]:
    """Start and end of each table row: a line whose columns stand three blanks, a tab or a bar apart, or one of many
    lines with a label and cells one blank apart.
    """
    wide = any(text.find(gap, start, end) >= 0 for gap in ("   ", "\t", "|"))
    tight = TWO_CELLS.search(text, start, end) is not None
    if not (wide or tight):
        return {}
    rows: dict[int, int] = {}
    run: dict[int, int] = {}
    line = text.find("\n", max(0, start - 1), end) + 1
    while line:
        following = text.find("\n", line, end) + 1
        stop = following - 1 if following else end
        if wide and _is_row(text, line, stop):
            rows[line] = stop
        if tight and stop - line < LONGEST_ROW and TIGHT_ROW.fullmatch(text, line, stop):
            run[line] = stop
        else:
            rows |= run if len(run) >= TIGHT_ROWS else {}
            run = {}
        line = following
    return dict(sorted((rows | run if len(run) >= TIGHT_ROWS else rows).items()))


def _is_row(text: str, start: int, end: int) -> bool:
    """Whether a line has three columns or more, or a label and a number."""
    first = FIRST_GAP.search(text, start, end)
    if first is None:
        return False
    return bool(NEXT_GAP.search(text, first.end() + 1, end) or LABEL_AND_NUMBER.search(text, first.start(), end))


def _find_blank_lines(text: str, start: int, end: int) -> list[int]:
    if text.find("\n\n", start, end) < 0 and text.find("\n ", start, end) < 0:
        return []
    return [match.end() for match in BLANK_LINE.finditer(text, start, end) if _parts_here(text, match)]


def _item_patterns(text: str, start: int, end: int) -> Iterator[re.Pattern[str]]:
    yield ITEM
    if text.find(" -", start, end) >= 0:
        yield DASH_ITEM
    if text.find(") ", start, end) >= 0:
        yield BRACKET_ITEM


def _ends_here(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether a stop ends a sentence: not after an abbreviation, inside a decimal, or before a small letter."""
    following = match["next"] or match["glued"]
    if following is None:
        return True
    stop = match.start()
    if following.islower():
        return False
    if text[stop] != "." or (stop - start > LONGEST and text[stop - LONGEST : stop].isalpha()):
        return True
    if text[stop - 1].isdigit():
        return not (following.isdigit() and "\n" in text[match.end() : match.start("next")])
    word = LAST_WORD.search(text, max(0, stop - 12), stop)
    return word is None or _word_ends(text, word[1], match)


def _word_ends(text: str, word: str, match: re.Match[str]) -> bool:
    """Whether a sentence ends at a word with a full stop: "the U.S. The", not "U.S. Embassy" or "J. Smith"."""
    if INITIALS.fullmatch(word):
        start = max(match.start("next"), match.start("glued"))
        return len(word) > 1 and text[start : start + 16].split(maxsplit=1)[0].strip("(\"'") in OPENERS
    return word not in ABBREVIATIONS or word in MAY_CLOSE


OPENERS = frozenset(
    """The This These Those There It Its He His She Her They Their We Our In On At For But And However If When While As
    After Before According Although Despite During Since Some Many Most Both Each An A Such What Other Another Comment
    COMMENT End END Summary Note NOTE""".split()  # noqa: SIM905
)


def _starts_item(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether a dash or letter opens a list item, not a wrapped line of running text ("tremendous -- and")."""
    before = text[max(start, match.start() - 30) : match.start()].rstrip(" \t")
    if text[match.start()] != "\n":
        return before[-1:] in tuple(".;:") or before.endswith((";and", "; and", ", and"))
    if not before.strip() or before[-1] in ".:;!?)\"'\n" or before.endswith(("; and", ", and", ";and", "; or")):
        return True
    if AT_ITEM.match(text[max(start, text.rfind("\n", start, match.start()) + 1) : match.start()].lstrip()):
        return True
    return match["mark"][0] in "-*•·" and not text[match.end()].islower()


def _parts_here(text: str, match: re.Match[str]) -> bool:
    """Whether a blank line ends a sentence, not stands in the middle of one (08SANJOSE774)."""
    before = text[match.start() - 1]
    after = text[match.end() : match.end() + 1]
    if before in ".!?:;\"')]":
        return True
    line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
    return not (after.islower() or after.isdigit() or before in ",-" or len(line) in WRAPPED)
