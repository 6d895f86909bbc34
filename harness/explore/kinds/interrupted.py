"""An attempt fails at a heartbeat."""

from __future__ import annotations

from dataclasses import dataclass

from harness.evidence.calls import CallMade, CallPlace
from harness.explore.kind import FaultKind


@dataclass(frozen=True, kw_only=True)
class Interrupted(FaultKind):
    """The first attempt that gets there fails at its first, middle or last heartbeat."""

    order = 260
    harm = 3
    sentence = "was interrupted in the middle of its work, at a heartbeat"
    places = frozenset({CallPlace.ACTIVITY, CallPlace.LOCAL_ACTIVITY})
    at_heartbeat = True

    def applies(self, made: CallMade, *, reads: frozenset[str]) -> bool:
        """To a call that sends heartbeats."""
        return made.heartbeats > 0 and super().applies(made, reads=reads)

    def interrupts(self, *, heartbeat: int, planned: int) -> bool:
        """At the planned heartbeat."""
        return heartbeat == planned
