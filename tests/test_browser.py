"""The app in a real browser: an analyst's tasks by clicks alone, and that nothing leaves the machine."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus, urlparse

import pytest
from app_tables import write_small_tables
from playwright.sync_api import Browser, Page, TimeoutError, expect

from metrics.views.components import ROOM_JS

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = shutil.which("chromium")
LOCAL = {"127.0.0.1", "localhost", ""}
PAGES = (
    *("", "coverage", "installations", "funding", "enforcement", "country?country=Kazakhstan"),
    *("evidence", "evidence?cable=09ALMATY801", "metrics", "review", "add"),
)

PASTED = """R 010900Z JUN 09
FM AMEMBASSY ASTANA
UNCLAS ASTANA 000777

SUBJECT: SAMPLE: A NEW BRIDGE POST

1. (U) In 2009 the United States installed radiation portal monitors at 14 border crossings in Kazakhstan.
"""

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed; make test installs it")


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {
        "executable_path": CHROMIUM,
        "args": ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    }


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def serve(folder: Path, port: int, *options: str) -> Iterator[str]:
    """The app over a small corpus in a folder; its address."""
    write_small_tables(folder / "tables")
    environment = {
        **os.environ,
        "BORDER_METRICS_DATA": str(folder / "tables"),
        "BORDER_METRICS_REVIEWS": f"sqlite:///{folder / 'reviews.sqlite'}",
    }
    command = [sys.executable, "-m", "streamlit", "run", "dashboard.py", "--server.port", str(port), *options]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            _wait_until_up(f"http://127.0.0.1:{port}/_stcore/health", server)
            yield f"http://127.0.0.1:{port}/"
        finally:
            server.terminate()
            server.wait(10)


def _wait_until_up(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(150):
        assert server.poll() is None, "the server ended at once"
        try:
            urllib.request.urlopen(address, timeout=1)
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError("the server did not answer within 30 seconds")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A corpus to read."""
    with serve(tmp_path_factory.mktemp("read"), free_port()) as address:
        yield address


@pytest.fixture
def own_site(tmp_path: Path) -> Iterator[str]:
    """A corpus to change."""
    with serve(tmp_path, free_port()) as address:
        yield address


expect.set_options(timeout=20_000)
Opener = Callable[..., Page]


@pytest.fixture
def fresh(browser: Browser) -> Iterator[Opener]:
    """Opens an address in a browser without a past; fails if any request leaves the machine or the page throws."""
    contexts, outside, thrown = [], [], []

    def open_address(address: str, width: int = 1440, scheme: str = "light") -> Page:
        context = browser.new_context(viewport={"width": width, "height": 1000}, color_scheme=scheme)  # type: ignore[arg-type]
        context.on("request", lambda request: outside.append(request.url) if _leaves(request.url) else None)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: thrown.append(str(error)))
        page.goto(address)
        page.locator("h1").first.wait_for()
        return page

    yield open_address
    for context in contexts:
        context.close()
    assert not outside
    assert not thrown


def _leaves(url: str) -> bool:
    parts = urlparse(url)
    return parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in LOCAL


def wait_until_idle(page: Page) -> None:
    """Wait for the app to have drawn what was asked for."""
    expect(page.locator('[data-test-script-state="notRunning"]')).to_be_attached()
    page.wait_for_load_state("networkidle")


def wait_until_measured(page: Page) -> None:
    """Wait until the browser, asked for the first time, has said how wide the page is: that draws it anew."""
    page.wait_for_function("document.cookie.includes('room=')")
    page.wait_for_timeout(300)
    wait_until_idle(page)


def wait_until_laid_out(page: Page) -> None:
    """Wait until the chart is drawn for the width that the browser, asked for the first time, says it has."""
    wait_until_measured(page)
    page.locator(".js-plotly-plot .point").first.wait_for()


