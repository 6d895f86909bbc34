"""A `toxiproxy-server` from PATH, started on a free port."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from harness.environment.toxiproxy.adapter import ToxiproxyAdapter
from harness.errors import EnvironmentUnavailable
from harness.files.log_tail import log_tail
from harness.processes.guard import ProcessGuard, end, free_port

PROGRAM = "toxiproxy-server"
READY = timedelta(seconds=20)
GRACE = timedelta(seconds=5)
# Somebody may take the port between our choosing it and the server's listening on it.
ATTEMPTS = 3


@asynccontextmanager
async def binary_toxiproxy(*, guard: ProcessGuard, log: Path) -> AsyncIterator[ToxiproxyAdapter]:
    """Run the Toxiproxy server that is on PATH.

    Args:
        guard: What the process is started on.
        log: Receives the server's log.

    Raises:
        EnvironmentUnavailable: It is not on PATH, or does not start.
    """
    program = shutil.which(PROGRAM)
    if program is None:
        raise EnvironmentUnavailable(f"{PROGRAM} is not on PATH: install it, or use --toxiproxy-provider embedded.")
    for attempt in range(1, ATTEMPTS + 1):
        port = free_port()
        with log.open("ab") as output:
            process = await guard.spawn([program, "-host", "127.0.0.1", "-port", str(port)], stdout=output)
        adapter = ToxiproxyAdapter(f"127.0.0.1:{port}", provider="binary")
        try:

            def ended() -> str | None:
                code = process.returncode  # noqa: B023 - called in this turn of the loop only
                return None if code is None else f"{program} ended with exit code {code}. {log_tail(log)}"

            try:
                await adapter.wait_until_ready(within=READY, alive=ended)
            except EnvironmentUnavailable:
                if process.returncode is None or attempt == ATTEMPTS:
                    raise
                continue
            yield adapter
            return
        finally:
            await adapter.close(delete=False)
            await end(process, grace=GRACE)
