"""What a reader takes along as files: the rows of a view, its chart for a briefing, the brief on a country."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

import pandas as pd
import streamlit as st

from metrics.charts.spec import ChartSpec
from metrics.views import exports
from metrics.views.frame import Frame

CHART_FILES = {
    **{"Slide (PowerPoint)": "pptx", "Workbook (Excel)": "xlsx", "Picture (PNG)": "png", "Drawing (SVG)": "svg"},
    **{"PDF": "pdf", "Web page": "html"},
}
FORMATS = {"slide": "Landscape slide", "half": "Half slide", "square": "Square", "column": "A4 column"}
PNG_SCALES = {1: "1x", 2: "2x", 3: "3x"}
BRIEF_FILES = {
    **{"PDF": "pdf", "Slides (PowerPoint)": "pptx", "Workbook (Excel)": "xlsx", "Web page": "html"},
    "Data package (zip)": "zip",
}
OFFICE = "application/vnd.openxmlformats-officedocument"
MIME = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "json": "application/json",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "html": "text/html",
    "zip": "application/zip",
    "pptx": f"{OFFICE}.presentationml.presentation",
    "xlsx": f"{OFFICE}.spreadsheetml.sheet",
}
Files = Mapping[str, tuple[str, Callable[[], bytes]]]


@st.fragment
def draw_chart_downloads(frame: Frame, spec: ChartSpec, name: str, title: str) -> None:
    """The chart as files under a title, in a format and a resolution of the briefer's choice, and its rows.

    `title` says what the view counts; the files are called by it.
    """
    if opened := _opened(name):
        with opened:
            st.markdown("**The chart, for a briefing**")
            headline = st.text_input("Title", key=f"{name}-title", placeholder="The headline as drawn")
            size = st.selectbox("Format", list(FORMATS), format_func=FORMATS.__getitem__, key=f"{name}-size")
            scale = st.segmented_control(
                "PNG resolution",
                list(PNG_SCALES),
                default=1,
                required=True,
                format_func=PNG_SCALES.__getitem__,
                key=f"{name}-scale",
            )
            titled = replace(spec, title=headline.strip())
            make = partial(exports.chart_file, frame.tables, frame.filters, frame.marks, titled, size=size, scale=scale)
            called = exports.name_view(title, frame.filters)
            _offer(f"{name}-chart", called, _made_by(make, CHART_FILES))
            _draw_rows(frame, spec.metrics, name, called)


@st.fragment
def draw_brief_downloads(frame: Frame, name: str) -> None:
    """The whole brief as files, and its rows."""
    if opened := _opened(name):
        with opened:
            st.markdown("**This brief**")
            make = partial(exports.brief_file, frame.tables, frame.filters, frame.marks)
            _offer(f"{name}-brief", name, _made_by(make, BRIEF_FILES))
            _draw_rows(frame, (), name, name)


def _opened(name: str) -> st.delta_generator.DeltaGenerator | None:
    """The list of files if the reader has opened it, so that no page carries the lists nobody looks at."""
    taken = st.popover("Download", key=f"{name}-download", on_change="rerun")
    return taken if taken.open else None


def _draw_rows(frame: Frame, metrics: Sequence[str], name: str, called: str) -> None:
    tables, filters, marks = frame.tables, frame.filters, frame.marks

    def rows() -> pd.DataFrame:
        return exports.read_rows(tables, filters, marks, metrics)

    files = {
        "CSV": ("csv", lambda: exports.csv_bytes(rows())),
        "Parquet": ("parquet", lambda: exports.parquet_bytes(rows())),
        "What the rows mean": ("json", lambda: exports.json_bytes(exports.metadata(rows(), filters, metrics))),
    }
    st.markdown("**All rows of this view**")
    _offer(f"{name}-rows", called, files)


def _made_by(make: Callable[[str], bytes], endings: Mapping[str, str]) -> Files:
    return {label: (ending, partial(make, f".{ending}")) for label, ending in endings.items()}


def _offer(key: str, called: str, files: Files) -> None:
    with st.container(horizontal=True):
        for label, (ending, make) in files.items():
            file = f"{called}.{ending}"
            st.download_button(label, make, file, MIME[ending], key=f"{key}-{ending}", on_click="ignore")
