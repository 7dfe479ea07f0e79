"""The column dictionary: one definition per column makes schema, checks and documentation."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import pyarrow as pa

TEXT = pa.string()
CODED = pa.dictionary(pa.int32(), pa.string())
TEXTS = pa.list_(pa.string())
NUMBER = pa.float64()
COUNT = pa.int64()
DAY = pa.date32()
YES_NO = pa.bool_()

FLAGS: dict[str, str] = {
    "country_from_paragraph": "The country is the paragraph's topic; the sentence does not name it.",
    "country_from_subject": "The country is taken from the cable's subject line.",
    "country_from_tags": "The country is taken from the cable's TAGS line.",
    "country_from_post": "The country is that of the post that sent the cable; the text names none.",
    "year_assumed": "The text gives a day or month without a year; the year follows from the cable's date.",
    "period_inherited": "The period is taken from a neighbouring sentence or the heading.",
    "period_relative": "The period follows from relative words and the cable's date.",
    "fiscal_year": "The text speaks of a fiscal year; it is recorded as a plain year.",
    "vague_magnitude": "The text gives a vague magnitude; its conventional floor is recorded.",
    "actor_inherited": "The actor is taken from a neighbouring clause or sentence.",
    "noun_elided": "The counted noun is not repeated in the text; it is taken from the figure before it.",
    "unit_assumed": "The text gives no unit; the one that such figures mostly have is recorded.",
    "reported_speech": "The figure is what somebody is reported to have said.",
    "comment": "The figure stands in a comment by the post.",
    "summary": "The figure stands in the summary and may repeat one in the body.",
    "part_of_whole": "The figure is part of another figure of the same sentence.",
    "unsure": "Whether the sentence states this metric is unsure: read it before the figure is quoted.",
    "implausible": "The figure looks implausible: it lies beyond what its metric and unit allow.",
    "derived": "The figure is computed from stated figures; formula and inputs are given.",
    "added_in_review": "An analyst added the figure; no rule claimed it.",
    "accepted_in_review": "An analyst accepted the figure as extracted.",
    "corrected_in_review": "An analyst corrected the figure.",
}

# Flags of figures from which no other is computed by subtraction, nor one chosen that stands for others.
DOUBTFUL = frozenset(("implausible", "unsure", "vague_magnitude"))

# Score below which a reading is flagged unsure: of the 61 such ones in the validation part of the reference cables 57 %
# are right, of the 128 others 88 % (tests/test_gold.py prints both).
UNSURE_BELOW = 0.6


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, Arrow type and meaning (with the unit where it has one)."""

    name: str
    type: pa.DataType
    meaning: str


def _columns(*rows: tuple[str, pa.DataType, str]) -> tuple[Column, ...]:
    return tuple(Column(*row) for row in rows)


_CABLE = _columns(
    ("cable_id", TEXT, "Reference id of the cable, such as 09ASTANA623."),
    ("cable_date", DAY, "Day of the cable's date-time group."),
    ("post", CODED, "Post that sent the cable, upper case."),
)
_PLACE_IN_TEXT = _columns(
    ("paragraph", COUNT, "Paragraph number as printed; null where the paragraph has none."),
    (
        "marking",
        CODED,
        "Portion mark of the paragraph, else the cable's classification; UNKNOWN where neither is found, "
        "and after a mark (S/UNKNOWN) where not all of it could be read.",
    ),
)
_SPANS = _columns(
    ("value_text", TEXT, "The number as it stands, white space folded."),
    ("sentence", TEXT, "The sentence as it stands, white space folded."),
    ("start", COUNT, "First character of the number in the cable's text."),
    ("end", COUNT, "Character after the number."),
    ("sentence_start", COUNT, "First character of the sentence in the cable's text."),
    ("sentence_end", COUNT, "Character after the sentence."),
)
_FIGURE = _columns(
    ("metric", CODED, "Metric id from the catalogue."),
    ("kind", CODED, "level, change or share."),
    ("value", NUMBER, "The figure in full units; set only when low equals high."),
    ("low", NUMBER, "Lower bound in full units; null where open."),
    ("high", NUMBER, "Upper bound in full units; null where open."),
    ("qualifier", CODED, "exact, approx, more_than, at_least, less_than, at_most, range or vague."),
    ("unit", CODED, "Counted thing in the singular, measure as stated, percent, or ISO 4217 currency."),
    ("per", CODED, "Denominator of a rate: day, week, month, year, or a counted thing."),
    ("of", TEXT, "What exactly: capability, item, commodity, vehicle or purpose."),
    ("country", CODED, "ISO 3166-1 alpha-3 of the country the figure is about; XKX for Kosovo."),
    ("site", TEXT, "Named place if the figure is about one place, as written."),
    ("actor", TEXT, "Who gives, installs, trains or seizes: alpha-3 or organisation, several joined by commas."),
    ("period", TEXT, "When the figure holds or happened, ISO 8601."),
    ("period_start", DAY, "First day of the period."),
    ("period_end", DAY, "Last day of the period."),
    ("status", CODED, "actual, in_progress, planned or requested."),
)

