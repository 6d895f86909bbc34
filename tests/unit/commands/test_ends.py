"""Whatever ends a command, its exit code is the right one, and is explained."""

from __future__ import annotations

import errno
import os

import click
import pytest

from harness import cli
from harness.errors import EnvironmentUnavailable, UsageError

DISK_FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "runs/x")
MANY_FILES = OSError(errno.EMFILE, os.strerror(errno.EMFILE))


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (DISK_FULL, 3, "harness: runs/x: No space left on device. Free some space, or write to another disk."),
        (MANY_FILES, 3, "harness: the system refuses: Too many open files."),
        (UsageError("Wrong."), 2, "harness: Wrong."),
        (ExceptionGroup("", [DISK_FULL, UsageError("Wrong.")]), 3, "harness: runs/x: No space left on device."),
        (ExceptionGroup("", [EnvironmentUnavailable("Gone.")]), 3, "harness: Gone."),
        (
            ExceptionGroup("", [UsageError("Wrong."), LookupError("a bug")]),
            4,
            "LookupError: a bug",
        ),
        (
            LookupError("a bug"),
            4,
            "LookupError: a bug\nharness: this is an error in the harness",
        ),
        (TimeoutError("late"), 4, "TimeoutError: late\nharness: this is an error in the harness"),
        (BaseException("a panic"), 4, "BaseException: a panic\nharness: this is an error in the harness"),
        (click.exceptions.Abort(), 4, ""),
        (SystemExit("text"), 4, ""),
        (SystemExit(1), 1, ""),
    ],
    ids=repr,
)
def test_what_ends_a_command(
    error: BaseException, code: int, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An error in the harness is shown with its traceback, and never as a failure of the application."""

    def end(**_: object) -> None:
        raise error

    monkeypatch.setattr(cli.cli, "main", end)

    assert cli.main(["list"]) == code
    printed = capsys.readouterr().err
    assert told in printed
    assert ("Traceback" in printed) is ("this is an error in the harness" in printed)
