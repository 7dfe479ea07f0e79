"""Where, when, by whom and how certain: country, site, actor, period, status, speaker of each Statement."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from metrics.actors import GIVING, find_actor
from metrics.cable import Cable, Paragraph, Sentence
from metrics.date_expressions import Reported
from metrics.dating import (
    REACHING_BACK,
    TELLS,
    carries,
    choose_period,
    column_year,
    find_telling,
    is_event,
    is_part_of_told,
    line_periods,
)
from metrics.header import ID, full_year
from metrics.lines import Figure, Line, Lines, Span, read_line
from metrics.marking import declassification_day
from metrics.periods import PeriodMention, find_report_period, period_bounds
from metrics.places import Home, find_country, find_home, find_topic
from metrics.sites import Site, find_site, find_sites, is_local
from metrics.speakers import find_speaker
from metrics.statements import Statement
from metrics.status import ACTUAL, PLANNED, REQUESTED, find_status

# Metrics that state how things stand: a date given for an event before does not date them.
SUPPLIES = frozenset({"funding", "equipment", "installations", "cargo"})
EVENTS = frozenset({"seizures", "arrests", "incidents", "irregular_crossings"})
APART = 300  # characters between a quantity and another of its sentence that still bears on it
NEARBY = 12  # sentences before and after a statement that are looked at
LONGEST, STEP = 6000, 2000  # characters of the longest sentence read whole, and of a block of a longer one
GOES_ON = 2  # sentences for which a stated date or place holds on
TOLD = 4  # sentences back in which a pronoun's speaker is looked for
ASKED = 3  # paragraphs back in which who is asked for something is looked for
LABEL = 8  # characters that a first sentence that is only a date has beside it: its number and stop
TERMS = frozenset({5, 10, 15, 20, 25})  # years for which a cable is classified
FIRST_SERIALS = 60  # cables of a year that nearly every post has sent by the end of February
REACH = 1  # paragraphs back to which an event without a date may go on from
STANDING = frozenset(
    {"border_length", "checkpoints_total", "checkpoints_equipped", "workforce_share", "corruption", "inspections"}
)


@dataclass(frozen=True, slots=True)
class Context:
    """What surrounds a figure, as the reference guide records it.

    `country` is ISO 3166-1 alpha-3 or None; `actor` an alpha-3 code, an organisation's name, or several
    joined by ", "; `period` ISO 8601 ("2008", "2006-04", "2008-11-03/2008-11-07") or None; `status`
    actual, in_progress, planned or requested; `speaker` who says so in reported speech. `flags` come from
    `observations.FLAGS` ("country_from_post", ...).
    """

    country: str | None
    site: str | None
    actor: str | None
    period: str | None
    status: str
    speaker: str | None
    flags: tuple[str, ...] = ()


def resolve_contexts(cable: Cable, statements: Sequence[Statement]) -> list[Context]:
    """One Context per statement, in the same order (neighbouring statements may inherit from each other)."""
    if not statements:
        return []
    scene = _open_scene(cable)
    quantities = _quantities_by_sentence(scene, statements)
    contexts = [_resolve(scene, statement, quantities[_stretch(statement)]) for statement in statements]
    return _share_between_mentions(statements, contexts)


@dataclass(slots=True)
class _Scene:
    """What the statements of one cable have in common."""

    cable: Cable
    lines: Lines
    today: date | None
    home: Home
    report: Reported
    periods: dict[int, list[PeriodMention]] = field(default_factory=dict)
    chosen: dict[int, PeriodMention] = field(default_factory=dict)
    former: list[Span] = field(default_factory=list)
    places: dict[int, list[Site]] = field(default_factory=dict)
    topics: dict[int, str | None] = field(default_factory=dict)

    def line(self, sentence: Sentence) -> Line:
        return self.lines.line(sentence.start, min(sentence.end, sentence.start + LONGEST))

    def line_of(self, statement: Statement) -> Line:
        return self.lines.line(*_stretch(statement))

    def before(self, statement: Statement) -> Sequence[Sentence]:
        """The few sentences before the statement's own in its paragraph, in order."""
        place = self._place(statement)
        return statement.paragraph.sentences[max(0, place - NEARBY) : place]

    def after(self, statement: Statement) -> Sequence[Sentence]:
        """The few sentences after the statement's own in its paragraph, in order."""
        place = self._place(statement)
        return statement.paragraph.sentences[place + 1 : place + 1 + NEARBY]

    def _place(self, statement: Statement) -> int:
        return bisect_left(statement.paragraph.sentences, statement.sentence.start, key=lambda sentence: sentence.start)

    def paragraph_place(self, statement: Statement) -> int:
        """Index of the statement's paragraph among the cable's."""
        return bisect_left(self.cable.paragraphs, statement.paragraph.start, key=lambda paragraph: paragraph.start)

    def dates(self, line: Line) -> list[PeriodMention]:
        found = self.periods.get(line.start)
        if found is None:
            found = line_periods(line, self.today, report=self.report)
            if told := self._told(line, found):
                found = line_periods(line, self.today, told, self.report)
            self.periods[line.start] = found
        return found

    def _told(self, line: Line, found: Sequence[PeriodMention]) -> str | None:
        """The day or month in which it was told, as the line says or, where it goes on telling, a sentence before."""
        if not REACHING_BACK.search(line.text):
            return None
        told = find_telling(line.text, found, self.today)
        if told or not TELLS.search(line.text):
            return told
        place = bisect_right(self.cable.paragraphs, line.start, key=lambda paragraph: paragraph.start)
        sentences = self.cable.paragraphs[place - 1].sentences if place else ()
        at = bisect_left(sentences, line.start, key=lambda sentence: sentence.start)
        before = (self.line(sentence) for sentence in reversed(sentences[max(0, at - TOLD) : at]))
        dates = (find_telling(one.text, line_periods(one, self.today), self.today) for one in before)
        return next(filter(None, dates), None)

    def topic(self, paragraph: Paragraph) -> str | None:
        if paragraph.start not in self.topics:
            opening = self.line(paragraph.sentences[0])
            self.topics[paragraph.start] = find_topic(self.whole(paragraph), paragraph.heading, opening, self.home)
        return self.topics[paragraph.start]

    def whole(self, paragraph: Paragraph) -> Line:
        return self.lines.line(paragraph.start, paragraph.end)

    def sites(self, line: Line) -> list[Site]:
        if line.start not in self.places:
            self.places[line.start] = find_sites(line)
        return self.places[line.start]


