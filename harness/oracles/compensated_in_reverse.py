"""The steps of a saga are compensated in reverse order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from harness.events import CallReceived, EffectApplied, EffectRepeated, EffectUndone, Tombstoned
from harness.evidence.evidence import Evidence
from harness.files.wording import cut
from harness.oracle import broken, cannot_tell
from harness.verdict import Finding, Harm

Step = tuple[str, str, str | None]
"""Service, operation, key."""


@dataclass(frozen=True, kw_only=True)
class CompensatedInReverse:
    """Compensations take effect in the reverse order of the first calls that they undo (SAGA-001).

    The compensation of a step that was called and never committed counts, too: the workflow could not know.

    Attributes:
        per: The field that names the saga in the body of the calls that are undone, such as "trip", where several run
            at once. None takes all steps of the run as one saga.
    """

    harm: ClassVar[Harm] = Harm.ORDER

    per: str | None = None

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Compare the order of the compensations with the order of the steps, by the effects' keys."""
        undone: dict[Step, EffectUndone | Tombstoned] = {}
        for event in evidence.events:
            if isinstance(event, EffectUndone | Tombstoned):
                undone.setdefault((event.service, event.undoes, event.key), event)
        # A service that makes ids itself has its effects, and their undoing, under these.
        keys = {event.call: event.key for event in evidence.events if isinstance(event, EffectApplied | EffectRepeated)}
        begun: dict[Step, CallReceived] = {}
        for call in evidence.of(CallReceived):
            step = (call.service, call.operation, keys.get(call.call, call.key))
            if step in undone:
                begun.setdefault(step, call)
        sagas: defaultdict[str, list[Step]] = defaultdict(list)
        for step, call in begun.items():
            saga = self._saga_of(call)
            if saga is None:
                yield cannot_tell(self, f"the body of {call.call} has no field {self.per!r}, so its saga is unknown.")
                return
            sagas[saga].append(step)
        if all(len(steps) < 2 for steps in sagas.values()):
            most = max(map(len, sagas.values()), default=0)
            ran = f"only 1 compensation{' of a saga' if self.per else ''} ran" if most else "no compensation ran"
            yield cannot_tell(self, f"{ran}, so their order cannot be judged; 2 or more expected.")
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
            expected = [*reversed(begun)]
            of = f" of {self.per} {cut(saga)}" if saga else ""
            yield broken(
                self,
                f"the compensations{of} undid {_order(seen)}, expected {_order(expected)}.",
                detail=[
                    f"steps: {', '.join(map(_name, begun))}",
                    f"compensations: {', '.join(map(_name, seen))}",
                ],
                refs=[undone[step].call for step in seen],
            )


def _name(step: Step) -> str:
    service, operation, key = step
    return f"{service}.{operation} {key}"


def _order(steps: Sequence[Step]) -> str:
    """The steps without their keys, which are long and alike."""
    return " then ".join(f"{service}.{operation}" for service, operation, _ in steps[:5]) + (
        f" then {len(steps) - 5} more" if len(steps) > 5 else ""
    )
