"""What the harness adds to a worker, and all it adds: a recorder of attempts, heartbeats and workflow tasks.

It sees where the body of an activity begins and ends, with what error, and each heartbeat; and where a workflow task
begins. It sees nothing of what happens inside a body, and no error that a body handles itself.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from temporalio import activity
from temporalio.worker import (
    ActivityInboundInterceptor,
    ActivityOutboundInterceptor,
    ExecuteActivityInput,
    Interceptor,
)

from harness.events import AttemptEnded, AttemptStarted, Event, Heartbeat
from harness.workers.failpoints import Failpoint, Phase

Stop = Callable[[Failpoint], Awaitable[None]]
StopNow = Callable[[Failpoint], None]


class AttemptRecorder(Interceptor):
    """Records every attempt of every activity and stops at its named points.

    Args:
        worker: The worker's name.
        emit: Takes the events.
        stop: Awaited at each point in an attempt; None where nobody stops there.
        stop_now: Called at each heartbeat; returns when the worker may go on.
        begins: Called in the task of each attempt, with the activity's type.
    """

    def __init__(
        self,
        worker: str,
        *,
        emit: Callable[[Event], None],
        stop: Stop | None = None,
        stop_now: StopNow | None = None,
        begins: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.worker = worker
        self.emit = emit
        self.stop = stop
        self.stop_now = stop_now
        self.begins = begins

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002 - the SDK's
        """Wrap one activity's execution."""
        return _Recorded(next, self)


class _Recorded(ActivityInboundInterceptor):
    def __init__(self, following: ActivityInboundInterceptor, recorder: AttemptRecorder) -> None:
        super().__init__(following)
        self._recorder = recorder

    def init(self, outbound: ActivityOutboundInterceptor) -> None:
        super().init(_Heartbeats(outbound, self._recorder))

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002 - the SDK's
        info = activity.info()
        fields: dict[str, Any] = {
            "workflow_id": info.workflow_id or "",
            "activity": info.activity_type,
            "activity_id": info.activity_id,
            "attempt": info.attempt,
        }
        recorder = self._recorder
        recorder.begins(info.activity_type)
        known = info.heartbeat_details
        recorder.emit(
            AttemptStarted(
                **fields,
                resumes_from=_plain(known[0]) if known else None,
                scheduled_at=info.current_attempt_scheduled_time,
                started_at=info.started_time,
            )
        )
        try:
            if recorder.stop is not None:
                await recorder.stop(_point(recorder.worker, Phase.BEFORE_BODY))
            result = await super().execute_activity(input)
        except BaseException as error:
            recorder.emit(AttemptEnded(**fields, errors=tuple(error_chain(error))))
            raise
        recorder.emit(AttemptEnded(**fields))
        if recorder.stop is not None:
            await recorder.stop(_point(recorder.worker, Phase.AFTER_BODY))
        return result


class _Heartbeats(ActivityOutboundInterceptor):
    def __init__(self, following: ActivityOutboundInterceptor, recorder: AttemptRecorder) -> None:
        super().__init__(following)
        self._recorder = recorder
        self._number = 0

    def heartbeat(self, *details: Any) -> None:
        super().heartbeat(*details)
        self._number += 1
        info = activity.info()
        shown = _plain(details[0]) if details else None
        self._recorder.emit(
            Heartbeat(
                workflow_id=info.workflow_id or "",
                activity=info.activity_type,
                activity_id=info.activity_id,
                attempt=info.attempt,
                details=shown,
            )
        )
        if self._recorder.stop_now is not None:
            self._recorder.stop_now(_point(self._recorder.worker, Phase.HEARTBEAT, number=self._number, details=shown))


def _point(worker: str, phase: Phase, *, number: int = 0, details: Any = None) -> Failpoint:
    info = activity.info()
    return Failpoint(
        worker=worker,
        phase=phase,
        workflow=info.workflow_type or "",
        workflow_id=info.workflow_id or "",
        activity=info.activity_type,
        attempt=info.attempt,
        number=number,
        details=details,
    )


def _plain(value: Any) -> Any:
    """A value as far as JSON can carry it; anything else as its text."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return repr(value)


def error_chain(error: BaseException) -> Iterator[str]:
    """Yield "Class: text" of an exception and of each exception behind it, outermost first."""
    seen: set[int] = set()
    waiting: list[BaseException] = [error]
    while waiting:
        one = waiting.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield f"{type(one).__name__}: {one}"
        if isinstance(one, BaseExceptionGroup):
            waiting.extend(one.exceptions)
        behind = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
        if behind is not None:
            waiting.append(behind)
