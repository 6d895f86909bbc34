"""What every command that replays shares: one session, told on the terminal, ended in good order by a signal."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path

from rich.console import Console

from harness.replay.folder import Found
from harness.replay.judgement import Judgement
from harness.replay.processes import Plan, replay_files
from harness.replay.reached import read
from harness.replay.summary import Policy, Summary
from harness.reports.replay_terminal import ReplayTerminal

PROCESSES = os.cpu_count() or 1
"""How many processes replay unless said otherwise."""


def replay_session(found: Sequence[Found], plan: Plan, policy: Policy, *, against: str = "") -> Summary:
    """Replay and tell of it.

    Raises:
        UsageError: The code cannot be loaded.
        EnvironmentUnavailable: No process can be started.
    """
    terminal = ReplayTerminal(Console(highlight=False, soft_wrap=not sys.stdout.isatty()), total=len(found))
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="harness-") as folder:
        try:
            judgements = asyncio.run(_until_signalled(found, plan, log=Path(folder) / "replay.log", terminal=terminal))
        except BaseException:
            terminal.end(None)
            raise
    summary = Summary(
        judgements=[policy.passed(one) for one in judgements],
        policy=policy,
        took=timedelta(seconds=time.monotonic() - begun),
        sandboxed=plan.code.sandboxed,
        against=against,
        reached=None if plan.coverage is None else read(plan.coverage, judgements),
    )
    terminal.end(summary)
    return summary


async def _until_signalled(
    found: Sequence[Found], plan: Plan, *, log: Path, terminal: ReplayTerminal
) -> list[Judgement]:
    """Replay; the first SIGINT or SIGTERM ends it in good order, a second one at once."""
    loop = asyncio.get_running_loop()
    running = asyncio.create_task(replay_files(found, plan, log=log, told=terminal.tell))

    def stop() -> None:
        for one in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(one, partial(os._exit, 1))
        running.cancel()

    for one in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(one, stop)
    return await running
