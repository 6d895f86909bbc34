"""Watches a workflow to its end, as a server would tell of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast

import pytest
from google.protobuf.json_format import ParseDict
from temporalio.api.history.v1 import HistoryEvent as RecordedEvent
from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionResponse
from temporalio.client import Client
from temporalio.converter import DataConverter
from temporalio.service import RPCError, RPCStatusCode

from harness.errors import EnvironmentUnavailable
from harness.events import WorkflowTaskStuck
from harness.evidence.history import HistoryEvent
from harness.temporal import watch as module
from harness.temporal.collect import LOST_AFTER, Watched, end_open, see_to_the_end, waiting_for
from harness.temporal.history_feed import HistoryFeed
from harness.temporal.watch import HARMLESS, StuckError, Tolerates, tolerates_nothing, watch
from tests.unit.builders import START, recorded

LOST = RPCError("the connection broke", RPCStatusCode.UNAVAILABLE, b"")
STARTED, SCHEDULED, BEGUN = (
    recorded("WORKFLOW_EXECUTION_STARTED"),
    recorded("WORKFLOW_TASK_SCHEDULED"),
    recorded("WORKFLOW_TASK_STARTED"),
)
DONE = recorded("WORKFLOW_EXECUTION_COMPLETED")


def event(number: int, data: dict[str, Any]) -> RecordedEvent:
    """An event as the server sends it."""
    return ParseDict({"eventId": number, "eventTime": START.isoformat(), **data}, RecordedEvent())


def numbered(*events: dict[str, Any]) -> list[RecordedEvent]:
    """Events one after the other."""
    return [event(number, data) for number, data in enumerate(events, start=1)]


@dataclass
class Described:
    """What the server says of a workflow that is open."""

    raw_description: DescribeWorkflowExecutionResponse


@dataclass
class Told:
    """Stands in for a client and its handles: what the server tells of each run, one list for each time it is asked.

    An exception in a list is raised at its place.
    """

    runs: dict[str, list[list[RecordedEvent | Exception]]]
    description: DescribeWorkflowExecutionResponse = field(default_factory=DescribeWorkflowExecutionResponse)
    refusal: Exception | None = None
    run_id: str = ""
    unreachable: Exception | None = None
    asked: list[str] = field(default_factory=list)
    namespace: str = "default"
    data_converter: DataConverter = DataConverter.default

    @property
    def workflow_service(self) -> Told:
        """The service behind the client."""
        return self

    async def describe_workflow_execution(self, _request: object, **_how: object) -> DescribeWorkflowExecutionResponse:
        """Describe, or be away."""
        self.asked.append("describe")
        return (await self.describe()).raw_description

    def get_workflow_handle(self, workflow_id: str, *, run_id: str = "") -> Told:
        """The handle of a run."""
        return Told(self.runs, self.description, self.refusal, run_id, self.unreachable, self.asked)

    async def fetch_history_events(self, *, wait_new_event: bool) -> AsyncIterator[RecordedEvent]:
        """Tell, and wait for ever after what is not the end."""
        for one in self.runs[self.run_id].pop(0):
            if isinstance(one, Exception):
                raise one
            yield one
            await asyncio.sleep(0)

    async def describe(self) -> Described:
        """Describe, or be away."""
        if self.unreachable:
            raise self.unreachable
        return Described(self.description)

    async def terminate(self, reason: str) -> None:
        """Refuse, or not."""
        self.asked.append("terminate")
        if self.refusal:
            raise self.refusal


async def watched(
    told: Told, *, patient: bool = False, steady: bool = False, tolerates: Tolerates = tolerates_nothing
) -> tuple[Watched, list[str]]:
    """Watch a workflow from its run "r1" on; returns what was recorded, and what was published."""
    feed, published = HistoryFeed(), list[str]()

    async def hear(one: HistoryEvent) -> None:
        published.append(f"{one.id} {one.type}")

    seen = Watched("w")
    with feed.watched(hear):
        await watch(
            cast("Client", told), seen, run_id="r1", feed=feed, patient=patient, steady=steady, tolerates=tolerates
        )
    return seen, published


def types(events: Sequence[RecordedEvent]) -> list[int]:
    """The types of events, as the protocol numbers them."""
    return [one.event_type for one in events]


async def test_a_workflow_is_followed_into_its_later_runs() -> None:
    """Every event is published once, and each run has a history of its own."""
    first = numbered(STARTED, recorded("WORKFLOW_EXECUTION_CONTINUED_AS_NEW", newExecutionRunId="r2"))
    seen, published = await watched(Told({"r1": [list(first)], "r2": [list(numbered(STARTED, DONE))]}))

    assert seen.closed
    assert published == [
        "1 WorkflowExecutionStarted",
        "2 WorkflowExecutionContinuedAsNew",
        "1 WorkflowExecutionStarted",
        "2 WorkflowExecutionCompleted",
    ]
    assert [len(history.events) for history in seen.histories()] == [2, 2]


async def test_the_feed_tells_of_which_run_an_event_is() -> None:
    """Also when the server was away in between, and tells of the run from its beginning."""
    first = numbered(STARTED, recorded("WORKFLOW_EXECUTION_CONTINUED_AS_NEW", newExecutionRunId="r2"))
    last = numbered(STARTED, SCHEDULED, DONE)
    feed, told = HistoryFeed(), list[tuple[int, int]]()

    async def hear(one: HistoryEvent) -> None:
        told.append((feed.run, one.id))

    with feed.watched(hear):
        client = cast("Client", Told({"r1": [list(first)], "r2": [[*last[:2], LOST], list(last)]}))
        await watch(client, Watched("w"), run_id="r1", feed=feed, patient=True)

    assert told == [(1, 1), (1, 2), (2, 1), (2, 2), (2, 3)]


async def test_a_workflow_task_that_is_told_twice_stands_once() -> None:
    """First as it is about to be, then as it was recorded: what is recorded counts, and triggers hear of it once."""
    final = numbered(STARTED, SCHEDULED, BEGUN, DONE)
    seen, published = await watched(Told({"r1": [[*final[:3], final[1], *final[2:]]]}))

    assert types(seen.recorded["r1"]) == types(final)
    assert published.count("2 WorkflowTaskScheduled") == 1


async def test_a_workflow_task_in_whose_place_comes_something_else_is_forgotten() -> None:
    """A signal took its number: the history has the signal, and no gap."""
    signal = recorded("WORKFLOW_EXECUTION_SIGNALED")
    final = numbered(STARTED, signal, SCHEDULED, BEGUN, DONE)
    transient = [event(2, SCHEDULED), event(3, BEGUN)]
    seen, published = await watched(Told({"r1": [[final[0], *transient, *final[1:]]]}))

    assert types(seen.recorded["r1"]) == types(final)
    assert "2 WorkflowExecutionSignaled" in published


async def test_a_server_that_comes_back_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a fault breaks it: from the beginning, and nobody hears of anything twice."""
    monkeypatch.setattr(module, "ASK_AGAIN", timedelta(0))
    final = numbered(STARTED, SCHEDULED, BEGUN, DONE)
    seen, published = await watched(Told({"r1": [[*final[:2], LOST], [LOST], list(final)]}), patient=True)

    assert types(seen.recorded["r1"]) == types(final)
    assert [one.split()[0] for one in published] == ["1", "2", "3", "4"]


