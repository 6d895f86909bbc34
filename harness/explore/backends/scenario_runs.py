"""Runs schedules of a scenario: each is a run of it, with fakes, proxies and a worker of its own."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from temporalio.client import Client, WorkflowHandle

from harness.environment.open import Environment
from harness.errors import UsageError, unknown
from harness.events import DeadlinePassed, Event, FaultArmed, FaultFired, RunBroken
from harness.evidence.calls import CallName, CallPlace
from harness.evidence.event_stream import Stream
from harness.evidence.evidence import Evidence
from harness.evidence.schedule_events import DriverFailed, NotAtRest, NotTried, ScheduleStarted, UndoRequested
from harness.explore.backends.drive import Driven
from harness.explore.backends.from_attempts import calls_of_attempts, effects_of_attempts
from harness.explore.backends.replay_cache import ReplayCache
from harness.explore.backends.request_faults import operations, site_of, undoing_activities, with_requests
from harness.explore.backends.rest import Family
from harness.explore.backends.scenario_target import ScenarioTarget
from harness.explore.backends.schedule_run import QUIET_WITHIN, request_cancel
from harness.explore.backends.shared_worker import JOBS
from harness.explore.inject.activity_interceptor import Exploring
from harness.explore.inject.client_interceptor import Deliveries
from harness.explore.inject.injector import Injector
from harness.explore.inject.injectors import Injectors
from harness.explore.inject.workflow_runner import ExploringRunner, what_is_shortened
from harness.explore.kind import ArmedKind
from harness.explore.model.explored_run import ExploredRun
from harness.explore.model.not_tried import not_tried
from harness.explore.model.schedule import PlannedFault, Schedule
from harness.explore.search.judge import ScheduleExpectations
from harness.fault import Fault
from harness.judge import Expectations
from harness.library_internals.workflow_definition import workflow_types
from harness.oracle import Oracle
from harness.results import Result
from harness.run.held_up import disturbance
from harness.run.run import run
from harness.run.scenario_run import ScenarioRun
from harness.scenario import Scenario
from harness.workers.by_import_path import packed
from harness.workers.hooks import RunHooks
from harness.workers.spec import WorkerProcesses

KILLS_AT_ONCE = 3 * (os.cpu_count() or 1)
"""How many schedules run concurrently whose workers have processes of their own, with timeouts in real time."""

BEGUN_ANEW_AFTER = timedelta(seconds=2)
"""How long an attempt may take, and be silent, where its worker is killed: the next attempt begins after that. Long
enough for a busy machine; a run that fails all the same is run again."""


class ScenarioRuns:
    """Runs schedules of one scenario.

    Args:
        target: The scenario.
        environment: The real parts that runs share.
        jobs: How many schedules run concurrently.
        real_time: Whether all waits and timeouts are left as they are.
    """

    def __init__(
        self,
        target: ScenarioTarget,
        environment: Environment,
        *,
        jobs: int = JOBS,
        real_time: bool = False,
    ) -> None:
        self.target = target
        self.jobs = jobs
        self._environment = environment
        self._slots = asyncio.Semaphore(jobs)
        self._kills = asyncio.Semaphore(KILLS_AT_ONCE)
        self._untouched = real_time
        self._campaign = secrets.token_hex(3)
        self._count = 0
        self._took: dict[CallName, float] = {}
        self._replays = ReplayCache(target, environment.replays, client=environment.temporal.client)
        try:
            packed(target.scenario.application)
        except UsageError as error:
            self._no_processes = f"no worker is killed: {error}"
        else:
            self._no_processes = ""

    @property
    def processes(self) -> bool:
        """Whether its application can be run in a worker process."""
        return not self._no_processes

    @property
    def shortened(self) -> tuple[str, ...]:
        """What is not as in production, one sentence each."""
        seconds = f"{BEGUN_ANEW_AFTER.total_seconds():g} s"
        killed = self._no_processes or f"where a worker is killed, attempts may take, and be silent, for {seconds}."
        return () if self._untouched else (*what_is_shortened(skips=self.target.skips), killed)

    def problems(self, schedule: Schedule) -> Iterator[str]:
        """A request must be one for an operation of the scenario's fakes, and a killed worker have no other faults."""
        known = operations(self.target.scenario.uses)
        for fault in schedule.faults:
            if CallPlace.REQUEST in fault.kind.places and fault.call.activity not in known:
                yield f"{fault}: {unknown('request', fault.call.activity, known)}"
            if fault.kind.kills and not self.processes:
                yield f"{fault}: {self._no_processes}"
            elif fault.kind.kills and not schedule.without(fault).allows(fault):
                yield f"{schedule}: {fault} kills the worker, so every other fault must be one at a request."

    def learn(self, run: ExploredRun) -> None:
        """Remember how long bodies take when nothing goes wrong."""
        self._took = {made.call: made.seconds for made in run.calls}

    def alone(self) -> None:
        """Run one schedule at a time from now on."""
        self.jobs = 1
        self._slots = asyncio.Semaphore(1)

    async def run(self, schedule: Schedule, expects: Sequence[Oracle]) -> Result:
        """Run one schedule, of which there are no `problems`, and judge it; once more when others held it up."""
        result = await self._run(schedule, expects)
        return await self._run(schedule, expects) if disturbance(result) else result

    async def _run(self, schedule: Schedule, expects: Sequence[Oracle]) -> Result:
        kills = any(one.kind.kills for one in schedule.faults)
        async with self._slots, self._kills if kills else nullcontext():
            self._count += 1
            token = f"explored-{self._campaign}-{self._count:05}"
            stream = Stream()
            stream.emit(ScheduleStarted(schedule=str(schedule), token=token))
            scenario = self.target.scenario
            if kills:
                hooks = RunHooks(ids=token, timeouts_at_most=None if self._untouched else BEGUN_ANEW_AFTER)
                scenario, injector = replace(scenario, workers=WorkerProcesses()), None
            else:
                hooks, injector = self._injecting(schedule, token, stream)
            explored = ExploredScenarioRun(
                scenario,
                self._environment,
                name=self.target.name,
                schedule=schedule,
                expects=expects,
                stream=stream,
                hooks=hooks,
                injector=injector,
                replays=self._replays,
            )
            return await run(explored)

    def _injecting(self, schedule: Schedule, token: str, stream: Stream) -> tuple[RunHooks, Injector]:
        """Return what injects a schedule's faults in a worker in this process, and what a run adds for it."""
        clients: list[Client] = []

        async def cancel(workflow_id: str) -> None:
            await request_cancel(clients[0], workflow_id)

        def workflow(workflow_id: str, *, run_id: str | None = None) -> WorkflowHandle[Any, Any]:
            return clients[0].get_workflow_handle(workflow_id, run_id=run_id)

        injector = Injector(
            token=token,
            schedule=schedule,
            stream=stream,
            reads=frozenset(),
            cancel=cancel,
            workflow=workflow,
        )
        injectors = Injectors(only=injector)

        def client(plain: Client) -> Client:
            clients.append(plain)
            config = plain.config()
            deliveries = Deliveries(injectors.named, lists=True, workflow=plain.get_workflow_handle)
            config["interceptors"] = [*config["interceptors"], deliveries]
            return Client(**config)

        async def ended() -> None:
            if injector.children and injector.stuck is None:
                busy = await Family(clients[0], injector.roots).at_rest(QUIET_WITHIN)
                if busy:
                    stream.emit(NotAtRest(what=busy, seconds=QUIET_WITHIN))
            injector.end()
            if not await injector.quiet(QUIET_WITHIN):
                injector.note("activity", f"an attempt was still running {QUIET_WITHIN:g} s after the end")

        hooks = RunHooks(
            ids=token,
            client=client,
            interceptors=[Exploring(injectors.of_attempt)],
            runner=lambda inner: ExploringRunner(
                inner,
                belongs=injectors.belongs,
                task_queue=token,
                shorten=not self.target.skips and not self._untouched,
                untouched=self._untouched,
                took=lambda call: self._took.get(call, 0.0),
            ),
            ended=ended,
            replaces=lambda workflow_id: injector.child_fault(workflow_id) is not None,
        )
        return hooks, injector


