"""The body of a cable as marked paragraphs and sentences, with section headings and roles."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, pairwise
from operator import itemgetter

from metrics.marking import PORTION_MARK, combine_marks, normalise_mark
from metrics.sentences import split_sentences

Role = tuple[int, int, str]  # a span of the body, and "summary" or "comment"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, list item or table row as a half-open span of `Cable.text`.

    `lead_in` is the span of the sentence that introduces the list or table this one stands in
    ("The team seized:" before dashed items), or None. `role` is "summary", "comment" or "body"; it differs
    from the paragraph's where that changes inside ("(COMMENT: ... END COMMENT.)").
    """

    start: int
    end: int
    lead_in: tuple[int, int] | None = None
    role: str = "body"


@dataclass(frozen=True)
class Paragraph:
    """One paragraph: half-open span without its number and portion mark.

    `number` is None where the cable prints none; `marking` is the normalised portion mark
    ("C", "SBU", "S/NF") or None; `heading` is the section heading above it ("" if none). A numbered
    paragraph that a heading cuts gives two of these with one number and mark. Sentences and role are found
    when first asked for: most paragraphs state no number.
    """

    start: int
    end: int
    number: int | None
    marking: str | None
    heading: str
    text: str = field(repr=False)
    roles: Sequence[Role] = field(repr=False)

    @cached_property
    def role(self) -> str:
        """ "summary", "comment" or "body", whichever most of the text has."""
        return _role_of(self.sentences) if _any_role(self.roles, self.start, self.end) else "body"

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences, list items and table rows in order."""
        return _build_sentences(self.text, self.start, self.end, self.roles)


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a paragraph or a heading starts: `start` to `body` is its number and mark, or the heading's lines."""

    start: int
    body: int
    number: int | None = None
    mark: str | None = None
    heading: str | None = None


