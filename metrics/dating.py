"""Which of the dates around a figure is the figure's own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from metrics.date_expressions import Reported
from metrics.lines import Figure, Line, Span
from metrics.periods import PeriodMention, find_periods, has_begun, period_bounds

# "an increase over 2005", "than in 2007": the date the figure is compared with, not its own.
_COMPARED = re.compile(
    r"\b(?:over|than|than\s+in|than\s+(?:that|those)\s+(?:of|in)|compared\s+(?:to|with)(?:\s+(?:in|the))?|from|against|versus|vs\.?|relative\s+to"
    r"|up\s+from|down\s+from|since\s+the)\s+(?:in\s+|the\s+)?$",
    re.IGNORECASE,
)
# What the date compared with says itself: "the 2009 budget of USD 43 million", "than in 2007 (40)".
_OF_THAT_YEAR = re.compile(r"\s\(|\s(?:\w+\s)?of\s|\s(?:\w+\s)?(?:showing|which\s+show(?:ed)?)\s[^.;]{0,60}|:\s")
_PAST_SPAN = re.compile(r"(?:the\s+)?past\b", re.IGNORECASE)
# A date that bounds the figure from outside: "not in place until 2010".
_BEYOND = re.compile(r"\b(?:until|till|before|prior\s+to)\s+(?:\w+\s+)?$", re.IGNORECASE)
# The quantity after such words is the earlier one of a pair: "6,251 from 1,024 in 2004"; "more than" only bounds it.
_FORMER = re.compile(
    r"\b(?:from|(?<!more\s)(?<!less\s)(?<!fewer\s)than|compared\s+(?:to|with)|against|versus|over|up\s+from|down\s+from)\s+(?:\w+\s+){0,4}$",
    re.IGNORECASE,
)
# "rose from 12 cases to 30": the date before holds for the later one.
_RISEN = re.compile(r"\bfrom\s+$", re.IGNORECASE)
_RISEN_TO = re.compile(r"(?:\s+[\w-]+){0,3}\s+to\s+\$?\d")
# Dates of documents, meetings and foundings, not of what is counted.
_DOCUMENT = re.compile(
    r"['’]?s?\s+(?:\w+\s+)?(?:article|report|letter|cable|edition|issue|press|demarche|statement|interview|speech|memo|note|message|reporting"
    r"|newspaper|email|e-mail|briefing|MOU|agreement|meeting|visit|conference|treaty|law|amendments?|legislation|decree|census|election|request|INCSR|report)\b",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"\b(?:said|told\s+\S+(?:\s+\S+)?|reported|met(?:\s+with\s+[\w\s.]{2,40})?|briefed\s+\S+|informed\s+\S+|wrote|letter|article|meeting|meetings|visit|published"
    r"|established|founded|created|concluded|signed|enacted|adopted|ratified|passed|elected|appointed|born|inaugurated|launched|began|begun|started"
    r"|introduced|called\s+the\s+\w+\s+to\s+a\s+meeting)\s+(?:(?!that\b)\w+\s+)?(?:on\s+|in\s+|since\s+|of\s+)?(?:the\s+)?$"
)
# "a 1998 Freightliner truck", "the 1988 United Nations Convention", but not "the 2008 Gaza border breach"
_OF_A_THING = re.compile(r"\b(?:an?|the)\s+$", re.IGNORECASE)
_EVENT = r"(?:breach|raid|seizure|operation|incident|attack|arrest|bust|crisis|campaign|sting|influx|exodus)s?\b"
_THING = re.compile(
    rf"(?!\s+(?:[\w-]+\s+){{0,3}}{_EVENT})"
    r"\s+(?:[A-Z][\w-]+\s+)*(?:[A-Z][a-z]+\s+(?=[a-z]|$)|(?:Convention|Act|Protocol|Resolution|Accords?)\b)"
)
_NOW = re.compile(
    r"\b(?:to\s+date|thus\s+far|so\s+far(?!\s+(?:this\s+year|in\s+(?:19|20)\d\d))|currently|presently|at\s+present|nowadays|now)\b",
    re.IGNORECASE,
)
_RATE = re.compile(r"\b(?:annually|monthly|daily|(?:each|every|per|an?)\s+(?:day|week|month|year))\b", re.IGNORECASE)
_CUMULATIVE = re.compile(r"\b(?:to\s+date|thus\s+far|so\s+far(?!\s+(?:this|in\s+(?:19|20)\d\d)))\b", re.IGNORECASE)
_TELLING = (
    r"(?:said|told|stated|noted|added|claimed|reported|announced|mentioned|explained|asserted|stressed|confirmed"
    r"|estimated|indicated)"
)
_IMPERFECT = re.compile(
    r"\b(?:is|are|has|have|will|would|can|could|may|should)\s+(?:\w+ly\s+|not\s+|now\s+|also\s+|only\s+|been\s+|being\s+|all\s+)*\w+"
    r"|\b(?:remains?|consists?|operates?|costs?|processes|patrols?|serves?|man|receives?|handles?|provides?|constitutes?|shares?)\b"
)
_RELATIVE = re.compile(rf"\b(?:who|which|that|where)\s+(?:\w+\s+)?(?:was|were|had|\w+ed)\b|\b{_TELLING}\b")
_PAST = re.compile(
    r"\b(?:was|were|had|did|took|sent|gave|built|bought|spent|made|held|found|caught|brought|led|saw|came|fled|shot|paid|got|put|rose|fell|grew"
    r"|(?<!-)(?!need|used|based|combined|united|armed|estimated|related|hundred|speed)[a-z]{2,}ed)\b"
)
_AHEAD = re.compile(
    r"\b(?:will|plans?\s+to|planned|planning|schedul\w+|expect\w*|upcoming|next|intends?|would(?!\s+(?:have|not\s+have))|due\s+to|to\s+be)\b"
)
# "with FY 2007 INCLE money": the year the money comes from
_SOURCE_BEFORE = re.compile(r"\b(?:with|using|from|through|principally|some|and)\s+(?:the\s+|some\s+|principally\s+)?$")
_SOURCE_AFTER = re.compile(r"\s+(?:[\w-]+\s+){0,3}(?:funds?|funding|money|monies|but)\b")
_POSSESSIVE = re.compile(r"['’]s\b")


# "said on May 3", "met the minister May 3", "a May 3 meeting", "the May report", "who went there in May reported"
_TOLD_BEFORE = re.compile(
    rf"\b(?:{_TELLING}|(?:told|briefed|informed)\s+\S+(?:\s+\S+)?|met(?:\s+with)?(?:\s+\S+){{0,4}}|meeting|visit"
    r"|(?:published|issued|released)\s+(?:\S+\s+){0,4}(?:report|study|survey))\s+(?:on\s+|in\s+|of\s+)?(?:the\s+)?$"
)
_TOLD_AFTER = re.compile(
    r"\s+(?:\w+\s+)?(?:article|report|letter|press|statement|interview|speech|memo|briefing|meeting|visit|conference)\b"
    rf"|\s+(?:also\s+)?{_TELLING}\b"
)
_SAYS = re.compile(rf"\s+(?:also\s+)?{_TELLING}\s+that\b")
TELLS = re.compile(rf"\b{_TELLING}\b")
_RECENT = timedelta(days=240)  # before the cable's date, within which it may retell what was told
REACHING_BACK = re.compile(r"\b(?:last|past|previous|preceding|ago|since|yesterday|this)\b", re.IGNORECASE)


def line_periods(
    line: Line, today: date | None, told: str | None = None, report: Reported = None
) -> list[PeriodMention]:
    """The line's date expressions; those of a sentence that looks ahead fall after the cable's date."""
    cue = _AHEAD.search(line.text)
    return find_periods(line.text, today, cue.start() if cue else None, told, report)


_YEAR = re.compile(r"(?<![\d,.])(?:19|20)\d\d(?![\d,.])")
_CELL = re.compile(r"(?<=[\s|])(?:[$]?\d[\d,.]*%?|--?)(?=[\s|]|$)")


def find_telling(text: str, mentions: Sequence[PeriodMention], today: date | None) -> str | None:
    """The day or month in which what a sentence tells was told, where it gives a date for that.

    >>> read = lambda text: find_telling(text, find_periods(text, date(2009, 8, 5)), date(2009, 8, 5))
    >>> read("At a June 3 meeting the director complained of delays.")
    '2009-06-03'
    >>> read("Officers who went there in May reported that 40 boats had left."), read("They seized 40 boats on May 3.")
    ('2009-05', None)
    """
    for mention in reversed(mentions):
        if "/" in mention.period or len(mention.period) < 7 or today is None:
            continue
        before = text[max(0, mention.start - 60) : mention.start]
        is_telling = _TOLD_BEFORE.search(before) or _TOLD_AFTER.match(text, mention.end)
        if is_telling and timedelta(0) <= today - period_bounds(mention.period)[1] < _RECENT:
            return mention.period
    return None


def column_year(header: Line, figure: Figure) -> PeriodMention | None:
    """The year at the head of the figure's column of a table, where each column has one."""
    first, last = figure.span
    cells = [match.start() <= first < match.end() for match in _CELL.finditer(figure.line.text)]
    if len(cells) < 2 or True not in cells:
        return None
    years = _YEAR.findall(header.text)
    return PeriodMention(first, last, years[cells.index(True)], dated=True) if len(years) == len(cells) else None


