"""The answer of a request never arrives."""

from __future__ import annotations

from dataclasses import dataclass

from harness.explore.kind import FaultSite, RequestKind
from harness.fault import Fault
from harness.faults.service import lost_reply
from harness.faults.service.only_nth_call import OnlyNthCall


@dataclass(frozen=True, kw_only=True)
class LostReply(RequestKind):
    """The service does what it is asked, and the connection is cut instead of an answer."""

    order = 100
    harm = 2
    formerly = "lost-reply"
    sentence = "did what it was asked, but its answer never arrived"
    commits = True

    def fault(self, site: FaultSite) -> Fault:
        """At that request and no other."""
        on = site.operation
        return OnlyNthCall(on=on, n=site.call.nth, fault=lost_reply.LostReply(on=on))