async def test_a_server_that_goes_away_by_itself_is_an_error() -> None:
    """What was seen until then is not lost."""
    told = Told({"r1": [[*numbered(STARTED, SCHEDULED), LOST]]})
    seen = Watched("w")
    with pytest.raises(RPCError):
        await watch(cast("Client", told), seen, run_id="r1", feed=HistoryFeed())

    assert not seen.closed
    assert [len(history.events) for history in seen.histories()] == [2]


async def test_a_failed_workflow_task_ends_the_watch_with_its_traceback() -> None:
    """The server would try it again for ever."""
    broken = recorded(
        "WORKFLOW_TASK_FAILED",
        cause="WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR",
        failure={"message": "moved", "stackTrace": "line 7"},
    )
    with pytest.raises(StuckError) as stuck:
        await watched(Told({"r1": [list(numbered(STARTED, SCHEDULED, BEGUN, broken))]}))

    told = stuck.value.event
    assert (told.cause, told.message, told.stack) == ("NON_DETERMINISTIC_ERROR", "moved", "line 7")


async def test_a_failed_workflow_task_that_is_borne_is_told_and_the_watch_goes_on() -> None:
    """To the end that the workflow comes to all the same."""
    broken = recorded("WORKFLOW_TASK_FAILED", cause="WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR")
    borne: list[str] = []

    def tolerates(stuck: WorkflowTaskStuck) -> bool:
        borne.append(stuck.cause)
        return True

    seen, published = await watched(
        Told({"r1": [list(numbered(STARTED, SCHEDULED, BEGUN, broken, DONE))]}), tolerates=tolerates
    )

    assert seen.closed
    assert borne == ["NON_DETERMINISTIC_ERROR"]
    assert "4 WorkflowTaskFailed" in published


