"""A workflow's event history as plain data, readable without a server and without the SDK.

The form on disk is the one that `WorkflowHistory.to_json()` and the `temporal` command line write.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from harness.errors import UsageError


class Status(StrEnum):
    """How a workflow execution stands, in Temporal's words."""

    RUNNING = "Running"
    COMPLETED = "Completed"
    FAILED = "Failed"
    CANCELED = "Canceled"
    TERMINATED = "Terminated"
    TIMED_OUT = "TimedOut"
    CONTINUED_AS_NEW = "ContinuedAsNew"


@dataclass(frozen=True, kw_only=True)
class HistoryEvent:
    """One event of a history.

    Attributes:
        id: Its number, from 1.
        at: When the server recorded it.
        type: Its type in Temporal's spelling without the prefix, such as "ActivityTaskScheduled".
        attributes: The attributes of that type, as in the JSON form.
    """

    id: int
    at: datetime
    type: str
    attributes: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A failure of Temporal's and the failures behind it.

    Attributes:
        kind: Which failure it is: "application", "activity", "childWorkflowExecution", "timeout", "canceled",
            "terminated", "server", or another of the protocol's names.
        type: The application failure's type, else "".
        message: Its text.
        retry_state: Why there was no further attempt, such as "MAXIMUM_ATTEMPTS_REACHED", else "".
        non_retryable: What an application failure says of itself.
        timeout_type: Which timeout expired, such as "START_TO_CLOSE", else "".
        details: The decoded details of an application failure.
        stack_trace: Where it was raised, as far as it was recorded.
        cause: The failure behind this one.
        about: Which activity or child workflow failed, by its type, else "".
    """

    kind: str
    type: str
    message: str
    retry_state: str
    non_retryable: bool
    timeout_type: str
    details: tuple[Any, ...]
    stack_trace: str
    cause: Failure | None
    about: str = ""

    @property
    def label(self) -> str:
        """Its kind and its type, such as "application Declined" or "timeout HEARTBEAT"."""
        return f"{self.kind} {self.type or self.timeout_type}".strip()

    def chain(self) -> Iterator[Failure]:
        """Yield this failure and those behind it, outermost first."""
        link: Failure | None = self
        while link is not None:
            yield link
            link = link.cause

    @property
    def of_task(self) -> str:
        """Its text, as that of a workflow task that failed, with the failures behind it."""
        return " <- ".join([self.message, *(f"{link.label}: {link.message}" for link in [*self.chain()][1:])])

    def __str__(self) -> str:
        return " <- ".join(f"{f'{link.label} {link.about}'.strip()}: {link.message}" for link in self.chain())


@dataclass(frozen=True, kw_only=True)
class Ending:
    """How a workflow ended: its status with its result, or with its failure."""

    status: Status
    result: Any = None
    failure: Failure | None = None


@dataclass(frozen=True, kw_only=True)
class History:
    """The event history of one workflow run."""

    workflow_id: str
    run_id: str
    events: tuple[HistoryEvent, ...]

    @property
    def workflow(self) -> str:
        """The workflow type, or "" for a history without its first event."""
        return str(self.events[0].attributes.get("workflowType", {}).get("name", "")) if self.events else ""

    def of_type(self, kind: str) -> tuple[HistoryEvent, ...]:
        """Return the events of one type, such as "TimerFired"."""
        return tuple(event for event in self.events if event.type == kind)

    def cut(self) -> History:
        """Return this history with its last event only, which says how the run ended."""
        return History(workflow_id=self.workflow_id, run_id=self.run_id, events=self.events[-1:])

    @property
    def outcome(self) -> Ending:
        """What the close event says; RUNNING when there is none."""
        if not self.events:
            return Ending(status=Status.RUNNING)
        last = self.events[-1]
        kind = last.type.removeprefix("WorkflowExecution")
        if kind not in set(Status) - {Status.RUNNING}:
            return Ending(status=Status.RUNNING)
        results = payloads(last.attributes.get("result"))
        failure = last.attributes.get("failure")
        return Ending(
            status=Status(kind),
            result=results[0] if results else None,
            failure=None if failure is None else read_failure(failure),
        )


def read_history(data: Mapping[str, Any], *, workflow_id: str, run_id: str) -> History:
    """Read a history in its JSON form.

    Raises:
        UsageError: It is not in that form.
    """
    try:
        events = tuple(read_event(event) for event in data["events"])
    except (KeyError, TypeError, ValueError) as error:
        raise UsageError(f"the history of {workflow_id!r} cannot be read: {error!r}.") from error
    return History(workflow_id=workflow_id, run_id=run_id, events=events)


def read_event(data: Mapping[str, Any]) -> HistoryEvent:
    """Read one event in its JSON form."""
    kind = str(data["eventType"])
    if kind.startswith("EVENT_TYPE_"):  # older tools write it as it is said here: "TimerFired"
        kind = "".join(word.title() for word in kind.removeprefix("EVENT_TYPE_").split("_"))
    attributes: Mapping[str, Any] = next((data[key] for key in data if key.endswith("EventAttributes")), {})
    return HistoryEvent(
        id=int(data["eventId"]), at=datetime.fromisoformat(data["eventTime"]), type=kind, attributes=attributes
    )


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """A signal or an update that a workflow has taken.

    Attributes:
        event: The event by which it came.
        name: The signal's or the update's.
        arguments: What it brought.
        answered: Whether it is an update that was answered well.
        failed: Whether it is an update whose sender was told that it failed.
    """

    event: HistoryEvent
    name: str
    arguments: tuple[Any, ...]
    answered: bool = False
    failed: bool = False


def deliveries(history: History) -> Iterator[Delivery]:
    """Yield the signals and the accepted updates of a run, in the order of their coming."""
    outcomes = {
        event.attributes.get("meta", {}).get("updateId"): event.attributes.get("outcome", {})
        for event in history.of_type("WorkflowExecutionUpdateCompleted")
    }
    for event in history.events:
        if event.type == "WorkflowExecutionSignaled":
            name, arguments = event.attributes.get("signalName", ""), payloads(event.attributes.get("input"))
            yield Delivery(event=event, name=str(name), arguments=arguments)
        elif event.type == "WorkflowExecutionUpdateAccepted":
            request = event.attributes.get("acceptedRequest", {})
            outcome = outcomes.get(request.get("meta", {}).get("updateId"))
            given = request.get("input", {})
            yield Delivery(
                event=event,
                name=str(given.get("name", "")),
                arguments=payloads(given.get("args")),
                answered=outcome is not None and "failure" not in outcome,
                failed=outcome is not None and "failure" in outcome,
            )


def payloads(data: Mapping[str, Any] | None) -> tuple[Any, ...]:
    """Decode the JSON form of payloads: JSON as values, null as None, bytes as bytes, anything else as it stands.

    What is not what its encoding says stands as it came, too.
    """
    return tuple(_payload(payload) for payload in (data or {}).get("payloads", ()))


def _payload(payload: Mapping[str, Any]) -> Any:
    try:
        encoding = base64.b64decode(payload.get("metadata", {}).get("encoding", "")).decode(errors="replace")
        raw = base64.b64decode(payload.get("data", ""))
        if encoding in {"json/plain", "json/protobuf"}:
            return json.loads(raw)
    except ValueError:
        return payload
    if encoding == "binary/null":
        return None
    return raw if encoding == "binary/plain" else payload


def read_failure(data: Mapping[str, Any]) -> Failure:
    """Read the JSON form of a failure, with the failures behind it."""
    kind = next((key.removesuffix("FailureInfo") for key in data if key.endswith("FailureInfo")), "unknown")
    info = data.get(f"{kind}FailureInfo", {})
    cause = data.get("cause")
    return Failure(
        kind=kind,
        type=str(info.get("type", "")),
        message=str(data.get("message", "")),
        retry_state=str(info.get("retryState", "")).removeprefix("RETRY_STATE_"),
        non_retryable=bool(info.get("nonRetryable", False)),
        timeout_type=str(info.get("timeoutType", "")).removeprefix("TIMEOUT_TYPE_"),
        details=payloads(info.get("details")),
        stack_trace=str(data.get("stackTrace", "")),
        cause=None if cause is None else read_failure(cause),
        about=str((info.get("activityType") or info.get("workflowType") or {}).get("name", "")),
    )
