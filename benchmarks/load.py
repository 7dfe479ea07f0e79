"""The app under load: sessions that filter while builds swap the tables: python -m benchmarks.load --seconds 60

Each session chooses one country after the other and waits for the chart that names it, from when all have their page;
with `--pause` its user looks at each chart for some seconds. Meanwhile builds run into the folder the app shows, once
with all sample cables and once without the last, so that every build swaps the tables.

The browsers run on the machine that serves: of what a change costs, theirs is the larger part.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import click
import numpy as np
from playwright.sync_api import Page, TimeoutError, sync_playwright

from benchmarks.app import ROOT, serve
from metrics.charts.words import say_name
from metrics.store import read_manifest, read_table

SESSIONS = 8
LIMIT = 1.0  # seconds from the choice of a country to its chart
UP = 120  # seconds until all sessions have their page
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def build(cables: Path, out: Path) -> None:
    """One build in a process of its own; fails where it reads less than all."""
    subprocess.run(
        [sys.executable, "-m", "metrics", "build", str(cables), "--out", str(out), "--quiet"],
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def build_until(stop: threading.Event, cable: Path, out: Path) -> int:
    """Builds without this cable and with it by turns, ending with it; how many."""
    count, aside = 0, cable.parents[1] / cable.name
    while not stop.is_set() or aside.exists():
        source, target = (cable, aside) if cable.exists() else (aside, cable)
        source.replace(target)
        build(cable.parent, out)
        count += 1
    return count


def filter_for(
    seconds: float, pause: float, address: str, names: list[str], number: int, ready: threading.Barrier
) -> tuple[list[float], list[str]]:
    """Seconds of each change of the filter in one session once all are ready, and whatever error the page showed."""
    spent: list[float] = []
    errors: list[str] = []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        page = chromium.new_context().new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{address}coverage", timeout=60_000)
        page.locator("h1").first.wait_for(timeout=60_000)
        ready.wait(UP)
        end = time.monotonic() + seconds
        while time.monotonic() < end and not errors:
            try:
                page.wait_for_timeout(1000 * pause * (random.random() + 0.5))
                spent.append(_choose(page, names[(number + len(spent)) % len(names)]))
            except TimeoutError as error:
                errors.append(f"no answer: {error.message.splitlines()[0]}")
            errors += page.get_by_test_id("stException").all_inner_texts()
            errors += page.get_by_test_id("stAlertContentError").all_inner_texts()
        chromium.close()
    return spent, errors


def _choose(page: Page, name: str) -> float:
    """Seconds from the choice of a country to a banner that was drawn for it."""
    box = page.get_by_role("combobox", name="Country")
    box.click()
    page.keyboard.press("Backspace")
    page.keyboard.type(name)
    option = page.get_by_role("option", name=name, exact=True)
    option.wait_for()
    began = time.perf_counter()
    option.click()
    page.wait_for_url(lambda url: "country=" in url)
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    return time.perf_counter() - began


@click.command()
@click.option("--seconds", type=click.IntRange(min=5, max=600), default=60, show_default=True)
@click.option("--sessions", type=click.IntRange(min=1), default=SESSIONS, show_default=True)
@click.option("--pause", type=click.FloatRange(min=0), default=0, show_default=True, help="Seconds between changes.")
def main(seconds: int, sessions: int, pause: float) -> None:
    """Measure over the sample cables; exit code 1 where there was an error or a row is lost."""
    folder = Path(tempfile.mkdtemp(prefix="load-benchmark-"))
    cables, tables = folder / "cables", folder / "tables"
    shutil.copytree(ROOT / "data" / "cables", cables)
    cable = max(cables.glob("*.txt"))
    aside = cable.replace(folder / cable.name)
    try:
        build(cables, tables)
        countries = read_table(tables, "facts", ["country"])["country"].unique().to_pylist()
        names = [say_name(country) for country in countries if country]
        aside.replace(cable)
        build(cables, tables)
        before = read_manifest(tables)["counts"]
        stop = threading.Event()
        with serve(tables, folder) as (address, _), ThreadPoolExecutor(sessions + 1) as pool:
            building = pool.submit(build_until, stop, cable, tables)
            ready = threading.Barrier(sessions)
            running = [
                pool.submit(filter_for, seconds, pause, address, names, number, ready) for number in range(sessions)
            ]
            try:
                found = [session.result() for session in running]
            finally:
                stop.set()  # else the builds, and with them this program, would go on for ever
            builds = building.result()
        after = read_manifest(tables)["counts"]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    spent = [one for times, _ in found for one in times]
    errors = [error for _, messages in found for error in messages]
    click.echo(f"{sessions} sessions, {len(spent)} changes of the filter, {builds} builds in {seconds} s")
    click.echo(
        f"filter   median {np.median(spent):.2f} s, 95 of 100 within {np.quantile(spent, 0.95):.2f} s   limit {LIMIT} s"
    )
    click.echo(f"errors   {len(errors)} {sorted(set(errors))[:3]}")
    click.echo(f"rows     {'all there' if before == after else f'{before} became {after}'}")
    sys.exit(1 if errors or before != after else 0)


if __name__ == "__main__":
    main()