NUMBER = re.compile(
    rf"\n[ \t>*(]*(?P<number>\d{{1,3}})(?P<dot>[ ]?[.)]?)[ \t]*(?P<mark>{PORTION_MARK})?(?:[ \t]*{PORTION_MARK})?"
)
FIRST_NUMBER = re.compile(rf"\s*(?P<number>\d{{1,3}})(?P<dot>[ ]?[.)]?)[ \t]*(?P<mark>{PORTION_MARK})?")
INLINE_NUMBER = re.compile(
    r"(?:(?<=[.!?)\"'-])[ ]+|(?<=[A-Z])[ ]{2,})(?P<number>\d{1,2})(?P<dot>[.])[ ]{0,3}"
    rf"(?P<mark>{PORTION_MARK})[ ]*"
)
BEFORE_MARK = re.compile(r"\.(?:(?<=[.!?)\"' -][ ]\d\.)|(?<=[.!?)\"' -][ ]\d\d\.))[ ]{0,3}(?=[(\[{])")
ITEM_MARK = re.compile(rf"(?<!\w)(?:--|[-*•])[ ]*(?P<mark>{PORTION_MARK})")
LEADING_MARK = re.compile(rf"[ \t\n]*+(?P<mark>{PORTION_MARK})[ \t]*")
BLOCK = re.compile(r"\S[^\n]*(?:\n[ \t]*\S[^\n]*)*")
UNFINISHED = re.compile(
    r"(?:[a-z,]|\b(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]*\.?"
    r"|\b(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|No|Nos|Art|[Pp]aras?|Refs?|UNSCR)\.?)$"
)
RULE = re.compile(r"----[-=_*. \t]*|---(?=[ \t]*\n)")
OTHER_RULE = re.compile(r"(?:={4,}|_{4,}|\*{4,}|(?:- ){4,})[-=_*. \t]*")
RULES = ("----", "====", "____", "****")
BLANK_LINE = re.compile(r"\n[ \t]*\n")
HASH_HEADING = re.compile(r"\n[ \t]*#{2,6}[ ]+(?P<heading>[^\n]+)")
SENTENCE_END = re.compile(r"[.!?][\"')]*[ \t]+(?=[A-Z\"'(\d])")
SIGNATURE = re.compile(r"(?P<name>[A-Z][A-Za-z]{0,2}[A-Z'. -]*[A-Z]{2,}(?:,? JR\.?)?)[\d#\" =%*.]*$")
INLINE_SIGNATURE = re.compile(
    r"[.!?)\]\"'\d*/-]\s+(?P<name>(?:(?:VAN|DE|LE|VON|Van|De|Le) )?"
    r"(?:[A-Z][A-Z'-]{3,}|[A-Z][a-z]{3,}(?:-[A-Z][a-z]+)?))[.\d\s#\"]*$"
)
TAIL = re.compile(
    r"""
    \n[ \t]*+(?:
        NNNN | VZCZC[A-Z]{3}\d | [=*-]{4,}[ ]?CABLE\ ENDS | \#\d{4}[ \t]*(?=\n|$)
      | (?:Wikileaks|Advertisements?)[ \t]*(?=\n|$) | Share\ this:? | Leave\ a\ (?:Reply|Comment)\b | Post\ a\ comment
      | \d+[ \t]+\d\d?/\d\d?/\d{4}[ \t]+\d+[ \t]+[A-Z]{4},                               # 0 07/20/2009 4953 PREL,PGOV
      | "?[ \t]*+\n?"?\d{4,6},"?\d\d?/\d\d?/\d{4}                                          # a row of the export
      | \*{4,}
    )""",
    re.VERBOSE,
)
REPEATED_HEADER = re.compile(
    r"\n[ \t]*(?:C O N F I D E N T I A L|S E C R E T|UNCLAS)[ ][^\n]*(?=\n(?:[^\n]*\n){0,12}?[^\n]*E\.?O\.?[ ]?1\d{4})"
    r"|\n[ \t]*(?:C O N F I D E N T I A L|S E C R E T|UNCLAS)[ ][^\n]*E\.?O\.?[ ]?1\d{4}"
)
NO_HEADING = re.compile(r"^(?:[a-z*|-]|[(][a-z][)]|\d+[^A-Z]*[a-z])|[.,;:]$|[ ]{3}")
HEADING_WORDS = re.compile(r"SUMMARY|COMMENT|BACKGROUND|INTRODUCTION|CONCLUSION|END TEXT|NOTE|ACTION|SCENESETTER")
OPENING = 40  # characters without blanks by which a paragraph that comes again is known
ROLES = ("summary", "comment")
ROLE_STEMS = tuple(re.compile(stem) for stem in ("ummary", "UMMARY", "omment", "OMMENT"))
ROLE_WORD = re.compile(r"\b(?:(?P<end>end)\s+(?:of\s+)?|begin\s+)?(?P<role>summary|comment)s?\b", re.IGNORECASE)
OPENED = re.compile(
    r"(?:\s+(?:and|/|&)\s+[A-Za-z ]{3,24}?|\s+cont(?:inued|\.)?|/[A-Za-z ]+)?[ ]?(?:[:.)]|\s*-|\s*\()", re.IGNORECASE
)
BEFORE_ROLE = re.compile(r"(?:^|[.!?)\"'(\[*:-])\s*$")


def find_paragraphs(clean: str, start: int) -> tuple[Paragraph, ...]:
    """The paragraphs of the masked text from `start`, where its header stops, to its signature line."""
    numbers, start, limit = _drop_copies(clean, list(_find_numbers(clean, start)), start)
    end = _find_end(clean, numbers[-1].body if numbers else start, limit)
    cuts = _find_cuts(clean, start, end, numbers)
    roles = _find_roles(clean, start, end, cuts)
    return tuple(_build_paragraphs(clean, cuts, end, roles))


