"""How many worker processes a scenario has, and how each is built."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from harness.errors import UsageError
from harness.workers.application import Application
from harness.workers.build import WorkerOptions
from harness.workers.by_import_path import packed
from harness.workers.custom import CustomWorker, problems_of

STICKY = timedelta(seconds=0.3)
"""How long the server waits for a worker's own queue; otherwise a killed one delays the next task for 10 s."""

CACHED = 1000
"""How many workflows a worker keeps in memory by default, as in the SDK."""

POLLS = 2
"""How many polls of a kind a worker has open. A task that the server gives to the open poll of a paused worker is lost
until it times out, so that each open poll can cost one more attempt; the SDK's default is 5."""


@dataclass(frozen=True, kw_only=True)
class WorkerProcesses:
    """How many worker processes a scenario has, and how each is built.

    Attributes:
        count: How many.
        max_cached_workflows: 0 replays each workflow from its start at every task.
        grace: How long attempts may run on in a worker that is drained, before they are cancelled. A custom worker
            has its own grace; this is then how long it may take to end after SIGTERM.
        up_within: How long one may take until it polls. One that the harness builds takes 0.1 s on an idle machine,
            plus the application's imports.
        own: A custom worker, in place of the one that the harness builds of the application.

    Raises:
        UsageError: A value is out of range, or has no effect; every problem at once.
    """

    count: int = 1
    max_cached_workflows: int = CACHED
    grace: timedelta = timedelta(seconds=3)
    up_within: timedelta = timedelta(seconds=30)
    own: CustomWorker | None = None

    def __post_init__(self) -> None:
        problems = tuple(self._problems())
        if problems:
            raise UsageError(*problems)

    def _problems(self) -> Iterator[str]:
        if self.count < 1:
            yield f"WorkerProcesses: count must be >= 1, got {self.count}."
        if self.max_cached_workflows < 0:
            yield f"WorkerProcesses: max_cached_workflows must be >= 0, got {self.max_cached_workflows}."
        if self.own is not None and self.max_cached_workflows != CACHED:
            yield "WorkerProcesses: max_cached_workflows cannot be set with own=...; set it in your worker."
        if self.grace < timedelta(0):
            yield f"WorkerProcesses: grace must not be negative, got {self.grace.total_seconds():g} s."
        if self.up_within <= timedelta(0):
            yield f"WorkerProcesses: up_within must be positive, got {self.up_within.total_seconds():g} s."

    def problems(self, application: Application, services: Sequence[str]) -> Iterator[str]:
        """Yield what keeps these from running an application with these fakes, one sentence each."""
        if self.own is not None:
            yield from problems_of(self.own, application, services)
        try:
            packed(application)
        except UsageError as error:
            yield str(error)

    @property
    def reports(self) -> bool:
        """Whether they report attempts and failpoints."""
        return self.own is None or self.own.tells

    @property
    def options(self) -> WorkerOptions:
        """How each worker is built."""
        return WorkerOptions(
            max_cached_workflows=self.max_cached_workflows, grace=self.grace, sticky_within=STICKY, polls=POLLS
        )
