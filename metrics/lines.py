"""Sentences, headings and paragraphs folded to one blank between words, with the names in them, read once each."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from metrics.cable import Cable
from metrics.vocabulary.names import Name, find_names

Span = tuple[int, int]

# A stop after "U.S", "Gen" or "Mr" ends no clause.
_CLAUSE = re.compile(
    r"""[;:]\s | \s--+\s | \s\)-\s
      | (?<!\b[A-Z])(?<!\b[A-Z][a-z])(?<!Gen|Col|Maj|Amb|Gov|Sen|Rep)[.!?][\"')]*\s+(?=[A-Z(])
      | ,?\s(?:while|whereas|although|though|but|because|since\s+the)\s
      | ,\s(?:with|which|who|where|after|before|as|of\swhich)\s
      | \sand\s(?=\d[\d,]*\s(?:\w+\s){1,3}(?:was|were|is|are|has|have|had|remain\w*)\s)
      | ,\sand\s(?=(?:the\s)?[a-z]+\s(?:is|are|was|were|has|have|had|will|would)\s)
      | ,?\sand\s(?=(?:\w+ly\s)?
          (?:is|was|were|are|has|have|had|will|would|[a-z]+ed|reiterates|requested|requesting|seeks)\s)
    """,
    re.VERBOSE,
)
_COUNT = re.compile(r"\b\d[\d,.]*\s[a-z]+s$")
_RANGE = re.compile(r"\bbetween\s(?:\w+\s){0,2}\S+$")


@dataclass(frozen=True, slots=True)
class Line:
    """A stretch of a cable with white space folded: where it begins, its text and the names in it."""

    start: int
    text: str
    names: tuple[Name, ...]
    _breaks: list[tuple[int, ...]] = field(default_factory=list, compare=False, repr=False)

    @property
    def breaks(self) -> tuple[int, ...]:
        """Where clauses begin, found when first asked for."""
        if not self._breaks:
            found = _CLAUSE.finditer(self.text)
            self._breaks.append(tuple(match.end() for match in found if not self._counts_on(match)))
        return self._breaks[0]

    def _counts_on(self, link: re.Match[str]) -> bool:
        """Whether "and" only joins counts with one verb: "12 drivers and 3 guards were arrested", "between 5 and 7"."""
        before = (self.text, max(0, link.start() - 40), link.start())
        return link[0].strip() == "and" and bool(_COUNT.search(*before) or _RANGE.search(*before))

    def clause(self, position: int) -> Span:
        """Half-open span of the clause that holds `position`."""
        first, last = 0, len(self.text)
        for stop in self.breaks:
            if stop <= position:
                first = stop
            else:
                return first, stop
        return first, last


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity in its line, with the spans of the line's other quantities and the metric that claims it."""

    line: Line
    span: Span
    others: tuple[Span, ...]
    metric: str


@dataclass(slots=True)
class Lines:
    """The lines of one cable, each folded and scanned once."""

    cable: Cable
    _read: dict[Span, Line] = field(default_factory=dict)

    def line(self, start: int, end: int) -> Line:
        """The stretch `start:end` of the cable's text, folded."""
        found = self._read.get((start, end))
        if found is None:
            found = self._read[start, end] = read_line(self.cable.masked[start:end], start)
        return found

    def position(self, line: Line, offset: int) -> int:
        """Where the cable's `offset` stands in the folded line."""
        before = self.cable.masked[line.start : offset]
        folded = " ".join(before.split())
        return len(folded) + (bool(folded) and before[-1:].isspace())


def read_line(text: str, start: int = 0) -> Line:
    """A text as a folded Line with its names."""
    folded = " ".join(text.split())
    return Line(start, folded, tuple(find_names(folded)))
