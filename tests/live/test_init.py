"""`harness init` in applications of strangers: without an edit there is a first verdict, and what it says is true."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.live.apps import strangers

WITHIN = 240
"""Seconds."""


def harness(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a project."""
    command = [sys.executable, "-P", "-m", "harness", *arguments]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=WITHIN, check=False)


def verdicts(printed: str) -> dict[str, str]:
    """The verdict of each scenario that a session printed."""
    found = re.findall(r"^(PASSED|FAILED|INCONCLUSIVE) +(\w+/\w+)", printed, re.MULTILINE)
    return {name: verdict for verdict, name in found}


TWICE = "at_most_once: {} took effect twice for one request, expected once."

# Two of them send no idempotency key with what must not happen twice: the finding is real.
FIRST: Mapping[str, tuple[Mapping[str, str], int, Mapping[str, str], str]] = {
    "orders": (
        strangers.ORDERS,
        1,
        {"order/all_well": "PASSED", "order/charge_card_reply_lost_once": "FAILED"},
        TWICE.format("payments.charge_card"),
    ),
    "vault": (
        strangers.VAULT,
        0,
        {"store_document/all_well": "PASSED", "store_document/put_reply_lost_once": "PASSED"},
        "2 passed, 0 inconclusive, 0 failed",
    ),
    "reports": (
        strangers.REPORTS,
        1,
        {"daily_report/all_well": "PASSED", "daily_report/send_report_reply_lost_once": "FAILED"},
        TWICE.format("mail.send_report"),
    ),
    "alone": (strangers.ALONE, 0, {"greet/all_well": "PASSED"}, "1 passed, 0 inconclusive, 0 failed"),
}


@pytest.mark.parametrize(("files", "code", "expected", "says"), FIRST.values(), ids=FIRST)
def test_the_first_verdict_needs_no_edit(
    tmp_path: Path, files: Mapping[str, str], code: int, expected: Mapping[str, str], says: str
) -> None:
    """One command: it finds, writes, runs, and names the next three; a second time, nothing is new."""
    strangers.write(tmp_path, files)
    first = harness(tmp_path, "init")
    again = harness(tmp_path, "init")

    assert (first.returncode, verdicts(first.stdout)) == (code, expected), first.stdout + first.stderr
    assert says in first.stdout
    following = first.stdout.partition("\nNext:\n")[2].splitlines()
    assert [one.split()[:2] for one in following] == [["harness", one] for one in ("explain", "explore", "gate")]
    assert again.returncode == 0
    assert "Nothing is new" in again.stdout


@pytest.mark.parametrize(
    ("files", "target", "schedule", "code"),
    [
        (strangers.ORDERS, "explore/order.py", "charge_card#1:lost", 1),
        (strangers.VAULT, "explore/store_document.py", "store-document#1:lost", 0),
        (strangers.REPORTS, "explore/daily_report.py", "send_report#1:error", 0),
    ],
    ids=["orders", "vault", "reports"],
)
def test_the_target_is_explored(
    tmp_path: Path, files: Mapping[str, str], target: str, schedule: str, code: int
) -> None:
    """Its activities reach the fakes, whose addresses it sets before it imports the application."""
    strangers.write(tmp_path, files)
    written = harness(tmp_path, "init", "--no-run")
    explored = harness(tmp_path, "explore", target, "--only", schedule)

    assert written.returncode == 0, written.stderr
    assert explored.returncode == code, explored.stdout + explored.stderr


def test_a_project_that_does_not_import(tmp_path: Path) -> None:
    """Is read and written like any other; then a sentence says what is missing."""
    strangers.write(tmp_path, strangers.ALONE)
    flow = tmp_path / "app" / "flow.py"
    flow.write_text(f"import no_such_package\n{flow.read_text(encoding='utf-8')}", encoding="utf-8")
    done = harness(tmp_path, "init")

    assert done.returncode == 2
    assert "wrote: scenarios/greet/all_well.py" in done.stdout
    assert re.search(r"ModuleNotFoundError: No module named 'no_such_package' \(.*app/flow\.py:1\)", done.stderr)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("files", "code", "says"),
    [
        ({}, 2, "no workflow found"),
        (
            {f"apps/{one}/{name}": text for one in "abc" for name, text in strangers.REPORTS.items()},
            2,
            "3 applications",
        ),
        ({**strangers.ALONE, "scenarios": ""}, 3, "cannot be written"),
    ],
    ids=["an empty folder", "three applications", "a file in the way"],
)
def test_a_folder_without_an_application_or_that_cannot_be_written(
    tmp_path: Path, files: Mapping[str, str], code: int, says: str
) -> None:
    """A sentence and the exit code, and nothing is written."""
    strangers.write(tmp_path, files)
    done = harness(tmp_path, "init")

    assert (done.returncode, says in done.stderr) == (code, True), done.stderr
    assert not (tmp_path / "pyproject.toml").exists()


def test_a_part_of_a_project_is_sent_to_its_root(tmp_path: Path) -> None:
    """With settings, or with a pyproject.toml alone."""
    strangers.write(tmp_path, {**strangers.ORDERS, ".git/HEAD": ""})
    without = harness(tmp_path / "orders", "init")
    harness(tmp_path, "init", "--no-run")
    with_settings = harness(tmp_path / "orders", "init")

    assert (without.returncode, with_settings.returncode) == (2, 2)
    assert f"is a part of the project {tmp_path}: run `harness init` there." in without.stderr
    assert f"is a part of the project {tmp_path}, which has settings" in with_settings.stderr


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    """It prints every file that would be written."""
    strangers.write(tmp_path, strangers.REPORTS)
    done = harness(tmp_path, "init", "--dry-run", "--ci", "gitlab")

    assert done.returncode == 0
    for path in ("pyproject.toml", "fakes/mail.py", "scenarios/daily_report/all_well.py", ".gitlab-ci.yml"):
        assert f"would write: {path}" in done.stdout
    assert "    class Mail(FakeService):" in done.stdout
    assert not (tmp_path / "fakes").exists()
