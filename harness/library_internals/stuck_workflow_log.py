"""How the SDK reports a workflow that is stuck: only in its log.

`temporalio.worker._workflow` logs an error when workflow code does not yield ("[TMPRL1101] Potential deadlock
detected"), with the stack of that code, and when a workflow cannot be evicted from the cache ("… eviction job …").
After either of them a replay may wait without end.
"""

from __future__ import annotations

import logging
from enum import Enum, auto

LOGGER = logging.getLogger("temporalio.worker._workflow")
"""The logger of a worker's workflow tasks."""


class StuckKind(Enum):
    """How a workflow is stuck."""

    DOES_NOT_YIELD = auto()
    CANNOT_BE_EVICTED = auto()


def stuck_kind(record: logging.LogRecord) -> StuckKind | None:
    """Return how the workflow of a log record is stuck, None if the record is about something else."""
    if "eviction job" in record.getMessage():
        return StuckKind.CANNOT_BE_EVICTED
    error = record.exc_info[1] if record.exc_info else None
    return StuckKind.DOES_NOT_YIELD if error is not None and is_deadlock(str(error)) else None


def is_deadlock(text: str) -> bool:
    """Whether the text of an error or of a failed replay says that the workflow did not yield."""
    return "TMPRL1101" in text
