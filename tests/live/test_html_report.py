"""The page in a real browser: nothing leaves it, nothing in it runs that is not ours, and it can be read everywhere."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright

from harness.events import FaultArmed, FaultFired, RunStarted
from harness.gate.decision import decide
from harness.reports.session.html import page
from harness.results import Result
from harness.settings import Policy
from tests.unit.builders import answered, evidence, finding, history, received, recorded, result, session

HOSTILE = '</script><img src="http://127.0.0.1:9/x" onerror="document.title=1"><a href="http://127.0.0.1:9/">x</a>'
DRAWN = ".run[data-drawn]"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Debian's chromium, driven by Playwright's core."""
    program = shutil.which("chromium")
    if program is None:
        if "CI" in os.environ:
            pytest.fail("there is no chromium; .ci/providers installs it.")
        pytest.skip("no chromium on PATH")
    async with async_playwright() as playwright:
        # As root, which a container's user mostly is, it starts only so.
        browser = await playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        await browser.close()


def run_of(name: str, *, red: bool = False, calls: int = 3, text: str = "") -> Result:
    """A run with a fault, some calls, and perhaps a finding."""
    answers = (
        (received("flights.book", nth=nth, body=text), answered("flights.book", nth=nth)) for nth in range(calls)
    )
    called = [part for answer in answers for part in answer]
    found = evidence(
        RunStarted(scenario=name, seed=7, task_queue="q"),
        FaultArmed(fault="http_error@flights.book"),
        FaultFired(fault="http_error@flights.book", call="flights.book#1", what=text),
        *called,
        name=name,
    )
    findings = [finding(f"A booking stands. {text}", detail=text)] if red else []
    return result(*findings, name=name, of=found)


async def opened(browser: Browser, folder: Path, *runs: Result, width: int = 1440, dark: bool = False) -> Page:
    """Open the page of a gate over these runs, and let it collect what it asks for and what it complains of."""
    file = folder / "report.html"
    file.write_text(page(decide(session(*runs), policy=Policy(), today=date(2026, 11, 22))), encoding="utf-8")
    shown = await browser.new_page(viewport={"width": width, "height": 800}, color_scheme="dark" if dark else "light")
    await shown.goto(file.as_uri())
    return shown


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (1440, True), (375, False)])
async def test_it_can_be_read(browser: Browser, tmp_path: Path, width: int, *, dark: bool) -> None:
    """Wide or narrow, light or dark: nothing is cut off sideways, and a run that is opened shows its lanes."""
    shown = await opened(browser, tmp_path, run_of("saga/a", red=True), run_of("saga/b"), width=width, dark=dark)
    await shown.locator(".run summary").first.click()
    await shown.wait_for_selector(DRAWN)

    assert await shown.evaluate("document.documentElement.scrollWidth") <= width
    assert sorted(await shown.locator(".run .plot .ytick").all_text_contents()) == ["faults", "flights", "run"]
    ground = await shown.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (ground == "rgb(20, 23, 27)") == dark


@pytest.mark.parametrize("width", [1440, 375])
async def test_a_red_page_begins_with_the_cause_and_its_timeline(browser: Browser, tmp_path: Path, width: int) -> None:
    """Drawn without a click, inside its block; each scenario is a link to its run, also when it is filtered away."""
    shown = await opened(browser, tmp_path, *(run_of(f"saga/{one}", red=True) for one in "ab"), width=width)
    await shown.wait_for_selector(".cause .plot[data-drawn] .ytick")
    block, drawn = (
        await shown.locator(".cause").bounding_box(),
        await shown.locator(".cause .main-svg").first.bounding_box(),
    )
    assert block is not None
    assert drawn is not None
    assert block["x"] < drawn["x"]
    assert drawn["x"] + drawn["width"] < block["x"] + block["width"]

    await shown.locator("#filter").fill("nothing like this")
    await shown.locator(".symptoms a").last.click()
    await shown.wait_for_selector(DRAWN)
    assert await shown.locator(".run[open] .name").all_inner_texts() == ["saga/b"]


