"""What `harness add` writes into a project with nothing else runs there, with real servers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SETTINGS = '[tool.harness]\nscenarios = ["checks/trials"]\nfakes = ["checks/stands"]\n'


def harness(project: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a project."""
    command = [sys.executable, "-P", "-m", "harness", *words]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=180, check=False)


@pytest.mark.parametrize(
    ("settings", "name", "words", "runs"),
    [
        ("", "saga", (), ["saga/all_well", "saga/flight_reply_lost"]),
        (SETTINGS, "order", ("--as", "order"), ["order/all_well", "order/flight_reply_lost"]),
    ],
    ids=["in an empty folder", "under other names"],
)
def test_a_pattern_runs_where_it_was_added(
    settings: str, name: str, words: tuple[str, ...], runs: list[str], tmp_path: Path
) -> None:
    """In this process's workers; the run is of the project's own modules, and of no others."""
    if settings:
        (tmp_path / "pyproject.toml").write_text(settings, encoding="utf-8")

    added = harness(tmp_path, "add", "pattern", "saga", *words)
    ran = harness(tmp_path, "run", *runs)

    assert (added.returncode, added.stderr) == (0, "")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "2 passed" in ran.stdout
    folder = "checks/trials" if settings else "scenarios"
    broken = tmp_path / folder / name / "workflow.py"
    broken.write_text(broken.read_text(encoding="utf-8") + '\nraise LookupError("of this project")\n', encoding="utf-8")
    assert "of this project" in harness(tmp_path, "run", runs[0]).stderr


def test_a_pattern_with_worker_processes_runs_where_it_was_added(tmp_path: Path) -> None:
    """The processes find the project's modules, too."""
    harness(tmp_path, "add", "pattern", "worker_loss")
    ran = harness(tmp_path, "run", "worker_loss/killed_after_charge")

    assert ran.returncode == 0, ran.stdout + ran.stderr
