"""Small pieces of browser code: the address, the figure shown, the way to the filters, the room, steps back."""

from __future__ import annotations

from functools import cache
from typing import Any

import streamlit as st

COPY_HTML = '<button type="button" id="copy">Copy link to this view</button><span id="said" role="status"></span>'
COPY_CSS = """
button { font: inherit; font-size: 0.9rem; color: var(--st-text-color); background: transparent; cursor: pointer;
  border: 1px solid var(--st-border-color); border-radius: 4px; padding: 0.3rem 0.7rem; }
button:hover, button:focus-visible { border-color: var(--st-primary-color); color: var(--st-primary-color); }
span { margin-left: 0.6rem; font-size: 0.85rem; }
"""
COPY_JS = """
export default function({ parentElement }) {
  const said = parentElement.querySelector("#said");
  parentElement.querySelector("#copy").onclick = async () => {
    try {
      await navigator.clipboard.writeText(window.location.href);
      said.textContent = "Copied";
    } catch (error) {
      said.textContent = window.location.href;
    }
  };
}
"""
SCROLL_JS = """
export default function({ data }) {
  const seek = (left) => {
    const mark = document.getElementById(data.anchor);
    if (mark) { mark.scrollIntoView({ block: "center" }); mark.focus({ preventScroll: true }); }
    else if (left) { setTimeout(() => seek(left - 1), 100); }
  };
  seek(20);
}
"""
# Beside Streamlit's own link, which comes before the menu; whoever works by keyboard need not pass the menu each time.
SKIP_JS = """
export default function() {
  const first = document.querySelector('[data-testid="stSkipToContent"]');
  if (!first || document.getElementById("skip-to-filters")) return;
  const link = first.cloneNode();
  link.removeAttribute("data-testid");
  link.id = "skip-to-filters";
  link.href = "#stSidebar";
  link.textContent = "Skip to filters";
  link.onclick = (event) => {
    event.preventDefault();
    const closed = document.querySelector('[data-testid="stExpandSidebarButton"]');
    if (closed) closed.click();
    const seek = () => document.querySelector('[data-testid="stSidebarUserContent"] input')?.focus();
    setTimeout(seek, closed ? 500 : 0);
  };
  first.after(link);
}
"""
# Tells the width of the column it stands in, in steps, once it lies still and differs from what the page knows. The
# cookie is for the next session of this browser, whose first chart need not be drawn twice. Streamlit runs this anew
# when its data change, without a cleanup before: the former watcher is stopped first.
ROOM_JS = """
export default function({ data, parentElement, setStateValue }) {
  parentElement.unwatch?.();
  const column = (parentElement.host ?? parentElement).closest('[data-testid="stColumn"]');
  let later;
  const tell = () => {
    const width = Math.floor(column.clientWidth / data.step) * data.step;
    if (!width || matchMedia("print").matches) return;
    document.documentElement.style.setProperty("--room", width + data.step);
    if (width === (parentElement.told ?? data.known)) return;
    parentElement.told = width;
    document.cookie = `room=${width}; SameSite=Strict`;
    setStateValue("width", width);
  };
  const watch = new ResizeObserver(() => { clearTimeout(later); later = setTimeout(tell, data.known ? 300 : 0); });
  watch.observe(column);
  parentElement.unwatch = () => { clearTimeout(later); watch.disconnect(); };
  return parentElement.unwatch;
}
"""
ROOM_STEP = 20  # pixels
# Streamlit writes the change of a filter over the address it was made on, so that Back would leave the page. What the
# reader changes becomes a step of its own; what follows from Back and Forward, where the filters take the address, not.
STEPS_JS = """
export default function() {
  if (window.keepsSteps) return;
  window.keepsSteps = true;
  let acted = false;
  window.addEventListener("popstate", () => { acted = false; }, true);
  for (const act of ["pointerdown", "keydown"]) window.addEventListener(act, () => { acted = true; }, true);
  const replace = history.replaceState.bind(history);
  history.replaceState = (state, unused, address) => {
    const other = address && new URL(address, location.href).search !== location.search;
    (acted && other ? history.pushState.bind(history) : replace)(state, unused, address);
  };
}
"""


@cache
def _component(name: str, html: str | None, css: str | None, js: str) -> Any:
    return st.components.v2.component(name, html=html, css=css, js=js)


def copy_link() -> None:
    """A button that copies the address of the view."""
    _component("copy_link", COPY_HTML, COPY_CSS, COPY_JS)(key="copy_link")


def scroll_to(anchor: str) -> None:
    """Bring the element with this id into sight and give it the focus."""
    _component("scroll_to", None, None, SCROLL_JS)(key=f"scroll_{anchor}", data={"anchor": anchor})


def skip_to_filters() -> None:
    """A link that shows on focus, first of all on the page but for the one to the main content."""
    _component("skip_to_filters", None, None, SKIP_JS)(key="skip_to_filters")


def measure_room() -> None:
    """Keep the width of the column this stands in, in pixels, for `room_width`."""
    data = {"known": room_width(), "step": ROOM_STEP}
    _component("measure_room", None, None, ROOM_JS)(key="measure_room", data=data, on_width_change=_keep_room)


def room_width() -> int | None:
    """Pixels that the column of charts is wide, in steps rounded down; None until the browser has said so."""
    kept = str(st.session_state.get("room") or st.context.cookies.get("room"))
    return int(kept) if kept.isascii() and kept.isdigit() else None


def _keep_room() -> None:
    """Take the width from the browser; there is none where the page was left before its answer came."""
    if measured := st.session_state.get("measure_room"):
        st.session_state["room"] = int(measured.width)


def keep_steps() -> None:
    """Each change of a filter becomes a step that Back undoes."""
    _component("keep_steps", None, None, STEPS_JS)(key="keep_steps")
