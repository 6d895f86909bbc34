"""What an exploration adds to one run, besides what the harness itself adds."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from temporalio.client import Client
from temporalio.worker import Interceptor, WorkflowRunner

Thing = TypeVar("Thing")


def _as_it_is(thing: Thing) -> Thing:
    return thing


async def _nothing() -> None:
    pass


def _none(_workflow_id: str) -> bool:
    return False


@dataclass(frozen=True, kw_only=True)
class RunHooks:
    """What an exploration adds to a run.

    Attributes:
        ids: The run's workflow id and task queue.
        client: Wraps the client that starts and drives the workflow.
        interceptors: Further ones of a worker in this process, inside the harness's own.
        runner: Wraps the workflow runner of a worker in this process.
        ended: Awaited once the workflow has ended and before its worker stops.
        replaces: Whether the exploration answered in the place of a child workflow, by its id: what is in its history
            is then not the application's.
        timeouts_at_most: How long an attempt may take, and be silent, that a worker process has begun; None for what
            the application says.
    """

    ids: str
    client: Callable[[Client], Client] = _as_it_is
    interceptors: Sequence[Interceptor] = ()
    runner: Callable[[WorkflowRunner], WorkflowRunner] = _as_it_is
    ended: Callable[[], Awaitable[None]] = _nothing
    replaces: Callable[[str], bool] = _none
    timeouts_at_most: timedelta | None = None
