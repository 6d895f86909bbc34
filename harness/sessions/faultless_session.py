"""Runs scenarios without their faults, to find those that would pass without them: `harness run --without-faults`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from harness.catalog import Entry
from harness.results import SessionEnded
from harness.sessions.run_session import run_session
from harness.verdict import Verdict, worst


@dataclass(frozen=True, kw_only=True)
class Faultless:
    """Scenarios that were run without their faults.

    Attributes:
        ended: Their session.
        passed: The names of those that passed all the same.
    """

    ended: SessionEnded
    passed: tuple[str, ...]

    @property
    def verdict(self) -> Verdict:
        """FAILED where one passed, INCONCLUSIVE where not all have run."""
        unknown = self.ended.interrupted or self.ended.not_run or self.ended.over_budget or not self.ended.results
        return worst(
            [Verdict.FAILED if self.passed else Verdict.PASSED, Verdict.INCONCLUSIVE if unknown else Verdict.PASSED]
        )


def run_without_faults(entries: Sequence[Entry], **options: Any) -> Faultless:
    """Run each scenario that has faults once without them; nothing is reported but which of them pass.

    Args:
        entries: The scenarios; those without faults are left out.
        options: As for `run_session`.
    """
    faulty = [one for one in entries if one.scenario.faults]
    entries = [replace(one, scenario=replace(one.scenario, faults=())) for one in faulty]
    ended = run_session(entries, command="without-faults", reports=[], **options)
    passed = tuple(one.name for one in ended.results if one.verdict is Verdict.PASSED)
    return Faultless(ended=ended, passed=passed)
