"""A brief as one HTML page that needs no network: live figures, their tables and sentences."""

from __future__ import annotations

import html

from metrics.briefing.brief import SIGN_LINE, Brief, Finding
from metrics.briefing.pictures import draw_block, wrap_page, write_html


def write_page(brief: Brief) -> str:
    """The brief as a page; that of a single chart is the chart's own."""
    if len(brief.findings) == 1 and not brief.gaps:
        return write_html(brief.findings[0].drawing)
    listed = "".join(
        f'<li><a href="#finding-{number}">{html.escape(finding.drawing.title)}</a></li>'
        for number, finding in enumerate(brief.findings, 1)
    )
    sections = [_write_finding(number, finding) for number, finding in enumerate(brief.findings, 1)]
    foot = [brief.gaps, *brief.foot, f"Cables cited: {'; '.join(brief.cables)}.", SIGN_LINE]
    body = [
        f"<h1>{html.escape(brief.title)}</h1>",
        f"<p>{html.escape(brief.subtitle)}</p>",
        f"<ol>{listed}</ol>",
        *sections,
        f"<footer>{''.join(f'<p>{html.escape(line)}</p>' for line in foot if line)}</footer>",
    ]
    return wrap_page([finding.drawing for finding in brief.findings], brief.banner, brief.title, "\n".join(body))


def _write_finding(number: int, finding: Finding) -> str:
    """The figure, its table, and the sentences behind it."""
    quotes = "".join(
        f"<blockquote>{html.escape(one.sentence)}"
        f"<cite>{html.escape(one.place)}{html.escape(f', {one.speaker}') if one.speaker else ''}</cite></blockquote>"
        for one in finding.sentences
    )
    block = draw_block(finding.drawing, f"figure-{number}", with_plotly=number == 1)
    evidence = f"<details><summary>Evidence ({len(finding.sentences)})</summary>{quotes}</details>"
    label = html.escape(finding.drawing.title, quote=True)
    return f'<section id="finding-{number}" aria-label="{label}">{block}{evidence}</section>'
