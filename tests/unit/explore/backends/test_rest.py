"""When a run has come to rest."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any, cast

from google.protobuf.json_format import ParseDict
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client, WorkflowHistory
from temporalio.service import RPCError, RPCStatusCode

from harness.explore.backends.rest import Family, children

STARTED: tuple[str, dict[str, Any]] = ("workflowExecutionStarted", {})
CLOSED: tuple[str, dict[str, Any]] = ("workflowExecutionCompleted", {})
ABANDONS = ("startChildWorkflowExecutionInitiated", {"workflowId": "child", "parentClosePolicy": 2})
CHILD_STARTED: tuple[str, dict[str, Any]] = ("childWorkflowExecutionStarted", {"initiatedEventId": 2})
WORKS = ("activityTaskScheduled", {"activityId": "mail"})

WITHIN = 2.0
BRIEFLY = 0.2


class _Server:
    """Answers with histories; of several of one workflow, with the next each time, and the last from then on.

    A later run of a workflow is one of the id "workflow/run".
    """

    def __init__(self, **histories: list[Any]) -> None:
        self._histories: dict[str, Iterator[Any]] = {one: iter(several) for one, several in histories.items()}
        self._last: dict[str, Any] = {}

    def get_workflow_handle(self, workflow_id: str, *, run_id: str | None = None) -> _Handle:
        """A handle."""
        return _Handle(self, workflow_id, run_id)

    def history(self, workflow_id: str, run_id: str | None) -> WorkflowHistory:
        """The next one."""
        key = f"{workflow_id}_{run_id}" if run_id else workflow_id
        self._last[key] = next(self._histories.get(key, iter([])), self._last.get(key))
        if self._last[key] is None:
            raise RPCError("no such workflow", RPCStatusCode.NOT_FOUND, b"")
        events = [
            ParseDict({"eventId": number, f"{name}EventAttributes": attributes}, HistoryEvent())
            for number, (name, attributes) in enumerate(self._last[key], 1)
        ]
        return WorkflowHistory(workflow_id, events)


class _Handle:
    def __init__(self, server: _Server, workflow_id: str, run_id: str | None) -> None:
        self._server = server
        self._id = workflow_id, run_id

    async def fetch_history(self) -> WorkflowHistory:
        await asyncio.sleep(0)
        return self._server.history(*self._id)

    async def result(self) -> None:
        await asyncio.Event().wait()


def family(**histories: list[Any]) -> Family:
    """The workflows that a root has started."""
    return Family(cast("Client", _Server(**histories)), ["root"])


async def test_an_abandoned_child_is_waited_for() -> None:
    """Its parent has closed long before."""
    root = [[STARTED, ABANDONS, CHILD_STARTED, CLOSED]]
    going_on, ended = [STARTED, WORKS], [STARTED, WORKS, CLOSED]
    found = family(root=root, child=[going_on, going_on, ended])

    assert await found.at_rest(WITHIN) == ""
    assert [one.workflow_id for one in children(await found.look(), ["root"])] == ["child"]


async def test_a_child_that_does_not_end_is_named_with_what_it_waits_for() -> None:
    """After the time that it has."""
    found = family(root=[[STARTED, ABANDONS, CHILD_STARTED, CLOSED]], child=[[STARTED, WORKS]])

    assert await found.at_rest(BRIEFLY) == "child workflow child was waiting for activity mail"


async def test_a_child_that_waits_for_a_signal_rests() -> None:
    """Nobody will send it one."""
    found = family(root=[[STARTED, ABANDONS, CHILD_STARTED, CLOSED]], child=[[STARTED]])

    assert await found.at_rest(WITHIN) == ""


async def test_a_child_whose_parent_closed_first_never_starts() -> None:
    """The server does not start it; it may just be starting it, so it is looked for again."""
    asked = [[STARTED, ABANDONS, CLOSED]]

    assert await family(root=asked).at_rest(WITHIN) == ""
    late = family(root=asked, child=[None, [STARTED, WORKS], [STARTED, WORKS, CLOSED]])
    assert await late.at_rest(WITHIN) == ""
    assert [len(one.events) for one in children(await late.look(), ["root"])] == [3]


async def test_a_child_of_an_earlier_run_counts_too() -> None:
    """The root has continued as new since."""
    last = [("workflowExecutionStarted", {"continuedExecutionRunId": "first"}), CLOSED]
    first = [STARTED, ABANDONS, CHILD_STARTED, ("workflowExecutionContinuedAsNew", {"newExecutionRunId": "last"})]
    found = family(root=[last], root_first=[first], child=[[STARTED, WORKS]])

    assert await found.at_rest(BRIEFLY) == "child workflow child was waiting for activity mail"
