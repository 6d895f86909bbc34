"""Evidence: all that is known of a finished run, and the folder that keeps it.

Oracles read this and nothing else, so that any verdict can be reached again from the folder alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar

from harness.events import (
    CallAnswered,
    CallReceived,
    CallUnanswered,
    EffectApplied,
    EffectUndone,
    Event,
)
from harness.evidence.attempts import Attempt, read_attempts
from harness.evidence.history import Ending, History, Status

EventKind = TypeVar("EventKind", bound=Event)
View = TypeVar("View")
"""What reads evidence in terms of its own, such as a run of an exploration."""


@dataclass(frozen=True, kw_only=True)
class CallRecord:
    """One call at a fake, from its arrival to its end.

    Attributes:
        id: Such as "flights.book#2".
        status: The HTTP status answered, None for a call that got no answer.
        unanswered: Why it got none, "" when it was answered, or when the run ended first.
        ended_at: When it was answered or cut, None when the run ended first.
        workflow_time: When it came by the workflow's clock, where that one skips.
    """

    id: str
    service: str
    operation: str
    key: str | None
    body: Any
    at: datetime
    status: int | None
    unanswered: str
    ended_at: datetime | None
    workflow_time: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class RedactedWith:
    """How the secrets in evidence were replaced.

    Attributes:
        key: What tells the key from others.
        tokens: What secrets became that were replaced wherever they were.
    """

    key: str
    tokens: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What a run left behind.

    Attributes:
        scenario: The scenario's name.
        seed: What every choice of chance in the run was drawn from.
        events: The stream, in the order of its recording.
        histories: The event histories of all workflow runs, the scenario's own first, then each that followed it
            by continue-as-new, then the children's.
        redacted: With which key secrets were replaced; None for evidence as it was.
    """

    scenario: str
    seed: int
    events: tuple[Event, ...]
    histories: tuple[History, ...]
    redacted: RedactedWith | None = None

    def of(self, kind: type[EventKind]) -> tuple[EventKind, ...]:
        """Return the events of one kind, in order."""
        if kind.__subclasses__():
            return tuple(event for event in self.events if isinstance(event, kind))
        found: tuple[EventKind, ...] = self._by_kind.get(kind, ())
        return found

    @cached_property
    def _by_kind(self) -> dict[type[Event], tuple[Any, ...]]:
        kinds: dict[type[Event], list[Event]] = {}
        for event in self.events:
            kinds.setdefault(type(event), []).append(event)
        return {kind: tuple(events) for kind, events in kinds.items()}

    def read_as(self, view: Callable[[Evidence], View]) -> View:
        """Return a view of this evidence, made once, so that all who judge share what it reads."""
        if view not in self._views:
            self._views[view] = view(self)
        made: View = self._views[view]
        return made

    @cached_property
    def _views(self) -> dict[Callable[[Evidence], Any], Any]:
        return {}

    @cached_property
    def outcome(self) -> Ending:
        """How the scenario's workflow ended, its last run if it continued as new."""
        return self.runs[-1].outcome if self.runs else Ending(status=Status.RUNNING)

    @cached_property
    def runs(self) -> tuple[History, ...]:
        """The runs of the scenario's workflow: the first, then each that followed by continue-as-new or retry."""
        return tuple(one for one in self.histories if one.workflow_id == self.histories[0].workflow_id)

    @cached_property
    def calls(self) -> tuple[CallRecord, ...]:
        """Every call at every fake, in the order of arrival."""
        answered = {event.call: event for event in self.of(CallAnswered)}
        silent = {event.call: event for event in self.of(CallUnanswered)}
        return tuple(
            CallRecord(
                id=event.call,
                service=event.service,
                operation=event.operation,
                key=event.key,
                body=event.body,
                at=event.at,
                status=answered[event.call].status if event.call in answered else None,
                unanswered=silent[event.call].why if event.call in silent else "",
                ended_at=(answered.get(event.call) or silent.get(event.call) or _Never).at,
                workflow_time=event.workflow_time,
            )
            for event in self.of(CallReceived)
        )

    @cached_property
    def attempts(self) -> tuple[Attempt, ...]:
        """Every attempt of an activity, in the order in which they ended."""
        return tuple(read_attempts(self.events))

    def calls_of(self, service: str, operation: str) -> tuple[CallRecord, ...]:
        """Return the calls of one operation, in the order of arrival."""
        return tuple(call for call in self.calls if (call.service, call.operation) == (service, operation))

    @cached_property
    def standing(self) -> tuple[EffectApplied, ...]:
        """The effects that exist at the end of the run, in the order in which they were applied."""
        left: dict[tuple[str, str, str], EffectApplied] = {}
        for event in self.events:
            if isinstance(event, EffectApplied):
                left[event.service, event.operation, event.key] = event
            elif isinstance(event, EffectUndone):
                left.pop((event.service, event.undoes, event.key), None)
        return tuple(left.values())

    @cached_property
    def reports_failure(self) -> bool:
        """Whether the workflow reports failure.

        It does when it ended in any way but Completed, or when its result carries `success` as false. One that has
        not ended reports nothing.
        """
        if not self.ended:
            return False
        result = self.outcome.result
        denied = isinstance(result, Mapping) and result.get("success") is False
        return self.outcome.status is not Status.COMPLETED or denied

    @property
    def ended(self) -> bool:
        """Whether the scenario's workflow is known to have ended, its last run if it continued as new."""
        return self.outcome.status not in {Status.RUNNING, Status.CONTINUED_AS_NEW}


class _Never:
    at: None = None
