"""The app: one server for pages and endpoint, and the navigation between the pages."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.starlette import App

from metrics.catalog import FAMILIES
from metrics.errors import UserError
from metrics.views import frame as frames
from metrics.views import server
from metrics.views.sign_in import require_sign_in

ICON = Path(__file__).parent / "static" / "icon.svg"

# Section of the menu, title, address, module of metrics.views, and what its page is about.
PAGES = (
    ("", "Overview", "", "overview", None),
    *(("Explore", title, family, "explore", family) for family, title in FAMILIES.items()),
    ("Read", "Country brief", "country", "country", None),
    ("Read", "Evidence", "evidence", "evidence", None),
    ("Read", "Metrics", "metrics", "dictionary", None),
    ("Work", "Review", "review", "review", None),
    ("Work", "Add cables", "add", "add", None),
)


def run_pages() -> None:
    """Draw the page that the address names, inside the frame."""
    st.set_page_config("Border-security metrics", str(ICON), layout="wide")
    st.html(frames.STYLE)
    require_sign_in()
    opened: list[frames.Frame] = []
    pages = {address or "overview": _page(opened, *entry) for entry in PAGES for address in [entry[2]]}
    menu: dict[str, list[Any]] = {}
    for (section, *_), page in zip(PAGES, pages.values(), strict=True):
        menu.setdefault(section, []).append(page)
    current = st.navigation(menu, expanded=True)
    family = {address: about for _, _, address, _, about in PAGES}[current.url_path]
    if current.url_path != "review":  # what is asked for there anew is no leftover of the filters before
        st.session_state.pop("reviewed", None)
    try:
        opened.append(frames.open_frame(frames.data_folder(), pages, family))
        frames.draw_framed(opened[0], current.run)
    except UserError as error:  # tables that are missing, outdated, out of reach or taken away while they are read
        frames.draw_no_tables(error)


def _page(opened: list[frames.Frame], section: str, title: str, address: str, module: str, about: str | None) -> Any:
    def draw() -> None:
        show: Callable[..., None] = import_module(f"metrics.views.{module}").show
        show(opened[0], *([about] if about else []))

    return st.Page(draw, title=title, url_path=address or None, default=not address)


if __name__ == "__main__":
    run_pages()
else:
    middleware = server.make_middleware(address for _, _, address, *_ in PAGES)
    app = App(__file__, routes=server.ROUTES, middleware=middleware, lifespan=server.warm_up)
