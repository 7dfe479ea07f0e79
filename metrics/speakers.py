"""Who is reported to say a figure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from metrics.lines import Line

UNNAMED = "unnamed"

# Verbs of saying; some forms are also nouns ("estimates vary") or participles ("estimated at") and then say nothing.
_VERB = re.compile(
    r"""\b(?:said|says|told|stated|noted|added|announced|mentioned|explained|asserted|stressed|pointed\sout|acknowledged|admitted|declared
    |informed|indicated|complained|argued|commented|observed|remarked|recounted|emphasized|underscored|highlighted|recalled|conceded|advised|cited|asserts|promised|briefed|calculates|calculated
    |(?:states|notes|claims|reports|estimates)(?!\s+(?:of|vary|varied|on|from|regarding|for|by)\b|\s+[-(])
    |(?:estimated|reported|claimed|confirmed)(?!\s+(?:at|by|to\s(?:be|have))\b)
    |alleged(?=\s+that\b))\b""",
    re.VERBOSE,
)
# What may stand between the speaker and the verb, read backwards from the verb.
_BETWEEN = re.compile(r"(?:,[^,;]{2,80},)?\s+(?:(?:also|then|further|has|have|had|recently|\w+ly)\s+)*$")
_NAMED = re.compile(
    r"(?:\b[A-Z][\w.'’/-]*\s+(?:(?:of|the|de|al|for|and)\s+){0,2}){0,6}(?:\b[A-Z]/|\b[ae]l-)?\b[A-Z][\w'’-]+$"
)
_GROUP = re.compile(
    r"(?:\b(?!(?:to|of|by|the|in|from|for|with|and)\s)[A-Za-z]+\s+)?(?:officials|officers|authorities|contacts|sources|residents|media|press|newspapers?|witnesses|interlocutors|reports?|experts|staff|article)$"
)
_ACCORDING = re.compile(
    r"\b[Aa]ccording\s+to\s+(?:the\s+|an?\s+)?(?P<who>[^,;.]{2,60}?)(?=[,;.]|\s(?:there|in|from|more|over|about|some|however|at\sleast)\b)"
)
_INVERTED = re.compile(r",\s+(?:said|says|added|noted)\s+(?P<who>[A-Z][\w'’-]+(?:\s+[A-Z][\w'’-]+){0,3})\b")
_HEARSAY = re.compile(r"\b(?:reportedly|allegedly|anecdotally|rumou?red|(?:is|are)\ssaid\sto|(?:was|were)\stold)\b")
_OPENING = re.compile(r"^(?:(?:The|A|An|In|On|But|However|And|That|This|Summary|Comment)\s+)+")
_POSSESSIVE = re.compile(r"['’]s?$")
_NO_NAMES = frozenset({"The", "As", "While", "If", "When", "Of", "For", "With", "By", "At", "Only", "All", "Such"})
_PRONOUNS = frozenset(
    {"He", "She", "They", "It", "We", "I", "Who", "That", "This", "These", "There", "Post", "Embassy"}
    | {"Many", "Some", "Several", "Most", "Other", "Others", "Both", "Recent"}
    | {"Poloff", "PolOff", "Emboffs", "EmbOffs"}
)
_PERSONAL = re.compile(r"\b(?:[Hh]e|[Ss]he|[Tt]hey)\b")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_REACH = 160  # characters before a verb in which its subject is sought


def find_speaker(line: Line, position: int, told: Sequence[Line] = ()) -> str | None:
    """Who is reported to state what stands at `position`: the nearest speaker before it, else any of the sentence.

    "He", "she" and "they" speak for whoever was named last in the sentences `told` before, nearest last. "unnamed" for
    hearsay and for a pronoun that nobody stands behind; None where nobody is reported to speak.

    >>> from metrics.lines import read_line
    >>> find_speaker(read_line("Local officials told EXBS staff that 70 percent work there."), 37)
    'Local officials'
    """
    text = line.text
    verbs = list(_VERB.finditer(text))
    inverted = _INVERTED.search(text)
    if inverted is not None and inverted["who"] not in _PRONOUNS:
        return inverted["who"]
    subjects = [(match.start(), who) for match in verbs if (who := _subject(text, match.start()))]
    named = [(place, who) for place, who in subjects if who != UNNAMED]
    before = [(place, who) for place, who in named if place < position]
    according = _ACCORDING.search(text) if "ccording" in text else None
    if according is not None and (not before or before[-1][0] < according.end()):
        return _OPENING.sub("", according["who"])
    if before:
        return before[-1][1]
    if named:
        return named[0][1]
    if subjects and told and _PERSONAL.search(text):
        found = (find_speaker(other, len(other.text)) for other in reversed(told))
        return next((who for who in found if who not in (None, UNNAMED)), UNNAMED)
    return UNNAMED if subjects or _HEARSAY.search(text) else None


def _subject(text: str, verb: int) -> str | None:
    """The subject of the verb that begins at `verb`, "unnamed" for a pronoun, None if none is found."""
    head = text[max(0, verb - _REACH) : verb]
    between = _BETWEEN.search(head)
    if between is None:
        return None
    found = _NAMED.search(head, 0, between.start()) or _GROUP.search(head, 0, between.start())
    if found is None:
        return None
    who = _POSSESSIVE.sub("", _OPENING.sub("", found[0]))
    if who in _NO_NAMES:
        return None
    return UNNAMED if who in _PRONOUNS or who[:3] in _MONTHS else who
