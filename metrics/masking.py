"""A cable's text with page lines, markup and broken punctuation blanked or mended, at equal length.

Nothing is cut, so every offset into the masked text is an offset into the text as received.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator

Edit = tuple[int, int, str]

PLAIN = (
    ("\u2018", "'"),
    ("\u2019", "'"),
    ("\u02bc", "'"),
    ("\u201c", '"'),
    ("\u201d", '"'),
    ("\xa0", " "),
    ("\u200b", " "),
    ("\ufeff", " "),
    ("\xad", " "),
    ("\u2028", "\n"),
    ("\x85", "\n"),
    ("\xb6", " "),  # the pilcrow is the publisher's, put before any number at a line's start ("¶2006.")
)
TAG = re.compile(r"<(?:/?[A-Za-z][^<>]{0,600}|!--[^<>]{0,600}--)>")
BLOCK_TAG = re.compile(r"</?(?:br|p|div|pre|tr|table|h\d|li|ul|ol|hr|code|td|section|article)\b", re.IGNORECASE)
# What a page does not show: from each of these to the end of its kind.
UNSEEN = re.compile(r"<(script|style|head|noscript|form)\b|-----BEGIN (PGP)", re.IGNORECASE)
UNSEEN_ENDS = {
    name: re.compile(rf"</{name}\s*>", re.IGNORECASE) for name in ("script", "style", "head", "noscript", "form")
} | {"pgp": re.compile(r"-----END PGP[^\n-]*-----", re.IGNORECASE)}
FINGERPRINT = re.compile(  # and the lines of base64 after it, which has digits
    r"(?:Key fingerprint|This key's fingerprint is)(?:[^\n]*\n[ \t]*+(?=[A-Za-z0-9+/=]{16,}|\s))*", re.IGNORECASE
)
ENTITY = re.compile(r"&(?:#x?[0-9A-Fa-f]{1,6}|[A-Za-z]{2,8}\d?);")
MARKDOWN_LINK = re.compile(r"\[([^\[\]\n]{1,80})\]\(([^()\s]{0,200})\)")
HEADING_MARK = re.compile(r"(?<=\n)#{1,6}(?=[ ])")
SECTION_OF = (re.compile(r"OF[ \t]{1,3}\d{3}(?!\d)"), re.compile(r"of[ \t]{1,3}\d{3}(?!\d)"))
PAGE_NUMBER = re.compile(r"(?<!\d)0[\dO]{6,7}[ \t]+\d{3}(?:\.\d)?[ \t]+$")  # 00000623  002, 00000103  001.2
ORIGIN = re.compile(r"(?:OF \d\d|UNCLAS|A L|E T|CONFIDENTIAL|SECRET)[ ]+(?!SECTION)([A-Z]+(?: [A-Z]+){0,3})[ ]+0*\d+")
POST_LINE = re.compile(r"\n[ \t]*[A-Z][A-Za-z.']*(?:[ ][A-Z][A-Za-z.']*){0,3}[ \t]*$")
POST_WORD = re.compile(r"[ ](?:[A-Z]{3,}|[A-Z][a-z]{3,})[ \t]*$")
OLD_PAGE_LINE = re.compile(
    r"""
    (?:\b(?:CONFIDENTIAL|SECRET|UNCLASSIFIED|UNCLAS|LIMITED\ OFFICIAL\ USE)[ \t]*+(?:\n[ \t]*+)?)?
    PAGE[ ]\d\d[ \t]{1,9}[A-Z][A-Z ]{1,40}?[ \t]{1,9}\d{4,6}[ \t]{1,9}   # PAGE 02 STATE 023763 071504Z
    (?:\d\d\ OF\ \d\d[ \t]{1,9})?\d{6}Z
    (?:[ \t]*+(?:\n[ \t]*+)?(?:CONFIDENTIAL|SECRET|UNCLASSIFIED|UNCLAS)\b)?
    """,
    re.VERBOSE,
)
OFFICES = re.compile(  # INFO LOG-00 NP-00 ... /006W ----8A8E22 271459Z /38, printed again on each old section
    r"(?:ACTION\s+[A-Z]+-\d\d\s+)?INFO\s+LOG-\d\d(?:\s+[A-Z]{1,5}-\d\d)+"
    r"(?:\s+/\d+W)?(?:\s*-{6,}\s*[0-9A-F]{6}\s+\d{6}Z\s*/\d\d)?"
)
SECTION_LINE = re.compile(
    r"""
    \n[ \t]*(?:C\ O\ N\ F\ I\ D\ E\ N\ T\ I\ A\ L|S\ E\ C\ R\ E\ T|UNCLAS[A-Z ]*|CONFIDENTIAL|SECRET)[ ]
    (?:SECTION|FINAL\ SECTION)\ (?:0[2-9]|[1-9]\d)\ OF\ \d\d[ ][A-Z ]+[ ]\d{3,6}[^\n]*
    (?:\n[ \t]*(?:(?:NOFORN|SENSITIVE|SIPDIS|E\.?O\.?[ ]|TAGS|SUBJECT)[^\n]*)?(?=\n))*
    """,
    re.VERBOSE,
)
SIPDIS = re.compile(r"SIPDIS\b")
QUOTED = re.compile(r"&(?=[A-Za-z$])(?P<inside>[^&]{1,600}?[A-Za-z.,!?;'%)])8(?=[\s.,;:)\-?!]|$)")
CLOSING_BRACKET = re.compile(r" \)(?=[-\s])")
COMMA_APOSTROPHE = re.compile(r",(?=s[\s.,;:)])")
MARK_APOSTROPHE = re.compile(r"\?(?=[sS][\s.,;:)])")
DOUBLED_QUOTE = re.compile(r'""')
ESCAPE = re.compile(r"\\(?=[ ]*\n|[\"\\,])")
LONE_BLANK_LINE = re.compile(r"\n([ \t]*)\n")
WHITE = re.compile(r"\s+")
ENDS_SENTENCE = frozenset('.:!?")-')
NEW_PARAGRAPH = re.compile(r"\d{1,3}[.)]|\(?[A-Z/]+\)|-{3,}|#")


def mask_cable(text: str) -> str:
    """`text` with everything that is not its words blanked; equal length, line ends kept where they separate."""
    masked = _fold_characters(text)
    if "<" in masked or "&" in masked:
        masked = _apply(masked, _find_markup(masked))
    masked = _join_doubled_lines(masked)
    return _apply(masked, _find_damage(masked))


def mask_page(text: str) -> str:
    """A web page with scripts, tags, entities and signature keys blanked, equal length: what a reader sees of it."""
    page = _apply(_fold_characters(text), [*_find_unseen(text), *_blanks(FINGERPRINT)(text)])
    return _apply(page, _find_markup(page))


def find_page_lines(text: str) -> list[tuple[int, int]]:
    """Spans of the lines that page and section ends left in a cable's text, with the blanks around them."""
    return [(start, end) for needle, find in PAGE_FINDERS if needle in text for start, end, _ in find(text)]


