"""How long each export takes, warm: `python -m benchmarks.exports [--data DIR]`, medians of several runs."""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from metrics.briefing.document import write_document
from metrics.briefing.packages import write_package
from metrics.briefing.packs import COUNTRY_PACK, Pack, brief_on, read_pack
from metrics.briefing.pictures import PictureError, draw_picture
from metrics.briefing.slides import write_slides
from metrics.briefing.workbook import write_workbook
from metrics.briefing.write import PAGE, Data, draw_brief, read_data, write_brief
from metrics.charts import ChartSpec, draw_chart

RUNS = 7


def measure(act: Callable[[], object]) -> float:
    """Median seconds of several runs, the first left out."""
    act()
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        act()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def many_charts(data: Data) -> Pack:
    """Twenty charts that all have figures: those of the country pack, on the countries with most figures."""
    countries = [str(code) for code in data.facts["country"].value_counts().index]
    specs: list[ChartSpec] = []
    for country in ["", *countries]:
        for spec in brief_on(read_pack(COUNTRY_PACK), [country] if country else []).specs:
            if not draw_chart(spec, data.facts, data.cables).empty:
                specs.append(spec)
            if len(specs) == 20:
                return Pack("Twenty charts", tuple(specs))
    raise SystemExit(f"{data.folder} holds figures for {len(specs)} charts only; name a folder with more")


def run(data: Data) -> list[tuple[str, float, str]]:
    """What was measured, seconds, and the limit it is held against."""
    twenty = many_charts(data)
    one = draw_brief(data, Pack("One", twenty.specs[:1]))
    whole = draw_brief(data, twenty)
    country = str(data.facts["country"].value_counts().index[0])
    page = draw_brief(data, brief_on(read_pack(COUNTRY_PACK), [country]), PAGE)
    changed = iter(range(10_000))

    def set_fresh() -> bytes:
        """The typesetter remembers what it has set; another title makes it work."""
        return write_document(replace(page, title=f"{page.title} {next(changed)}"))

    results = [
        ("chart drawn", measure(lambda: draw_chart(twenty.specs[0], data.facts, data.cables, size="slide")), ""),
        ("slide", measure(lambda: write_slides(one)), "0.05"),
        ("slide, one of twenty", measure(lambda: write_slides(whole)) / 20, "0.05"),
        (f"PDF brief of {len(page.findings)} charts", measure(set_fresh), "0.5"),
        ("workbook of twenty charts", measure(lambda: write_workbook(whole)), ""),
        ("data package of twenty charts", measure(lambda: write_package(whole)), ""),
    ]
    with tempfile.TemporaryDirectory() as folder:
        for suffix in (".pptx", ".pdf", ".xlsx", ".html"):
            out = Path(folder) / f"pack{suffix}"
            start = time.perf_counter()
            write_brief(data, twenty, out)
            results.append((f"pack of twenty charts, {suffix}, drawn and written", time.perf_counter() - start, "10"))
    drawing = one.findings[0].drawing
    try:
        for form in ("png", "svg"):
            results.append((form.upper(), measure(lambda form=form: draw_picture(drawing, form)), "0.4"))  # type: ignore[misc]
    except PictureError as error:
        print(error)
    return results


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("data/tables/samples"), help="folder of built tables")
    for name, seconds, limit in run(read_data(parser.parse_args().data)):
        print(f"{name:55} {seconds * 1000:8.0f} ms{f'   (limit {float(limit) * 1000:.0f} ms)' if limit else ''}")


if __name__ == "__main__":
    main()
