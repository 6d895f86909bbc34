"""A workflow that reports failure leaves nothing standing."""

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
    """No effect is left in any ledger when the workflow says that it did not succeed (SAGA-006 to SAGA-008).

    It says so with any status but Completed, or with a result whose `success` is false.

    Attributes:
        but: Operations whose effect is declared to be left, because its undo can never work in this scenario. It
            must then be left indeed.
    """

    harm: ClassVar[Harm] = Harm.EFFECTS

    but: Sequence[Operation] = ()

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Look for effects that stand at the end."""
        if not evidence.of(EffectApplied):
            yield cannot_tell(self, "no effect was ever applied.")
            return
        if not evidence.ended:
            yield cannot_tell(self, "the workflow had not ended; what stands may yet be undone.")
            return
        if not evidence.reports_failure:
            yield cannot_tell(self, "the workflow reported success; what stands may stand.")
            return
        declared = {(one.service, one.name) for one in self.but}
        standing = evidence.standing
        for effect in standing:
            if (effect.service, effect.operation) not in declared:
                yield broken(
                    self,
                    f"{effect.service}.{effect.operation} still stands, but the workflow reports failure.",
                    detail=[f"key {effect.key}, applied by {effect.call} at {effect.at:%H:%M:%S.%f}"],
                    refs=[effect.call],
                )
        left = {(effect.service, effect.operation) for effect in standing}
        for service, name in sorted(declared - left):
            yield broken(self, f"{service}.{name} was declared to be left standing, but nothing of it is.")
