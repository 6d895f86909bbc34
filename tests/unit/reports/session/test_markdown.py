"""The session as Markdown."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from harness.gate.decision import decide
from harness.reports.session.markdown import MarkdownReport, summary
from harness.results import SessionStarted, Triage
from harness.settings import Policy
from tests.unit.builders import finding, result, session

RED = session(result(name="saga/a"), result(finding("A booking stands."), name="saga/b"), skipped={"stock/c": "none"})


def test_patterns_are_counted() -> None:
    """One row each, with what was not run."""
    text = summary(RED)

    assert "| saga | 1 |  | 1 |  |" in text
    assert "| stock |  |  |  | 1 |" in text
    assert text.startswith("## FAILED\n")


def test_a_red_run_hands_over_what_is_needed() -> None:
    """What was found, how to repeat it, where it is kept."""
    text = summary(RED)

    assert "### FAILED no_orphans: A booking stands." in text
    assert "- no_orphans: A booking stands. In `saga/b`." in text
    assert "Repeat `saga/b` with `harness run saga/b --seed 7`; its run folder is `runs/saga/b`." in text


def test_one_cause_is_one_block() -> None:
    """With every scenario that has it, and the detail of one of them as it is."""
    one, two = (result(finding("it broke.", detail="<seen> here"), name=name) for name in ("saga/b", "saga/c"))
    text = summary(session(one, two))

    assert text.count("### ") == 1
    assert "2 scenarios, probably one cause." in text
    assert "- no_orphans: it broke. In `saga/b`, `saga/c`." in text
    assert "```text\n<seen> here\n```" in text


def test_the_decision_comes_first() -> None:
    """With each reason, and what further runs told."""
    triage = {"saga/b": Triage.ALWAYS}
    text = summary(decide(RED, policy=Policy(), today=date(2026, 11, 22), triage=triage))

    assert text.startswith("## Gate: do not merge: 1 reason\n")
    assert "- **new** `saga/b` no_orphans: A booking stands. _(fails every time)_" in text
    assert "<summary>1 note</summary>" in text


def test_text_from_elsewhere_is_text() -> None:
    """No tag, no table, no code, no heading comes out of a payload; and no more of it than fits."""
    text = summary(session(result(finding("<img src=x> | `x`\n# Y" + "z" * 1000), name="saga/b")))

    assert "&lt;img src=x&gt; &#124; &#96;x&#96; # Yzz" in text
    assert "z" * 301 not in text


def test_the_file_is_written_at_the_end(tmp_path: Path) -> None:
    """When the session has ended, and again when a gate has decided."""
    report = MarkdownReport(tmp_path / "deep" / "summary.md")
    report.notify(RED.started)
    assert isinstance(RED.started, SessionStarted)
    assert not (tmp_path / "deep").exists()

    report.notify(RED)
    first = (tmp_path / "deep" / "summary.md").read_text(encoding="utf-8")
    report.notify(decide(RED, policy=Policy(), today=date(2026, 11, 22)))

    assert first.startswith("## FAILED")
    assert (tmp_path / "deep" / "summary.md").read_text(encoding="utf-8").startswith("## Gate")
