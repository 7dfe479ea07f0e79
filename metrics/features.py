"""What surrounds a quantity, as named features: what it counts, the classes of words around it, and its topic."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from metrics.cable import Cable, Paragraph, Sentence
from metrics.numerals import candidate_starts
from metrics.quantities import Quantity, find_quantities
from metrics.vocabulary.classes import (
    Sense,
    Stretch,
    Token,
    Words,
    count_cues,
    cue_scan,
    distinct_classes,
    find_classes,
    find_senses,
    read_stretch,
    split_words,
)
from metrics.vocabulary.measures import currencies, unit_words
from metrics.vocabulary.tables import word_list, word_set, word_sets

NEAR, FAR = 4, 12
CLAUSE_ENDS = frozenset({";", ":", "--", "(", ")"})
TOPICS = word_list("features", "topics")
TOPIC_NAMES = frozenset(TOPICS)
BORDER_CUES = word_set("features", "border_cues")
DIMENSIONS = {"money": "money", "mass": "mass", "volume": "volume", "length": "length", "area": "area", "time": "time"}


@dataclass(frozen=True)
class Surroundings:
    """A sentence with its quantities and the cable that it stands in; its words are classified when asked for."""

    paragraph: Paragraph
    sentence: Sentence
    quantities: list[Quantity]
    reading: Reading

    @cached_property
    def stretch(self) -> Stretch:
        """The words of the sentence with what they say."""
        return read_stretch(self.reading.cable.masked, self.sentence.start, self.sentence.end)

    @cached_property
    def tokens(self) -> list[Token]:
        """The same words one by one."""
        return self.stretch.tokens()

    @cached_property
    def counted(self) -> tuple[list[tuple[str, ...]], list[str]]:
        """Noun classes of what each quantity counts, and the group each belongs to."""
        return resolve_heads(self.quantities, self.stretch)

    @cached_property
    def is_border_talk(self) -> bool:
        """Whether the sentence holds any word of border security."""
        text = self.reading.cable.masked[self.sentence.start : self.sentence.end]
        if cue_scan(BORDER_CUES).search(text.encode("ascii", "replace")) is None:
            return False
        return any(not BORDER_CUES.isdisjoint(sense.cues) for sense in self.stretch.senses)

    @cached_property
    def classes(self) -> tuple[str, ...]:
        """Features of the sentence as a whole."""
        return _named(SENTENCE, distinct_classes(self.stretch.senses))

    @cached_property
    def around(self) -> Words:
        """Features of the sentence before and of the lead-in."""
        return self.reading.around(self.paragraph, self.sentence)

    @cached_property
    def outside(self) -> Words:
        """Features of the paragraph and of the cable."""
        return self.reading.of_paragraph(self.paragraph) + self.reading.of_cable


@dataclass(frozen=True, slots=True)
class Candidate:
    """A quantity, where it stands, and what it counts."""

    quantity: Quantity
    where: Surroundings
    index: int

    @property
    def heads(self) -> tuple[str, ...]:
        """Noun classes of what the quantity counts."""
        return self.where.counted[0][self.index]

    @property
    def group(self) -> str:
        """The group of what the quantity counts."""
        return self.where.counted[1][self.index]

    @property
    def features(self) -> Features:
        """Named features, made each time they are asked for: most numbers are dates and the like, and need none."""
        return describe(self)


class Features(NamedTuple):
    """The named features of a quantity, each also crossed with the group that it counts or with the group's family.

    `alone` are crossed with neither, `near` with both, `far` with the family.
    """

    group: str
    family: str
    alone: Words
    near: Words
    far: Words

    def names(self) -> Words:
        """All names, crossed ones as "group|name"."""
        plain = (*self.alone, *self.near, *self.far)
        grouped = [f"{self.group}|{name}" for name in self.near if self.group != self.family]
        return (*plain, *grouped, *[f"{self.family}|{name}" for name in (*self.near, *self.far)])


SHORT = 1500  # characters; an excerpt need not say what its figures are of


def border_paragraphs(cable: Cable) -> list[Paragraph]:
    """The paragraphs with a word of border security in their text or heading; of an excerpt, all.

    When all paragraphs were read, cross-validation claimed no figure in any other; most of all text is passed over at
    the price of one scan.
    """
    if len(cable.masked) < SHORT:
        return list(cable.paragraphs)
    found = cue_scan(BORDER_CUES).search
    return [
        paragraph
        for paragraph in cable.paragraphs
        if found(f"{paragraph.heading}\n{cable.masked[paragraph.start : paragraph.end]}".encode("ascii", "replace"))
    ]


def find_candidates(cable: Cable) -> list[Candidate]:
    """Every number of the border paragraphs that is a quantity or has a reason not to be one."""
    return [
        Candidate(quantity, where, index)
        for where in find_surroundings(cable)
        for index, quantity in enumerate(where.quantities)
    ]


def find_surroundings(cable: Cable) -> list[Surroundings]:
    """Each sentence of a border paragraph that holds a number, with its quantities."""
    text, paragraphs = cable.masked, border_paragraphs(cable)
    reading = Reading(cable, paragraphs)
    found = []
    for paragraph in paragraphs:
        candidates = candidate_starts(text, paragraph.start, paragraph.end)
        for sentence in paragraph.sentences if candidates else ():
            inside = candidates[bisect_left(candidates, sentence.start) : bisect_left(candidates, sentence.end)]
            if inside and (quantities := find_quantities(text, sentence.start, sentence.end, inside)):
                found.append(Surroundings(paragraph, sentence, quantities, reading))
    return found


class Reading:
    """Words and topics of a cable's border paragraphs, each stretch read once and only when a number asks for it."""

    def __init__(self, cable: Cable, paragraphs: Sequence[Paragraph]) -> None:
        self.cable = cable
        self._paragraphs = paragraphs
        self._names: dict[tuple[int, int], Words] = {}
        self._cues: dict[int, Counter[str]] = {}
        self._of_paragraph: dict[int, Words] = {}

    def names(self, start: int, end: int) -> Words:
        """The classes of the words of a stretch."""
        if (start, end) not in self._names:
            self._names[start, end] = find_classes(self.cable.masked[start:end])
        return self._names[start, end]

    def around(self, paragraph: Paragraph, sentence: Sentence) -> Words:
        """Features of the sentence before and the lead-in of a sentence."""
        place = paragraph.sentences.index(sentence)
        before = paragraph.sentences[place - 1] if place else None
        return (
            *(_named(BEFORE, self.names(before.start, before.end)) if before else ()),
            *(("has_lead", *_named(LEAD, self.names(*sentence.lead_in))) if sentence.lead_in else ()),
        )

    @cached_property
    def tags(self) -> tuple[str, ...]:
        """Features of the cable's tags."""
        return tuple(f"tag={tag}" for tag in self.cable.tags)

    @cached_property
    def of_cable(self) -> Words:
        """Features of the whole cable: its subject and topics."""
        counts: Counter[str] = Counter()
        for paragraph in self._paragraphs:
            counts.update(self._cues_of(paragraph))
        return _named(SUBJECT, find_classes(self.cable.subject)) + _topics("cable", counts)

    def of_paragraph(self, paragraph: Paragraph) -> Words:
        """Features of a paragraph: its role, heading and topics."""
        if paragraph.start not in self._of_paragraph:
            heading = _named(HEADING, find_classes(paragraph.heading))
            topics = _topics("para", self._cues_of(paragraph))
            self._of_paragraph[paragraph.start] = (f"role={paragraph.role}", *heading, *topics)
        return self._of_paragraph[paragraph.start]

    def _cues_of(self, paragraph: Paragraph) -> Counter[str]:
        if paragraph.start not in self._cues:
            self._cues[paragraph.start] = count_cues(self.cable.masked[paragraph.start : paragraph.end], TOPIC_NAMES)
        return self._cues[paragraph.start]


