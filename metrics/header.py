"""The header of a cable: reference id, date, post, TAGS, subject, classification, references, and where it stops."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import zip_longest

from metrics.marking import PORTION_MARK, banner, normalise_classification

HEAD = 16_000  # header fields are looked for in so many characters
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
ID = re.compile(r"(?P<year>\d\d)(?P<post>[A-Z][A-Z0-9]+?[A-Z])(?P<serial>\d{1,6})")
ID_IN_TEXT = re.compile(rf"(?<![\w#]){ID.pattern}(?!\w)")
BROKEN_POST = re.compile(r"S?E?CTION|EFTO")
DTG = re.compile(
    rf"\b(\d\d)(\d\d)(\d\d)Z?[ ]{{1,3}}({'|'.join(MONTHS)})[A-Z]*[ ]{{1,3}}(\d\d(?:\d\d)?)\b", re.IGNORECASE
)
JULIAN = re.compile(r"\bDE[ ]+\S+[ ]+#\d+(?:/\d+)?[ ]+(\d{3})(\d\d)(\d\d)\b")
LATER_ROUTING = re.compile(r"\b[OPRZ]{1,2} \d{6}Z [A-Z]{3} \d\d\s+FM [A-Z ]+")
WRITTEN_DATES = (
    re.compile(r"\b(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)[ T]\d\d:\d\d"),
    re.compile(rf"day,?[ ](?P<day>\d\d?)[ ](?P<name>{'|'.join(MONTHS)})[a-z]*[ ](?P<year>\d{{4}})", re.IGNORECASE),
    re.compile(r"\b(?P<month>\d\d?)/(?P<day>\d\d?)/(?P<year>(?:19|20)\d\d)[ ]+\d\d?:\d\d"),
)
LISTED = re.compile(
    r"\b(?:(?P<y>(?:19|20)\d\d)-(?P<m>\d\d)-(?P<d>\d\d)|(?P<month>\d\d?)/(?P<day>\d\d?)/(?P<year>(?:19|20)\d\d))"
    r"(?:[ ]+\d\d?:\d\d)?[\s\",]{1,6}$"
)
SENDER = re.compile(r"(?:\n|WASHDC|ZDK|[ ])FM:?[ ]+(?!\d)([A-Z][A-Z /]+)")
OFFICE = re.compile(r"^(?:AMEMBASSY|AMCONSUL|AMCONGEN|USMISSION|USINT|USOFFICE|US MISSION|USLO|AIT|CONSULATE)\s+")
LEVEL = re.compile(
    r"""
    (?:(?:^|\n|\t|["\],.]|WASHDC|class(?:ification)?:\s)[ \t]*
        (?P<level>UNCLAS(?:SIFIED)?|C[ ]?O[ ]?N[ ]?F[ ]?I[ ]?D[ ]?E[ ]?N[ ]?T[ ]?I[ ]?A[ ]?L
          |(?:T[ ]?O[ ]?P[ ]{1,3})?S[ ]?E[ ]?C[ ]?R[ ]?E[ ]?T|LIMITED\ OFFICIAL\ USE|L[ ]I[ ]M[ ]I[ ]T[ ]E[ ]D)\b
      |(?P<spaced>C[ ]O[ ]N[ ]F[ ]I[ ]D[ ]E[ ]N[ ]T[ ]I[ ]A[ ]L|(?:T[ ]O[ ]P[ ]{1,3})?S[ ]E[ ]C[ ]R[ ]E[ ]T
          |UNCLAS(?=\ SECTION))
      |(?P<damaged>C?[ ]?O[ ]N[ ]F[ ]I[ ]D[ ]E[ ]N[ ]T[ ]I[ ]A[ ]L                       # first letters lost or glued
          |(?:T?[ ]?O?[ ]?P[ ]{1,3})?S?[ ]?E[ ]C[ ]R[ ]E[ ]T
          |(?:(?<=\n)|^)(?:ONFIDENTIAL|ECRET)\b))
    (?P<rest>[^\n]{0,200})
    """,
    re.VERBOSE | re.IGNORECASE,
)
ROUTED = re.compile(r"\bZNY[ ]+(?P<letter>[CST])(?P=letter){4}\b")  # the routing's own line of security
ROUTED_LEVELS = {"C": "CONFIDENTIAL", "S": "SECRET", "T": "TOP SECRET"}
SERIAL = re.compile(r"(?:OF \d\d ?)?\b(?P<post>[A-Z][A-Z .]{2,30}?)[ ]+(?P<serial>\d{3,6})(?![\d/])")
KEY = re.compile(
    r"""
    (?:\bEO|\bE[ ]O|E\.[ ]?O)\.?[ ]{0,2}1\d{3,4}[:;., ]*                             # E.O. 12958: SIPDISE.O. 12958:
  | \n[ \t"]*(?:TAGS?|SUBJ(?:ECT)?|REFS?|REFTELS?|REF\(S\)|REF[ ]TELS?)\b[ \t]*(?:[:(]|(?=[A-Z(]))
  | (?<![A-Za-z])(?:TAGS?|AGS|SUBJ(?:ECT)?|UBJECT|REFS?|REFTELS?|REF\(S\)|REF[ ]TELS?)[ \t]{0,2}:
  | (?-i:(?<=[A-Z])(?:REFS?[ \t]{0,2}:|Classified[ ][Bb]y:[ ]*))                   # EGYPTREF: CAIRO 493
  | \(?\b[UCS]?\)?[ ]?\bCLASSIFIED[ ]BY\b[: ]*
    """,
    re.VERBOSE | re.IGNORECASE,
)
KINDS = {"TAG": "TAGS", "AGS": "TAGS", "SUBJ": "SUBJECT", "UBJ": "SUBJECT", "REF": "REF"}  # first letters may be lost
FIRST_PARAGRAPH = re.compile(
    rf"""
    \n[ \t>*]*1[ ]?[.)][ \t]*(?:{PORTION_MARK}|(?=[^\s\d]|\n))       # 1. (C) Text
  | [ \n]1[ ]?[.][ ]{{0,3}}(?:{PORTION_MARK}|(?=(?:BEGIN[ ])?SUMMARY\b))  # the same inside a running line
  | \n[ \t>*]*\d\d?[ ]?[.)]?[ \t]*{PORTION_MARK}                      # a copy that starts later
  | \n[ \t]*{PORTION_MARK}[ \t]*(?=["A-Z])                                  # no number at all
    """,
    re.VERBOSE,
)
RULED_HEADING = re.compile(r"\n(?=[ \t]*(?:[-=]{4,}[ \t]+)?[A-Z][^\n]{2,80}?(?:\n[ \t]*|[ \t]+)[-=]{4,}[-= \t]*+\s*+$)")
LETTER = re.compile(r"\s*[(\[{]?[ ]?([A-Za-z])[ ]?[)\]}]\s*")
UNNUMBERED = re.compile(rf"[ ]{PORTION_MARK}[ ]+(?=[A-Z][a-z])")  # REF: STATE 28885 (SBU) This is a response
DECLASSIFY = re.compile(r"^(?:DECL(?:ASS(?:IFY)?)?(?:[ ]ON)?[:;., ]*)?(.*?)[ \t]*(?:$|\n|DEPARTMENT\b|DEPT\b)", re.I)
TAG = re.compile(r"\b(?:[A-Z][A-Z0-9]{1,4}|(?:[A-Z]{4}){2,}(?:[A-Z]{2})?|[A-Z]{6})\b")
BLANK_LINE = re.compile(r"\n[ \t]*\n")
NAME_IN_TAGS = re.compile(r"\([^()]*\)")
REFERENCE = re.compile(r"(?:^|[\s;,])[(]?[A-Z][).][ ]*")
OPEN_END = re.compile(r"(?:\b(?:THE|OF|AND|IN|ON|TO|FOR|A|AN|BY|WITH|FROM|U\.S\.)|[,&-])$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Header:
    """The header fields as in `Cable`; `end` is where the header stops; `doubts` are what does not fit together.

    `is_whole` is false where the classification line is damaged or lost: `classification` is then what is left of it.
    """

    id: str
    date: date | None
    dtg: str | None
    post: str | None
    tags: tuple[str, ...]
    subject: str
    classification: str | None
    is_whole: bool
    declassify_on: str | None
    references: tuple[str, ...]
    end: int
    doubts: tuple[str, ...]


def read_header(clean: str, name: str = "", created: date | None = None) -> Header:
    """The header fields of the masked text.

    `name` is the id that a page or file name gives, `created` the date that a page gives; both are used
    where the text itself has none (partial extracts have no date-time group: 05SANJOSE2460).
    """
    level = _find_level(clean)
    start = level.start() if level else 0
    first = _find_first(clean, start)
    fields, keyed, after = _read_fields(clean, start, first.start() if first else None)
    routing = _find_routing(clean, max(keyed, level.end() if level else 0) or HEAD)
    given = ID.fullmatch(name)
    day, dtg, doubts = _read_date(routing, given, created or _listed_date(clean, name))
    serial = SERIAL.search(level["rest"]) if level else None
    post = _read_post(routing, given, serial)
    found = ID_IN_TEXT.search(routing)
    shown = keyed or (first.start() if first else level.end() if level else 0)  # where no field follows the line
    classification, is_whole = _read_level(level, routing, clean[start : max(after, shown)], clean[start:shown])
    return Header(
        id=name or _build_id(day, post, serial) or (found.group() if found else ""),
        date=day,
        dtg=dtg,
        post=post,
        tags=_split_tags(fields.get("TAGS", "")),
        subject=_read_subject(fields.get("SUBJECT", "")),
        classification=classification,
        is_whole=is_whole,
        declassify_on=_read_declassification(fields.get("EO", "")),
        references=_split_references(fields.get("REF", "")),
        end=_before_heading(clean, after, first.start()) if first else after,
        doubts=doubts,
    )


def _find_level(clean: str) -> re.Match[str] | None:
    """The classification line; one that names the post's serial wins over a web page's field."""
    found = None
    for match in LEVEL.finditer(clean, 0, HEAD):
        if SERIAL.search(match["rest"]):
            return match
        if found is None and not _is_in_body(clean, match.start()):
            found = match
    return found


def _is_in_body(clean: str, at: int) -> bool:
    """Whether the fields and the start of a paragraph stand before: "secret" at a line's start is a word there.

    08STATE43817 has such a line.
    """
    first = _find_first(clean, 0)
    return first is not None and at > first.start() and KEY.search(clean, 0, first.start()) is not None


def _find_first(clean: str, start: int) -> re.Match[str] | None:
    """Where the first paragraph starts: item C of a list of references is no portion mark."""
    found = FIRST_PARAGRAPH.finditer(clean, start, start + HEAD)
    return next((match for match in found if not _is_reference(clean, start, match)), None)


def _is_reference(clean: str, start: int, match: re.Match[str]) -> bool:
    """Whether a bracketed letter follows the one before it, under the key REF: "B) ROME 1; C) OSLO 2"."""
    letter = LETTER.fullmatch(match.group())
    keys = list(KEY.finditer(clean, start, match.start())) if letter else []
    if not letter or not keys or _kind_of_key(keys[-1].group()) != "REF":
        return False
    former = chr(ord(letter[1]) - 1)
    return re.search(rf"(?<![A-Za-z]){former}[ ]?[).]", clean[keys[-1].end() : match.start()]) is not None


def _before_heading(clean: str, after: int, first: int) -> int:
    """Where the body starts: at the ruled heading just above the first paragraph, if one stands behind the fields."""
    heading = RULED_HEADING.search(clean, max(after, first - 200), first) if clean[first] == "\n" else None
    return heading.start() if heading else first


def _read_level(level: re.Match[str] | None, routing: str, following: str, captions: str) -> tuple[str | None, bool]:
    """The classification and whether its line is whole; else the highest of what is left of it and the routing."""
    if level and (printed := level["level"] or level["spaced"]):
        return normalise_classification(printed, following, captions), True
    routed = ROUTED.search(routing)
    left = [level["damaged"]] if level else []
    left += [ROUTED_LEVELS[routed["letter"]]] if routed else []
    return banner(normalise_classification(one, following, captions) for one in left) if left else None, False


def _read_fields(clean: str, start: int, stop: int | None) -> tuple[dict[str, str], int, int]:
    """Each field's text from its key to the next key; where the first key stands and the last field's block ends."""
    keys = _find_keys(clean, start, stop or start + HEAD)
    fields: dict[str, str] = {}
    after = start
    for (kind, match), following in zip_longest(keys, keys[1:]):
        end = following[1].start() if following else (stop or match.end() + 1500)
        value = clean[match.end() : end]
        if _is_cut(fields.get(kind, ""), value):
            fields[kind] = value
            after = max(after, match.end() + len(_block(value)))
    if stop is None and keys and (mark := UNNUMBERED.search(clean, keys[-1][1].end(), after)):
        after = mark.start()
    if not keys:
        after = max(clean.find("\n", start), 0) if start else 0
    return fields, keys[0][1].start() if keys else 0, after


def _is_cut(value: str, again: str) -> bool:
    """Whether nothing of a field stands there, or a start that breaks off of what stands again ("DE...")."""
    part, whole = ("".join(_block(text).split()) for text in (value, again))
    opening = part.rstrip(".")
    return not part or (part.endswith("...") and whole.startswith(opening[: len(opening) // 2]))


def _find_keys(clean: str, start: int, stop: int) -> list[tuple[str, re.Match[str]]]:
    """Field names in order; one that comes again inside a line is part of a field ("SUBJECT: E.O. 13382 ENTITIES")."""
    keys: list[tuple[str, re.Match[str]]] = []
    seen: set[str] = set()
    for match in KEY.finditer(clean, start, stop):
        kind = _kind_of_key(match.group())
        is_doubled = bool(keys) and keys[-1][0] == kind and match.start() - keys[-1][1].end() < 3
        opens_line = "\n" in clean[match.start() - 1 : match.start() + 1] and match.group().rstrip().endswith(":")
        if kind not in seen or opens_line or is_doubled:
            keys.append((kind, match))
            seen.add(kind)
    return keys


def _kind_of_key(key: str) -> str:
    letters = key.upper().strip(' \n\t":(')
    if "CLASSIFIED" in letters:
        return "BY"
    return next((kind for start, kind in KINDS.items() if letters.startswith(start)), "EO")


def _block(value: str) -> str:
    """`value` up to its first blank line, one more block where it cannot end there."""
    done = len(value) - len(value.lstrip())
    for blank in BLANK_LINE.finditer(value, done):
        block = value[done : blank.start()].strip()
        if block and not OPEN_END.search(block[-8:]):
            return value[: blank.start()]
        done = blank.end()
    return value


def _read_subject(value: str) -> str:
    level = LEVEL.search(value)  # copies that print the header's lines twice
    return " ".join(_block(value[: level.start()] if level else value).split()).strip(' "\\')


def full_year(year: int) -> int:
    """The four-digit year: cables run from 1966 to 2010.

    >>> full_year(66), full_year(9), full_year(2009)
    (1966, 2009, 2009)
    """
    return year if year > 99 else year + (1900 if year > 30 else 2000)


def _read_date(
    routing: str, given: re.Match[str] | None, created: date | None
) -> tuple[date | None, str | None, tuple[str, ...]]:
    """Day and date-time group, checked against the day of the year in the DE line, which also stands in for it."""
    found = DTG.search(routing)
    julian = JULIAN.search(routing)
    stamped = _day(full_year(int(found[5])), MONTHS.index(found[4].upper()) + 1, int(found[1])) if found else None
    dtg = " ".join(found.group().split()) if found else None
    if stamped:
        if julian and abs(int(julian[1]) - stamped.timetuple().tm_yday) > 1:
            return stamped, dtg, (f"date-time group {dtg} is not day {julian[1]} of the year, which the DE line gives",)
        return stamped, dtg, ()
    if julian and given:
        return date(full_year(int(given["year"])), 1, 1) + timedelta(days=int(julian[1]) - 1), dtg, ()
    return _written_date(routing) or created, dtg, ()


def _find_routing(clean: str, end: int) -> str:
    """What stands before the fields; old copies whose first page lacks the routing lines have them on a later one."""
    routing = clean[:end]
    later = None if DTG.search(routing) else LATER_ROUTING.search(clean, end)
    return routing + "\n" + later.group() if later else routing


def _listed_date(clean: str, name: str) -> date | None:
    """The day that a row of a list of cables gives beside this one's id ("7/29/2004 5:59,04THEHAGUE1903")."""
    place = clean.find(name) if name else -1
    while place >= 0:
        if row := LISTED.search(clean, max(0, place - 30), place):
            return _day(*map(int, (row["y"] or row["year"], row["m"] or row["month"], row["d"] or row["day"])))
        place = clean.find(name, place + 1)
    return None


def _written_date(routing: str) -> date | None:
    for pattern in WRITTEN_DATES:
        if found := pattern.search(routing):
            parts = found.groupdict()
            month = MONTHS.index(parts["name"][:3].upper()) + 1 if "name" in parts else int(parts["month"])
            return _day(int(parts["year"]), month, int(parts["day"]))
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _read_post(routing: str, given: re.Match[str] | None, serial: re.Match[str] | None) -> str | None:
    """The post as reference ids write it, from the id, the FM line or the classification line."""
    if given and not BROKEN_POST.match(given["post"]):
        return given["post"]
    if sender := SENDER.search(routing):
        return _fold_post(sender[1])
    return _fold_post(serial["post"]) if serial else None


def _fold_post(words: str) -> str:
    """
    >>> _fold_post("AMEMBASSY NEW DELHI"), _fold_post("SECSTATE WASHDC")
    ('NEWDELHI', 'STATE')
    """
    post = OFFICE.sub("", words.strip())
    return "STATE" if post.startswith("SECSTATE") else post.replace(" ", "").replace("/", "").replace(".", "")


def _build_id(day: date | None, post: str | None, serial: re.Match[str] | None) -> str:
    """Year, post and serial without zeros, as 09TASHKENT1487 has to be made; "" where one is missing."""
    return f"{day.year % 100:02d}{post}{int(serial['serial'])}" if day and post and serial else ""


def _split_tags(value: str) -> tuple[str, ...]:
    """
    >>> _split_tags("PREL, SNAR (CLINTON, HILLARY) CU")
    ('PREL', 'SNAR', 'CU')
    """
    if value.upper() != value:  # lost line ends: "Tags: prel, snar"
        value = value.partition("\n")[0].upper()
    words = TAG.findall(NAME_IN_TAGS.sub(" ", _block(value)))
    return tuple(dict.fromkeys(tag for word in words for tag in _unglue(word)))


def _unglue(word: str) -> list[str]:
    """TAGS printed without blanks as the four-letter ones they are, the last perhaps of two.

    >>> _unglue("ETRDEINVCS"), _unglue("ZANU")
    (['ETRD', 'EINV', 'CS'], ['ZANU'])
    """
    return [word] if len(word) < 6 else [word[place : place + 4] for place in range(0, len(word), 4)]


def _read_declassification(value: str) -> str | None:
    found = DECLASSIFY.match(value.lstrip())
    return (found[1].strip(' "\\,;') or None) if found else None


def _split_references(value: str) -> tuple[str, ...]:
    """
    >>> _split_references("A. ASTANA 2352 \\n     B. ASTANA 00052")
    ('ASTANA 2352', 'ASTANA 00052')
    """
    items = (" ".join(item.split()).strip(" ,;:()") for item in REFERENCE.split(value))
    return tuple(item for item in items if item)
