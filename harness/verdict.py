"""Three verdicts, in order, the findings that they come from, and how harmful what was found is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from harness import exit_codes


class Verdict(IntEnum):
    """PASSED < INCONCLUSIVE < FAILED: the worst of several verdicts is their maximum."""

    PASSED = 0
    INCONCLUSIVE = 1
    FAILED = 2

    def __str__(self) -> str:
        return self.name

    @property
    def exit_code(self) -> int:
        """The exit code of a command that ends with this verdict."""
        return _CODES[self]


_CODES = {
    Verdict.PASSED: exit_codes.GREEN,
    Verdict.INCONCLUSIVE: exit_codes.INCONCLUSIVE,
    Verdict.FAILED: exit_codes.FAILED,
}


class Harm(IntEnum):
    """How harmful it is when an expectation is broken; the greatest harm is reported first."""

    HARNESS = 0
    """A reason of the harness itself: it says nothing about the application."""
    COUNTS = 1
    """Too many or too few calls, retries or events."""
    ORDER = 2
    """The right things in the wrong order."""
    OUTCOME = 3
    """The workflow ends wrongly, does not end, or does not replay."""
    EFFECTS = 4
    """Something was left in place, lost, or done twice outside the workflow."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing found when the evidence was judged.

    Attributes:
        oracle: The name of the oracle or invariant that found it, or of the harness's own rule. An invariant may leave
            it out: it is then the invariant's own name.
        verdict: FAILED for a broken expectation, INCONCLUSIVE where the evidence cannot tell, PASSED for what is only
            reported: advice, and what is `excluded`.
        title: One sentence that stands alone.
        detail: What was seen, line by line.
        refs: Where in the evidence: call ids, "event 12", fault names.
        harm: How harmful it is.
        subject: What it is about, such as an activity: findings of one oracle about one subject are the same finding.
        undone_by: The activities and operations that would take back what it is about.
        undo_prevented: Whether that was made to fail for the very thing it is about, and not only for others of its
            kind; None where the oracle cannot tell.
        excluded: Why it does not count; "" when it does.
    """

    oracle: str = ""
    verdict: Verdict = Verdict.FAILED
    title: str
    detail: str = ""
    refs: tuple[str, ...] = ()
    harm: Harm = Harm.OUTCOME
    subject: str = ""
    undone_by: frozenset[str] = frozenset()
    undo_prevented: bool | None = None
    excluded: str = ""

    @property
    def id(self) -> str:
        """What a baseline knows it by, from one session to the next."""
        return f"{self.oracle}|{self.subject}" if self.subject else self.oracle

    def __str__(self) -> str:
        text = f"{self.oracle}: {self.title}"
        return text + "".join(f"\n    {line}" for line in self.detail.splitlines())


def by_harm(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings in the order in which a person should read them.

    FAILED comes first, and of those the most harmful. Of INCONCLUSIVE findings the harness's own reasons come first,
    because they are why oracles had nothing to judge.
    """
    return tuple(sorted(findings, key=reading_order))


def reading_order(finding: Finding) -> tuple[int, bool, int]:
    """Return where a finding belongs among others; see `by_harm`."""
    consequence = finding.verdict is Verdict.INCONCLUSIVE and finding.harm is not Harm.HARNESS
    return -finding.verdict, consequence, -finding.harm


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the worst verdict, PASSED for none."""
    return max(verdicts, default=Verdict.PASSED)
