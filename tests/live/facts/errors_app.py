"""Workflows and activities that fail in every way, and say what they see of it."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, NoReturn

from temporalio import activity, workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import (
    ActivityError,
    ApplicationError,
    CancelledError,
    ChildWorkflowError,
    FailureError,
    RetryState,
    ServerError,
    TerminatedError,
    TimeoutType,
)
from temporalio.exceptions import (
    TimeoutError as TemporalTimeoutError,
)

CALLS: Counter[str] = Counter()
"""How often the activity of each workflow was begun, which no history tells."""

BEGUN: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)
"""Set when the activity of a workflow has begun."""

Said = dict[str, Any]


class MineError(Exception):
    """A plain exception of an application's own."""


class MySubError(MineError):
    """A kind of it."""


@dataclass
class Order:
    """Something to give along with an error."""

    id: str


# --- what can be raised ---------------------------------------------------------------------------------------------


def _lose() -> NoReturn:
    raise KeyError("lost")


def _miss() -> NoReturn:
    try:
        _lose()
    except KeyError as error:
        raise ValueError("no such thing") from error


def _chained() -> NoReturn:
    try:
        _miss()
    except ValueError as error:
        raise ApplicationError("outer", type="Outer") from error


def _chained_implicitly() -> NoReturn:
    try:
        _lose()
    except KeyError:
        raise ApplicationError("outer", type="Outer")  # noqa: B904 - the point


def _misused() -> NoReturn:
    arguments: Any = {"details": [{"a": 1}]}
    raise ApplicationError("declined", type="Declined", non_retryable=True, **arguments)


def _raises(make: Callable[[], BaseException]) -> Callable[[], NoReturn]:
    def one() -> NoReturn:
        raise make()

    return one


DETAILS = ({"a": 1}, [1, 2], "s")
LARGE = "x" * 3_000_000

FAILURES: dict[str, Callable[[], object]] = {
    "nothing": lambda: None,
    "value": _raises(lambda: ValueError("Invalid data: x")),
    "mine": _raises(lambda: MineError("mine", 42)),
    "sub": _raises(lambda: MySubError("sub")),
    "exit": _raises(lambda: SystemExit(3)),
    "name": _raises(lambda: NameError("name 'x' is not defined")),
    "type": _raises(lambda: TypeError("not a number")),
    "attribute": _raises(lambda: AttributeError("no attribute")),
    "assertion": _raises(lambda: AssertionError("not so")),
    "runtime": _raises(lambda: RuntimeError("not now")),
    "plain cancelled": _raises(asyncio.CancelledError),
    "plain timeout": _raises(asyncio.TimeoutError),
    "cancelled": _raises(lambda: CancelledError("cancelled elsewhere")),
    "timeout": _raises(lambda: TemporalTimeoutError("too late", type=TimeoutType.HEARTBEAT, last_heartbeat_details=[])),
    "server": _raises(lambda: ServerError("the server's", non_retryable=True)),
    "terminated": _raises(lambda: TerminatedError("elsewhere")),
    "activity": _raises(
        lambda: ActivityError(
            "elsewhere",
            scheduled_event_id=1,
            started_event_id=2,
            identity="me",
            activity_type="other",
            activity_id="9",
            retry_state=RetryState.TIMEOUT,
        )
    ),
    "child": _raises(
        lambda: ChildWorkflowError(
            "elsewhere",
            namespace="default",
            workflow_id="other",
            run_id="run",
            workflow_type="Other",
            initiated_event_id=1,
            started_event_id=2,
            retry_state=RetryState.TIMEOUT,
        )
    ),
    "typed": _raises(lambda: ApplicationError("m", type="T")),
    "untyped": _raises(lambda: ApplicationError("m")),
    "final": _raises(lambda: ApplicationError("m", type="T", non_retryable=True)),
    "biz": _raises(lambda: ApplicationError("boom", {"x": 1}, type="Biz")),
    "details": _raises(lambda: ApplicationError("m", *DETAILS, type="T", non_retryable=True)),
    "details in a list": _raises(lambda: ApplicationError("m", [1, 2], type="T", non_retryable=True)),
    "details of a class": _raises(lambda: ApplicationError("m", Order(id="o1"), type="T", non_retryable=True)),
    "details no JSON can say": _raises(lambda: ApplicationError("m", object(), type="T", non_retryable=True)),
    "large details": _raises(lambda: ApplicationError("m", LARGE, type="T", non_retryable=True)),
    "details by keyword": _misused,
    "chained": _chained,
    "chained implicitly": _chained_implicitly,
    "back in a minute": _raises(lambda: ApplicationError("m", type="T", next_retry_delay=timedelta(seconds=60))),
}


# --- workflows and activities ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Plan:
    """How an activity is to fail, and with which limits; times in seconds.

    Attributes:
        what: One of FAILURES, "hang", "beat once and hang" (one heartbeat, at the first attempt) "beat until
            cancelled" or "large once" (a failure of 5 kB, at the first attempt).
        policy: The retry policy; attempts and first wait.
        types: Types that are not to be retried.
    """

    what: str
    attempts: int = 1
    first_wait: float = 0.02
    types: list[str] | None = None
    start_to_close: float = 20
    schedule_to_close: float | None = None
    schedule_to_start: float | None = None
    heartbeat: float | None = None
    queue: str | None = None


@dataclass(frozen=True)
class Seen:
    """What a workflow saw: by which `except`, and the error with all that is behind it."""

    caught_as: str
    chain: list[Said] = field(default_factory=list)


