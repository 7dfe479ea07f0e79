"""Which country and which named place a figure is about."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from metrics.cable import Cable
from metrics.lines import Figure, Line, Span
from metrics.vocabulary.names import (
    Name,
    countries_by_post,
    countries_by_tag,
    country_names,
    find_names,
    governments,
    squash_post,
)

HOME = "USA"
# Metrics of what a state's law does: at home even where that state is a guest.
ENFORCED = frozenset({"seizures", "arrests"})

# --- the country of a mention

_SERVICE = re.compile(
    r"""['’]?s?\s+(?:(?:[Nn]ational|[Ff]ederal|[Cc]oast|[Ss]tate|[Bb]order|[Mm]aritime|[Dd]rug|[Cc]ounter-?narcotics|[Aa]nti-?drug|[Ll]aw|local|counter|senior)\s+)*
    (?:customs|police|border|authorit|official|government|coast|guard|navy|army|air\s+force|militar|security|forces?\b|law\s+enforcement
    |port|airport|[Hh]ead\s+of|[Mm]inister|territor|side|soil|water|airspace|minist|judici|prosecut|immigration|gendarmer|troops|servic|law\b|enforcement|frontier
    |(?:[A-Z][a-z]+\s+){0,3}(?:Agency|Committee|Service|Bureau|Directorate|Department|Administration)\b
    |Customs|Police|Border|Authorit|Official|Government|Coast|Guard|Navy|Army|Air|Militar|Security|Forces?\b|Minist|Immigration|National|Federal)""",
    re.VERBOSE,
)
_PEOPLE = re.compile(
    r"""s?\s+(?:\w+\s+)?(?:national|citizen|men\b|man\b|women|woman|migra(?:nt|tion)|refugee|immigrant|traffick|smuggl|student|worker|drug\s+lord|crew
    |suspect|courier|couple|famil|child|girl|boy|worker|passport|victim|boat\s+people|fisher|businessm|company|firm|expatriate|diaspora
    |entr(?:y|ies)\b|departures?\b|arrivals?\b|exports?\b|goods\b|petition|applica
    |resident|tourist|visitor|passenger|vessel|ship\b|ships\b|fishing|sailboat|truck|militant|insurgent|prisoner|detainee|origin|counterpart)""",
    re.VERBOSE,
)
# Whose service seizes or arrests and where, whatever the nation of what is seized: "boats seized by Peruvian guards".
_ACTED = re.compile(
    r"\b(?:(?:seiz|confiscat|interdict|intercept|apprehen|arrest|detain|captur)\w*(?:(?:\s+[\w-]+){0,4}?\s+by|\s+in)|made\s+by)"
    r"\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_FLAGGED = re.compile(
    r"-(?:registered|flagged|made|born|owned|origin|manufactured|based|bound|trained|educated|style|built)"
)
# "one is Ukrainian", "talks with Chilean officials": neither says where it happens.
_PREDICATE = re.compile(r"\b(?:is|are|was|were)\s+(?:an?\s+|all\s+|both\s+)?$")
_ENDS_PHRASE = re.compile(r"\s*(?:[,;.)(]|(?:and|or|but)\b|$)")
# "15 of the Chinese had been returned": persons, whatever they are.
_ALONE = re.compile(
    r"\s*(?:[,;.)(]|$)|\s+(?:had|have|has|were|was|are|is|in|from|who|to|and|or|at|on|by|with|left|entered)\b"
)
_ENDS = re.compile(r"\s*(?:[;:.)]|$)")
_MET = re.compile(r"\b(?:meet\w*|met|talks|consult\w*)\s+with\s+(?:[\w.]+\s+and\s+)?(?:the\s+)?$")
# "with the help of Chilean police": who lends a hand elsewhere.
_HELPER = re.compile(r"\b(?:assistance|help|cooperation|request|support)\s+(?:of|from)\s+(?:the\s+)?$")
# "72 PRC citizens", "told the GOCR that ...": neither a nationality nor a listener says where it happens.
_NATIONALS = re.compile(r"\s+(?:nationals?|citizens?|passports?)\b")
_LISTENER = re.compile(r"\b(?:told|informed|briefed|advised|notified|assured|warned)\s+(?:the\s+)?$")
_NEIGHBOUR = re.compile(
    r"\b(?:[Bb]orders?(?:ing)?|frontier|boundary)\s+(?:with|to|between)\s+(?:the\s+)?$|\bborders\s+$|\band\s+$|[-–/]$"
)
# The line shared with a neighbour; a country's border guards and border areas are its own.
_BORDER = re.compile(
    r"['’]?s?\s+[Bb]order(?!\s+(?:area|region|zone|guard|police|force|service|agenc|securit|patrol|control|troop))"
    r"|-[A-Z][a-z]+\s+border|\s+and\s+[A-Z][a-z]+\s+border"
)
_INTO = re.compile(
    r"\b(?:in|inside|within|enter(?:ed|ing|s)?|across|throughout|around|reach(?:ed|ing)?|at|near|off)\s+(?:\w+ern\s+|the\s+|central\s+|mainland\s+)?$",
    re.IGNORECASE,
)
_TO = re.compile(r"\b(?:to|for|toward|towards|via|through|transit(?:ing|ed)?|of|by)\s+(?:the\s+)?$", re.IGNORECASE)
_FROM = re.compile(
    r"\b(?:from|left|leav(?:e|ing)|departing|origin(?:ating|ated)?\s+in|bound\s+for|destined\s+for|en\s?route\s+to|before\s+(?:reaching|entering)|originate\s+in|(?:resid\w+|liv(?:es?|ed|ing)|born)\s+in|shipped\s+to|extradit\w+\s+to|with)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^[A-Z][A-Za-z .'-]{3,28}(?::|/[A-Z]| - | -- )")
# "in Chile Mountain Rescue School": the country is part of a longer name.
_NAMED = re.compile(r"(?:\s+[A-Z][a-z]+){2}")
_TITLE = re.compile(r"\s+[A-Z][a-z]+")
# The subject of the figure's own clause: "Chile for its part has 40 posts", "Peru seized 4 tons".
_SUBJECT = re.compile(
    r"(?:,?\s+(?:for\s+its\s+part|itself|alone|in\s+turn),?)?"
    r"\s+(?:has|had|mans|maintains|operates|keeps|runs|possesses"
    r"|(?:(?:has|have|had)\s+)?(?:already\s+)?"
    r"(?:seized|arrested|detained|intercepted|interdicted|confiscated|deployed|recorded|registered|completed))"
    r"(?:\s+(?:only|about|over|some|nearly|around|approximately|(?:more|fewer|less)\s+than|at\s+least))?\s+"
)
# Who is given it: "helping Chile with $4 million and Peru with $3 million".
_SUM = re.compile(r"[$€£]|[A-Z]{2,3}\s?[$€£\d]")
_RECEIVES = re.compile(r"\s+with\s+(?:(?:about|over|some|nearly|approximately|an?\s+additional|another)\s+)?")
# Who gives is the donor; the figure belongs where the gift goes.
_GIVING = r"g[ia]v(?:e[ns]?|ing)|donat\w+|provid\w+|contribut\w+|grant(?:s|ed|ing)|pledg\w+"
_GIVES = re.compile(
    r"(?:\s+(?:has|have|had|will|would|also|already|recently|then))*"
    rf"\s+(?:{_GIVING}|hand(?:s|ed)\s+over|deliver\w+|suppl\w+)\b"
)
_BY = re.compile(r"\sby\s+(?:the\s+)?$")
_GIVEN_BY = re.compile(
    rf"\b(?:{_GIVING}|(?:train|teach|taught|suppl|deliver|financ|fund|sponsor|paid)\w*)\b"
    r"[^.;:]*\sby\s+(?:the\s+)?$",
    re.IGNORECASE,
)
# Whom a gift is for: "assistance to Chile", "support for Peru's guards"; "gave $4 million to Chile".
_AIDED = re.compile(
    r"\b(?:aid|assistance|support|help|funds|funding|grants?|donations?|contributions?)\s+(?:to|for)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_GAVE = re.compile(rf"\b(?:{_GIVING}|allocat\w+)\b")
_GIVEN_TO = re.compile(r"(?:(?!\bto\b)[^.;:]){0,60}\bto\s+(?:the\s+)?")
_POSSESSIVE = re.compile(r"['’,]s\b")
_SAID_THAT = re.compile(
    r"\b(?:said|told|reported|noted|stated|added|announced|claimed|estimated|mentioned)\b[^.;]{0,60}?\bthat\b"
)
_ACTS_ITSELF = 3.2  # a country that is the subject of the figure's clause
_TOLD_BY = 0.5  # a country whose official speaks need not be the one spoken of
_PLACED = 3.0  # "in Chile"
_NEXT = 0.5  # a place after the next figure is that one's where the first has its own: "5 in Chile and 7 in Peru"
_GUEST = 0.25  # the United States stand in nearly every cable as giver, not as the country the figure is about


@dataclass(frozen=True, slots=True)
class Home:
    """What a cable as a whole is about: the country, and the flag that says where it was taken from."""

    country: str | None
    flag: str
    post: str | None
    candidates: frozenset[str]


def find_home(cable: Cable) -> Home:
    """The country a cable is about: subject line, TAGS, post, and how often the body names each."""
    post = countries_by_post().get(squash_post(cable.post or ""))
    tags = [code for tag in cable.tags if (code := countries_by_tag().get(tag))]
    subject = " ".join(cable.subject.split())
    named = [country for name in find_names(subject) if (country := country_of(name, post, tags))]
    points: dict[str, float] = defaultdict(float)
    for country in dict.fromkeys(named):
        points[country] += 2
    if named and named[0] != HOME:
        points[named[0]] += 3 if _LABEL.match(subject) else 0
    for country in dict.fromkeys(tags):
        points[country] += 1
    if post is not None:
        points[post] += 3.5
    body = _body_counts(cable, tuple(points))
    total = sum(body.values()) or 1
    for country, count in body.items():
        points[country] += 2 * count / total
    if HOME in points and len(points) > 1:
        points[HOME] *= _GUEST if post != HOME else 0.5
    if not points:
        return Home(None, "", post, frozenset())
    country = max(points, key=lambda code: (points[code], code))
    flag = (
        "country_from_subject" if country in named else "country_from_tags" if country in tags else "country_from_post"
    )
    return Home(country, flag, post, frozenset(points))


def _body_counts(cable: Cable, countries: Iterable[str]) -> dict[str, int]:
    """How often the paragraphs name each of the countries; abbreviations stand in too many other words to count."""
    first = cable.paragraphs[0].start if cable.paragraphs else 0
    return {
        code: sum(cable.masked.count(name, first) for name in country_names()[code] if len(name) > 3)
        for code in countries
    }


def country_of(name: Name, home: str | None, near: Iterable[str] = ()) -> str | None:
    """Alpha-3 a name points at; a government's abbreviation is read against the cable's country."""
    if name.kind == "organisation":
        return None
    if name.kind == "agency":
        return name.value if name.value in (HOME, home) or name.value in near else None
    if name.kind != "government":
        return name.value
    options = governments()[name.value]
    if len(options) == 1 or home in options:
        return options[0] if len(options) == 1 else home
    return next((code for code in near if code in options), None)


def find_country(figure: Figure, home: Home, topic: str | None) -> tuple[str | None, str | None]:
    """The country a figure is about, and the flag that says so where the sentence does not name it.

    `topic` is the country the paragraph speaks of. Of staff the service's nationality counts, home agencies of the
    United States included.
    """
    line, quantity, is_service = figure.line, figure.span, figure.metric == "personnel"
    following = min((start for start, _ in figure.others if start >= quantity[1]), default=len(line.text))
    is_placed = any(quantity[1] <= name.start < following and _is_where(line.text, name) for name in line.names)
    is_enforced = figure.metric in ENFORCED
    points: dict[str, float] = defaultdict(float)
    named: set[str] = set()
    first, last = line.clause(quantity[0])
    said = max((match.end() for match in _SAID_THAT.finditer(line.text, 0, quantity[0])), default=0)
    for name in line.names:
        country = country_of(name, home.country, home.candidates)
        if country is None:
            continue
        named.add(country)
        weight = _weight(line.text, name, country, home, is_service)
        is_bound = _SUBJECT.fullmatch(line.text, name.end, quantity[0]) or (
            _SUM.match(line.text, quantity[0]) and _RECEIVES.fullmatch(line.text, name.end, quantity[0])
        )
        if country != HOME and first <= name.start and is_bound:
            weight = max(weight, _ACTS_ITSELF)
        is_agent = _ACTED.search(line.text, 0, name.start) is not None or (
            country != HOME and first <= name.start < last and _receives(line.text, name, first, quantity)
        )
        if is_agent:
            weight = _ACTS_ITSELF
        elif country == HOME and is_enforced and _is_where(line.text, name):
            weight = _PLACED
        distance = quantity[0] - name.end if name.end <= quantity[0] else name.start - quantity[1]
        near = _TOLD_BY if name.end < said else 1.0 if first <= name.start < last else 0.8
        if is_placed and name.start > following:
            near *= _NEXT
        is_subject = weight > 2 and name.end <= quantity[0] and name.kind in ("people", "government")
        scale = 200 if is_subject or is_agent else 60
        points[country] = max(points[country], weight * near * scale / (scale + max(distance, 0)))
    if topic is not None:
        points[topic] += 0.9 if topic != home.country else 0.5
    if home.country is not None:
        points[home.country] += 0.8
    if not points:
        return None, None
    country = max(points, key=lambda code: (points[code], code == home.country, code))
    if country in named:
        return country, None
    return country, "country_from_paragraph" if country == topic else home.flag


def _receives(text: str, name: Name, first: int, quantity: Span) -> bool:
    """Whether the gift that the figure counts, in the clause from `first` on, goes to the country named."""
    if _AIDED.search(text, max(first, name.start - 40), name.start):
        return True
    return bool(_GIVEN_TO.fullmatch(text, quantity[1], name.start) and _GAVE.search(text, first, quantity[0]))


def _is_where(text: str, name: Name) -> bool:
    """Whether something is in the place named: "in Chile and", but not "in Chile Mountain Rescue School"."""
    is_inside = _INTO.search(text, max(0, name.start - 40), name.start) is not None
    return is_inside and (name.kind != "country" or _ALONE.match(text, name.end) is not None)


def _weight(text: str, name: Name, country: str, home: Home, is_service: bool) -> float:
    """How surely a mention means the country the figure is about, from the words around it."""
    before, after = text[max(0, name.start - 30) : name.start], text[name.end : name.end + 40]
    if _FLAGGED.match(after):
        return 0.1
    if _GIVES.match(after) or (_BY.search(before) and _GIVEN_BY.search(text, max(0, name.start - 160), name.start)):
        return _GUEST
    reader = _people_weight if name.kind == "people" else _territory_weight
    weight = reader(before, after, text[name.end - 1] == "s") or _KIND_WEIGHT[name.kind]
    is_neighbour = _NEIGHBOUR.search(before) or (country != home.country and _BORDER.match(after))
    if is_neighbour and name.kind in ("country", "people"):
        weight *= 0.35
    if is_service and name.kind == "agency":
        return weight * 1.5
    return weight * _GUEST if country == HOME != home.country else weight


def _people_weight(before: str, after: str, is_plural: bool) -> float:
    """Persons of a nationality say little on the country, a service of that nationality much; 0 where neither."""
    is_service = bool(_SERVICE.match(after))
    if _MET.search(before) or _HELPER.search(before) or (_PREDICATE.search(before) and _ENDS_PHRASE.match(after)):
        return 0.1
    if _PEOPLE.match(after) or _ALONE.match(after) or (is_plural and not is_service):
        return 0.1
    return 2.6 if is_service else 0.0


def _territory_weight(before: str, after: str, is_plural: bool) -> float:
    if _NATIONALS.match(after) or _LISTENER.search(before):
        return 0.1
    if _SERVICE.match(after):
        return 2.6
    for pattern, weight in _PREPOSITIONS:
        if pattern.search(before) and not (pattern is _INTO and _NAMED.match(after)):
            return weight
    if _TITLE.match(after):
        return 0.5
    if _POSSESSIVE.match(after):
        return 2.6
    return 0.9 if _TO.search(before) else 0.0


_PREPOSITIONS = ((_FROM, 0.4), (_INTO, _PLACED), (re.compile(r"\binto\s+(?:the\s+)?$"), 1.8))
_KIND_WEIGHT = {"country": 1.6, "people": 0.7, "city": 1.8, "government": 2.2, "agency": 1.6, "organisation": 0.0}


def find_topic(paragraph: Line, heading: str, opening: Line, home: Home) -> str | None:
    """The country a paragraph speaks of: a label or heading that names one, else the one it names most."""
    for text in (heading, opening.text[:60].split(":")[0] if ":" in opening.text[:60] else ""):
        named = {
            code
            for name in find_names(text)
            if (code := country_of(name, home.country, home.candidates))
            and code != HOME
            and not (name.kind == "people" and (_PEOPLE.match(after := text[name.end :].lower()) or _ENDS.match(after)))
        }
        if len(named) == 1:
            return named.pop()
    counts: Counter[str] = Counter()
    for name in paragraph.names:
        country = country_of(name, home.country, home.candidates)
        if country is not None and country != HOME:
            counts[country] += round(_weight(paragraph.text, name, country, home, False))
    if not counts:
        return None
    country, count = max(counts.items(), key=lambda item: (item[1], item[0] == home.country, item[0]))
    if country != home.country and (counts[home.country or ""] or count < 4):
        return None
    return country
