"""The answer of a request cannot be read."""

from __future__ import annotations

from dataclasses import dataclass

from harness.evidence.calls import CallMade
from harness.explore.kind import FaultSite, RequestKind
from harness.fault import Fault
from harness.faults.service import garbled_body
from harness.faults.service.only_nth_call import OnlyNthCall


@dataclass(frozen=True, kw_only=True)
class GarbledBody(RequestKind):
    """The service does what it is asked, and its answer breaks off in the middle."""

    order = 160
    harm = 2
    formerly = "garbled-body"
    sentence = "did what it was asked, but its answer could not be read"
    commits = True

    def applies(self, made: CallMade, *, reads: frozenset[str]) -> bool:
        """To an answer that has a body."""
        return made.has_answer_body and super().applies(made, reads=reads)

    def fault(self, site: FaultSite) -> Fault:
        """At that request and no other."""
        on = site.operation
        return OnlyNthCall(on=on, n=site.call.nth, fault=garbled_body.GarbledBody(on=on))