TABLES: dict[str, tuple[Column, ...]] = {
    "observations": (
        _columns(("observation_id", TEXT, "Stable id: hash of cable id, metric and span."))
        + _CABLE
        + _PLACE_IN_TEXT
        + _FIGURE
        + _columns(
            ("speaker", TEXT, "Who says so, in reported speech."),
            ("flags", TEXTS, "Warnings from the closed list of flags."),
            ("score", NUMBER, "How sure the claim is, 0 to 1."),
            ("role", CODED, "Where the sentence stands: summary, body or comment."),
            ("part_of", TEXT, "observation_id of the figure this one is stated to be a part of."),
        )
        + _SPANS
        + _columns(
            ("rule", CODED, "Catalogue entry that claimed the figure."),
            ("source_sha256", TEXT, "SHA-256 of the input."),
        )
    ),
    "ledger": (
        _CABLE
        + _PLACE_IN_TEXT
        + _columns(
            ("reason", CODED, "Why no metric claims the number: date, list number, unclaimed, ..."),
            ("low", NUMBER, "Lower bound as read; null where open or not a quantity."),
            ("high", NUMBER, "Upper bound as read; null where open or not a quantity."),
            ("unit", TEXT, "Unit or counted noun as read."),
        )
        + _SPANS
    ),
    "cables": (
        _CABLE
        + _columns(
            ("dtg", TEXT, "Date-time group as it stands."),
            ("country", CODED, "Country of the post, ISO 3166-1 alpha-3."),
            ("tags", TEXTS, "TAGS of the header."),
            ("subject", TEXT, "Subject line, white space folded."),
            ("classification", CODED, "Classification of the header, in full words."),
            (
                "highest_mark",
                CODED,
                "Mark over header and portions, all caveats kept, /UNKNOWN after it where one of them is lacking or "
                "could not be read; null where none can be.",
            ),
            ("declassify_on", TEXT, "Declassification instruction as found."),
            ("references", TEXTS, "References (REF line), as written."),
            ("paragraphs", COUNT, "Number of paragraphs read."),
            ("sample", YES_NO, "Written for this project as a sample; says so in its subject."),
            ("body_sha256", TEXT, "SHA-256 of the body with white space folded; equal for copies under two ids."),
            ("text", TEXT, "The text that all offsets index."),
            ("source", TEXT, "Where the cable was read: path, or archive and member."),
            ("source_start", COUNT, "Character of the source where text begins."),
            ("source_sha256", TEXT, "SHA-256 of the input."),
        )
    ),
    "issues": _columns(
        ("source", TEXT, "Input that could not be read, or not wholly."),
        ("cable_id", TEXT, "Cable concerned, if known."),
        ("place", TEXT, "Where in the input: line, byte, field or member."),
        ("what", TEXT, "What is wrong."),
        ("fix", TEXT, "What to do about it."),
    ),
    "facts": (
        _columns(("fact_id", TEXT, "Stable id: hash of what the fact joins on."))
        + _FIGURE
        + _columns(
            ("as_of", DAY, "Date of the newest cable that states it, copies aside."),
            ("marking", CODED, "Mark over its mentions: the highest level, every caveat."),
            ("mentions", COUNT, "How many observations state it, those of a copied cable aside."),
            ("sources", COUNT, "How many independent sources state it (copies of one body count once)."),
            ("observation_ids", TEXTS, "Its observations, best first."),
            ("cables", TEXTS, "Citations: cable id and paragraph."),
            ("speakers", TEXTS, "Who is reported to say so."),
            ("conflict_group", TEXT, "Shared by rival estimates of one thing; null without rivals."),
            ("conflict_reason", TEXT, "What the rivals differ in: value, bound, date or speaker."),
            (
                "update_group",
                TEXT,
                "Shared by successive counts of one running period (year to date); only the last counts.",
            ),
            ("part_of", TEXT, "fact_id of the whole this is a part of."),
            ("superseded_by", TEXT, "fact_id of what came of this plan, or of the last count of a running period."),
            ("derived", YES_NO, "Computed, not stated."),
            ("formula", TEXT, "Formula of a derived value, in words and figures."),
            ("inputs", TEXTS, "fact_ids a derived value is computed from."),
            ("published", TEXTS, "ids of published figures on the same metric, country and time."),
            ("published_apart", TEXTS, "How far the fact lies from each published figure, in the same order."),
            ("flags", TEXTS, "Warnings from the closed list of flags."),
            ("reviewed", CODED, "accepted, corrected or added in review; null where nobody reviewed it."),
        )
    ),
    "checks": _columns(
        ("check", CODED, "Name of the check that failed."),
        ("severity", CODED, "error, warning or note."),
        ("what", TEXT, "What is doubtful, with the figures."),
        ("country", CODED, "Country concerned, ISO 3166-1 alpha-3."),
        ("metric", CODED, "Metric concerned."),
        ("rows", TEXTS, "observation_ids or cable ids concerned."),
        ("marking", CODED, "Mark over the rows concerned: the highest level, every caveat."),
    ),
}


def figure_id(cable_id: str, metric: str, start: int, end: int) -> str:
    """Stable id of a stated figure: 16 hexadecimal digits of the hash of cable id, metric and span."""
    return hashlib.sha256(f"{cable_id}\t{metric}\t{start}\t{end}".encode()).hexdigest()[:16]


def table_schema(table: str) -> pa.Schema:
    """Arrow schema of a table, each field carrying its meaning as metadata."""
    return pa.schema(
        [pa.field(column.name, column.type, metadata={"meaning": column.meaning}) for column in TABLES[table]]
    )


def column_table() -> str:
    """The dictionary as Markdown, one table per table; the README's copy is checked against it."""
    parts = []
    for table, columns in TABLES.items():
        parts.append(f"### `{table}`\n\n| column | type | meaning |\n| --- | --- | --- |")
        parts.extend(f"| `{column.name}` | {_type_name(column.type)} | {column.meaning} |" for column in columns)
        parts.append("")
    return "\n".join(parts)


def _type_name(kind: pa.DataType) -> str:
    if pa.types.is_list(kind):
        return "list of string"
    if pa.types.is_dictionary(kind):
        return "string (coded)"
    return {"string": "string", "double": "double", "int64": "integer", "date32[day]": "date", "bool": "yes/no"}[
        str(kind)
    ]
