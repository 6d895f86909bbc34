"""The local activities of a run: they are done within a workflow task, and a marker says what became of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from temporalio.api.command.v1 import RecordMarkerCommandAttributes
from temporalio.api.common.v1 import Payload, Payloads
from temporalio.api.failure.v1 import Failure
from temporalio.api.history.v1 import HistoryEvent, MarkerRecordedEventAttributes

from harness.library_internals.core_messages import (
    ActivityResolution,
    ResolveActivity,
    ScheduleLocalActivity,
    WorkflowActivationJob,
)
from harness.simulation.core.machine import Reaction, StateMachine, command
from harness.simulation.core.patches import as_json
from harness.simulation.messages import NANOS
from harness.simulation.unmodelled import Unmodelled

MARKER = "core_local_activity"


@dataclass(frozen=True)
class LocalResolution:
    """What became of a local activity.

    Attributes:
        seq: Which.
        attempt: At which attempt.
        complete_ns: When, in nanoseconds since the epoch.
        result: What it returned.
        failure: Why it failed; None if it did not.
    """

    seq: int
    attempt: int
    complete_ns: int
    result: Payload | None = None
    failure: Failure | None = None


class LocalMachine(StateMachine):
    """The marker of one local activity."""


class LocalActivities:
    """The local activities of one run.

    Attributes:
        activation: The number of the activation that the workflow's code is at, in its task.
        to_begin: Those that the workflow's code has asked for, and that have not begun.
    """

    def __init__(self) -> None:
        self.activation = 0
        self.to_begin: list[ScheduleLocalActivity] = []
        self._under_way: dict[int, ScheduleLocalActivity] = {}
        self._known: dict[int, LocalResolution] = {}
        self._replayed: set[int] = set()

    @property
    def any_open(self) -> bool:
        """Whether the workflow task has to wait for one."""
        return bool(self.to_begin or self._under_way)

    def schedule(self, asked: ScheduleLocalActivity, *, replaying: bool) -> None:
        """Take what the workflow's code asks for."""
        if asked.attempt > 1 or asked.HasField("original_schedule_time"):
            raise Unmodelled("a local activity that waits for long between two attempts")
        self._under_way[asked.seq] = asked
        if replaying and asked.seq not in self._known:
            raise Unmodelled("a local activity that is under way when its workflow is replayed")
        if asked.seq not in self._known:
            self.to_begin.append(asked)

    def known_already(self) -> Iterator[tuple[int, Reaction]]:
        """Yield when those ended, and with what, that a marker in the history says of."""
        for seq in [one for one in self._known if one in self._under_way]:
            resolved = self._known.pop(seq)
            self._replayed.add(seq)
            del self._under_way[seq]
            yield resolved.complete_ns, Reaction(jobs=(_job(resolved),))

    def ended(self, resolved: LocalResolution) -> Reaction:
        """Take what became of one that was done now."""
        asked = self._under_way.pop(resolved.seq, None)
        if asked is None:
            return Reaction()
        data = {
            "seq": resolved.seq,
            "attempt": resolved.attempt,
            "activity_id": asked.activity_id,
            "activity_type": asked.activity_type,
            "complete_time": {"seconds": resolved.complete_ns // NANOS, "nanos": resolved.complete_ns % NANOS},
            "backoff": None,
            "original_schedule_time": None,
            "activation_index": self.activation,
        }
        details = {"data": Payloads(payloads=[as_json(data)])}
        if resolved.result is not None:
            details["result"] = Payloads(payloads=[resolved.result])
        marker = RecordMarkerCommandAttributes(marker_name=MARKER, details=details, failure=resolved.failure)
        return Reaction(jobs=(_job(resolved),), commands=((command("record_marker", marker), LocalMachine()),))

    def looked_ahead(self, resolved: LocalResolution) -> None:
        """Take what a marker says that comes later in the history."""
        if resolved.seq not in self._replayed:
            self._known[resolved.seq] = resolved

    def recorded(self, resolved: LocalResolution) -> bool:
        """Take a marker; return whether nobody has asked for it in this worker."""
        return resolved.seq in self._replayed

    def drop(self) -> None:
        """Forget all: the workflow has closed."""
        self.to_begin.clear()
        self._under_way.clear()


def local_activity_of(event: HistoryEvent) -> LocalResolution | None:
    """Return what an event says became of a local activity; None if it is about something else."""
    marker: MarkerRecordedEventAttributes = event.marker_recorded_event_attributes
    if marker.marker_name != MARKER:
        return None
    data: Any = json.loads(marker.details["data"].payloads[0].data)
    at = data.get("complete_time") or {"seconds": 0, "nanos": 0}
    results = marker.details["result"].payloads if "result" in marker.details else ()
    return LocalResolution(
        seq=data["seq"],
        attempt=data["attempt"],
        complete_ns=at["seconds"] * NANOS + at["nanos"],
        result=results[0] if results else None,
        failure=marker.failure if marker.HasField("failure") else None,
    )


def _job(resolved: LocalResolution) -> WorkflowActivationJob:
    result = ActivityResolution()
    if resolved.failure is not None:
        result.failed.failure.CopyFrom(resolved.failure)
    else:
        result.completed.SetInParent()
        if resolved.result is not None:
            result.completed.result.CopyFrom(resolved.result)
    return WorkflowActivationJob(resolve_activity=ResolveActivity(seq=resolved.seq, result=result, is_local=True))
