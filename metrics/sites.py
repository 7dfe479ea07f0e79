"""The named place a figure is about, as written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from metrics.date_expressions import MONTH
from metrics.lines import Figure, Line
from metrics.vocabulary.grammar import word_class

_WORD = r"[A-Z][\w'’]*(?:-[A-Za-z]+)*"
_NAME = re.compile(rf"{_WORD}(?:\s(?:(?:de|del|la|las|los|el|al|di|da|do|dos|du|des|e)\s){{0,2}}{_WORD}){{0,4}}")
_WORDS = re.compile(r"[A-Z]+")
_NOUN = (
    r"(?:crossings?(?:\spoint)?|border\sposts?|checkpoints?|airport|seaport|port|harbou?r|gate|terminal|bridge|islands?"
    r"|province|valley|peninsula|river|border(?:\s(?:area|region|zone))?|base|station|canal|district|region|area|posts?|coast|waters|zone|oblast|sector"
    r"|municipality|(?:detention|reception|refugee|transit)\s(?:cent(?:er|re)|camp)|prison)\b"
)
_OPENING = re.compile(r"(?:The|An?)\s")  # of a sentence, no part of the name behind it
_NOUN_AFTER = re.compile(
    rf"\s(?P<noun>(?:(?:international|land|rail|road|border|customs|sea)\s)*{_NOUN})(?!\s(?-i:[A-Z]))", re.IGNORECASE
)
_NOUN_INSIDE = re.compile(rf"\s(?P<noun>(?:(?:International|Border)\s)*{_NOUN})$", re.IGNORECASE)
_NOUN_OF = re.compile(
    r"\b(?:port|city|town|village|province|islands?|department|state|region|district|gulf|community|crossings?"
    r"|municipality)\s(?:of|at|in)\s$",
    re.IGNORECASE,
)
_OWNED = re.compile(r"['’]s\s(?:population|residents|customs|port|airport|harbou?r|international\sairport)")
# "An Arica court", "Salta police": where they sit is where they act.
_SEATED = re.compile(
    r"\s(?:(?:district|criminal|provincial|city|municipal|local|federal)\s)?(?:court|judge|prosecutor|police)s?\b",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(
    r"\b(?P<word>in|at|near|off|outside|around|onto|through|from|for|transiting|along|to|inside|across|within|enter(?:s|ed|ing)?|vicinity\sof"
    r"|(?:south|north|east|west)(?:east|west)?\sof)\s(?:the\s)?(?:(?:\w+\s)?(?:city|town|port|village|province|vicinity|coast)\sof\s)?(?:greater\s)?$",
    re.IGNORECASE,
)
# An embassy's seat, and a town that another place lies so far from, are not where a thing happened.
_OFFICE_IN = re.compile(
    r"\b(?:embassy|consulate|mission|office|officials|diplomats|contacts|officers)\sin\s$", re.IGNORECASE
)
_FAR_FROM = re.compile(r"\b(?:km|kms|kilomet(?:er|re)s|miles)\s(?:\w+\s)?(?:of|from)\s$", re.IGNORECASE)
_OWN_PLACE = re.compile(r"\b(?:in|at|near|off)\s(?:the\s)?[A-Z]")
_BEFORE_BRACKET = re.compile(rf"(?P<name>{_NAME.pattern})\s\($")
_REGION = re.compile(
    r"\b(?:[Nn]orth|[Ss]outh|[Ee]ast|[Ww]est|[Nn]orthwest|[Nn]ortheast|[Ss]outheast|[Ss]outhwest)(?:ern)?"
    rf"\s(?:border\sregion|coast|border|[A-Z][a-z]+(?:\s(?!{MONTH})[A-Z][a-z]+)?)\b(?!\s(?!{MONTH})[A-Z])"
)
_TITLE = re.compile(
    r"\s(?:Bill|Act|Fund|Initiative|Program|Project|Plan|Agreement|Office|Force|Court|Security|Transport|Affairs|Protection)$"
)
# Parts of the world that are no one place.
_LARGE = re.compile(
    r"(?:(?:North|South|East|West|Central|Southern|Northern|Eastern|Western)\s)?(?:Africa|America|Asia|Europe|Pacific|Atlantic|Persian\sGulf|Gulf\sof\sMexico|Middle\sEast|Caucasus)$"
)
_MULTIPLE = re.compile(r"^(?:,\s[A-Z][\w-]+)*,?\s(?:and|or)\s[A-Z]|^,\s[A-Z][\w-]+,?\s(?:and|or|[A-Z])|^/[A-Z]")
# Metrics of which the reference figures name a site unless the sentence does not; the others need it close by.
_LOCAL = frozenset(
    {"seizures", "arrests", "incidents", "irregular_crossings", "traffic", "cargo", "inspections", "workforce_share"}
)
_NEVER = frozenset({"border_length"})


@dataclass(frozen=True, slots=True)
class Site:
    """A place as written, with where its name stands and how surely it is a place (0 to 4)."""

    start: int
    end: int
    name: str
    weight: float


def find_sites(line: Line) -> list[Site]:
    """Named places of the line, in order.

    >>> from metrics.lines import read_line
    >>> [site.name for site in find_sites(read_line("Police stopped four trucks at the Dostyk crossing in May."))]
    ['Dostyk crossing']
    """
    text = _WORDS.sub(_lower_joint, line.text) if line.text.isupper() else line.text
    found = [site for match in _NAME.finditer(text) if (site := _read_site(line, match))]
    if "ern " in line.text:
        found += [region for match in _REGION.finditer(line.text) if (region := _read_region(line, match))]
    return sorted(found, key=lambda site: site.start)


def _lower_joint(word: re.Match[str]) -> str:
    """A word of a text in capitals, in small letters if it joins others: "AT THE DOSTYK CROSSING IN MAY"."""
    return word[0].lower() if word[0].lower() in word_class("function") else word[0]


def _read_region(line: Line, match: re.Match[str]) -> Site | None:
    if any(name.kind == "people" and match.start() <= name.start < match.end() for name in line.names):
        return None
    return Site(match.start(), match.end(), match[0], 1.6)


def _read_site(line: Line, match: re.Match[str]) -> Site | None:
    text, (start, end) = line.text, match.span()
    opening = _OPENING.match(text, start, end)
    start = opening.end() if opening else start
    if text[end - 2 : end] in ("'s", "’s"):
        end -= 2
    inside = _NOUN_INSIDE.search(text[start:end])
    after = _NOUN_AFTER.match(text, end)
    noun = inside["noun"] if inside else after["noun"] if after else ""
    bare = start + inside.start() if inside else end
    kinds = {name.kind for name in line.names if name.start < end and start < name.end}
    if bare <= start or not _may_be_place(text[start:bare], kinds, text):
        return None
    weight = _weight(text, start, bare, noun, kinds)
    if not weight:
        return None
    title = _NOUN_OF.search(text, max(0, start - 20), start)
    first = title.start() if title and title[0][0].isupper() else start
    stop = after.end() if after and not inside else end
    return Site(first, stop, text[first:stop], weight)


def _weight(text: str, start: int, bare: int, noun: str, kinds: set[str]) -> float:
    """How surely the name is a place, from the noun it belongs to and the preposition before it; 0 if it is none."""
    if kinds & {"country", "people"}:
        return 1.7 if "order" in noun and _is_shared_border(text[start:bare]) else 0.0
    head = text[max(0, start - 36) : start]
    if (not noun and _OFFICE_IN.search(head)) or _FAR_FROM.search(head):
        return 0.0
    weight = 0.0
    if noun or _NOUN_OF.search(head):
        weight = 3.0
    elif _OWNED.match(text, bare) or ("city" in kinds and _is_seat(text, bare, head)):
        weight = 2.5
    elif preposition := _PREPOSITION.search(head):
        weight = _WEIGHTS.get(preposition["word"].lower(), 2.0)
        if _MULTIPLE.match(text[bare : bare + 60]):
            weight = min(weight, 0.6)
    return weight + 0.8 if weight and "city" in kinds else weight


def _is_seat(text: str, bare: int, head: str) -> bool:
    """Whether the town is that of one court or police, not the last of several."""
    return _SEATED.match(text, bare) is not None and not head.endswith(("and ", "or "))


_WEIGHTS = {"from": 0.7, "to": 0.7, "for": 0.5, "through": 1.0, "across": 1.0}


@cache
def _no_places() -> frozenset[str]:
    lines = (Path(__file__).parent / "vocabulary" / "no_places.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def _may_be_place(name: str, kinds: set[str], text: str) -> bool:
    first = re.split(r"['’ -]", name)[0]
    if (
        first in _no_places()
        or _TITLE.search(name)
        or _LARGE.fullmatch(name)
        or kinds & {"agency", "organisation", "government"}
    ):
        return False
    if name.isupper():
        return "city" in kinds or (len(name) > 6 and not text.isupper() and " " not in name)
    return not re.match(r"[FC]Y\s?\d|[A-Z]+\d", name)


def _is_shared_border(name: str) -> bool:
    return "-" in name or name.split(maxsplit=1)[0] in ("Gaza", "Sinai")


def find_site(figure: Figure, sites: Sequence[Site]) -> str | None:
    """The line's site that the quantity is about: the surest and nearest; None if none is sure enough."""
    line, quantity = figure.line, figure.span
    if figure.metric in _NEVER:
        return None
    bracket = _BEFORE_BRACKET.search(line.text, 0, quantity[0])
    if bracket and bracket.end() == quantity[0]:
        named = [site for site in sites if site.start < bracket.end("name") and bracket.start("name") < site.end]
        known = [name for name in line.names if name.start < bracket.end("name") and bracket.start("name") < name.end]
        if named or known:
            return bracket["name"] if all(name.kind == "city" for name in known) else _other_site(figure, sites)
    return _nearest_site(figure, sites)


