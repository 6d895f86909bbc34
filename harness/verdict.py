"""Three verdicts, in order, and the findings that they come from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum


class Verdict(IntEnum):
    """PASSED < INCONCLUSIVE < FAILED: the worst of several verdicts is their maximum."""

    PASSED = 0
    INCONCLUSIVE = 1
    FAILED = 2

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing found when the evidence was judged.

    Attributes:
        oracle: Who found it: the name of an oracle, or the rule of the harness that was broken.
        verdict: FAILED for a broken expectation, INCONCLUSIVE where the evidence cannot tell.
        title: One sentence that stands alone.
        detail: What was seen, line by line.
        refs: Where in the evidence: call ids, "event 12", fault names.
    """

    oracle: str
    verdict: Verdict
    title: str
    detail: str = ""
    refs: tuple[str, ...] = ()

    def __str__(self) -> str:
        text = f"{self.oracle}: {self.title}"
        return text + "".join(f"\n    {line}" for line in self.detail.splitlines())


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the worst verdict, PASSED for none."""
    return max(verdicts, default=Verdict.PASSED)