@pytest.mark.parametrize("cause", sorted(HARMLESS))
async def test_a_workflow_task_that_the_server_sets_back_is_no_failure(cause: str) -> None:
    """Its next attempt goes through."""
    seen, _ = await watched(
        Told({"r1": [list(numbered(STARTED, recorded("WORKFLOW_TASK_FAILED", cause=cause), DONE))]})
    )

    assert seen.closed


@pytest.mark.parametrize(("attempt", "stuck"), [(1, False), (2, False), (3, True), (9, True)])
async def test_a_workflow_task_that_fails_without_an_event_is_seen(
    attempt: int,
    stuck: bool,  # noqa: FBT001 - a column of the table
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """From the third attempt on: one lost task and its retry are ordinary."""
    monkeypatch.setattr(module, "LOOK_AGAIN", timedelta(0))
    description = ParseDict({"pendingWorkflowTask": {"attempt": attempt}}, DescribeWorkflowExecutionResponse())
    told = Told(
        {"r1": [[*numbered(STARTED, SCHEDULED), *numbered(STARTED) * 50, *numbered(STARTED, SCHEDULED, DONE)]]},
        description,
    )

    if stuck:
        with pytest.raises(StuckError, match=f"a workflow task is at attempt {attempt}"):
            await watched(told)
    else:
        assert (await watched(told))[0].closed


async def test_a_workflow_task_that_is_only_late_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing can be lost, a task that fails would have said so at its first attempt."""
    monkeypatch.setattr(module, "LOOK_AGAIN", timedelta(0))
    description = ParseDict({"pendingWorkflowTask": {"attempt": 9}}, DescribeWorkflowExecutionResponse())
    told = Told(
        {"r1": [[*numbered(STARTED, SCHEDULED), *numbered(STARTED) * 50, *numbered(STARTED, SCHEDULED, DONE)]]},
        description,
    )

    assert (await watched(told, steady=True))[0].closed


async def test_a_workflow_task_that_fails_without_an_event_and_is_borne_is_told_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However often the server is asked."""
    monkeypatch.setattr(module, "LOOK_AGAIN", timedelta(0))
    description = ParseDict({"pendingWorkflowTask": {"attempt": 4}}, DescribeWorkflowExecutionResponse())
    told = Told(
        {"r1": [[*numbered(STARTED, SCHEDULED), *numbered(STARTED) * 50, *numbered(STARTED, SCHEDULED, DONE)]]},
        description,
    )
    borne: list[str] = []

    def tolerates(stuck: WorkflowTaskStuck) -> bool:
        borne.append(stuck.cause)
        return True

    assert (await watched(told, tolerates=tolerates))[0].closed
    assert borne == ["UNREPORTED"]


@pytest.mark.parametrize(
    ("description", "said"),
    [
        ({}, "a timer, a signal or a condition in its own code"),
        (
            {
                "pendingActivities": [
                    {"activityType": {"name": "book"}, "attempt": 4, "lastFailure": {"message": "503"}}
                ]
            },
            "activity book at attempt 4 after '503'",
        ),
        (
            {"pendingChildren": [{"workflowId": "c-1"}], "pendingWorkflowTask": {"attempt": 2}},
            "child workflow c-1, a workflow task at attempt 2",
        ),
    ],
    ids=["nothing-pending", "activity", "child-and-task"],
)
async def test_what_an_open_workflow_waits_for_is_told(description: dict[str, Any], said: str) -> None:
    """For a reader who wonders why it did not end."""
    told = Told({}, ParseDict(description, DescribeWorkflowExecutionResponse()))

    assert await waiting_for(cast("Client", told), "w") == said


async def test_a_server_that_a_fault_keeps_away_is_what_is_waited_for() -> None:
    """Where no fault does, it is lost, and that is an error."""
    told = Told({}, unreachable=LOST)

    assert "which is away" in await waiting_for(cast("Client", told), "w", patient=True)
    with pytest.raises(RPCError):
        await waiting_for(cast("Client", told), "w")


@pytest.mark.parametrize("status", [RPCStatusCode.NOT_FOUND, RPCStatusCode.UNAVAILABLE])
async def test_ending_what_has_ended_is_fine(status: RPCStatusCode) -> None:
    """Nor is a server that is gone asked twice."""
    await end_open(cast("Client", Told({}, refusal=RPCError("no", status, b""))), ["w"])


async def test_a_refusal_to_end_a_workflow_is_told() -> None:
    """Something of the run would outlive it."""
    with pytest.raises(RPCError):
        await end_open(cast("Client", Told({}, refusal=RPCError("no", RPCStatusCode.PERMISSION_DENIED, b""))), ["w"])


async def test_a_server_that_is_lost_ends_the_watch(monkeypatch: pytest.MonkeyPatch) -> None:
    """After three looks that nobody answers, where no fault breaks it."""
    monkeypatch.setattr(module, "LOOK_AGAIN", timedelta(0))
    told = Told({"r1": [[*numbered(STARTED) * 50]]}, unreachable=LOST)

    with pytest.raises(EnvironmentUnavailable, match=r"the Temporal server is lost.*\(the connection broke\)"):
        await watched(told)
    assert told.asked == ["describe"] * 3


async def test_nothing_more_is_asked_of_a_server_that_is_lost() -> None:
    """What was seen stays; each call of the SDK's own would take 10 s."""
    told, seen = Told({}, unreachable=LOST), Watched("w", {"r1": numbered(STARTED)})

    await see_to_the_end(cast("Client", told), seen)

    assert told.asked == ["describe"] * 3
    assert len(seen.recorded["r1"]) == 1


@pytest.mark.parametrize("patient", [True, False])
async def test_a_server_that_is_busy_is_not_lost(monkeypatch: pytest.MonkeyPatch, patient: bool) -> None:  # noqa: FBT001
    """However often it says so, the watch goes on, and it is asked for the rest at the end."""
    monkeypatch.setattr(module, "LOOK_AGAIN", timedelta(0))
    busy = RPCError("Workflow is busy.", RPCStatusCode.RESOURCE_EXHAUSTED, b"")
    told = Told({"r1": [[*numbered(STARTED) * 50, *numbered(STARTED, DONE)]]}, unreachable=busy)

    seen, _ = await watched(told, patient=patient)

    assert seen.closed
    assert len(told.asked) > LOST_AFTER
