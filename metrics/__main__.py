"""The command line; each command imports what it needs, so that it starts at once."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import click

from metrics.errors import UserError


class PlaceType(click.ParamType):
    """A folder of this machine, or the URI of one on an object store."""

    name = "folder or uri"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path | str:
        """The path or the URI that the text names."""
        from metrics.folders import read_place

        return read_place(value) if isinstance(value, str) else value


GIVES_WAY = 10  # niceness of a build, so that the app beside it answers first
EXISTING = click.Path(exists=True, path_type=Path)
DATA_OPTION = click.option(
    "--data",
    type=PlaceType(),
    default=Path("data/tables"),
    show_default=True,
    help="Folder of built tables, or its URI on an object store.",
)
REVIEWS_OPTION = click.option(
    "--reviews",
    metavar="URL",
    help="Database of analysts' decisions.  [default: the app's: $BORDER_METRICS_REVIEWS or data/reviews.sqlite]",
)
BOM_OPTION = click.option("--bom", is_flag=True, help="CSV with the mark by which Excel knows UTF-8.")


class Commands(click.Group):
    """Commands whose expected errors are one line for the user, not a trace."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; exit code 2 and the message where the user can mend what is wrong."""
        try:
            return super().invoke(ctx)
        except UserError as error:
            raise click.UsageError(str(error)) from error


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Border-security figures from embassy cables, each with its sentence."""


@main.command()
@click.argument("sources", nargs=-1, required=True)
@click.option("--out", type=PlaceType(), required=True, help="Folder to write the tables to, or its URI.")
@click.option("--workers", type=click.IntRange(min=1), default=1, show_default=True, help="Processes to read with.")
@click.option("--backend", type=click.Choice(["processes", "dask"]), default="processes", show_default=True)
@click.option(
    "--scheduler", help="Address of the dask scheduler; its workers must see SOURCES and --out as this machine."
)
@click.option("--quiet", is_flag=True, help="No progress bar.")
def build(
    sources: tuple[str, ...], out: Path | str, workers: int, backend: str, scheduler: str | None, quiet: bool
) -> None:
    """Read SOURCES (files, folders, zips, URIs) and write the tables.

    Exit code 0: all was read; 1: some inputs could not be read (each is named); 2: nothing was built.
    """
    from metrics.pipeline import build_tables, describe_issue

    if (backend == "dask") != bool(scheduler):
        raise click.UsageError("--backend dask and --scheduler ADDRESS go together; leave out both to read here")
    os.nice(max(0, GIVES_WAY - os.nice(0)))
    report = build_tables(list(sources), out, workers=workers, scheduler=scheduler, progress=not quiet)
    for issue in report.unread:
        click.echo(describe_issue(issue), err=True)
    click.echo(report.summary())
    sys.exit(1 if report.unread else 0)


@main.command()
@click.argument("cable_id")
@DATA_OPTION
@click.option("--why", is_flag=True, help="Show which metrics competed for each number, and what decided.")
def explain(cable_id: str, data: Path | str, why: bool) -> None:
    """Print each figure of CABLE_ID with its sentence, the number marked."""
    from metrics.explain import explain_cable, explain_choices

    click.echo((explain_choices if why else explain_cable)(data, cable_id))


@main.command()
@DATA_OPTION
@click.option("--unclaimed", is_flag=True, help="Only numbers that no metric and no reason accounts for.")
@click.option("--sample", type=click.IntRange(min=1), help="That many rows, drawn at random.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the draw.")
def ledger(data: Path | str, unclaimed: bool, sample: int | None, seed: int) -> None:
    """Print numbers of border sentences that became no figure, with the reason."""
    from metrics.explain import explain_ledger

    click.echo(explain_ledger(data, unclaimed=unclaimed, sample=sample, seed=seed))


@main.command()
def quantities() -> None:
    """Read one sentence per line on standard input; print one JSON array of its quantities per line."""
    from metrics.quantities import STATED, find_quantities, quantity_record

    for line in sys.stdin:
        sentence = line.rstrip("\n")
        found = (quantity for quantity in find_quantities(sentence) if quantity.reason in STATED)
        click.echo(json.dumps([quantity_record(sentence, quantity) for quantity in found], ensure_ascii=False))


@main.command()
@click.option("--gold", type=EXISTING, multiple=True, help="Reference figures (JSON lines).")
@click.option("--cables", type=EXISTING, help="Folder of the reference figures' cables.")
@click.option("--reviews", metavar="URL", help="Score tables against analysts' decisions in this database instead.")
@DATA_OPTION
@click.option("--only", type=EXISTING, help="Score only the cable ids listed in this file.")
@click.option("--skip", type=EXISTING, help="Leave out the cable ids listed in this file.")
@click.option("--errors", is_flag=True, help="Also list what was missed, what is false and what differs.")
def evaluate(
    gold: tuple[Path, ...],
    cables: Path | None,
    reviews: str | None,
    data: Path | str,
    only: Path | None,
    skip: Path | None,
    errors: bool,
) -> None:
    """Score figures against reference figures: of cables read now, or of the tables against analysts' reviews."""
    from metrics.evaluate import evaluate as compare
    from metrics.evaluate import read_reference, render_errors, render_scores

    if reviews:
        reference, predicted, texts = _reviewed(reviews, data)
    elif gold and cables:
        from metrics.pipeline import read_observations

        reference = read_reference(gold)
        predicted, texts = read_observations([str(cables)])
    else:
        raise click.UsageError("give --gold FILE with --cables DIR, or --reviews URL with --data DIR")
    chosen = _chosen_ids(set(texts), only, skip)
    result = compare(
        [figure for figure in reference if figure["cable"] in chosen],
        [row for row in predicted if row["cable_id"] in chosen],
        texts,
    )
    click.echo(render_scores(result))
    if errors:
        click.echo(render_errors(result))


