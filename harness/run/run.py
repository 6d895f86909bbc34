"""One scenario run, from its declaration to its verdict.

1. the scenario comes resolved by name and refused when wrong (`harness.catalog`, `harness.scenario`);
2. the environment is up: a Temporal server and a Toxiproxy, shared with other runs (`harness.environment`);
3. the fakes it uses are started, one proxy in front of each;
4. the worker is started, with the proxies' addresses as its base URLs;
5. the faults are armed as their triggers say;
6. the workflow is started, driven and watched until it ends, is stuck, or its deadline passes;
7. everything armed is healed, in reverse order, on every way out;
8. the evidence is collected, once stragglers have finished: histories, journals, what the proxies carried;
9. every history is replayed against the same code;
10. the evidence is judged;
11. the run folder is written.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Coroutine
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

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
    RunInterrupted,
    RunStarted,
    WorkflowClosed,
    WorkflowStarted,
    WorkflowTaskStuck,
)
from harness.evidence.event_stream import Stream
from harness.evidence.evidence import Evidence
from harness.evidence.history import Status, read_history
from harness.evidence.run_folder import RunFolder, save_index
from harness.fault import target_name
from harness.judge import judge
from harness.replay.engine.code import Loaded
from harness.replay.engine.replays import Replays
from harness.results import Result
from harness.run.arming import armed
from harness.run.hold import Hold
from harness.run.setup import fakes_of, workers_of
from harness.run.story import story
from harness.scenario import PerformsItself, Scenario
from harness.temporal.collect import Watched, collect_children, end_open, see_to_the_end, waiting_for
from harness.temporal.watch import StuckError, unless_broken, watch
from harness.testbed.live_run import LiveRun
from harness.testbed.testbed import Testbed
from harness.verdict import worst
from harness.workers.custom import WorkerCommand
from harness.workers.hooks import RunHooks

QUIET_WITHIN = timedelta(seconds=5)
"""How long calls still being served may take after everything was healed."""

DRIVE_ENDS_WITHIN = timedelta(seconds=1)
"""How long a scenario's drive may go on after the workflow has ended, unless it sees another to its end."""


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
    hooks: RunHooks | None = None,
) -> Result:
    """Run one scenario and judge it.

    Args:
        scenario: What to run.
        name: Its name, such as "saga/flight_declined".
        environment: The shared servers.
        folder: Its run folder; made if it is not there.
        seed: What its choices of chance are drawn from.
        repeat: The command that repeats the run; empty for that of the command line.
        listen: Is told of every event as it happens.
        interrupted: Is given what there is when the run is interrupted.
        hold: Keeps everything up for somebody to look.
        hooks: What an exploration adds to the application's worker and client, and how it calls the run.

    Raises:
        EnvironmentUnavailable: The run folder cannot be written.
        asyncio.CancelledError: The run was interrupted; the folder keeps what there was, marked as interrupted.
    """
    clock = asyncio.get_running_loop().time
    begun = clock()
    kept = RunFolder(folder)
    stream = Stream()
    stream.listen(kept.record)
    stream.listen(listen)
    ids = f"{name.replace('/', '-')}-{secrets.token_hex(4)}" if hooks is None else hooks.ids
    stream.emit(RunStarted(scenario=name, seed=seed, task_queue=ids))
    histories: list[WorkflowHistory] = []

    def conclude() -> Result:
        evidence = _evidence(name, seed, stream, histories)
        findings = judge(scenario, evidence)  # 10
        result = Result(
            name=name,
            verdict=worst(finding.verdict for finding in findings),
            findings=findings,
            evidence=evidence,
            folder=kept.path,
            took=timedelta(seconds=clock() - begun),
            repeat=repeat or f"harness run {name} --seed {seed}",
        )
        _keep(kept, result, histories)  # 11
        return replace(result, folder=kept.path, note=kept.moved_because)

    try:
        async with (
            environment.server_for(scenario.server, name=ids) as server,  # 2
            fakes_of(scenario, environment, server, ids=ids, seed=seed, stream=stream) as testbed,  # 3
        ):
            if isinstance(scenario, PerformsItself):
                histories += await scenario.perform(server.client, stream.emit)
                return conclude()
            client = scenario.application.client(server.client)
            client = client if hooks is None else hooks.client(client)
            watched = Watched(ids)
            async with workers_of(scenario, environment, server, ids=ids, testbed=testbed, hooks=hooks):  # 4
                try:
                    watching = hold.watching(testbed, server, ids) if hold else nullcontext()
                    async with armed(scenario.fault_names, testbed), watching:  # 5, 7
                        await _perform(scenario, client, watched, testbed=testbed, bound=_bound(scenario, server))  # 6
                finally:
                    await see_to_the_end(client, watched)
                    histories += watched.histories()
                    if hooks is not None:
                        await hooks.ended()
            await _collect(client, testbed=testbed, histories=histories)  # 8
            await _replay(scenario, histories, environment.replays, emit=stream.emit)  # 9
            if hold is not None:
                await hold.after(conclude(), testbed, server)
    except asyncio.CancelledError:
        stream.emit(RunInterrupted())
        interrupted(conclude())
        raise
    except HarnessError as error:
        stream.emit(RunBroken(what=str(error)))
    except Exception as error:  # noqa: BLE001 - whatever breaks a run leaves it without proof, and others running
        stream.emit(RunBroken(what=f"the run broke: {error!r}"))
    return conclude()