def choose(page: Page, label: str, *options: str) -> None:
    """Pick options of a list in the side bar, and wait until the address names them."""
    for option in options:
        wait_until_idle(page)
        for _ in range(3):
            page.get_by_role("combobox", name=label).click()
            page.keyboard.type(option)
            with suppress(TimeoutError):
                page.get_by_role("option", name=option, exact=True).click(timeout=3_000)
                break
            page.keyboard.press("Escape")
        expect(page).to_have_url(re.compile(re.escape(quote_plus(option))))
    page.keyboard.press("Escape")


# The centre of the bar whose hover text holds the words, null while there is none.
FIND_MARK = """words => {
    const points = [...document.querySelectorAll('.js-plotly-plot .point')];
    const point = points.find(one => (one.__data__?.htx ?? '').includes(words));
    if (!point) return null;
    point.scrollIntoView({block: 'center', behavior: 'instant'});
    const box = point.getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
}"""


def click_mark(page: Page, words: str) -> None:
    """Click the bar whose hover text holds the words, once it lies still: a page is laid out anew while it fills."""
    page.wait_for_function("document.cookie.includes('room=')")
    for _ in range(80):
        wait_until_idle(page)
        place = page.evaluate(FIND_MARK, words)
        page.wait_for_timeout(250)
        if place is not None and page.evaluate(FIND_MARK, words) == place:
            page.mouse.click(*place)
            return
    raise AssertionError(f"no bar of {words} came to lie still")


def test_coverage_of_uzbekistan_and_its_sentence_in_two_clicks(site: str, fresh: Opener) -> None:
    page = fresh(site)
    wait_until_measured(page)
    page.get_by_role("link", name="Coverage", exact=True).click()
    expect(page.get_by_role("heading", name="Coverage", level=1)).to_be_visible()
    click_mark(page, "27 checkpoints")
    expect(page.locator(".excerpt .sentence")).to_contain_text("Detection works at 27 gates of Uzbekistan.")
    expect(page.locator(".excerpt .focus")).to_have_text("27")
    expect(page.get_by_text("09TASHKENT803 · 20 August 2009 · TASHKENT · paragraph 2 · (U)")).to_be_visible()


def test_filter_to_kazakhstan_click_the_bar_and_follow_it_into_the_cable(site: str, fresh: Opener) -> None:
    page = fresh(f"{site}installations")
    choose(page, "Country", "Kazakhstan")
    click_mark(page, "6 sites")
    expect(page.locator(".excerpt .sentence")).to_contain_text("Engineers fitted sensors at six gates in 2008.")
    page.get_by_role("link", name="Read 09ALMATY801 whole").click()
    expect(page.locator("pre.cable .focus")).to_be_in_viewport()
    expect(page.locator("pre.cable .focus .tip")).to_be_visible()


def test_installations_of_two_countries_stand_side_by_side_by_year(site: str, fresh: Opener) -> None:
    page = fresh(f"{site}installations")
    choose(page, "Country", "Kazakhstan", "Uzbekistan")
    chart = page.locator(".js-plotly-plot")
    for words in ("Kazakhstan", "Uzbekistan", "2008", "2009"):
        expect(chart.get_by_text(words, exact=True).first).to_be_visible()


def test_who_funds_customs_and_why_two_totals_differ(site: str, fresh: Opener) -> None:
    page = fresh(f"{site}funding")
    choose(page, "Country", "Kazakhstan")
    expect(page.locator(".js-plotly-plot").get_by_text("Norway").first).to_be_visible()
    click_mark(page, "$61 million")
    expect(page.get_by_text("Rival estimates")).to_be_visible()
    page.get_by_role("button", name="$66 million").click()
    expect(page.locator(".excerpt .sentence").first).to_contain_text("Officials now put")


# How opaque each bar of a chart is, by the figure its hover text leads with; unseen bars to point at are left out.
OPACITIES = """() => Object.fromEntries([...document.querySelectorAll('.js-plotly-plot .point')]
    .filter(one => one.__data__.trace?.name !== 'target' && one.__data__.htx).reverse()
    .map(one => [one.__data__.htx.split('</b>')[0].slice(3), +getComputedStyle(one.firstElementChild).opacity]))"""


