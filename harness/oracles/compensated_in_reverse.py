"""What was begun last is undone first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from harness.events import CallReceived, EffectUndone, Tombstoned
from harness.evidence.evidence import Evidence
from harness.oracle import broken, cannot_tell
from harness.verdict import Finding, Harm

Step = tuple[str, str, str | None]
"""Service, operation, key."""


@dataclass(frozen=True, kw_only=True)
class CompensatedInReverse:
    """Compensations take hold in the reverse order of the first calls that they undo (SAGA-001).

    An undo of a step that was called and never committed counts, too: the workflow could not know.

    Attributes:
        per: What tells one saga from another where several go on at once: a field of the body of the calls that are
            undone, such as "trip". None takes all steps of the run for one saga's.
    """

    harm: ClassVar[Harm] = Harm.ORDER

    per: str | None = None

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Compare the order of undoing with the order of beginning, by idempotency key."""
        undone: dict[Step, EffectUndone | Tombstoned] = {}
        for event in evidence.events:
            if isinstance(event, EffectUndone | Tombstoned):
                undone.setdefault((event.service, event.undoes, event.key), event)
        begun: dict[Step, CallReceived] = {}
        for call in evidence.of(CallReceived):
            step = (call.service, call.operation, call.key)
            if step in undone:
                begun.setdefault(step, call)
        sagas: defaultdict[str, list[Step]] = defaultdict(list)
        for step, call in begun.items():
            saga = self._saga_of(call)
            if saga is None:
                yield cannot_tell(self, f"the body of {call.call} has no field {self.per!r} to tell sagas apart by.")
                return
            sagas[saga].append(step)
        if all(len(steps) < 2 for steps in sagas.values()):
            most = max(map(len, sagas.values()), default=0)
            yield cannot_tell(self, f"{most} steps were compensated; an order takes two.")
            return
        for saga, steps in sagas.items():
            yield from self._of_one(saga, steps, undone)

    def _saga_of(self, call: CallReceived) -> str | None:
        if self.per is None:
            return ""
        return repr(call.body[self.per]) if isinstance(call.body, Mapping) and self.per in call.body else None

    def _of_one(
        self, saga: str, begun: Sequence[Step], undone: Mapping[Step, EffectUndone | Tombstoned]
    ) -> Iterator[Finding]:
        seen = [step for step in undone if step in begun]
        if seen != list(reversed(begun)):
            yield broken(
                self,
                f"the compensations{f' of {self.per} {saga}' if saga else ''} did not come in the reverse order of "
                "the steps.",
                detail=[
                    f"begun: {', '.join(map(_told, begun))}",
                    f"undone: {', '.join(map(_told, seen))}",
                ],
                refs=[undone[step].call for step in seen],
            )


def _told(step: Step) -> str:
    service, operation, key = step
    return f"{service}.{operation} {key}"
