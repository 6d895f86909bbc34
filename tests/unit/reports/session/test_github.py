"""What GitHub Actions is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from harness.gate.decision import decide
from harness.reports.session.github import GithubReport
from harness.settings import Policy
from tests.unit.builders import finding, result, session

RED = session(result(finding("100 % wrong:\n::warning::no"), name="saga/b"), not_run=("saga/c",))
DECIDED = decide(RED, policy=Policy(), today=date(2026, 11, 22))


def test_a_reason_stands_at_the_scenario(tmp_path: Path) -> None:
    """At the file's line where it is known; a text from elsewhere begins no command of its own."""
    said: list[str] = []
    GithubReport(summary=None, places={"saga/b": (Path("scenarios/saga/b.py"), 7)}, say=said.append).notify(DECIDED)

    assert said == [
        ("::error title=not run saga/c::not run: saga/c: the session was interrupted before this run started."),
        (
            "::error file=scenarios/saga/b.py,line=7,title=new saga/b::"
            "new: saga/b: no_orphans: 100 %25 wrong:%0A::warning::no"
        ),
    ]


def test_the_summary_is_added_to_what_is_there(tmp_path: Path) -> None:
    """The file is shared with the job's other steps. Nothing is said before the gate has decided."""
    file = tmp_path / "summary.md"
    file.write_text("before\n", encoding="utf-8")
    report = GithubReport(summary=file, places={}, say=lambda _: None)
    report.notify(RED)
    assert file.read_text(encoding="utf-8") == "before\n"
    report.notify(DECIDED)

    assert file.read_text(encoding="utf-8").startswith("before\n## Gate: do not merge: 2 reasons")
