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