def _find_numbers(clean: str, start: int) -> Iterator[Cut]:
    """Paragraph starts in order; list items, dates and years at a line's start are none ("¶2006.")."""
    at_start = FIRST_NUMBER.match(clean, start)
    found = [*NUMBER.finditer(clean, start), *_find_inline(clean, start), *([at_start] if at_start else [])]
    candidates = sorted(
        {match.start("number"): match for match in found}.values(), key=lambda match: match.start("number")
    )
    candidates = [match for match in candidates if match["mark"] or _may_number(clean, match, start)]
    values = [int(match["number"]) for match in candidates]
    strong = [value if match["mark"] else 0 for value, match in zip(values, candidates, strict=True)]
    ceilings = _next_strong(strong)
    runs = Runs(values, any(strong))
    expected = 1
    for index, (number, match) in enumerate(zip(values, candidates, strict=True)):
        if strong[index]:
            fits = number >= expected or number == 1 or strong[index + 1 : index + 2] == [number + 1]
        else:
            fits = _fits(number, expected, ceilings[index]) and not runs.is_list(index, expected)
        if fits and number <= expected + 40:
            yield Cut(match.start(), match.end(), number, match["mark"])
            expected = number + 1


def _next_strong(strong: Sequence[int]) -> list[int | None]:
    """For each candidate the next number behind it that bears a portion mark."""
    found: list[int | None] = []
    following = None
    for value in reversed(strong):
        found.append(following)
        following = value or following
    return found[::-1]


def _find_inline(clean: str, start: int) -> Iterator[re.Match[str]]:
    """Numbers with a mark inside a running line ("... is due. 2. (C) Guards ...")."""
    for place in BEFORE_MARK.finditer(clean, start):
        found = INLINE_NUMBER.search(clean, max(start, place.start() - 8), min(len(clean), place.end() + 200))
        if found and found.start("dot") == place.start():
            yield found


def _may_number(clean: str, match: re.Match[str], start: int) -> bool:
    """Whether a number without a portion mark can start a paragraph: a stop after it, a finished sentence before."""
    if not match["dot"].strip() or clean[match.start("number") - 1] == "(":
        return False
    after = clean[match.end() : match.end() + 2]
    if after[:1].isdigit() or after[:1] in "%":
        return False
    before = clean[max(start, match.start() - 90) : match.start()]
    if not UNFINISHED.search(before.rstrip()):
        return True
    line = before.rstrip().rpartition("\n")[2]
    return len(line) < 70 and (before.count("\n", len(before.rstrip())) > 0 or line.isupper())


def _fits(number: int, expected: int, ceiling: int | None) -> bool:
    return expected <= number <= expected + 2 and (ceiling is None or number < ceiling or ceiling == 1)


class Runs:
    """The runs of consecutive numbers among candidates; `marked` says whether any paragraph bears a portion mark."""

    def __init__(self, values: Sequence[int], marked: bool) -> None:
        self.values, self.marked = values, marked
        self.last_at = {value: index for index, value in enumerate(values)}
        self.begins: list[int] = []
        for index, value in enumerate(values):
            goes_on = index > 0 and values[index - 1] == value - 1
            self.begins.append(self.begins[-1] if goes_on else index)

    def is_list(self, index: int, expected: int) -> bool:
        """Whether a run of numbers that starts again at 1 is a list, because the paragraph that is due comes later.

        Where paragraphs bear portion marks, any such run without them is one.
        """
        back = self.begins[index]
        if expected == 1 or back in (0, index) or self.values[back] != 1:
            return False
        return self.marked or self.last_at.get(expected, -1) > index


def _drop_copies(clean: str, numbers: list[Cut], start: int) -> tuple[list[Cut], int, int]:
    """The numbers of the longer copy where the text starts over, and where that copy starts and must end.

    Some copies print the body twice, or a stub of it first; a second cable that is quoted stays: its text differs.
    """
    seen: set[tuple[int | None, str]] = set()
    for index, cut in enumerate(numbers):
        opening = "".join(clean[cut.body : cut.body + 400].split(maxsplit=OPENING)[:OPENING])[:OPENING]
        if len(opening) == OPENING and (cut.number, opening) in seen:
            if len(numbers) > 2 * index:
                return numbers[index:], cut.start, len(clean)
            return numbers[:index], start, cut.start
        seen.add((cut.number, opening))
    return numbers, start, len(clean)