def _other_site(figure: Figure, sites: Sequence[Site]) -> str | None:
    """The site of a list of countries in brackets ("arrivals in Lampedusa: Tunisia (6,799), ...")."""
    return _nearest_site(figure, [site for site in sites if site.end < figure.span[0]])


def _nearest_site(figure: Figure, sites: Sequence[Site]) -> str | None:
    line, quantity = figure.line, figure.span
    first, last = line.clause(quantity[0])
    best, chosen = _ENOUGH_LOCAL if figure.metric in _LOCAL else _ENOUGH, None
    for site in sites:
        distance = quantity[0] - site.end if site.end <= quantity[0] else site.start - quantity[1]
        inside = first <= site.start < last
        score = site.weight * 120 / (120 + max(distance, 0)) * (1.0 if inside else 0.85)
        if _is_of_another(figure, site):
            score *= _OF_ANOTHER
        if score > best:
            best, chosen = score, site
    return chosen.name if chosen else None


def _is_of_another(figure: Figure, site: Site) -> bool:
    """Whether the place belongs to another figure: across a semicolon, or behind a place that the figure has itself."""
    text, (first, last) = figure.line.text, figure.span
    start, end = (last, site.start) if site.start >= last else (site.end, first)
    between = [other for other in figure.others if start <= other[0] and other[1] <= end]
    if not between:
        return False
    if ";" in text[start:end]:
        return True
    return start == last and _OWN_PLACE.search(text, last, between[0][0]) is not None


_ENOUGH_LOCAL, _ENOUGH = 0.85, 1.15
_OF_ANOTHER = 0.3  # what is left of the weight of a place that belongs to another figure


def is_local(metric: str) -> bool:
    """Whether figures of the metric happen at places, so that a site stated before holds on."""
    return metric in _LOCAL
