"""What a campaign needs of whoever runs its schedules."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Protocol

from harness.explore.model.explored_run import ExploredRun
from harness.explore.model.schedule import Schedule
from harness.explore.model.target import Target
from harness.oracle import Oracle
from harness.results import Result

Run = Callable[[Schedule, Sequence[Oracle]], Awaitable[Result]]
"""Runs one schedule, and judges it by what must hold."""


class Backend(Protocol):
    """Runs schedules against one target, each with an external state of its own."""

    @property
    def target(self) -> Target:
        """The application, and what must hold of it."""

    @property
    def jobs(self) -> int:
        """How many schedules run concurrently."""

    @property
    def processes(self) -> bool:
        """Whether a worker can have a process of its own, which can be killed."""

    @property
    def shortened(self) -> tuple[str, ...]:
        """What is not as in production, one sentence each."""

    def problems(self, schedule: Schedule) -> Iterator[str]:
        """Say what keeps a schedule from being run, one sentence each."""

    def learn(self, run: ExploredRun) -> None:
        """Remember how long bodies take when nothing goes wrong: no timeout is shortened below that."""

    def alone(self) -> None:
        """Run one schedule at a time from now on, since runs disturb each other."""

    async def run(self, schedule: Schedule, expects: Sequence[Oracle]) -> Result:
        """Run one schedule, and judge it once everything has come to rest.

        Raises:
            HarnessError: The worker or the target itself is broken.
            UsageError: The target cannot be explored like this.
        """
