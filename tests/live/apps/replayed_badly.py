"""Workflows that no replay ends well with."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

from temporalio import workflow

from tests.live.apps.every_command import QUICK


@workflow.defn(name="Fan", sandboxed=False)
class Hangs:
    """Never lets go, and catches whatever would end it."""

    @workflow.run
    async def run(self, count: int) -> list[str]:
        """Turn round and round."""
        while True:
            try:
                while True:
                    pass
            except BaseException:  # noqa: BLE001, S110 - the point
                pass


@workflow.defn(name="Timers", sandboxed=False)
class Dies:
    """Takes its process with it."""

    @workflow.run
    async def run(self) -> str:
        """Leave."""
        os._exit(9)


@workflow.defn(name="Again")
class Raises:
    """Has a bug."""

    @workflow.run
    async def run(self, life: int, seen: list[str]) -> list[str]:
        """Ask for what is not there."""
        return [seen[99]]


@workflow.defn(name="Local")
class Forbidden:
    """Does what the sandbox forbids."""

    @workflow.run
    async def run(self, word: str) -> str:
        """Open a file."""
        with open(word, encoding="utf-8") as file:  # noqa: ASYNC230, PTH123 - the point
            return file.read()


@workflow.defn(name="Sequence")
class BySetOrder:
    """Goes by the order of a set, which is another in each process."""

    @workflow.run
    async def run(self, order: dict[str, Any]) -> None:
        """Have something done in that order."""
        for kind in {f"kind-{number}" for number in range(50)}:
            await workflow.execute_activity(kind, start_to_close_timeout=QUICK, schedule_to_close_timeout=timedelta(1))
