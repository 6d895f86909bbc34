"""A scenario's run: fakes, proxies and workers of its own, in an environment that it shares with other runs."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from temporalio.client import Client, WorkflowHistory

from harness.environment.open import Environment
from harness.environment.temporal.server import TemporalServer
from harness.errors import HarnessError
from harness.events import (
    ConnectionCarried,
    DeadlinePassed,
    Event,
    NoConnectionJournal,
    RunBroken,
    RunStarted,
    WorkflowClosed,
    WorkflowStarted,
    WorkflowTaskStuck,
)
from harness.evidence.event_stream import Stream
from harness.evidence.history import Status
from harness.evidence.run_folder import RunFolder
from harness.evidence.worker_built import built_activities
from harness.fault import target_name
from harness.judge import Expectations
from harness.processes.guard import LOST
from harness.replay.engine.code import Code, loaded
from harness.results import Result
from harness.run.arguments import undecodable
from harness.run.arming import armed
from harness.run.hold import Hold
from harness.run.run import Subject, run
from harness.run.setup import fakes_of, workers_of
from harness.scenario import Scenario
from harness.temporal.collect import Watched, collect_children, end_open, see_to_the_end, waiting_for
from harness.temporal.fetched_history import FetchedHistory, fetched_histories
from harness.temporal.watch import StuckError, unless_broken, watch
from harness.testbed.live_run import LiveRun
from harness.testbed.testbed import Testbed
from harness.workers.custom import WorkerCommand
from harness.workers.custom_options import options_of_custom
from harness.workers.hooks import RunHooks
from harness.workers.interpreter import own_interpreter
from harness.workers.loop_watch import WatchedRun

QUIET_WITHIN = timedelta(seconds=5)
"""How long calls still being served may take after everything was healed."""

DECODING = "Failed decoding arguments"
"""How the SDK begins the failure of a workflow task whose input is not what the code declares."""

DRIVE_ENDS_WITHIN = timedelta(seconds=1)
"""How long a scenario's drive may go on after the workflow has ended, unless it sees another to its end."""


@runtime_checkable
class HasSubject(Protocol):
    """A scenario that is run in another way than with fakes and a worker of its own."""

    def subject(self, environment: Environment, *, name: str, seed: int, stream: Stream) -> Subject:
        """Return what takes it through the steps of a run."""


async def run_scenario(
    scenario: Scenario,
    *,
    name: str,
    environment: Environment,
    folder: Path,
    seed: int,
    repeat: str = "",
    listen: Callable[[Event], None] = lambda _: None,
    interrupted: Callable[[Result], None] = lambda _: None,
    hold: Hold | None = None,
) -> Result:
    """Run one scenario and judge it.

    Args:
        scenario: What to run.
        name: Its name, such as "saga/flight_declined".
        environment: The shared servers.
        folder: Its run folder; made if it is not there.
        seed: What its choices of chance are drawn from.
        repeat: The command that repeats the run; empty for that of the command line.
        listen: Receives every event as it happens.
        interrupted: Receives what there is when the run is interrupted.
        hold: Keeps everything up for somebody to look.

    Raises:
        EnvironmentUnavailable: The run folder cannot be written.
        asyncio.CancelledError: The run was interrupted; the folder keeps what there was, marked as interrupted.
    """
    kept, stream = RunFolder(folder), Stream()
    stream.listen(lambda event: listen(kept.record(event)))
    subject = (
        scenario.subject(environment, name=name, seed=seed, stream=stream)
        if isinstance(scenario, HasSubject)
        else ScenarioRun(scenario, environment, name=name, seed=seed, stream=stream, hold=hold)
    )
    return await run(
        subject, folder=kept, repeat=repeat or f"harness run {name} --seed {seed}", interrupted=interrupted
    )