def _find_unseen(text: str) -> Iterator[Edit]:
    """Scripts, styles, forms and keys of a page; one that is never closed is none, and not looked for twice."""
    done, unclosed = 0, set()
    for match in UNSEEN.finditer(text):
        name = (match[1] or match[2]).lower()
        if match.start() < done or name in unclosed:
            continue
        if last := UNSEEN_ENDS[name].search(text, match.end()):
            done = last.end()
            yield match.start(), done, " " * (done - match.start())
        else:
            unclosed.add(name)


def _fold_characters(text: str) -> str:
    """Typographic quotes, odd blanks and line ends as plain ones, one character for one."""
    if "\r" in text:
        text = text.replace("\r", " ") if "\n" in text else text.replace("\r", "\n")
    if not text.isascii():
        for odd, plain in PLAIN:
            text = text.replace(odd, plain)
    return text


def _apply(text: str, edits: Iterable[Edit]) -> str:
    """`text` with each span replaced by a string of its length; where two overlap the first stands."""
    pieces: list[str] = []
    done = 0
    for start, end, replacement in sorted(edits):
        if end > done:
            pieces += (text[done:start], replacement[max(0, done - start) :])
            done = end
    if not pieces:
        return text
    pieces.append(text[done:])
    return "".join(pieces)


def _find_markup(text: str) -> Iterator[Edit]:
    """Tags as blanks (a line end where the tag makes one), entities as their character and blanks."""
    for match in TAG.finditer(text):
        width = len(match.group())
        yield *match.span(), (" " * (width - 1) + "\n" if BLOCK_TAG.match(match.group()) else " " * width)
    for match in ENTITY.finditer(text):
        character = _fold_characters(html.unescape(match.group()))
        if len(character) == 1:
            width = len(match.group())
            yield *match.span(), character.rjust(width) if character == "\n" else character.ljust(width)


def _join_doubled_lines(text: str) -> str:
    """Single blank lines taken away where every line is followed by one (05BUENOSAIRES496)."""
    lone = len(LONE_BLANK_LINE.findall(text))
    if lone < 40 or lone * 2.5 < text.count("\n"):
        return text
    return LONE_BLANK_LINE.sub(r" \1\n", text)


def _find_damage(text: str) -> Iterator[Edit]:
    for needle, find in FINDERS:
        if needle in text:
            yield from find(text)


