"""Classes of nouns, verbs and cue words, with the forms each word takes, looked up in running text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import re2

FOLDER = Path(__file__).parent
TOKEN = re.compile(r"[A-Za-z]+(?:[.'’/&-][A-Za-z0-9]+)*|\d[\d,.]*|[$€£%;:()?!]|--|,")
IRREGULAR_PLURALS = {
    "man": "men",
    "woman": "women",
    "child": "children",
    "person": "persons",
    "foot": "feet",
    "mouse": "mice",
    "goose": "geese",
    "index": "indices",
}
IRREGULAR_VERBS = {
    "be": ("is", "are", "was", "were", "been", "being"),
    "have": ("has", "had", "having"),
    "do": ("does", "did", "done", "doing"),
    "go": ("goes", "went", "gone", "going"),
    "find": ("finds", "found", "finding"),
    "hold": ("holds", "held", "holding"),
    "catch": ("catches", "caught", "catching"),
    "take": ("takes", "took", "taken", "taking"),
    "teach": ("teaches", "taught", "teaching"),
    "bring": ("brings", "brought", "bringing"),
    "buy": ("buys", "bought", "buying"),
    "seek": ("seeks", "sought", "seeking"),
    "give": ("gives", "gave", "given", "giving"),
    "spend": ("spends", "spent", "spending"),
    "send": ("sends", "sent", "sending"),
    "lend": ("lends", "lent", "lending"),
    "build": ("builds", "built", "building"),
    "set": ("sets", "setting"),
    "cut": ("cuts", "cutting"),
    "put": ("puts", "putting"),
    "hit": ("hits", "hitting"),
    "shut": ("shuts", "shutting"),
    "run": ("runs", "ran", "running"),
    "win": ("wins", "won", "winning"),
    "sell": ("sells", "sold", "selling"),
    "tell": ("tells", "told", "telling"),
    "say": ("says", "said", "saying"),
    "pay": ("pays", "paid", "paying"),
    "lose": ("loses", "lost", "losing"),
    "steal": ("steals", "stole", "stolen", "stealing"),
    "leave": ("leaves", "left", "leaving"),
    "come": ("comes", "came", "coming"),
    "become": ("becomes", "became", "becoming"),
    "flee": ("flees", "fled", "fleeing"),
    "sneak": ("sneaks", "sneaked", "snuck", "sneaking"),
    "swim": ("swims", "swam", "swum", "swimming"),
    "fly": ("flies", "flew", "flown", "flying"),
    "grow": ("grows", "grew", "grown", "growing"),
    "rise": ("rises", "rose", "risen", "rising"),
    "fall": ("falls", "fell", "fallen", "falling"),
    "shoot": ("shoots", "shot", "shooting"),
    "sink": ("sinks", "sank", "sunk", "sinking"),
    "die": ("dies", "died", "dying"),
    "try": ("tries", "tried", "trying"),
    "hide": ("hides", "hid", "hidden", "hiding"),
    "break": ("breaks", "broke", "broken", "breaking"),
    "overstay": ("overstays", "overstayed", "overstaying"),
    "meet": ("meets", "met", "meeting"),
    "beef": ("beefs", "beefed", "beefing"),
    "plead": ("pleads", "pleaded", "pled", "pleading"),
    "shake": ("shakes", "shook", "shaken", "shaking"),
    "cost": ("costs", "costing"),
    "bust": ("busts", "busted", "busting"),
    "fit": ("fits", "fitted", "fitting"),
    "man": ("mans", "manned", "manning"),
    "net": ("nets", "netted", "netting"),
    "stop": ("stops", "stopped", "stopping"),
    "ship": ("ships", "shipped", "shipping"),
    "drop": ("drops", "dropped", "dropping"),
    "slip": ("slips", "slipped", "slipping"),
    "equip": ("equips", "equipped", "equipping"),
    "skim": ("skims", "skimmed", "skimming"),
    "nab": ("nabs", "nabbed", "nabbing"),
    "scan": ("scans", "scanned", "scanning"),
    "commit": ("commits", "committed", "committing"),
    "transfer": ("transfers", "transferred", "transferring"),
    "traffic": ("traffics", "trafficked", "trafficking"),
    "travel": ("travels", "traveled", "travelled", "traveling", "travelling"),
    "enrol": ("enrols", "enrolled", "enrolling"),
    "cancel": ("cancels", "canceled", "cancelled", "canceling", "cancelling"),
    "begin": ("begins", "began", "begun", "beginning"),
    "see": ("sees", "saw", "seen", "seeing"),
}

Words = tuple[str, ...]


class Token(NamedTuple):
    """One word or sign of a text: half-open span, lower-case form, and the classes that begin or stand here.

    `nouns` are the classes of the longest noun phrase that ends at `until` (an index into the token list).
    """

    start: int
    end: int
    word: str
    nouns: Words
    verbs: Words
    cues: Words
    until: int


def plural_forms(noun: str) -> Iterator[str]:
    """The plural of a noun.

    >>> list(plural_forms("agency")), list(plural_forms("policeman")), list(plural_forms("box"))
    (['agencies'], ['policemen'], ['boxes'])
    """
    for ending, plural in IRREGULAR_PLURALS.items():
        if noun.endswith(ending) and not noun.endswith(("human", "german", "roman")):
            yield noun.removesuffix(ending) + plural
            return
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        yield noun[:-1] + "ies"
    elif noun.endswith(("s", "x", "z", "ch", "sh")):
        yield noun + "es"
    else:
        yield noun + "s"


def verb_forms(verb: str) -> Iterator[str]:
    """The third person, past and participles of a verb, besides its plain form.

    >>> list(verb_forms("seize")), list(verb_forms("carry")), list(verb_forms("fly"))
    (['seizes', 'seized', 'seizing'], ['carries', 'carried', 'carrying'], ['flies', 'flew', 'flown', 'flying'])
    """
    if verb in IRREGULAR_VERBS:
        yield from IRREGULAR_VERBS[verb]
    elif verb.endswith("e"):
        yield from (verb + "s", verb + "d", (verb[:-1] if not verb.endswith("ee") else verb) + "ing")
    elif verb.endswith("y") and verb[-2] not in "aeiou":
        yield from (verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing")
    else:
        yield from (verb + ("es" if verb.endswith(("s", "x", "ch", "sh")) else "s"), verb + "ed", verb + "ing")


NO_PHRASES: dict[Words, list[str]] = {}


class Lexicon:
    """Words and phrases with their classes; finds the classes at a place in a list of words."""

    def __init__(self) -> None:
        self._entries: dict[str, dict[Words, list[str]]] = {}

    def add(self, phrase: Words, name: str) -> None:
        """Let the phrase stand for the class."""
        names = self._entries.setdefault(phrase[0], {}).setdefault(phrase, [])
        if name not in names:
            names.append(name)

    @property
    def firsts(self) -> AbstractSet[str]:
        """The words that begin a phrase."""
        return self._entries.keys()

    def seconds(self, word: str) -> Iterator[str]:
        """The words that go on from a first word in longer phrases."""
        return (phrase[1] for phrase in self._entries.get(word, NO_PHRASES) if len(phrase) > 1)

    def phrases(self, names: AbstractSet[str]) -> list[Words]:
        """The phrases that stand for any of the classes."""
        found = (pair for entries in self._entries.values() for pair in entries.items())
        return [phrase for phrase, classes in found if not names.isdisjoint(classes)]

    def longest(self, words: Words, index: int) -> tuple[Words, int]:
        """Classes of the longest phrase that starts at `index`, and the index after it."""
        best: tuple[Words, int] = ((), index + 1)
        for phrase, names in self._entries.get(words[index], NO_PHRASES).items():
            end = index + len(phrase)
            if (end > best[1] or not best[0]) and words[index:end] == phrase:
                best = (tuple(names), end)
        return best

    def all(self, words: Words, index: int) -> Words:
        """Classes of all phrases that start at `index`."""
        if words[index] not in self._entries:
            return ()
        found: list[str] = []
        for phrase, names in self._entries[words[index]].items():
            if len(phrase) == 1 or words[index : index + len(phrase)] == phrase:
                found.extend(name for name in names if name not in found)
        return tuple(found)


def split_words(text: str) -> Words:
    """Lower-case words and signs of a text.

    >>> split_words("Two x-ray machines, $1.5 million")
    ('two', 'x-ray', 'machines', ',', '$', '1.5', 'million')
    """
    return tuple(match.group().lower() for match in TOKEN.finditer(text))


def _read_classes(path: Path) -> Iterator[tuple[str, str, list[Words]]]:
    """(section, class, phrases) of each line of a vocabulary file."""
    section = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            section = line[1:-1]
        elif line.strip() and not line.startswith("#"):
            name, _, entries = line.partition(":")
            yield section, name.strip(), [split_words(entry) for entry in entries.split(",") if entry.strip()]


@lru_cache(maxsize=1)
def load_lexicons() -> tuple[Lexicon, Lexicon, Lexicon]:
    """The lexicons of nouns, verbs and cue words."""
    nouns, verbs, cues = Lexicon(), Lexicon(), Lexicon()
    for _, name, phrases in _read_classes(FOLDER / "nouns.txt"):
        for phrase in phrases:
            for last in (phrase[-1], *plural_forms(phrase[-1])):
                nouns.add((*phrase[:-1], last), name)
    for section, name, phrases in _read_classes(FOLDER / "cues.txt"):
        for phrase in phrases:
            if section == "words":
                cues.add(phrase, name)
            else:
                for first in (phrase[0], *verb_forms(phrase[0])):
                    verbs.add((first, *phrase[1:]), name)
    return nouns, verbs, cues


class Entry(NamedTuple):
    """What a word says where no longer phrase begins with it, and the second words of the phrases that do."""

    nouns: Words
    verbs: Words
    cues: Words
    seconds: frozenset[str]


@lru_cache(maxsize=1)
def load_entries() -> dict[str, Entry]:
    """Every word that begins a phrase of any lexicon."""
    nouns, verbs, cues = lexicons = load_lexicons()
    return {
        word: Entry(
            nouns.all((word,), 0),
            verbs.all((word,), 0),
            cues.all((word,), 0),
            frozenset(second for lexicon in lexicons for second in lexicon.seconds(word)),
        )
        for word in frozenset().union(*(lexicon.firsts for lexicon in lexicons))
    }


def classify_words(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """Words of `text[start:end]` with their classes; offsets index `text`."""
    nouns, verbs, cues = load_lexicons()
    end = len(text) if end is None else end
    matches = list(TOKEN.finditer(text, start, end))
    words = tuple([match.group().lower() for match in matches])
    if text.find("’", start, end) >= 0:
        words = tuple([word.replace("’", "'") for word in words])
    entries = load_entries()
    nothing: Words = ()
    tokens: list[Token] = []
    inside = 0
    for index, (match, word, following) in enumerate(zip(matches, words, (*words, "")[1:], strict=True)):
        until = index + 1
        entry = entries.get(word)
        if entry is None:
            found = acts = hints = nothing
        elif following not in entry.seconds:
            found, acts, hints = entry.nouns if index >= inside else nothing, entry.verbs, entry.cues
        else:
            if index >= inside:
                found, until = nouns.longest(words, index)
                inside = until
            else:
                found = nothing
            acts, hints = verbs.all(words, index), cues.all(words, index)
        if "-" in word and not (found or acts or hints):
            found, acts, hints = _classes_of_parts(word)
        tokens.append(Token(*match.span(), word, found, acts, hints, until))
    return tokens


def count_cues(text: str, start: int, end: int) -> Counter[str]:
    """How often each class of cue words occurs in `text[start:end]`; "words" counts all words.

    The same counts as of `classify_words`, but a word that begins no longer phrase here is looked up once.
    """
    words = tuple([word.lower() for word in TOKEN.findall(text, start, end)])
    if text.find("’", start, end) >= 0:
        words = tuple([word.replace("’", "'") for word in words])
    times, (alone, longer) = Counter(words), load_cues()
    counts = Counter(words=len(words))
    for word in times.keys() & alone.keys():
        for name in alone[word]:
            counts[name] += times[word]
    if begun := {word for word in times.keys() & longer.keys() if not longer[word].isdisjoint(times)}:
        cues = load_lexicons()[2]
        for index, (word, following) in enumerate(pairwise(words)):
            if word in begun and following in longer[word]:
                counts.update([name for name in cues.all(words, index) if name not in alone[word]])
    for word in [word for word in times if "-" in word]:
        if hints := _classes_of_parts(word)[2]:
            if word in load_entries():  # then the phrases around it decide
                return Counter([name for token in classify_words(text, start, end) for name in ("words", *token.cues)])
            counts.update(hints * times[word])
    return counts


@lru_cache(maxsize=1)
def load_cues() -> tuple[dict[str, Words], dict[str, frozenset[str]]]:
    """The classes of each cue word that stands alone, and the second words of those that begin longer phrases."""
    cues = load_lexicons()[2]
    alone = {word: cues.all((word,), 0) for word in cues.firsts}
    return alone, {word: found for word in alone if (found := frozenset(cues.seconds(word)))}


@lru_cache(maxsize=8)
def cue_scan(names: frozenset[str]) -> Any:
    """A pattern over ASCII bytes that matches in every text with a cue word of one of the classes, and in few others.

    One scan at some hundred megabytes a second tells which texts need no reading word by word.
    """
    _, _, cues = load_lexicons()
    phrases = {"[^A-Za-z0-9]+".join(map(_letters, phrase)) for phrase in cues.phrases(names)}
    return re2.compile(rf"(?i)(?:^|[^a-z])(?:{'|'.join(sorted(phrases))})(?:[^a-z]|$)".encode())


def _letters(word: str) -> str:
    """The word as a pattern in which anything may stand for a sign that is no letter or digit."""
    return re.sub(r"[^a-z0-9]+", "[^A-Za-z0-9]+", word)


@lru_cache(maxsize=4096)
def _classes_of_parts(word: str) -> tuple[Words, Words, Words]:
    """Nouns, verbs and cues of the known parts of a hyphenated word ("drug-related", "cocaine-laden")."""
    parts = tuple(part for part in word.split("-") if part)
    nouns, verbs, cues = (
        _merge(lexicon.all(parts, index) for index in range(len(parts))) for lexicon in load_lexicons()
    )
    return nouns, verbs, cues


def _merge(groups: Iterable[Words]) -> Words:
    return tuple(dict.fromkeys(name for group in groups for name in group))
