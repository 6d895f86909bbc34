"""The server is away for seconds as the workflow starts: the worker finds it again by itself, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise

from harness import CrashServer, Evidence, Finding, OnEvent, Server, broken
from scenarios.server_loss import all_well

AWAY = timedelta(seconds=3)


@dataclass(frozen=True, kw_only=True)
class NothingRecordedFor:
    """The server records nothing while it is away, however long all of it takes on a busy machine.

    Attributes:
        at_least: How long it is away.
    """

    at_least: timedelta

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Look for the longest time between two events."""
        times = [event.at for history in evidence.runs for event in history.events]
        longest = max((after - before for before, after in pairwise(times)), default=timedelta(0))
        if longest < self.at_least:
            yield broken(self, f"the longest time without an event was {longest}, expected {self.at_least} or more.")


scenario = replace(
    all_well.scenario,
    server=Server(breakable=True),
    faults=[CrashServer(down_for=AWAY, when=OnEvent(type="WorkflowExecutionStarted"))],
    expects=[*all_well.scenario.expects, NothingRecordedFor(at_least=AWAY)],
)
