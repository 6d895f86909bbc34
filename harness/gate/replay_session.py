"""One session of replays, reported on the terminal: for `harness replay` and for the corpora of a gate."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from datetime import timedelta

from harness.files.temporary_folder import temporary_folder
from harness.processes.interrupts import Signals
from harness.replay.engine.file_replays import ReplayPlan, replay_files
from harness.replay.histories.folder import Found
from harness.replay.verdicts.coverage import read
from harness.replay.verdicts.summary import ReplayPolicy, Summary
from harness.reports.replay.terminal import ReplayTerminal

PROCESSES = os.cpu_count() or 1
"""The default number of processes that replay."""


def replay_session(
    found: Sequence[Found], plan: ReplayPlan, policy: ReplayPolicy, *, signals: Signals, against: str = ""
) -> Summary:
    """Replay and report; what a signal keeps from being replayed is judged as interrupted.

    Raises:
        UsageError: The code cannot be loaded.
        EnvironmentUnavailable: No process can be started.
    """
    terminal = ReplayTerminal(total=len(found))
    begun = time.monotonic()
    with temporary_folder() as folder:
        try:
            log = folder / "replay.log"
            judgements = signals.run(replay_files(found, plan, log=log, notify=terminal.notify))
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
