"""What was begun last is undone first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from harness.events import CallReceived, EffectUndone, Tombstoned
from harness.evidence import Evidence
from harness.oracle import broken, cannot_tell
from harness.verdict import Finding


@dataclass(frozen=True, kw_only=True)
class CompensatedInReverse:
    """Compensations take hold in the reverse order of the first calls that they undo (SAGA-001).

    An undo of a step that was called and never committed counts, too: the workflow could not know.
    """

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Compare the order of undoing with the order of beginning, by idempotency key."""
        undone: dict[tuple[str, str | None], EffectUndone | Tombstoned] = {}
        for event in evidence.events:
            if isinstance(event, EffectUndone | Tombstoned):
                undone.setdefault((event.service, event.key), event)
        wanted = {(event.service, event.undoes) for event in undone.values()}
        begun = dict.fromkeys(
            (event.service, event.key)
            for event in evidence.of(CallReceived)
            if (event.service, event.operation) in wanted and (event.service, event.key) in undone
        )
        seen = [key for key in undone if key in begun]
        if len(seen) < 2:
            yield cannot_tell(self, f"{len(seen)} steps were compensated; an order takes two.")
            return
        expected = list(reversed(begun))
        if seen != expected:
            yield broken(
                self,
                "the compensations did not come in the reverse order of the steps.",
                detail=[
                    f"begun: {', '.join(service for service, _ in begun)}",
                    f"undone: {', '.join(service for service, _ in seen)}",
                ],
                refs=[undone[key].call for key in seen],
            )
