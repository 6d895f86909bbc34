"""What a person and a program read of an exploration."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from rich.console import Console

from harness import Finding, undone_on_failure
from harness.events import WorkflowTaskStuck, now
from harness.evidence.history import Status
from harness.evidence.schedule_events import Noted
from harness.explore.model.schedule import parse
from harness.explore.search.exploration import Exploration, Share, SmallestFailure
from harness.files.places import Place
from harness.reports.explore.json import write_json
from harness.reports.explore.junit import write_junit
from harness.reports.explore.matrix import matrix
from harness.reports.explore.sarif import write_sarif
from harness.reports.explore.story import LINES, story, timeline
from harness.reports.explore.terminal import ALSO, ExplorationOnTerminal
from harness.verdict import Verdict
from tests.unit.explore.made import NOON, effect, judged_by, made, ran
from tests.unit.leaks import leaks
from tests.unit.reports.sarif_files import place_in, results_in
from tests.unit.reports.schemas import valid

UNDONE = undone_on_failure("charge", "refund")
HELD = judged_by(ran(schedule="charge#1:lost"), [UNDONE])
NOTED = (Noted(at=NOON + timedelta(milliseconds=12), lane="activity", what="over"),)
BROKE = judged_by(ran(effect("charge"), schedule="ship#1:non_retryable", status=Status.FAILED, events=NOTED), [UNDONE])
UNREACHED = judged_by(ran(schedule="ship#1:lost", reached=()), [UNDONE])
FINDING = SmallestFailure(
    finding=BROKE.broken[0], judged=BROKE, others=(parse("ship#1:down"),), repeats=True, undoes=UNDONE.undoes
)


def exploration(**said: Any) -> Exploration:
    """One with a finding."""
    points = (*HELD.schedule.faults, *BROKE.schedule.faults, *UNREACHED.schedule.faults, *parse("ship#1:zombie").faults)
    known = {
        "target": "shop",
        "began": now(),
        "took": timedelta(seconds=2),
        "fault_free": judged_by(ran(), []),
        "judged": (HELD, BROKE, UNREACHED),
        "findings": (FINDING,),
        "points": points,
        "shares": (Share(faults=1, explored=3, of=4), Share(faults=2, explored=31, of=408)),
    }
    return Exploration(**{**known, **said})


def told(one: Exploration) -> str:
    """What stands on a terminal that is none."""
    console = Console(file=io.StringIO(), width=200, soft_wrap=True)
    ExplorationOnTerminal(console).end(one, repeat="harness explore shop")
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_the_matrix_has_a_cell_for_every_call_and_kind() -> None:
    """What held, what broke, what proves nothing, what was not explored and what cannot be."""
    kinds, rows = matrix(exploration())

    assert kinds == ["non_retryable", "lost", "zombie"]
    assert dict(rows) == {"charge#1": [".", "ok", "."], "ship#1": ["BROKE", "?", ""]}


def test_a_story_says_what_was_done_what_went_wrong_and_what_was_not_undone() -> None:
    """A stranger can read it."""
    text = "\n".join(story(FINDING))

    assert "what went wrong: ship#1 failed with a non-retryable error before it did anything" in text
    assert "what was done: charge#1" in text
    assert "what was undone: nothing" in text


def test_a_timeline_is_in_milliseconds_and_not_endless() -> None:
    """The middle of a long one is left out, and counted."""
    assert [line.split()[0] for line in timeline(FINDING)] == ["0.0", "0.0", "12.0"]
    many = [Noted(at=NOON + timedelta(milliseconds=one), lane="activity", what=f"line {one}") for one in range(98)]
    broke = judged_by(ran(effect("charge"), schedule="ship#1:lost", status=Status.FAILED, events=many), [UNDONE])
    long = SmallestFailure(finding=FINDING.finding, judged=broke)
    assert len(list(timeline(long))) == 2 * LINES + 1
    assert f"... {100 - 2 * LINES} more ..." in "\n".join(timeline(long))


def test_the_terminal_has_counts_findings_and_the_command_that_repeats_them() -> None:
    """And says how much was not explored."""
    text = told(exploration())

    assert "explored 3 of 4 singles, 31 of 408 pairs" in text
    assert "repeat: harness explore shop --only 'ship#1:non_retryable'" in text
    assert "ship#1:lost: the fault ship#1:lost never fired; declared: at least 1." in text
    assert text.splitlines()[-1].startswith("FAILED")


def test_what_is_excluded_is_not_counted_as_a_failure() -> None:
    """It is listed under a heading of its own, with the reason."""
    finding = replace(FINDING.finding, excluded="the compensation fails")
    text = told(exploration(findings=(replace(FINDING, finding=finding),)))

    assert "Not counted as failures (a fault makes the compensation itself fail permanently):" in text
    assert "finding 1" not in text


def test_the_json_can_be_read_by_a_program(tmp_path: Path) -> None:
    """Its form has a version."""
    write_json(exploration(), tmp_path / "deep" / "report.json")
    data = valid("explore", json.loads((tmp_path / "deep" / "report.json").read_text(encoding="utf-8")))

    assert data["format"] == 2
    assert data["verdict"] == "FAILED"
    assert data["findings"][0]["schedule"] == "ship#1:non_retryable"
    assert data["explored"][1] == {"faults": 2, "explored": 31, "of": 408}
    assert data["matrix"]["calls"]["ship#1"]["zombie"] == ""


def test_the_junit_file_parses_whatever_a_finding_holds(tmp_path: Path) -> None:
    """A case for each schedule and each finding; one that proves nothing is an error."""
    broken = replace(FINDING, finding=Finding(oracle="total", title="the total is \x01 <1>"))
    write_junit(exploration(findings=(broken,), unclear=("no \x00 worker",)), tmp_path / "junit.xml")
    root = ET.parse(tmp_path / "junit.xml").getroot()  # noqa: S314 - our own

    assert [one.get("message") for one in root.iter("failure")] == [r"the total is \x01 <1>"]
    assert [one.get("message") for one in root.iter("error")][-1] == r"no \x00 worker"
    assert len(list(root.iter("testcase"))) == 5


def _also(schedule: str) -> SmallestFailure:
    broke = judged_by(ran(effect("charge"), schedule=schedule, status=Status.FAILED), [UNDONE])
    return SmallestFailure(finding=broke.broken[0], judged=broke, same_as=FINDING.schedule)


def test_one_mistake_at_many_calls_is_one_story() -> None:
    """With a line for each other call, and no more than can be read."""
    text = told(exploration(findings=(FINDING, *(_also(f"ship#{nth}:lost") for nth in range(2, 202)))))

    assert "finding 1: FAILED" in text
    assert "finding 2" not in text
    assert "the same at 200 other calls:" in text
    assert "ship#2:lost\n" in text
    assert f"... {200 - ALSO} more, see the JSON report" in text
    assert len(text.splitlines()) < 60


def test_what_only_a_cancellation_shows_stands_under_a_heading_of_its_own() -> None:
    """Behind all others."""
    cancelled = replace(_also("ship#1:cancelled"), same_as=None)
    text = told(exploration(findings=(FINDING, cancelled)))

    assert text.index("finding 1") < text.index("Found only where somebody cancels the workflow:")
    assert text.index("Found only where somebody cancels the workflow:") < text.index("finding 2")


def test_what_a_race_decides_is_one_line() -> None:
    """It is not explored, and proves nothing against the application."""
    chance = exploration(judged=(HELD, UNREACHED), findings=(), sometimes=frozenset({made("ship").call}))
    text = told(chance)

    assert "not explored, since a race decides whether the call is made: ship#1:lost" in text
    assert "proves nothing" not in text.partition("explored, since")[2]
    assert chance.verdict is Verdict.PASSED


def test_a_story_names_the_line_of_the_application() -> None:
    """And not the library's in which it waits."""
    stack = 'File "/shop/flow.py", line 3, in run\nFile "/usr/lib/python3.11/threading.py", line 331, in wait'
    stuck = WorkflowTaskStuck(workflow_id="t", cause="UNHANDLED", message="no", stack=stack)
    judged = judged_by(ran(events=[stuck]), [])
    failure = SmallestFailure(finding=judged.broken[0], judged=judged)

    assert [line for line in story(failure) if "where:" in line] == ["  where: /shop/flow.py:3"]
    assert failure.id == "no_stuck_task|flow.py:3"


