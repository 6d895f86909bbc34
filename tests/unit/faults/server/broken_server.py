"""A Temporal server that is none: it remembers what was done to it."""

from __future__ import annotations

from typing import cast

from harness import Stage
from harness.stage import BreakableServer
from tests.unit.stagehands import set_stage


class RecordingServer:
    """Stands in for the Temporal server."""

    def __init__(self) -> None:
        self.story: list[str] = []

    async def kill(self) -> None:
        """Remember it."""
        self.story.append("kill")

    async def restart(self) -> None:
        """Remember it."""
        self.story.append("restart")

    def pause(self) -> None:
        """Remember it."""
        self.story.append("pause")

    def resume(self) -> None:
        """Remember it."""
        self.story.append("resume")


def with_a_server() -> tuple[Stage, RecordingServer]:
    """A stage with a server of its own."""
    stage, server = set_stage(), RecordingServer()
    stage.server = cast("BreakableServer", server)
    return stage, server
