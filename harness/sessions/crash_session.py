"""Runs scenarios with a worker crash at every event of their histories: `harness run --crash-everywhere`."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from harness.catalog import Entry
from harness.explore.crash_everywhere import Spot, crash_everywhere, crash_free
from harness.processes.interrupts import Signals
from harness.results import SessionEnded
from harness.sessions.run_session import run_session
from harness.verdict import Verdict, worst


@dataclass(frozen=True, kw_only=True)
class Crashed:
    """The outcome of crash runs.

    Attributes:
        ended: The last session: that of the crash runs, or that of the runs without a crash.
        planned: How many crash runs there are without a budget; None when they were not started, because a signal
            came or not all scenarios passed without a crash.
    """

    ended: SessionEnded
    planned: int | None

    @property
    def verdict(self) -> Verdict:
        """That of the last session; INCONCLUSIVE at best without crash runs."""
        return worst([self.ended.verdict, Verdict.PASSED if self.planned is not None else Verdict.INCONCLUSIVE])


def run_with_crashes(
    entries: Sequence[Entry],
    *,
    only: Sequence[Spot],
    budget: timedelta | None,
    signals: Signals,
    seed: int | None,
    **options: Any,
) -> Crashed:
    """Run each scenario without a crash, then re-run it once per event with a crash there, all in one session.

    Args:
        entries: The scenarios.
        only: The events to crash at; none for every event.
        budget: After this time no further run starts.
        signals: Interrupts the sessions.
        seed: The seed of both sessions; None draws one.
        options: As for `run_session`.
    """
    bases = [crash_free(entry) for entry in entries]
    options["seed"] = secrets.randbelow(2**32) if seed is None else seed
    ended = run_session(bases, signals=signals, command="crash-free", **options)
    if signals.came or ended.verdict is not Verdict.PASSED:
        return Crashed(ended=ended, planned=None)
    results = {result.name: result for result in ended.results}
    ran = [base for base in bases if base.name in results]
    schedules = [one for base in ran for one in crash_everywhere(base, results[base.name], only=only)]
    ended = run_session(schedules, signals=signals, budget=budget, command="crash", **options)
    return Crashed(ended=ended, planned=len(schedules))