async def _perform(
    scenario: Scenario, client: Client, watched: Watched, *, testbed: Testbed, bound: timedelta | None
) -> None:
    """Start the workflow and see it to its end, whichever that is; what is seen of it ends up in `watched`."""
    emit, ids = testbed.stream.emit, watched.workflow_id
    start = scenario.start
    started = await client.start_workflow(
        scenario.workflow,
        args=scenario.arguments,
        id=ids,
        task_queue=ids,
        task_timeout=start.task_timeout,
        run_timeout=start.run_timeout,
        retry_policy=start.retry_policy,
        execution_timeout=start.execution_timeout or bound,
    )
    run_id = str(started.result_run_id)
    watched.recorded[run_id] = []
    emit(WorkflowStarted(workflow=scenario.workflow.__qualname__, workflow_id=ids, run_id=run_id))

    def tolerates(stuck: WorkflowTaskStuck) -> bool:
        borne = scenario.tolerates(stuck)
        if borne:
            emit(stuck)
        return borne

    live = LiveRun(client=client, handle=client.get_workflow_handle(ids), testbed=testbed, task_queue=ids)
    deadline = asyncio.timeout(scenario.deadline.total_seconds())
    patient = scenario.server.breakable
    steady = testbed.workers is None and not patient
    try:
        async with deadline:
            watching = watch(
                client,
                watched,
                run_id=run_id,
                feed=testbed.history,
                patient=patient,
                steady=steady,
                tolerates=tolerates,
            )
            await unless_broken(testbed.stream, _drive(scenario, live, watching))
    except StuckError as error:
        emit(error.event)
    except TimeoutError:
        if not deadline.expired():
            # Somebody else's: the scenario's own drive, a proxy that does not answer.
            raise
        doing = await waiting_for(client, ids, patient=patient)
        emit(DeadlinePassed(workflow_id=ids, seconds=scenario.deadline.total_seconds(), waiting_for=doing))
    finally:
        if testbed.workers is not None:
            testbed.workers.no_more()


def _bound(scenario: Scenario, server: TemporalServer) -> timedelta | None:
    """By when a server that outlives this process closes what it can no longer end itself, should it die.

    A server of ours dies with it. There, no bound: it would clip the application's own timeouts.
    """
    return 2 * scenario.deadline + timedelta(minutes=1) if server.provider == "address" else None


async def _drive(scenario: Scenario, live: LiveRun, watching: Coroutine[Any, Any, None]) -> None:
    """Watch the workflow to its end while the scenario's own drive, if any, does its part."""
    seen = asyncio.create_task(watching)
    driven = asyncio.create_task(_do_nothing() if scenario.drive is None else scenario.drive(live))
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


async def _do_nothing() -> None:
    pass


async def _collect(client: Client, *, testbed: Testbed, histories: list[WorkflowHistory]) -> None:
    """Wait until nothing is being served any more, then gather what the run has not told of itself."""
    emit = testbed.stream.emit
    try:
        async with asyncio.timeout(QUIET_WITHIN.total_seconds()):
            for service in testbed.services.values():
                await service.idle()
    except TimeoutError:
        emit(RunBroken(what=f"a fake was still serving a call {QUIET_WITHIN.total_seconds():g} s after the end."))
    for service in testbed.services.values():
        await service.take_stock()
    for kind, proxy in testbed.proxies.items():
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
    children = await collect_children(client, histories)
    still_open = [one.workflow_id for one in children if _outcome(one) is Status.RUNNING]
    await end_open(client, still_open)
    histories += children
    if histories:
        own = [one for one in histories if one.workflow_id == histories[0].workflow_id]
        emit(WorkflowClosed(workflow_id=own[-1].workflow_id, status=_outcome(own[-1])))


async def _replay(
    scenario: Scenario, histories: list[WorkflowHistory], replays: Replays, *, emit: Callable[[Event], None]
) -> None:
    application, workers = scenario.application, scenario.workers
    code = Loaded(workflows=tuple(application.workflows), data_converter=application.data_converter)
    own = None if workers is None else workers.own
    env = own.constant_env if isinstance(own, WorkerCommand) else {}
    for replayed in await replays.check(histories, code, env=env):
        emit(replayed)


def _evidence(name: str, seed: int, stream: Stream, histories: list[WorkflowHistory]) -> Evidence:
    return Evidence(
        scenario=name,
        seed=seed,
        events=stream.events,
        histories=tuple(
            read_history(one.to_json_dict(), workflow_id=one.workflow_id, run_id=one.run_id) for one in histories
        ),
    )


def _outcome(history: WorkflowHistory) -> Status:
    return read_history(history.to_json_dict(), workflow_id=history.workflow_id, run_id=history.run_id).outcome.status


def _keep(kept: RunFolder, result: Result, histories: list[WorkflowHistory]) -> None:
    for history in histories:
        kept.write_history(history.to_json(), workflow_id=history.workflow_id, run_id=history.run_id)
    save_index(kept, result.evidence)
    kept.write("story.md", story(result))
