"""The Temporal server of a run's own: broken and mended with its data, configured, shared, and never left behind."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import psutil
import pytest
from temporalio.service import RPCError, RPCStatusCode

from fakes.flights import Flights
from harness import (
    Application,
    Clock,
    CrashServer,
    EffectsInOrder,
    EnvironmentUnavailable,
    FaultFired,
    FromCall,
    LiveRun,
    OnEvent,
    Outcome,
    PauseServer,
    Scenario,
    Server,
    UsageError,
    Verdict,
)
from harness.environment.open import Environment, Wishes, open_environment
from harness.environment.temporal.dev_server import dev_server
from harness.environment.temporal.server import TemporalServer
from harness.events import EnvironmentReady
from harness.faults.families import ServerFault
from harness.processes.guard import ProcessGuard
from harness.run.scenario_run import run_scenario
from harness.testbed.ports import BreakableServer
from tests.live.apps.reserve import Wanted
from tests.live.apps.scenarios import reserving
from tests.live.apps.waits import Grows, Sleeps
from tests.live.commands import WITHIN, begin, make_project
from tests.live.conftest import Run

BREAKABLE = Server(breakable=True)
NO_ANSWER = {RPCStatusCode.UNAVAILABLE, RPCStatusCode.CANCELLED, RPCStatusCode.DEADLINE_EXCEEDED}


@asynccontextmanager
async def own_server(folder: Path) -> AsyncIterator[tuple[TemporalServer, BreakableServer]]:
    """A server with its data in this folder, and what can be broken of it."""
    wanted, database = BREAKABLE, folder / "temporal.db"
    async with (
        ProcessGuard() as guard,
        dev_server(guard=guard, log=folder / "log", wanted=wanted, database=database) as server,
    ):
        assert server.process is not None
        yield server, server.process


async def start(server: TemporalServer) -> str:
    """Start a workflow that no worker takes."""
    workflow_id = str(uuid4())
    await server.client.start_workflow("Nobody", id=workflow_id, task_queue=workflow_id)
    return workflow_id


async def events(server: TemporalServer, workflow_id: str, *, within: float = WITHIN) -> list[int]:
    """The numbers of the events that the server has recorded of a workflow, asked for once; within so many seconds."""
    handle = server.client.get_workflow_handle(workflow_id)
    return [event.event_id async for event in handle.fetch_history_events(rpc_timeout=timedelta(seconds=within))]


def servers() -> set[psutil.Process]:
    """The servers below this process. Processes for replays are started when they are first needed, and stay."""
    found = set()
    for one in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            found |= {one} if one.name() == "temporal" else set()
    return found


# --- broken and mended ----------------------------------------------------------------------------------------------


async def test_a_server_that_is_killed_comes_back_with_its_data(tmp_path: Path) -> None:
    """On the same address, so that a client finds it again by itself."""
    async with own_server(tmp_path) as (server, process):
        workflow_id = await start(server)
        recorded = await events(server, workflow_id)
        await process.kill()
        with pytest.raises(RPCError) as away:
            await events(server, workflow_id, within=1)
        await process.restart()

        assert away.value.status in NO_ANSWER
        assert recorded
        assert await events(server, workflow_id) == recorded


async def test_a_server_that_is_paused_answers_again_when_it_goes_on(tmp_path: Path) -> None:
    """Its connections stay open meanwhile, and nothing comes back on them."""
    async with own_server(tmp_path) as (server, process):
        workflow_id = await start(server)
        process.pause()
        with pytest.raises(RPCError) as silent:
            await events(server, workflow_id, within=1)
        process.resume()

        assert silent.value.status in NO_ANSWER
        assert await events(server, workflow_id)


def damage(database: Path) -> None:
    """Overwrite a database and its write-ahead log, from which SQLite would restore some or all of it."""
    for file in (database, *database.parent.glob(f"{database.name}-*")):
        file.write_bytes(b"no database" * 1000)


async def test_a_server_whose_data_are_damaged_meanwhile_does_not_come_back(tmp_path: Path) -> None:
    """The error has the server's own words."""
    async with own_server(tmp_path) as (_, process):
        await process.kill()
        damage(tmp_path / "temporal.db")

        with pytest.raises(EnvironmentUnavailable, match=r"(?s)did not start again.*file is not a database"):
            await process.restart()


