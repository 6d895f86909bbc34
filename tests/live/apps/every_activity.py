"""The activities of `every_command`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from temporalio import activity
from temporalio.exceptions import ApplicationError


@activity.defn
async def echo(word: str, number: int) -> str:
    """Say it again."""
    return f"{word} {number}"


@activity.defn
async def charge(order: dict[str, Any]) -> str:
    """Charge."""
    return f"charged {order['cents']}"


@activity.defn
async def undo(part: str) -> None:
    """Undo."""


@activity.defn
async def flaky(word: str) -> str:
    """Fail once."""
    if activity.info().attempt == 1:
        raise ApplicationError("once")
    return word


@activity.defn
async def waits(_how: str) -> None:
    """Wait to be cancelled."""
    while True:
        activity.heartbeat()
        await asyncio.sleep(0.05)


@activity.defn
async def fail(why: str) -> None:
    """Fail."""
    raise ApplicationError(why, type="Why")


ACTIVITIES: list[Callable[..., Any]] = [echo, charge, undo, flaky, waits, fail]
