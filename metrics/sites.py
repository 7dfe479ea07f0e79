"""The named place a figure is about, as written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from metrics.lines import Line, Span

_WORD = r"[A-Z][\w'’]*(?:-[A-Za-z]+)*"
_NAME = rf"{_WORD}(?:\s(?:(?:de|del|la|las|los|el|al|di|da|do|dos|du|des|e|-)\s){{0,2}}{_WORD}){{0,4}}"
_PLACE_NOUN = (
    r"(?:(?:[Ii]nternational\s|land\s|rail\s|road\s|border\s|customs\s|sea\s|[Bb]order\s)*(?:[Cc]rossings?(?:\s[Pp]oint)?|[Bb]order\s[Pp]osts?|[Cc]heckpoints?"
    r"|[Aa]irport|[Ss]eaport|[Pp]ort|[Hh]arbou?r|[Gg]ate|[Tt]erminal|[Bb]ridge|[Ii]slands?|[Pp]rovince|[Vv]alley|[Pp]eninsula|[Rr]iver|[Bb]order(?:\sarea|\sregion|\szone)?"
    r"|[Bb]ase|[Ss]tation|[Cc]anal|[Dd]istrict|[Rr]egion|[Aa]rea|[Pp]osts?|[Cc]oast|[Ww]aters|[Zz]one|[Oo]blast|[Ss]ector|[Mm]unicipality))\b"
)
_NOUN_AFTER = re.compile(
    rf"(?:(?:greater|northern|southern|eastern|western|central|downtown)\s)?(?P<name>{_NAME})\s(?P<noun>{_PLACE_NOUN})"
)
_NOUN_BEFORE = re.compile(
    rf"\b(?:[Pp]ort|[Cc]ity|[Tt]own|[Vv]illage|[Pp]rovince|[Ii]slands?|[Dd]epartment|[Ss]tate|[Rr]egion|[Dd]istrict|[Gg]ulf|[Aa]irport|[Cc]ommunity|[Cc]rossings?|[Mm]unicipality)"
    rf"\s(?:of|at|in)\s(?P<name>{_NAME})"
)
_IN = re.compile(
    rf"\b(?:[Ii]n|[Aa]t|[Nn]ear|[Oo]ff|[Oo]utside|[Aa]round|[Oo]nto|[Tt]hrough|[Ff]rom|[Ff]or|[Tt]ransiting|[Aa]long|to|[Ii]nside|[Ss]outhwest\sof|[Nn]orth\sof|[Ss]outh\sof|[Ee]ast\sof|[Ww]est\sof|[Vv]icinity\sof|[Aa]cross)"
    rf"\s(?:the\s)?(?:(?:city|town|port|village|province|vicinity|harbor\stown|coast)\sof\s)?(?P<name>{_NAME})"
)
_BEFORE_BRACKET = re.compile(rf"(?P<name>{_NAME})\s\($")
_OWNER = re.compile(
    rf"(?P<name>{_NAME})['’]s\s(?:population|residents|customs|port|airport|harbou?r|international\sairport)"
)
_REGION = re.compile(
    r"\b(?:[Nn]orth|[Ss]outh|[Ee]ast|[Ww]est|[Nn]orthwest|[Nn]ortheast|[Ss]outheast|[Ss]outhwest)(?:ern)?\s(?:border\sregion|[A-Z][a-z]+(?:\s[A-Z][a-z]+)?)\b(?!\s[A-Z])"
)
_MULTIPLE = re.compile(r"^(?:,\s[A-Z][\w-]+)*,?\s(?:and|or)\s[A-Z]|^,\s[A-Z][\w-]+,?\s(?:and|or|[A-Z])|^/[A-Z]")
_NOT_A_PLACE = frozenset(
    "January February March April May June July August September October November December Monday Tuesday Wednesday Thursday Friday "
    "Saturday Sunday Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec The This That These Those President Minister Ministry Embassy Post Ref "
    "Reftel Reftels Parliament Congress Government Customs Police Army Navy English Spanish French Arabic Christmas Ramadan Eid Firearms Persons Weapons Narcotics Drugs Arms Legislative Consulate Note Island Case Humans Women Children "
    "Officials Officers Agents Kits Boats Units Summary Comment FY CY "
    "Spring Summer Europe Africa Asia Title Phase Section Chapter Article Annex Part General Director Deputy Colonel Captain Department Office Poloff "
    "Ambassador Emboffs Econoff Polcouns House Senate Mission Operation Project Program Plan Agreement Law Act Bureau Coast Guard National Border "
    "Secretary Post's Washington UN EU US UK USG NATO USD EUR GBP DCM CDA".split()
)
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
    """Named places of the line, in order; a name found by several patterns counts once, at its surest.

    >>> from metrics.lines import read_line
    >>> [site.name for site in find_sites(read_line("Police stopped four trucks at the Dostyk crossing in May."))]
    ['Dostyk crossing']
    """
    found: dict[int, Site] = {}
    for pattern, weight, whole in _PATTERNS:
        for match in pattern.finditer(line.text):
            site = _read_site(line, match, weight, whole)
            if site is not None and (site.start not in found or found[site.start].weight < site.weight):
                found[site.start] = site
    return [found[start] for start in sorted(found)]


_PATTERNS: tuple[tuple[re.Pattern[str], float, bool], ...] = (
    (_NOUN_AFTER, 3.0, True),
    (_NOUN_BEFORE, 3.0, False),
    (_OWNER, 2.5, False),
    (_IN, 2.0, False),
    (_REGION, 1.6, True),
)


def _read_site(line: Line, match: re.Match[str], weight: float, whole: bool) -> Site | None:
    text = line.text
    if "name" not in match.re.groupindex:
        if any(found.kind == "people" and match.start() <= found.start < match.end() for found in line.names):
            return None
        return Site(match.start(), match.end(), match[0], weight)
    start, end = match.span("name")
    if text.startswith("The ", start) and end - start > 4:
        start += 4
    kinds = {found.kind for found in line.names if found.start < end and start < found.end}
    noun = match["noun"] if whole else ""
    if not _may_be_place(text[start:end], kinds, text):
        return None
    if kinds & {"country", "people"}:
        if "order" not in noun or not _is_shared_border(text[start:end]):
            return None
        weight = 1.7
    if match.re is _IN:
        weight = _weight_of_preposition(match[0].split()[0].lower(), weight)
        if _MULTIPLE.match(text, end):
            weight = min(weight, 0.6)
    if "city" in kinds:
        weight += 0.8
    stop = match.end() if noun else end
    return Site(start, stop, text[start:stop], weight)


def _may_be_place(name: str, kinds: set[str], text: str) -> bool:
    first = re.split(r"['’ -]", name)[0]
    if first in _NOT_A_PLACE or kinds & {"agency", "organisation", "government"}:
        return False
    if name.isupper():
        return "city" in kinds or len(name) > 6 and not text.isupper() and " " not in name
    return not re.match(r"[FC]Y\s?\d|[A-Z]+\d", name)


def _weight_of_preposition(word: str, weight: float) -> float:
    return {"from": 0.7, "to": 0.7, "for": 0.5, "through": 1.0, "across": 1.0}.get(word, weight)


def _is_shared_border(name: str) -> bool:
    return "-" in name or name.split()[0] in ("Gaza", "Sinai")


def find_site(line: Line, quantity: Span, metric: str, sites: Sequence[Site]) -> str | None:
    """The line's site that the quantity is about: the surest and nearest; None if none is sure enough."""
    if metric in _NEVER:
        return None
    bracket = _BEFORE_BRACKET.search(line.text, 0, quantity[0])
    if bracket and bracket.end() == quantity[0]:
        named = [site for site in sites if site.start < bracket.end("name") and bracket.start("name") < site.end]
        known = [name for name in line.names if name.start < bracket.end("name") and bracket.start("name") < name.end]
        if named or known:
            return (
                bracket["name"]
                if all(name.kind == "city" for name in known)
                else _other_site(line, quantity, metric, sites)
            )
    return _nearest_site(line, quantity, metric, sites)


def _other_site(line: Line, quantity: Span, metric: str, sites: Sequence[Site]) -> str | None:
    """The site of a list of countries in brackets ("arrivals in Lampedusa: Tunisia (6,799), ...")."""
    return _nearest_site(line, (quantity[0], quantity[1]), metric, [site for site in sites if site.end < quantity[0]])


def _nearest_site(line: Line, quantity: Span, metric: str, sites: Sequence[Site]) -> str | None:
    first, last = line.clause(quantity[0])
    best, chosen = _ENOUGH_LOCAL if metric in _LOCAL else _ENOUGH, None
    for site in sites:
        distance = quantity[0] - site.end if site.end <= quantity[0] else site.start - quantity[1]
        inside = first <= site.start < last
        score = site.weight * 120 / (120 + max(distance, 0)) * (1.0 if inside else 0.85)
        if score > best:
            best, chosen = score, site
    return chosen.name if chosen else None


_ENOUGH_LOCAL, _ENOUGH = 0.85, 1.15


def is_local(metric: str) -> bool:
    """Whether figures of the metric happen at places, so that a site stated before holds on."""
    return metric in _LOCAL
