"""How many worker processes a scenario wants, and how each is built."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from harness.errors import UsageError
from harness.workers.application import Application
from harness.workers.build import WorkerOptions
from harness.workers.custom import CustomWorker, problems_of
from harness.workers.process_main import packed

STICKY = timedelta(seconds=0.3)
"""How long the server waits for a worker's own queue; a killed one would else hold up the next task for 10 s."""

CACHED = 1000
"""How many workflows a worker keeps in memory unless said otherwise, as with the SDK."""

POLLS = 2
"""How many polls of a kind a worker has open. A task that is handed to the open poll of a paused worker is lost until
it times out, so that each costs a pause one more attempt; the SDK's default is 5."""


@dataclass(frozen=True, kw_only=True)
class WorkerProcesses:
    """How many worker processes a scenario wants, and how each is built.

    Attributes:
        count: How many.
        max_cached_workflows: 0 replays each workflow from its start at every task.
        grace: How long attempts may run on in a worker that is drained, before they are cancelled. A worker of your
            own has a grace of its own; this is then how long it may take to end once it is told.
        up_within: How long one may take until it polls. The harness's own takes 0.1 s on an idle machine, besides
            the application's imports.
        own: The user's own worker, in place of the one that the harness builds of the application.

    Raises:
        UsageError: There is none, or one cannot be built so; every problem at once.
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
            yield f"{self.count} worker processes cannot run anything."
        if self.max_cached_workflows < 0:
            yield f"a worker cannot keep {self.max_cached_workflows} workflows in memory."
        if self.own is not None and self.max_cached_workflows != CACHED:
            yield f"max_cached_workflows={self.max_cached_workflows} has no effect on a worker of your own; it says."
        if self.grace < timedelta(0):
            yield f"a worker cannot be given a grace of {self.grace}."
        if self.up_within <= timedelta(0):
            yield f"no worker is up within {self.up_within}."

    def problems(self, application: Application, services: Sequence[str]) -> Iterator[str]:
        """Say what keeps these from running an application with these fakes, one sentence each."""
        if self.own is not None:
            yield from problems_of(self.own, application, services)
        try:
            packed(application)
        except UsageError as error:
            yield str(error)

    @property
    def tell(self) -> bool:
        """Whether they tell of attempts and points."""
        return self.own is None or self.own.tells

    @property
    def options(self) -> WorkerOptions:
        """How each worker is built."""
        return WorkerOptions(
            max_cached_workflows=self.max_cached_workflows, grace=self.grace, sticky_within=STICKY, polls=POLLS
        )
