"""What errors carry, from an activity or a child to the workflow and to the client, and what gets lost on the way."""

from __future__ import annotations

import asyncio
import builtins

import pytest
import pytest_asyncio
from temporalio import exceptions, workflow
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowExecutionStatus, WorkflowFailureError
from temporalio.exceptions import (
    ActivityError,
    ApplicationError,
    CancelledError,
    ChildWorkflowError,
    FailureError,
    ServerError,
    TemporalError,
    TerminatedError,
    TimeoutType,
)

from tests.live.facts.conftest import Facts, first
from tests.live.facts.errors_app import BEGUN, DETAILS, Catch, CatchChild, Plan, Said, Seen, part

DIRECT = (
    ApplicationError,
    ActivityError,
    ChildWorkflowError,
    CancelledError,
    TerminatedError,
    exceptions.TimeoutError,
    ServerError,
)


# --- classes --------------------------------------------------------------------------------------------------------


@pytest.mark.claims("EXC-001")
@pytest.mark.parametrize("kind", DIRECT)
def test_a_failure_has_a_message_and_a_cause(kind: type[BaseException]) -> None:
    """Each kind derives from FailureError itself, and that from TemporalError."""
    assert kind.__bases__ == (FailureError,)
    assert FailureError.__bases__ == (TemporalError,)
    assert hasattr(kind, "message")


@pytest.mark.claims("EXC-001")
@pytest.mark.parametrize("kind", [TemporalError, WorkflowFailureError, workflow.NondeterminismError])
def test_what_is_no_failure_has_no_message(kind: type[BaseException]) -> None:
    """The root has a cause only, and so has what a client gets, or a replay."""
    assert kind in {TemporalError, *TemporalError.__subclasses__()}
    assert hasattr(kind, "cause")
    assert not hasattr(kind, "message")
    assert not hasattr(TemporalError("x"), "message")


@pytest.mark.claims("EXC-002")
def test_details_are_positional() -> None:
    """There is no keyword of that name."""
    with pytest.raises(TypeError, match="unexpected keyword argument 'details'"):
        ApplicationError("m", details=[1])  # type: ignore[call-arg]

    assert ApplicationError("m", 1, 2).details == (1, 2)


# --- what an application error carries ------------------------------------------------------------------------------

FINAL = {"type": "T", "message": "m", "non_retryable": True, "details_are": "tuple"}
CARRIED: dict[str, tuple[Said, int]] = {
    # what is raised, what arrives, and how often it was tried with three attempts
    "typed": ({"type": "T", "message": "m", "text": "T: m", "non_retryable": False}, 3),
    "untyped": ({"type": None, "message": "m", "text": "m"}, 3),
    "final": ({**FINAL, "details": []}, 1),
    "details": ({**FINAL, "details": list(DETAILS)}, 1),
    "details in a list": ({**FINAL, "details": [[1, 2]]}, 1),
    "details of a class": ({**FINAL, "details": [{"id": "o1"}]}, 1),
    "details no JSON can say": ({"type": None, "non_retryable": False, "details": []}, 3),
    "details by keyword": ({"type": "TypeError", "non_retryable": False, "details": []}, 3),
}
ENDED = {
    # what ends it, how it is planned, and the retry state that says so
    "attempts": (Plan(what="value"), "MAXIMUM_ATTEMPTS_REACHED", ["ActivityError", "ApplicationError"]),
    "marked": (Plan(what="final", attempts=3), "NON_RETRYABLE_FAILURE", ["ActivityError", "ApplicationError"]),
    "listed": (
        Plan(what="typed", attempts=3, types=["T"]),
        "NON_RETRYABLE_FAILURE",
        ["ActivityError", "ApplicationError"],
    ),
    "budget": (
        Plan(what="back in a minute", attempts=3, schedule_to_close=20),
        "TIMEOUT",
        ["ActivityError", "ApplicationError"],
    ),
    "nobody": (
        Plan(what="nothing", schedule_to_start=0.2, queue="nobody-polls-this"),
        "TIMEOUT",
        ["ActivityError", "TimeoutError"],
    ),
}

