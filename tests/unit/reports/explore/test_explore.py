"""What a person and a program read of an exploration."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from rich.console import Console

from harness import undone_on_failure
from harness.events import now
from harness.evidence.history import Status
from harness.explore.model.explored_run import Breach, Moment
from harness.explore.model.schedule import parse
from harness.explore.search.exploration import BrokenPromise, Exploration, Share
from harness.explore.search.judge import judge
from harness.explore.search.matrix import matrix
from harness.explore.search.story import LINES, story, timeline
from harness.reports.explore.json import write_json
from harness.reports.explore.junit import write_junit
from harness.reports.explore.terminal import ExplorationOnTerminal
from tests.unit.explore.made import NOON, effect, ran

UNDONE = undone_on_failure("charge", "refund")
HELD = judge(ran(schedule="charge#1:lost"), [UNDONE])
MOMENTS = (Moment(NOON, "fault", "ship#1 was refused"), Moment(NOON + timedelta(milliseconds=12), "activity", "over"))
BROKE = judge(ran(effect("charge"), schedule="ship#1:non_retryable", status=Status.FAILED, timeline=MOMENTS), [UNDONE])
UNREACHED = judge(ran(schedule="ship#1:lost", reached=frozenset()), [UNDONE])
FINDING = BrokenPromise(broken=BROKE.broken[0], judged=BROKE, others=(parse("ship#1:down"),), repeats=True)


def exploration(**said: Any) -> Exploration:
    """One with a finding."""
    points = (*HELD.schedule.faults, *BROKE.schedule.faults, *UNREACHED.schedule.faults, *parse("ship#1:zombie").faults)
    known = {
        "target": "shop",
        "began": now(),
        "took": timedelta(seconds=2),
        "fault_free": judge(ran(), []),
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
    assert [line.split()[0] for line in timeline(FINDING)] == ["0.0", "12.0"]
    many = tuple(Moment(NOON + timedelta(milliseconds=one), "activity", f"line {one}") for one in range(100))
    long = BrokenPromise(broken=FINDING.broken, judged=judge(ran(timeline=many), []))
    assert len(list(timeline(long))) == 2 * LINES + 1
    assert f"... {100 - 2 * LINES} more ..." in "\n".join(timeline(long))


def test_the_terminal_has_counts_findings_and_the_command_that_repeats_them() -> None:
    """And says how much was not explored."""
    text = told(exploration())

    assert "explored 3 of 4 singles, 31 of 408 pairs" in text
    assert "repeat: harness explore shop --only 'ship#1:non_retryable'" in text
    assert "ship#1:lost: the fault ship#1:lost was armed and did not strike." in text
    assert text.splitlines()[-1].startswith("FAILED")


def test_what_is_told_apart_is_no_finding() -> None:
    """It stands under a heading of its own."""
    text = told(exploration(findings=(BrokenPromise(broken=FINDING.broken, judged=BROKE, apart=True),)))

    assert "told apart" in text
    assert "finding 1" not in text


def test_the_json_can_be_read_by_a_program(tmp_path: Path) -> None:
    """Its form has a version."""
    write_json(exploration(), tmp_path / "deep" / "report.json")
    data = json.loads((tmp_path / "deep" / "report.json").read_text(encoding="utf-8"))

    assert data["format"] == 1
    assert data["verdict"] == "FAILED"
    assert data["findings"][0]["schedule"] == "ship#1:non_retryable"
    assert data["explored"][1] == {"faults": 2, "explored": 31, "of": 408}
    assert data["matrix"]["calls"]["ship#1"]["zombie"] == ""


def test_the_junit_file_parses_whatever_a_finding_holds(tmp_path: Path) -> None:
    """A case for each schedule and each finding; one that proves nothing is an error."""
    breach = Breach(what="the total is \x01 <1>")
    broken = replace(FINDING, broken=replace(FINDING.broken, breach=breach))
    write_junit(exploration(findings=(broken,), unclear=("no \x00 worker",)), tmp_path / "junit.xml")
    root = ET.parse(tmp_path / "junit.xml").getroot()  # noqa: S314 - our own

    assert [one.get("message") for one in root.iter("failure")] == [r"the total is \x01 <1>"]
    assert [one.get("message") for one in root.iter("error")][-1] == r"no \x00 worker"
    assert len(list(root.iter("testcase"))) == 5
