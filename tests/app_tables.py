"""A small corpus as tables, written by hand: what the app's tests look at, whatever the reader of cables finds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from metrics.catalog import METRICS
from metrics.marking import combine_marks
from metrics.observations import TABLES
from metrics.periods import period_bounds
from metrics.reconcile import check, reconcile
from metrics.store import table_from_rows, write_tables
from metrics.vocabulary.names import countries_by_post

HOSTILE = "<script>document.title='owned'</script> <img src=x onerror=alert(1)> **bold** $x^2$ {{ braces }} [a](b)"


@dataclass(frozen=True)
class Stated:
    """A figure as the tests state it: the number's words, and the sentence it stands in."""

    metric: str
    sentence: str
    number: str
    low: float | None
    country: str
    high: float | None = None
    qualifier: str = "exact"
    of: str = "radiation detection"
    actor: str | None = None
    period: str | None = None
    status: str = "actual"
    marking: str = "C"
    unit: str = ""


@dataclass(frozen=True)
class Telegram:
    """A cable of the small corpus."""

    cable_id: str
    day: date
    subject: str
    classification: str
    stated: tuple[Stated, ...]
    extra: str = ""


CORPUS = (
    Telegram(
        "09ALMATY801",
        date(2009, 4, 2),
        "SAMPLE: KAZAKH GATES",
        "CONFIDENTIAL",
        (
            Stated("checkpoints_total", "The country keeps 110 road and rail gates.", "110", 110, "KAZ"),
            Stated("checkpoints_equipped", "Sensors stand at 35 gates today.", "35", 35, "KAZ"),
            Stated(
                "installations",
                "Engineers fitted sensors at six gates in 2008.",
                "six",
                6,
                "KAZ",
                actor="USA",
                period="2008",
                unit="site",
            ),
            Stated(
                "installations",
                "Work goes on at four gates in 2009.",
                "four",
                4,
                "KAZ",
                actor="USA",
                period="2009",
                status="in_progress",
                unit="site",
            ),
            Stated(
                "funding",
                "Oslo pays $700,000 toward the customs service.",
                "$700,000",
                700_000,
                "KAZ",
                of="customs equipment",
                actor="NOR",
                period="2009",
                unit="USD",
            ),
            Stated(
                "funding",
                "The bank lends $61 million for customs reform.",
                "$61 million",
                61e6,
                "KAZ",
                of="customs modernization",
                actor="World Bank",
                period="2007",
                unit="USD",
            ),
        ),
        HOSTILE,
    ),
    Telegram(
        "09ALMATY802",
        date(2009, 9, 7),
        "SAMPLE: CUSTOMS MONEY",
        "CONFIDENTIAL",
        (
            Stated(
                "funding",
                "Officials now put the customs reform loan at $66 million.",
                "$66 million",
                66e6,
                "KAZ",
                of="customs modernization",
                actor="World Bank",
                period="2007",
                unit="USD",
            ),
        ),
    ),
    Telegram(
        "09TASHKENT803",
        date(2009, 8, 20),
        "SAMPLE: UZBEK GATES",
        "UNCLASSIFIED",
        (
            Stated("checkpoints_total", "There are 210 gates in all.", "210", 210, "UZB", marking="U"),
            Stated("checkpoints_equipped", "Detection works at 27 gates of Uzbekistan.", "27", 27, "UZB", marking="U"),
            Stated(
                "installations",
                "Crews added detectors at three gates in 2008.",
                "three",
                3,
                "UZB",
                actor="USA",
                period="2008",
                unit="site",
                marking="U",
            ),
            Stated(
                "arrests",
                "Guards held 12 smugglers in 2008.",
                "12",
                12,
                "UZB",
                of="smugglers",
                actor="UZB",
                period="2008",
                unit="person",
                marking="SBU",
            ),
        ),
    ),
)


def write_small_tables(folder: Path, corpus: tuple[Telegram, ...] = CORPUS, body: str | None = None) -> Path:
    """The corpus as tables in a folder; with one `body` all its cables are copies of one another."""
    cables = [_cable_row(telegram) | ({"body_sha256": body} if body else {}) for telegram in corpus]
    observations = [
        _observation_row(telegram, cable, number, stated)
        for telegram, cable in zip(corpus, cables, strict=True)
        for number, stated in enumerate(telegram.stated, start=1)
    ]
    tables = {name: table_from_rows(name, []) for name in TABLES}
    tables["cables"] = table_from_rows("cables", cables)
    tables["observations"] = table_from_rows("observations", observations)
    tables["facts"] = reconcile(tables["observations"], tables["cables"])
    tables["checks"] = check(tables["observations"], tables["facts"], tables["cables"])
    write_tables(folder, tables.items(), {"build": "small"})
    return folder


def telegram_text(telegram: Telegram) -> str:
    """The cable as text: a header of a few lines, then one numbered paragraph a sentence."""
    paragraphs = "\n\n".join(
        f"{number}. ({stated.marking}) {stated.sentence}" for number, stated in enumerate(telegram.stated, start=1)
    )
    return f"{telegram.classification}\nSUBJECT: {telegram.subject}\n\n{paragraphs}\n\n{telegram.extra}\n"


def _cable_row(telegram: Telegram) -> dict[str, Any]:
    return {
        "cable_id": telegram.cable_id,
        "cable_date": telegram.day,
        "post": telegram.cable_id[2:-3],
        "country": countries_by_post().get(telegram.cable_id[2:-3]),
        "subject": telegram.subject,
        "classification": telegram.classification,
        "highest_mark": combine_marks([telegram.classification, *(stated.marking for stated in telegram.stated)]),
        "declassify_on": "2019/01/01",
        "tags": [],
        "references": [],
        "paragraphs": len(telegram.stated),
        "sample": True,
        "body_sha256": telegram.cable_id,
        "text": telegram_text(telegram),
        "source": f"{telegram.cable_id}.txt",
        "source_start": 0,
        "source_sha256": telegram.cable_id,
    }


def _observation_row(telegram: Telegram, cable: dict[str, Any], paragraph: int, stated: Stated) -> dict[str, Any]:
    first = cable["text"].index(stated.sentence)
    start = first + stated.sentence.index(stated.number)
    high = stated.low if stated.high is None and stated.qualifier == "exact" else stated.high
    period_start, period_end = period_bounds(stated.period) if stated.period else (None, None)
    return {
        **{name: cable[name] for name in ("cable_id", "cable_date", "post", "source_sha256")},
        "observation_id": f"{telegram.cable_id}-{paragraph}",
        "paragraph": paragraph,
        "marking": stated.marking,
        "metric": stated.metric,
        "kind": "level",
        "value": stated.low,
        "low": stated.low,
        "high": high,
        "qualifier": stated.qualifier,
        "unit": stated.unit or METRICS[stated.metric].unit,
        "of": stated.of,
        "country": stated.country,
        "actor": stated.actor,
        "period": stated.period,
        "period_start": period_start,
        "period_end": period_end,
        "status": stated.status,
        "flags": [],
        "score": 0.9,
        "role": "body",
        "value_text": stated.number,
        "sentence": stated.sentence,
        "start": start,
        "end": start + len(stated.number),
        "sentence_start": first,
        "sentence_end": first + len(stated.sentence),
        "rule": stated.metric,
    }
