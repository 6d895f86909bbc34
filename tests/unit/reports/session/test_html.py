"""The page of a session, without a browser: what stands in it, and what cannot get out of its place."""

from __future__ import annotations

import json
import re
import zlib
from base64 import b64decode
from datetime import date
from pathlib import Path

import pytest

from harness.events import FaultArmed, RunStarted
from harness.gate.decision import decide
from harness.reports.session.html import Cell, HtmlReport, matrix, page
from harness.results import Result
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


def test_the_data_of_a_run_are_what_happened() -> None:
    """Packed, and unpacked by the page when the run is opened."""
    text = page(session(run_of("saga/a", body=HOSTILE)))
    (packed,) = re.findall(r'class="data">([^<]*)<', text)
    data = json.loads(zlib.decompress(b64decode(packed)))

    assert data["lanes"] == ["flights", "run"]
    assert HOSTILE.replace('"', '\\"') in data["moments"][1]["detail"]


def test_the_decision_is_the_first_thing() -> None:
    """What is against a merge, above everything else."""
    ended = session(run_of("saga/a", found=(finding("A booking stands."),)))
    text = page(decide(ended, policy=Policy(), today=date(2026, 11, 22)))

    assert text.index("Do not merge") < text.index("What is against it") < text.index("Patterns and faults")
    assert '<a href="#run-saga/a">saga/a</a>' in text


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
