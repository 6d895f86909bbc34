"""A workflow that reports failure leaves no effect in place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from harness.events import EffectApplied
from harness.evidence.evidence import Evidence
from harness.oracle import broken, cannot_tell
from harness.services.operation import Operation
from harness.verdict import Finding, Harm


@dataclass(frozen=True, kw_only=True)
class NoOrphans:
    """No effect is left in any ledger when the workflow reports that it did not succeed (SAGA-006 to SAGA-008).

    It reports that with any status but Completed, or with a result whose `success` is false.

    Attributes:
        but: Operations whose effect must be left in place, because its compensation can never work in this scenario.
    """

    harm: ClassVar[Harm] = Harm.EFFECTS

    but: Sequence[Operation] = ()

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Look for effects that are in place at the end."""
        if not evidence.of(EffectApplied):
            yield cannot_tell(self, "no effect was applied, so nothing can be judged.")
            return
        if not evidence.ended:
            yield cannot_tell(self, "the workflow had not ended; its effects may still be undone.")
            return
        if not evidence.reports_failure:
            yield cannot_tell(self, "the workflow reported success, so its effects may stay.")
            return
        declared = {(one.service, one.name) for one in self.but}
        standing = evidence.standing
        for effect in standing:
            if (effect.service, effect.operation) not in declared:
                yield broken(
                    self,
                    f"{effect.service}.{effect.operation} is still in place, but the workflow reports failure.",
                    detail=[f"key {effect.key}, applied by {effect.call} at {effect.at:%H:%M:%S.%f}"],
                    refs=[effect.call],
                )
        left = {(effect.service, effect.operation) for effect in standing}
        for service, name in sorted(declared - left):
            yield broken(self, f"{service}.{name} is not in place, although `but` says that its effect is left.")
