"""Replays the project's corpora for a gate, and re-records them on request."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping, Sequence
from pathlib import Path

from harness.files.path_part import path_part
from harness.files.printable import say
from harness.gate.replay_session import PROCESSES, replay_session
from harness.processes.interrupts import Signals
from harness.replay.engine.code import Code
from harness.replay.engine.file_replays import ReplayPlan
from harness.replay.histories.folder import find
from harness.replay.record import record_anew
from harness.replay.verdicts.summary import ReplayPolicy, Summary
from harness.reports.replay import json as replay_json
from harness.reports.text import plural
from harness.results import Kind, Reason, SessionEnded
from harness.settings import Histories
from harness.verdict import Verdict
from harness.workers.interpreter import Interpreter, import_path

NOT_RECORDED = "the gate was interrupted before this corpus was re-recorded."

NOT_REPLAYED = "the gate was interrupted before this corpus was replayed."


def refresh_corpora(corpora: Sequence[Histories], *, root: Path, ended: SessionEnded, signals: Signals) -> list[Reason]:
    """Re-record the corpora: one history of each distinct shape among the passed runs of their scenarios.

    After an interrupted session a corpus stays as it is, since some shapes would be missing.
    """
    passed = [one for one in ended.results if one.verdict is Verdict.PASSED]
    reasons: list[Reason] = []
    for corpus in corpora:
        runs = [one.folder for one in passed if any(fnmatch.fnmatchcase(one.name, it) for it in corpus.scenarios)]
        if signals.came and corpus.scenarios:
            reasons.append(Reason(kind=Kind.INTERRUPTED, name=corpus.path, what=NOT_RECORDED))
        elif runs:
            recorded = record_anew(root / corpus.path, runs)
            say(f"{corpus.path}: {plural(recorded, 'history', 'histories')} recorded")
    return reasons


def replay_corpora(
    corpora: Sequence[Histories],
    *,
    root: Path,
    folder: Path,
    signals: Signals,
    interpreter: Interpreter | None = None,
) -> tuple[Mapping[str, Summary], list[Reason]]:
    """Replay the corpora strictly: every history must replay with the recorded commands.

    Args:
        corpora: The corpora.
        root: The root of the project.
        folder: The folder for the reports.
        signals: Interrupts the replays.
        interpreter: The application's; None for this one.

    Returns:
        The summary of each corpus by its path, and a reason for each corpus that was not replayed.
    """
    summaries: dict[str, Summary] = {}
    reasons: list[Reason] = []
    for corpus in corpora:
        if signals.came:
            reasons.append(Reason(kind=Kind.INTERRUPTED, name=corpus.path, what=NOT_REPLAYED))
            continue
        say(f"\nReplaying {corpus.path}")
        code = Code(
            workflows=corpus.workflows,
            data_converter=corpus.data_converter,
            codec=corpus.codec,
            interceptors=corpus.interceptors,
            plugins=corpus.plugins,
            failure_types=corpus.failure_types,
            passthrough=corpus.passthrough,
        )
        path = interpreter.import_path if interpreter else import_path(root)
        plan = ReplayPlan(code=code, path=path, processes=PROCESSES, interpreter=interpreter)
        summary = replay_session(find([root / corpus.path]), plan, ReplayPolicy(strict=True), signals=signals)
        replay_json.write(summary, folder / f"{path_part(corpus.path)}.json")
        summaries[corpus.path] = summary
    return summaries, reasons
