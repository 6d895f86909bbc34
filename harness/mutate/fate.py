"""What became of a mutant, and of all of a session."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from harness.mutate.mutant import Mutant
from harness.verdict import Verdict


class Fate(StrEnum):
    """What became of a mutant."""

    CONVICTED = "convicted"
    """A scenario failed."""
    INCONCLUSIVE = "only inconclusive"
    """No scenario failed, and one was INCONCLUSIVE: a merge would be held back, without saying why."""
    SURVIVED = "survived"
    """All scenarios passed, or none runs the lines that were changed."""
    HUNG = "hung"
    """The process did not end in time and was killed."""
    COULD_NOT_RUN = "could not run"
    """The project cannot be imported with this bug in it. It does not count."""
    NOT_TRIED = "not tried"
    """The budget was used up, the session was interrupted, or the servers did not answer."""


JUDGED = frozenset({Fate.CONVICTED, Fate.INCONCLUSIVE, Fate.SURVIVED, Fate.HUNG})
"""The outcomes that count in the score."""


@dataclass(frozen=True, kw_only=True)
class Tried:
    """A mutant and what became of it.

    Attributes:
        mutant: The mutant.
        fate: What became of it.
        scenario: The scenario that failed, or was INCONCLUSIVE.
        oracle: The name of what found it.
        title: The finding's title; of a mutant that could not run or was not tried, why.
        ran: The scenarios that ran.
        seconds: How long it took.
        waived: Why a survivor is accepted; "" if it is not.
    """

    mutant: Mutant
    fate: Fate
    scenario: str = ""
    oracle: str = ""
    title: str = ""
    ran: Sequence[str] = ()
    seconds: float = 0.0
    waived: str = ""

    @property
    def convicted_by(self) -> str:
        """The scenario that failed and its oracle; "" if none failed."""
        return f"{self.scenario} ({self.oracle})" if self.scenario else ""

    @property
    def why(self) -> str:
        """Why nothing noticed it."""
        return "every scenario that runs these lines passed" if self.ran else "no scenario runs these lines"


@dataclass(frozen=True, kw_only=True)
class Mutation:
    """All mutants of a session.

    Attributes:
        tried: The mutants, in the order of files and lines.
        not_passing: The scenarios that do not pass without any mutant, with what was found; they convict nothing.
        scenarios: How many scenarios there are for these files.
        took: The whole session, the runs without a mutant included.
        trying: The part of it with mutants.
        interrupted: Whether a signal ended it.
        whole_files: The files of which every mutant was made, and not only those of some lines or names.
        notes: What else the user must know.
        share: The share of mutants that must be convicted; None for all that are not accepted.
    """

    tried: Sequence[Tried]
    not_passing: Sequence[str] = ()
    scenarios: int = 0
    took: timedelta
    trying: timedelta
    interrupted: bool = False
    whole_files: Sequence[str] = ()
    notes: Sequence[str] = ()
    share: float | None = None

    @property
    def counts(self) -> Counter[Fate]:
        """How many mutants had each outcome."""
        return Counter(one.fate for one in self.tried)

    @property
    def score(self) -> float | None:
        """The share of convicted mutants among those judged and not accepted; None for none."""
        judged = [one for one in self.tried if one.fate in JUDGED and not one.waived]
        return sum(one.fate is Fate.CONVICTED for one in judged) / len(judged) if judged else None

    @property
    def survivors(self) -> list[Tried]:
        """The mutants that were judged, not convicted and not accepted."""
        return [one for one in self.tried if one.fate in JUDGED - {Fate.CONVICTED} and not one.waived]

    @property
    def verdict(self) -> Verdict:
        """FAILED with a survivor, or a score below the share; INCONCLUSIVE if something was not judged."""
        if self.share is not None:
            if self.score is not None and self.score < self.share:
                return Verdict.FAILED
            done = self.score is not None and not self.interrupted and Fate.NOT_TRIED not in self.counts
            return Verdict.PASSED if done else Verdict.INCONCLUSIVE
        if any(one.fate is Fate.SURVIVED for one in self.survivors):
            return Verdict.FAILED
        if self.survivors or self.interrupted or self.score is None or Fate.NOT_TRIED in self.counts:
            return Verdict.INCONCLUSIVE
        return Verdict.PASSED
