"""What a run of a scenario recorded, as a run of an exploration."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from harness.events import (
    AttemptEnded,
    AttemptStarted,
    CallAnswered,
    CallReceived,
    CallUnanswered,
    DeadlinePassed,
    FaultFired,
    Replayed,
    RunBroken,
    WorkerGone,
    WorkflowTaskStuck,
)
from harness.evidence.attempts import Attempt
from harness.evidence.evidence import Evidence
from harness.explore.backends.drive import Driven
from harness.explore.backends.request_faults import with_requests
from harness.explore.calls import Call, CallMade
from harness.explore.inject.injector import Injector
from harness.explore.model.explored_run import Effect, ExploredRun, Moment
from harness.explore.model.schedule import PlannedFault, Schedule


def run_seen(
    evidence: Evidence,
    schedule: Schedule,
    *,
    token: str,
    struck: Iterable[PlannedFault],
    world: Injector | None,
    driven: Driven | None,
) -> ExploredRun:
    """Return what is known of a run.

    Args:
        evidence: What it recorded.
        schedule: What was to go wrong.
        token: Its workflow id.
        struck: The faults at requests and workers that fired.
        world: What saw to the others; None where the worker had a process of its own.
        driven: How the scenario's own drive went, if it has one.
    """
    stuck = next(iter(evidence.of(WorkflowTaskStuck)), None)
    late = next(iter(evidence.of(DeadlinePassed)), None)
    no_proof = " ".join(one.what for one in evidence.of(RunBroken))
    if late is not None and driven is not None and not driven.done:
        said = f"failed ({driven.raised})" if driven.raised else "waited for a moment that did not come"
        no_proof = f"the scenario's own drive {said}, and the workflow waited for {late.waiting_for}."
    calls = tuple(_begun(evidence)) if world is None else world.calls
    effects = tuple(_effects(evidence)) if world is None else tuple(world.effects)
    return ExploredRun(
        token=token,
        schedule=schedule,
        reached=frozenset([*struck, *(() if world is None else world.reached)]),
        outcome=evidence.outcome,
        effects=effects,
        calls=with_requests(evidence, calls),
        histories=evidence.histories,
        stuck=None if stuck is None else (stuck.message, stuck.stack),
        open="" if late is None else late.waiting_for,
        replay=_replay(evidence, world),
        raised="" if driven is None else driven.raised,
        timeline=(*_moments(evidence, activities=world is None), *(() if world is None else world.moments)),
        evidence=evidence,
        no_proof=no_proof,
    )


def _replay(evidence: Evidence, world: Injector | None) -> str:
    # What the exploration itself answered in a child's place is no history of the application's.
    replaced = set() if world is None else {one for one in world.children if world.child_fault(one) is not None}
    errors = [one.error for one in evidence.of(Replayed) if one.error is not None and one.workflow_id not in replaced]
    return "; ".join(errors)


def _begun(evidence: Evidence) -> Iterator[CallMade]:
    first = sorted((one for one in evidence.attempts if one.number == 1), key=lambda one: one.began)
    yield from (CallMade(call=_call(one), order=order) for order, one in enumerate(first))


def _effects(evidence: Evidence) -> Iterator[Effect]:
    """Yield the bodies that ran to their end; what they were given and returned, a worker process does not tell."""
    for order, one in enumerate(one for one in evidence.attempts if one.succeeded):
        yield Effect(
            call=_call(one),
            activity=one.activity,
            workflow_id=one.workflow_id,
            attempt=one.number,
            arguments=(),
            result=None,
            order=order,
            at=one.ended,
        )


def _call(attempt: Attempt) -> Call:
    return Call(workflow="", activity=attempt.activity, nth=attempt.nth)


def _moments(evidence: Evidence, *, activities: bool) -> Iterator[Moment]:
    """Yield what happened at the fakes and to workers, and in attempts where nobody else tells of them."""
    for event in evidence.events:
        match event:
            case CallReceived():
                yield Moment(event.at, "service", f"{event.call} was asked")
            case CallAnswered():
                yield Moment(event.at, "service", f"{event.call} answered {event.status}")
            case CallUnanswered():
                yield Moment(event.at, "service", f"{event.call} did not answer: {event.why}")
            case FaultFired():
                yield Moment(event.at, "fault", f"{event.fault} {event.what}")
            case WorkerGone() if event.code < 0:
                yield Moment(event.at, "worker", f"{event.worker} was killed")
            case AttemptStarted() if activities:
                yield Moment(event.at, "activity", f"{event.activity} attempt {event.attempt} began")
            case AttemptEnded() if activities:
                how = f"failed: {event.errors[0]}" if event.errors else "returned"
                yield Moment(event.at, "activity", f"{event.activity} attempt {event.attempt} {how}")