class ExploredScenarioRun(ScenarioRun):
    """Takes a scenario through the steps of a run in which a schedule's faults are injected.

    Args:
        scenario: What to run, without faults of its own.
        environment: The shared servers.
        name: The scenario's name.
        schedule: What goes wrong.
        expects: What must hold.
        stream: Takes everything that happens.
        hooks: What the exploration adds to the worker and client.
        injector: Injects what is no request and no kill; None where the worker has a process of its own.
        replays: Replays its histories.
    """

    def __init__(
        self,
        scenario: Scenario,
        environment: Environment,
        *,
        name: str,
        schedule: Schedule,
        expects: Sequence[Oracle],
        stream: Stream,
        hooks: RunHooks,
        injector: Injector | None,
        replays: ReplayCache,
    ) -> None:
        self._planned: list[PlannedFault] = []
        faults: list[Fault] = []
        for one in schedule.faults:
            if isinstance(one.kind, ArmedKind):
                self._planned.append(one)
                faults.append(one.kind.fault(site_of(one.call, scenario)))
        self._driver = None if scenario.drive is None else Driven(scenario.drive, forgiving=bool(schedule.faults))
        driven = replace(scenario, faults=faults, drive=None if self._driver is None else self._driver.drive)
        super().__init__(driven, environment, name=name, seed=0, stream=stream, hooks=hooks)
        self._injector = injector
        self._replays = replays
        self._expectations = ScheduleExpectations(schedule=schedule, expects=expects)

    @property
    def expectations(self) -> Expectations:
        """The schedule's."""
        return self._expectations

    async def collect(self) -> None:
        """Gather what an exploration knows of a run beside what every run records."""
        await super().collect()
        emit, events = self.stream.emit, self.stream.events
        evidence = Evidence(scenario=self.name, seed=self.seed, events=events, histories=tuple(self.histories))
        for planned, (name, fault) in zip(self._planned, self.scenario.fault_names.items(), strict=True):
            if fault.fired(evidence, name=name):
                at = fired_at(evidence, name)
                emit(FaultFired(at=at, fault=str(planned), call=str(planned.call), what=planned.kind.sentence))
        if self._driver is not None:
            self.stream.emit_all(_of_driver(self._driver, evidence))
        if self._injector is None:
            self.stream.emit_all(effects_of_attempts(evidence))
        if self._injector is not None:
            self._injector.were_called([one.fetched for one in self.histories])
        calls = calls_of_attempts(evidence) if self._injector is None else self._injector.calls
        self.stream.emit_all(with_requests(evidence, calls))
        if not self._expectations.schedule.faults:
            types = workflow_types(self.scenario.application.workflows)
            self.stream.emit_all(NotTried(what=one) for one in not_tried(self.histories, types))
        for activity, operation in sorted(undoing_activities(evidence, self.scenario.uses)):
            emit(UndoRequested(activity=activity, operation=operation))

    async def replay(self) -> None:
        """Replay every history, unless one like it has been."""
        self.stream.emit_all(await self._replays.check([one.fetched for one in self.histories]))


def fired_at(evidence: Evidence, name: str) -> datetime:
    """Return when a fault first fired, or was armed where its firing has no time of its own."""
    fired = [one.at for one in evidence.of(FaultFired) if one.fault == name]
    armed = [one.at for one in evidence.of(FaultArmed) if one.fault == name]
    return (fired or armed or [evidence.events[-1].at])[0]


def _of_driver(driver: Driven, evidence: Evidence) -> Iterator[Event]:
    if driver.raised:
        yield DriverFailed(what=driver.raised)
    for late in () if driver.done else evidence.of(DeadlinePassed):
        why = f"failed ({driver.raised})" if driver.raised else "waited for a moment that did not come"
        yield RunBroken(what=f"the scenario's own driver {why}, and the workflow waited for {late.waiting_for}.")