def choose_period(figure: Figure, mentions: Iterable[PeriodMention]) -> PeriodMention | None:
    """The date expression of the sentence that dates the figure, if one does.

    A date after the quantity dates it unless another quantity that is compared with it stands between; a date before
    it dates it until another date follows.
    """
    text, quantity = figure.line.text, figure.span
    nearby = [mention for mention in mentions if abs(mention.start - quantity[0]) < _FAR]
    usable = [mention for mention in nearby if mention.period and _is_own(text, quantity, mention)]
    usable = _in_scope(text, quantity, figure.others, usable)
    usable = [mention for mention in usable if _reaches(figure, mention)]
    costs = [(cost, mention) for mention in usable if (cost := _cost(figure, mention, usable)) is not None]
    return min(costs, key=lambda pair: pair[0])[1] if costs else None


def _reaches(figure: Figure, mention: PeriodMention) -> bool:
    """Whether the mention can date a figure that is said to hold now, so far, at a rate, or as a standing stock."""
    line, quantity = figure.line, figure.span
    text, (first, last) = line.text, line.clause(quantity[0])
    between = _between(quantity, mention)
    is_inside = first <= mention.start < last
    if _CUMULATIVE.search(text, first, last) and not _within_brackets(text, quantity):
        beside = mention.start > quantity[0] or text.count(" ", 0, mention.start) < 2  # "In May police ... to date"
        return "/" in mention.period or (mention.dated and is_inside and beside)
    if _NOW.search(text, first, last):
        return is_inside and not _NOW.search(text, *between)
    if figure.metric in STOCKS:
        return is_inside and between[1] - between[0] < _BESIDE
    return is_inside or _opens(line, mention) or not _RATE.search(text, first, last)


