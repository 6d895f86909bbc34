"""The embedded server: a Toxiproxy on any machine, without an installation."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from harness import embedded_toxiproxy
from harness.environment.toxiproxy.adapter import ToxiproxyAdapter
from harness.errors import EnvironmentUnavailable
from harness.files.log_tail import log_tail
from harness.processes.guard import ProcessGuard, end

READY = timedelta(seconds=20)
GRACE = timedelta(seconds=5)


@asynccontextmanager
async def embedded(*, guard: ProcessGuard, log: Path, seed: int) -> AsyncIterator[ToxiproxyAdapter]:
    """Run an embedded server in a process of its own.

    Args:
        guard: What the process is started on.
        log: Receives the server's log.
        seed: What it draws all chance from.

    Raises:
        EnvironmentUnavailable: It does not start.
    """
    start = Path(embedded_toxiproxy.__path__[0]) / "start.py"
    # -P: the folder of the script is not a place to import from.
    argv: list[str | Path] = [sys.executable, "-P", start, "--host", "127.0.0.1", "--port", "0", "--seed", str(seed)]
    with log.open("ab") as output:
        process = await guard.spawn(argv, stdout=asyncio.subprocess.PIPE, stderr=output)
    try:
        adapter = ToxiproxyAdapter(await _address(process, log), provider="embedded")
        try:
            await adapter.wait_until_ready(within=READY)
            yield adapter
        finally:
            await adapter.close(delete=False)
    finally:
        await end(process, grace=GRACE)


async def _address(process: asyncio.subprocess.Process, log: Path) -> str:
    assert process.stdout is not None  # noqa: S101 - asked for with PIPE
    line = b""
    with contextlib.suppress(TimeoutError):
        line = await asyncio.wait_for(process.stdout.readline(), READY.total_seconds())
    try:
        return str(json.loads(line)["address"])
    except (ValueError, KeyError) as error:
        raise EnvironmentUnavailable(f"the embedded Toxiproxy did not start. {log_tail(log)}") from error
