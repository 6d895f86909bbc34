"""What is printed of a hostile project: its names, texts and errors act neither on a terminal nor on GitHub."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from harness import cli, pytest_replay
from harness.commands import explain
from harness.commands import list as list_command
from harness.errors import UsageError
from harness.replay.verdicts.judgement import Judgement, ReplayOutcome
from harness.reports.session.github import GithubReport
from harness.results import GateDecided, Kind, Reason
from tests.unit.builders import finding, result, session

HOSTILE = "x\x1b[31m\x07\x00 ##[error]y\n::set-output name=a::b\n  ::add-mask::c"

SCENARIO = '''"""A door. {text}"""

from harness import Application, Outcome, Scenario
from temporalio import workflow


@workflow.defn
class Hello:
    """Says hello."""

    @workflow.run
    async def run(self, text: str) -> None:
        """Say it."""


scenario = Scenario(
    application=Application(workflows=[Hello], activities=lambda: []),
    workflow=Hello.run,
    given={given!r},
    expects=[Outcome(result={given!r})],
)
'''


@pytest.fixture
def _project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "hostile_trials" / "doors"
    folder.mkdir(parents=True)
    (tmp_path / "harness.toml").write_text('scenarios = ["hostile_trials"]\n', encoding="utf-8")
    for one in (folder.parent, folder):
        (one / "__init__.py").write_text("", encoding="utf-8")
    text = HOSTILE.encode("unicode_escape").decode()
    (folder / "opened.py").write_text(SCENARIO.format(text=text, given=HOSTILE), encoding="utf-8")
    (folder / "broken.py").write_text(f"raise ValueError({HOSTILE!r})\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)


def _is_harmless(printed: str) -> bool:
    return (
        not set(printed) & set("\x1b\x07\x00\r")
        and "##[" not in printed
        and not any(line.lstrip().startswith("::") for line in printed.splitlines())
    )


@pytest.mark.usefixtures("_project")
@pytest.mark.parametrize(
    ("command", "arguments"),
    [(list_command.command, []), (list_command.command, ["--json"]), (explain.command, ["doors/opened"])],
    ids=["list", "list --json", "explain"],
)
def test_commands_print_nothing_that_acts(command: object, arguments: list[str]) -> None:
    """Docstrings, arguments and the errors of broken files are the project's words."""
    ran = CliRunner().invoke(command, arguments)  # type: ignore[arg-type]  # a click command
    printed = ran.output

    assert "doors" in printed, ran.exception
    assert _is_harmless(printed)


def test_errors_print_nothing_that_acts(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither ours nor those of the command line."""

    def fail(**_: object) -> None:
        raise UsageError(HOSTILE)

    monkeypatch.setattr(cli.cli, "main", fail)
    assert cli.main([]) == 2
    monkeypatch.undo()
    assert cli.main(["list", f"--{HOSTILE}"]) == 2

    assert _is_harmless(capsys.readouterr().err)


def test_replays_of_tests_print_nothing_that_acts() -> None:
    """What the SDK says of a run quotes the application."""
    judged = Judgement(
        file="x",
        workflow_id=HOSTILE,
        outcome=ReplayOutcome.NON_DETERMINISTIC,
        event=7,
        message=HOSTILE,
        notes=(HOSTILE,),
    )
    text = pytest_replay._report(judged)

    assert "set-output name=a" in text
    assert _is_harmless(text)


def test_commands_for_github_are_ours_alone(tmp_path: Path) -> None:
    """One on each line, and a summary in which no control character is left."""
    said: list[str] = []
    summary = tmp_path / "summary.md"
    failed = result(finding(HOSTILE, detail=HOSTILE))
    reasons = (Reason(kind=Kind.NEW, name="saga/made_up", finding="no_orphans", what=HOSTILE),)
    decided = GateDecided(ended=session(failed), reasons=reasons, notes=reasons, triage={})
    GithubReport(summary=summary, places={"saga/made_up": (Path("a.py"), 1)}, say=said.append).notify(decided)

    assert len(said) == 1
    assert said[0].startswith("::error file=a.py,line=1,title=")
    assert "\n" not in said[0]
    assert not set(said[0]) & set("\x1b\x07\x00\r")
    assert _is_harmless(summary.read_text(encoding="utf-8"))
