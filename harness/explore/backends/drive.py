"""A scenario's own drive while faults are about: what it waits for may then never come."""

from __future__ import annotations

import asyncio
import traceback
from contextlib import suppress
from pathlib import Path

from temporalio.client import WorkflowFailureError

from harness.files.places import is_own
from harness.scenario import ScenarioDriver
from harness.testbed.live_run import LiveRun

LINKS = 4
"""How many errors of a chain are named."""

LET_GO_AFTER = 0.5
"""How many seconds a drive may go on once the workflow has ended; a run of a scenario gives it a second."""


class Driven:
    """Drives a run as its scenario declares, and remembers how that went.

    Args:
        drive: The scenario's.
        forgiving: Whether a drive that fails, or is left waiting, is no reason to end the run.

    Attributes:
        raised: What it raised, or that it was left waiting; "" when it did its part.
        done: Whether it came to its end.
    """

    def __init__(self, drive: ScenarioDriver, *, forgiving: bool) -> None:
        self._drive = drive
        self._forgiving = forgiving
        self.raised = ""
        self.done = False

    async def drive(self, live: LiveRun) -> None:
        """Drive a run."""
        if not self._forgiving:
            await self._drive(live)
            self.done = True
            return
        driving = asyncio.ensure_future(self._drive(live))
        ended = asyncio.ensure_future(_ended(live))
        try:
            await asyncio.wait([driving, ended], return_when=asyncio.FIRST_COMPLETED)
            if not live.seen_to:
                await asyncio.wait([driving], timeout=LET_GO_AFTER if ended.done() else None)
            else:
                await asyncio.wait([driving])
            self._take_note(driving)
        finally:
            for task in (driving, ended):
                task.cancel()
            await asyncio.gather(driving, ended, return_exceptions=True)

    def _take_note(self, driving: asyncio.Future[None]) -> None:
        if not driving.done():
            self.raised = "it was still waiting for its moment when the workflow had ended."
            return
        error = driving.exception()
        if error is None:
            self.done = True
        else:
            self.raised = in_words(error)


def in_words(error: BaseException) -> str:
    """Return what a driver raised, with what that was caused by, and the line of the driver that raised it."""
    links: list[str] = []
    seen = error
    while len(links) < LINKS:
        links.append(f"{type(seen).__name__}: {seen}" if str(seen) else type(seen).__name__)
        if seen.__cause__ is None:
            break
        seen = seen.__cause__
    own = [
        f"{Path(one.filename).name}:{one.lineno}"
        for one in traceback.extract_tb(error.__traceback__)
        if is_own(one.filename)
    ]
    where = f" ({own[-1]})" if own else ""
    return ", caused by ".join(links) + where


async def _ended(live: LiveRun) -> None:
    with suppress(WorkflowFailureError):
        await live.handle.result()