HANGS = Plan(what="hang", start_to_close=0.3)
FALLS_SILENT = Plan(what="beat once and hang", heartbeat=1.5)
FALLS_SILENT_TWICE = Plan(what="beat once and hang", heartbeat=1.5, attempts=2)
BEATS_AND_TAKES_TOO_LONG = Plan(what="beat once and hang", heartbeat=10, start_to_close=1.5)


@pytest_asyncio.fixture(scope="module", loop_scope="session", autouse=True)
async def _ahead(facts: Facts) -> None:
    facts.begin(
        *(Plan(what=what, attempts=3) for what in CARRIED),
        *(plan for plan, _, _ in ENDED.values()),
        *(HANGS, FALLS_SILENT, FALLS_SILENT_TWICE, BEATS_AND_TAKES_TOO_LONG),
    )


@pytest.mark.parametrize(
    "what",
    [
        pytest.param("typed", marks=pytest.mark.claims("EXC-004")),
        pytest.param("untyped", marks=pytest.mark.claims("EXC-004")),
        pytest.param("final", marks=pytest.mark.claims("EXC-005")),
        pytest.param("details", marks=pytest.mark.claims("EXC-003")),
        pytest.param("details in a list", marks=pytest.mark.claims("EXC-003")),
        pytest.param("details of a class", marks=pytest.mark.claims("EXC-003")),
        pytest.param("details no JSON can say", marks=pytest.mark.claims("EXC-003")),
        pytest.param("details by keyword", marks=pytest.mark.claims("EXC-002", "CLS-004")),
    ],
)
async def test_an_application_error_arrives_with_what_it_carries(facts: Facts, what: str) -> None:
    """Type, message, mark and details, as far as JSON can say them; and it is tried as often as these allow."""
    arrives, calls = CARRIED[what]

    caught = await facts.caught(Plan(what=what, attempts=3))

    assert part(caught.chain[1], arrives) == arrives
    assert caught.calls == calls


@pytest.mark.claims("EXC-003")
async def test_details_that_are_too_large_take_the_error_s_place(facts: Facts) -> None:
    """The server puts its own there, which is not tried again."""
    caught = await facts.caught(Plan(what="large details", attempts=3))

    assert caught.chain[1]["kind"] == "ServerError"
    assert caught.chain[1]["message"] == "Failure exceeds size limit."
    assert caught.calls == 1


# --- what wraps it --------------------------------------------------------------------------------------------------


@pytest.mark.claims("EXC-006")
@pytest.mark.parametrize("how", ENDED)
async def test_an_activity_error_says_why_there_was_no_further_attempt(facts: Facts, how: str) -> None:
    """By its retry state, and by nothing else: its text is always the same."""
    plan, state, kinds = ENDED[how]

    caught = await facts.caught(plan)

    error = caught.chain[0]
    assert caught.kinds[:2] == kinds
    assert error["retry_state"] == state
    assert error["text"] in {"Activity task failed", "Activity task timed out"}
    assert (error["activity_type"], error["activity_id"], error["scheduled_event_id"]) == ("fail", "1", 5)
    assert bool(error["identity"]) is (how != "nobody")
    assert bool(error["started_event_id"]) is (how != "nobody")


@pytest.mark.claims("EXC-006", "DEF-002")
async def test_a_cancelled_activity_ends_by_the_request(facts: Facts) -> None:
    """Whatever its policy has left."""
    handle = await facts.start(Catch.run, Plan(what="beat until cancelled", attempts=0, heartbeat=1))
    await asyncio.wait_for(BEGUN[handle.id].wait(), timeout=30)
    await handle.cancel()

    seen: Seen = await handle.result()

    assert [one["kind"] for one in seen.chain[:2]] == ["ActivityError", "CancelledError"]
    assert seen.chain[0]["text"] == "Activity cancelled"
    assert seen.chain[0]["retry_state"] == "CANCEL_REQUESTED"


