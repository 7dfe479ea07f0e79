"""Classes of nouns, verbs and cue words, with the forms each word takes, looked up in running text."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, compress, repeat
from pathlib import Path
from string import ascii_lowercase, ascii_uppercase
from typing import Any, NamedTuple

import re2

from metrics.vocabulary.tables import word_set

FOLDER = Path(__file__).parent
TOKEN = re.compile(r"[a-z]++(?:[.'/&-][a-z0-9]++)*+|\d[\d,.]*+|[$€£%;:()?!,]|--")
PLAIN = str.maketrans(dict(zip(ascii_uppercase, ascii_lowercase, strict=True)) | {"’": "'"})
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
    "traffic": ("traffics", "trafficked", "trafficking"),
    "travel": ("travels", "traveled", "travelled", "traveling", "travelling"),
    "enrol": ("enrols", "enrolled", "enrolling"),
    "cancel": ("cancels", "canceled", "cancelled", "canceling", "cancelling"),
    "begin": ("begins", "began", "begun", "beginning"),
    "see": ("sees", "saw", "seen", "seeing"),
}

# Verbs with a stressed last syllable, which double its consonant.
DOUBLING_VERBS = word_set("verbs", "doubling")

Words = tuple[str, ...]


class Token(NamedTuple):
    """One word or sign of a text: half-open span, lower-case form, and the classes that begin or stand here.

    `nouns` are the classes of the longest noun phrase that begins here and ends before `until` (an index into the
    token list).
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
    elif verb in DOUBLING_VERBS:
        yield from (verb + "s", verb + verb[-1] + "ed", verb + verb[-1] + "ing")
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
    return tuple(TOKEN.findall(_fold(text)))


def _fold(text: str) -> str:
    """The text with small letters and plain apostrophes, of the same length."""
    return text.lower() if text.isascii() else text.translate(PLAIN)


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


class Sense(NamedTuple):
    """The classes that begin or stand at a word, and the names of all of them."""

    nouns: Words
    verbs: Words
    cues: Words
    names: Words

    @classmethod
    def of(cls, nouns: Words, verbs: Words, cues: Words) -> Sense:
        """The sense of these classes."""
        return cls(nouns, verbs, cues, (*nouns, *verbs, *cues))


NO_SENSE = Sense.of((), (), ())


@lru_cache(maxsize=1)
def load_senses() -> tuple[dict[str, Sense], dict[str, frozenset[str]]]:
    """What each word says that begins a phrase of any lexicon, and the second words of the longer phrases it begins."""
    lexicons = load_lexicons()
    firsts = frozenset().union(*(lexicon.firsts for lexicon in lexicons))
    alone = {word: Sense.of(*(lexicon.all((word,), 0) for lexicon in lexicons)) for word in firsts}
    seconds = {word: frozenset(second for lexicon in lexicons for second in lexicon.seconds(word)) for word in firsts}
    return alone, {word: found for word, found in seconds.items() if found}


@dataclass(frozen=True, slots=True)
class Stretch:
    """The words of a stretch of text in lower case, where each starts, and what each says.

    `ends` has for the first word of each longer noun phrase the index behind its last.
    """

    words: Words
    starts: list[int]
    senses: list[Sense]
    ends: dict[int, int]

    def tokens(self) -> list[Token]:
        """The words one by one."""
        rows = enumerate(zip(self.starts, self.words, self.senses, strict=True))
        return [
            Token(start, start + len(word), word, sense.nouns, sense.verbs, sense.cues, self.ends.get(index, index + 1))
            for index, (start, word, sense) in rows
        ]


def read_stretch(text: str, start: int, end: int) -> Stretch:
    """Words of `text[start:end]` with what they say; offsets index `text`."""
    folded = _fold(text[start:end])
    matches = list(TOKEN.finditer(folded))
    words = tuple([match.group() for match in matches])
    return Stretch(words, [start + match.start() for match in matches], *find_senses(words))


