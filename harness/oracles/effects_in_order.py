"""The outside world changes in the order in which it should."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from harness.events import EffectApplied, EffectUndone
from harness.evidence.evidence import Evidence
from harness.oracle import broken
from harness.services.operation import Operation
from harness.verdict import Finding, Harm


@dataclass(frozen=True, kw_only=True)
class EffectsInOrder:
    """Every effect, applied or undone, in exactly this order and no other.

    Attributes:
        operations: The operations that applied or undid one, such as (Cars.book, Hotels.book, Cars.cancel).
    """

    harm: ClassVar[Harm] = Harm.ORDER

    operations: Sequence[Operation]

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Compare with the journals' effects."""
        effects = [event for event in evidence.events if isinstance(event, EffectApplied | EffectUndone)]
        seen = [f"{event.service}.{event.operation}" for event in effects]
        expected = [str(one) for one in self.operations]
        if seen != expected:
            yield broken(
                self,
                "the effects are not those expected, or not in that order.",
                detail=[f"expected: {', '.join(expected) or 'none'}", f"seen: {', '.join(seen) or 'none'}"],
                refs=[event.call for event in effects],
            )
