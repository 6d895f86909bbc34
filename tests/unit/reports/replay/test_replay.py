"""A replay session in every form."""

from __future__ import annotations

import json
from contextlib import redirect_stdout
from dataclasses import replace
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from harness.replay.verdicts.judgement import Judgement, NotJudged
from harness.replay.verdicts.summary import ReplayPolicy
from harness.reports.replay import json as replay_json
from harness.reports.replay import junit as replay_junit
from harness.reports.replay import markdown as replay_markdown
from harness.reports.replay import sarif as replay_sarif
from harness.reports.replay.terminal import ReplayTerminal
from tests.unit.replay.verdicts.test_judgement import BROKEN, DRIFTED, MOVED, ONLY_CLOSED, SOUND, UNREADABLE, summary
from tests.unit.reports.sarif_files import place_in, results_in
from tests.unit.reports.schemas import valid

ALL = summary(SOUND, DRIFTED, BROKEN, UNREADABLE)


def test_junit_has_a_case_for_each_history(tmp_path: Path) -> None:
    """What does not replay is a failure, what cannot be judged an error."""
    replay_junit.write(ALL, tmp_path / "deep" / "replay.xml")
    root = ET.parse(tmp_path / "deep" / "replay.xml").getroot()  # noqa: S314 - our own

    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("4", "1", "1")


def test_json_has_all_of_it(tmp_path: Path) -> None:
    """Each history with its verdict, and the policy."""
    replay_json.write(summary(DRIFTED, policy=ReplayPolicy(strict=True)), tmp_path / "replay.json")
    data = json.loads((tmp_path / "replay.json").read_text(encoding="utf-8"))
    replay_json.write(ALL, tmp_path / "all.json")

    valid("replay", data)
    valid("replay", json.loads((tmp_path / "all.json").read_text(encoding="utf-8")))
    assert (data["format"], data["verdict"], data["strict"]) == (1, "FAILED", True)
    assert data["histories"][0]["drifts"][0]["field"] == "input[0].cents"


def test_markdown_tells_of_what_a_reviewer_must_see() -> None:
    """What is red, and what has drifted; a sound history is only counted."""
    text = replay_markdown.tell(ALL)

    assert text.startswith("# Replay: FAILED\n")
    assert text.count("\n## ") == 3
    assert "| PASSED | a.json | Shop | replays, with 1 difference |" in text


def terminal(*judgements: Judgement) -> str:
    """What a person reads."""
    told = StringIO()
    with redirect_stdout(told):
        ReplayTerminal(total=len(judgements)).end(summary(*judgements))
    return told.getvalue()


def test_a_person_reads_what_is_red_and_why() -> None:
    """With the line, the age and the difference; a sound history has no line."""
    text = terminal(SOUND, DRIFTED, BROKEN, ONLY_CLOSED, UNREADABLE)

    assert text.count("a.json") == 4
    assert "open runs break if their history has event 5 (X)." in text
    assert "only the closed history breaks" in text
    assert "drift: event 5 ActivityTaskScheduled charge: input[0].cents was 5, is now 6 (a.py:1)" in text
    assert "cannot be judged (gap): a hole." in text


def test_sarif_shows_what_does_not_pass_at_the_line_that_breaks_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the history itself is shown; what two histories have is one result."""
    monkeypatch.chdir(tmp_path)
    broken = replace(BROKEN, site="shop/flow.py:12")
    cut = replace(UNREADABLE, reason=NotJudged.INTERRUPTED)
    all_of_them = summary(SOUND, DRIFTED, broken, replace(broken, file="b.json"), MOVED, UNREADABLE, cut)
    replay_sarif.write(all_of_them, tmp_path / "x.sarif", project=tmp_path)
    results = results_in(tmp_path / "x.sarif")

    assert [(one["ruleId"], one["level"], place_in(one)) for one in results] == [
        ("replay/non-deterministic", "error", "shop/flow.py:12"),
        ("replay/moved-input", "error", "a.py:1"),
        ("replay/not-judged", "note", "a.json:1"),
    ]
    assert results[0]["occurrenceCount"] == 2


def test_sarif_of_a_strict_replay_has_the_drift(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which passes otherwise."""
    monkeypatch.chdir(tmp_path)
    replay_sarif.write(summary(DRIFTED, policy=ReplayPolicy(strict=True)), tmp_path / "x.sarif", project=tmp_path)

    assert [one["ruleId"] for one in results_in(tmp_path / "x.sarif")] == ["replay/drift"]