async def test_a_server_that_listens_before_it_answers(tmp_path: Path) -> None:
    """A connection is taken, and nothing comes back on it until its time is over."""
    async with own_server(tmp_path) as (server, process):
        workflow_id = await start(server)
        await process.kill()
        coming = asyncio.create_task(process.restart(unready_for=timedelta(seconds=4)))
        host, port = server.address.split(":")
        async with asyncio.timeout(WITHIN):
            while not await connects(host, int(port)):  # noqa: ASYNC110 - a port that opens tells nobody
                await asyncio.sleep(0.005)
        with pytest.raises(RPCError) as silent:
            await events(server, workflow_id, within=1)
        unready = not coming.done()
        await coming

        assert silent.value.status in NO_ANSWER
        assert unready
        assert await events(server, workflow_id)


async def connects(host: str, port: int) -> bool:
    """Whether somebody listens there."""
    try:
        _, writer = await asyncio.open_connection(host, port)
    except OSError:
        return False
    writer.close()
    return True


async def test_a_run_whose_server_does_not_come_back(run: Run, harness_environment: Environment) -> None:
    """INCONCLUSIVE at once and not at the deadline, with the server's own words."""

    async def drive(live: LiveRun) -> None:
        await live.told(FaultFired)
        [database] = harness_environment.folder.glob(f"{live.task_queue}*.db")
        damage(database)

    fault = CrashServer(down_for=timedelta(seconds=1), when=FromCall(n=1, of=Flights.book))
    deadline = timedelta(seconds=60)

    result = await run(reserving(Wanted(), faults=[fault], drive=drive, server=BREAKABLE, deadline=deadline))

    assert result.verdict is Verdict.INCONCLUSIVE
    assert "did not start again" in result.findings[0].title
    assert result.took < deadline / 2


async def test_a_database_that_is_none_is_told(tmp_path: Path) -> None:
    """At once, and with the file's fault in the words."""
    damage(tmp_path / "temporal.db")

    with pytest.raises(EnvironmentUnavailable, match="file is not a database"):
        async with own_server(tmp_path):
            pass


async def test_a_database_that_somebody_else_holds_is_told(tmp_path: Path) -> None:
    """It is neither waited for nor taken away."""
    other = sqlite3.connect(tmp_path / "temporal.db", isolation_level=None)
    other.execute("begin exclusive")
    try:
        with pytest.raises(EnvironmentUnavailable, match="database is locked"):
            async with own_server(tmp_path):
                pass
    finally:
        other.close()


@pytest.mark.parametrize(
    "fault",
    [
        CrashServer(down_for=timedelta(seconds=2), when=FromCall(n=2, of=Flights.book)),
        CrashServer(down_for=timedelta(seconds=2), when=OnEvent(type="WorkflowExecutionStarted")),
        CrashServer(unready_for=timedelta(seconds=2), when=OnEvent(type="ActivityTaskCompleted")),
        PauseServer(pause=timedelta(seconds=2), when=OnEvent(type="ActivityTaskCompleted")),
        # Longer than the run needs by itself: it ends with the run at the latest.
        PauseServer(pause=timedelta(minutes=5), when=FromCall(n=3, of=Flights.book)),
    ],
    ids=[
        "down-for-a-while",
        "slow-to-come-up",
        "listens-before-it-is-ready",
        "paused-between-activities",
        "paused-for-ever",
    ],
)
async def test_a_run_outlives_its_server_s_absence(
    run: Run, harness_environment: Environment, fault: ServerFault
) -> None:
    """Every seat is reserved once, unless the server stays away; and neither its process nor its data are left."""
    before = servers()
    files = set(harness_environment.folder.glob("*.db*"))
    forever = isinstance(fault, PauseServer) and fault.pause > timedelta(minutes=1)
    result = await run(
        reserving(
            Wanted(seats=3, attempts=0, attempt_within=timedelta(seconds=2)),
            faults=[fault],
            expects=[Outcome(result=["reserved"] * 3), EffectsInOrder(operations=[Flights.book] * 3)],
            server=BREAKABLE,
            deadline=timedelta(seconds=5 if forever else 60),
        )
    )

    told = "\n".join(map(str, result.findings))
    assert result.verdict is (Verdict.FAILED if forever else Verdict.PASSED), told
    assert ("it was waiting for the Temporal server, which does not answer" in told) is forever
    assert servers() <= before
    assert set(harness_environment.folder.glob("*.db*")) == files