def _find_page_lines(text: str) -> Iterator[Edit]:
    """Lines that the page ends of a telegram leave, on a line of their own or inside a running one."""
    origin = ORIGIN.search(text)
    for pattern in SECTION_OF:
        for match in pattern.finditer(text):
            window = max(0, match.start() - 80)
            if number := PAGE_NUMBER.search(text[window : match.start()]):
                start = _start_of_post(text, window + number.start(), origin[1] if origin else "")
                yield _blank_between(text, start, match.end())


def _start_of_post(text: str, end: int, origin: str) -> int:
    """Where the post's name before a page number begins: the cable's own post, else one word or a line of names."""
    before = text[max(0, end - 60) : end]
    name = before.rstrip()
    if origin and name.upper().endswith(origin):
        return end - len(before) + len(name) - len(origin)
    found = POST_LINE.search(before) or POST_WORD.search(before)
    return end - len(before) + found.start() + 1 if found else end


def _find_old_page_lines(text: str) -> Iterator[Edit]:
    for match in OLD_PAGE_LINE.finditer(text):
        yield _blank_between(text, *match.span())


def _blank_between(text: str, start: int, end: int) -> Edit:
    """The span and the blank lines around it as blanks; a line end stays where a new paragraph follows."""
    before = text[max(0, start - 200) : start].rstrip()
    start = max(0, start - 200) + len(before)
    if blank := WHITE.match(text, end):
        end = blank.end()
    after = text[end : end + 20]
    runs_on = after[:1].islower() or (before[-1:] not in ENDS_SENTENCE and not NEW_PARAGRAPH.match(after))
    width = end - start
    return start, end, " " * width if runs_on else "\n" + " " * (width - 2) + "\n" * (width > 1)


def _find_section_lines(text: str) -> Iterator[Edit]:
    for match in SECTION_LINE.finditer(text):
        yield _blank_between(text, *match.span())


def _find_quotes(text: str) -> Iterator[Edit]:
    """Quotes that were printed as & and 8: "&procedures,8" holds no 8 (09ASTANA623 para 5)."""
    for match in QUOTED.finditer(text):
        if text[match.start() - 1 : match.start()].strip(" \n(-\"'") == "":
            yield match.start(), match.start() + 1, '"'
            yield match.end() - 1, match.end(), '"'


def _find_dashes(text: str) -> Iterator[Edit]:
    """Dashes that were printed as a closing bracket: "obtain )- a practice" (09ASTANA623 para 5)."""
    for match in CLOSING_BRACKET.finditer(text):
        window = text[max(0, match.start() - 60) : match.start()]
        if window.rfind("(") <= window.rfind(")"):
            yield match.start() + 1, match.end(), "-"


def _find_apostrophes(pattern: re.Pattern[str]) -> Callable[[str], Iterator[Edit]]:
    def find(text: str) -> Iterator[Edit]:
        for match in pattern.finditer(text):
            if text[match.start() - 1 : match.start()].isalpha():
                yield *match.span(), "'"

    return find


def _find_doubled_quotes(text: str) -> Iterator[Edit]:
    for match in DOUBLED_QUOTE.finditer(text):
        opens = text[match.start() - 1 : match.start()].strip(" \n(") == ""
        yield *match.span(), ' "' if opens else '" '


def _find_links(text: str) -> Iterator[Edit]:
    for match in MARKDOWN_LINK.finditer(text):
        yield *match.span(), f" {match[1]} ".ljust(len(match.group()))


def _blanks(pattern: re.Pattern[str]) -> Callable[[str], Iterator[Edit]]:
    def find(text: str) -> Iterator[Edit]:
        for match in pattern.finditer(text):
            yield *match.span(), " " * len(match.group())

    return find


Finder = tuple[str, Callable[[str], Iterator[Edit]]]  # what a text must hold to be searched, and the search
PAGE_FINDERS: tuple[Finder, ...] = (
    (" 00", _find_page_lines),
    ("PAGE ", _find_old_page_lines),
    ("SECTION 0", _find_section_lines),
)
FINDERS: tuple[Finder, ...] = (
    *PAGE_FINDERS,
    ("LOG-0", _blanks(OFFICES)),
    ("SIPDIS", _blanks(SIPDIS)),
    ("&", _find_quotes),
    (" )", _find_dashes),
    (",s", _find_apostrophes(COMMA_APOSTROPHE)),
    ("?", _find_apostrophes(MARK_APOSTROPHE)),
    ('""', _find_doubled_quotes),
    ("](", _find_links),
    ("\\", _blanks(ESCAPE)),
    ("\n#", _blanks(HEADING_MARK)),
)
