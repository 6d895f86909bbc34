"""A request is refused permanently."""

from __future__ import annotations

from dataclasses import dataclass

from harness.explore.kind import FaultSite, RequestKind
from harness.fault import Fault
from harness.faults.service.http_error import HttpError
from harness.faults.service.only_nth_call import OnlyNthCall


@dataclass(frozen=True, kw_only=True)
class Http400(RequestKind):
    """The answer is 400, each time that the same is asked for, and nothing is done."""

    order = 120
    harm = 3
    formerly = "refused"
    sentence = "was answered with 400 each time it was sent, and nothing was done"
    for_good = True

    def fault(self, site: FaultSite) -> Fault:
        """At that request, and at no other."""
        on = site.operation
        return OnlyNthCall(on=on, n=site.call.nth, fault=HttpError(on=on, status=400), each_time=True)
