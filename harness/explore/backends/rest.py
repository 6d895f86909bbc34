"""When a run has come to rest: whatever its workflows have started has ended, abandoned children included."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from temporalio.client import Client, WorkflowFailureError, WorkflowHistory
from temporalio.service import RPCError, RPCStatusCode

from harness.temporal.outstanding import Outstanding

LOOK_AGAIN = 0.05
"""After how many seconds it is looked again at workflows that go on, if none of them has ended by then."""


@dataclass(frozen=True)
class FamilyMember:
    """One workflow, as it was found.

    Attributes:
        workflow_id: Which.
        runs: The histories of its runs, the first one first; none when it has not started.
        last: What the last of them has before it.
        will_start: Whether it starts if it has not.
    """

    workflow_id: str
    runs: tuple[WorkflowHistory, ...]
    last: Outstanding
    will_start: bool

    @property
    def rests(self) -> bool:
        """Whether it does nothing by itself any more."""
        return self.last.rests and not self.last.next_run if self.runs else not self.will_start

    @property
    def state(self) -> tuple[str, int, int]:
        """Something else whenever it has gone on."""
        return self.workflow_id, len(self.runs), len(self.runs[-1].events) if self.runs else 0

    def __str__(self) -> str:
        return f"child workflow {self.workflow_id} was waiting for {self.last if self.runs else 'its own start'}"


class Family:
    """The workflows of a run: those that it was started with, and all that these have started.

    Args:
        client: Of the server they run on.
        roots: The ids of those that it was started with.
    """

    def __init__(self, client: Client, roots: Sequence[str]) -> None:
        self._client = client
        self._roots = list(roots)
        self._closed: dict[str, WorkflowHistory] = {}

    async def look(self) -> list[FamilyMember]:
        """Return all there are: the roots first, each child after what has started it."""
        found: dict[str, FamilyMember] = {}
        waiting = [(one, True) for one in self._roots]
        while waiting:
            workflow_id, will_start = waiting.pop(0)
            if workflow_id in found:
                continue
            runs = await self._runs(workflow_id)
            seen = [*map(_outstanding, runs)]
            last = seen[-1] if seen else Outstanding()
            found[workflow_id] = FamilyMember(workflow_id, tuple(runs), last, will_start)
            # The server starts no child whose parent has closed before, not even one that is abandoned.
            waiting += [(child, not one.closed) for one in seen for child in one.children]
        return [*found.values()]

    async def at_rest(self, within: float) -> str:
        """Wait until all of them rest; return what does not after so many seconds, "" when all do.

        One that waits for a signal rests: if nobody sends one by himself, none comes.
        """
        busy, before = list[FamilyMember](), set[tuple[str, int, int]]()
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                while True:
                    found = await self.look()
                    busy, now = [one for one in found if not one.rests], {one.state for one in found}
                    closed = all(one.last.closed for one in found)
                    # What was looked at first may have gone on since, if another one has signalled it, and the server
                    # may just be starting a child.
                    if not busy and (closed or now == before):
                        return ""
                    before = now
                    await self._one_ends(busy)
        return "; ".join(map(str, busy)) or "a server that does not answer"

    async def _one_ends(self, busy: Sequence[FamilyMember]) -> None:
        ends = [asyncio.create_task(self._ends(one.workflow_id)) for one in busy if one.runs]
        ends += [asyncio.create_task(asyncio.sleep(LOOK_AGAIN))]
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in ends:
                one.cancel()
            await asyncio.gather(*ends, return_exceptions=True)

    async def _ends(self, workflow_id: str) -> None:
        with suppress(WorkflowFailureError):
            await self._client.get_workflow_handle(workflow_id).result()

    async def _runs(self, workflow_id: str) -> list[WorkflowHistory]:
        """Return the histories of all runs of a workflow, the first one first."""
        found: list[WorkflowHistory] = []
        run_id: str | None = None
        while run_id != "":
            history = self._closed.get(run_id or "")
            if history is None:
                try:
                    history = await self._client.get_workflow_handle(workflow_id, run_id=run_id).fetch_history()
                except RPCError as error:
                    if error.status is not RPCStatusCode.NOT_FOUND:
                        raise
                    break
                if run_id is not None:
                    # Not the last, so that it has closed.
                    self._closed[run_id] = history
            found.insert(0, history)
            run_id = history.events[0].workflow_execution_started_event_attributes.continued_execution_run_id
        return found


def children(found: Sequence[FamilyMember], roots: Sequence[str]) -> Iterator[WorkflowHistory]:
    """Yield the histories of all workflows but the roots."""
    for one in found:
        if one.workflow_id not in roots:
            yield from one.runs


def _outstanding(history: WorkflowHistory) -> Outstanding:
    seen = Outstanding()
    for event in history.events:
        seen.see(event)
    return seen
