"""What an exploration adds to a worker's activities: each attempt goes through the world that it belongs to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from temporalio import activity
from temporalio.worker import (
    ActivityInboundInterceptor,
    ActivityOutboundInterceptor,
    ExecuteActivityInput,
    Interceptor,
)

from harness.explore.inject.injector import Injector

WorldOf = Callable[[str], tuple[Injector, str] | None]
"""Returns the world that a workflow id belongs to, with the name its workflow's calls go by."""


class Exploring(Interceptor):
    """Leads every attempt of every activity through its world.

    Args:
        world_of: Finds it.
    """

    def __init__(self, world_of: WorldOf) -> None:
        self._world_of = world_of

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002 - the SDK's
        """Wrap one activity's execution."""
        return _Explored(next, self._world_of)


class _Explored(ActivityInboundInterceptor):
    def __init__(self, following: ActivityInboundInterceptor, world_of: WorldOf) -> None:
        super().__init__(following)
        self._world_of = world_of

    def init(self, outbound: ActivityOutboundInterceptor) -> None:
        super().init(_Heartbeats(outbound, self._world_of))

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002 - the SDK's
        found = self._world_of(activity.info().workflow_id or "")
        if found is None:
            return await super().execute_activity(input)
        world, workflow = found
        following = super().execute_activity
        return await world.attempt(workflow, tuple(input.args), lambda: following(input))


class _Heartbeats(ActivityOutboundInterceptor):
    def __init__(self, following: ActivityOutboundInterceptor, world_of: WorldOf) -> None:
        super().__init__(following)
        self._world_of = world_of
        self._number = 0

    def heartbeat(self, *details: Any) -> None:
        super().heartbeat(*details)
        self._number += 1
        found = self._world_of(activity.info().workflow_id or "")
        if found is not None:
            found[0].heartbeat(self._number)
