"""A signal that comes while a command is still importing ends it without a traceback.

With `-X importtime` the interpreter prints a line when it has imported a module: those are the moments.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

import pytest

from harness.processes.startup import INTERRUPTED
from tests.live.commands import WITHIN, make_project

MOMENTS = ("asyncio", "click.core", "temporalio.client", "harness.cli")


async def interrupted(*words: str, at: str, number: signal.Signals, cwd: Path) -> tuple[int, str]:
    """Signal `harness WORDS` when it has imported a module; return its exit code and what it printed from then on."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-X", "importtime", "-m", "harness", *words),
        cwd=cwd,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=2**24,
    )
    assert process.stderr is not None
    async with asyncio.timeout(WITHIN):
        while (line := (await process.stderr.readline()).decode()).rpartition("| ")[2].strip() != at:
            assert line, f"it ended before it had imported {at}"
        process.send_signal(number)
        out, err = await process.communicate()
    assert process.returncode is not None
    printed = [line for line in err.decode().splitlines() if not line.startswith("import time:")]
    return process.returncode, "\n".join([out.decode(), *printed])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("at", MOMENTS)
async def test_interrupted_while_it_imports(tmp_path: Path, at: str, number: signal.Signals) -> None:
    """It ends with the exit code of what was interrupted; on a busy machine, the signal may come a little later."""
    project = make_project(tmp_path)

    code, printed = await interrupted("run", "doors/holds", at=at, number=number, cwd=project)

    assert (code, "interrupted" in printed, "Traceback" in printed) == (INTERRUPTED, True, False), printed
