"""No effect happens after the workflow has ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from harness.events import EffectApplied, EffectUndone
from harness.evidence.evidence import Evidence
from harness.oracle import broken, cannot_tell
from harness.services.operation import Operation
from harness.verdict import Finding, Harm


@dataclass(frozen=True, kw_only=True)
class NothingAfterClose:
    """No effect is applied or undone after the workflow has ended: its report stays true (CAN-005, TMO-007).

    Attributes:
        but: Operations that must take effect after the end, since this scenario shows just that.
    """

    harm: ClassVar[Harm] = Harm.EFFECTS

    but: Sequence[Operation] = ()

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Compare the effects' times with that of the close event."""
        effects = [event for event in evidence.events if isinstance(event, EffectApplied | EffectUndone)]
        if not effects:
            yield cannot_tell(self, "nothing took effect, so nothing can be judged.")
            return
        if not evidence.ended:
            yield cannot_tell(self, "the workflow had not ended.")
            return
        own = evidence.runs
        closed = own[-1].events[-1].at
        declared = {(one.service, one.name) for one in self.but}
        after = [effect for effect in effects if effect.at > closed]
        for effect in after:
            if (effect.service, effect.operation) not in declared:
                yield broken(
                    self,
                    f"{effect.service}.{effect.operation} took effect "
                    f"{(effect.at - closed).total_seconds():.3f} s after the workflow had ended.",
                    detail=[f"{effect.call}, key {effect.key}, at {effect.at:%H:%M:%S.%f}"],
                    refs=[effect.call],
                )
        for service, name in sorted(declared - {(effect.service, effect.operation) for effect in after}):
            yield broken(
                self, f"{service}.{name} did not take effect after the workflow had ended, although `but` says so."
            )
