"""Code that blocks the event loop is interrupted where it stands, and nothing else is."""

from __future__ import annotations

import asyncio
import time

import pytest

from harness.explore.inject import loop_watchdog as watchdog
from harness.explore.inject.loop_watchdog import BlockedError, Watchdog

PATIENCE = 0.5


async def sleeps() -> None:
    """Block in C."""
    time.sleep(60)  # noqa: ASYNC251 - the mistake on trial


async def spins() -> None:
    """Block in Python, and let no ordinary exception end it."""
    while True:
        try:
            time.monotonic()
        except Exception:  # noqa: BLE001, S112 - the mistake on trial
            continue


@pytest.mark.parametrize("blocks", [sleeps, spins])
async def test_what_blocks_is_interrupted_where_it_stands(blocks: object) -> None:
    """A sleep as well as a busy loop; a loop that then comes round has lost nothing else."""
    told: list[str] = []

    def blocked(where: str, long: bool) -> bool:  # noqa: FBT001 - the watchdog's
        told.append(where)
        return long

    async with Watchdog(PATIENCE, blocked=blocked):
        began = time.monotonic()
        with pytest.raises(BlockedError, match=r"test_loop_watchdog\.py:\d+"):
            await asyncio.create_task(blocks())  # type: ignore[operator]

    assert time.monotonic() - began >= PATIENCE / 2
    assert all("test_loop_watchdog.py" in one for one in told)


async def test_what_awaits_is_let_alone() -> None:
    """However long it takes."""

    def blocked(where: str, long: bool) -> bool:  # noqa: FBT001 - the watchdog's
        raise AssertionError(where)

    async with Watchdog(0.2, blocked=blocked) as dog:
        await asyncio.sleep(0.5)

    assert dog.ticks > 0


async def test_what_is_known_to_block_is_interrupted_sooner(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not waited for a second time."""
    monkeypatch.setattr(watchdog, "SOONER", 0.3)
    said: list[bool] = []

    def blocked(_where: str, long: bool) -> bool:  # noqa: FBT001 - the watchdog's
        said.append(long)
        return True

    async with Watchdog(60, blocked=blocked):
        with pytest.raises(BlockedError):
            await asyncio.create_task(sleeps())

    assert said == [False]