def test_the_figure_whose_sentence_is_shown_is_lit_whatever_chose_it(site: str, fresh: Opener) -> None:
    page = fresh(f"{site}funding?country=Kazakhstan")
    for choose_it, lit, faded in (
        (lambda: click_mark(page, "$61 million"), "$61 million", "$66 million"),
        (lambda: page.get_by_role("button", name="$66 million").click(), "$66 million", "$61 million"),
        (lambda: click_mark(page, "$61 million"), "$61 million", "$66 million"),
    ):
        choose_it()
        expect(page.locator(".excerpt .focus")).to_have_text(lit)
        page.wait_for_function(f"lit => ({OPACITIES})()[lit] === 1", arg=lit)
        assert 0.4 <= page.evaluate(OPACITIES)[faded] < 1


def test_a_click_on_a_bar_keeps_the_chart_that_stands_there(site: str, fresh: Opener) -> None:
    page = fresh(f"{site}funding?country=Kazakhstan")
    wait_until_laid_out(page)
    chart = page.locator(".js-plotly-plot")
    chart.evaluate("plot => { plot.stands = true; }")
    for words in ("$61 million", "$66 million"):
        click_mark(page, words)
        expect(page.locator(".excerpt .focus")).to_have_text(words)
    wait_until_idle(page)
    assert chart.evaluate("plot => plot.stands") is True


def test_the_address_shows_a_stranger_the_same_view(site: str, fresh: Opener) -> None:
    page = fresh(f"{site}funding")
    choose(page, "Country", "Kazakhstan")
    choose(page, "Show marks up to", "CONFIDENTIAL")
    click_mark(page, "$61 million")
    expect(page.locator(".excerpt .focus")).to_have_text("$61 million")
    other = fresh(page.url)
    expect(other.locator(".excerpt .focus")).to_have_text("$61 million")
    expect(other.locator(".js-plotly-plot").get_by_text("Norway").first).to_be_visible()
    assert other.get_by_text("UZB").count() == 0


def test_back_and_forward_go_through_the_changes_of_filters(site: str, fresh: Opener) -> None:
    page = fresh(f"{site}funding")
    chips = page.locator('[data-testid="stSidebar"] [data-tag]:visible')
    choose(page, "Country", "Kazakhstan")
    choose(page, "Status", "planned")
    choose(page, "Country", "Uzbekistan")
    expect(chips).to_have_text(["Kazakhstan", "Uzbekistan", "planned"])
    for address, chosen in (
        ("funding?country=Kazakhstan&status=planned", ["Kazakhstan", "planned"]),
        ("funding?country=Kazakhstan", ["Kazakhstan"]),
        ("funding", []),
    ):
        page.go_back()
        expect(chips).to_have_text(chosen)
        wait_until_idle(page)
        expect(page).to_have_url(f"{site}{address}")
    page.go_forward()
    expect(chips).to_have_text(["Kazakhstan"])
    wait_until_idle(page)
    expect(page).to_have_url(f"{site}funding?country=Kazakhstan")


def test_back_to_an_address_in_codes_keeps_its_filters(site: str, fresh: Opener) -> None:
    page = fresh(f"{site}funding?country=KAZ&marking=C")
    settled = f"{site}funding?country=Kazakhstan&marking=CONFIDENTIAL"
    expect(page).to_have_url(settled)
    choose(page, "Status", "planned")
    page.go_back()
    expect(page).to_have_url(settled)
    wait_until_idle(page)
    page.go_back()
    page.wait_for_timeout(300)
    wait_until_idle(page)
    expect(page).to_have_url(settled)
    expect(page.locator('[data-testid="stSidebar"] [data-tag]:visible')).to_have_text(["Kazakhstan"])
    expect(page.get_by_role("combobox", name="Show marks up to")).to_have_value("CONFIDENTIAL")


