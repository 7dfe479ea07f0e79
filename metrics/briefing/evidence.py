"""The sentences behind the figures of a chart, each with its cable, paragraph and mark."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from metrics.charts.selection import Row
from metrics.charts.words import say_day, say_figure


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence as it stands in a cable, and the figures of the chart that it states or is an input of."""

    cable_id: str
    cable_date: date | None
    post: str
    paragraph: int | None
    marking: str | None
    speaker: str
    sentence: str
    figures: tuple[str, ...]

    @property
    def place(self) -> str:
        """Cable, date, paragraph and mark in words."""
        day = f" ({say_day(self.cable_date)})" if self.cable_date else ""
        paragraph = f" para {self.paragraph}" if self.paragraph is not None else ""
        return f"{self.cable_id}{day}{paragraph} ({self.marking or 'mark unknown'})"


class Evidence:
    """Sentences by observation id."""

    def __init__(self, observations: pd.DataFrame, facts: pd.DataFrame) -> None:
        self._observations = {str(row["observation_id"]): row for row in observations.to_dict("records")}
        self._inputs = {
            str(row["fact_id"]): [str(one) for one in _texts(row["observation_ids"])]
            for row in facts.to_dict("records")
        }

    @property
    def cables(self) -> set[str]:
        """The cables the sentences stand in."""
        return {str(row["cable_id"]) for row in self._observations.values()}

    def find(self, rows: Iterable[Row]) -> list[Sentence]:
        """The sentences of these figures, those of computed figures' inputs included, by cable and place."""
        stated: dict[tuple[Any, ...], list[str]] = {}
        first: dict[tuple[Any, ...], Mapping[Any, Any]] = {}
        for row in rows:
            for key in self._ids(row):
                found = self._observations.get(key)
                if found is None:
                    continue
                place = (found["cable_id"], found["sentence_start"], found["sentence"])
                first.setdefault(place, found)
                stated.setdefault(place, []).append(_say_figure(row))
        return [_read(first[place], list(dict.fromkeys(stated[place]))) for place in sorted(first)]

    def _ids(self, row: Row) -> list[str]:
        inputs = [one for fact in row["inputs"] for one in self._inputs.get(fact, ())]
        return list(dict.fromkeys([*row["ids"], *inputs]))


def _say_figure(row: Row) -> str:
    """The figure, which no sentence states where it is computed."""
    return f"input of the computed figure {say_figure(row)}" if row["derived"] else say_figure(row)


def _texts(value: Any) -> Sequence[Any]:
    return () if value is None else value


def _read(row: Mapping[Any, Any], figures: Sequence[str]) -> Sentence:
    return Sentence(
        cable_id=str(row["cable_id"]),
        cable_date=None if pd.isna(row["cable_date"]) else row["cable_date"],
        post="" if pd.isna(row["post"]) else str(row["post"]),
        paragraph=None if pd.isna(row["paragraph"]) else int(row["paragraph"]),
        marking=None if pd.isna(row["marking"]) else str(row["marking"]),
        speaker="" if pd.isna(row["speaker"]) else str(row["speaker"]),
        sentence=str(row["sentence"]),
        figures=tuple(figures),
    )
