"""A circuit breaker follows its settings, judged by the calls that were made and by the state that it records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar

from harness.errors import UsageError
from harness.evidence.evidence import Evidence
from harness.evidence.history import HistoryEvent, payloads
from harness.files.wording import counted, cut, times
from harness.library_internals.activity_definition import Named, activity_name
from harness.oracle import broken, cannot_tell
from harness.services.operation import Operation
from harness.verdict import Finding, Harm

CLOSED, OPEN, HALF_OPEN = "closed", "open", "half_open"


@dataclass(frozen=True, kw_only=True)
class BreakerTrace:
    """Calls are made only when a breaker with these settings allows them, and it changes its state only as they say.

    Counts again, from the history, what the breaker had to count (CB-001 to CB-005): each activity is one call, and a
    call that began before the breaker's last change does not count. The state that the workflow recorded in a memo must
    have changed in the same way, after the same calls. The service's journal must not have more calls than the history,
    nor fewer successes: a breaker that does not see every call does not protect the service.

    Attributes:
        of: The operation that the breaker guards.
        activity: The activity that calls it: the function, the method, or its type.
        failures: How many failures in a row open it.
        open_for: How long after the last of them it allows a call.
        successes: How many close it again; one failure before that opens it again.
        at_once: How many concurrent calls it allows while it is half open.
        memo: The memo in whose `state` each change is recorded: "open", "half_open" or "closed".

    Raises:
        UsageError: A setting is not positive.
    """

    harm: ClassVar[Harm] = Harm.ORDER

    of: Operation
    activity: Named
    failures: int = 5
    open_for: timedelta = timedelta(seconds=60)
    successes: int = 2
    at_once: int = 1
    memo: str = "circuit_breaker"

    def __post_init__(self) -> None:
        object.__setattr__(self, "activity", activity_name(self.activity))
        wrong = [name for name in ("failures", "successes", "at_once") if getattr(self, name) < 1]
        if wrong or self.open_for <= timedelta(0):
            raise UsageError(f"BreakerTrace: {', '.join(wrong or ['open_for'])} must be positive.")

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Go through the history with a breaker that has these settings."""
        if not evidence.histories:
            yield cannot_tell(self, "the run has no history, so nothing can be judged.")
            return
        own = evidence.runs
        model, recorded = _Model(self), list[str]()
        for event in (event for history in own for event in history.events):
            model.take(event)
            if event.type == "WorkflowPropertiesModified":
                recorded += [model.now(state) for state in self._recorded(event)]
        if not model.begun:
            yield cannot_tell(self, f"the history has no activity {self.activity}, so nothing can be judged.")
            return
        if model.wrongly:
            yield broken(
                self,
                f"{counted(len(model.wrongly), 'call')} of {self.of} made while the breaker had to reject calls.",
                detail=[why for _, why in model.wrongly],
                refs=[f"event {event.id}" for event, _ in model.wrongly],
            )
        if recorded != model.changes:
            yield broken(
                self,
                f"the breaker's changes are {cut(_shown(recorded))}, expected {cut(_shown(model.changes))}.",
                detail=[f"recorded: {_shown(recorded)}", f"expected from the calls: {_shown(model.changes)}"],
            )
        yield from self._by_the_journal(evidence, model)

    def _by_the_journal(self, evidence: Evidence, model: _Model) -> Iterator[Finding]:
        calls = evidence.calls_of(self.of.service, self.of.name)
        if len(calls) > model.begun:
            yield broken(
                self,
                f"{self.of} was called {times(len(calls))}, but the breaker counted {counted(model.begun, 'call')}.",
                refs=[call.id for call in calls],
            )
        good = [call for call in calls if call.status is not None and call.status < 400]
        if model.succeeded > len(good):
            yield broken(
                self,
                f"the breaker counted {counted(model.succeeded, 'success', 'successes')} of {self.of}, but the service "
                f"answered {counted(len(good), 'call')} without an error.",
                refs=[call.id for call in calls if call not in good],
            )

    def _recorded(self, event: HistoryEvent) -> Iterator[str]:
        memo = event.attributes.get("upsertedMemo", {}).get("fields", {}).get(self.memo)
        if memo is not None:
            [value] = payloads({"payloads": [memo]})
            yield str(value.get("state")) if isinstance(value, dict) else str(value)


@dataclass
class _Model:
    """A breaker with the settings, which follows the events of the history."""

    settings: BreakerTrace
    state: str = CLOSED
    failed_in_a_row: int = 0
    succeeded_on_trial: int = 0
    last_failure: datetime | None = None
    era: int = 0
    begun: int = 0
    succeeded: int = 0
    running: dict[int, int] = field(default_factory=dict)
    changes: list[str] = field(default_factory=list)
    wrongly: list[tuple[HistoryEvent, str]] = field(default_factory=list)

    def take(self, event: HistoryEvent) -> None:
        """Follow one event."""
        attributes = event.attributes
        if event.type == "ActivityTaskScheduled":
            if attributes.get("activityType", {}).get("name") == self.settings.activity:
                self._begin(event)
            return
        era = self.running.pop(_scheduled(attributes), None) if event.type.startswith(_ENDS) else None
        if era is None:
            return
        if event.type == "ActivityTaskCompleted":
            self.succeeded += 1
            if era == self.era:
                self._succeed()
        elif event.type != "ActivityTaskCanceled" and era == self.era:
            self._fail(event.at)

    def now(self, state: str) -> str:
        """A change as it is compared: by its state and its moment."""
        return f"{state} after {counted(self.begun, 'call')}"

    def _begin(self, event: HistoryEvent) -> None:
        why = self._held_back(event.at)
        if why:
            self.wrongly.append((event, f"event {event.id} at {event.at:%H:%M:%S.%f}: {why}"))
        self.begun += 1
        self.running[event.id] = self.era

    def _held_back(self, at: datetime) -> str:
        """Why a call must not be made now; "" when it may."""
        if self.state == OPEN:
            since = at - (self.last_failure or at)
            if since < self.settings.open_for:
                return f"the breaker was open, {since.total_seconds():.3f} s after the last failure"
            self.succeeded_on_trial = 0
            self._turn(HALF_OPEN)
        on_trial = sum(era == self.era for era in self.running.values())
        if self.state == HALF_OPEN and on_trial >= self.settings.at_once:
            return f"the breaker was half open, with {counted(on_trial, 'trial call')} running"
        return ""

    def _succeed(self) -> None:
        if self.state == CLOSED:
            self.failed_in_a_row = 0
        elif self.state == HALF_OPEN:
            self.succeeded_on_trial += 1
            if self.succeeded_on_trial >= self.settings.successes:
                self.failed_in_a_row = 0
                self._turn(CLOSED)

    def _fail(self, at: datetime) -> None:
        if self.state == OPEN:
            return
        self.failed_in_a_row += 1
        self.last_failure = at
        if self.state == HALF_OPEN or self.failed_in_a_row >= self.settings.failures:
            self._turn(OPEN)

    def _turn(self, state: str) -> None:
        self.state = state
        self.era += 1
        self.changes.append(self.now(state))


_ENDS = ("ActivityTaskCompleted", "ActivityTaskFailed", "ActivityTaskTimedOut", "ActivityTaskCanceled")


def _scheduled(attributes: Any) -> int:
    return int(attributes.get("scheduledEventId", 0))


def _shown(changes: list[str]) -> str:
    return ", ".join(changes) or "no change"
