"""A cable's text as safe HTML, its figures painted; the text itself is never read as markup."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from metrics.masking import find_page_lines

CONTEXT = 600
PARAGRAPH_BREAK = re.compile(r"\n[ \t\r]*\n|\n(?=[ \t]*¶?\d{1,2}\. ?[ (\n])")


@dataclass(frozen=True, slots=True)
class Paint:
    """A span of text to paint: half-open offsets, a style class, the words of its tip, an anchor."""

    start: int
    end: int
    style: str
    tip: str = ""
    anchor: str = ""


def paint_text(text: str, paints: Iterable[Paint], start: int = 0, end: int | None = None) -> str:
    """`text[start:end]` with the painted spans as HTML elements; everything of the text is escaped.

    Lines that page ends left inside the text are painted as such. Where spans overlap the longer one holds the
    shorter; a span that only partly overlaps is cut.

    >>> paint_text("28 of <b>212</b>", [Paint(0, 2, "figure")])
    '<span class="figure">28</span> of &lt;b&gt;212&lt;/b&gt;'
    """
    end = len(text) if end is None else end
    paints = [*paints, *(Paint(first, last, "page-line") for first, last in find_page_lines(text))]
    inside = sorted((p for p in paints if p.start < end and p.end > start), key=lambda p: (p.start, -p.end))
    return _paint_range(text, inside, max(start, 0), end)


def _paint_range(text: str, paints: Sequence[Paint], start: int, end: int) -> str:
    parts, at, index = [], start, 0
    while index < len(paints):
        paint = paints[index]
        first, last = max(paint.start, at), min(paint.end, end)
        index += 1
        if first >= last:
            continue
        held = []
        while index < len(paints) and paints[index].start < last:
            held.append(paints[index])
            index += 1
        parts.append(escape_text(text[at:first]))
        parts.append(_element(paint, _paint_range(text, held, first, last)))
        at = last
    parts.append(escape_text(text[at:end]))
    return "".join(parts)


def escape_text(text: str) -> str:
    """Text in which no character is markup any more, for an element that keeps white space."""
    return html.escape(text, quote=True)


def _element(paint: Paint, inner: str) -> str:
    anchor = f' id="{html.escape(paint.anchor, quote=True)}"' if paint.anchor else ""
    if not paint.tip:
        return f'<span class="{paint.style}"{anchor}>{inner}</span>'
    tip = html.escape(paint.tip, quote=True)
    return (
        f'<span class="{paint.style}" tabindex="0"{anchor} aria-label="{tip}">{inner}'
        f'<span class="tip" role="tooltip">{tip}</span></span>'
    )


def surrounding_text(text: str, start: int, end: int) -> tuple[int, int]:
    """Span of the paragraph around a sentence, or of some whole lines where no paragraph ends near."""
    before, after = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
    breaks = [found.end() for found in PARAGRAPH_BREAK.finditer(before)]
    lines = before.find("\n") + 1 if len(before) == CONTEXT else 0
    first = start - len(before) + (breaks[-1] if breaks else lines)
    closing = PARAGRAPH_BREAK.search(after)
    last = closing.start() if closing else (after.rfind("\n") if len(after) == CONTEXT else len(after))
    return first, end + max(last, 0)
