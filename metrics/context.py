"""Where, when, by whom and how certain: country, site, actor, period, status, speaker of each Statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from metrics.cable import Cable, Paragraph, Sentence
from metrics.dating import carries, choose_period, is_event, line_periods
from metrics.lines import Line, Lines, Span
from metrics.periods import PeriodMention
from metrics.places import Home, find_country, find_home, find_topic
from metrics.statements import Statement
from metrics.status import find_speaker, find_status


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
    contexts = [_resolve(scene, statement, quantities[_key(statement.sentence)]) for statement in statements]
    return _share_between_mentions(statements, contexts)


@dataclass(slots=True)
class _Scene:
    """What the statements of one cable have in common."""

    cable: Cable
    lines: Lines
    today: date | None
    home: Home
    periods: dict[int, list[PeriodMention]] = field(default_factory=dict)
    topics: dict[int, str | None] = field(default_factory=dict)

    def line(self, sentence: Sentence) -> Line:
        return self.lines.line(sentence.start, sentence.end)

    def dates(self, line: Line) -> list[PeriodMention]:
        found = self.periods.get(line.start)
        if found is None:
            found = self.periods[line.start] = line_periods(line, self.today)
        return found

    def topic(self, paragraph: Paragraph) -> str | None:
        if paragraph.start not in self.topics:
            opening = self.line(paragraph.sentences[0])
            whole = self.lines.line(paragraph.start, paragraph.end)
            self.topics[paragraph.start] = find_topic(whole, paragraph.heading, opening, self.home)
        return self.topics[paragraph.start]


def _open_scene(cable: Cable) -> _Scene:
    lines = Lines(cable)
    return _Scene(cable, lines, cable.date, find_home(cable, lines))


def _key(sentence: Sentence) -> Span:
    return sentence.start, sentence.end


def _quantities_by_sentence(scene: _Scene, statements: Sequence[Statement]) -> dict[Span, list[Span]]:
    """Spans of the claimed quantities in the folded line of each sentence."""
    found: dict[Span, list[Span]] = {}
    for statement in statements:
        found.setdefault(_key(statement.sentence), []).append(_span(scene, statement))
    return found


def _span(scene: _Scene, statement: Statement) -> Span:
    line = scene.line(statement.sentence)
    return scene.lines.position(line, statement.quantity.start), scene.lines.position(line, statement.quantity.end)


def _resolve(scene: _Scene, statement: Statement, quantities: Sequence[Span]) -> Context:
    line, quantity = scene.line(statement.sentence), _span(scene, statement)
    others = [span for span in quantities if span != quantity]
    country, country_flag = find_country(
        line, quantity, scene.home, scene.topic(statement.paragraph), statement.metric == "personnel"
    )
    period, period_flags = _find_period(scene, statement, line, quantity, others)
    status = find_status(line, quantity, statement.metric, _surroundings(scene, statement))
    speaker = find_speaker(line, quantity[0])
    flags = ((country_flag,) if country_flag else ()) + period_flags + (("reported_speech",) if speaker else ())
    return Context(country, None, None, period, status, speaker, flags)


def _surroundings(scene: _Scene, statement: Statement) -> tuple[str, ...]:
    """Texts that a list item or heading-like sentence hangs on, nearest first."""
    sentence, paragraph = statement.sentence, statement.paragraph
    texts = [scene.lines.line(*sentence.lead_in).text] if sentence.lead_in else []
    if _is_item(scene.line(sentence).text) or sentence.lead_in:
        texts.append(scene.line(paragraph.sentences[0]).text)
    return (*texts, paragraph.heading)


def _is_item(text: str) -> bool:
    return text[:1] == "-" or text[1:2] in (")", ".")


def _find_period(
    scene: _Scene, statement: Statement, line: Line, quantity: Span, others: Sequence[Span]
) -> tuple[str | None, tuple[str, ...]]:
    own = choose_period(line, quantity, others, scene.dates(line))
    if own is not None:
        return own.period, own.flags
    if not is_event(line, quantity) and not statement.sentence.lead_in:
        return None, ()
    inherited = _inherited_period(scene, statement)
    return (inherited.period, (*inherited.flags, "period_inherited")) if inherited else (None, ())


def _inherited_period(scene: _Scene, statement: Statement) -> PeriodMention | None:
    """The date of the list's lead-in, else of the nearest sentence before in the paragraph that tells an event."""
    sentences = statement.paragraph.sentences
    before = [sentence for sentence in sentences if sentence.end <= statement.sentence.start]
    places = [statement.sentence.lead_in] if statement.sentence.lead_in else []
    if before and _is_item(scene.line(statement.sentence).text):
        places.append(_key(before[0]))
    places += [_key(sentence) for sentence in reversed(before)]
    for start, end in places:
        line = scene.lines.line(start, end)
        found = [mention for mention in scene.dates(line) if carries(line, mention)]
        if found:
            return found[-1]
    return None


def _share_between_mentions(statements: Sequence[Statement], contexts: Sequence[Context]) -> list[Context]:
    """A figure stated again (summary and body) takes the period that its other mention states."""
    stated: dict[tuple[object, ...], Context] = {}
    for statement, context in zip(statements, contexts, strict=True):
        if context.period and "period_inherited" not in context.flags:
            stated.setdefault(_figure(statement), context)
    shared = []
    for statement, context in zip(statements, contexts, strict=True):
        other = stated.get(_figure(statement))
        if other is not None and context.status == other.status and (context.period is None or "period_inherited" in context.flags):
            context = replace(context, period=other.period, flags=tuple(dict.fromkeys((*context.flags, "period_inherited"))))
        shared.append(context)
    return shared


def _figure(statement: Statement) -> tuple[object, ...]:
    quantity = statement.quantity
    if (quantity.low or quantity.high or 0) < 10:
        return (id(statement),)
    return statement.metric, statement.unit, quantity.low, quantity.high
