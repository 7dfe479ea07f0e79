"""Who gives, installs, trains, seizes or arrests."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from metrics.lines import Figure, Line
from metrics.places import HOME, Home, country_of
from metrics.vocabulary.grammar import word_class
from metrics.vocabulary.names import Name

GIVING = frozenset({"equipment", "funding", "training_events", "people_trained", "exchange_visits", "installations"})
ENFORCING = frozenset({"seizures", "arrests"})

_GIVE = re.compile(
    r"""['’]?s?(?:,[^,]{3,60},)?\s+(?:\([^)]*\)\s+)?
    (?:(?:\w+\s+){1,2}(?:declared|announced|said)\s+(?:that\s+)?it\s+)?(?:[\w,'’/-]+\s+){0,5}?
    (?:(?:has|have|had|will|would|is|are|also|was|to)\s+)*
    (?:provid|donat|fund|financ|giv|gave|deliver|install|train|grant|contribut|sponsor|support|suppl|spen|pledg|alloc|commit|bought|buy|purchas|procur
    |host|held|hold|conduct|organi[sz]|deploy|send|sent|assign|dispatch|dedicat|earmark|invest|approv|announc|agreed|offer|designat|transfer|order|budget
    |donor|teach|taught|paid|pay|equipp|build|built|graduat|arrang|assist|request|increas|contract|engag|incurr|plan)""",
    re.VERBOSE,
)
_MADE_BY = re.compile(
    r"-(?:funded|donated|provided|sponsored|supplied|purchased|financed|assisted|installed|trained|led|approved|backed|built)\b"
)
_BY = re.compile(
    r"\b(?:by|from|courtesy\s+of|through|via|under|using|utili[sz]ing|with\s+assistance\s+from|of\s+which\s+.{0,30}\bfrom)\s+(?:the\s+|an?\s+)?$"
)
_PAID_BY = re.compile(r"\s+(?:from|by|courtesy\s+of)\s+(?:the\s+)?")  # "$700,000 from the GOCR"
_BY_THEM = re.compile(r"\bby\s+(?:the\s+)?$")
# Who trains or sends people.
_TRAINS = re.compile(
    r"\b(?P<who>[\w'’-]+),?\s(?:trained|taught|dispatched|organi[sz]ed\straining\sfor)(?:\sor\s\w+)?"
    r"(?:\s(?:an?|about|over|some|more|than|nearly|almost|around|approximately|roughly|estimated|additional|another|total|of|at|least))*\s$"
)
_TAKEN_BY = re.compile(
    r"\b(?:received|used|needed|requested|sought|owned|operated|required|wanted)\s+by\s+(?:the\s+)?$"
)
_TO = re.compile(r"\b(?:to|for|of|with|at|in|against|into)\s+(?:the\s+|local\s+|several\s+)?$")
_AID = re.compile(
    r"['’]?s?\s+(?:[\w-]+\s+){0,2}(?:assistance|aid|funds|funding|grant|loan|program|programme|initiative|contribution|donation|money|budget|investment|support)\b"
)
_HOST = re.compile(
    r"(?<!U\.S\. )(?<!US )\b(?:[Tt]he\s+(?:national\s+|federal\s+|host\s+|local\s+)?government(?!\s+of\s+[A-Z])"
    r"|(?:[Tt]he\s+)?(?:Ministr(?:y|ies)|Directorate|Coalition)\b"
    r"|(?:[Tt]he\s+)?(?:Coast\s+Guard|Customs)\b(?!\s+and\s+Border\s+Protection)|[Aa]cademy(?:\s+of\s+the\s+Coast\s+Guard)?\b"
    r"|MPS|MOI|MOD|MFA|(?:[Ss]tate|[Nn]ational|[Ff]ederal)\s+budget|[Gg]overnment(?=-\w+ed\b)|(?:[Pp]ublic\s+)?[Pp]rosecutor['’]?s?['’]?\s+[Oo]ffice)"
)
# Who owns a program pays for it: "the minister's $5 million program", "the $5 million plan of the Ministry".
_PROGRAM = re.compile(r"\s+(?:[\w-]+\s+){0,4}(?:program(?:me)?s?|plans?|projects?|reforms?|budgets?|strategy)\b")
_PROGRAM_OF = re.compile(_PROGRAM.pattern + r"\s+of\s+(?:the\s+)?")
_OWNER = re.compile(r"['’]s\s+(?:(?:own|new|planned)\s+)?$")
_OWNED_BY_SERVICE = re.compile(
    _PROGRAM.pattern + r"\s+of\s+(?:the\s+)?(?:Ministry|Government|government|Customs|State|National|Border|Coast)\b"
)
_SUM = re.compile(r"[$€£]\s?\d|\b\d[\d.,]*\s[mb]illion\b|\b[A-Z]{3}\s?\d")
_PERSON = re.compile(r"\b[A-Z][a-z]+$")
_OWN = re.compile(r"['’]s\s+own\b")
_SEIZED_PASSIVELY = re.compile(
    r"\b(?:was|were|are)\s+(?:\w+\s+)?(?:seized|confiscated|intercepted|caught|recovered|traced)\b"
)
# What a state is said to do to what the figure counts: "Chilean police arrested", "the Navy and Coast Guard seized".
_ACTS = re.compile(
    r"(?:\s+and\s+(?:the\s+)?[A-Z]\w+(?:\s+[A-Z]\w+)?)?(?P<service>(?:(?:\s+(?:border|coast|federal|local|national|state|drug|immigration|security))*"
    r"\s+(?:customs|police|guards?|officers|officials|authorities|forces|troops|prosecutors|courts?|agents|navy|army|marines"
    r"|boats?|crews?|cutters?|patrols?|ships?|units?|vessels?))*)"
    r"(?:\s+(?:has|have|had|will|would|also|\w+ly|seek\s+to|plans?\s+to|be(?:gan|gun)\s+to))*"
    r"\s+(?:arrest|deport|detain|expel|extradit|repatriat|return|prosecut|convict|indict|sentenc|charg|seiz|confiscat|intercept|interdict"
    r"|captur|recover|impound|conduct)(?:ed|e|ing)?\s"
)
# Where somebody is tried or sent away from is whose state tries or sends.
_TRIED_IN = re.compile(
    r"\b(?:prosecut\w+|tried|trial|convicted|indicted|sentenced|jailed|imprisoned)\s+in\s+(?:the\s+)?$"
    r"|\b(?:deported|expelled|repatriated|extradited)\s+from\s+(?:the\s+)?$"
)
_SUFFERS = re.compile(r"\b(?:from|to|with|against|for)\s+(?:the\s+)?$")
_ARRESTED = re.compile(r"\b(?:arrest|detain)", re.IGNORECASE)  # which only a state does
_POSITION = re.compile(r"\bpositions?\b|\bTDY\b|\b[Aa]mericans\b")
_WE = re.compile(r"\b(?:[Ww]e|[Pp]ost|[Oo]ur|Embassy|[Tt]he\s+embassy|Mission|EmbOffs|Emboffs|USG|MLO|ODC)\b")
_GIVING_VERB = re.compile(
    r"\b(?:provid\w+|donat\w+|fund(?:ed|s|ing)|financ\w+|deliver\w+|train(?:ed|ing|s)|grant\w*|sponsor\w+|assist\w*|suppl(?:y|ied)|installed|receiv\w+|equipped|purchas\w+|transferred)\b"
)
_AUTHORITY = re.compile(
    r"\b(?:police|authorit\w+|customs|officials?|guards?|officers|agents|government|forces|troops|navy|coast\s+guard|prosecut\w+|ministry|unit|task\s+force|inspectors"
    r"|gendarm\w+|investigat(?:ors|ions?)|military|army|security)\b",
    re.IGNORECASE,
)
# What only a state does with people who cross, and what anyone may do with them.
_RETURNED = re.compile(
    r"\b(?:deport|repatriat|expel|expul|return(?:ed|ing)\b|intercept|detain|arrest|turned\s+(?:back|away)|turn\s+back|refus|prevent|denied|deni|apprehend|sent\s+back"
    r"|remov|handed\s+over|extradit|interdict|tracked)",
    re.IGNORECASE,
)
_HANDLED = re.compile(
    r"\b(?:rescue[ds]|rescuing|shot|caught|stopped|identif|shelter|assisted|protect|found\s+(?!in\b|their\b))",
    re.IGNORECASE,
)
_PURSUED = re.compile(
    r"\b(?:investigat|opened|discover|found|uncover|pursu|prosecut|detect|convict|destroy|dismantl|foil|thwart|disrupt"
    r"|clos(?:ed|ing)\b|seal(?:ed|ing)\b|conduct(?:ed|ing)\b)",
    re.IGNORECASE,
)
# A case that nobody is said to pursue may be one that a report tells of.
_CASE = re.compile(r"\bcases?\b", re.IGNORECASE)
_IN_COURT = re.compile(r"\b(?:courts?|judges?|pending|ongoing|under\s?way|trials?|tried|heard)\b", re.IGNORECASE)
_UNSEIZED = re.compile(
    r"\b(?:shipments?|flights?|routes?|landing\s+strips?|instances|transit\w*|trend|flow|loads)\b", re.IGNORECASE
)
# A country named as where troops stand or go sends none of them.
_ELSEWHERE = re.compile(r"\b(?:in|to|into|with|along|at|near|on|of|from|against)\s+(?:the\s+)?$")
_BORDER_OF = re.compile(r"['’]?s?\s+(?:border|frontier)s?\b")
_POSTED = re.compile(
    r"\b(?:deploy\w*|dispatch\w*|sent|send|assign\w*|station\w*|position\w*|increas\w+|reinforc\w+|designat\w+"
    r"|hire[ds]?|recruit\w*|order(?:ed)?|patrol\w*|command)\b",
    re.IGNORECASE,
)


def find_actor(
    figure: Figure, status: str, country: str | None, home: Home, before: Sequence[Line]
) -> tuple[str | None, str | None]:
    """The actor as the guide records it, and the flag "actor_inherited" where it stands outside the sentence.

    `before` are the paragraph's lines up to this one, nearest last, read for who gives where the sentence names nobody.
    """
    if figure.metric in GIVING:
        return _giver(figure, status, country, home, before)
    if figure.metric in ENFORCING:
        return _enforcer(figure, country, home, before), None
    if figure.metric == "personnel":
        return _deployer(figure, country, home, before), None
    acts = _state_acts(figure, home)
    return ((_doer(figure, home) or country) if acts else None), None


def _doer(figure: Figure, home: Home) -> str | None:
    """The state that the clause names as doing what is counted."""
    text, (first, last) = figure.line.text, figure.line.clause(figure.span[0])
    for name in figure.line.names:
        if name.kind in ("city", "organisation") or not first <= name.start < last:
            continue
        verb = _ACTS.match(text, name.end, figure.span[0]) if name.end <= figure.span[0] else None
        acts = verb is not None and (name.kind != "people" or verb["service"])
        if (acts and not _SUFFERS.search(text, first, name.start)) or (
            name.kind == "country" and _TRIED_IN.search(text, first, name.start)
        ):
            return actor_of(name, home)
    return None


def _state_acts(figure: Figure, home: Home) -> bool:
    """Whether a service of the country itself does what is counted: sends back, investigates, inspects."""
    text = figure.line.text
    if figure.metric == "irregular_crossings":
        return bool(_RETURNED.search(text)) or (bool(_HANDLED.search(text)) and _names_authority(figure.line, home))
    if figure.metric == "incidents":
        first, last = figure.line.clause(figure.span[0])
        is_pursued = _PURSUED.search(text) or (
            _CASE.search(text) and (_IN_COURT.search(text) or _names_authority(figure.line, home))
        )
        return bool(is_pursued) and not _UNSEIZED.search(text, first, last)
    return figure.metric == "inspections" and _names_authority(figure.line, home)


def _enforcer(figure: Figure, country: str | None, home: Home, before: Sequence[Line]) -> str | None:
    """The state whose service seizes or arrests: the agency after "by", else that of the country itself."""
    line = figure.line
    if (doer := _doer(figure, home)) is not None:
        return doer
    for name in line.names:
        if name.kind == "agency" and name.value != country and _BY_THEM.search(line.text, 0, name.start):
            others = [
                other
                for other in line.names
                if other.kind in ("agency", "government", "people") and actor_of(other, home) == country
            ]
            if not others:
                return name.value
    if figure.metric == "arrests" or _ARRESTED.search(line.text):
        return country
    if _SEIZED_PASSIVELY.search(line.text) and not any(_names_authority(other, home) for other in (*before[-2:], line)):
        return None
    return country


def _names_authority(line: Line, home: Home) -> bool:
    return bool(_AUTHORITY.search(line.text)) or any(
        actor_of(name, home) for name in line.names if name.kind in ("agency", "government")
    )


def _deployer(figure: Figure, country: str | None, home: Home, before: Sequence[Line]) -> str | None:
    """The state whose staff it is: of the agency named beside it, of who sends it, else of the country."""
    line, quantity = figure.line, figure.span
    if _POSITION.search(line.text) and any(
        _WE.search(other.text) or any(name.value == HOME for name in other.names) for other in before
    ):
        return HOME
    first, last = line.clause(quantity[0])
    for name in line.names:
        if name.kind == "agency" and first <= name.start < last and abs(name.start - quantity[1]) < 90:
            return name.value
    if not _POSTED.search(line.text):
        return country
    senders = [
        actor
        for name in line.names
        if name.end <= quantity[0]
        and name.kind in ("government", "country", "people", "agency")
        and not _ELSEWHERE.search(line.text, 0, name.start)
        and not _BORDER_OF.match(line.text, name.end)
        and (actor := actor_of(name, home))
    ]
    return senders[-1] if senders and country not in senders else country


def _giver(
    figure: Figure, status: str, country: str | None, home: Home, before: Sequence[Line]
) -> tuple[str | None, str | None]:
    line, quantity = figure.line, figure.span
    if figure.metric == "funding" and (owner := _owner(figure, country, home)) is not None:
        return owner, None
    points: dict[str, float] = {}
    for start, end, actor, weight in _candidates(line, country, home):
        if figure.metric == "funding" and _pays_another_part(figure, start):
            continue
        belongs_to_next = any(quantity[1] <= other[0] < start for other in figure.others)
        distance = quantity[0] - end if end <= quantity[0] else start - quantity[1]
        pays = _PAID_BY.fullmatch(line.text, quantity[1], start)
        score = (3.0 if pays else weight) * (0.3 if belongs_to_next else 1.0) * 150 / (150 + max(distance, 0))
        points[actor] = max(points.get(actor, 0.0), score)
    if points:
        best = max(points, key=lambda actor: (points[actor], actor))
        if points[best] >= 0.55:
            return best, None
    if country is not None and _trains_itself(figure, country, home):
        return country, None
    if figure.metric == "equipment" and status == "actual" and not _GIVING_VERB.search(line.text):
        return None, None
    return _giver_around(before, country, home)


def _trains_itself(figure: Figure, country: str, home: Home) -> bool:
    """Whether somebody whom no list knows trains or sends those counted, a service of the country then."""
    verb = _TRAINS.search(figure.line.text, 0, figure.span[0])
    if verb is None or verb["who"].lower() in word_class("nobody"):
        return False
    before = (name for name in figure.line.names if name.end <= verb.start())
    return all(actor_of(name, home) in (None, country) for name in before)


def _owner(figure: Figure, country: str | None, home: Home) -> str | None:
    """Whose program the sum is said to be: of a body named as its owner, of the country where an official owns it."""
    text, (first, last) = figure.line.text, figure.span
    if not _PROGRAM.match(text, last):
        return None
    possessive = _OWNER.search(text, max(0, first - 20), first)
    for name in figure.line.names:
        is_owner = possessive is not None and name.end == possessive.start()
        if is_owner or (name.start > last and _PROGRAM_OF.fullmatch(text, last, name.start)):
            return actor_of(name, home)
    if _OWNED_BY_SERVICE.match(text, last):
        return country
    person = _PERSON.search(text, 0, possessive.start()) if possessive is not None else None
    if person is None:
        return None
    return HOME if _WE.fullmatch(person[0]) else country


def _pays_another_part(figure: Figure, start: int) -> bool:
    """Whether who is named at `start` stands in a later clause that states a sum of its own."""
    first, last = figure.line.clause(start)
    return first >= figure.span[1] and _SUM.search(figure.line.text, first, last) is not None


def _candidates(line: Line, country: str | None, home: Home) -> Iterator[tuple[int, int, str, float]]:
    """Possible givers of the line: span, actor, and how surely the actor gives."""
    for name in line.names:
        actor = actor_of(name, home)
        if actor is not None:
            yield name.start, name.end, actor, _giving_weight(line.text, name, actor, country)
    for match in _WE.finditer(line.text):
        yield match.start(), match.end(), HOME, 2.0 if _GIVE.match(line.text, match.end()) else 1.0
    if country is not None:
        for match in _HOST.finditer(line.text):
            receives = _TO.search(line.text, max(0, match.start() - 30), match.start())
            gives = not receives and (_GIVE.match(line.text, match.end()) or _MADE_BY.match(line.text, match.end()))
            gives = gives or _BY_THEM.search(line.text, max(0, match.start() - 30), match.start())
            yield match.start(), match.end(), country, 2.0 if gives else 0.3


def _giving_weight(text: str, name: Name, actor: str, country: str | None) -> float:
    """How surely a named actor gives, from the words around the name; the country itself mostly receives."""
    before, after = text[max(0, name.start - 40) : name.start], text[name.end : name.end + 80]
    is_guest = actor != country
    if _MADE_BY.match(after) or _OWN.match(after):
        return 3.0
    if _BY.search(before):
        is_agent = _BY_THEM.search(before) and not _TAKEN_BY.search(before)
        return 2.4 if is_guest or is_agent else 0.6
    if _TO.search(before):
        return _receiving_weight(name, after, is_guest)
    if _AID.match(after):
        return 2.0 if is_guest else 1.0
    if _GIVE.match(after) and not after.startswith(("'s", "’s")):
        return 2.2
    return 0.1 if name.kind == "people" else 0.9 if actor == HOME else 0.4


def _receiving_weight(name: Name, after: str, is_guest: bool) -> float:
    if is_guest and _AID.match(after):
        return 2.0
    return 0.9 if is_guest and name.kind in ("agency", "organisation") else 0.1


def _giver_around(before: Sequence[Line], country: str | None, home: Home) -> tuple[str | None, str | None]:
    for line in reversed(before):
        for name in reversed(line.names):
            actor = actor_of(name, home)
            if actor is not None and actor != country and (name.kind in ("agency", "organisation") or actor == HOME):
                return actor, "actor_inherited"
        if _WE.search(line.text):
            return HOME, "actor_inherited"
    return None, None


def actor_of(name: Name, home: Home) -> str | None:
    """Alpha-3 of the state a name stands for, or the organisation's name."""
    if name.kind == "organisation":
        return name.value
    if name.kind == "city":
        return None
    return country_of(name, home.country, home.candidates)
