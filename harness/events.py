"""Everything that can happen in a run, as frozen values in one stream, at aware UTC times."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any


def now() -> datetime:
    """Return the present moment as the stream records it."""
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened at one moment of a run."""

    at: datetime = field(default_factory=now)


# --- the run and its surroundings -----------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class RunStarted(Event):
    """A scenario run began."""

    scenario: str
    seed: int
    task_queue: str


@dataclass(frozen=True, kw_only=True)
class EnvironmentReady(Event):
    """The real parts are up: which provider serves each, and its version."""

    temporal: str
    toxiproxy: str


@dataclass(frozen=True, kw_only=True)
class ServiceStarted(Event):
    """A fake listens at `address`; the application reaches it at `proxy`."""

    service: str
    address: str
    proxy: str


@dataclass(frozen=True, kw_only=True)
class WorkerStarted(Event):
    """A worker polls the run's task queue."""

    worker: str
    pid: int


@dataclass(frozen=True, kw_only=True)
class WorkerStopped(Event):
    """A worker stopped polling."""

    worker: str


@dataclass(frozen=True, kw_only=True)
class WorkerGone(Event):
    """A worker process ended.

    Attributes:
        code: Its exit code, negative for a signal.
        asked: Whether the harness ended it, or had asked it to end.
    """

    worker: str
    pid: int
    code: int
    asked: bool


@dataclass(frozen=True, kw_only=True)
class WorkerPaused(Event):
    """A worker process was stopped in its tracks."""

    worker: str


@dataclass(frozen=True, kw_only=True)
class WorkerResumed(Event):
    """A paused worker process goes on."""

    worker: str


# --- faults ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class FaultArmed(Event):
    """A fault is in force from now on. Armed is not fired."""

    fault: str


@dataclass(frozen=True, kw_only=True)
class FaultFired(Event):
    """A fault hit the application: which call, and what it did there."""

    fault: str
    call: str | None = None
    what: str = ""


@dataclass(frozen=True, kw_only=True)
class ChanceDrawn(Event):
    """A fault drew from the run's seed, and what came of it."""

    fault: str
    what: str


@dataclass(frozen=True, kw_only=True)
class FaultHealed(Event):
    """A fault is no longer in force."""

    fault: str


# --- the services ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class CallReceived(Event):
    """A request reached a fake.

    Attributes:
        call: Identifies the call within the run, such as "flights.book#2".
        key: The idempotency key it carried.
        body: The JSON body, or None.
        workflow_time: The time by the workflow's clock, where that one skips.
    """

    service: str
    operation: str
    call: str
    key: str | None
    body: Any
    workflow_time: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class CallAnswered(Event):
    """A fake handed its answer to the network."""

    call: str
    status: int
    has_body: bool = True


@dataclass(frozen=True, kw_only=True)
class CallUnanswered(Event):
    """A call ended without an answer: the fake kept silent, or the caller had gone before it spoke."""

    call: str
    why: str


@dataclass(frozen=True, kw_only=True)
class LimitExceeded(Event):
    """A call was one too many for its service, whose limit reads like "100 in 60 s"."""

    service: str
    operation: str
    call: str
    limit: str


@dataclass(frozen=True, kw_only=True)
class EffectApplied(Event):
    """Something now exists outside the workflow: a booking, a charge."""

    service: str
    operation: str
    call: str
    key: str


@dataclass(frozen=True, kw_only=True)
class EffectUndone(Event):
    """An effect no longer exists.

    Attributes:
        operation: The operation that undid it.
        undoes: The operation that had applied it.
    """

    service: str
    operation: str
    undoes: str
    call: str
    key: str


@dataclass(frozen=True, kw_only=True)
class Tombstoned(Event):
    """An undo came for a key without an effect: the service remembers it, and refuses a late commit."""

    service: str
    operation: str
    undoes: str
    call: str
    key: str


@dataclass(frozen=True, kw_only=True)
class EffectRefused(Event):
    """A commit arrived too late, after its key had been undone, and was refused."""

    service: str
    operation: str
    call: str
    key: str


