"""How fast the app is in a browser, over made-up tables of any size: python benchmarks/app.py --facts 1000000"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click
import numpy as np
import pyarrow as pa
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from metrics.catalog import METRICS  # noqa: E402
from metrics.observations import TABLES, table_schema  # noqa: E402
from metrics.store import table_from_rows, write_tables  # noqa: E402
from metrics.vocabulary.measures import read_table  # noqa: E402

LIMITS = {"text": 1.5, "chart": 5.0, "filter": 0.8, "memory": 600.0}
SESSIONS = 8
CABLES = 2000


def make_tables(folder: Path, facts: int) -> None:
    """Tables with this many facts, spread evenly over metrics, countries and years; each has one mention."""
    chance = np.random.default_rng(7)
    codes = [row["code"] for row in read_table("countries.csv")]
    countries = codes if facts > 100_000 else ["KAZ", "UZB", *codes[:10]]
    columns: dict[str, Any] = {
        "metric": np.array(list(METRICS))[chance.integers(0, len(METRICS), facts)],
        "country": np.array(countries)[chance.integers(0, len(countries), facts)],
        "low": np.round(10 ** chance.uniform(0, 6, facts)),
    }
    order = np.lexsort((columns["country"], columns["metric"]))
    columns = {name: values[order] for name, values in columns.items()}
    years = chance.integers(2000, 2010, facts)
    shared = {
        **columns,
        "high": columns["low"],
        "value": columns["low"],
        "kind": ["level"] * facts,
        "qualifier": ["exact"] * facts,
        "unit": [METRICS[metric].unit for metric in columns["metric"]],
        "of": [f"thing {number % 50}" for number in range(facts)],
        "actor": np.array(["USA", "NOR", "World Bank"])[chance.integers(0, 3, facts)],
        "period": years.astype(str),
        "period_start": [date(year, 1, 1) for year in years],
        "period_end": [date(year, 12, 31) for year in years],
        "status": ["actual"] * facts,
        "marking": np.array(["U", "SBU", "C"])[chance.integers(0, 3, facts)],
        "flags": [[]] * facts,
    }
    ids = [f"{number:016x}" for number in range(facts)]
    cables = [f"09POST{number % CABLES}" for number in range(facts)]
    write_tables(
        folder,
        {
            **{name: table_from_rows(name, []) for name in TABLES},
            "cables": _make_cables(),
            "observations": _table("observations", _mentions(shared, ids, cables, facts)),
            "facts": _table("facts", _facts(shared, ids, cables, facts)),
        }.items(),
        {"build": f"benchmark-{facts}"},
    )


def _make_cables() -> pa.Table:
    rows = [
        {
            "cable_id": f"09POST{number}",
            "cable_date": date(2009, 1, 1) + timedelta(days=number % 365),
            "post": "POST",
            "subject": f"SUBJECT {number}",
            "classification": "CONFIDENTIAL",
            "highest_mark": "CONFIDENTIAL",
            "text": "1. (C) There are 12 of them.",
            "sample": False,
        }
        for number in range(CABLES)
    ]
    return table_from_rows("cables", rows)


def _mentions(shared: dict[str, Any], ids: list[str], cables: list[str], facts: int) -> dict[str, Any]:
    same = {"value_text": "12", "sentence": "There are 12 of them.", "start": 17, "end": 19, "score": 0.9}
    return {
        **shared,
        **{name: [value] * facts for name, value in same.items()},
        **{"observation_id": ids, "cable_id": cables, "cable_date": [date(2009, 1, 1)] * facts},
        **{"paragraph": [1] * facts, "sentence_start": [7] * facts, "sentence_end": [28] * facts},
    }


def _facts(shared: dict[str, Any], ids: list[str], cables: list[str], facts: int) -> dict[str, Any]:
    return {
        **shared,
        "fact_id": ids,
        "as_of": [date(2009, 1, 1) + timedelta(days=number % 365) for number in range(facts)],
        "mentions": [1] * facts,
        "sources": [1] * facts,
        "observation_ids": [[one] for one in ids],
        "cables": [[f"{cable} para 1"] for cable in cables],
        "speakers": [[]] * facts,
        "derived": [False] * facts,
        "inputs": [[]] * facts,
        "published": [[]] * facts,
    }


def _table(name: str, columns: dict[str, Any]) -> pa.Table:
    schema = table_schema(name)
    size = len(columns["metric"])
    return pa.table(
        [
            pa.array(columns[field.name]).cast(field.type) if field.name in columns else pa.nulls(size, field.type)
            for field in schema
        ],
        schema=schema,
    )


@contextmanager
def serve(tables: Path, folder: Path) -> Iterator[tuple[str, int]]:
    """The app over the tables: its address and process id."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    reviews = f"sqlite:///{folder / 'reviews.sqlite'}"
    environment = {**os.environ, "BORDER_METRICS_DATA": str(tables), "BORDER_METRICS_REVIEWS": reviews}
    command = [sys.executable, "-m", "streamlit", "run", "dashboard.py", "--server.port", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_until_up(f"http://127.0.0.1:{port}/_stcore/health")
        yield f"http://127.0.0.1:{port}/", server.pid
    finally:
        server.terminate()
        server.wait(10)


def _wait_until_up(address: str) -> None:
    for _ in range(200):
        try:
            urllib.request.urlopen(address, timeout=1)
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("the server did not answer within 40 seconds")


def time_first_view(browser: Browser, address: str) -> dict[str, float]:
    """Seconds from asking for a page to its text and to its first chart, in a browser without a past."""
    page = browser.new_context().new_page()
    began = time.perf_counter()
    page.goto(f"{address}funding?country=Kazakhstan", wait_until="commit")
    page.locator("h1").first.wait_for()
    text = time.perf_counter() - began
    page.locator(".js-plotly-plot .point").first.wait_for(state="attached")
    found = {"text": text, "chart": time.perf_counter() - began}
    page.context.close()
    return found


# Counts from the next click, as the page gets it, until a chart names the country.
CLOCK = """country => {
    const words = () => [...document.querySelectorAll('.js-plotly-plot text')].map(one => one.textContent);
    window.took = new Promise(resolve => document.addEventListener('click', () => {
        const began = performance.now();
        const watch = new MutationObserver(() => {
            if (!words().some(said => said.includes(country))) return;
            watch.disconnect();
            resolve((performance.now() - began) / 1000);
        });
        watch.observe(document.body, {childList: true, subtree: true, characterData: true});
    }, {once: true, capture: true}));
}"""


def time_filter(page: Page, address: str, pid: int) -> dict[str, float]:
    """Seconds from the choice of another country to a chart that names it, counted in the page.

    So the time is the user's: from the click to the chart, without what Playwright takes to click. Beside them the
    processor time this takes in the server and in the page, which a busy machine does not lengthen.
    """
    browser = page.context.new_cdp_session(page)
    browser.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.goto(f"{address}funding?country=Kazakhstan")
    page.locator(".js-plotly-plot .point").first.wait_for(state="attached")
    page.wait_for_load_state("networkidle")
    page.get_by_role("combobox", name="Country").click()
    page.keyboard.type("Uzbek")
    option = page.get_by_role("option", name="Uzbekistan", exact=True)
    option.wait_for()
    page.evaluate(CLOCK, "Uzbekistan")
    before = processor_time(pid), page_time(browser)
    option.click()
    took = page.evaluate("window.took")
    page.wait_for_load_state("networkidle")
    return {
        "filter": took,
        "server": processor_time(pid) - before[0],
        "page": page_time(browser) - before[1],
    }


def processor_time(pid: int) -> float:
    """Seconds of processor time a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def page_time(browser: CDPSession) -> float:
    """Seconds of processor time the page's own thread has used."""
    metrics = browser.send("Performance.getMetrics")["metrics"]
    return next(float(metric["value"]) for metric in metrics if metric["name"] == "TaskDuration")


def memory_of(pid: int) -> float:
    """Resident memory of a process in MB."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024


def first_load(browser: Browser, address: str) -> float:
    """Megabytes that a browser without a past receives for its first chart."""
    page = browser.new_context().new_page()
    sizes: list[int] = []
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    page.goto(f"{address}funding?country=Kazakhstan")
    page.locator(".js-plotly-plot .point").first.wait_for(state="attached")
    page.wait_for_load_state("networkidle")
    page.context.close()
    return sum(sizes) / 1e6


def find_median(runs: Sequence[Mapping[str, float]], name: str) -> float:
    """The middle of what several runs measured."""
    return float(np.median([run[name] for run in runs]))


@click.command()
@click.option("--facts", type=int, default=1000, show_default=True, help="Rows of the table of facts.")
@click.option("--runs", type=int, default=5, show_default=True, help="Runs of which the median counts.")
def main(facts: int, runs: int) -> None:
    """Measure the app over made-up tables; prints one line a measure, with its limit."""
    folder = Path(tempfile.mkdtemp(prefix="app-benchmark-"))
    try:
        make_tables(folder / "tables", facts)
        with serve(folder / "tables", folder) as (address, pid), sync_playwright() as playwright:
            chromium = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
            )
            time_first_view(chromium, address)
            views = [time_first_view(chromium, address) for _ in range(runs)]
            pages = [chromium.new_context().new_page() for _ in range(SESSIONS)]
            filters = [time_filter(page, address, pid) for page in pages]
            measures = {
                **{name: find_median(views, name) for name in ("text", "chart")},
                "filter": find_median(filters, "filter"),
                "memory": memory_of(pid),
            }
            loaded = first_load(chromium, address)
            chromium.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    limits = {**LIMITS, "filter": LIMITS["filter"] if facts > 100_000 else 0.4}
    for name, value in measures.items():
        unit = "MB" if name == "memory" else "s"
        click.echo(f"{name:8} {value:8.2f} {unit}   limit {limits[name]:g} {unit}")
    for name in ("server", "page"):
        click.echo(f"{name:8} {find_median(filters, name):8.2f} s    of processor time for a filter change")
    click.echo(f"{'loaded':8} {loaded:8.2f} MB")


if __name__ == "__main__":
    main()
