"""The worker is killed at a workflow task."""

from __future__ import annotations

from dataclasses import dataclass

from harness.evidence.calls import CallMade, CallPlace
from harness.explore.kind import FaultSite, WorkerKind
from harness.fault import Fault
from harness.faults.worker.kill import Kill
from harness.triggers.nth_delivery import NthDelivery


@dataclass(frozen=True, kw_only=True)
class KilledAtTask(WorkerKind):
    """The worker process is killed as it gets the workflow task in which the workflow would receive an event."""

    order = 60
    harm = 6
    formerly = "killed"
    sentence = "was about to be received by the workflow's code when the worker was killed"
    places = frozenset({CallPlace.EVENT})

    def applies(self, made: CallMade, *, reads: frozenset[str]) -> bool:
        """To the first event of a task: at the others of it, it would be the same kill."""
        return made.task > 0 and super().applies(made, reads=reads)

    def fault(self, site: FaultSite) -> Fault:
        """Kill it at the event's number."""
        return Kill(when=NthDelivery(n=site.call.nth, workflow=site.started))
