"""What became of one history: it replays, it does not, or it cannot be judged, with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from harness.replay.verdicts.drift import Drift
from harness.verdict import Verdict


class NotJudged(StrEnum):
    """Why a history cannot be judged."""

    EMPTY = "empty"
    NOT_BEGUN = "not begun"
    CUT = "cut short"
    GAP = "gap"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too large"
    UNREGISTERED = "unregistered type"
    CODEC = "codec"
    CODE = "code fails"
    SANDBOX = "sandbox"
    DEADLINE = "deadline"
    DIED = "process died"
    INTERRUPTED = "interrupted"


class ReplayOutcome(StrEnum):
    """What a replay comes to."""

    REPLAYS = "replays"
    NON_DETERMINISTIC = "non-deterministic"
    CANNOT_BE_JUDGED = "cannot be judged"


@dataclass(frozen=True, kw_only=True)
class BreakAge:
    """From which age on open runs of this history would break.

    Attributes:
        event: A run whose history has this event breaks; one that is younger does not. 0 when only the closed history
            breaks, and no open run of any age does.
        kind: That event's type.
    """

    event: int
    kind: str = ""

    def __str__(self) -> str:
        if not self.event:
            return "only the closed history breaks; open runs of every age replay"
        return f"open runs break from event {self.event} ({self.kind}) on"


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What became of one history.

    Attributes:
        file: Where it was read from.
        workflow: Its workflow's type, "" where that cannot be read.
        workflow_id: Its workflow id, "" where nobody knows it.
        run_id: Its run id.
        events: How many events it has.
        closed: Whether it ends with a close event.
        outcome: What the replay came to.
        reason: Why it cannot be judged.
        message: What the SDK, or whoever could not read it, said.
        event: At which event it diverges, 0 where that is not known.
        recorded: What the history has there.
        issued: What the code asks for there.
        site: Which line asks for it.
        remedy: What most likely helps.
        excerpt: The history around that event.
        break_age: From which age on open runs would break.
        drifts: Where a command is no longer what was recorded.
        allowed: How many differences an allow-list passes.
        seconds: How long it took.
        hash_seed: PYTHONHASHSEED of the process that replayed it.
        digest: Of the history's content, so that the same one twice is noticed.
        patches: What `workflow.patched` and `deprecate_patch` found, by patch id: whether the history has the marker.
    """

    file: str
    workflow: str = ""
    workflow_id: str = ""
    run_id: str = ""
    events: int = 0
    closed: bool = True
    outcome: ReplayOutcome = ReplayOutcome.REPLAYS
    reason: NotJudged | None = None
    message: str = ""
    event: int = 0
    recorded: str = ""
    issued: str = ""
    site: str = ""
    remedy: str = ""
    excerpt: tuple[str, ...] = ()
    break_age: BreakAge | None = None
    drifts: tuple[Drift, ...] = ()
    allowed: int = 0
    seconds: float = 0.0
    hash_seed: str = ""
    digest: str = ""
    patches: Mapping[str, bool] = field(default_factory=dict)
    notes: tuple[str, ...] = field(default=())

    def verdict(self, *, strict: bool = False, open_only: bool = False) -> Verdict:
        """Return the verdict under a policy.

        Args:
            strict: Whether drift is red.
            open_only: Whether a history that only breaks where no open run can be is none to hold back a deployment.
        """
        if self.outcome is ReplayOutcome.CANNOT_BE_JUDGED:
            return Verdict.INCONCLUSIVE
        if self.outcome is ReplayOutcome.NON_DETERMINISTIC:
            harmless = open_only and self.break_age is not None and not self.break_age.event
            return Verdict.PASSED if harmless else Verdict.FAILED
        return Verdict.FAILED if strict and self.drifts else Verdict.PASSED

    @property
    def title(self) -> str:
        """One line on what became of it."""
        if self.outcome is ReplayOutcome.CANNOT_BE_JUDGED:
            return f"cannot be judged ({self.reason}): {self.message}"
        if self.outcome is ReplayOutcome.NON_DETERMINISTIC:
            at = f" at event {self.event}" if self.event else ""
            return f"non-deterministic{at}: recorded {self.recorded or 'nothing'}, now {self.issued or 'nothing'}"
        return f"replays, {len(self.drifts)} drifts" if self.drifts else "replays"


def to_json(judgement: Judgement) -> dict[str, Any]:
    """Return it as JSON data."""
    data = {name: getattr(judgement, name) for name in judgement.__dataclass_fields__}
    age = judgement.break_age
    return data | {
        "break_age": None if age is None else {"event": age.event, "kind": age.kind},
        "drifts": [{name: getattr(one, name) for name in one.__dataclass_fields__} for one in judgement.drifts],
        "excerpt": list(judgement.excerpt),
        "notes": list(judgement.notes),
    }


def from_json(data: dict[str, Any]) -> Judgement:
    """Read it back."""
    age = data["break_age"]
    return Judgement(
        **data
        | {
            "outcome": ReplayOutcome(data["outcome"]),
            "reason": None if data["reason"] is None else NotJudged(data["reason"]),
            "break_age": None if age is None else BreakAge(**age),
            "drifts": tuple(Drift(**one) for one in data["drifts"]),
            "excerpt": tuple(data["excerpt"]),
            "notes": tuple(data["notes"]),
        }
    )
