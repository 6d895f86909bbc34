"""What a gate does with the project's corpora: they are recorded anew where that is asked for, and replayed."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from harness.gate.replay_session import PROCESSES, replay_session
from harness.processes.interrupts import Signals
from harness.replay.engine.code import Code
from harness.replay.engine.processes import ReplayPlan
from harness.replay.histories.folder import find
from harness.replay.record import record_anew
from harness.replay.verdicts.summary import ReplayPolicy, Summary
from harness.reports.replay import json as replay_json
from harness.results import Kind, Reason, SessionEnded
from harness.settings import Histories
from harness.verdict import Verdict

NOT_RECORDED = "the gate was ended from outside before it was recorded anew."

NOT_REPLAYED = "the gate was ended from outside before it was replayed."


def refresh_corpora(corpora: Sequence[Histories], *, root: Path, ended: SessionEnded, signals: Signals) -> list[Reason]:
    """Record the corpora anew: one history of each way that the runs of their scenarios took which passed.

    A session that was ended from outside lacks some of these ways, so that a corpus then stays as it is.
    """
    passed = [one for one in ended.results if one.verdict is Verdict.PASSED]
    said: list[Reason] = []
    for corpus in corpora:
        runs = [one.folder for one in passed if any(fnmatch.fnmatchcase(one.name, it) for it in corpus.scenarios)]
        if signals.came and corpus.scenarios:
            said.append(Reason(kind=Kind.INTERRUPTED, name=corpus.path, what=NOT_RECORDED))
        elif runs:
            recorded = record_anew(root / corpus.path, runs)
            click.echo(f"{corpus.path}: {recorded} histories")
    return said


def replay_corpora(
    corpora: Sequence[Histories], *, root: Path, folder: Path, signals: Signals
) -> tuple[Mapping[str, Summary], list[Reason]]:
    """Replay the corpora: every history must replay, with the commands that were recorded.

    Args:
        corpora: Which.
        root: The project's.
        folder: Where the reports are kept.
        signals: What may end it.

    Returns:
        What became of each corpus, by its path, and what a gate has to say of those that were not begun.
    """
    summaries: dict[str, Summary] = {}
    said: list[Reason] = []
    for corpus in corpora:
        if signals.came:
            said.append(Reason(kind=Kind.INTERRUPTED, name=corpus.path, what=NOT_REPLAYED))
            continue
        click.echo(f"\nReplaying {corpus.path}")
        code = Code(workflows=corpus.workflows, data_converter=corpus.data_converter, codec=corpus.codec)
        plan = ReplayPlan(code=code, path=(str(root),), processes=PROCESSES)
        summary = replay_session(find([root / corpus.path]), plan, ReplayPolicy(strict=True), signals=signals)
        replay_json.write(summary, folder / f"{corpus.path.replace('/', '-')}.json")
        summaries[corpus.path] = summary
    return summaries, said