# Metrics that count what there is: only a date right beside the number dates it.
STOCKS = frozenset({"border_length", "checkpoints_total", "workforce_share"})
_BESIDE = 60
_FAR = 600  # characters beyond which a date of the same sentence is another's
_NEXT = 25  # characters after a quantity within which a date is its own


def _within_brackets(text: str, span: Span) -> Span | None:
    first = text.rfind("(", 0, span[0] + 1)
    last = text.find(")", max(first, 0))
    return (first, last) if first >= 0 and last >= span[1] else None


def _in_scope(text: str, quantity: Span, others: Sequence[Span], mentions: list[PeriodMention]) -> list[PeriodMention]:
    """Mentions in the quantity's own brackets if there are any, and none from brackets that hold another quantity."""
    brackets = _within_brackets(text, quantity)
    if brackets is not None:
        inside = [mention for mention in mentions if brackets[0] < mention.start < brackets[1]]
        return inside or mentions
    scope = []
    for mention in mentions:
        around = _within_brackets(text, (mention.start, mention.end))
        if around is None or not any(around[0] < span[0] < around[1] for span in others):
            scope.append(mention)
    return scope


def _between(quantity: Span, mention: PeriodMention) -> Span:
    return (quantity[1], mention.start) if mention.start >= quantity[1] else (mention.end, quantity[0])


