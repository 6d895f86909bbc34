"""The answer of a request is late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from harness.explore.kind import FaultSite, RequestKind
from harness.fault import Fault
from harness.faults.service import late_reply
from harness.faults.service.only_nth_call import OnlyNthCall


@dataclass(frozen=True, kw_only=True)
class LateReply(RequestKind):
    """The service does what it is asked, and its answer comes later than httpx waits unless told otherwise (5 s)."""

    order = 110
    harm = 5
    formerly = "latency"
    sentence = "did what it was asked, but its answer was 6 s late"
    commits = True

    def fault(self, site: FaultSite) -> Fault:
        """At that request and no other."""
        on = site.operation
        return OnlyNthCall(on=on, n=site.call.nth, fault=late_reply.LateReply(on=on, delay=timedelta(seconds=6)))