def test_back_to_a_metric_by_its_id_shows_it(site: str, fresh: Opener) -> None:
    page = fresh(f"{site}enforcement")
    wait_until_idle(page)
    page.evaluate("() => history.pushState({}, '', '?metric=arrests&country=KAZ')")
    page.evaluate("() => history.pushState({}, '', '?')")
    page.go_back()
    expect(page.get_by_role("radio", name="Arrests")).to_be_checked()
    expect(page.locator('[data-testid="stSidebar"] [data-tag]:visible')).to_have_text(["Kazakhstan"])
    wait_until_idle(page)
    expect(page).to_have_url(f"{site}enforcement?country=Kazakhstan&enforcement_metric=Arrests")


def test_back_to_an_address_that_asks_for_what_is_not_there_can_leave_it_out(site: str, fresh: Opener) -> None:
    page = fresh(f"{site}funding?country=KAZ&country=Atlantis")
    for go in (page.go_back, page.reload):
        page.get_by_role("button", name="Leave it out").click()
        expect(page.locator('[data-testid="stSidebar"] [data-tag]:visible')).to_have_text(["Kazakhstan"])
        wait_until_idle(page)
        expect(page).to_have_url(f"{site}funding?country=Kazakhstan")
        go()


def test_a_pasted_cable_is_seen_before_it_is_added_and_then_in_a_chart(own_site: str, fresh: Opener) -> None:
    page = fresh(f"{own_site}add")
    page.get_by_label("Or paste the text").fill(PASTED)
    page.get_by_role("button", name="Read").click()
    expect(page.locator(".excerpt .focus")).to_have_text("14")
    page.get_by_role("button", name="Add to the tables").click()
    expect(page.get_by_text("Added: 09ASTANA777")).to_be_visible()
    page.get_by_role("link", name="Show in the chart: Installations: 14 sites").click()
    expect(page.locator(".excerpt .sentence")).to_contain_text("radiation portal monitors at 14 border crossings")
    click_mark(page, "14 sites")
    expect(page.locator(".excerpt .sentence")).to_contain_text("radiation portal monitors at 14 border crossings")


def test_a_corrected_figure_changes_its_chart_and_undo_brings_it_back(own_site: str, fresh: Opener) -> None:
    page = fresh(f"{own_site}review?figure=09TASHKENT803-3")
    page.get_by_label("Who decides").fill("A. Reader")
    page.get_by_role("textbox", name="Why").fill("the cable says three, its annex says five")
    page.keyboard.press("Tab")
    # The reason is taken over by a run of its own; a person is slower than that run, a script is not.
    page.wait_for_timeout(1000)
    wait_until_idle(page)
    page.get_by_text("Correct it").click()
    page.get_by_role("textbox", name="Low").first.fill("5")
    page.get_by_role("textbox", name="High").first.fill("5")
    page.keyboard.press("Tab")
    page.wait_for_timeout(300)
    wait_until_idle(page)
    page.get_by_role("button", name="Record the correction").click()
    expect(page.get_by_text("1 of 11 figures decided on")).to_be_visible()
    chart = fresh(f"{own_site}installations?country=Uzbekistan")
    expect(chart.locator(".js-plotly-plot").get_by_text("5", exact=True).first).to_be_visible()
    page.locator("h1").click()
    page.keyboard.press("u")
    expect(page.get_by_text("0 of 11 figures decided on")).to_be_visible()
    page.keyboard.press("a")
    expect(page.get_by_text("1 of 11 figures decided on")).to_be_visible()


def test_an_organisation_that_no_list_holds_is_taken_as_typed(own_site: str, fresh: Opener) -> None:
    page = fresh(f"{own_site}review?figure=09TASHKENT803-3")
    page.get_by_label("Who decides").fill("A. Reader")
    page.get_by_role("textbox", name="Why").fill("the annex names it")
    page.keyboard.press("Tab")
    page.wait_for_timeout(1000)
    wait_until_idle(page)
    page.get_by_text("Correct it").click()
    form = page.get_by_test_id("stForm").first
    donors = form.get_by_role("combobox", name="Donor")
    tags = form.locator("[data-tag]:visible")
    for _ in range(4):  # what is typed while the page still draws is lost
        wait_until_idle(page)
        donors.fill("ABC")
        page.wait_for_timeout(500)
        page.keyboard.press("Enter")
        with suppress(AssertionError):
            expect(tags).to_have_count(2, timeout=3_000)
            break
    page.keyboard.press("Escape")
    expect(form.locator("[data-tag]:visible")).to_have_text(["United States", "ABC"])
    page.get_by_role("button", name="Record the correction").click()
    expect(page.get_by_text("actor 'USA, ABC' is unknown")).to_contain_text("ABC (Asian Border Council)")


