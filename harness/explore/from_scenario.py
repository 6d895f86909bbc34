"""A scenario of ours as a target: its application without its faults, judged by what the fakes saw of each run."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from harness.call import Operation
from harness.errors import UsageError
from harness.events import CallReceived, Event
from harness.evidence import Evidence
from harness.explore.explored import Breach, ExploredRun, Invariant
from harness.explore.target import Drive, Target
from harness.leash import Leash
from harness.naming import kind_of
from harness.oracle import Oracle
from harness.oracles.at_most_once import AtMostOnce
from harness.oracles.compensated_in_reverse import CompensatedInReverse
from harness.oracles.no_orphans import NoOrphans
from harness.scenario import Scenario
from harness.surroundings import Clock
from harness.verdict import Verdict

WHATEVER_HAPPENS = (AtMostOnce, CompensatedInReverse, NoOrphans)
"""The oracles of a pattern that say nothing of one failure in particular."""


def from_scenario(name: str, scenario: Scenario, pattern: Sequence[Scenario]) -> Target:
    """Return the target: one set of fakes for all runs, whose calls are told apart by the token that they carry.

    Args:
        name: The scenario's name.
        scenario: Its application, its workflow and what that is given; its faults and expectations are left aside.
        pattern: All scenarios of its pattern, from which the oracles come that hold whatever happens.

    Raises:
        UsageError: It drives its workflow itself, which takes its stage.
    """
    if scenario.drive is not None:
        raise UsageError(f"{name} drives its workflow itself; choose another scenario of its pattern to explore.")
    journal: list[Event] = []
    start = scenario.start

    async def drive(run: Drive) -> None:
        await run.start(
            scenario.workflow,
            *scenario.arguments,
            execution_timeout=start.execution_timeout,
            run_timeout=start.run_timeout,
            task_timeout=start.task_timeout,
            retry_policy=start.retry_policy,
        )

    oracles: dict[str, Oracle] = {}
    for one in (oracle for other in pattern for oracle in other.expects if isinstance(oracle, WHATEVER_HAPPENS)):
        on = getattr(one, "of", None)
        used = not isinstance(on, Operation) or on.service in {kind.name() for kind in scenario.uses}
        if used:
            # What one failure leaves standing is not what all may leave.
            general = NoOrphans() if isinstance(one, NoOrphans) else one
            oracles.setdefault(repr(general), general)
    return Target(
        workflows=scenario.application.workflows,
        activities=_activities(scenario, journal.append),
        drive=drive,
        clock=Clock.SKIPPING,
        data_converter=scenario.application.data_converter,
        invariants=[*(_as_invariant(one, journal) for one in oracles.values()), _success_means_done(journal)],
        deadline=scenario.deadline,
    )


def _activities(
    scenario: Scenario, emit: Callable[[Event], None]
) -> Callable[[], AbstractAsyncContextManager[Sequence[Callable[..., Any]]]]:
    @asynccontextmanager
    async def made() -> AsyncIterator[Sequence[Callable[..., Any]]]:
        async with AsyncExitStack() as stack:
            leash = await stack.enter_async_context(Leash())
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            urls = {}
            for kind in scenario.uses:
                service = kind(emit)
                await service.open(leash, log=folder / f"{kind.name()}.log")
                stack.push_async_callback(service.stop)
                urls[kind.name()] = service.base_url(service.address)
            make = scenario.application.activities
            activities = () if make is None else make(**urls)
            if isinstance(activities, AbstractAsyncContextManager):
                yield await stack.enter_async_context(activities)
            else:
                yield activities

    return made


def _as_invariant(oracle: Oracle, journal: list[Event]) -> Invariant:
    def judge(run: ExploredRun) -> Iterator[Breach]:
        for finding in oracle.judge(_evidence(run, journal)) if run.ended else ():
            if finding.verdict is Verdict.FAILED:
                yield Breach(what=finding.title.replace(run.token, "TOKEN"), subject=str(getattr(oracle, "of", "")))

    return Invariant(name=kind_of(oracle), judge=judge)


def _success_means_done(journal: list[Event]) -> Invariant:
    expected: list[list[str]] = []

    def judge(run: ExploredRun) -> Iterator[Breach]:
        evidence = _evidence(run, journal)
        if not run.ended or evidence.reports_failure:
            return
        stands = sorted(f"{one.service}.{one.operation}" for one in evidence.standing)
        if not run.schedule.faults:
            expected[:] = [stands]
        elif expected and stands != expected[0]:
            yield Breach(what=f"the workflow reports success, and {stands} stand, not {expected[0]}.")

    return Invariant(name="success_means_done", judge=judge)


def _evidence(run: ExploredRun, journal: list[Event]) -> Evidence:
    """What the fakes wrote down of one run: the calls that carry its token, and what they led to."""
    calls = {one.call for one in journal if isinstance(one, CallReceived) and run.token in f"{one.key} {one.body}"}
    events = tuple(one for one in journal if getattr(one, "call", None) in calls)
    return Evidence(scenario=str(run.schedule), seed=0, events=events, histories=tuple(run.histories))