# --- the user's own -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wanted",
    [BREAKABLE, Server(clock=Clock.SKIPPING), Server(dynamic_config={"limit.blobSize.warn": "1"})],
    ids=["broken", "skipping", "configured"],
)
async def test_the_user_s_own_server_is_not_touched(
    harness_environment: Environment, tmp_path: Path, wanted: Server
) -> None:
    """A run that wants more than to use it is INCONCLUSIVE, and says what to do."""
    address = harness_environment.temporal.address
    faults = [CrashServer()] if wanted.breakable else []
    async with open_environment(Wishes(temporal=address), folder=tmp_path) as environment:
        result = await run_scenario(
            reserving(faults=faults, server=wanted),
            name="live/theirs",
            environment=environment,
            folder=tmp_path / "run",
            seed=0,
        )

    assert result.verdict is Verdict.INCONCLUSIVE
    assert "which the harness does not do to your server at" in result.findings[0].title
    assert "Leave --temporal out" in result.findings[0].title
    assert await harness_environment.temporal.client.service_client.check_health(retry=True)


# --- shared and configured ------------------------------------------------------------------------------------------


def growing(timers: int, *, told: bool, server: Server) -> Scenario:
    """A scenario whose workflow is told to continue as new, or is not."""
    return Scenario(
        application=Application(workflows=[Grows]),
        workflow=Grows.run,
        given=timers,
        expects=[Outcome(result=told)],
        server=server,
    )


async def test_scenarios_that_want_the_same_share_a_server_that_is_configured_so(run: Run) -> None:
    """Started once for both of them; one that wants another limit, or none, gets another server."""
    low, high = (Server(dynamic_config={"limit.historyCount.suggestContinueAsNew": limit}) for limit in ("10", "2000"))
    results = await asyncio.gather(
        run(growing(5, told=True, server=low)),
        run(growing(6, told=True, server=low)),
        run(growing(5, told=False, server=high)),
        run(growing(5, told=False, server=Server())),
    )

    assert {one.verdict for one in results} == {Verdict.PASSED}, [str(f) for one in results for f in one.findings]
    first, second, third, fourth = (one.evidence.of(EnvironmentReady)[0].temporal for one in results)
    assert first == second
    assert len({first, third, fourth}) == 3


async def test_a_setting_that_the_server_does_not_have_is_refused(tmp_path: Path) -> None:
    """It would ignore it without a word, and nothing would be proved."""
    wanted = Server(dynamic_config={"limit.historyCount.warn": "5", "limit.historyCount.wran": "5"})
    async with ProcessGuard() as guard:
        with pytest.raises(UsageError) as refused:
            async with dev_server(guard=guard, log=tmp_path / "log", wanted=wanted):
                pytest.fail("it started")

    [problem] = refused.value.problems
    assert "has no setting 'limit.historyCount.wran'" in problem


async def test_a_day_is_skipped(run: Run) -> None:
    """The workflow's clock has passed it, ours has not, and it has not gone on faster than the workflow looked."""
    result = await run(
        Scenario(
            application=Application(workflows=[Sleeps]),
            workflow=Sleeps.run,
            expects=[Outcome()],
            server=Server(clock=Clock.SKIPPING),
        )
    )

    assert result.verdict is Verdict.PASSED, "\n".join(map(str, result.findings))
    slept = timedelta(seconds=result.evidence.outcome.result)
    assert timedelta(hours=24) <= slept < timedelta(hours=24, minutes=1)
    assert result.took < timedelta(seconds=30)


# --- nothing is left ------------------------------------------------------------------------------------------------

PAUSED = '''
    """Its server has stopped in its tracks."""

    from dataclasses import replace
    from datetime import timedelta

    from harness import OnEvent, PauseServer, Server
    from trials.doors import holds

    scenario = replace(
        holds.scenario,
        given=True,
        server=Server(breakable=True),
        faults=[PauseServer(pause=timedelta(minutes=5), when=OnEvent(type="WorkflowExecutionStarted"))],
    )
    '''


async def test_a_runner_that_is_killed_takes_a_paused_server_along(tmp_path: Path) -> None:
    """A stopped process hears no polite signal; nothing may stay stopped."""
    command = await begin("harness", "run", "doors/paused", "--watch", cwd=make_project(tmp_path, paused=PAUSED))
    await command.until("FaultFired")
    processes = command.descendants()
    stopped = [one for one in processes if one.status() == psutil.STATUS_STOPPED]

    command.process.kill()
    await command.process.wait()
    _, left = await asyncio.to_thread(psutil.wait_procs, processes, timeout=WITHIN)

    assert stopped
    assert left == []
    assert command.descendants() == []
