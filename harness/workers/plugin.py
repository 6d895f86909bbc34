"""The harness's interceptor for workers that it does not build itself: a plugin of their client."""

from __future__ import annotations

import json
import os
from collections.abc import Awaitable, Callable, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from functools import partial
from urllib.parse import urlsplit

from temporalio.plugin import SimplePlugin
from temporalio.worker import Worker, WorkerConfig

from harness.errors import UsageError
from harness.events import ConnectTried, WorkerStarted, WorkerStopped
from harness.evidence.worker_built import WorkerBuilt
from harness.workers.attempt_recorder import AttemptRecorder
from harness.workers.by_import_path import packed
from harness.workers.channel import Channel
from harness.workers.connect_audit import connects_seen
from harness.workers.sdk_options import activity_types, options_of
from harness.workers.workflow_tasks import stop_at_workflow_tasks

VARIABLE = "HARNESS_WORKER"
"""The environment variable by which a worker learns that the harness has started it."""

DEFAULT_STICKY = timedelta(seconds=10)
"""The SDK's default."""


@dataclass(frozen=True, kw_only=True)
class Seat:
    """What a custom worker needs to know of the run that it works for.

    Attributes:
        name: Its name in the evidence.
        socket: Path of the runner's socket.
        task_queue: The run's own; workers on others are left alone.
        sticky: How many seconds the server waits for this worker's own queue, where the worker does not set it.
        base_urls: Where the services are, by name, if connection attempts are to be reported.
    """

    name: str
    socket: str
    task_queue: str
    sticky: float
    base_urls: Mapping[str, str] = field(default_factory=dict)

    def to_text(self) -> str:
        """Return it as text."""
        return json.dumps({**asdict(self), "base_urls": dict(self.base_urls)})


class WorkerPlugin(SimplePlugin):
    """Lets the harness see into a worker that it has started, and inject faults at its failpoints.

    A plugin for the client, which passes it on to every worker: `Client.connect(..., plugins=[WorkerPlugin()])`. It
    adds an interceptor, stops the worker at workflow tasks, and lowers the sticky timeout to the harness's own where
    the worker has the SDK's. Outside the harness it does nothing.

    Args:
        seat: What the worker needs to know of its run; None to read it from the environment.
    """

    def __init__(self, seat: Seat | None = None) -> None:
        super().__init__("harness.WorkerPlugin")
        text = os.environ.get(VARIABLE)
        self._seat = seat if seat is not None or text is None else Seat(**json.loads(text))
        self._channel = None if self._seat is None else Channel(self._seat.socket)
        self._watching = ExitStack()
        if self._seat is not None and self._channel is not None:
            for name, url in self._seat.base_urls.items():
                report = partial(_tried, self._channel, name)
                self._watching.enter_context(connects_seen(urlsplit(url).netloc, report))

    def configure_worker(self, config: WorkerConfig) -> WorkerConfig:
        """Add the interceptor to workers on the run's task queue."""
        config = super().configure_worker(config)
        seat, channel = self._seat, self._channel
        if seat is None or channel is None or config.get("task_queue") != seat.task_queue:
            return config
        recorder = AttemptRecorder(seat.name, emit=channel.send, stop=channel.stop, stop_now=channel.stop_now)
        config["interceptors"] = [recorder, *config.get("interceptors", ())]
        if config.get("sticky_queue_schedule_to_start_timeout", DEFAULT_STICKY) == DEFAULT_STICKY:
            config["sticky_queue_schedule_to_start_timeout"] = timedelta(seconds=seat.sticky)
        return config

    async def run_worker(self, worker: Worker, next: Callable[[Worker], Awaitable[None]]) -> None:  # noqa: A002 - the SDK's
        """Report that it runs, and that it has stopped; stop it at workflow tasks meanwhile."""
        seat, channel = self._seat, self._channel
        if seat is None or channel is None:
            await super().run_worker(worker, next)
            return
        if worker.task_queue != seat.task_queue:
            channel.polls(worker.task_queue, worker=seat.name)
            await super().run_worker(worker, next)
            return
        stop_at_workflow_tasks(worker, name=seat.name, stop=channel.stop)
        channel.send(_built(worker, seat.name))
        channel.send(WorkerStarted(worker=seat.name, pid=os.getpid()))
        try:
            await super().run_worker(worker, next)
        finally:
            channel.send(WorkerStopped(worker=seat.name))


def _tried(channel: Channel, service: str) -> None:
    channel.send(ConnectTried(service=service))


def _built(worker: Worker, name: str) -> WorkerBuilt:
    options = options_of(worker.config(active_config=True))
    without = [one for one in options.interceptors if not isinstance(one, AttemptRecorder)]
    activities = activity_types(worker)
    try:
        sent = packed(replace(options, interceptors=without))
    except UsageError as error:
        return WorkerBuilt(worker=name, activities=activities, problem=str(error))
    return WorkerBuilt(worker=name, activities=activities, options=sent)
