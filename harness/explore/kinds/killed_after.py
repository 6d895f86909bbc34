"""The worker is killed after a body."""

from __future__ import annotations

from dataclasses import dataclass

from harness.explore.kind import FaultSite, WorkerKind
from harness.fault import Fault
from harness.faults.worker.kill import Kill
from harness.triggers.at_point import AtPoint
from harness.workers.failpoints import Phase


@dataclass(frozen=True, kw_only=True)
class KilledAfter(WorkerKind):
    """The worker process is killed once the body has returned, before anybody hears of it."""

    order = 130
    harm = 7
    formerly = "killed-after"
    sentence = "had done its work when its worker was killed, before anybody heard of it"
    commits = True

    def fault(self, site: FaultSite) -> Fault:
        """At whichever attempt returns first: one that fails by itself is tried again."""
        call = site.call
        return Kill(
            when=AtPoint(
                phase=Phase.AFTER_BODY,
                activity=call.activity,
                workflow=call.workflow or site.started,
                nth=call.nth,
            )
        )
