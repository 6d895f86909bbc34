"""Notices workflow code that does not yield, or does not let itself be evicted: the SDK then waits without end."""

from __future__ import annotations

import asyncio
import logging
import sysconfig
import traceback
from collections.abc import Sequence
from pathlib import Path

import temporalio

from harness.library_internals.stuck_workflow_log import LOGGER, StuckKind, stuck_kind

YIELDS_WITHIN = 2.0
"""How many seconds code may still take to come back after the SDK has reported that it does not."""


NOT_APPLICATION = (
    Path(sysconfig.get_paths()["stdlib"]),
    Path(temporalio.__file__).parent,
    Path(__file__).parents[1],
)
"""Folders of code that is not the application's: the standard library's, the SDK's and the harness's."""


def innermost(error: BaseException) -> str:
    """Return the innermost line of the application's code in a traceback, "" if there is none."""
    lines = [
        f"{one.filename}:{one.lineno} in {one.name}"
        for one in traceback.extract_tb(error.__traceback__)
        if is_application(one.filename)
    ]
    return lines[-1] if lines else ""


def is_application(file: str, folders: Sequence[Path] = NOT_APPLICATION) -> bool:
    """Whether a source file is neither the standard library's, nor the SDK's, nor the harness's.

    Args:
        file: The file.
        folders: Those of the interpreter that runs it, as in `NOT_APPLICATION`.
    """
    path = Path(file)
    inside = [one for one in folders if one in path.parents]
    installed = "site-packages" in path.parts and inside == [folders[0]]
    return not file.startswith("<") and (installed or not inside)


class Stuck(Exception):  # noqa: N818 - a state of a replay
    """A replay that does not end; its process has to be killed."""


class StuckWatch(logging.Handler):
    """Takes what the SDK logs of a workflow that is stuck, which is the only way in which it reports that."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self._reported: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._loop = asyncio.get_running_loop()
        LOGGER.addHandler(self)

    @property
    def words(self) -> str:
        """What was reported, "" for nothing."""
        return self._reported.result() if self._reported.done() else ""

    def reset(self) -> None:
        """Forget what was reported, before another replay."""
        if self._reported.done():
            self._reported = self._loop.create_future()

    async def wait(self) -> None:
        """Wait until the SDK reports that a workflow is stuck."""
        await asyncio.shield(self._reported)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep what it says, in a sentence for the reader of a judgement."""
        words = _sentence(record)
        if words:
            self._loop.call_soon_threadsafe(self._report, words)

    def _report(self, words: str) -> None:
        if not self._reported.done():
            self._reported.set_result(words)

    def close(self) -> None:
        """Take nothing more."""
        LOGGER.removeHandler(self)
        super().close()


def _sentence(record: logging.LogRecord) -> str:
    kind = stuck_kind(record)
    if kind is StuckKind.CANNOT_BE_EVICTED:
        return (
            "the workflow does not end when the worker evicts it from its cache: it catches BaseException or "
            "asyncio.CancelledError and goes on. Catch Exception, or raise again what was caught."
        )
    if kind is StuckKind.DOES_NOT_YIELD:
        error = record.exc_info[1] if record.exc_info else None
        site = innermost(error) if error else ""
        return f"the workflow did not yield within 2 s: it blocks or loops{f' ({site})' if site else ''}."
    return ""