async def test_the_matrix_shows_all_patterns_at_once(browser: Browser, tmp_path: Path) -> None:
    """Thirty patterns fit on a screen, without a box to scroll in."""
    shown = await opened(browser, tmp_path, *(run_of(f"pattern_{number:02}/a") for number in range(30)))
    box = await shown.locator(".matrix").bounding_box()
    scrolled = await shown.locator(".wide").evaluate("(one) => one.scrollHeight > one.clientHeight")

    assert box is not None
    assert box["height"] < 900
    assert not scrolled


async def test_nothing_leaves_it_and_nothing_foreign_runs(browser: Browser, tmp_path: Path) -> None:
    """Whatever a payload holds, also when everything is opened and hovered over."""
    asked: list[str] = []
    wrong: list[str] = []
    file = tmp_path / "report.html"
    ended = session(run_of("saga/a", red=True, text=HOSTILE))
    file.write_text(page(decide(ended, policy=Policy(), today=date(2026, 11, 22))), encoding="utf-8")
    shown = await browser.new_page()
    shown.on("request", lambda request: asked.append(request.url))
    shown.on("pageerror", lambda error: wrong.append(str(error)))
    shown.on("console", lambda message: wrong.append(message.text))
    await shown.goto(file.as_uri())
    title = await shown.title()
    await shown.locator(".run summary").first.click()
    await shown.wait_for_selector(DRAWN)
    await shown.locator(".events summary").click()
    await shown.locator(".run .plot .points path").first.hover(force=True)
    await shown.wait_for_selector(".hovertext")

    assert (asked, wrong) == ([file.as_uri()], [])
    assert await shown.title() == title
    assert await shown.locator("img, a[href^=http], .plot a").count() == 0
    assert HOSTILE in await shown.locator(".finding pre").inner_text()
    # What is drawn over a moment is text, and says what came.
    assert "</script>" in await shown.locator(".events table").inner_text()


async def test_it_goes_by_keyboard(browser: Browser, tmp_path: Path) -> None:
    """Filter, open and read without a mouse."""
    shown = await opened(browser, tmp_path, run_of("saga/a"), run_of("stock/b"))
    await shown.locator("#filter").focus()
    await shown.keyboard.type("stock/")
    await shown.keyboard.press("Tab")
    await shown.keyboard.press("Enter")
    await shown.wait_for_selector(DRAWN)

    assert await shown.locator("#shown").inner_text() == "1 run"
    assert await shown.locator(".run:visible .name").all_inner_texts() == ["stock/b"]


async def test_a_finding_leads_to_what_it_saw(browser: Browser, tmp_path: Path) -> None:
    """A reference is a button, and the row it means is marked."""
    told = run_of("saga/a")
    found = replace(finding("Called twice."), refs=("flights.book#2",))
    red = result(found, name="saga/a", of=told.evidence)
    shown = await opened(browser, tmp_path, red)
    await shown.goto(f"{shown.url}#run-saga/a")
    await shown.wait_for_selector(DRAWN)
    await shown.locator("[data-ref]").click()

    assert "flights.book#2" in await shown.locator("tr.near:visible").inner_text()


async def test_it_stays_usable_when_there_is_much(browser: Browser, tmp_path: Path) -> None:
    """500 runs, one of them with a history of 100,000 events and payloads of 10 MB: a small page that opens."""
    events = [recorded("WorkflowExecutionSignaled", signalName=f"s{number}") for number in range(100_000)]
    big = run_of("saga/big", red=True, text="x" * 10_000_000)
    big = result(*big.findings, name="saga/big", of=evidence(*big.evidence.events, history(*events), name="saga/big"))
    shown = await opened(browser, tmp_path, big, *(run_of(f"saga/{number}") for number in range(499)))
    size = (tmp_path / "report.html").stat().st_size
    await shown.locator(".run summary").first.click(timeout=timedelta(seconds=20) / timedelta(milliseconds=1))
    await shown.wait_for_selector(DRAWN)

    assert size < 8_000_000
    assert "more events: see the run folder." in await shown.locator(".run").first.inner_text()
