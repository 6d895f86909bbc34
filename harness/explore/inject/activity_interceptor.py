"""What an exploration adds to a worker's activities: each attempt goes through the injector that it belongs to."""

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

InjectorOf = Callable[[str], tuple[Injector, str] | None]
"""Returns the injector that a workflow id belongs to, with the name its workflow's calls go by."""


class Exploring(Interceptor):
    """Leads every attempt of every activity through its injector.

    Args:
        injector_of: Finds it.
    """

    def __init__(self, injector_of: InjectorOf) -> None:
        self._injector_of = injector_of

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002 - the SDK's
        """Wrap one activity's execution."""
        return _Explored(next, self._injector_of)


class _Explored(ActivityInboundInterceptor):
    def __init__(self, following: ActivityInboundInterceptor, injector_of: InjectorOf) -> None:
        super().__init__(following)
        self._injector_of = injector_of

    def init(self, outbound: ActivityOutboundInterceptor) -> None:
        super().init(_Heartbeats(outbound, self._injector_of))

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002 - the SDK's
        found = self._injector_of(activity.info().workflow_id or "")
        if found is None:
            return await super().execute_activity(input)
        injector, workflow = found
        following = super().execute_activity
        return await injector.attempt(workflow, tuple(input.args), lambda: following(input))


class _Heartbeats(ActivityOutboundInterceptor):
    def __init__(self, following: ActivityOutboundInterceptor, injector_of: InjectorOf) -> None:
        super().__init__(following)
        self._injector_of = injector_of
        self._number = 0

    def heartbeat(self, *details: Any) -> None:
        super().heartbeat(*details)
        self._number += 1
        found = self._injector_of(activity.info().workflow_id or "")
        if found is not None:
            found[0].heartbeat(self._number)