def _open_scene(cable: Cable) -> _Scene:
    lines = Lines(cable)
    today = cable.date or _last_day(cable)
    return _Scene(cable, lines, today, find_home(cable), find_report_period(cable.masked, today))


def _last_day(cable: Cable) -> date | None:
    """The last day that a cable without a date-time group can tell of, as its id and declassification have it.

    It is declassified a whole term of years after its draft, which is sent a day later; but the first of January says
    no more than the year. Serial numbers begin with the year.
    """
    given = ID.fullmatch(cable.id)
    if given is None:
        return None
    year = full_year(int(given["year"]))
    until = declassification_day(cable.declassify_on or "")
    if until and until.year - year in TERMS and (until.month, until.day) != (1, 1):
        return min(date(year, until.month, 1) + timedelta(days=until.day), date(year, 12, 31))
    return date(year, 2, 28) if int(given["serial"]) <= FIRST_SERIALS else date(year, 12, 31)


def _key(sentence: Sentence) -> Span:
    return sentence.start, sentence.end


def _stretch(statement: Statement) -> Span:
    """The statement's sentence; of one longer than any sentence is, the blocks around the quantity."""
    start, end = _key(statement.sentence)
    if end - start <= LONGEST:
        return start, end
    block = start + (statement.quantity.start - start) // STEP * STEP
    return max(start, block - STEP), min(end, block + 2 * STEP)


def _quantities_by_sentence(scene: _Scene, statements: Sequence[Statement]) -> dict[Span, list[Span]]:
    """Spans of the claimed quantities in the folded line of each sentence."""
    found: dict[Span, list[Span]] = {}
    for statement in statements:
        found.setdefault(_stretch(statement), []).append(_span(scene, statement))
    return found


def _span(scene: _Scene, statement: Statement) -> Span:
    line = scene.line_of(statement)
    return scene.lines.position(line, statement.quantity.start), scene.lines.position(line, statement.quantity.end)


def _resolve(scene: _Scene, statement: Statement, quantities: Sequence[Span]) -> Context:
    line, quantity = scene.line_of(statement), _span(scene, statement)
    others = [span for span in quantities if span != quantity and abs(span[0] - quantity[0]) < APART]
    figure = Figure(line, quantity, tuple(others), statement.metric)
    country, country_flag = find_country(figure, scene.home, scene.topic(statement.paragraph))
    status = find_status(line, quantity, statement.metric, _surroundings(scene, statement))
    period, period_flags = _find_period(scene, statement, figure, status)
    site = _find_site_of(scene, statement, figure, period)
    actor, actor_flag = find_actor(figure, status, country, scene.home, _lines_before(scene, statement, status))
    told = [scene.line(sentence) for sentence in scene.before(statement)[-TOLD:]]
    speaker = find_speaker(line, quantity[0], told)
    marks = (country_flag, actor_flag, *period_flags, "reported_speech" if speaker else None)
    return Context(country, site, actor, period, status, speaker, tuple(mark for mark in marks if mark))


