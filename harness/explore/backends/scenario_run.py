"""Performs schedules of a scenario: each is a run of it, with fakes, proxies and a worker of its own."""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from temporalio.client import Client
from temporalio.service import RPCError

from harness.environment.open import Environment
from harness.errors import UsageError, unknown
from harness.explore.backends.drive import Driven
from harness.explore.backends.from_evidence import run_seen
from harness.explore.backends.request_faults import operations, site_of, undoing_activities
from harness.explore.backends.scenario_target import ScenarioTarget
from harness.explore.backends.shared_worker import JOBS, QUIET_WITHIN
from harness.explore.calls import Call, CallPlace
from harness.explore.inject.activity_interceptor import Exploring
from harness.explore.inject.client_interceptor import Deliveries
from harness.explore.inject.injector import Injector
from harness.explore.inject.injectors import Injectors
from harness.explore.inject.workflow_runner import ExploringRunner, what_is_shortened
from harness.explore.kind import ArmedKind
from harness.explore.model.explored_run import ExploredRun
from harness.explore.model.schedule import PlannedFault, Schedule
from harness.fault import Fault
from harness.run.run import run_scenario
from harness.scenario import Scenario
from harness.workers.hooks import RunHooks
from harness.workers.process_main import packed
from harness.workers.spec import WorkerProcesses

KILLS_AT_ONCE = 3 * (os.cpu_count() or 1)
"""How many schedules go on at once whose workers have processes of their own, with timeouts in real time."""

BEGUN_ANEW_AFTER = timedelta(seconds=2)
"""How long an attempt may take, and be silent, where its worker is killed: it is begun anew that much later. Long
enough for a busy machine; a run that fails all the same is performed again."""


class ScenarioRuns:
    """Performs schedules of one scenario.

    Args:
        target: The scenario.
        environment: The real parts that runs share.
        folder: Where a run is kept while it goes on.
        jobs: How many schedules may go on at once.
        real_time: Whether all waits and timeouts are left as they are.
    """

    def __init__(
        self,
        target: ScenarioTarget,
        environment: Environment,
        *,
        folder: Path,
        jobs: int = JOBS,
        real_time: bool = False,
    ) -> None:
        self.target = target
        self.jobs = jobs
        self._environment = environment
        self._folder = folder
        self._slots = asyncio.Semaphore(jobs)
        self._kills = asyncio.Semaphore(KILLS_AT_ONCE)
        self._untouched = real_time
        self._campaign = secrets.token_hex(3)
        self._count = 0
        self._took: dict[Call, float] = {}
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
                yield (
                    f"{schedule}: what a killed worker has begun is met by no other fault as well, but by one at a "
                    "request."
                )

    def learn(self, run: ExploredRun) -> None:
        """Take note of how long bodies take when nothing goes wrong."""
        self._took = {made.call: made.seconds for made in run.calls}

    def alone(self) -> None:
        """Perform one schedule at a time from now on."""
        self.jobs = 1
        self._slots = asyncio.Semaphore(1)

    async def perform(self, schedule: Schedule) -> ExploredRun:
        """Perform one schedule, of which there are no `problems`, and return what is known of it."""
        kills = any(one.kind.kills for one in schedule.faults)
        async with self._slots, self._kills if kills else nullcontext():
            self._count += 1
            token = f"explored-{self._campaign}-{self._count:05}"
            return await (self._killed(schedule, token) if kills else self._performed(schedule, token))

    async def _performed(self, schedule: Schedule, token: str) -> ExploredRun:
        clients: list[Client] = []

        async def cancel(workflow_id: str) -> None:
            try:
                await clients[0].get_workflow_handle(workflow_id).cancel()
            except RPCError:
                # It has just closed, by a timeout of its own for instance.
                return

        world = Injector(token=token, schedule=schedule, reads=frozenset(), cancel=cancel)
        worlds = Injectors(only=world)

        def client(plain: Client) -> Client:
            clients.append(plain)
            config = plain.config()
            deliveries = Deliveries(worlds.named, lists=True, workflow=plain.get_workflow_handle)
            config["interceptors"] = [*config["interceptors"], deliveries]
            return Client(**config)

        async def ended() -> None:
            await world.signals.rest()
            world.over.set()
            if not await world.quiet(QUIET_WITHIN):
                world.tell("activity", f"an attempt was still running {QUIET_WITHIN:g} s after the end")

        hooks = RunHooks(
            ids=token,
            client=client,
            interceptors=[Exploring(worlds.of_attempt)],
            runner=lambda inner: ExploringRunner(
                inner,
                belongs=worlds.belongs,
                task_queue=token,
                shorten=not self.target.skips and not self._untouched,
                untouched=self._untouched,
                took=lambda call: self._took.get(call, 0.0),
            ),
            ended=ended,
        )
        return await self._run(schedule, self.target.scenario, hooks, world)

    async def _killed(self, schedule: Schedule, token: str) -> ExploredRun:
        hooks = RunHooks(ids=token, timeouts_at_most=None if self._untouched else BEGUN_ANEW_AFTER)
        return await self._run(schedule, replace(self.target.scenario, workers=WorkerProcesses()), hooks, None)

    async def _run(
        self, schedule: Schedule, scenario: Scenario, hooks: RunHooks, world: Injector | None
    ) -> ExploredRun:
        planned: list[PlannedFault] = []
        faults: list[Fault] = []
        for one in schedule.faults:
            if isinstance(one.kind, ArmedKind):
                planned.append(one)
                faults.append(one.kind.fault(site_of(one.call, scenario)))
        driven = None if scenario.drive is None else Driven(scenario.drive, forgiving=bool(schedule.faults))
        acted = replace(scenario, faults=faults, drive=None if driven is None else driven.drive)
        folder = self._folder / hooks.ids
        try:
            result = await run_scenario(
                acted,
                name=self.target.name,
                environment=self._environment,
                folder=folder,
                seed=0,
                hooks=hooks,
            )
        finally:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
        struck = [
            one
            for one, (name, fault) in zip(planned, acted.fault_names.items(), strict=True)
            if fault.fired(result.evidence, name=name)
        ]
        seen = run_seen(result.evidence, schedule, token=hooks.ids, struck=struck, world=world, driven=driven)
        return replace(seen, undoes=undoing_activities(result.evidence, scenario.uses))