CHILDREN = {
    # what the child raises, its attempts, the retry state, and how many runs there were
    "no policy": ("typed", None, "RETRY_POLICY_NOT_SET", 1),
    "two attempts": ("typed", 2, "MAXIMUM_ATTEMPTS_REACHED", 2),
    "marked": ("final", 2, "NON_RETRYABLE_FAILURE", 1),
}


@pytest.mark.claims("EXC-007", "DEF-006")
@pytest.mark.parametrize("how", CHILDREN)
async def test_a_child_workflow_error_names_the_first_run(facts: Facts, how: str) -> None:
    """However many there were; the parent is not run again, and its history has one start and one failure."""
    what, attempts, state, runs = CHILDREN[how]

    handle = await facts.start(CatchChild.run, what, attempts)
    seen: Seen = await handle.result()

    error = seen.chain[0]
    started = await first(handle, EventType.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_STARTED)
    last = await facts.client.get_workflow_handle(error["workflow_id"]).describe()
    history = await handle.fetch_history()
    assert [one["kind"] for one in seen.chain] == ["ChildWorkflowError", "ApplicationError"]
    assert error["text"] == "Child Workflow execution failed"
    assert (error["workflow_type"], error["workflow_id"]) == ("Raise", f"{handle.id}-child")
    assert error["retry_state"] == state
    assert error["run_id"] == started.workflow_execution.run_id
    assert (last.run_id == error["run_id"]) is (runs == 1)
    assert last.status is WorkflowExecutionStatus.FAILED
    types = [one.event_type for one in history.events]
    assert types.count(EventType.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_STARTED) == 1
    assert types.count(EventType.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_FAILED) == 1
    assert types.count(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED) == 1


# --- timeouts -------------------------------------------------------------------------------------------------------


@pytest.mark.claims("EXC-008")
async def test_a_timeout_is_no_timeout_error_to_catch(facts: Facts) -> None:
    """It is the cause of an ActivityError; a handler for TimeoutError before it is passed by."""
    caught = await facts.caught(HANGS)

    assert caught.caught_as == "ActivityError"
    assert caught.chain[0]["text"] == "Activity task timed out"
    assert part(caught.chain[1], {"kind": 0, "type": 0}) == {"kind": "TimeoutError", "type": "START_TO_CLOSE"}
    assert not issubclass(exceptions.TimeoutError, builtins.TimeoutError)
    assert not issubclass(exceptions.TimeoutError, asyncio.TimeoutError)
    assert int(TimeoutType.START_TO_CLOSE) == 1  # as in the protocol


BEATEN = [{"processed": 5}, "second"]


@pytest.mark.claims("EXC-009")
@pytest.mark.parametrize(
    ("plan", "kind"),
    [(FALLS_SILENT, "HEARTBEAT"), (FALLS_SILENT_TWICE, "HEARTBEAT"), (BEATS_AND_TAKES_TOO_LONG, "START_TO_CLOSE")],
    ids=["silent", "silent at the second attempt", "too slow"],
)
async def test_a_timeout_carries_the_last_heartbeat(facts: Facts, plan: Plan, kind: str) -> None:
    """Of an earlier attempt, too, when the last one never had one; and not only a heartbeat timeout does."""
    caught = await facts.caught(plan)

    expected = {"kind": "TimeoutError", "type": kind, "heartbeats": BEATEN}
    assert part(caught.chain[1], expected) == expected
    assert caught.chain[0]["retry_state"] == "MAXIMUM_ATTEMPTS_REACHED"


@pytest.mark.claims("EXC-010")
@pytest.mark.parametrize("what", ["chained", "chained implicitly"])
async def test_causes_lead_to_the_root(facts: Facts, what: str) -> None:
    """Whether `raise ... from` had said so, or one was raised while another was handled."""
    caught = await facts.caught(Plan(what=what))

    types = ["Outer", "ValueError", "KeyError"] if what == "chained" else ["Outer", "KeyError"]
    assert caught.kinds == ["ActivityError", *["ApplicationError"] * len(types)]
    assert [one["type"] for one in caught.chain[1:]] == types
    assert caught.chain[-1]["message"] == "'lost'"
