"""The process guard, as it is left."""

from __future__ import annotations

import asyncio
import sys

import pytest

from harness.processes.guard import ProcessGuard


async def test_interrupted_while_it_ends_it_knows_the_end_of_its_children() -> None:
    """Otherwise the event loop would close with open pipes to them, and print tracebacks."""
    guard = await ProcessGuard().__aenter__()
    child = await guard.spawn([sys.executable, "-c", "input()"], stdin=asyncio.subprocess.PIPE)

    leaving = asyncio.create_task(guard.__aexit__(None, None, None))
    await asyncio.sleep(0)
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving

    assert child.returncode is not None