def test_no_report_quotes_a_secret(tmp_path: Path) -> None:
    """An exploration keeps no run folder, so its reports redact what they quote."""
    secret = "hunter2-hunter2"  # noqa: S105 - made up
    title = f"refused: password={secret}"
    failed = replace(FINDING, finding=replace(FINDING.finding, title=title, detail=title))
    one = exploration(findings=(failed,), notes=(title,), unclear=(title,))
    write_json(one, tmp_path / "report.json")
    write_junit(one, tmp_path / "junit.xml")
    shown = told(one)

    assert leaks(tmp_path, [secret]) == {}
    assert secret not in shown
    assert "password=redacted:" in shown


def test_sarif_shows_a_finding_at_its_activity_else_at_the_workflow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or where it broke; the same mistake at another call is in the text of the first."""
    monkeypatch.chdir(tmp_path)
    code = {"": Place(path="flow.py", line=5), "charge": Place(path="activities.py", line=8)}
    same = replace(FINDING, judged=HELD, same_as=FINDING.schedule)
    stuck = judged_by(ran(schedule="ship#1:lost", stuck="KeyError"), [])
    broke = SmallestFailure(finding=Finding(oracle="no_stuck_task", title="KeyError"), judged=stuck)
    of_all = SmallestFailure(finding=Finding(oracle="conserved", title="5 left"), judged=BROKE, waived="Waived.")
    excluded = replace(FINDING, finding=replace(FINDING.finding, oracle="x", excluded="the compensation fails"))
    simulated = replace(FINDING, finding=replace(FINDING.finding, oracle="y"), confirmed=False)
    findings = (FINDING, same, broke, of_all, excluded, simulated)
    write_sarif(
        exploration(findings=findings, code=code), tmp_path / "x.sarif", project=tmp_path, repeat="harness explore shop"
    )
    charge, task, conserved = results_in(tmp_path / "x.sarif")

    assert list(map(place_in, (charge, task, conserved))) == ["activities.py:8", "app/flow.py:3", "flow.py:5"]
    assert (charge["ruleId"], charge["level"]) == (FINDING.finding.oracle, "error")
    assert "repeat: harness explore shop --only 'ship#1:non_retryable'" in charge["message"]["text"]
    assert "the same under: charge#1:lost" in charge["message"]["text"]
    assert conserved["suppressions"] == [{"kind": "external", "justification": "Waived."}]


def test_the_json_has_the_line_of_each_finding(tmp_path: Path) -> None:
    """The gate shows it there."""
    write_json(exploration(code={"charge": Place(path="activities.py", line=8)}), tmp_path / "report.json")
    (one,) = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["findings"]

    assert (one["harm"], one["place"]) == ("EFFECTS", {"path": "activities.py", "line": 8})
