"""The connection of a request is reset."""

from __future__ import annotations

from dataclasses import dataclass

from harness.explore.kind import FaultSite, RequestKind
from harness.fault import Fault
from harness.faults.network import reset
from harness.triggers.nth_call import NthCall


@dataclass(frozen=True, kw_only=True)
class Reset(RequestKind):
    """The service does what it is asked, and the connection is reset on the way back."""

    order = 170
    harm = 2
    sentence = "did what it was asked, but the connection was reset before its answer arrived"

    def fault(self, site: FaultSite) -> Fault:
        """While that request is unanswered, at the operation's service."""
        return reset.Reset(on=site.service, when=NthCall(n=site.call.nth, of=site.operation))
