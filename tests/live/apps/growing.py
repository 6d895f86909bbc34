"""Workflows whose histories grow, until somebody stops them."""

from __future__ import annotations

from datetime import timedelta
from time import sleep

from temporalio import activity, workflow


@activity.defn
async def nothing() -> None:
    """Do nothing."""


@activity.defn
async def much(size: int) -> str:
    """Return so much."""
    return "x" * size


@workflow.defn
class Child:
    """Is there."""

    @workflow.run
    async def run(self) -> None:
        """Return at once."""


@workflow.defn
class Does:
    """Does so many things of a kind, one after the other."""

    def __init__(self) -> None:
        self._told = 0

    @workflow.run
    async def run(self, what: str, times: int) -> None:
        """Do them."""
        for number in range(times):
            if what == "activity":
                await workflow.execute_activity(nothing, start_to_close_timeout=timedelta(seconds=30))
            elif what == "timer":
                await workflow.sleep(0.001)
            elif what == "child":
                await workflow.execute_child_workflow(Child.run, id=f"{workflow.info().workflow_id}-{number}")
            else:
                await workflow.wait_condition(lambda number=number: self._told > number)  # type: ignore[misc]

    @workflow.signal
    def tell(self) -> None:
        """Be told."""
        self._told += 1

    @workflow.update
    async def told(self) -> int:
        """Return how often it was told."""
        return self._told


@workflow.defn
class TakesMuch:
    """Has large results."""

    @workflow.run
    async def run(self, size: int, times: int) -> None:
        """Take them."""
        for _ in range(times):
            await workflow.execute_activity(much, size, start_to_close_timeout=timedelta(seconds=30))


@workflow.defn
class GoesOnWhenSuggested:
    """Continues as new when the server suggests it, and says when that was."""

    @workflow.run
    async def run(self, told: list[int]) -> list[int]:
        """Return how long the history was when it was suggested, and at how many looks of that task it was."""
        if not told:
            while not workflow.info().is_continue_as_new_suggested():
                await workflow.execute_activity(nothing, start_to_close_timeout=timedelta(seconds=30))
            looks = [workflow.info().is_continue_as_new_suggested() for _ in range(3)]
            workflow.continue_as_new([workflow.info().get_current_history_length(), sum(looks)])
        return told


@workflow.defn
class TakesTen:
    """Continues as new after ten signals."""

    def __init__(self) -> None:
        self._taken = 0

    @workflow.run
    async def run(self, before: int, enough: int) -> int:
        """Return how many signals all runs have taken."""
        await workflow.wait_condition(lambda: self._taken >= 10)
        if before + self._taken < enough:
            workflow.continue_as_new(args=[before + self._taken, enough])
        return before + self._taken

    @workflow.signal
    def take(self) -> None:
        """Take one."""
        self._taken += 1


STEP = timedelta(milliseconds=100)


@workflow.defn
class TakesLongToReplay:
    """Computes for a while after each of its steps; run without the sandbox, so that it really does."""

    def __init__(self) -> None:
        self._asked = False

    @workflow.run
    async def run(self, steps: int) -> int:
        """Return how many steps it has made, once it is asked."""
        for _ in range(steps):
            await workflow.sleep(0.001)
            self._compute()
        await workflow.wait_condition(lambda: self._asked)
        return steps

    def _compute(self) -> None:
        sleep(STEP.total_seconds())

    @workflow.signal
    def ask(self) -> None:
        """Have it answer."""
        self._asked = True


STEPS_MADE: list[int] = []


@workflow.defn
class CountsItsSteps:
    """Counts how often its code runs each step; run without the sandbox, so that it really does."""

    @workflow.run
    async def run(self, steps: int) -> None:
        """Make so many steps."""
        for number in range(steps):
            STEPS_MADE.append(number)
            await workflow.sleep(0.001)
