"""Sentences, list items and table rows of a stretch of masked text, as spans."""

from __future__ import annotations

import re

Span = tuple[int, int]

ABBREVIATIONS = frozenset(
    """Mr Mrs Ms Dr St Sts Gen Lt Col Maj Capt Cmdr Sgt Brig Adm Amb Gov Sen Rep Pres Prof Hon Rev Jr Sr Min Dep
    Asst Dir Def vs viz etc cf al approx est incl Inc Ltd Co Corp Bros No Nos Art Arts Sec para paras Para Paras Vol
    pp Fig Ref Refs Ft Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Mt Ave Blvd Dept Mssrs Messrs Supt Insp Cpl
    Pvt Cdr Rt Msgr ca Mfg Nr Ext Tel sq avg max min Mtg Cong Secy Del Reps""".split()
)
# Of these a full stop may also be a sentence's last word; a capital letter after them starts a new one.
MAY_CLOSE = frozenset("etc Inc Ltd Co Corp Jr Sr al".split())
STOP = re.compile(r"[.!?]+[\"')\]]*(?=\s|$)|[.!?][\"')\]]+(?=[A-Z(])|[.][ ]?(?=\(COMMENT|\(Comment)")
LAST_WORD = re.compile(r"(?:^|[\s(\"'/\[-])([A-Za-z][A-Za-z.]*)$")
INITIALS = re.compile(r"(?:[A-Za-z]\.)*[A-Za-z]")
LIST_MARK = r"(?:--?|[*•·]|o)[ \t]+(?=\S)|[(]?¶?(?:[a-z]|[A-H]|[ivx]{1,4})[.)][ \t]*(?=[A-Z\"$\d(])|[(]?¶?\d{1,2}[.)][ \t]+(?=[A-Z\"$(])"
ITEM = re.compile(rf"(?P<gap>\n[ \t]*|(?<=[.;:!?)])[ ]{{1,3}})(?P<mark>{LIST_MARK})")
AT_ITEM = re.compile(LIST_MARK)
BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")
ROW = re.compile(r"(?<=\n)[^\n]*\S(?:[ ]{3,}|[ ]*[\t|][ ]*)\S[^\n]*(?:(?=\n)|$)")
LEADS = re.compile(r"(?::|\b(?:following|follows|below|include|included|were|are|-)[.:]?)[\s\"')-]*$", re.IGNORECASE)


def split_sentences(text: str, start: int, end: int) -> list[tuple[int, int, Span | None]]:
    """(start, end, lead_in) of each sentence of `text[start:end]`, white space at its ends left out.

    `lead_in` is the span of the sentence that introduces the list or table which an item stands in.
    """
    breaks = _find_breaks(text, start, end)
    sentences: list[tuple[int, int, Span | None]] = []
    lead: Span | None = None
    previous = start
    for stop, is_row in [*breaks, (end, False)]:
        piece = text[previous:stop]
        stripped = piece.strip()
        if stripped:
            first = previous + piece.index(stripped[0])
            last = first + len(stripped)
            is_item = is_row or AT_ITEM.match(stripped) is not None
            sentences.append((first, last, lead if is_item else None))
            if not is_item or stripped.endswith(":"):
                lead = (first, last) if LEADS.search(stripped) else _keep(lead, text, first)
        previous = stop
    return _lead_unmarked(text, sentences)


def _keep(lead: Span | None, text: str, first: int) -> Span | None:
    """The lead-in stays in force for a second sentence of an item, not over a blank line."""
    return None if lead is None or BLANK_LINE.search(text, max(lead[1], first - 8), first) else lead


def _lead_unmarked(text: str, sentences: list[tuple[int, int, Span | None]]) -> list[tuple[int, int, Span | None]]:
    """Items with no colon before them take the sentence just before the list as their lead-in."""
    led = []
    before: Span | None = None
    for first, last, lead in sentences:
        is_item = AT_ITEM.match(text, first, last) is not None
        if is_item and lead is None and before is not None:
            lead = before
        if not is_item:
            before = (first, last)
        led.append((first, last, lead))
    return led


def _find_breaks(text: str, start: int, end: int) -> list[tuple[int, bool]]:
    """Where one sentence ends and the next begins, with whether what ends there is a table row."""
    breaks = {match.end(): False for match in STOP.finditer(text, start, end) if _ends_here(text, start, end, match)}
    for match in ITEM.finditer(text, start, end):
        if _starts_item(text, start, match):
            breaks[match.end("gap")] = False
    if text.find("\n\n", start, end) >= 0 or text.find("\n \n", start, end) >= 0:
        for match in BLANK_LINE.finditer(text, start, end):
            if _parts_here(text, match):
                breaks.setdefault(match.end(), False)
    if text.find("   ", start, end) >= 0 or text.find("|", start, end) >= 0:
        for match in ROW.finditer(text, start, end):
            breaks.setdefault(match.start(), False)
            breaks[match.end()] = True
    return sorted(breaks.items())


def _ends_here(text: str, start: int, end: int, match: re.Match[str]) -> bool:
    """Whether a stop ends a sentence: not after an abbreviation, inside a decimal, or before a small letter."""
    rest = text[match.end() : min(end, match.end() + 60)].lstrip()
    if not rest:
        return True
    if rest[0].islower():
        return False
    stop = match.start()
    if text[stop] != ".":
        return True
    if text[stop - 1].isdigit():
        return not (rest[0].isdigit() and text[match.end() : match.end() + 3].lstrip(" ").startswith("\n"))
    word = LAST_WORD.search(text, max(start, stop - 12), stop)
    if word is None:
        return True
    if INITIALS.fullmatch(word[1]):
        return _closes_initials(word[1], rest)
    return word[1] not in ABBREVIATIONS or (word[1] in MAY_CLOSE and rest[0].isupper())


def _closes_initials(word: str, rest: str) -> bool:
    """Whether a full stop after initials also ends the sentence: "in the U.S. The", not "U.S. Embassy", "J. Smith"."""
    return len(word) > 1 and rest.split(maxsplit=1)[0].strip("(\"'") in OPENERS


OPENERS = frozenset(
    """The This These Those There It Its He His She Her They Their We Our In On At For But And However If When While As
    After Before According Although Despite During Since Some Many Most Both Each An A Such What Other Another Comment
    COMMENT End END Summary Note NOTE""".split()
)


def _starts_item(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether a dash or letter opens a list item, not a wrapped line of running text ("tremendous -- and")."""
    before = text[max(start, match.start() - 30) : match.start()].rstrip(" \t")
    if not before.strip():
        return True
    if before[-1] in ".:;!?)\"'\n" or before.endswith(("; and", ", and", ";and", "; or")):
        return True
    return match["mark"][0] in "-*•·" and not text[match.end()].islower() and "\n" in match["gap"]


def _parts_here(text: str, match: re.Match[str]) -> bool:
    """Whether a blank line ends a sentence, not stands in the middle of one (08SANJOSE774)."""
    before = text[match.start() - 1]
    after = text[match.end() : match.end() + 1]
    return before in ".!?:;\"')]" or not (after.islower() or after.isdigit() or before in ",-")