def _surroundings(scene: _Scene, statement: Statement) -> tuple[str, ...]:
    """Texts that a list item or heading-like sentence hangs on, nearest first."""
    sentence, paragraph = statement.sentence, statement.paragraph
    texts = [scene.lines.line(*sentence.lead_in).text] if sentence.lead_in else []
    if _is_item(scene.line(sentence).text) or sentence.lead_in:
        texts.append(scene.line(paragraph.sentences[0]).text)
    return (*texts, paragraph.heading)


def _lines_before(scene: _Scene, statement: Statement, status: str) -> list[Line]:
    """Heading and sentences of the paragraph up to and with the statement's own.

    What is asked for or promised is often listed over several paragraphs under one request: those before it come first.
    """
    before = [scene.line(sentence) for sentence in scene.before(statement)]
    own = [read_line(statement.paragraph.heading), *before, scene.line_of(statement)]
    if statement.metric not in GIVING or status not in (PLANNED, REQUESTED):
        return own
    place = scene.paragraph_place(statement)
    return [*(scene.whole(paragraph) for paragraph in scene.cable.paragraphs[max(0, place - ASKED) : place]), *own]


def _is_item(text: str) -> bool:
    return text[:1] == "-" or text[1:2] in (")", ".")


def _find_site_of(scene: _Scene, statement: Statement, figure: Figure, period: str | None) -> str | None:
    """The site of the sentence; else, for what happens at a place, that of the event the sentence goes on about."""
    own = find_site(figure, scene.sites(figure.line))
    if own is not None or not is_local(statement.metric):
        return own
    if statement.metric not in EVENTS:
        return _settled_site(scene, scene.before(statement))
    if period is None or len(period) < 7 or "/" in period:
        return None
    if any(mention.period for mention in scene.dates(figure.line)):
        return _site_of_next(scene, scene.after(statement))
    return _site_of_former(scene, scene.before(statement))


def _site_of_former(scene: _Scene, sentences: Sequence[Sentence]) -> str | None:
    """The place given last for the event that the sentences tell, back to the date they give it."""
    for sentence in reversed(sentences):
        line = scene.line(sentence)
        sites = [site for site in scene.sites(line) if site.weight >= 2.0]
        if sites:
            return sites[-1].name
        if any(mention.period for mention in scene.dates(line)):
            return None
    return None


def _settled_site(scene: _Scene, sentences: Sequence[Sentence]) -> str | None:
    """The place the sentences speak of, if it is only one."""
    names = {site.name for sentence in sentences for site in scene.sites(scene.line(sentence)) if site.weight >= 2.0}
    heads = {name.split()[0] for name in names}
    return min(names, key=len) if len(heads) == 1 else None


def _site_of_next(scene: _Scene, sentences: Sequence[Sentence]) -> str | None:
    """The place that the sentences after a dated one give for the same event, before the next date."""
    for sentence in sentences[:3]:
        line = scene.line(sentence)
        if _is_item(line.text) or any(mention.period for mention in scene.dates(line)):
            return None
        sites = [site for site in scene.sites(line) if site.weight >= 2.0]
        if sites:
            return sites[0].name
    return None


def _find_period(
    scene: _Scene, statement: Statement, figure: Figure, status: str
) -> tuple[str | None, tuple[str, ...]]:
    line, quantity = figure.line, figure.span
    own = _column_period(scene, statement, figure) or choose_period(figure, scene.dates(line))
    if own is not None:
        is_plan = status in (PLANNED, REQUESTED) or (status != ACTUAL and statement.metric == "funding")
        if is_plan and _is_day(own.period) and _is_past(own.period, scene.today):
            return None, ()  # the day of an announcement, not of what is announced
        scene.chosen.setdefault(line.start, own)
        if statement.metric in EVENTS and _is_day(own.period):
            scene.former.append(_stretch(statement))
        return own.period, own.flags
    titled = _titled_period(scene, statement)
    if titled is not None and statement.metric not in STANDING and is_event(line, quantity) is not False:
        return titled.period, (*titled.flags, "period_inherited")
    is_item = bool(statement.sentence.lead_in) or _is_item(line.text)
    happened = (statement.metric in EVENTS and is_part_of_told(line, quantity)) or is_event(line, quantity)
    if statement.metric in STANDING or not (happened or is_item or (happened is None and statement.metric in EVENTS)):
        return None, ()
    inherited = _inherited_period(scene, statement)
    if inherited is None or not (
        is_item or (status == ACTUAL and not (statement.metric in SUPPLIES and _is_day(inherited.period)))
    ):
        return None, ()
    scene.chosen.setdefault(line.start, inherited)
    return inherited.period, (*inherited.flags, "period_inherited")