def _is_own(text: str, quantity: Span, mention: PeriodMention) -> bool:
    """Whether the mention may date what is counted: not the number itself, a date compared with, or that of a paper."""
    if mention.start < quantity[1] and quantity[0] < mention.end:
        return False
    before = text[max(0, mention.start - 60) : mention.start]
    is_beside = mention.end < quantity[0] and bool(_OF_THAT_YEAR.fullmatch(text, mention.end, quantity[0]))
    is_span = "/" in mention.period or bool(_PAST_SPAN.match(text, mention.start))  # "over the past year"
    if _BEYOND.search(before) or (_COMPARED.search(before) and not is_span and not is_beside):
        return False
    is_said = _SAID.search(before) and not has_begun(text, mention.start)
    return not (_belongs_to_noun(text, quantity, mention, before) or is_said or _SAYS.match(text, mention.end))


def _belongs_to_noun(text: str, quantity: Span, mention: PeriodMention, before: str) -> bool:
    """Whether the date only names something: an article, a fund, a lorry, a convention, a press item."""
    if "fiscal_year" in mention.flags and _SOURCE_BEFORE.search(before) and _SOURCE_AFTER.match(text, mention.end):
        return True
    if _POSSESSIVE.match(text, mention.end) and not mention.end < quantity[0] < mention.end + 40:
        return True
    if len(mention.period) == 10 and text.startswith(":", mention.end):
        return True
    is_thing = _OF_A_THING.search(before) and _THING.match(text, mention.end)
    is_bound = " the " in text[mention.start : mention.end]  # "between May 2 and the July visit"
    return bool(is_thing or (_DOCUMENT.match(text, mention.end) and not is_bound))


def _cost(figure: Figure, mention: PeriodMention, usable: Sequence[PeriodMention]) -> float | None:
    """How far the mention is from dating the figure; None where it belongs to another figure."""
    first, last = _between(figure.span, mention)
    rivals = [span for span in figure.others if first <= span[0] < last]
    parted = any(first <= stop <= last for stop in figure.line.breaks)
    if mention.start < figure.span[1]:
        return _cost_before(figure, mention, rivals, parted)
    if rivals and (parted or any(_is_former(figure.line.text, span) for span in rivals)):
        return None
    between = any(first <= rival.start < last for rival in usable if rival is not mention)
    return (last - first) + 400.0 * between + 120 * parted


def _cost_before(figure: Figure, mention: PeriodMention, rivals: Sequence[Span], parted: bool) -> float | None:
    text, distance = figure.line.text, figure.span[0] - mention.end
    if _RISEN.search(text, max(0, figure.span[0] - 8), figure.span[0]) and _RISEN_TO.match(text, figure.span[1]):
        return None
    if _is_former(text, figure.span) and rivals:
        return distance + 500.0
    if any(0 <= mention.start - span[1] < _NEXT and _is_former(text, span) for span in figure.others):
        return None  # "up from 25 last year": the date of the figure compared with
    opening = _opens(figure.line, mention)
    if opening and len(mention.period) == 4 and ": " in text[mention.end : figure.span[0]]:
        return 30.0  # the label of an item holds for all of it
    return distance * 0.8 + 60 * parted + 45 * (not opening)


def _is_former(text: str, span: Span) -> bool:
    return bool(_FORMER.search(text, max(0, span[0] - 80), span[0]))


