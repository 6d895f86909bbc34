"""All judgements of a session, under the policy that decides what is red."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from harness.replay.verdicts.coverage import Reached
from harness.replay.verdicts.drift import Allowed
from harness.replay.verdicts.judgement import Judgement
from harness.verdict import Verdict, worst


@dataclass(frozen=True, kw_only=True)
class ReplayPolicy:
    """What is red besides a history that does not replay or cannot be judged.

    Attributes:
        strict: Drift is.
        open_only: A history that breaks only where no open run can be is not.
        allowed: Differences that are meant, and no drift.
        today: By which day's date they are allowed.
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
        return judgement.verdict(strict=self.strict, open_only=self.open_only)

    @property
    def expired(self) -> Sequence[Allowed]:
        """What is allowed no more."""
        return [one for one in self.allowed if one.until is not None and self.today > one.until]


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What became of all histories.

    Attributes:
        judgements: One for each, with what is allowed taken out.
        policy: What is red.
        took: From the first to the last.
        sandboxed: Whether workflows ran in the SDK's sandbox, as on a worker.
        against: The revision that the code was compared with, "" for the histories.
        reached: What of the workflow code the histories reach, where that was asked for.
    """

    judgements: Sequence[Judgement]
    policy: ReplayPolicy
    took: timedelta
    sandboxed: bool = True
    against: str = ""
    reached: Reached | None = None

    @property
    def verdict(self) -> Verdict:
        """The worst of all; INCONCLUSIVE when there was none."""
        return worst(map(self.policy.verdict, self.judgements)) if self.judgements else Verdict.INCONCLUSIVE

    @property
    def red(self) -> Sequence[Judgement]:
        """Those that did not pass."""
        return [one for one in self.judgements if self.policy.verdict(one) is not Verdict.PASSED]

    @property
    def drifted(self) -> Sequence[Judgement]:
        """Those that replay with other commands than were recorded."""
        return [one for one in self.judgements if one.drifts]

    @property
    def events(self) -> int:
        """How many events were replayed."""
        return sum(one.events for one in self.judgements)

    @property
    def counts(self) -> str:
        """One line on how many came to what."""
        outcomes = Counter(one.outcome for one in self.judgements)
        told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items()))
        drifted = f", {len(self.drifted)} of them drifted" if self.drifted else ""
        seconds = self.took.total_seconds()
        return f"{told}{drifted}; {self.events} events in {seconds:.2f} s"