@dataclass(frozen=True, kw_only=True)
class EffectRepeated(Event):
    """A commit arrived again under a key that has its effect: answered as the first time, nothing applied."""

    service: str
    operation: str
    call: str
    key: str


@dataclass(frozen=True, kw_only=True)
class Kept(Event):
    """Something that a real server held at the end of the run, where nobody saw it come: a message in a queue.

    Attributes:
        key: What its writer made it known by.
        body: What it says.
    """

    service: str
    key: str
    body: Any


@dataclass(frozen=True, kw_only=True)
class ConnectTried(Event):
    """The worker's process tried to connect to a fake's proxy; whether it succeeded is not known here."""

    service: str


@dataclass(frozen=True, kw_only=True)
class ConnectionCarried(Event):
    """A connection that a proxy carried, from the proxy's own journal; `at` is when the client was accepted."""

    service: str
    closed_at: datetime | None
    toxics: tuple[str, ...]
    bytes_up: int
    bytes_down: int
    end: str | None


@dataclass(frozen=True, kw_only=True)
class NoConnectionJournal(Event):
    """The Toxiproxy in use keeps no journal; firings on the wire are inferred from both its ends."""

    service: str


# --- the application ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class WorkflowStarted(Event):
    """The scenario's workflow was started."""

    workflow: str
    workflow_id: str
    run_id: str


@dataclass(frozen=True, kw_only=True)
class AttemptStarted(Event):
    """A worker began an attempt of an activity. Intermediate attempts are not in the history.

    Attributes:
        resumes_from: What the server had received of earlier attempts' heartbeats: the latest's first value, as far as
            JSON can carry it.
        scheduled_at: When the attempt was due, by the workflow's own clock, as the server recorded it.
        started_at: When the server handed it to the worker, by the same clock.
    """

    workflow_id: str
    activity: str
    activity_id: str
    attempt: int
    resumes_from: Any = None
    scheduled_at: datetime | None = None
    started_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Heartbeat(Event):
    """An attempt called `activity.heartbeat`; the server may receive it later, or never (HB claims).

    Attributes:
        details: The first value, as far as JSON can carry it.
    """

    workflow_id: str
    activity: str
    activity_id: str
    attempt: int
    details: Any


@dataclass(frozen=True, kw_only=True)
class PointReached(Event):
    """A worker stopped at a named point that a trigger was watching for."""

    worker: str
    phase: str
    workflow: str
    activity: str
    attempt: int
    number: int
    details: Any


@dataclass(frozen=True, kw_only=True)
class AttemptEnded(Event):
    """An attempt's body ended.

    Attributes:
        errors: "Class: text" of the exception that left the body and of each exception behind it, outermost
            first; empty when it returned.
    """

    workflow_id: str
    activity: str
    activity_id: str
    attempt: int
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class WorkflowTaskStuck(Event):
    """A workflow task fails and will go on failing until other code is deployed."""

    workflow_id: str
    cause: str
    message: str
    stack: str


@dataclass(frozen=True, kw_only=True)
class WorkflowClosed(Event):
    """The scenario's workflow reached an end; its history has the rest."""

    workflow_id: str
    status: str


@dataclass(frozen=True, kw_only=True)
class DeadlinePassed(Event):
    """The workflow had not ended by the scenario's deadline."""

    workflow_id: str
    seconds: float
    waiting_for: str


@dataclass(frozen=True, kw_only=True)
class Replayed(Event):
    """A history was replayed: `error` says why it does not, `unjudged` why nobody can tell, `drifts` what differs."""

    workflow_id: str
    run_id: str
    error: str | None
    unjudged: str = ""
    drifts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RunBroken(Event):
    """The harness or its surroundings broke, so that the run proves nothing."""

    what: str


@dataclass(frozen=True, kw_only=True)
class RunInterrupted(Event):
    """Somebody ended the run from outside, with Ctrl-C, SIGTERM or SIGHUP."""
