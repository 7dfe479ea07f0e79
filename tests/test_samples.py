"""The sample cables say that they are samples, hold what their reference figures state, and copy no wording."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from metrics.cable import read_cable
from metrics.catalog import METRICS
from metrics.evaluate import locate, read_reference

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "cables"
TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in sorted(SAMPLES.glob("*.txt"))}
FIGURES = read_reference([SAMPLES.parent / "reference" / "sample_figures.jsonl"])

FIELDS = {
    *("cable", "metric", "kind", "low", "high", "qualifier", "unit", "per", "of", "country", "site", "actor"),
    *("period", "status", "value_text", "quote"),
}
BOUNDS_OF_QUALIFIER = {
    "exact": "equal",
    "approx": "equal",
    "more_than": "low",
    "at_least": "low",
    "vague": "low",
    "less_than": "high",
    "at_most": "high",
    "range": "both",
}
COPIED_WORDS = 8
WITHOUT_MARKS = "09SANJOSE9017"


def real_id(text: str) -> str:
    """The reference id in the REF line of a sample."""
    return re.findall(r"^REF: (\d\d[A-Z]+\d+) *$", text, re.MULTILINE)[0]


def body(text: str) -> str:
    """The text from the first paragraph on, page lines left out."""
    after = text[re.search(r"^¶?1\.", text, re.MULTILINE).start() :]
    return re.sub(r"[A-Z ]+\d{8}\s+\d{3}(?:\.\d)? OF \d{3}", " ", after)


def runs_of_words(text: str) -> set[tuple[str, ...]]:
    """Every run of COPIED_WORDS words, lower case, marks and white space left out."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    return set(zip(*(words[shift:] for shift in range(COPIED_WORDS)), strict=False))


@pytest.mark.parametrize("cable", TEXTS)
def test_sample_names_itself_and_its_source(cable: str) -> None:
    text = TEXTS[cable]
    year, post, serial = re.fullmatch(r"(\d\d)([A-Z]+)(\d+)", cable).groups()
    assert re.search(r"^SUBJECT: SAMPLE: \S", text, re.MULTILINE)
    assert re.search(rf"^[A-Z] \d{{6}}Z [A-Z]{{3}} {year}$", text, re.MULTILINE)
    number = r"(?:UNCLAS|[A-Z](?: [A-Z])+)(?: SECTION 01 OF \d\d)? ([A-Z ]+) (\d{6}) *$"
    header_number = re.search(number, text, re.MULTILINE)
    assert (header_number[1].replace(" ", ""), int(header_number[2])) == (post, int(serial))
    assert real_id(text) != cable
    assert real_id(text).startswith(year + post)


@pytest.mark.parametrize("cable", TEXTS)
def test_sample_reads_as_a_cable(cable: str) -> None:
    read = read_cable(TEXTS[cable])
    year, post, _ = re.fullmatch(r"(\d\d)([A-Z]+)(\d+)", cable).groups()
    assert (read.id, read.post) == (cable, post)
    assert read.date is not None
    assert f"{read.date:%y}" == year
    assert read.subject.startswith("SAMPLE: ")
    assert read.tags
    assert read.classification
    assert real_id(TEXTS[cable]) in read.references
    assert [paragraph.number for paragraph in read.paragraphs] == list(range(1, len(read.paragraphs) + 1))
    marks = {paragraph.marking for paragraph in read.paragraphs}
    assert (marks == {None}) if cable == WITHOUT_MARKS else (None not in marks)


def test_sources_are_real_cables(shared: Path) -> None:
    real = {path.stem for folder in ("seeds", "dev") for path in (shared / "cables" / folder).glob("*.txt")}
    assert {real_id(text) for text in TEXTS.values()} <= real
    assert not set(TEXTS) & real


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: f"{figure['cable']}-{figure['value_text']}")
def test_figure_stands_in_its_sample(figure: dict) -> None:
    text = TEXTS[figure["cable"]]
    assert locate(figure, text)
    assert " ".join(body(text).split()).count(figure["quote"]) == 1


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: f"{figure['cable']}-{figure['value_text']}")
def test_figure_is_well_formed(figure: dict) -> None:
    low, high = figure["low"], figure["high"]
    shape = {
        "equal": low is not None and low == high,
        "low": low is not None and high is None,
        "high": low is None and high is not None,
        "both": low is not None and high is not None and low < high,
    }
    assert set(figure) == FIELDS
    assert shape[BOUNDS_OF_QUALIFIER[figure["qualifier"]]]
    assert figure["status"] in {"actual", "in_progress", "planned", "requested"}
    assert figure["kind"] in {"level", "change", "share"}


def test_every_metric_and_ten_countries_are_covered() -> None:
    assert {figure["metric"] for figure in FIGURES} == set(METRICS)
    assert {figure["cable"] for figure in FIGURES} == set(TEXTS)
    assert len({figure["country"] for figure in FIGURES} - {None}) >= 10


def test_figures_follow_the_order_of_the_text() -> None:
    for first, second in pairwise(FIGURES):
        if first["cable"] == second["cable"]:
            folded = " ".join(body(TEXTS[first["cable"]]).split())
            assert folded.index(first["quote"]) <= folded.index(second["quote"])


def test_no_wording_is_copied(shared: Path) -> None:
    real = {path.stem: path for folder in ("seeds", "dev") for path in (shared / "cables" / folder).glob("*.txt")}
    ours = {cable: runs_of_words(body(text)) for cable, text in TEXTS.items()}
    copied = []
    for source, path in real.items():
        theirs = runs_of_words(path.read_text(encoding="utf-8", errors="replace"))
        copied += [(cable, source, " ".join(run)) for cable, runs in ours.items() for run in runs & theirs]
    assert copied == []
