"""The page of a session, without a browser: what stands in it, and what cannot get out of its place."""

from __future__ import annotations

import json
import re
import zlib
from base64 import b64decode
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path

import pytest

from harness.events import FaultArmed, RunStarted
from harness.gate.decision import decide
from harness.reports.session.html import Cell, HtmlReport, matrix, page
from harness.results import GateDecided, Mutants, Result, SessionEnded, Survivor
from harness.settings import Policy
from harness.verdict import Finding, Verdict
from tests.unit.builders import evidence, finding, received, result, session

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\"'&"
BEGAN = RunStarted(scenario="saga/made_up", seed=7, task_queue="q")


def run_of(name: str, *faults: str, found: tuple[Finding, ...] = (), body: object = None) -> Result:
    """A run in which these faults were armed."""
    armed = [FaultArmed(fault=fault) for fault in faults]
    return result(*found, name=name, of=evidence(BEGAN, *armed, received("flights.book", body=body), name=name))


def test_the_matrix_shows_what_was_not_tried() -> None:
    """The worst verdict of each pattern and kind of fault, how many there were, and blanks."""
    bad = (finding(),)
    told = matrix([run_of("saga/a"), run_of("saga/b", "reset@x"), run_of("saga/c", "reset@y", "kill@z", found=bad)])
    other = matrix([run_of("saga/a", "reset@x"), run_of("stock/a", "kill@x")])

    assert told.kinds == ("no fault", "kill", "reset")
    assert told.rows["saga"] == (
        Cell(verdict=Verdict.PASSED, count=1),
        Cell(verdict=Verdict.FAILED, count=1),
        Cell(verdict=Verdict.FAILED, count=2),
    )
    assert other.rows["stock"] == (Cell(verdict=Verdict.PASSED, count=1), Cell())


def test_text_from_elsewhere_stays_text() -> None:
    """In a finding, a name of a fault, an answer: nothing that came from a payload becomes a tag."""
    text = page(session(run_of("saga/a", f"{HOSTILE}@x", found=(finding(HOSTILE, detail=HOSTILE),), body=HOSTILE)))
    own = text[: text.index('id="plotly"')]

    assert "<img" not in own
    assert own.count("<script") == 2  # the run's data, and the tag that `own` ends in
    assert "&lt;img src=x onerror=alert(1)&gt;" in own