def _topics(scope: str, counts: Counter[str]) -> tuple[str, ...]:
    """Topics by their density: present, and strong from 1 word in 60 on."""
    words = max(counts["words"], 30)
    found = []
    for topic in TOPICS:
        share = counts[topic] / words
        if share > 1 / 400:
            found.append(f"{scope}={topic}")
        if share > 1 / 60:
            found.append(f"{scope}+={topic}")
    return tuple(found)


class Scope(dict[str, str]):
    """The feature of each class of words under one scope, made once.

    >>> Scope("sent")["border"]
    'sent=border'
    """

    def __init__(self, scope: str) -> None:
        super().__init__()
        self._scope = scope

    def __missing__(self, name: str) -> str:
        self[name] = feature = f"{self._scope}={name}"
        return feature


SENTENCE, BEFORE, LEAD, SUBJECT, HEADING, NEXT = map(Scope, ("sent", "before", "lead", "subject", "heading", "next"))
SIDES = {side: [Scope(f"{side}{part}") for part in ("1", "2", "", "_verb", "_noun")] for side in ("left", "right")}


def _named(scope: Scope, names: Words) -> Words:
    """Each name under the scope's."""
    return tuple(map(scope.__getitem__, names))


@lru_cache(maxsize=4096)
def _noun_classes(phrase: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Classes of the head of a noun phrase (its last known noun), and of all its words."""
    senses, _ = find_senses(split_words(phrase.split(" of ", maxsplit=1)[0]))
    heads = next((sense.nouns for sense in reversed(senses) if sense.nouns), ())
    return heads, find_classes(phrase)


def phrase_classes(phrase: str) -> tuple[str, ...]:
    """Classes of all words of a noun phrase."""
    return _noun_classes(phrase)[1]


@lru_cache(maxsize=4096)
def unit_dimension(unit: str | None) -> str:
    """What kind of unit it is: money, mass, percent, ..., "measure" for a rare one, "count" for a noun, "none"."""
    if unit is None:
        return "none"
    if unit == "percent":
        return "percent"
    if unit in currencies():
        return "money"
    known = unit_words().get(unit)
    return DIMENSIONS.get(known.dimension, "measure") if known else "count"


# Where a noun belongs to several classes, the first of these names the group.
GROUPS = word_list("features", "groups")
_RANK = {name: rank for rank, name in enumerate(GROUPS)}


def describe(candidate: Candidate) -> Features:
    """The features of a quantity."""
    quantity, where, index = candidate.quantity, candidate.where, candidate.index
    heads, group = candidate.heads, candidate.group
    around = list(_near_features(quantity, where))
    near = [f"head={name}" for name in heads]
    near += [f"of={name}" for name in phrase_classes(quantity.of)]
    near += [*_form_features(quantity), *_size_features(quantity, group), *_sibling_features(index, where)]
    near += [*around, *_act_features(around, where)]
    return Features(
        group,
        FAMILY_OF.get(group, group),
        alone=(f"dim={unit_dimension(quantity.unit)}", f"group={group}", *where.reading.tags),
        near=tuple(dict.fromkeys(near)),
        far=where.classes + where.around + where.outside,
    )


# Groups that behave alike, so that what is learned of one serves the others.
FAMILIES = word_sets("families")
FAMILY_OF = {group: family for family, groups in FAMILIES.items() for group in groups}


def _act_features(near: Sequence[str], where: Surroundings) -> list[str]:
    """The acts close to the number, each with whether border security is spoken of in the sentence or around it."""
    acts = {name.partition("=")[2] for name in near if name.startswith(ACT_SCOPES)}
    spoken = where.is_border_talk
    scope = "here" if spoken else "around" if BORDER_TOPICS.intersection(where.outside) else "nowhere"
    return [f"talk={scope}", *(f"act={act}" for act in sorted(acts)), *(f"act_{scope}={act}" for act in sorted(acts))]


ACT_SCOPES = ("left1=", "right1=", "left_verb=", "right_verb=", "next=")
BORDER_TOPICS = frozenset(f"{scope}+={topic}" for scope in ("para", "cable") for topic in BORDER_CUES)


def _sibling_features(index: int, where: Surroundings) -> Iterable[str]:
    """What the figures beside this one in the sentence count."""
    _, groups = where.counted
    if index:
        yield f"previous={groups[index - 1]}"
    if index + 1 < len(groups):
        yield f"following={groups[index + 1]}"
    if not _own_heads(where.quantities[index], where.stretch) and _is_count(where.quantities[index]):
        yield "elided"


def _is_count(quantity: Quantity) -> bool:
    return unit_dimension(quantity.unit) in ("count", "none")


def resolve_heads(quantities: Sequence[Quantity], stretch: Stretch) -> tuple[list[Words], list[str]]:
    """Noun classes of what each quantity counts, and the one group each belongs to.

    A count without a known noun takes the noun of the figure before it ("68 kilos, compared to 146 in 2003"),
    else the nearest noun before it.
    """
    heads: list[Words] = []
    groups: list[str] = []
    for quantity in quantities:
        own = _own_heads(quantity, stretch)
        dimension = unit_dimension(quantity.unit)
        if not own and _is_count(quantity):
            if groups and quantity.reason is None and groups[-1] not in NO_HEIR:
                heads.append(heads[-1])
                groups.append(groups[-1])
                continue
            own = _heads_before(quantity, stretch)
        heads.append(own)
        head = min(own, key=lambda name: _RANK.get(name, 99), default="")
        groups.append((head or f"{dimension}?") if dimension in ("count", "none") else dimension)
    return heads, groups


NO_HEIR = word_set("features", "no_heirs")
# Nouns too general to say what is counted, and sizes ("two 82-foot boats": the foot is no head).
NO_HEADS = word_set("features", "no_heads")
FUNCTION_WORDS = word_set("features", "function_words")
PHRASE_ENDS = word_set("features", "phrase_ends")


def _own_heads(quantity: Quantity, stretch: Stretch) -> Words:
    """Noun classes of the counted phrase, else of the next known noun behind the number."""
    heads = _noun_classes(quantity.of)[0] or _noun_classes(quantity.unit or "")[0]
    if heads and not NO_HEADS.issuperset(heads):
        return heads
    first = bisect_left(stretch.starts, quantity.end)
    for word, sense in zip(stretch.words[first : first + 7], stretch.senses[first : first + 7], strict=True):
        if sense.nouns and not NO_HEADS.issuperset(sense.nouns):
            return sense.nouns
        if word in PHRASE_ENDS:
            break
    return heads


def _heads_before(quantity: Quantity, stretch: Stretch) -> Words:
    """Noun classes of the nearest known noun before the number."""
    first = bisect_left(stretch.starts, quantity.start)
    for sense in stretch.senses[max(0, first - 10) : first][::-1]:
        if sense.nouns and not NO_HEADS.issuperset(sense.nouns):
            return sense.nouns
    return ()


def _form_features(quantity: Quantity) -> list[str]:
    found = [f"kind={quantity.kind}", f"qualifier={quantity.qualifier}"]
    if quantity.per:
        found.append(f"per={quantity.per}" if quantity.per in ("day", "week", "month", "year") else "per=other")
    if quantity.reason:
        found += ["reason", f"reason={quantity.reason}"]
    return found


def _size_features(quantity: Quantity, group: str) -> list[str]:
    number = quantity.low if quantity.low is not None else quantity.high
    if number is None:
        return []
    size = min(int(math.log10(abs(number))), 9) if number >= 1 else -1
    return [f"size={size}", "one"] if number == 1 else [f"size={size}"]


def _near_features(quantity: Quantity, where: Surroundings) -> Iterable[str]:
    """Classes of the words close before and after the number, and the nearest verbs on both sides."""
    words, starts, senses = where.stretch.words, where.stretch.starts, where.stretch.senses
    first = bisect_left(starts, quantity.start)
    last = bisect_left(starts, max(quantity.end, quantity.noun_end))
    begin = max(0, first - FAR)
    yield from _side("left", words[begin:first][::-1], senses[begin:first][::-1])
    yield from _side("right", words[last : last + FAR], senses[last : last + FAR])
    inside = bisect_left(starts, quantity.end)
    yield from _named(NEXT, distinct_classes(senses[inside : inside + 5]))
    if first == 0 or (first == 1 and words[0] == "("):
        yield "starts_sentence"
    if last >= len(words):
        yield "ends_sentence"
    if first and words[first - 1] == "(":
        yield "in_brackets"


ASIDES = {"left": (")", "("), "right": ("(", ")")}  # the bracket that is met first, and the one that ends the aside


def _outside(words: Words, opening: str, closing: str) -> Iterator[int]:
    """Places of the words that stand in no aside; a bracket without its counterpart is kept."""
    place = 0
    while place < len(words):
        if words[place] == opening and closing in words[place:]:
            place = words.index(closing, place) + 1
        else:
            yield place
            place += 1


def _side(name: str, words: Words, senses: Sequence[Sense]) -> Iterable[str]:
    """Features of one side, words ordered away from the number; a clause end stops the near window.

    An aside in brackets is passed over, one that the number stands in is a clause.
    """
    close, remote, anywhere, verb, noun = SIDES[name]
    verb_seen = noun_seen = False
    opening, closing = ASIDES[name]
    outside = _outside(words, opening, closing) if opening in words else range(len(words))
    for distance, place in enumerate(outside):
        word, sense = words[place], senses[place]
        if word in CLAUSE_ENDS:
            yield f"{name}_end={word}" if distance < NEAR else f"{name}_end"
            break
        if not sense.names:
            continue
        yield from _named(close if distance < NEAR else remote, sense.names)
        yield from _named(anywhere, sense.names)
        if sense.verbs and not verb_seen:
            verb_seen = True
            yield from _named(verb, sense.verbs)
        if sense.nouns and not noun_seen:
            noun_seen = True
            yield from _named(noun, sense.nouns)
    if words and words[0] in FUNCTION_WORDS:
        yield f"{name}_word={words[0]}"