def _reviewed(url: str, data: Path | str) -> tuple[list[dict[str, Any]], list[dict[str, Any]], dict[str, str]]:
    """Reviewed figures as reference, the extractor's figures on the same spans, and the cables' texts."""
    from metrics.review import existing_reviews, reviewed_gold, reviewed_predictions
    from metrics.store import read_table

    decisions = existing_reviews(url).reviews()
    texts = {row["cable_id"]: row["text"] for row in read_table(data, "cables", ["cable_id", "text"]).to_pylist()}
    return reviewed_gold(decisions), reviewed_predictions(read_table(data, "observations"), decisions), texts


def _chosen_ids(known: set[str], only: Path | None, skip: Path | None) -> set[str]:
    chosen = set(only.read_text(encoding="utf-8").split()) if only else known
    return chosen - set(skip.read_text(encoding="utf-8").split()) if skip else chosen


@main.group()
def review() -> None:
    """Move analysts' decisions as CSV."""


@review.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@REVIEWS_OPTION
def export_decisions(file: Path, reviews: str | None) -> None:
    """Write all decisions to FILE, in the order they were recorded."""
    from metrics.review import existing_reviews, export_reviews, review_url

    click.echo(f"{file}: {export_reviews(existing_reviews(reviews or review_url()), file)} decisions written")


@review.command("import")
@click.argument("file", type=EXISTING)
@REVIEWS_OPTION
def import_decisions(file: Path, reviews: str | None) -> None:
    """Add the decisions of FILE that the database does not hold yet; a faulty file changes nothing."""
    from metrics.review import import_reviews, open_reviews, review_url

    added = import_reviews(open_reviews(reviews or review_url()), file)
    click.echo(f"{file}: {added} decisions added")