def _find_end(clean: str, last: int, limit: int) -> int:
    """Where the body ends: before the signature, a web page's footer, an export line or a repeated header."""
    tail = TAIL.search(clean, last, limit)
    end = tail.start() if tail else limit
    if repeated := REPEATED_HEADER.search(clean, last, end):
        end = repeated.start()
    body = clean[last:end].rstrip(' \t\n"\\')
    line_start = body.rfind("\n") + 1
    line = body[line_start:].strip()
    if line_start and len(line) <= 40 and SIGNATURE.fullmatch(line) and not HEADING_WORDS.search(line):
        return last + line_start
    found = INLINE_SIGNATURE.search(body, max(0, len(body) - 60))
    if found and not HEADING_WORDS.search(found["name"].upper()) and not body[:-60].isupper():
        return last + found.start("name")
    return last + len(body)


def _find_cuts(clean: str, start: int, end: int, numbers: Sequence[Cut]) -> list[Cut]:
    """Paragraph starts and headings of the body in order, a heading's text set in its cut."""
    headings = [*_find_ruled(clean, start, end, numbers), *_find_hashed(clean, start, end)]
    taken = Headings(headings)
    for floor, cut in zip([start, *(cut.body for cut in numbers)], numbers, strict=False):
        last = taken.reach(cut.start)
        if last < floor or clean[last : cut.start].strip():
            headings += _find_plain(clean, floor, cut.start)
    marked = [cut.start for cut in numbers]
    cuts = [Cut(start, start)] if not numbers or clean[start : numbers[0].start].strip() else []
    kept: list[Cut] = []
    for cut in sorted([*cuts, *numbers, *headings], key=lambda cut: (cut.start, cut.body)):
        place = bisect_right(marked, cut.start)
        if cut.heading is not None and place < len(marked) and marked[place] < cut.body - 1:
            continue
        kept.append(cut)
    return kept


class Headings:
    """The headings among some cuts, by where they stand."""

    def __init__(self, cuts: Sequence[Cut]) -> None:
        headings = sorted((cut for cut in cuts if cut.heading is not None), key=lambda cut: cut.start)
        self.starts = [cut.start for cut in headings]
        self.reaches = list(accumulate((cut.body for cut in headings), max))

    def reach(self, at: int) -> int:
        """Where the headings that start at or before `at` have ended; -1 if there is none."""
        place = bisect_right(self.starts, at)
        return self.reaches[place - 1] if place else -1

    def holds(self, at: int) -> bool:
        """Whether `at` stands in a heading."""
        return self.reach(at) > at

    def next_start(self, at: int, end: int) -> int:
        """Where the next heading behind `at` starts; `end` if there is none."""
        place = bisect_right(self.starts, at)
        return self.starts[place] if place < len(self.starts) else end


def _find_ruled(clean: str, start: int, end: int, numbers: Sequence[Cut]) -> Iterator[Cut]:
    """Headings with a rule of dashes under them, beside them, or above and below."""
    floor = opening = start
    bodies = [cut.body for cut in numbers]
    for rule in _find_rules(clean, start, end):
        place = bisect_right(bodies, rule.start())
        in_paragraph = place > 0 and bodies[place - 1] > floor
        floor = opening = bodies[place - 1] if in_paragraph else floor
        above = clean[floor : rule.start()]
        text = above.rstrip(" \t\n")
        gap = above[len(text) :].count("\n")
        if text and gap <= 2 and clean[rule.end() : rule.end() + 1] in "\n":
            offset = _start_of_heading(text, in_paragraph)
            block = text[offset:].strip(" \t\n-=_*#")
            if _is_title(block) and (gap < 2 or (offset and offset == _last_block(text) and "\n" not in block)):
                first = opening if not text[:offset].strip() else clean.index(block, floor + offset)
                yield Cut(first, rule.end(), heading=" ".join(block.split()))
        floor, opening = rule.end(), rule.start()


