"""The tutorial can be done as it is written: red, then green, then proving nothing."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

TUTORIAL = (Path(__file__).parents[2] / "docs" / "tutorial" / "first-scenario.md").read_text(encoding="utf-8")
_CHANGES = "".join(re.findall(r"^```diff\n(.*?)^```", TUTORIAL, re.MULTILINE | re.DOTALL))
REMOVED = re.findall(r"^-(.*\n)", _CHANGES, re.MULTILINE)
ADDED = re.findall(r"^\+(.*\n)", _CHANGES, re.MULTILINE)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The project as the tutorial has its reader build it."""
    for name, text in re.findall(r"^`([\w/.]+)`:\n\n```\w+\n(.*?)^```", TUTORIAL, re.MULTILINE | re.DOTALL):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    for name in re.findall(r"\S+/__init__\.py", TUTORIAL):
        (tmp_path / name).touch()
    return tmp_path


def replace(file: Path, *changes: tuple[str, str]) -> None:
    """Change a file of the project as its reader does."""
    text = file.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")


def harness(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in the project."""
    command = [sys.executable, "-P", "-m", "harness", *arguments]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=120, check=False)


def test_tutorial(project: Path) -> None:
    """Its commands end as it says, with the lines that it shows."""
    scenario = project / "scenarios" / "order" / "charge_reply_lost_once.py"
    run = ("run", "order/charge_reply_lost_once", "--no-watch")
    listed = harness(project, "list")
    red = harness(project, *run)
    replace(project / "shop" / "activities.py", (REMOVED[0], ""), (REMOVED[1], ADDED[0]))
    green = harness(project, *run)
    replace(scenario, ("FirstCalls(n=1)", "FromCall(n=5)"), ("count=2", "count=1"), ("FirstCalls", "FromCall"))
    vacuous = harness(project, *run)

    assert (listed.returncode, listed.stderr) == (0, "")
    assert "order/charge_reply_lost_once  The card is charged" in listed.stdout
    assert red.returncode == 1
    assert "at_most_once: bank.charge took effect twice for one request, expected once." in red.stdout
    assert green.returncode == 0
    assert "1 passed, 0 inconclusive, 0 failed" in green.stdout
    assert vacuous.returncode == 4
    assert "the fault lost_reply@bank.charge never fired; declared: at least 1." in vacuous.stdout
