"""A Temporal server that is none: it remembers what was done to it."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from harness import EnvironmentUnavailable, Testbed
from harness.testbed.ports import BreakableServer
from tests.unit.fake_testbed import set_stage


class RecordingServer:
    """Stands in for the Temporal server."""

    def __init__(self) -> None:
        self.story: list[str] = []
        self.comes_back = True

    async def kill(self) -> None:
        """Remember it."""
        self.story.append("kill")

    async def restart(self, *, unready_for: timedelta = timedelta(0)) -> None:
        """Remember it."""
        self.story.append(f"restart, unready for {unready_for}" if unready_for else "restart")
        if not self.comes_back:
            raise EnvironmentUnavailable("it did not start again.")

    def pause(self) -> None:
        """Remember it."""
        self.story.append("pause")

    def resume(self) -> None:
        """Remember it."""
        self.story.append("resume")


def with_a_server() -> tuple[Testbed, RecordingServer]:
    """A testbed with a server of its own."""
    testbed, server = set_stage(), RecordingServer()
    testbed.server = cast("BreakableServer", server)
    return testbed, server