def _is_title(block: str) -> bool:
    return 1 < len(block) <= 240 and block[-1] not in ".,;" and not block[0].islower() and "   " not in block


def _start_of_heading(text: str, in_paragraph: bool) -> int:
    """Where the heading begins that `text` ends with: its last block, or its last line where that block is long."""
    begin = _last_block(text)
    block = text[begin:]
    if (begin or not in_paragraph) and len(block) <= 240 and block.count("\n") <= 3:
        return begin
    begin += block.rfind("\n") + 1
    stops = [match.end() for match in SENTENCE_END.finditer(text, begin)]
    return stops[-1] if stops else begin


def _last_block(text: str) -> int:
    """Where the lines after the last blank line of `text` begin; 0 if it has none."""
    blanks = list(BLANK_LINE.finditer(text))
    return blanks[-1].end() if blanks else 0


def _find_rules(clean: str, start: int, end: int) -> list[re.Match[str]]:
    rules = list(RULE.finditer(clean, start, end))
    if any(clean.find(mark, start, end) >= 0 for mark in (*RULES[1:], "- - - ")):
        rules += OTHER_RULE.finditer(clean, start, end)
    return sorted(rules, key=lambda rule: rule.start())


def _find_hashed(clean: str, start: int, end: int) -> Iterator[Cut]:
    for match in HASH_HEADING.finditer(clean, start, end):
        yield Cut(match.start(), match.end(), heading=" ".join(match["heading"].split()))


def _find_plain(clean: str, start: int, stop: int) -> Iterator[Cut]:
    """The heading without a rule just above a numbered paragraph: a short line that does not end as a sentence."""
    text = clean[max(start, stop - 400) : stop].rstrip()
    offset = max(start, stop - 400)
    block = _last_block(text)
    begin = block or text.rfind("\n") + 1
    line = text[begin:].strip()
    if not 3 <= len(line) <= 200 or line.count("\n") > 2 or NO_HEADING.search(line):
        return
    if not block and (line.upper() != line or not text[:begin].rstrip().endswith((".", ")", '"', "!", "?"))):
        return
    yield Cut(offset + begin, stop, heading=" ".join(line.split()))


def _find_roles(clean: str, start: int, end: int, cuts: Sequence[Cut]) -> list[Role]:
    """Spans of summary and comment, from "Summary:" to "End summary.", from a heading to the next."""
    borders = [cut.start for cut in cuts if cut.heading is None]
    bodies = sorted(cut.body for cut in cuts)
    headings = Headings(cuts)
    spans: list[Role] = []
    events = _find_role_words(clean, start, end)
    closings = {role: [match for match in events if match["end"] and match["role"].lower() == role] for role in ROLES}
    for match in events:
        at, role = match.start(), match["role"].lower()
        if match["end"] or not match.group()[0].isupper() or (spans and spans[-1][0] <= at < spans[-1][1]):
            continue
        if headings.holds(at):
            limit = headings.next_start(at, end)
        elif OPENED.match(clean, match.end(), min(end, match.end() + 40)) and _opens_text(clean, bodies, at):
            limit = _next_border(borders, at, end)
        else:
            continue
        place = bisect_right(closings[role], at, key=lambda found: found.start())
        closing = closings[role][place] if place < len(closings[role]) else None
        if closing and _pieces_between(borders, at, closing.start()) <= 4:
            limit = closing.end()
        spans.append((at, limit, role))
    return spans


def _find_role_words(clean: str, start: int, end: int) -> list[re.Match[str]]:
    """Each "summary" and "comment" with the "end" or "begin" before it, in text order."""
    places = sorted(match.start() for stem in ROLE_STEMS for match in stem.finditer(clean, start, end))
    found = (ROLE_WORD.search(clean, max(start, place - 14), min(end, place + 8)) for place in places)
    return [match for match in found if match]


