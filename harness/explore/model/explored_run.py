"""What is known of one explored run: how it ended, what was done, what went wrong; and what an invariant says of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from harness.evidence.evidence import Evidence
from harness.evidence.history import Ending, History, Status
from harness.explore.calls import Call, CallMade
from harness.explore.model.schedule import PlannedFault, Schedule


@dataclass(frozen=True, kw_only=True)
class Effect:
    """A body of an activity that ran to its end: what it did, is done.

    Attributes:
        call: Which call.
        activity: The type of the activity.
        workflow_id: Whose call.
        attempt: In which attempt.
        arguments: What it was given, as the body saw it.
        result: What it returned, whether or not anybody heard of it.
        order: Its place among all effects of the run.
        at: When the body ended, by this machine's clock.
    """

    call: Call
    activity: str
    workflow_id: str
    attempt: int
    arguments: tuple[Any, ...]
    result: Any
    order: int
    at: datetime


class Moment(NamedTuple):
    """One line of a run's timeline: when, in which lane, what."""

    at: datetime
    lane: str
    what: str


@dataclass(frozen=True, kw_only=True)
class ExploredRun:
    """One run of the application under one schedule, after everything has come to rest.

    Attributes:
        token: What tells its world from those of other runs.
        schedule: What went wrong.
        reached: The faults of the schedule that struck.
        outcome: How the first workflow that the target started ended.
        effects: The bodies that ran to their end, in that order; without those of activities that only read.
        calls: The calls that were made, in the order of their scheduling.
        histories: Of all its workflows, children included.
        world: What the target's `world` says of the outside world; None without one.
        stuck: Why a workflow task failed, and where; None when none did.
        open: What the workflows were waiting for when the deadline passed; "" when they had ended.
        replay: What replaying a history said against it; "" when all replay.
        blocked: The activities that kept the event loop, and all other runs, from going on.
        hung: The activity that blocked the event loop until it was interrupted, and where it stood; None for none.
        raised: What the target's own drive raised, other than the workflow's failure; "" for nothing.
        timeline: What happened, in order.
        evidence: What the fakes and all else recorded, of a scenario as target; None of any other.
        undoes: The activities that may have asked a service to take back what another did, each with the operation;
            of a scenario as target.
        no_proof: Why the run tells nothing, whatever came of it; "" when it does.
    """

    token: str
    schedule: Schedule
    reached: frozenset[PlannedFault] = frozenset()
    outcome: Ending = field(default_factory=lambda: Ending(status=Status.RUNNING))
    effects: tuple[Effect, ...] = ()
    calls: tuple[CallMade, ...] = ()
    histories: Sequence[History] = ()
    world: Any = None
    stuck: tuple[str, str] | None = None
    open: str = ""
    replay: str = ""
    raised: str = ""
    blocked: frozenset[str] = frozenset()
    hung: tuple[str, str] | None = None
    timeline: tuple[Moment, ...] = ()
    evidence: Evidence | None = None
    undoes: frozenset[tuple[str, str]] = frozenset()
    no_proof: str = ""

    @property
    def failed(self) -> bool:
        """Whether the workflow said that it did not succeed.

        It did with any end but Completed, or with a result whose `success` is false.
        """
        denied = isinstance(self.outcome.result, Mapping) and self.outcome.result.get("success") is False
        return self.outcome.status is not Status.COMPLETED or denied

    @property
    def ended(self) -> bool:
        """Whether it came to an end by itself."""
        return not self.open and self.stuck is None and self.hung is None

    def effects_of(self, activity: str) -> tuple[Effect, ...]:
        """Return the effects of one activity type."""
        return tuple(one for one in self.effects if one.activity == activity)

    @property
    def shape(self) -> tuple[str, ...]:
        """What tells runs apart that took another way: calls, effects and end, but no values and no retries."""
        calls = sorted(str(one.call) for one in self.calls if not (one.event or one.request))
        effects = sorted(f"effect of {one.call}" for one in self.effects)
        return (*calls, *effects, str(self.outcome.status), f"failed {self.failed}")

    def value(self, given: Any) -> str:
        """Return a value as text in which nothing tells one world from another."""
        return json.dumps(given, default=repr, sort_keys=True).replace(self.token, "TOKEN")


@dataclass(frozen=True, kw_only=True)
class Breach:
    """One broken promise.

    Attributes:
        what: One sentence that stands alone.
        subject: What it is about, such as an activity: breaches of one invariant about one subject are one finding.
    """

    what: str
    subject: str = ""


Verdicts = Iterable[Breach | str] | Breach | str | bool | None
"""What an invariant may return: nothing or true when it holds, false or what is broken when it does not."""


@dataclass(frozen=True, kw_only=True)
class Invariant:
    """What must hold however a run goes wrong.

    Attributes:
        name: As it stands in a report.
        judge: Reads a finished run and says what is broken. May raise AssertionError to say it.
        does: The activities whose effect it wants undone.
        undoes: The activities that undo them, which a fault may keep from ever working.
        advisory: Whether a breach is told and does not fail.
    """

    name: str
    judge: Callable[[ExploredRun], Verdicts]
    does: frozenset[str] = frozenset()
    undoes: frozenset[str] = frozenset()
    advisory: bool = False


def named(invariant: Invariant | Callable[[ExploredRun], Verdicts]) -> Invariant:
    """Return any callable as an invariant of its own name."""
    if isinstance(invariant, Invariant):
        return invariant
    return Invariant(name=getattr(invariant, "__name__", repr(invariant)), judge=invariant)


def breaches(invariant: Invariant, run: ExploredRun) -> list[Breach]:
    """Ask an invariant. Whatever it raises but AssertionError is the caller's."""
    try:
        said = invariant.judge(run)
        if said is None:
            return []
        if isinstance(said, bool):
            return [] if said else [Breach(what=f"{invariant.name} does not hold.")]
        several = [said] if isinstance(said, Breach | str) else list(said)
    except AssertionError as error:
        first = str(error).partition("\n")[0]
        return [Breach(what=first or f"{invariant.name} does not hold.")]
    return [one if isinstance(one, Breach) else Breach(what=str(one)) for one in several]
