"""Replays the histories that a test's mark `replay` names."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

from harness.files.temporary_folder import temporary_folder
from harness.replay.engine.code import Code
from harness.replay.engine.file_replays import ReplayPlan, replay_files
from harness.replay.histories.folder import find
from harness.replay.verdicts.summary import ReplayPolicy, Summary
from harness.reports.replay.markdown import tell
from harness.settings import find_project
from harness.workers.interpreter import import_path, interpreter_of


def replay_of_mark(
    root: Path,
    *paths: str,
    workflows: Sequence[str],
    strict: bool = False,
    open: bool = False,  # noqa: A002 - as on the command line
    **parts: Any,
) -> str:
    """Return the report if a history is red, else "".

    Raises:
        HarnessError: The code cannot be loaded, or replayed.
        TypeError: The mark has an argument that there is not.
    """
    workflows = [workflows] if isinstance(workflows, str) else workflows
    built: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in parts.items()}
    code = Code(workflows=tuple(workflows), **built)
    interpreter = interpreter_of(find_project(root)[1], root)
    path = interpreter.import_path if interpreter else import_path(root)
    plan = ReplayPlan(code=code, path=path, processes=os.cpu_count() or 1, interpreter=interpreter)
    found = find([root / one for one in paths], assume_open=open)
    with temporary_folder() as folder, ThreadPoolExecutor(1) as thread:
        # In a thread of its own: an event loop may already run in this one.
        replaying = replay_files(found, plan, log=folder / "replay.log")
        judgements = thread.submit(asyncio.run, replaying).result()
    policy = ReplayPolicy(strict=strict)
    summary = Summary(judgements=judgements, policy=policy, took=timedelta(0))
    return tell(summary) if summary.red else ""
