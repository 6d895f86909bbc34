"""Work that is begun is seen to its end, also when whoever waits for it is interrupted."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any


async def to_its_end(work: Coroutine[Any, Any, None]) -> None:
    """Await work that may not be left half done, also when the caller is cancelled meanwhile.

    Raises:
        CancelledError: The caller was cancelled; the work has ended.
    """
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise
