"""The session as JSON, for programs."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from harness import Verdict
from harness.files.places import Place
from harness.gate.decision import decide
from harness.reports.session.json import FORMAT, JsonReport
from harness.results import Kind, Reason, RunBegan, SessionEnded, Triage
from harness.settings import Policy
from tests.unit.builders import finding, result, session
from tests.unit.reports.schemas import schema, valid


def written(tmp_path: Path, ended: SessionEnded) -> Any:
    """The file that is written, parsed."""
    file = tmp_path / "deep" / "report.json"
    JsonReport(file).notify(ended)
    return json.loads(file.read_text(encoding="utf-8"))


def test_the_form_is_kept(tmp_path: Path) -> None:
    """These fields are what other programs were written against."""
    data = written(tmp_path, session(result(finding("it broke.", detail="seen"), name="saga/a"), not_run=("saga/b",)))

    assert data["format"] == FORMAT == 2
    assert {
        "verdict": "FAILED",
        "interrupted": False,
        "seconds": 2.0,
        "seed": 7,
        "temporal": "Temporal 1.32",
        "toxiproxy": "Toxiproxy 2.12",
        "folder": "runs",
        "started_at": "2026-11-22T12:00:00+00:00",
        "not_run": ["saga/b"],
    }.items() <= data.items()
    assert {
        "name": "saga/a",
        "verdict": "FAILED",
        "seconds": 1.5,
        "seed": 7,
        "folder": "runs/saga/a",
        "repeat": "harness run saga/a --seed 7",
    }.items() <= data["runs"][0].items()
    assert data["runs"][0]["findings"] == [
        {
            "oracle": "no_orphans",
            "verdict": "FAILED",
            "harm": "OUTCOME",
            "title": "it broke.",
            "detail": "seen",
            "refs": [],
            "subject": "",
        }
    ]


def test_the_verdict_of_the_session_is_the_report_s(tmp_path: Path) -> None:
    """A report decides nothing."""
    assert written(tmp_path, session(result()))["verdict"] == "PASSED"
    assert written(tmp_path, session(result(), interrupted=True))["verdict"] == "INCONCLUSIVE"
    assert written(tmp_path, session())["verdict"] == "INCONCLUSIVE"


def test_any_text_is_carried(tmp_path: Path) -> None:
    """Also what no file encoding can carry."""
    hostile = 'quote " newline \n null \x00 half a pair \ud800'
    data = written(tmp_path, session(result(finding(hostile, verdict=Verdict.INCONCLUSIVE))))

    assert data["runs"][0]["findings"][0]["title"] == hostile


def test_nothing_is_written_before_the_end(tmp_path: Path) -> None:
    """Half a file would be taken for the whole."""
    JsonReport(tmp_path / "report.json").notify(RunBegan(name="saga/made_up"))

    assert list(tmp_path.iterdir()) == []


def test_a_gate_s_decision_is_added(tmp_path: Path) -> None:
    """The same file, with what is against a merge and what is noted."""
    file = tmp_path / "report.json"
    report = JsonReport(file)
    red = session(result(finding("it broke."), name="saga/a"), skipped={"stock/a": "none"})
    report.notify(red)
    report.notify(decide(red, policy=Policy(), today=date(2026, 11, 22), triage={"saga/a": Triage.ALWAYS}))
    data = json.loads(file.read_text(encoding="utf-8"))

    assert data["gate"] == {
        "green": False,
        "verdict": "FAILED",
        "reasons": [
            {
                "kind": "new",
                "name": "saga/a",
                "finding": "no_orphans",
                "what": "it broke.",
                "verdict": "FAILED",
                "found": None,
                "place": None,
            }
        ],
        "notes": [
            {
                "kind": "skipped",
                "name": "stock/a",
                "finding": "",
                "what": "none",
                "verdict": "INCONCLUSIVE",
                "found": None,
                "place": None,
            }
        ],
        "triage": {"saga/a": "fails every time"},
    }
    assert data["runs"][0]["name"] == "saga/a"


@pytest.mark.parametrize("decided", [False, True])
def test_the_file_is_of_the_published_form(tmp_path: Path, *, decided: bool) -> None:
    """docs/reference/report.schema.json, with and without a gate's decision."""
    ended = session(result(finding("it broke."), name="saga/a"), not_run=("saga/b",), skipped={"stock/a": "none"})
    report = JsonReport(tmp_path / "report.json")
    found = Reason(kind=Kind.EXPLORED, what="it broke.", found=finding(), place=Place(path="shop.py", line=3))
    today = date(2026, 11, 22)
    report.notify(decide(ended, policy=Policy(), today=today, further=[found]) if decided else ended)
    data = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))

    valid("report", data)
    assert ("gate" in data) == decided


def test_every_kind_of_reason_is_in_the_published_form() -> None:
    """A program may ask for each by name."""
    assert schema("report")["$defs"]["Kind"]["enum"] == [kind.value for kind in Kind]
