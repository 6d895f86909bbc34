"""A request is answered with 503."""

from __future__ import annotations

from dataclasses import dataclass

from harness.explore.kind import FaultSite, RequestKind
from harness.fault import Fault
from harness.faults.service.http_error import HttpError
from harness.faults.service.only_nth_call import OnlyNthCall


@dataclass(frozen=True, kw_only=True)
class Http503(RequestKind):
    """The answer is 503 once, and nothing is done."""

    order = 210
    harm = 1
    formerly = "http-error"
    sentence = "was answered with 503 once, and nothing was done"

    def fault(self, site: FaultSite) -> Fault:
        """At that request and no other."""
        on = site.operation
        return OnlyNthCall(on=on, n=site.call.nth, fault=HttpError(on=on, status=503))