def test_the_keyboard_leads_past_a_table_and_from_its_rows_to_a_sentence(site: str, fresh: Opener) -> None:
    page = fresh(f"{site}coverage?tab=Table")
    page.get_by_test_id("data-grid-canvas").wait_for()
    wait_until_idle(page)
    page.get_by_role("link", name="Skip the table").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#after-coverage-table")).to_be_focused()
    page.get_by_test_id("data-grid-canvas").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".excerpt .sentence").first).to_be_visible()


def test_the_keyboard_leads_past_the_menu_to_the_filters_and_shows_where_it_is(site: str, fresh: Opener) -> None:
    page = fresh(f"{site}installations")
    page.locator("#skip-to-filters").wait_for(state="attached")
    wait_until_idle(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to filters")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_css("outline-style", "solid")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="Country")).to_be_focused()


def test_rows_and_charts_are_taken_along_from_one_list(site: str, fresh: Opener) -> None:
    page = fresh(f"{site}funding?country=Kazakhstan")
    page.get_by_role("button", name="Download").click()
    for label, ending in (("Workbook (Excel)", ".xlsx"), ("CSV", ".csv")):
        with page.expect_download() as taken:
            page.get_by_role("button", name=label, exact=True).click()
        assert taken.value.suggested_filename == f"funding-kazakhstan{ending}"


@pytest.mark.parametrize(("address", "width"), [("", 1440), ("", 1280), ("review", 1440)])
def test_no_column_beside_a_sentence_lies_out_of_sight(site: str, fresh: Opener, address: str, width: int) -> None:
    page = fresh(f"{site}{address}", width)
    grid = page.locator(".dvn-scroller").first
    grid.wait_for()
    wait_until_idle(page)
    page.wait_for_function(
        "() => { const grid = document.querySelector('.dvn-scroller'); return grid.scrollWidth <= grid.clientWidth; }"
    )


@pytest.mark.parametrize(("width", "height", "most"), [(1440, 900, 430), (1024, 768, 510)])
def test_a_chart_is_in_sight_at_once_and_nothing_covers_it(
    site: str, fresh: Opener, width: int, height: int, most: int
) -> None:
    page = fresh(f"{site}installations", width)
    page.set_viewport_size({"width": width, "height": height})
    plot, hint = page.locator(".js-plotly-plot"), page.locator(".st-key-beside").get_by_text("Click a bar")
    wait_until_laid_out(page)
    top = plot.evaluate("plot => plot.getBoundingClientRect().top")
    assert top <= most
    assert hint.evaluate("hint => hint.getBoundingClientRect().bottom") <= top
    assert page.get_by_role("button", name="Download").evaluate("one => one.getBoundingClientRect().bottom") <= top


# The share of a chart's width that its words reach over.
BREADTH_OF_WORDS = """() => {
    const plot = document.querySelector('.js-plotly-plot'), frame = plot.getBoundingClientRect();
    const rights = [...plot.querySelectorAll('text')].map(text => text.getBoundingClientRect().right);
    return (Math.max(...rights) - frame.left) / frame.width;
}"""


def test_a_chart_is_laid_out_for_the_width_it_gets_also_after_that_changes(site: str, fresh: Opener) -> None:
    page = fresh(f"{site}funding?country=Kazakhstan", 1920)
    wait_until_laid_out(page)
    page.wait_for_function(f"() => ({BREADTH_OF_WORDS})() > 0.85")
    for width in (1280, 800):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_function(f"() => ({BREADTH_OF_WORDS})() <= 1")
        wait_until_idle(page)
        assert not page.evaluate(CUT_OFF), width
    click_mark(page, "$61 million")
    expect(page.locator(".excerpt .focus")).to_have_text("$61 million")


# The widths told by a component that is run anew with other data, and at last leaves the page.
TOLD_WIDTHS = """async code => {
    document.body.innerHTML = '<div data-testid="stColumn" style="width: 600px"><div></div></div>';
    const column = document.body.firstChild, parentElement = column.firstChild, told = [];
    const { default: watch } = await import('data:text/javascript,' + encodeURIComponent(code));
    const settle = () => new Promise(done => setTimeout(done, 700));
    const setStateValue = (name, width) => told.push(width);
    const run = known => watch({ data: { known, step: 20 }, parentElement, setStateValue });
    run(null);
    await settle();
    run(600);
    for (const width of [500, 600]) {
        column.style.width = `${width}px`;
        await settle();
    }
    const leave = run(500);
    await settle();
    leave();
    column.style.width = '400px';
    await settle();
    return told;
}"""


def test_the_width_of_a_column_is_told_once_for_each_change(site: str, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"{site}_stcore/health")
    assert page.evaluate(TOLD_WIDTHS, ROOM_JS) == [600, 500, 600]
    page.close()


def test_cable_text_shows_as_text(site: str, fresh: Opener) -> None:
    page = fresh(f"{site}evidence?cable=09ALMATY801")
    expect(page.locator("pre.cable")).to_contain_text("<script>document.title='owned'</script> <img src=x")
    expect(page.locator("pre.cable")).to_contain_text("**bold** $x^2$ {{ braces }} [a](b)")
    assert page.locator("pre.cable script, pre.cable img").count() == 0
    assert page.title() != "owned"


@pytest.mark.parametrize(
    ("width", "scheme"), [(1440, "light"), (1440, "dark"), (800, "light"), (800, "dark"), (390, "light"), (320, "dark")]
)
def test_nothing_is_cut_off_on_any_page(site: str, fresh: Opener, width: int, scheme: str) -> None:
    page = fresh(site, width, scheme)
    for address in PAGES:
        page.goto(f"{site}{address}")
        page.locator(".banner").nth(1).wait_for()
        wait_until_idle(page)
        if page.locator(".st-key-measure_room").count():
            wait_until_laid_out(page)
        cut = page.evaluate(CUT_OFF)
        assert not cut, f"{address} at {width}, {scheme}: {cut}"


# Words of charts and of the menu that reach beyond their place, tables that stick out of their card without a way to
# scroll, a banner that the header covers or that is wider than the page, and anything that makes it scroll sideways.
CUT_OFF = """() => {
    const beyond = [...document.querySelectorAll('.js-plotly-plot')].flatMap(plot => {
        const frame = plot.getBoundingClientRect();
        return [...plot.querySelectorAll('text')].filter(text => {
            const box = text.getBoundingClientRect();
            return box.width && (box.right > frame.right + 2 || box.left < frame.left - 2);
        }).map(text => text.textContent);
    });
    for (const link of document.querySelectorAll('.stSidebar[aria-expanded="true"] [data-testid="stSidebarNavLink"]'))
        if (link.scrollWidth > link.clientWidth + 1) beyond.push(link.textContent);
    for (const table of document.querySelectorAll('table.brief')) {
        const [wide, card] = [table, table.closest('.stHtml')].map(one => one.getBoundingClientRect());
        if (wide.right > card.right + 1 && getComputedStyle(table.parentElement).overflowX !== 'auto')
            beyond.push('a table sticks out of its card');
    }
    const main = document.querySelector('[data-testid="stMain"]');
    const banner = document.querySelector('.banner'), frame = banner.getBoundingClientRect();
    const header = document.querySelector('[data-testid="stHeader"]').getBoundingClientRect();
    if (frame.top + main.scrollTop < header.bottom) beyond.push('the header covers the banner');
    if (banner.scrollWidth > banner.clientWidth) beyond.push('the banner is cut');
    if (main.scrollWidth > main.clientWidth + 1) beyond.push('the page scrolls sideways');
    return beyond;
}"""
