"""What is tried again, and what a retry policy can say."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
import pytest_asyncio
from temporalio.api.common.v1 import RetryPolicy as Recorded
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowExecutionStatus
from temporalio.common import RetryPolicy

from tests.live.facts.conftest import Facts, first
from tests.live.facts.errors_app import Plan, Raise

ALL = "MAXIMUM_ATTEMPTS_REACHED"
STOPPED = "NON_RETRYABLE_FAILURE"

LISTED = {
    # what is raised, what is listed, and whether that stops it
    "its name": ("mine", "MineError", True),
    "its base's name": ("sub", "MineError", False),
    "its own name, not its base's": ("sub", "MySubError", True),
    "its module, too": ("mine", "tests.live.facts.errors_app.MineError", False),
    "another case": ("mine", "mineerror", False),
    "the type given": ("typed", "T", True),
    "the class of a typed one": ("typed", "ApplicationError", False),
    "its cause's": ("chained", "KeyError", False),
    "the outermost of a chain": ("chained", "Outer", True),
}

TIMEOUTS = {
    "start_to_close": (Plan(what="hang", start_to_close=0.3, types=["TemporalTimeout:StartToClose"]), True),
    "heartbeat": (Plan(what="hang", heartbeat=0.5, types=["TemporalTimeout:Heartbeat"]), True),
    "the other one": (Plan(what="hang", start_to_close=0.3, types=["TemporalTimeout:Heartbeat"]), False),
    "the class": (Plan(what="hang", start_to_close=0.3, types=["TimeoutError"]), False),
}


def listed(what: str, type_: str) -> Plan:
    """An activity that may be tried twice, unless its error is of this type."""
    return Plan(what=what, attempts=2, types=[type_])


def twice(plan: Plan) -> Plan:
    """The same, to be tried twice."""
    return dataclasses.replace(plan, attempts=2)


@pytest_asyncio.fixture(scope="module", loop_scope="session", autouse=True)
async def _ahead(facts: Facts) -> None:
    facts.begin(
        *(listed(what, type_) for what, type_, _ in LISTED.values()),
        *(twice(plan) for plan, _ in TIMEOUTS.values()),
    )


@pytest.mark.claims("RTY-003")
@pytest.mark.parametrize("attempts", [1, 2, 3])
async def test_the_first_attempt_counts(facts: Facts, attempts: int) -> None:
    """One means that nothing is tried again."""
    caught = await facts.caught(Plan(what="value", attempts=attempts))

    assert caught.calls == attempts
    assert caught.chain[0]["retry_state"] == ALL


@pytest.mark.claims("RTY-006")
@pytest.mark.parametrize(("what", "type_", "stops"), LISTED.values(), ids=LISTED)
async def test_a_type_that_is_listed_stops_what_matches_exactly(
    facts: Facts,
    what: str,
    type_: str,
    stops: bool,  # noqa: FBT001 - a column of the table
) -> None:
    """The outermost failure's type: not its class's bases, not its module, not what is behind it."""
    caught = await facts.caught(listed(what, type_))

    assert (caught.calls, caught.chain[0]["retry_state"]) == ((1, STOPPED) if stops else (2, ALL))


@pytest.mark.claims("CLS-006")
async def test_a_mark_and_a_listed_type_are_each_enough(facts: Facts) -> None:
    """Only the retry state tells that a listed one was not tried again: its own mark stays unset."""
    by_list = await facts.caught(listed("mine", "MineError"))
    by_mark = await facts.caught(Plan(what="final", attempts=2))

    assert [by_list.calls, by_mark.calls] == [1, 1]
    assert [by_list.chain[0]["retry_state"], by_mark.chain[0]["retry_state"]] == [STOPPED, STOPPED]
    assert [by_list.chain[1]["non_retryable"], by_mark.chain[1]["non_retryable"]] == [False, True]


@pytest.mark.claims("RTY-007")
@pytest.mark.parametrize(("plan", "stops"), TIMEOUTS.values(), ids=TIMEOUTS)
async def test_timeouts_have_names_to_be_listed_by(
    facts: Facts,
    plan: Plan,
    stops: bool,  # noqa: FBT001 - a column of the table
) -> None:
    """Names of their own, and not that of the class that is seen."""
    caught = await facts.caught(twice(plan))

    assert caught.chain[1]["kind"] == "TimeoutError"
    assert caught.chain[0]["retry_state"] == (STOPPED if stops else ALL)


@pytest.mark.claims("RTY-010")
async def test_a_wait_that_does_not_fit_ends_the_activity_at_once(facts: Facts) -> None:
    """It is given up after the first attempt, and what it had asked for can still be read."""
    caught = await facts.caught(Plan(what="back in a minute", attempts=3, schedule_to_close=20))

    assert caught.calls == 1
    assert caught.kinds == ["ActivityError", "ApplicationError"]
    assert caught.chain[0]["retry_state"] == "TIMEOUT"
    assert caught.chain[1]["delay"] == 60


@pytest.mark.claims("RTY-008")
def test_a_policy_has_five_values() -> None:
    """Each with its default; a cap that is not said is filled in by the server."""
    assert {one.name: getattr(RetryPolicy(), one.name) for one in dataclasses.fields(RetryPolicy)} == {
        "initial_interval": timedelta(seconds=1),
        "backoff_coefficient": 2.0,
        "maximum_interval": None,
        "maximum_attempts": 0,
        "non_retryable_error_types": None,
    }


IMPOSSIBLE = {
    "attempts": RetryPolicy(maximum_attempts=-1),
    "initial": RetryPolicy(initial_interval=timedelta(seconds=-1)),
    "coefficient": RetryPolicy(backoff_coefficient=0.5),
    "maximum": RetryPolicy(initial_interval=timedelta(seconds=2), maximum_interval=timedelta(seconds=1)),
}


@pytest.mark.claims("RTY-008")
@pytest.mark.parametrize("policy", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_an_impossible_policy_is_refused_when_it_is_used(policy: RetryPolicy) -> None:
    """Not when it is made."""
    with pytest.raises(ValueError, match="annot be"):
        policy.apply_to_proto(Recorded())


@pytest.mark.claims("RTY-008")
async def test_an_impossible_policy_blocks_a_workflow(facts: Facts) -> None:
    """Its use is an error in workflow code, which is tried again for ever."""
    handle = await facts.start(Raise.run, "impossible policy")

    failed = await first(handle, EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED)

    described = await handle.describe()
    await handle.terminate()
    assert failed.failure.message == "Maximum interval cannot be less than initial interval"
    assert failed.failure.application_failure_info.type == "ValueError"
    assert described.status is WorkflowExecutionStatus.RUNNING
