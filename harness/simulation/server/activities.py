"""The activities that a workflow has scheduled: their attempts, timeouts, heartbeats and cancellation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from temporalio.api.common.v1 import Payloads
from temporalio.api.enums.v1 import RetryState, TimeoutType
from temporalio.api.failure.v1 import Failure
from temporalio.api.history.v1 import ActivityTaskScheduledEventAttributes
from temporalio.service import RPCStatusCode

from harness.simulation.latency import HOP, QUEUED
from harness.simulation.messages import duration, seconds, timeout_failure
from harness.simulation.refused import refused
from harness.simulation.server.execution_clock import ClockTimer
from harness.simulation.server.owner import ExecutionView
from harness.simulation.server.retries import Again, again, complete
from harness.simulation.server.tasks import ActivityTask, Token
from harness.simulation.unmodelled import Unmodelled

START_TO_CLOSE = TimeoutType.TIMEOUT_TYPE_START_TO_CLOSE
SCHEDULE_TO_START = TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_START
SCHEDULE_TO_CLOSE = TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_CLOSE
HEARTBEAT = TimeoutType.TIMEOUT_TYPE_HEARTBEAT

NAMES = {
    START_TO_CLOSE: "StartToClose",
    SCHEDULE_TO_START: "ScheduleToStart",
    SCHEDULE_TO_CLOSE: "ScheduleToClose",
    HEARTBEAT: "Heartbeat",
}

TOO_LATE = "Not enough time to schedule next retry before activity ScheduleToClose timeout, giving up retrying"


@dataclass(eq=False)
class Activity:
    """One activity.

    Attributes:
        scheduled: The attributes of its first event.
        scheduled_id: The id of that event.
        scheduled_at: When that was.
        attempt_scheduled_at: When its attempt was scheduled.
        attempt: Which attempt it is at, from 1.
        started_at: When that began; None if it has not begun.
        backs_off: Whether it waits for its next attempt.
        eager: Whether the attempt was given to the worker that asked for the activity.
        identity: Whose worker has the attempt.
        details: What was heartbeated last.
        last_failure: How the attempt before failed.
        cancel_requested_id: The event at which it was asked to cancel; 0 if it was not.
        timers: Those of the attempt.
        total: The timer of all attempts together.
    """

    scheduled: ActivityTaskScheduledEventAttributes
    scheduled_id: int
    scheduled_at: float
    attempt_scheduled_at: float
    attempt: int = 1
    started_at: float | None = None
    backs_off: bool = False
    eager: bool = False
    identity: str = ""
    build_id: str = ""
    details: Payloads | None = None
    last_failure: Failure | None = None
    cancel_requested_id: int = 0
    timers: dict[TimeoutType.ValueType, ClockTimer] = field(default_factory=dict)
    total: ClockTimer | None = None
    next_attempt: ClockTimer | None = None

    @property
    def expires(self) -> float | None:
        """By when it must have ended; None for no such time."""
        within = seconds(self.scheduled.schedule_to_close_timeout)
        return self.scheduled_at + within if within else None


class Activities:
    """The activities of one execution.

    Args:
        execution: Which.
    """

    def __init__(self, execution: ExecutionView) -> None:
        self._execution = execution
        self._open: dict[int, Activity] = {}

    @property
    def any_under_way(self) -> bool:
        """Whether one is scheduled or has begun: time is not skipped then."""
        return any(not one.backs_off for one in self._open.values())

    @property
    def open(self) -> tuple[Activity, ...]:
        """Those that have not ended."""
        return tuple(self._open.values())

    def with_id(self, activity_id: str) -> Activity | None:
        """Return the open one with that id."""
        return next((one for one in self._open.values() if one.scheduled.activity_id == activity_id), None)

    def token(self, activity: Activity) -> Token:
        """Return what names the attempt of an activity."""
        return self._execution.run_id, activity.scheduled_id, activity.attempt

    # --- commands ---

    def schedule(self, asked: Any, completed_id: int) -> None:
        """Schedule an activity."""
        if self.with_id(asked.activity_id) is not None:
            raise Unmodelled("two activities under way with one id")
        execution, now = self._execution, self._execution.clock.now()
        scheduled = ActivityTaskScheduledEventAttributes(
            activity_id=asked.activity_id,
            activity_type=asked.activity_type,
            task_queue=asked.task_queue,
            header=asked.header,
            input=asked.input if asked.HasField("input") else None,
            workflow_task_completed_event_id=completed_id,
            retry_policy=complete(asked.retry_policy),
            use_workflow_build_id=asked.use_workflow_build_id,
            priority=asked.priority,
            **_timeouts(asked, within=seconds(execution.started.workflow_run_timeout)),
        )
        event = execution.history.write("activity_task_scheduled", scheduled)
        activity = Activity(scheduled, event.event_id, now, now)
        self._open[event.event_id] = activity
        if activity.expires is not None:
            activity.total = execution.clock.at(
                activity.expires, lambda: self._times_out(activity, activity.attempt, SCHEDULE_TO_CLOSE)
            )
        self._watch_start(activity)
        if asked.request_eager_execution and execution.server.worker_of(scheduled.task_queue.name) is not None:
            activity.eager = True
        else:
            self._dispatch(activity)

    def begin_eager(self) -> None:
        """Begin what the worker takes along, once all commands are done: one may have cancelled it, or closed all."""
        for activity in self.open:
            if activity.eager and activity.started_at is None:
                self._start(activity, activity.attempt)

    def request_cancel(self, asked: Any, completed_id: int) -> None:
        """Ask an activity to cancel; one that no worker has is cancelled."""
        execution = self._execution
        activity = self._open.get(asked.scheduled_event_id)
        event = execution.history.write(
            "activity_task_cancel_requested",
            {"scheduled_event_id": asked.scheduled_event_id, "workflow_task_completed_event_id": completed_id},
        )
        if activity is None or activity.cancel_requested_id:
            return
        activity.cancel_requested_id = event.event_id
        if activity.started_at is None:
            self._close(activity, "canceled", self._canceled(activity, None), begun=False)

    # --- what a worker reports ---

    def completed(self, token: Token, result: Payloads | None, identity: str) -> None:
        """Take the result of an attempt."""
        activity = self._attempt(token)
        self._close(activity, "completed", {"result": result, "identity": identity})

    def failed(self, token: Token, failure: Failure, identity: str) -> None:
        """Take the failure of an attempt."""
        activity = self._attempt(token)
        decision = self._again(activity, failure)
        if decision.tries:
            self._try_again(activity, failure, decision)
        else:
            self._close(activity, "failed", {"failure": failure, "identity": identity, "retry_state": decision.state})

    def canceled(self, token: Token, details: Payloads | None, identity: str) -> None:
        """Take note that an attempt was cancelled.

        Raises:
            RPCError: Nobody has asked for that.
        """
        activity = self._attempt(token)
        if not activity.cancel_requested_id:
            raise refused(RPCStatusCode.INVALID_ARGUMENT, "ActivityTaskCanceled is not expected: it was not requested.")
        self._close(activity, "canceled", {**self._canceled(activity, details), "identity": identity})

    def heartbeat(self, token: Token, details: Payloads | None) -> bool:
        """Take a heartbeat; return whether the activity was asked to cancel."""
        activity = self._attempt(token)
        activity.details = details
        self._watch_heartbeats(activity)
        return bool(activity.cancel_requested_id)

    def drop(self) -> None:
        """Give up all: the execution has closed."""
        self._open.clear()

    # --- attempts ---

    def _attempt(self, token: Token) -> Activity:
        activity = self._open.get(token[1])
        if activity is None or activity.started_at is None or activity.attempt != token[2]:
            raise refused(
                RPCStatusCode.NOT_FOUND,
                "invalid activityID or activity already timed out or invoking workflow is completed",
            )
        return activity

    def _dispatch(self, activity: Activity) -> None:
        attempt = activity.attempt
        self._execution.clock.soon(QUEUED - HOP, lambda: self._start(activity, attempt))

    def _start(self, activity: Activity, attempt: int) -> None:
        execution = self._execution
        if self._open.get(activity.scheduled_id) is not activity or activity.attempt != attempt:
            return
        queue = activity.scheduled.task_queue.name
        worker = execution.server.worker_of(queue)
        if worker is None:
            execution.server.waiting_for_worker(queue, lambda: self._start(activity, attempt))
            return
        clock = execution.clock
        clock.cancel(activity.timers.pop(SCHEDULE_TO_START, None))
        activity.started_at = clock.now()
        activity.identity, activity.build_id = worker.identity, worker.build_id
        within = seconds(activity.scheduled.start_to_close_timeout)
        if within:
            activity.timers[START_TO_CLOSE] = clock.after(
                within, lambda: self._times_out(activity, attempt, START_TO_CLOSE)
            )
        self._watch_heartbeats(activity)
        task = ActivityTask(
            token=self.token(activity),
            workflow_type=execution.started.workflow_type.name,
            execution=execution.execution,
            scheduled=activity.scheduled,
            heartbeat_details=activity.details,
            scheduled_at=activity.scheduled_at,
            attempt_scheduled_at=activity.attempt_scheduled_at,
            started_at=activity.started_at,
        )
        clock.soon(HOP, lambda: worker.activity_task(task))

    def _watch_start(self, activity: Activity) -> None:
        within, attempt = seconds(activity.scheduled.schedule_to_start_timeout), activity.attempt
        if within:
            activity.timers[SCHEDULE_TO_START] = self._execution.clock.after(
                within, lambda: self._times_out(activity, attempt, SCHEDULE_TO_START)
            )

    def _watch_heartbeats(self, activity: Activity) -> None:
        clock, attempt = self._execution.clock, activity.attempt
        clock.cancel(activity.timers.pop(HEARTBEAT, None))
        within = seconds(activity.scheduled.heartbeat_timeout)
        if within:
            activity.timers[HEARTBEAT] = clock.after(within, lambda: self._times_out(activity, attempt, HEARTBEAT))

    def _again(self, activity: Activity, failure: Failure) -> Again:
        if activity.cancel_requested_id:
            return Again(RetryState.RETRY_STATE_CANCEL_REQUESTED)
        return again(
            activity.scheduled.retry_policy,
            attempt=activity.attempt,
            failure=failure,
            now=self._execution.clock.now(),
            expires=activity.expires,
        )

    def _try_again(self, activity: Activity, failure: Failure, decision: Again) -> None:
        self._stop_timers(activity)
        activity.started_at, activity.backs_off, activity.eager = None, True, False
        activity.last_failure = failure
        activity.attempt += 1
        attempt, clock = activity.attempt, self._execution.clock

        def schedule() -> None:
            activity.backs_off = False
            activity.attempt_scheduled_at = clock.now()
            self._watch_start(activity)
            self._dispatch(activity)

        def if_wanted() -> None:
            if self._open.get(activity.scheduled_id) is activity and activity.attempt == attempt:
                schedule()

        activity.next_attempt = clock.after(decision.backoff, if_wanted)

    def _times_out(self, activity: Activity, attempt: int, kind: TimeoutType.ValueType) -> None:
        of_this = activity.attempt == attempt or kind == SCHEDULE_TO_CLOSE
        if self._open.get(activity.scheduled_id) is not activity or not of_this:
            return
        failure = timeout_failure(f"activity {NAMES[kind]} timeout", kind)
        if kind in {SCHEDULE_TO_START, SCHEDULE_TO_CLOSE}:
            decision = Again(RetryState.RETRY_STATE_TIMEOUT)
        else:
            decision = self._again(activity, failure)
        if decision.tries:
            self._try_again(activity, failure, decision)
            return
        if decision.state == RetryState.RETRY_STATE_TIMEOUT and kind != SCHEDULE_TO_START:
            failure = timeout_failure(TOO_LATE, SCHEDULE_TO_CLOSE)
        if activity.last_failure is not None:
            failure.cause.CopyFrom(activity.last_failure)
        if activity.details is not None:
            failure.timeout_failure_info.last_heartbeat_details.CopyFrom(activity.details)
        self._close(
            activity,
            "timed_out",
            {"failure": failure, "retry_state": decision.state},
            begun=activity.started_at is not None,
        )

    def _close(self, activity: Activity, how: str, attributes: dict[str, Any], *, begun: bool = True) -> None:
        del self._open[activity.scheduled_id]
        self._stop_timers(activity)
        self._execution.clock.cancel(activity.total)
        self._execution.clock.cancel(activity.next_attempt)
        if begun:
            # A server writes this only now, since attempts that are followed by others leave no events.
            self._execution.noted("activity_task_started", self._started(activity), at=activity.started_at)
        self._execution.happened(f"activity_task_{how}", {"scheduled_event_id": activity.scheduled_id, **attributes})

    def _started(self, activity: Activity) -> dict[str, Any]:
        return {
            "scheduled_event_id": activity.scheduled_id,
            "identity": activity.identity,
            "request_id": f"attempt-{activity.attempt}",
            "attempt": activity.attempt,
            "last_failure": activity.last_failure,
            "worker_version": {"build_id": activity.build_id},
        }

    def _canceled(self, activity: Activity, details: Payloads | None) -> dict[str, Any]:
        return {"latest_cancel_requested_event_id": activity.cancel_requested_id, "details": details}

    def _stop_timers(self, activity: Activity) -> None:
        for timer in activity.timers.values():
            self._execution.clock.cancel(timer)
        activity.timers.clear()


def _timeouts(asked: Any, *, within: float) -> dict[str, Any]:
    """Return the timeouts of an activity, completed and bounded as the server does it.

    Args:
        asked: The command.
        within: How many seconds the workflow's run may take; 0 for any number.
    """
    names = ("schedule_to_close_timeout", "schedule_to_start_timeout", "start_to_close_timeout", "heartbeat_timeout")
    total, start, close, heartbeat = (seconds(getattr(asked, one)) for one in names)
    if total:
        start = min(start, total) or total
        close = min(close, total) or total
    else:
        total, start = within, start or within
    if within:
        total, start, close = min(total, within), min(start, within), min(close, within)
    return dict(zip(names, map(duration, (total, start, close, min(heartbeat, close))), strict=True))