def _opens_text(clean: str, bodies: Sequence[int], at: int) -> bool:
    """Whether the word stands at the start of a paragraph, a sentence or a bracket."""
    place = bisect_right(bodies, at)
    if place and at <= bodies[place - 1] + 3:
        return True
    return BEFORE_ROLE.search(clean[max(0, at - 6) : at]) is not None


def _next_border(borders: Sequence[int], at: int, end: int) -> int:
    place = bisect_right(borders, at)
    return borders[place] if place < len(borders) else end


def _pieces_between(borders: Sequence[int], first: int, last: int) -> int:
    return bisect_right(borders, last) - bisect_right(borders, first)


def _build_paragraphs(clean: str, cuts: Sequence[Cut], end: int, roles: Sequence[Role]) -> Iterator[Paragraph]:
    number, mark, heading = None, None, ""
    for cut, following in pairwise([*cuts, Cut(end, end)]):
        stop = min(following.start, end)
        body = cut.body
        if cut.heading is not None:
            heading = cut.heading
        elif cut.number is not None:
            number, mark = cut.number, cut.mark
        if mark is None and (found := LEADING_MARK.match(clean, body, stop)):
            mark, body = found["mark"], found.end()
        if number is None:
            yield from _build_blocks(clean, body, stop, mark, heading, roles)
        elif paragraph := _build_paragraph(clean, body, stop, number, mark, heading, roles):
            yield paragraph


def _build_blocks(
    clean: str, start: int, end: int, mark: str | None, heading: str, roles: Sequence[Role]
) -> Iterator[Paragraph]:
    """Paragraphs of a text without numbers: what stands between blank lines."""
    for match in BLOCK.finditer(clean, start, end):
        own = LEADING_MARK.match(clean, *match.span())
        body = own.end() if own else match.start()
        if paragraph := _build_paragraph(clean, body, match.end(), None, own["mark"] if own else mark, heading, roles):
            yield paragraph


def _build_paragraph(
    clean: str,
    start: int,
    end: int,
    number: int | None,
    mark: str | None,
    heading: str,
    roles: Sequence[Role],
) -> Paragraph | None:
    text = clean[start:end]
    stripped = text.strip(" \t\n")
    if stripped[-4:] in RULES:
        stripped = stripped.rstrip("-=_* \t\n")
    if not stripped.strip("-=_*# \n"):
        return None
    start += text.index(stripped[0])
    end = start + len(stripped)
    marking = normalise_mark(mark) if mark else _mark_of_items(clean, start, end)
    return Paragraph(start, end, number, marking, heading, clean, roles)


def _build_sentences(clean: str, start: int, end: int, roles: Sequence[Role]) -> tuple[Sentence, ...]:
    spans = split_sentences(clean, start, end)
    return tuple([Sentence(first, last, lead, _role_at(roles, first, last)) for first, last, lead in spans])


def _any_role(roles: Sequence[Role], start: int, end: int) -> bool:
    """Whether any span of a role reaches into `clean[start:end]`."""
    place = bisect_right(roles, start, key=itemgetter(1))
    return place < len(roles) and roles[place][0] < end


def _mark_of_items(clean: str, start: int, end: int) -> str | None:
    """The mark over a paragraph whose list items bear the marks ("Key points: -- (C) ...")."""
    return combine_marks(normalise_mark(match["mark"]) for match in ITEM_MARK.finditer(clean, start, end))


def _role_of(sentences: Sequence[Sentence]) -> str:
    """The role that most of the paragraph's text has."""
    lengths: Counter[str] = Counter()
    for sentence in sentences:
        lengths[sentence.role] += sentence.end - sentence.start
    return lengths.most_common(1)[0][0]


def _role_at(roles: Sequence[Role], first: int, last: int) -> str:
    """The role of a sentence: that of the span which holds most of it."""
    place = bisect_right(roles, first, key=itemgetter(1))
    while place < len(roles) and roles[place][0] < last:
        start, end, role = roles[place]
        if min(end, last) - max(start, first) > (last - first) / 2:
            return role
        place += 1
    return "body"
