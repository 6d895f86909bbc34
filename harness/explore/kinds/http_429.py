"""A request is answered with 429."""

from __future__ import annotations

from dataclasses import dataclass

from harness.explore.kind import FaultSite, RequestKind
from harness.fault import Fault
from harness.faults.service.http_error import HttpError
from harness.faults.service.only_nth_call import OnlyNthCall


@dataclass(frozen=True, kw_only=True)
class Http429(RequestKind):
    """The answer is 429 once, with `Retry-After: 1`, the least there is, and nothing is done."""

    order = 220
    harm = 1
    formerly = "rate-limit"
    sentence = "was answered with 429 once, to be tried again after 1 s, and nothing was done"

    def fault(self, site: FaultSite) -> Fault:
        """At that request and no other."""
        on = site.operation
        return OnlyNthCall(on=on, n=site.call.nth, fault=HttpError(on=on, status=429, headers={"Retry-After": "1"}))