class ScenarioRun:
    """Takes a scenario through the steps of a run.

    Args:
        scenario: What to run.
        environment: The shared servers.
        name: The scenario's name.
        seed: What its choices of chance are drawn from.
        stream: Takes everything that happens.
        hold: Keeps everything up for somebody to look.
        hooks: What an exploration adds to the application's worker and client, and how it calls the run.
    """

    def __init__(
        self,
        scenario: Scenario,
        environment: Environment,
        *,
        name: str,
        seed: int,
        stream: Stream,
        hold: Hold | None = None,
        hooks: RunHooks | None = None,
    ) -> None:
        self.name = name
        self.seed = seed
        self.stream = stream
        self.histories: list[FetchedHistory] = []
        self.scenario = scenario
        self._environment = environment
        self._hold = hold
        self._hooks = hooks
        self._ids = f"{name.replace('/', '-')}-{secrets.token_hex(4)}" if hooks is None else hooks.ids
        self._watched = Watched(self._ids)
        self._server: TemporalServer
        self._testbed: Testbed
        self._client: Client
        self._watched_run: WatchedRun

    @property
    def expectations(self) -> Expectations:
        """The scenario's own."""
        return self.scenario

    @asynccontextmanager
    async def environment(self) -> AsyncIterator[None]:
        """Have a server, and the scenario's fakes with a proxy in front of each."""
        self.stream.emit(RunStarted(scenario=self.name, seed=self.seed, task_queue=self._ids))
        loop_watch, patience = self._environment.loop_watch, self.scenario.deadline
        with (
            self._environment.guard.required(self._without_guard),
            loop_watch.run(self.name, emit=self.stream.emit, patience=patience) as self._watched_run,
        ):
            async with self._parts():
                yield

    def _without_guard(self) -> None:
        self.stream.emit(RunBroken(what=LOST))

    @asynccontextmanager
    async def _parts(self) -> AsyncIterator[None]:
        async with (
            self._environment.server_for(self.scenario.needed_server, name=self._ids) as self._server,  # 2
            fakes_of(
                self.scenario, self._environment, self._server, ids=self._ids, seed=self.seed, stream=self.stream
            ) as self._testbed,  # 3
        ):
            client = self.scenario.application.client(self._server.client)
            self._client = client if self._hooks is None else self._hooks.client(client)
            yield

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Have the workers, and the faults armed as their triggers say."""
        async with workers_of(
            self.scenario,
            self._environment,
            self._server,
            ids=self._ids,
            testbed=self._testbed,
            watched=self._watched_run,
            hooks=self._hooks,
        ):  # 4
            try:
                async with armed(self.scenario.fault_names, self._testbed), self._watching():  # 5, 7
                    yield
            finally:
                await see_to_the_end(self._client, self._watched)
                self.histories += await self._read(self._watched.histories())
                if self._hooks is not None:
                    await self._hooks.ended()

    def _watching(self) -> AbstractAsyncContextManager[None]:
        if self._hold is None:
            return nullcontext()
        if self._hold.at is not None:
            self._hold.at.refuse_unknown(built_activities(self.stream.events))
        return self._hold.watching(self._testbed, self._server, self._ids)

    async def drive(self) -> None:
        """Start the workflow and see it to its end, whichever that is."""
        scenario, start, emit = self.scenario, self.scenario.start, self.stream.emit
        started = await self._client.start_workflow(
            scenario.workflow,
            args=scenario.arguments,
            id=self._ids,
            task_queue=self._ids,
            task_timeout=start.task_timeout,
            run_timeout=start.run_timeout,
            retry_policy=start.retry_policy,
            execution_timeout=start.execution_timeout or _bound(scenario, self._server),
            **start.described,
        )
        run_id = str(started.result_run_id)
        self._watched.recorded[run_id] = []
        emit(WorkflowStarted(workflow=scenario.workflow_name, workflow_id=self._ids, run_id=run_id))
        patient = scenario.server.breakable
        deadline = asyncio.timeout(scenario.deadline.total_seconds())
        try:
            async with deadline:
                watching = watch(
                    self._client,
                    self._watched,
                    run_id=run_id,
                    feed=self._testbed.history,
                    patient=patient,
                    steady=self._testbed.workers is None and not patient,
                    tolerates=self._tolerates,
                )
                await unless_broken(self.stream, self._driven(watching))
        except StuckError as error:
            stuck, converter = error.event, scenario.application.data_converter
            method, why = scenario.workflow, ""
            if DECODING in stuck.message and not isinstance(method, str):
                why = undecodable(method, scenario.arguments, converter)
            emit(replace(stuck, message=f"{stuck.message}: {why}") if why else stuck)
        except TimeoutError:
            if not deadline.expired():
                # Somebody else's: the scenario's own drive, a proxy that does not answer.
                raise
            doing = await waiting_for(self._client, self._ids, patient=patient)
            emit(DeadlinePassed(workflow_id=self._ids, seconds=scenario.deadline.total_seconds(), waiting_for=doing))
        finally:
            if self._testbed.workers is not None:
                self._testbed.workers.no_more()

    def _tolerates(self, stuck: WorkflowTaskStuck) -> bool:
        tolerated = self.scenario.tolerates(stuck)
        if tolerated:
            self.stream.emit(stuck)
        return tolerated

    async def _driven(self, watching: Coroutine[Any, Any, None]) -> None:
        """Watch the workflow to its end while the scenario's own driver, if any, does its part."""
        handle = self._client.get_workflow_handle(self._ids)
        live = LiveRun(client=self._client, handle=handle, testbed=self._testbed, task_queue=self._ids)
        seen = asyncio.create_task(watching)
        driven = asyncio.create_task(_do_nothing() if self.scenario.drive is None else self.scenario.drive(live))
        try:
            await asyncio.wait([seen, driven], return_when=asyncio.FIRST_COMPLETED)
            if not seen.done():
                await driven
                await seen
                return
            await seen
            await asyncio.wait([driven], timeout=DRIVE_ENDS_WITHIN.total_seconds())
            if not driven.done() and not live.seen_to:
                raise HarnessError("the workflow ended while the scenario's drive was still waiting for its moment.")
            await driven
        finally:
            for task in (seen, driven):
                task.cancel()
            await asyncio.gather(seen, driven, return_exceptions=True)

    async def collect(self) -> None:
        """Wait until nothing is being served any more, then gather what the run has not recorded by itself."""
        emit, services = self.stream.emit, self._testbed.services.values()
        try:
            async with asyncio.timeout(QUIET_WITHIN.total_seconds()):
                for service in services:
                    await service.idle()
        except TimeoutError:
            emit(RunBroken(what=f"a fake was still serving a call {QUIET_WITHIN.total_seconds():g} s after the end."))
        for service in services:
            await service.take_stock()
        for kind, proxy in self._testbed.proxies.items():
            carried = await proxy.connections()
            if carried is None:
                emit(NoConnectionJournal(service=target_name(kind)))
            for one in carried or ():
                emit(
                    ConnectionCarried(
                        at=one.opened_at,
                        service=target_name(kind),
                        closed_at=one.closed_at,
                        toxics=one.toxics,
                        bytes_up=one.bytes_up,
                        bytes_down=one.bytes_down,
                        end=one.end,
                    )
                )
        own = list(self.histories)
        children = await collect_children(self._client, [one.fetched for one in own])
        found = await self._read(one for one in children if self._is_own(one))
        await end_open(self._client, [one.workflow_id for one in found if one.outcome.status is Status.RUNNING])
        self.histories += found
        if own:
            emit(WorkflowClosed(workflow_id=own[-1].workflow_id, status=own[-1].outcome.status))

    async def _read(self, histories: Iterable[WorkflowHistory]) -> list[FetchedHistory]:
        def broken(what: str) -> None:
            # A converter that cannot read fails the workflow's own tasks, too: that is then the finding.
            if not any(isinstance(one, WorkflowTaskStuck) for one in self.stream.events):
                self.stream.emit(RunBroken(what=what))

        return await fetched_histories(histories, self._client.data_converter, broken=broken)

    def _is_own(self, child: WorkflowHistory) -> bool:
        """Whether it was the application that answered, and not an exploration in its place."""
        return self._hooks is None or not self._hooks.replaces(child.workflow_id)

    async def replay(self) -> None:
        """Replay every history against the code, in another process."""
        application, workers = self.scenario.application, self.scenario.workers
        histories = [one.fetched for one in self.histories]
        replays = self._environment.replays
        own = None if workers is None else workers.own
        env = own.constant_env if isinstance(own, WorkerCommand) else {}
        if application.modules:
            code_there = Code(
                workflows=tuple(application.modules),
                data_converter=application.converter,
                passthrough=tuple(application.passthrough_modules),
            )
            there = self._environment.interpreter
            if there is None:
                there = await asyncio.to_thread(own_interpreter)
            self.stream.emit_all(await replays.check_elsewhere(histories, code_there, there, env=env))
            return
        options, unsure = (application, "") if own is None else options_of_custom(application, own, self.stream.events)
        code = loaded(
            application.workflows, options, converter=None if own is not None else self._client.data_converter
        )
        self.stream.emit_all(await replays.check(histories, code, env=env, unsure=unsure))

    async def hold(self, conclude: Callable[[], Result]) -> None:
        """Hold after the verdict, if that is wanted."""
        if self._hold is not None:
            await self._hold.after(conclude(), self._testbed, self._server)


def _bound(scenario: Scenario, server: TemporalServer) -> timedelta | None:
    """By when a server that outlives this process closes what it can no longer end itself, should it die.

    The dev server dies with it. There, no bound: it would clip the application's own timeouts.
    """
    return 2 * scenario.deadline + timedelta(minutes=1) if server.provider == "address" else None


async def _do_nothing() -> None:
    pass
