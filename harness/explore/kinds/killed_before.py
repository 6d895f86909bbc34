"""The worker is killed before a body."""

from __future__ import annotations

from dataclasses import dataclass

from harness.explore.kind import FaultSite, WorkerKind
from harness.fault import Fault
from harness.faults.worker.kill import Kill
from harness.triggers.at_point import AtPoint
from harness.workers.failpoints import Phase


@dataclass(frozen=True, kw_only=True)
class KilledBefore(WorkerKind):
    """The worker process is killed before the body of the first attempt begins."""

    order = 250
    harm = 6
    formerly = "killed-before"
    sentence = "had not begun when its worker was killed"

    def fault(self, site: FaultSite) -> Fault:
        """At the first attempt."""
        call = site.call
        return Kill(
            when=AtPoint(
                phase=Phase.BEFORE_BODY,
                activity=call.activity,
                workflow=call.workflow or site.started,
                attempt=1,
                nth=call.nth,
            )
        )
