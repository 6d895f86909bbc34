"""The server is away for seconds as the workflow starts: the worker finds it again by itself, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from harness import CrashServer, Evidence, Finding, OnEvent, Server, broken
from scenarios.server_loss import all_well

AWAY = timedelta(seconds=3)


@dataclass(frozen=True, kw_only=True)
class EndsNoSooner:
    """The workflow cannot end while the server is away, which it is from the workflow's first event on.

    Attributes:
        than: How long the workflow takes at least, by the server's own record.
    """

    than: timedelta

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Compare the times of its first and of its last event."""
        events = [event for history in evidence.runs for event in history.events]
        took = events[-1].at - events[0].at if events else timedelta(0)
        if took < self.than:
            yield broken(self, f"the workflow ended {took} after its start, expected {self.than} or more.")


scenario = replace(
    all_well.scenario,
    server=Server(breakable=True),
    faults=[CrashServer(down_for=AWAY, when=OnEvent(type="WorkflowExecutionStarted"))],
    expects=[*all_well.scenario.expects, EndsNoSooner(than=AWAY)],
)