def classify_words(text: str) -> list[Token]:
    """Words of the text with their classes."""
    return read_stretch(text, 0, len(text)).tokens()


def find_classes(text: str) -> Words:
    """The distinct classes of the words of the text, in order."""
    return distinct_classes(find_senses(split_words(text))[0])


def distinct_classes(senses: Iterable[Sense]) -> Words:
    """The distinct classes of all the senses, in order."""
    return tuple(dict.fromkeys(chain.from_iterable([sense.names for sense in senses])))


def find_senses(words: Words) -> tuple[list[Sense], dict[int, int]]:
    """What each word says where it stands, and the ends of longer noun phrases, as in `Stretch`.

    Of the words inside a longer noun phrase the nouns of their own do not count; a compound with a hyphen that is not
    known says what its parts say.
    """
    alone, seconds = load_senses()
    senses = list(map(alone.get, words, repeat(NO_SENSE)))
    ends: dict[int, int] = {}
    nouns, verbs, cues = load_lexicons()
    inside = 0
    for index in compress(range(len(words) - 1), map(seconds.__contains__, words)):
        if words[index + 1] not in seconds[words[index]]:
            continue
        found: Words = ()
        if index >= inside:
            found, inside = nouns.longest(words, index)
            if inside > index + 1:
                ends[index] = inside
                within = senses[index + 1 : inside]
                senses[index + 1 : inside] = [Sense.of((), sense.verbs, sense.cues) for sense in within]
        senses[index] = Sense.of(found, verbs.all(words, index), cues.all(words, index))
    for index, word in enumerate(words):
        if "-" in word and not senses[index].names:
            senses[index] = _sense_of_parts(word)
    return senses, ends


def count_cues(text: str, names: frozenset[str]) -> Counter[str]:
    """How often each of these classes of cue words occurs in the text; "words" counts all words.

    The same counts as of `find_senses`, by a look at the words with a cue alone.
    """
    words = split_words(text)
    alone, seconds = load_cues(names)
    cues = load_lexicons()[2]
    counts = Counter(chain.from_iterable(map(alone.__getitem__, filter(alone.__contains__, words))))
    for index in compress(range(len(words) - 1), map(seconds.__contains__, words)):
        word = words[index]
        if words[index + 1] in seconds[word]:
            counts.update(names.intersection(cues.all(words, index)).difference(alone.get(word, ())))
    for word in [word for word in words if "-" in word and names.intersection(_sense_of_parts(word).cues)]:
        if word in load_senses()[0]:  # then the phrases around it decide
            counts = Counter(chain.from_iterable(names.intersection(sense.cues) for sense in find_senses(words)[0]))
            break
        counts.update(names.intersection(_sense_of_parts(word).cues))
    counts["words"] = len(words)
    return counts


@lru_cache(maxsize=8)
def load_cues(names: frozenset[str]) -> tuple[dict[str, Words], dict[str, set[str]]]:
    """Which of these classes each cue word stands for alone, and the second words of longer phrases it begins."""
    cues = load_lexicons()[2]
    alone: dict[str, Words] = {}
    seconds: dict[str, set[str]] = defaultdict(set)
    for first, *rest in cues.phrases(names):
        if rest:
            seconds[first].add(rest[0])
        else:
            alone[first] = tuple(name for name in cues.all((first,), 0) if name in names)
    return alone, seconds


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
def _sense_of_parts(word: str) -> Sense:
    """Nouns, verbs and cues of the known parts of a hyphenated word ("drug-related", "cocaine-laden")."""
    parts = tuple(part for part in word.split("-") if part)
    found = [_merge(lexicon.all(parts, index) for index in range(len(parts))) for lexicon in load_lexicons()]
    return Sense.of(*found)


def _merge(groups: Iterable[Words]) -> Words:
    return tuple(dict.fromkeys(name for group in groups for name in group))
