"""Workers: the application under test, polling the run's own task queue.

In this process for now; the recorder that each worker gets is the only thing the harness adds to the application.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from temporalio import activity
from temporalio.client import Client
from temporalio.converter import DataConverter
from temporalio.worker import (
    ActivityInboundInterceptor,
    ExecuteActivityInput,
    Interceptor,
    Worker,
)

from harness.events import AttemptEnded, AttemptStarted, Event, RunBroken, WorkerStarted, WorkerStopped

Activities = Sequence[Callable[..., Any]]

BUILD_ID = "under-test"
"""Given to workers and replayers, since the SDK would otherwise hash every loaded module at the first of them."""

DRAIN = timedelta(seconds=3)
"""How long a stopping worker lets attempts run on that the server has already given up: their late commits are
evidence, too."""


@dataclass(frozen=True, kw_only=True)
class Application:
    """The application under test, as its own worker would be built.

    Attributes:
        workflows: Its workflow classes.
        activities: Makes its activities. Called with the base URL of each fake the scenario uses, as keyword
            arguments named after the fakes, such as `flights="http://127.0.0.1:40001"`. Returns the activities,
            or an async context manager that yields them and closes what they held open.
        data_converter: Its data converter, if it is not the SDK's default.
    """

    workflows: Sequence[type]
    activities: Callable[..., Activities | AbstractAsyncContextManager[Activities]] | None = None
    data_converter: DataConverter = DataConverter.default

    def client(self, client: Client) -> Client:
        """Return a client on the same connection that speaks the application's payloads."""
        return Client(client.service_client, namespace=client.namespace, data_converter=self.data_converter)

    def problems(self, services: Sequence[str]) -> Iterator[str]:
        """Say what keeps this application from being built with these fakes, one sentence each."""
        if not self.workflows:
            yield "the application has no workflows."
        if self.activities is None:
            return
        parameters = inspect.signature(self.activities).parameters
        if any(one.kind is one.VAR_KEYWORD for one in parameters.values()):
            return
        for name, one in parameters.items():
            if name not in services and one.default is one.empty:
                yield f"the activities want a base URL {name!r}, but the scenario uses no fake of that name."
        for name in services:
            if name not in parameters:
                yield f"the scenario uses the fake {name!r}, but the activities take no base URL of that name."


@asynccontextmanager
async def worker_in_process(
    client: Client,
    *,
    task_queue: str,
    application: Application,
    base_urls: Mapping[str, str],
    emit: Callable[[Event], None],
) -> AsyncIterator[None]:
    """Run the application's worker in this process inside the context.

    Leaving it drains the worker: attempts still running get `DRAIN` to finish, then they are cancelled.
    """
    async with AsyncExitStack() as stack:
        made = () if application.activities is None else application.activities(**base_urls)
        activities = await stack.enter_async_context(made) if isinstance(made, AbstractAsyncContextManager) else made
        pool = stack.enter_context(ThreadPoolExecutor(thread_name_prefix=task_queue))

        async def fatal(error: BaseException) -> None:
            emit(RunBroken(what=f"the worker ended by itself: {', '.join(error_chain(error))}"))

        worker = Worker(
            client,
            task_queue=task_queue,
            workflows=application.workflows,
            activities=activities,
            activity_executor=pool,
            interceptors=[AttemptRecorder(emit)],
            graceful_shutdown_timeout=DRAIN,
            on_fatal_error=fatal,
            build_id=BUILD_ID,
        )
        await stack.enter_async_context(worker)
        emit(WorkerStarted(worker=task_queue, pid=os.getpid()))
        yield
    emit(WorkerStopped(worker=task_queue))


class AttemptRecorder(Interceptor):
    """Records every attempt of every activity: when its body began and ended, and with what error.

    It sees the body of an activity and nothing of what the activity does inside; an error that the body handles
    itself is not seen.
    """

    def __init__(self, emit: Callable[[Event], None]) -> None:
        self._emit = emit

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002 - the SDK's
        """Wrap one activity's execution."""
        return _Recorded(next, self._emit)


class _Recorded(ActivityInboundInterceptor):
    def __init__(self, following: ActivityInboundInterceptor, emit: Callable[[Event], None]) -> None:
        super().__init__(following)
        self._emit = emit

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002 - the SDK's
        info = activity.info()
        said: dict[str, Any] = {
            "workflow_id": info.workflow_id or "",
            "activity": info.activity_type,
            "activity_id": info.activity_id,
            "attempt": info.attempt,
        }
        self._emit(AttemptStarted(**said))
        try:
            result = await super().execute_activity(input)
        except BaseException as error:
            self._emit(AttemptEnded(**said, errors=tuple(error_chain(error))))
            raise
        self._emit(AttemptEnded(**said))
        return result


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
