"""An error quotes the end of a log, or says that there is nothing to quote."""

from __future__ import annotations

from pathlib import Path

from harness.files.log_tail import log_tail


def test_the_end_of_a_log_is_quoted(tmp_path: Path) -> None:
    """No more than fits an error."""
    log = tmp_path / "worker.log"
    log.write_text("x" * 1000 + "\nValueError: no such currency\n")

    quoted = log_tail(log)

    assert quoted.startswith("Its log ends with: …xxx")
    assert quoted.endswith("ValueError: no such currency")
    assert len(quoted) < 600


def test_an_empty_log_is_said_to_be_empty(tmp_path: Path) -> None:
    """So is one that was never written."""
    empty, missing = tmp_path / "empty.log", tmp_path / "missing.log"
    empty.write_text(" \n")

    assert [log_tail(empty), log_tail(missing)] == [f"Its log is empty: {empty}", f"Its log is empty: {missing}"]


def test_the_exception_behind_the_last_one_is_quoted_too(tmp_path: Path) -> None:
    """A long traceback ends with the effect; its cause stands further up."""
    log = tmp_path / "worker.log"
    log.write_text(
        "Traceback (most recent call last):\n  File ...\nKeyError: 'REGION'\n\n"
        "The above exception was the direct cause of the following exception:\n\n"
        "Traceback (most recent call last):\n"
        + '  File "worker.py", line 3\n' * 40
        + "RuntimeError: it does not start\n"
    )

    assert log_tail(log).endswith("RuntimeError: it does not start\ncaused by KeyError: 'REGION'")


def test_a_cause_that_is_quoted_anyway_is_not_repeated(tmp_path: Path) -> None:
    """A short traceback is quoted as a whole."""
    log = tmp_path / "worker.log"
    log.write_text("KeyError: 'A'\n\nThe above exception was the direct cause of the following:\n\nValueError: b\n")

    assert log_tail(log).count("KeyError") == 1
