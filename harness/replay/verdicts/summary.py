"""All judgements of a session, under the policy that decides which of them fail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from harness.replay.verdicts.coverage import Reached
from harness.replay.verdicts.drift import Allowed, counted
from harness.replay.verdicts.judgement import Judgement, ReplayOutcome
from harness.verdict import Verdict, worst


@dataclass(frozen=True, kw_only=True)
class ReplayPolicy:
    """What passes of the histories that replay with differences, or that break.

    Attributes:
        strict: Whether every drift fails; without it, only an input that moved to another call does.
        open_only: Whether a history passes of which only the closed run breaks.
        allowed: Differences that are intended.
        today: The day on which they must still be allowed.
    """

    strict: bool = False
    open_only: bool = False
    allowed: Sequence[Allowed] = ()
    today: date = date.max

    def passed(self, judgement: Judgement) -> Judgement:
        """Return the judgement without the differences that are allowed."""
        left = tuple(
            drift
            for drift in judgement.drifts
            if not any(one.allows(drift, workflow=judgement.workflow, today=self.today) for one in self.allowed)
        )
        return replace(judgement, drifts=left, allowed=len(judgement.drifts) - len(left))

    def verdict(self, judgement: Judgement) -> Verdict:
        """Return one history's verdict."""
        return judgement.verdict_under(strict=self.strict, open_only=self.open_only)

    @property
    def expired(self) -> Sequence[Allowed]:
        """The entries of the allow-list whose last day is over."""
        return [one for one in self.allowed if one.until is not None and self.today > one.until]


@dataclass(frozen=True, kw_only=True)
class Summary:
    """The judgements of all histories.

    Attributes:
        judgements: One for each, without the differences that are allowed.
        policy: What decides which of them pass.
        took: How long the session took.
        sandboxed: Whether workflows ran in the SDK's sandbox, as on a worker.
        against: The revision that the code was compared with, "" for the histories.
        reached: What of the workflow code the histories reach; None where that was not measured.
    """

    judgements: Sequence[Judgement]
    policy: ReplayPolicy
    took: timedelta
    sandboxed: bool = True
    against: str = ""
    reached: Reached | None = None

    @property
    def verdict(self) -> Verdict:
        """The worst of all; INCONCLUSIVE without any."""
        return worst(map(self.policy.verdict, self.judgements)) if self.judgements else Verdict.INCONCLUSIVE

    @property
    def red(self) -> Sequence[Judgement]:
        """Those that did not pass."""
        return [one for one in self.judgements if self.policy.verdict(one) is not Verdict.PASSED]

    @property
    def drifted(self) -> Sequence[Judgement]:
        """Those that replay, but with differences."""
        return [one for one in self.judgements if one.drifts]

    @property
    def events(self) -> int:
        """How many events were replayed."""
        return sum(one.events for one in self.judgements)

    @property
    def counts(self) -> str:
        """One line: how many had which outcome, how many drifted, and what `--strict` makes of those."""
        outcomes = Counter(one.outcome for one in self.judgements)
        parts = [_WORDS[outcome](count) for outcome, count in sorted(outcomes.items())]
        drifted = ""
        if self.drifted:
            strict = "" if self.policy.strict else f" (--strict would say {self.strictly})"
            drifted = f", {len(self.drifted)} with drift{strict}"
        seconds = self.took.total_seconds()
        return f"{', '.join(parts)}{drifted}; {counted(self.events, 'event')} in {seconds:.2f} s"

    @property
    def strictly(self) -> Verdict:
        """The verdict that `--strict` gives."""
        return replace(self, policy=replace(self.policy, strict=True)).verdict


_WORDS: dict[ReplayOutcome, Callable[[int], str]] = {
    ReplayOutcome.REPLAYS: lambda count: f"{count} replay{'s' * (count == 1)}",
    ReplayOutcome.NOT_BEGUN: lambda count: f"{count} {'has' if count == 1 else 'have'} not begun",
    ReplayOutcome.NON_DETERMINISTIC: lambda count: f"{count} non-deterministic",
    ReplayOutcome.CANNOT_BE_JUDGED: lambda count: f"{count} cannot be judged",
}
