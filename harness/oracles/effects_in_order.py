"""Effects happen in the expected order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from harness.events import EffectApplied, EffectUndone
from harness.evidence.evidence import Evidence
from harness.files.wording import listed
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
                f"effects{_from_first_difference(seen, expected)}.",
                detail=[f"expected: {', '.join(expected) or 'none'}", f"seen: {', '.join(seen) or 'none'}"],
                refs=[event.call for event in effects],
            )


def _from_first_difference(seen: Sequence[str], expected: Sequence[str]) -> str:
    """Both orders from their first difference on, since what comes before agrees."""
    at = next(
        (n for n, both in enumerate(zip(seen, expected, strict=False)) if both[0] != both[1]),
        min(len(seen), len(expected)),
    )
    start = f" from number {at + 1} on" if at else ""
    return f"{start}: {listed(seen[at:])}; expected {listed(expected[at:])}"
