"""What every process that replays begins with: its pipes, its logging, and how it ends."""

from __future__ import annotations

import asyncio
import faulthandler
import json
import logging
import os
import signal
import sys
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Protocol

from temporalio.runtime import LoggingConfig, Runtime, TelemetryConfig


class Say(Protocol):
    """Sends one answer, a JSON object on a line."""

    def __call__(self, **said: Any) -> None:
        """Send it."""


def main(serve: Callable[[asyncio.StreamReader, Say], Awaitable[None]]) -> None:
    """Serve orders, one JSON object a line over the standard input and output, and leave.

    What the code prints goes to standard error, and so does its stack on SIGUSR1. The interpreter is not finalized
    (sdk-python issue 300).
    """
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    faulthandler.register(signal.SIGUSR1)
    # Only `StuckWatch` reads what the SDK logs.
    logging.getLogger("temporalio").propagate = False
    logging.getLogger("temporalio").addHandler(logging.NullHandler())
    Runtime.set_default(Runtime(telemetry=TelemetryConfig(logging=LoggingConfig(filter="OFF"))))

    def say(**said: Any) -> None:
        answers.write(json.dumps(said) + "\n")
        answers.flush()

    async def run() -> None:
        loop = asyncio.get_running_loop()
        orders = asyncio.StreamReader(limit=2**30)
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
        await serve(orders, say)

    code = 1
    try:
        _loop().run_until_complete(run())
        code = 0
    finally:
        traceback.print_exc() if code and sys.exc_info()[0] else None
        sys.stderr.flush()
        os._exit(code)


def _loop() -> asyncio.AbstractEventLoop:
    try:
        from uvloop import new_event_loop  # noqa: PLC0415 - a tenth faster where it is installed, and not needed
    except ImportError:
        return asyncio.new_event_loop()
    return new_event_loop()


def report(error: Exception) -> str:
    """Return a sentence about an unexpected error."""
    at = traceback.extract_tb(error.__traceback__)[-1]
    cause = f", caused by {error.__cause__!r}" if error.__cause__ else ""
    return f"the replay failed: {error!r}{cause} ({Path(at.filename).name}:{at.lineno})."