def _column_period(scene: _Scene, statement: Statement, figure: Figure) -> PeriodMention | None:
    """The year over the column of a table that the figure stands in."""
    lead_in = statement.sentence.lead_in
    header = scene.lines.line(*lead_in) if lead_in else read_line(statement.paragraph.heading)
    return column_year(header, figure)


def _titled_period(scene: _Scene, statement: Statement) -> PeriodMention | None:
    """The year or month that titles the paragraph: in its heading, or as a first sentence of its own ("FY 2008.")."""
    opening = scene.line(statement.paragraph.sentences[0])
    label = _only_coarse(scene.dates(opening))
    if label is not None and len(opening.text) - (label.end - label.start) <= LABEL:
        return label
    return _only_coarse(line_periods(read_line(statement.paragraph.heading), scene.today))


def _only_coarse(mentions: Sequence[PeriodMention]) -> PeriodMention | None:
    """The one mention there is, if it is no day."""
    return mentions[0] if len(mentions) == 1 and mentions[0].period and not _is_day(mentions[0].period) else None


def _is_past(period: str, today: date | None) -> bool:
    return today is not None and period_bounds(period)[1] <= today


def _is_day(period: str) -> bool:
    return len(period.partition("/")[0]) > 7


def _going_on(scene: _Scene, statement: Statement) -> list[Sentence]:
    """Sentences before it that the statement may go on from, nearest first: of a list, its own item and the opening."""
    before = list(reversed(scene.before(statement)))
    if _is_item(scene.line_of(statement).text):
        return [statement.paragraph.sentences[0]] if before else []
    for place, sentence in enumerate(before):
        if _is_item(scene.line(sentence).text):
            return [*before[: place + 1], statement.paragraph.sentences[0]]
    return before[:GOES_ON]


def _former_paragraph(scene: _Scene, statement: Statement) -> list[Span]:
    """Sentences of the paragraphs before that tell of a dated event, nearest first."""
    paragraphs = scene.cable.paragraphs
    place = scene.paragraph_place(statement)
    spans = []
    for paragraph in reversed(paragraphs[max(0, place - REACH) : place]):
        for sentence in reversed(paragraph.sentences[-NEARBY:]):
            line = scene.line(sentence)
            if any(_is_day(mention.period) and carries(line, mention) for mention in scene.dates(line)):
                spans.append(_key(sentence))
    return spans


def _inherited_period(scene: _Scene, statement: Statement) -> PeriodMention | None:
    """The date of the list's lead-in, else of the nearest sentence before in the paragraph that tells an event."""
    places = [statement.sentence.lead_in] if statement.sentence.lead_in else []
    places += [_key(sentence) for sentence in _going_on(scene, statement)]
    if statement.metric in EVENTS:
        places += scene.former[-1:]
        places += _former_paragraph(scene, statement)
    for start, end in places:
        line = scene.lines.line(start, end)
        found = [mention for mention in scene.dates(line) if carries(line, mention)]
        if found or start in scene.chosen:
            return scene.chosen.get(start) or found[-1]
    return None


def _share_between_mentions(statements: Sequence[Statement], contexts: Sequence[Context]) -> list[Context]:
    """A figure stated again (summary and body) takes the period and site that its other mention states."""
    dated: dict[tuple[object, ...], Context] = {}
    placed: dict[tuple[object, ...], Context] = {}
    for statement, context in zip(statements, contexts, strict=True):
        figure = _figure(statement)
        if context.period and "period_inherited" not in context.flags:
            dated.setdefault((figure, context.status), context)
        if context.site:
            placed.setdefault((figure, context.status), context)
    return [
        _complete(context, dated.get(key), placed.get(key))
        for statement, context in zip(statements, contexts, strict=True)
        for key in [(_figure(statement), context.status)]
    ]


def _complete(context: Context, dated: Context | None, placed: Context | None) -> Context:
    if placed is not None and context.site is None:
        context = replace(context, site=placed.site)
    if dated is None or (context.period is not None and "period_inherited" not in context.flags):
        return context
    return replace(context, period=dated.period, flags=tuple(dict.fromkeys((*context.flags, "period_inherited"))))


def _figure(statement: Statement) -> tuple[object, ...]:
    quantity = statement.quantity
    if (quantity.low or quantity.high or 0) < 6:
        return (id(statement),)
    return (
        statement.metric,
        statement.unit,
        quantity.low,
        quantity.high,
        statement.of.split()[-1:] and statement.of.split()[-1],
    )
