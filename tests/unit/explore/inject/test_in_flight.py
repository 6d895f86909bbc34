"""Bodies that are held until a run has nothing else to do."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, cast

import pytest
from google.protobuf.json_format import ParseDict
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHandle

from harness.explore.inject import in_flight
from harness.explore.inject.in_flight import InFlight, in_flight_together

TASK: list[tuple[str, dict[str, Any]]] = [("workflowTaskScheduled", {}), ("workflowTaskCompleted", {})]
CLOSED: tuple[str, dict[str, Any]] = ("workflowExecutionFailed", {})


def call(name: str) -> tuple[str, dict[str, Any]]:
    """An activity is called, whose id is also its type."""
    return "activityTaskScheduled", {"activityId": name, "activityType": {"name": name}}


def ends(number: int, how: str = "Completed") -> tuple[str, dict[str, Any]]:
    """The activity ends that the event of that number called."""
    return f"activityTask{how}", {"scheduledEventId": number}


def events(*several: tuple[str, dict[str, Any]], first: int = 1) -> list[HistoryEvent]:
    """Events, numbered."""
    return [
        ParseDict({"eventId": number, f"{name}EventAttributes": attributes}, HistoryEvent())
        for number, (name, attributes) in enumerate(several, first)
    ]


class _Server:
    """Sends the pages of one workflow's history as the test adds them."""

    def __init__(self) -> None:
        self._pages: asyncio.Queue[list[HistoryEvent]] = asyncio.Queue()
        self._number = 0
        self.current_page: Sequence[HistoryEvent] = ()
        self.next_page_token = b"more"

    def get_workflow_handle(self, _id: str, *, run_id: str | None = None) -> WorkflowHandle[Any, Any]:
        """Its handle."""
        assert run_id is None
        return cast("WorkflowHandle[Any, Any]", self)

    def fetch_history_events(self, *, wait_new_event: bool) -> _Server:
        """Its events."""
        assert wait_new_event
        return self

    async def fetch_next_page(self) -> None:
        """Wait for the next."""
        self.current_page = await self._pages.get()
        if any(one.HasField("workflow_execution_failed_event_attributes") for one in self.current_page):
            self.next_page_token = b""

    async def sends(self, *several: tuple[str, dict[str, Any]]) -> None:
        """Send a page, and let whoever reads it go on."""
        self._pages.put_nowait(events(*several, first=self._number + 1))
        self._number += len(several)
        await settled()


async def settled() -> None:
    """Let everything go on that can."""
    for _ in range(10):
        await asyncio.sleep(0)


class _Run:
    """Bodies of one workflow that are held; `fails` is the name of the one that fails."""

    def __init__(self, *, fails: str) -> None:
        self.server = _Server()
        self.went_on: list[str] = []
        self._fails = fails
        self._order = 0
        self._bodies: list[asyncio.Task[None]] = []
        self.in_flight = InFlight(self.server.get_workflow_handle, roots=lambda: ["flow"], calls=lambda: self._order)

    async def begins(self, *names: str) -> None:
        """The attempts of these calls begin, which were called in that order."""
        for name in names:
            self._bodies.append(asyncio.create_task(self._body(name, self._order)))
            self._order += 1
        await settled()

    async def _body(self, name: str, order: int) -> None:
        held = await self.in_flight.hold("flow", name, order=order, fails=name == self._fails)
        self.went_on.append(name if held else f"{name} in vain")


async def test_the_one_that_fails_goes_on_once_all_others_are_held() -> None:
    """And those when the workflow has done what it does about it."""
    run = _Run(fails="b")
    await run.server.sends(*TASK, call("a"), call("b"), call("c"))
    await run.begins("b", "c")
    assert run.went_on == [], "a has not begun"
    await run.begins("a")
    assert run.went_on == ["b"]

    await run.server.sends(ends(4, "Failed"), TASK[0])
    assert run.went_on == ["b"], "the workflow has a task before it"
    await run.server.sends(TASK[1], call("undo"))
    await run.begins("undo")
    assert run.went_on == ["b", "undo"], "what is called after the failure is not held"
    await run.server.sends(ends(9), *TASK)
    assert sorted(run.went_on[2:]) == ["a", "c"]


async def test_they_go_on_when_the_workflow_has_ended() -> None:
    """Whatever it has left behind."""
    run = _Run(fails="a")
    await run.server.sends(*TASK, call("a"), call("b"))
    await run.begins("a", "b")
    await run.server.sends(ends(3, "Failed"), *TASK, CLOSED)

    assert run.went_on == ["a", "b"]


async def test_before_it_is_called_the_latest_goes_on_first() -> None:
    """What was called earlier may be in flight for longer."""
    run = _Run(fails="c")
    await run.server.sends(*TASK, call("a"), call("b"))
    await run.begins("a", "b")
    assert run.went_on == ["b"]
    await run.server.sends(ends(4), *TASK, call("c"))
    await run.begins("c")

    assert run.went_on == ["b", "c"]


async def test_a_page_is_read_as_a_whole() -> None:
    """After half of it, a workflow would seem to rest that has just called something."""
    run = _Run(fails="a")
    await run.begins("a")
    await run.server.sends(*TASK, call("a"), call("b"))

    assert run.went_on == []


async def test_nothing_is_held_for_long_while_something_else_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fault is then not injected."""
    monkeypatch.setattr(in_flight, "HELD_WITHIN", 0.01)
    run = _Run(fails="a")
    await run.server.sends(*TASK, call("a"), call("b"))
    await run.begins("a")
    await asyncio.wait(run._bodies)

    assert run.went_on == ["a in vain"]


async def test_at_the_end_nothing_is_held_any_more() -> None:
    """Nor is what begins then."""
    run = _Run(fails="a")
    await run.begins("b")
    run.in_flight.end()
    await run.begins("a")

    assert run.went_on == ["b", "a"]


@pytest.mark.parametrize(
    ("several", "together"),
    [
        ([*TASK, call("a"), ends(3), *TASK, call("b"), ends(7)], set()),
        ([*TASK, call("a"), call("b"), ends(3), ends(4), *TASK, call("c")], {"a", "b"}),
        ([*TASK, call("a"), call("b"), ends(3), *TASK, call("c")], {"a", "b", "c"}),
    ],
)
def test_which_calls_are_in_flight_together_is_read_from_the_history(several: Any, together: set[str]) -> None:
    """Whatever the order in which they ended."""
    assert in_flight_together(events(*several)) == {(one, one) for one in together}
