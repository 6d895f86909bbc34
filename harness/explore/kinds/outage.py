"""A service cannot be reached from a request on."""

from __future__ import annotations

from dataclasses import dataclass

from harness.explore.kind import FaultSite, RequestKind
from harness.fault import Fault
from harness.faults.network import outage
from harness.triggers.from_call import FromCall


@dataclass(frozen=True, kw_only=True)
class Outage(RequestKind):
    """The connection is cut as the request arrives, and the service cannot be reached from then on."""

    order = 150
    harm = 6
    sentence = "lost its connection as it arrived, and its service could not be reached from then on"
    for_good = True
    from_then_on = True
    of_service = True
    bounded = True

    def fault(self, site: FaultSite) -> Fault:
        """From that request on, at the operation's service."""
        return outage.Outage(on=site.service, when=FromCall(n=site.call.nth, of=site.operation))
