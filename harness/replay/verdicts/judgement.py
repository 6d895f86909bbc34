"""The judgement of one history: it replays, it does not, or it cannot be judged, with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from harness.files.places import Place
from harness.replay.verdicts.drift import Drift, counted
from harness.verdict import Verdict


class NotJudged(StrEnum):
    """Why a history cannot be judged."""

    EMPTY = "empty"
    CUT = "cut short"
    GAP = "gap"
    UNREADABLE = "unreadable"
    UNKNOWN_EVENT = "unknown event type"
    TOO_LARGE = "too large"
    UNREGISTERED = "unregistered type"
    CODEC = "codec"
    CODE = "code fails"
    SANDBOX = "sandbox"
    DOES_NOT_YIELD = "does not yield"
    DEADLINE = "deadline"
    DIED = "process died"
    NOT_IMPORTED = "code not imported"
    HARNESS = "error in the harness"
    INTERRUPTED = "interrupted"


class ReplayOutcome(StrEnum):
    """The result of a replay."""

    REPLAYS = "replays"
    NOT_BEGUN = "has not begun"
    NON_DETERMINISTIC = "non-deterministic"
    CANNOT_BE_JUDGED = "cannot be judged"


class ReplayRule(StrEnum):
    """What a history that does not pass breaks: a name for each, by which others group findings."""

    NON_DETERMINISTIC = "replay/non-deterministic"
    MOVED = "replay/moved-input"
    DRIFT = "replay/drift"
    NOT_JUDGED = "replay/not-judged"

    @property
    def sentence(self) -> str:
        """What it requires."""
        return _RULES[self]


_RULES = {
    ReplayRule.NON_DETERMINISTIC: "The workflow's code issues the commands that recorded histories have.",
    ReplayRule.MOVED: "An input goes to the call that it went to when the history was recorded.",
    ReplayRule.DRIFT: "The commands are those of recorded histories in every field.",
    ReplayRule.NOT_JUDGED: "Every recorded history can be replayed.",
}


@dataclass(frozen=True, kw_only=True)
class BreakAge:
    """The first event from which on open runs would break.

    Attributes:
        event: An open run breaks if its history has this event, and does not if its history is shorter. 0 if only the
            closed history breaks.
        kind: That event's type.
    """

    event: int
    kind: str = ""

    def __str__(self) -> str:
        if not self.event:
            return "only the closed history breaks; a run that is still open does not"
        return f"open runs break if their history has event {self.event} ({self.kind})"


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """The judgement of one history.

    Attributes:
        file: Its file, with "#2" for the second of several histories in it.
        workflow: Its workflow type, "" if it cannot be read.
        workflow_id: Its workflow id, "" if unknown.
        run_id: Its run id.
        events: The number of its events.
        closed: Whether it ends with a close event.
        outcome: The result of the replay.
        reason: Why it cannot be judged.
        message: The words of the SDK, or of what failed.
        event: The event at which it diverges, 0 if unknown.
        recorded: What the history has there.
        issued: The command that the code issues there.
        site: The line that issues it.
        remedy: What most likely helps.
        excerpt: The history around that event.
        break_age: Which open runs would break.
        drifts: Where a command differs from the recorded one.
        allowed: The number of differences that an allow-list permits.
        seconds: How long the replay took.
        hash_seed: PYTHONHASHSEED of the process that replayed it.
        digest: Of the history's content, to notice the same one twice.
        patches: For each patch id, whether the history has its marker.
        notes: Whatever else is worth knowing.
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

    def verdict_under(self, *, strict: bool = False, open_only: bool = False) -> Verdict:
        """Return the verdict under a policy.

        Args:
            strict: Whether every drift fails. Otherwise only an input that moved to another call does.
            open_only: Whether to pass a history of which only the closed run breaks.
        """
        if self.outcome is ReplayOutcome.CANNOT_BE_JUDGED:
            return Verdict.INCONCLUSIVE
        if self.outcome is ReplayOutcome.NON_DETERMINISTIC:
            harmless = open_only and self.break_age is not None and not self.break_age.event
            return Verdict.PASSED if harmless else Verdict.FAILED
        fails = any(strict or one.moved for one in self.drifts)
        return Verdict.FAILED if fails else Verdict.PASSED

    @property
    def rule(self) -> ReplayRule:
        """What it breaks, where it does not pass."""
        if self.outcome is ReplayOutcome.CANNOT_BE_JUDGED:
            return ReplayRule.NOT_JUDGED
        if self.outcome is ReplayOutcome.NON_DETERMINISTIC:
            return ReplayRule.NON_DETERMINISTIC
        return ReplayRule.MOVED if any(one.moved for one in self.drifts) else ReplayRule.DRIFT

    @property
    def place(self) -> Place | None:
        """The line of the workflow's code that it is about, where that is known."""
        drifts = sorted(self.drifts, key=lambda one: not one.moved)
        return next(filter(None, map(Place.of, (self.site, *(one.site for one in drifts)))), None)

    @property
    def title(self) -> str:
        """The judgement in one line."""
        if self.outcome is ReplayOutcome.CANNOT_BE_JUDGED:
            return f"cannot be judged ({self.reason}): {self.message}"
        if self.outcome is ReplayOutcome.NON_DETERMINISTIC:
            at = f" at event {self.event}" if self.event else ""
            return f"non-deterministic{at}: recorded {self.recorded or 'nothing'}, now {self.issued or 'nothing'}"
        if self.outcome is ReplayOutcome.NOT_BEGUN:
            return "has not begun: no workflow task was completed, so no change of the code can break it"
        if any(one.moved for one in self.drifts):
            return f"replays, but calls changed places ({counted(len(self.drifts), 'difference')})"
        return f"replays, with {counted(len(self.drifts), 'difference')}" if self.drifts else "replays"


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
    """Return the judgement that `to_json` wrote."""
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
