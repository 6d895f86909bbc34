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
        undone: dict[tuple[str, str, str | None], EffectUndone | Tombstoned] = {}
        for event in evidence.events:
            if isinstance(event, EffectUndone | Tombstoned):
                undone.setdefault((event.service, event.undoes, event.key), event)
        calls = [(event.service, event.operation, event.key) for event in evidence.of(CallReceived)]
        begun = dict.fromkeys(step for step in calls if step in undone)
        seen = [step for step in undone if step in begun]
        if len(seen) < 2:
            yield cannot_tell(self, f"{len(seen)} steps were compensated; an order takes two.")
            return
        expected = list(reversed(begun))
        if seen != expected:
            yield broken(
                self,
                "the compensations did not come in the reverse order of the steps.",
                detail=[
                    f"begun: {', '.join(map(_told, begun))}",
                    f"undone: {', '.join(map(_told, seen))}",
                ],
                refs=[undone[step].call for step in seen],
            )


def _told(step: tuple[str, str, str | None]) -> str:
    service, operation, key = step
    return f"{service}.{operation} {key}"
