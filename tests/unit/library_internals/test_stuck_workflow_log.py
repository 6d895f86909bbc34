"""If the SDK logs stuck workflows in other words, a replay of one ends at its deadline, and the reason is not given."""

from __future__ import annotations

import inspect
import logging
import sys

import pytest
from temporalio.worker import _workflow

from harness.library_internals.stuck_workflow_log import LOGGER, StuckKind, stuck_kind


def record(message: str, error: Exception | None = None) -> logging.LogRecord:
    """What the SDK logs."""
    info = (type(error), error, None) if error is not None else sys.exc_info()
    return logging.LogRecord("x", logging.ERROR, "x.py", 1, message, (), info)


def test_the_sdk_logs_there_and_in_these_words() -> None:
    """By its source: a workflow that is stuck takes seconds (tests/live/replay/test_odd_code.py has one of each)."""
    source = inspect.getsource(_workflow)

    assert _workflow.logger is LOGGER
    assert "Timed out running eviction job" in source
    assert "Failed running eviction job" in source
    assert "[TMPRL1101]" in source


@pytest.mark.parametrize(
    ("found", "kind"),
    [
        (record("Timed out running eviction job for run ID x"), StuckKind.CANNOT_BE_EVICTED),
        (record("Failed", RuntimeError("[TMPRL1101] Potential deadlock detected")), StuckKind.DOES_NOT_YIELD),
        (record("Failed", RuntimeError("another")), None),
    ],
    ids=["eviction", "deadlock", "another"],
)
def test_what_is_logged_is_recognized(found: logging.LogRecord, kind: StuckKind | None) -> None:
    """And nothing else is taken for it."""
    assert stuck_kind(found) is kind
