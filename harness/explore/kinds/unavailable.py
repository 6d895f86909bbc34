"""A service answers with 503 from a request on."""

from __future__ import annotations

from dataclasses import dataclass

from harness.explore.kind import FaultSite, RequestKind
from harness.fault import Fault
from harness.faults.service.http_error import HttpError
from harness.triggers.from_call import FromCall


@dataclass(frozen=True, kw_only=True)
class Unavailable(RequestKind):
    """The answer is 503, and so is that to every later request for the same operation."""

    order = 140
    harm = 4
    sentence = "was answered with 503, and so was every later request for it"
    for_good = True
    from_then_on = True
    bounded = True

    def fault(self, site: FaultSite) -> Fault:
        """From that request on."""
        return HttpError(on=site.operation, status=503, when=FromCall(n=site.call.nth))