def _opens(line: Line, mention: PeriodMention) -> bool:
    """Whether the mention stands at the head of a clause ("In 2006, ...", "reported that in October ...")."""
    begin = line.clause(mention.start)[0]
    head = line.text[begin : mention.start]
    return min(head.count(" "), head.rpartition(", ")[2].count(" "), head.rpartition(" that ")[2].count(" ")) < 3


def is_event(line: Line, quantity: Span) -> bool | None:
    """Whether the quantity's clause tells of something that happened, so that a date stated before holds for it too.

    None where the clause has no finite verb.

    >>> from metrics.lines import read_line
    >>> is_event(read_line("Police also seized two boats."), (19, 22))
    True
    >>> is_event(read_line("Two boats are damaged."), (0, 3))
    False
    """
    own = line.clause(quantity[0])
    if _REFERS.search(line.text, *own) and not _NOW.search(line.text, *own) and not _RATE.search(line.text, *own):
        return True
    if (
        _NOW.search(line.text, *own)
        or _RATE.search(line.text, *own)
        or _EARLIER.search(line.text)
        or _EXISTS.search(line.text, *own)
    ):
        return False
    for first, last in (own, (0, len(line.text))):
        clause = _RELATIVE.sub("", line.text[first:last])
        lasting = _IMPERFECT.search(clause)
        past = _PAST.search(_IMPERFECT.sub(lambda found: " " * len(found[0]), clause))
        if lasting is not None and (past is None or lasting.start() < past.start()):
            return False
        if past is not None:
            return True
    return None


# What follows an event later, or states how things stand: not dated by the sentence before.
_EXISTS = re.compile(
    r"\b(?:[Tt]here\s+(?:was|were|had\s+been)|sentenced|convict\w+|jailed|imprison\w*|on\s+trial|(?:are|is|being|were)\s+held|detention)\b"
)
# What was told just before is named again: "the raid led to two arrests", "of those men one is Peruvian".
_REFERS = re.compile(
    r"\bOf\s+(?:those|these|them)\b|\b(?:[Tt]he|[Tt]his|[Tt]hat|[Tt]hese)\s+(?:\w+\s+)?(?:training|course|seminar|workshop|find|operation|raid|seizure"
    r"|bust|arrests?|incident|exercise|convoy)\b(?!\s+(?:will|would|can|could|may|should|is|are|center|program))"
)
# Some of those who were told of just before: "two of them", "the other three".
_PART_OF_TOLD = re.compile(
    r"\b(?:\w+\s+of\s+(?:these|those|them)\b(?!\s+who\b)|the\s+(?:remaining|other|rest)\b)", re.IGNORECASE
)
_FORMER_CASE = re.compile(r"\b(?:compared\s+(?:to|with)|than|previous|up\s+from|down\s+from)\b")
_EARLIER = re.compile(
    r"\b(?:[Pp]rior\s+to|[Bb]efore\s+the|[Pp]reviously|[Hh]istorically|[Tt]raditionally"
    r"|[Dd]uring\s+(?:his|her|their|the\s+\w+)\s+(?:tenure|term|presidency|administration|years))\b"
)


def is_part_of_told(line: Line, quantity: Span) -> bool:
    """Whether the quantity's clause goes on about some of those of whom the text just told.

    >>> from metrics.lines import read_line
    >>> is_part_of_told(read_line("Two of these are foreigners."), (0, 3))
    True
    >>> is_part_of_told(read_line("They stopped 80 boats, most of them stolen."), (13, 15))
    False
    """
    own = line.clause(quantity[0])
    part = _PART_OF_TOLD.search(line.text, *own)
    if part is None or part.start() > quantity[0]:  # "80 boats, most of them stolen" has no others
        return False
    return not (_NOW.search(line.text, *own) or _RATE.search(line.text, *own))


def carries(line: Line, mention: PeriodMention) -> bool:
    """Whether sentences after the line may take the mention as their date."""
    if not mention.period or not _is_own(line.text, (-1, -1), mention):
        return False
    if _FORMER_CASE.search(line.text, max(0, mention.start - 90), mention.start):
        return False
    first, last = period_bounds(mention.period)
    return (last - first).days < 3 * 366