def test_without_plotly_a_sentence_stands_where_the_timeline_would_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the run and in the cause; the table of events is there all the same."""
    monkeypatch.setattr("harness.extras.brought", lambda _: ("plotly",))
    monkeypatch.setattr("harness.extras.installed", lambda _: "")
    monkeypatch.setattr("harness.reports.session.html.installed", lambda _: "")

    text = page(session(run_of("saga/a", "reset@x", found=(finding(),))))

    assert text.count("The timeline would be here; it needs plotly, which is not installed: pip install ") == 2
    assert 'class="plot"' not in text
    assert text.count("All events as a table") == 1


def test_the_data_of_a_run_are_what_happened() -> None:
    """Packed, and unpacked by the page when the run is opened."""
    text = page(session(run_of("saga/a", body=HOSTILE)))
    (packed,) = re.findall(r'class="data">([^<]*)<', text)
    data = json.loads(zlib.decompress(b64decode(packed)))

    assert data["lanes"] == ["flights", "run"]
    assert HOSTILE.replace('"', '\\"') in data["moments"][1]["detail"]


def test_the_decision_is_the_first_thing() -> None:
    """Then what is broken, then each reason, then everything else."""
    ended = session(run_of("saga/a", found=(finding("A booking stands."),)))
    text = page(decide(ended, policy=Policy(), today=date(2026, 11, 22)))

    parts = ["Do not merge", "What is broken", "Timeline of", "Why not to merge", "Patterns and faults"]
    assert sorted(parts, key=text.index) == parts
    assert '<a href="#run-saga/a">saga/a</a>' in text


def test_mutants_have_a_section_with_their_files_and_each_survivor() -> None:
    """Where a report of them was handed over; nowhere else, and nothing of a diff becomes a tag."""
    survivor = Survivor(
        file="app.py", name="Book.run", fate="survived", stands_for="It ends.", noticed_by="HttpError", diff=HOSTILE
    )
    mutants = Mutants(convicted=1, judged=2, untried=3, files={"app.py": (1, 2)}, survivors=(survivor,))
    ended = session(run_of("saga/a"))
    told = page(decide(ended, policy=Policy(), today=date(2026, 11, 29), mutants=mutants))

    assert "Mutants: 1 of 2 mutants were convicted" in told
    assert "3 mutants not tried" in told
    assert "<td>2</td><td>1</td>" in told
    assert "It ends. Would notice it: HttpError." in told
    assert "<img" not in told[: told.index('id="plotly"')]
    assert "Mutants:" not in page(decide(ended, policy=Policy(), today=date(2026, 11, 29)))


def test_one_cause_is_one_block_that_links_each_scenario() -> None:
    """A run that is repeated has an anchor of its own, and the block links the first."""
    text = page(session(*(run_of(name, found=(finding(),)) for name in ("saga/a", "saga/b", "saga/b"))))

    assert text.count('<article class="cause failed">') == 1
    assert "2 scenarios, probably one cause." in text
    assert '<a href="#run-saga/a">saga/a</a>, <a href="#run-saga/b">saga/b</a>' in text
    assert re.findall(r'id="(run-[^"]*)"', text) == ["run-saga/a", "run-saga/b", "run-saga/b-2"]


def test_a_cause_shows_the_lines_of_its_code(tmp_path: Path) -> None:
    """With the line itself marked."""
    file = tmp_path / "workflow.py"
    file.write_text("one = 1\nraise ValueError('<b>')\n", encoding="utf-8")
    text = page(session(run_of("saga/a", found=(finding(detail=f'File "{file}", line 2, in run'),))))

    assert "    1  one = 1\n<mark>    2  raise ValueError(&#39;&lt;b&gt;&#39;)</mark>" in text


def test_the_title_tells_one_page_from_another() -> None:
    """Verdict, counts, command and date."""
    red = session(run_of("saga/a", found=(finding(),)), run_of("saga/b"))
    red = replace(red, started=replace(red.started, command="harness run 'saga/*'"))
    decided = decide(red, policy=Policy(), today=date(2026, 11, 22))

    def title(event: SessionEnded | GateDecided) -> str:
        return unescape(re.findall(r"<title>(.*)</title>", page(event))[0])

    assert title(red) == "FAILED (1 of 2 runs not passed) · harness run 'saga/*' · 2026-11-22 12:00 UTC"
    assert title(decided).startswith("do not merge: 1 reason (1 of 2 runs not passed) · harness run")
    assert title(session(run_of("saga/a"))) == "PASSED (1 run passed) · 2026-11-22 12:00 UTC"


def test_a_partial_session_says_so() -> None:
    """Whoever reads it must not take what is missing for what held."""
    text = page(session(run_of("saga/a"), not_run=("saga/b",), interrupted=True))

    assert "Its results are partial." in text
    assert "saga/b: the session was interrupted before this run started." in text


def test_nothing_is_fetched() -> None:
    """The page forbids itself to ask for anything, and has everything in it."""
    text = page(session(run_of("saga/a")))
    own = text[: text.index('id="plotly"')]

    assert "default-src 'none'" in own
    assert re.findall(r'(?:src|href)="(?!#)', own) == []


def test_a_disk_that_is_full_is_told(tmp_path: Path) -> None:
    """The session tells of it, and the other reports are written."""
    with pytest.raises(OSError, match=r"Is a directory|No such file|Not a directory"):
        HtmlReport(tmp_path).notify(session(run_of("saga/a")))