@main.command()
@DATA_OPTION
@click.option("--out", type=click.Path(path_type=Path), required=True, help="File to write; its suffix is the format.")
@click.option("--chart", help="Kind of chart: coverage, timeline, funding, rates, bars, map.  [default: bars]")
@click.option("--metric", multiple=True, help="Metric id; may be repeated, as all that follow up to --of.")
@click.option("--country", multiple=True, help="Country, by name or ISO 3166-1 alpha-3.")
@click.option("--region", multiple=True, help="Region, whose countries are added.")
@click.option("--site", multiple=True, help="Named place.")
@click.option("--actor", multiple=True, help="Donor or agency, by name; a state also by its code.")
@click.option("--status", multiple=True, help="actual, in_progress, planned, requested.")
@click.option("--of", multiple=True, help="Words that what is counted holds.")
@click.option("--unit", help="The one unit to draw.")
@click.option("--from", help="First year.")
@click.option("--to", help="Last year.")
@click.option("--marking", help="Highest mark shown; of caveats (NOFORN) only those it names.")
@click.option("--split", help="Panels: auto, country, thing, none.")
@click.option("--scale", help="Axis of values: linear, log.")
@click.option("--measure", help="absolute, share.")
@click.option("--title", help="Title in place of the generated headline.")
@click.option(
    "--size",
    type=click.Choice(["slide", "half", "square", "column", "screen"]),
    default="slide",
    show_default=True,
    help="Format of the picture.",
)
@click.option("--pixels", type=click.IntRange(1, 3), default=1, show_default=True, help="Pixels of a PNG, times this.")
@REVIEWS_OPTION
@BOM_OPTION
def chart(
    data: Path | str,
    out: Path,
    size: str,
    pixels: int,
    reviews: str | None,
    bom: bool,
    **params: str | tuple[str, ...] | None,
) -> None:
    """Draw one chart to a file: png, svg, pdf, html, pptx, xlsx, csv, parquet or zip (data package)."""
    from metrics.briefing.write import read_chart_spec, read_data, say_decisions, write_chart
    from metrics.review import read_decisions

    tables = read_data(data, read_decisions(reviews))
    spec = read_chart_spec({name: value for name, value in params.items() if value}, tables)
    drawing = write_chart(tables, spec, out, size=size, scale=pixels, bom=bom)
    click.echo(f"{out}: {drawing.banner}: {drawing.title}")
    click.echo(say_decisions(tables))


@main.command()
@DATA_OPTION
@click.option("--out", type=click.Path(path_type=Path), required=True, help="File to write; its suffix is the format.")
@click.option("--country", multiple=True, help="Country, by name or ISO 3166-1 alpha-3; may be repeated.")
@click.option("--region", multiple=True, help="Region, whose countries are briefed on; may be repeated.")
@click.option(
    "--pack", type=click.Path(path_type=Path), help="TOML file that names the charts.  [default: one country's]"
)
@click.option("--quiet", is_flag=True, help="No progress bar.")
@REVIEWS_OPTION
@BOM_OPTION
def brief(
    data: Path | str,
    out: Path,
    country: tuple[str, ...],
    region: tuple[str, ...],
    pack: Path | None,
    quiet: bool,
    reviews: str | None,
    bom: bool,
) -> None:
    """Write a briefing pack: pptx, pdf, xlsx, html or zip (data package)."""
    from functools import partial

    from tqdm import tqdm

    from metrics.briefing.packs import COUNTRY_PACK, brief_on, read_pack
    from metrics.briefing.write import read_data, say_decisions, write_brief
    from metrics.review import read_decisions

    chosen = brief_on(read_pack(pack or COUNTRY_PACK), country, region)
    progress = partial(tqdm, unit="chart", disable=quiet)
    tables = read_data(data, read_decisions(reviews))
    written = write_brief(tables, chosen, out, progress, bom)
    click.echo(f"{out}: {written.banner}: {len(written.findings)} findings. {written.gaps}".rstrip())
    click.echo(say_decisions(tables))


@main.command()
def columns() -> None:
    """Print the dictionary of all columns of all tables as Markdown."""
    from metrics.observations import column_table

    click.echo(column_table())


if __name__ == "__main__":
    main(prog_name="python -m metrics")
