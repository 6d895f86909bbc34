"""Workflows that end badly, or not at all."""

from __future__ import annotations

from temporalio import workflow


@workflow.defn
class Buggy:
    """Has a bug, which Temporal takes for one that the next deployment will mend."""

    @workflow.run
    async def run(self) -> str:
        """Fail the workflow task."""
        return self.look_up({})

    def look_up(self, known: dict[str, str]) -> str:
        """Look for what is not there."""
        return known["nowhere"]


@workflow.defn
class Patient:
    """Waits for a signal."""

    def __init__(self) -> None:
        self._told = False

    @workflow.run
    async def run(self) -> None:
        """Wait."""
        await workflow.wait_condition(lambda: self._told)

    @workflow.signal
    def tell(self) -> None:
        """End the wait."""
        self._told = True
