"""Unit, what exactly is counted, and kind of a claimed quantity, as the reference guide records them."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache
from itertools import takewhile, zip_longest

from metrics.features import FAMILIES, Candidate, phrase_classes
from metrics.vocabulary.classes import Token, classify_words
from metrics.vocabulary.grammar import word_class
from metrics.vocabulary.names import country_names, find_names
from metrics.vocabulary.tables import word_set, word_sets, word_table, word_tables

MEASURED = word_set("naming", "measured")
CONTAINING = word_set("naming", "containing")
PLAIN_PEOPLE = word_set("naming", "plain_people")
NAMED_BY_TOPIC = word_set("naming", "named_by_topic")
NAMED_BY_CAPABILITY = word_set("naming", "named_by_capability")
NAMED_BY_PURPOSE = word_set("naming", "named_by_purpose")
KEPT_NOUNS = word_set("naming", "kept_nouns")
STOP_WORDS = word_set("naming", "stop_words")
JOINTS = word_set("naming", "joints")
HOLLOW = word_set("naming", "hollow")
CONTINUING = word_set("naming", "continuing")
EVENTS = word_set("naming", "events")
BARE = word_set("naming", "bare")
PROGRAMS = word_set("naming", "programs")
PLAIN_SUSPECTS = word_set("naming", "plain_suspects")
KEPT_PEOPLE = word_set("naming", "kept_people")
CARRIERS = frozenset({"ship", "vehicle", "aircraft"})
CASH = frozenset({"cash"})
HELD_GOODS = word_set("naming", "held_goods")
PLAIN_GOODS = word_set("naming", "plain_goods")
PLACES = frozenset({"border_line", "port"})  # metrics of these are named by a plain noun
CONVICTED = word_set("naming", "convicted")
CROSSING_ACTS = word_set("naming", "crossing_acts")
DEAD = word_set("naming", "dead")
POINTS = frozenset({"point", "points"})
WORTH = word_set("naming", "worth")
CALLED = FAMILIES["people"] - {"person", "national"}  # people who have a name of their own
OF_PEOPLE = {"traffic": ["people"]}
PRICE_SIGNS = frozenset({"(", "for"})
COURSE = frozenset({"course"})
CLAUSE_ENDS = word_set("naming", "clause_ends")
UNITS_OF_CLASSES = word_table("units_of_classes")
UNITS_OF_METRICS = word_tables("units_of_metrics")
DEFAULT_UNITS = word_table("default_units")
SAME_UNITS = word_table("same_units")
OF_CLASSES = word_sets("of_classes")
GOODS = OF_CLASSES["equipment"]  # what money buys
OF_DEFAULTS = word_table("of_defaults")
PEOPLE_WORDS = word_tables("people_words")
EVENT_WORDS = word_table("event_words")
SUSPECT_WORDS = word_table("suspect_words")
PURPOSES = word_tables("purposes")
SUMS = word_tables("sums")
_WORD = re.compile(r"[a-z0-9][a-z0-9'/-]+|[,;:()]")
OF_THESE = re.compile(r"\s+of\s+(?:which|whom|these|those|them)\s+(?:are|is|was|were)\s+", re.IGNORECASE)
# What follows a number up to what its people are said to be: "two of the men (both armed) were Kenyan".
SAID_OF_PEOPLE = re.compile(
    r"(?:\s+of\s+(?:the|these|those|them|its|his|their)\b(?:\s+[\w-]+){0,3}?|\s+[a-z-]+s)?(?:\s*\([^()]*\)|\))?"
    r"\s+(?:are|is|was|were)\s+",
    re.IGNORECASE,
)
# A change told in passing of the figure before it: "90 boats, up 40 percent", "an increase of 40 percent".
APPOSED_CHANGE = re.compile(
    rf",\s+(?:(?:an?|the)\s+(?:[\w-]+\s+)?(?:{'|'.join(sorted(word_class('change noun')))})\s+of|up|down)\s+"
    r"(?:by\s+)?(?:[a-z]+\s+){0,2}$",
    re.IGNORECASE,
)
PART_JOINTS = frozenset({"whom"})
NEAR = 10  # words either side in which the thing meant is looked for first
LONGEST = 3  # words of a name
LONGEST_NATION = 40  # characters


def name_unit(candidate: Candidate, metric: str) -> tuple[str, bool]:
    """The unit as recorded, and whether it was assumed rather than stated."""
    quantity = candidate.quantity
    stated = quantity.unit
    if stated and (candidate.group in MEASURED):
        return stated, False
    heads = candidate.heads
    fixed = UNITS_OF_METRICS.get(metric, {})
    if unit := next((fixed[head] for head in heads if head in fixed), fixed.get("other")):
        return unit, not heads
    compound = " ".join(quantity.of.split()[-2:]).removesuffix("s")
    same = SAME_UNITS.get(compound) or SAME_UNITS.get(stated or "")
    noun = same or stated or ""
    if noun in KEPT_NOUNS or noun == "person":  # "a ten-member customs team"
        return noun, False
    said = tuple(name for name in phrase_classes(quantity.of) if name != "national")  # "two Kenyan vessels"
    unknown = is_unlisted(candidate, quantity.of.rpartition(" ")[2])  # heads are then those of another noun
    classes = said if unknown else (*heads, *said)  # "eight fishing boat seizures" are ships
    named = next((UNITS_OF_CLASSES[name] for name in classes if name in UNITS_OF_CLASSES), None)
    if recorded := named or same:
        return recorded, False
    for word in quantity.of.split():
        singular = SAME_UNITS.get(word.removesuffix("s"), word.removesuffix("s"))
        if singular in KEPT_NOUNS:
            return singular, False
    return DEFAULT_UNITS[metric], not heads


def name_kind(candidate: Candidate) -> str:
    """level, change or share."""
    quantity = candidate.quantity
    if quantity.unit == "percent" and quantity.kind == "level":
        return "share"
    return quantity.kind


def name_of(candidate: Candidate, metric: str) -> str:
    """A noun phrase, mostly of two or three words, for what exactly is measured.

    The counted phrase where it says so itself. Money, shares and the things that stand for something else
    (sites equipped, bags of a drug) are named by the nearest phrase of the metric's classes, people counted
    by a plain noun by what they did. A general word for the metric stands where the text gives none.
    """
    if whole := _changed(candidate):
        return name_of(whole, metric)
    counted, wanted = _counted(candidate), OF_CLASSES.get(metric, frozenset())
    if metric == "seizures" and candidate.group in MEASURED:
        wanted -= CARRIERS
    if metric in NAMED_BY_TOPIC:
        follows = _follows(candidate)
        stated = counted if follows and _stands_for_itself(candidate, counted, wanted) else []
        sums = SUMS.get(metric, {})
        told = _nearest_word(candidate, frozenset(sums))
        words = stated or (sums[told].split() if told else _by_topic(candidate, PURPOSES[metric]))
    elif metric in NAMED_BY_PURPOSE:
        words = _bought(candidate) or _priced(candidate) or _device(candidate, metric)
        words = words or _nearest(candidate, wanted, PURPOSES[metric])
        words = words or _by_topic(candidate, PURPOSES[metric])
        words = words or (counted if candidate.group not in MEASURED else [])
    elif metric in PEOPLE_WORDS:
        words = _of_nation(candidate, counted, metric) or _people(candidate, counted, metric)
    elif said := _said_to_be(candidate):
        words = said
    elif metric in HELD_GOODS and candidate.group in CONTAINING and len(counted) == 1 and (held := _held(candidate)):
        words = held
    elif counted and counted[-1] in EVENTS:
        words = [*_by_topic(candidate, EVENT_WORDS), counted[-1]] if len(counted) == 1 else counted
    elif _stands_for_itself(candidate, counted, wanted):
        words = counted
    else:
        words = _stand_in(candidate, counted, metric)
    return " ".join(dict.fromkeys(words)) or OF_DEFAULTS[metric]


def _changed(candidate: Candidate) -> Candidate | None:
    """The figure before this one, where this one tells in passing by how much it changed."""
    where, quantity = candidate.where, candidate.quantity
    if not candidate.index or quantity.kind not in ("change", "share") or _follows(candidate):
        return None
    before = where.quantities[candidate.index - 1]
    text = where.reading.cable.masked[before.end : quantity.start]
    told = before.reason is None and APPOSED_CHANGE.search(text)
    return Candidate(before, where, candidate.index - 1) if told else None


def _stand_in(candidate: Candidate, counted: list[str], metric: str) -> list[str]:
    """The phrase near the figure that says what a measure, a share or a general noun is of."""
    wanted = OF_CLASSES.get(metric, frozenset())
    course = _nearest(candidate, COURSE, {}) if metric == "people_trained" else []
    if len(course) > 1:
        return course
    if candidate.group in MEASURED:
        wanted -= CARRIERS
    if metric == "seizures" and candidate.group == "money" and not _tells_value(candidate):
        return _nearest(candidate, CASH, {}) or ["cash"]
    follows = _follows(candidate)
    if follows and (candidate.group == "trainee" or (metric == "traffic" and candidate.group == "person")):
        return counted or OF_PEOPLE.get(metric, [])
    unknown = metric == "equipment" and follows and len(counted) > 1 and not phrase_classes(counted[-1])
    if unknown or (metric in PLAIN_GOODS and counted and is_unlisted(candidate, counted[-1])):
        return counted
    if found := _nearest(candidate, wanted, {}):
        return found
    kept = counted if follows and counted and counted[-1] not in BARE else []
    return kept or _by_topic(candidate, PURPOSES.get(metric, {})) or _event(candidate, metric)


def _event(candidate: Candidate, metric: str) -> list[str]:
    """The act or case told before a number ("raised its prosecutions to 40") with its topic, where acts are counted."""
    usual = OF_DEFAULTS[metric].split()[-1]
    if usual not in EVENTS:
        return []
    last = bisect_left(candidate.where.stretch.starts, candidate.quantity.start)
    before = candidate.where.tokens[max(0, last - NEAR) : last][::-1]
    event = next((token.word for token in before if token.word in EVENTS), usual)
    topic = _by_topic(candidate, EVENT_WORDS)
    return [*topic, event] if topic or event != usual else []


def _said_to_be(candidate: Candidate) -> list[str]:
    """What a part of the things named before are said to be: "18,000 of these were assault rifles"."""
    told = OF_THESE.match(candidate.where.reading.cable.masked, candidate.quantity.end)
    first = bisect_left(candidate.where.stretch.starts, told.end()) if told else 0
    phrase = takewhile(lambda token: is_name(token.word), candidate.where.tokens[first:] if told else ())
    words = [token.word for token in phrase][:LONGEST]
    return words if words and any(token.nouns for token in classify_words(words[-1])) else []


def _bought(candidate: Candidate) -> list[str]:
    """What a sum is said to be for ("$70,000 for crew safety gear"), if a known thing ends the phrase."""
    tokens = candidate.where.tokens
    first = bisect_left(candidate.where.stretch.starts, candidate.quantity.end)
    if candidate.group not in MEASURED or [token.word for token in tokens[first : first + 1]] != ["for"]:
        return []
    last = first + 1
    while last < len(tokens) and is_name(tokens[last].word) and (last == first + 1 or _adjoin(tokens, last)):
        last += 1
    phrase = tokens[first + 1 : last]
    return [token.word for token in phrase][-LONGEST:] if len(phrase) > 1 and phrase[-1].nouns else []


def _priced(candidate: Candidate) -> list[str]:
    """The things counted before a sum that is their price: "four coastal radars for $3 million"."""
    where, tokens, index = candidate.where, candidate.where.tokens, candidate.index
    first = bisect_left(where.stretch.starts, candidate.quantity.start)
    if candidate.group != "money" or not index or tokens[first - 1].word not in PRICE_SIGNS:
        return []
    opens = next((token.end for token in tokens[: first - 1][::-1] if token.word in CLAUSE_ENDS), where.sentence.start)
    for place in range(index - 1, -1, -1):
        counted = Candidate(where.quantities[place], where, place)
        if counted.quantity.start < opens:
            break
        if counted.quantity.reason is None and _follows(counted):
            words = _counted(counted)
            return words if words and not GOODS.isdisjoint(phrase_classes(words[-1])) else []
    return []


def _device(candidate: Candidate, metric: str) -> list[str]:
    """What sites are equipped with, before any purpose: "portal monitors at four ports under a programme"."""
    words = _nearest(candidate, OF_CLASSES[metric], {}) if metric in NAMED_BY_CAPABILITY else []
    return words if len(words) > 1 else []


def _gives_worth(candidate: Candidate) -> bool:
    """Whether the words before a sum, or a bracket, make it the worth or cost of what was named before it."""
    first = bisect_left(candidate.where.stretch.starts, candidate.quantity.start)
    tokens = candidate.where.tokens
    return any(token.word in WORTH for token in tokens[max(0, first - 3) : first])


def _tells_value(candidate: Candidate) -> bool:
    """Whether the sentence gives what goods are worth, so that a sum in it is not cash."""
    return any("value_n" in token.nouns for token in candidate.where.tokens) or _gives_worth(candidate)


def _stands_for_itself(candidate: Candidate, counted: list[str], wanted: frozenset[str]) -> bool:
    """Whether the counted phrase says what is meant: it names a thing of the metric, or is a known noun counted."""
    tokens = classify_words(" ".join(counted))
    bare = BARE & POINTS if wanted & PLACES else BARE
    if not counted or (len(counted) == 1 and counted[0] in bare):
        return False
    follows = _follows(candidate)
    for index, token in enumerate(tokens):
        named = wanted.intersection(token.nouns) and (token.until > index + 1 or token.word not in bare)
        if named and (follows or token.until == len(tokens)):
            return True
    if (
        follows
        and candidate.group in CONTAINING
        and any(wanted.intersection(token.nouns) for word in counted[:-1] for token in classify_words(word))
    ):
        return True  # "marijuana plants" are known as plants, and say of what
    return follows and bool(tokens[-1].nouns) and candidate.group not in MEASURED | CONTAINING


def _counted(candidate: Candidate) -> list[str]:
    """The counted noun phrase up to the first preposition, without words that name nothing."""
    run: list[str] = []
    for word in _WORD.findall(candidate.quantity.of.lower()):
        if word in JOINTS or (word == "of" and run and run[-1] in HOLLOW):
            run = []
        elif is_name(word):
            run.append(word)
        elif run:
            break
    while run and run[-1] in HOLLOW:
        run.pop()
    return run[-LONGEST:]


def _follows(candidate: Candidate) -> bool:
    """Whether what is counted stands behind the number."""
    return candidate.quantity.noun_start >= candidate.quantity.end


def _held(candidate: Candidate) -> list[str]:
    """What the counted things hold: the phrase behind "of" in "two shipments of coins"."""
    tokens = candidate.where.tokens
    first = bisect_left(candidate.where.stretch.starts, candidate.quantity.noun_end)
    if not _follows(candidate) or [t.word for t in tokens[first : first + 1]] != ["of"]:
        return []
    phrase = takewhile(lambda token: is_name(token.word), tokens[first + 1 :])
    return [token.word for token in phrase][-LONGEST:]


def _nearest(candidate: Candidate, wanted: frozenset[str], purposes: dict[str, str]) -> list[str]:
    """The nearest phrase of the wanted classes: in the clause after the number first, then before it, then farther."""
    where, quantity = candidate.where, candidate.quantity
    last = bisect_left(where.stretch.starts, quantity.end)
    first = bisect_left(where.stretch.starts, quantity.start)
    ends = (i for i in range(last, len(where.tokens)) if where.tokens[i].word in CLAUSE_ENDS)
    clause = min(next(ends, len(where.tokens)), last + NEAR)
    before = range(first - 1, -1, -1)
    sides = [range(last, clause), before[:NEAR], range(clause, len(where.tokens)), before[NEAR:]]
    if _gives_worth(candidate):
        sides = [before[:NEAR], *sides]
    for side in sides:
        for index in side:
            if words := _name_at(candidate, index, wanted, purposes):
                return words
    return []


def _name_at(candidate: Candidate, index: int, wanted: frozenset[str], purposes: dict[str, str]) -> list[str]:
    """The name that a word gives: the phrase of a wanted noun or programme, or the purpose its topic stands for."""
    token = candidate.where.tokens[index]
    hollow = token.word in HOLLOW and token.until == index + 1
    if not is_name(token.word) or hollow or _is_infinitive(candidate, index):
        return []
    key = next((name for name in purposes if name in (token.word, *token.nouns, *token.cues)), None)
    if not wanted.isdisjoint(token.nouns):
        phrase = _widen(candidate, index, token.until, named=wanted == COURSE)
        bare = BARE & POINTS if wanted & PLACES else BARE
        if phrase and bare.isdisjoint((phrase[-1], candidate.where.tokens[token.until - 1].word)):
            return phrase
    elif token.word in PROGRAMS and purposes:
        phrase = _widen(candidate, index, index + 1, named=True)
        return phrase if len(phrase) > 1 else []
    if key is None or _is_acronym(candidate, token):
        return []
    phrase = _widen(candidate, index, index + 1)
    return phrase if len(phrase) > 1 and phrase[-1] in CONTINUING else purposes[key].split()


def _is_infinitive(candidate: Candidate, index: int) -> bool:
    """Whether a word that may be a noun is a verb here: "to monitor the coast"."""
    token = candidate.where.tokens[index]
    after_to = index > 0 and candidate.where.tokens[index - 1].word == "to"
    return after_to and bool(token.verbs) and not token.word.endswith("s")


def _widen(candidate: Candidate, start: int, end: int, named: bool = False) -> list[str]:
    """The words of a phrase with those that belong to it: what continues it, then what qualifies it."""
    tokens = candidate.where.tokens
    while end < len(tokens) and tokens[end].word in CONTINUING and _adjoin(tokens, end):
        end += 1
    while start and end - start < LONGEST and _adjoin(tokens, start):
        if not _qualifies(candidate, tokens[start - 1], named):
            break
        start -= 1
    words = [token.word for token in tokens[start:end]]
    if "of" in words[1:] and words[words.index("of") - 1] in HOLLOW:  # "rounds of ammunition"
        start += words.index("of") + 1
    return [token.word for token in tokens[start:end] if is_name(token.word)][-LONGEST:]


def _adjoin(tokens: list[Token], index: int) -> bool:
    """Whether nothing but a blank stands between a word and the one before it."""
    return tokens[index].start - tokens[index - 1].end <= 1


def _qualifies(candidate: Candidate, token: Token, named: bool) -> bool:
    """Whether a word can qualify the noun behind it: a known noun or topic word, or a name where one is looked for."""
    if not is_name(token.word) or token.word in HOLLOW or "length" in token.nouns:
        return False
    known = bool(token.nouns or token.cues) and not (token.verbs and not token.nouns)
    return known or (named and not token.verbs)


def _is_acronym(candidate: Candidate, token: Token) -> bool:
    """Whether a word is written as the short name of an agency ("DEA")."""
    return candidate.where.reading.cable.masked[token.start : token.end].isupper() and len(token.word) < LONGEST + 2


@cache
def _place_words() -> frozenset[str]:
    return frozenset(name.lower() for names in country_names().values() for name in names)


def is_name(word: str) -> bool:
    """Whether the word can stand in a name of what is measured."""
    known = word in STOP_WORDS or word.removesuffix("'s") in _place_words()
    return word[0].isalnum() and not word.isdigit() and not known


def _people(candidate: Candidate, counted: list[str], metric: str) -> list[str]:
    """People by what they are called, else ("two men", "three Peruvians") by what they did, after their nation."""
    if candidate.group == "suspect" and counted and counted[-1] not in PLAIN_SUSPECTS:
        return counted if len(counted) > 1 else [*_by_topic(candidate, SUSPECT_WORDS), *counted]
    if counted and counted[-1] in EVENTS:
        return counted if len(counted) > 1 else [*_by_topic(candidate, EVENT_WORDS), *counted]
    share = candidate.group == "percent" and len(counted) > 1
    called = share and not CALLED.isdisjoint(phrase_classes(counted[-1]))  # "half of the dock workers"
    plain = candidate.group in PLAIN_PEOPLE and not share
    if called or (not plain and _stands_for_itself(candidate, counted, OF_CLASSES[metric])):
        return counted
    if counted and is_unlisted(candidate, counted[-1]):
        return counted
    role = _role(candidate, metric)
    if metric == "irregular_crossings" and not DEAD.isdisjoint(counted) and _follows(candidate):
        role = ["dead", role[-1]]
    elif metric == "irregular_crossings" and (act := _nearest_word(candidate, CROSSING_ACTS)):
        role = [act, role[-1]]
    if counted and counted[-1] in KEPT_PEOPLE:
        return [*role[:-1], counted[-1]]
    nation = next(
        (t.word for t in classify_words(" ".join(counted)) if "national" in t.nouns and is_nation(t.word)), None
    )
    return [nation.removesuffix("s"), *role[:1], role[-1]] if nation and candidate.group != "percent" else role


def _role(candidate: Candidate, metric: str) -> list[str]:
    """What people did or are, by the topic spoken of."""
    convicted = metric == "arrests" and not CONVICTED.isdisjoint(token.word for token in candidate.where.tokens)
    role = _by_topic(candidate, PEOPLE_WORDS["convicted" if convicted else metric])
    if not role and metric == "irregular_crossings":
        role = _nearest(candidate, OF_CLASSES["irregular_crossings"] - {"national", "person"}, {})
    return role or OF_DEFAULTS[metric].split()


def _of_nation(candidate: Candidate, counted: list[str], metric: str) -> list[str]:
    """People by the nation that they are said to be of behind their number: "one was Kenyan"."""
    text = candidate.where.reading.cable.masked
    told = SAID_OF_PEOPLE.match(text, candidate.quantity.end)
    line = " ".join(text[told.end() : told.end() + LONGEST_NATION].split()) if told else ""
    name = next(iter(find_names(line)), None)
    if name is None or name.kind != "people" or name.start:
        return []
    named = candidate.group == "suspect" and counted and counted[-1] not in PLAIN_SUSPECTS
    role = counted[-1:] if named else _role(candidate, metric)
    return [*line[: name.end].lower().split(), *role[:1], role[-1]]


def is_unlisted(candidate: Candidate, word: str) -> bool:
    """Whether a plural that no list knows stands right behind the number and so is what is meant ("two priests")."""
    quantity = candidate.quantity
    if not _follows(candidate) or candidate.group in MEASURED or not (word.endswith("s") and is_name(word)):
        return False
    text = candidate.where.reading.cable.masked[quantity.end : quantity.noun_end]
    return text.endswith(word) and len(text.split()) < LONGEST and not any(t.nouns for t in classify_words(word))


def _nearest_word(candidate: Candidate, words: frozenset[str]) -> str | None:
    """The nearest of the words to the number, within NEAR words on either side."""
    tokens, starts = _without_part(candidate), candidate.where.stretch.starts
    first, last = (bisect_left(starts, place) for place in (candidate.quantity.start, candidate.quantity.end))
    sides = zip_longest(tokens[max(0, first - NEAR) : first][::-1], tokens[last : last + NEAR])
    return next((token.word for pair in sides for token in pair if token and token.word in words), None)


def _without_part(candidate: Candidate) -> list[Token]:
    """The words of the sentence, up to those on a part of the figure ("of whom only 24 were sent back")."""
    tokens = candidate.where.tokens
    last = bisect_left(candidate.where.stretch.starts, candidate.quantity.end)
    joints = (index for index in range(last, len(tokens)) if tokens[index].word in PART_JOINTS)
    return tokens[: next(joints, len(tokens))]


def is_nation(word: str) -> bool:
    """Whether a word for people of a nation says which."""
    return word.removesuffix("s") not in ("national", "citizen")


def _by_topic(candidate: Candidate, words: dict[str, str]) -> list[str]:
    """The words for the first topic of the table in the sentence, else in the text around it, else in the cable.

    Verbs ("to deport") count in the sentence itself only.
    """
    tokens = _without_part(candidate)
    spoken = {name for token in tokens for name in (token.word, *token.cues, *token.nouns)}
    spoken.update(f"to {verb}" for token in tokens for verb in token.verbs)
    outside = candidate.where.around + candidate.where.outside
    around = {name.partition("=")[2] for name in outside if name.startswith(("para+=", "before="))}
    of_cable = {name.removeprefix("cable+=") for name in candidate.where.reading.of_cable if name.startswith("cable+=")}
    for topics in (spoken, around, of_cable):
        found = next((text.split() for topic, text in words.items() if topic in topics), None)
        if found:
            return found
    return []