@activity.defn
async def fail(plan: Plan) -> None:
    """Fail as planned."""
    info = activity.info()
    CALLS[str(info.workflow_id)] += 1
    BEGUN[str(info.workflow_id)].set()
    if plan.what == "beat once and hang" and info.attempt == 1:
        activity.heartbeat({"processed": 5}, "second")
    if plan.what == "large once" and info.attempt == 1:
        raise ValueError("x" * 5_000)
    if plan.what == "beat until cancelled":
        while True:
            activity.heartbeat()
            await asyncio.sleep(0.05)
    if plan.what in {"hang", "beat once and hang"}:
        await asyncio.Event().wait()
    FAILURES.get(plan.what, FAILURES["nothing"])()


@workflow.defn(sandboxed=False)
class Catch:
    """Has an activity fail, and says what it sees."""

    @workflow.run
    async def run(self, plan: Plan) -> Seen:
        """Catch as guides do first, and as it must be done second."""
        try:
            await workflow.execute_activity(
                fail,
                plan,
                task_queue=plan.queue,
                start_to_close_timeout=timedelta(seconds=plan.start_to_close),
                schedule_to_close_timeout=_seconds(plan.schedule_to_close),
                schedule_to_start_timeout=_seconds(plan.schedule_to_start),
                heartbeat_timeout=_seconds(plan.heartbeat),
                retry_policy=RetryPolicy(
                    initial_interval=timedelta(seconds=plan.first_wait),
                    maximum_attempts=plan.attempts,
                    non_retryable_error_types=plan.types,
                ),
                cancellation_type=workflow.ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
            )
        except TimeoutError as error:
            return Seen(caught_as="TimeoutError", chain=told(error))
        except ActivityError as error:
            return Seen(caught_as="ActivityError", chain=told(error))
        return Seen(caught_as="nothing")


@workflow.defn(sandboxed=False)
class LetEscape:
    """Has an activity fail, and does nothing about it."""

    @workflow.run
    async def run(self, plan: Plan) -> None:
        """Let it fail."""
        await workflow.execute_activity(
            fail,
            plan,
            start_to_close_timeout=timedelta(seconds=plan.start_to_close),
            retry_policy=RetryPolicy(maximum_attempts=1),
        )


@workflow.defn(sandboxed=False)
class Raise:
    """Fails by itself, or waits in vain."""

    @workflow.run
    async def run(self, what: str) -> str:
        """Raise one of FAILURES; from its second run on, "fail once" is fine."""
        if what == "wait in vain":
            await workflow.wait_condition(lambda: False, timeout=0.01)
        if what == "impossible policy":
            impossible = RetryPolicy(initial_interval=timedelta(seconds=2), maximum_interval=timedelta(seconds=1))
            await workflow.execute_activity(
                fail, Plan(what="nothing"), start_to_close_timeout=timedelta(seconds=5), retry_policy=impossible
            )
        if what == "fail once":
            what = "typed" if workflow.info().attempt == 1 else "nothing"
        FAILURES[what]()
        return f"ok{workflow.info().attempt}"


@workflow.defn(sandboxed=False, failure_exception_types=[KeyError])
class RaiseListed:
    """Fails with an exception that is listed as a failure."""

    @workflow.run
    async def run(self) -> None:
        """Raise it."""
        raise KeyError("listed")


@workflow.defn(sandboxed=False)
class CatchChild:
    """Has a child fail, and says what it sees."""

    @workflow.run
    async def run(self, what: str, attempts: int | None) -> Seen:
        """Run the child; without `attempts` it has no retry policy."""
        policy = None if attempts is None else RetryPolicy(maximum_attempts=attempts)
        try:
            await workflow.execute_child_workflow(
                Raise.run, what, id=f"{workflow.info().workflow_id}-child", retry_policy=policy
            )
        except ChildWorkflowError as error:
            return Seen(caught_as="ChildWorkflowError", chain=told(error))
        return Seen(caught_as="nothing")


WORKFLOWS: list[type] = [Catch, CatchChild, LetEscape, Raise, RaiseListed]


def _seconds(number: float | None) -> timedelta | None:
    return None if number is None else timedelta(seconds=number)


# --- errors, told ---------------------------------------------------------------------------------------------------


def told(error: BaseException | None) -> list[Said]:
    """Say of an error and of each behind it what can be read of it."""
    chain: list[Said] = []
    while error is not None:
        said: Said = {"kind": type(error).__name__, "text": str(error)}
        if isinstance(error, FailureError):
            said["message"] = error.message
        chain.append({**said, **_parts(error)})
        error = error.__cause__
    return chain


def part(said: Said, expected: Said) -> Said:
    """Return of what is said what is expected to be, to compare the two."""
    return {name: said.get(name) for name in expected}


def _parts(error: BaseException) -> Said:
    match error:
        case ApplicationError():
            return {
                "type": error.type,
                "details": list(error.details),
                "details_are": type(error.details).__name__,
                "non_retryable": error.non_retryable,
                "delay": None if error.next_retry_delay is None else error.next_retry_delay.total_seconds(),
            }
        case ActivityError():
            return _named(error, "activity_type", "activity_id", "identity", "scheduled_event_id", "started_event_id")
        case ChildWorkflowError():
            return _named(error, "workflow_type", "workflow_id", "run_id")
        case TemporalTimeoutError():
            return {"type": _name(error.type), "heartbeats": list(error.last_heartbeat_details)}
        case _:
            return {}


def _named(error: ActivityError | ChildWorkflowError, *names: str) -> Said:
    return {**{name: getattr(error, name) for name in names}, "retry_state": _name(error.retry_state)}


def _name(one: RetryState | TimeoutType | None) -> str | None:
    return None if one is None else one.name
