"""A user's own worker is struck and replaced like one of the harness's, and told of when it cannot be."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest
from temporalio.contrib.pydantic import pydantic_data_converter

from fakes.flights import Flights
from harness import (
    AfterEvent,
    Application,
    AtPoint,
    Attempts,
    Deploy,
    Drain,
    Fault,
    FirstCalls,
    HttpError,
    Kill,
    LiveRun,
    OnEvent,
    Outage,
    Outcome,
    Pause,
    Phase,
    RollingRestart,
    Scenario,
    StartOptions,
    Verdict,
    Window,
    WorkerCommand,
    WorkerModule,
    WorkerProcesses,
)
from harness.events import AttemptStarted, WorkerGone, WorkerPaused, WorkerResumed, WorkerStarted
from harness.results import Result
from harness.workers.custom import CustomWorker
from tests.live.apps.reserve import Reserve, Wanted
from tests.live.apps.reserve_activities import seat_activities
from tests.live.conftest import Begin, Run
from tests.live.leftovers import alive, marked

APPS = "tests.live.apps"
MODULE = WorkerModule(entry=f"{APPS}.reserve_worker:serve")
COMMAND = WorkerCommand(argv=["{python}", "-m", f"{APPS}.reserve_worker"])
# The shell does not become the last of its commands, so that the worker is its child.
WRAPPED = WorkerCommand(
    argv=["sh", "-c", f"trap 'kill $W; wait $W' TERM; {{python}} -m {APPS}.reserve_worker & W=$!; wait $W"]
)
TELLING = WorkerCommand(argv=["{python}", "-m", f"{APPS}.own_workers"], tells=True)
PLAIN = Application(workflows=[Reserve], data_converter=pydantic_data_converter)
OURS = replace(PLAIN, activities=seat_activities)

SWALLOWED = 1 + 5
"""How many attempts a paused worker can swallow: one that the server hands it with the answer to a workflow task, and
one for each poll for activities that it has open, 5 unless told otherwise."""

BETWEEN = OnEvent(type="WorkflowExecutionSignaled")
AFTER_FIRST = AtPoint(phase=Phase.AFTER_BODY, activity="reserve", attempt=1)


async def go(run: LiveRun) -> None:
    """Let the workflow go on between two of its seats."""
    await run.until("ActivityTaskCompleted")
    await run.handle.signal("go")


def reserving(own: CustomWorker, *faults: Fault, count: int = 1, grace: int = 5, up_within: float = 30) -> Scenario:
    """Return a scenario that reserves two seats with a worker of one's own, asked in between whether to go on."""
    return Scenario(
        application=PLAIN,
        workflow=Reserve.run,
        given=Wanted(seats=2, attempts=SWALLOWED + 1, attempt_within=timedelta(seconds=2), ask_before=2),
        uses=[Flights],
        faults=faults,
        expects=[Outcome(result=["reserved", "reserved"])],
        workers=WorkerProcesses(
            own=own, count=count, grace=timedelta(seconds=grace), up_within=timedelta(seconds=up_within)
        ),
        drive=go,
        start=StartOptions(task_timeout=timedelta(seconds=2)),
        deadline=timedelta(seconds=60),
    )


FAULTS: Mapping[str, tuple[int, Sequence[Fault]]] = {
    "nothing": (1, []),
    "kill": (1, [Kill(when=BETWEEN)]),
    "kill one of two": (2, [Kill(when=BETWEEN)]),
    "kill for a while": (1, [Kill(when=BETWEEN, gone_for=timedelta(milliseconds=300))]),
    "pause": (1, [Pause(when=BETWEEN, others=1)]),
    "drain": (1, [Drain(when=BETWEEN)]),
    "rolling restart": (2, [RollingRestart(when=BETWEEN)]),
    "kill after an event": (1, [Kill(when=AfterEvent(id=3))]),
}
DEPLOYS: Mapping[str, tuple[CustomWorker, Deploy]] = {
    "deploy a module over a command": (COMMAND, Deploy(own=MODULE, when=BETWEEN)),
    "deploy a command over a module": (MODULE, Deploy(own=COMMAND, when=BETWEEN)),
    "deploy an application over a command": (COMMAND, Deploy(application=OURS, when=BETWEEN)),
}
OWN: Mapping[str, CustomWorker] = {"module": MODULE, "command": COMMAND, "wrapped": WRAPPED, "telling": TELLING}
SCENARIOS = {
    **{
        f"{name}: {kind}": reserving(own, *faults, count=count)
        for kind, (count, faults) in FAULTS.items()
        for name, own in OWN.items()
        if name in {"module", "command"} or kind in {"kill", "pause", "drain"}
    },
    **{name: reserving(own, fault) for name, (own, fault) in DEPLOYS.items()},
    **{
        f"{name}: kill at a point": replace(
            reserving(own, Kill(when=AFTER_FIRST)),
            expects=[Outcome(result=["reserved", "reserved"]), Attempts(of=Flights.book, count=3)],
        )
        for name, own in OWN.items()
        if own.tells
    },
    "telling: outage": reserving(
        TELLING, Outage(on=Flights, when=Window(opens=BETWEEN, closes=AtPoint(phase=Phase.BEFORE_BODY, attempt=2)))
    ),
    "command: a service fault": reserving(COMMAND, HttpError(on=Flights.book, when=FirstCalls(n=1))),
}

Runs = Mapping[str, "asyncio.Task[Result]"]


@pytest.fixture(scope="module")
def runs(begin: Begin) -> Runs:
    """All of them at once."""
    return {name: begin(scenario) for name, scenario in SCENARIOS.items()}


@pytest.mark.parametrize("name", SCENARIOS)
async def test_is_served(runs: Runs, name: str) -> None:
    """The fault strikes the worker, is known to have fired, and the application survives it."""
    result = await runs[name]

    assert result.verdict is Verdict.PASSED, "\n".join(map(str, result.findings))


@pytest.mark.parametrize("name", SCENARIOS)
async def test_leaves_no_worker_behind(runs: Runs, name: str) -> None:
    """Every worker that was started is gone when the run is over, with all that it started."""
    result = await runs[name]

    started = result.evidence.of(WorkerStarted)
    gone = result.evidence.of(WorkerGone)
    assert {event.worker for event in started} == {event.worker for event in gone}
    assert len(started) == len(gone)
    assert all(event.asked for event in gone)
    assert [one.worker for one in result.evidence.of(WorkerPaused)] == [
        one.worker for one in result.evidence.of(WorkerResumed)
    ]
    task_queue = result.evidence.histories[0].workflow_id
    assert [one for one in psutil.process_iter() if task_queue in environment(one)] == []


def environment(process: psutil.Process) -> Sequence[str]:
    """Return the values of a process's environment, as far as it lets us see them."""
    try:
        return list(process.environ().values())
    except psutil.Error:
        return []


async def test_how_they_ended(runs: Runs) -> None:
    """Killed ones by SIGKILL, drained ones with exit code 0, whether module or command."""
    ends = {
        name: {event.worker: event.code for event in (await runs[name]).evidence.of(WorkerGone)}
        for name in ("module: kill", "command: kill", "wrapped: kill", "module: drain", "command: drain")
    }

    for name in ("module: kill", "command: kill", "wrapped: kill"):
        assert ends[name]["worker-1"] == -signal.SIGKILL
    assert ends["module: drain"] == ends["command: drain"] == {"worker-1": 0, "worker-2": 0}


async def test_what_is_seen_of_them(runs: Runs) -> None:
    """Attempts of a module and of a command with the plugin; nothing of the inside of any other command."""
    attempts = {
        name: len((await runs[f"{name}: kill"]).evidence.of(AttemptStarted))
        for name in ("module", "command", "telling")
    }

    # One for each seat; on a busy machine one more may be needed.
    assert attempts["module"] >= 2
    assert attempts["telling"] >= 2
    assert attempts["command"] == 0


# --- what cannot work, and says so ------------------------------------------------------------------------------------


def ours(name: str) -> WorkerModule:
    """Return a worker that does something else."""
    return WorkerModule(entry=f"{APPS}.own_workers:{name}")


CANNOT: Mapping[str, tuple[CustomWorker, str]] = {
    "no such module": (WorkerModule(entry="nowhere.worker:main"), "ModuleNotFoundError: No module named 'nowhere'"),
    "no such function": (ours("works"), "unknown function of tests.live.apps.own_workers 'works'"),
    "not called so": (ours("wants_more"), "needs an argument 'hotels', and no fake has that name"),
    "no coroutine": (ours("no_coroutine"), "is not a coroutine function"),
    "returns": (ours("returns"), "returned before it was cancelled"),
    "raises": (ours("raises"), "LookupError: http://127.0.0.1"),
    "no such program": (
        WorkerCommand(argv=["no-such-program"]),
        "the worker's program 'no-such-program' is not on PATH",
    ),
    "ends at once": (
        WorkerCommand(argv=["sh", "-c", "echo no licence >&2; exit 7"]),
        "worker-1 exited during startup. Its log ends with: no licence",
    ),
    "not to be run": (WorkerCommand(argv=["{python}x"]), "is not on PATH"),
}


@pytest.mark.parametrize("name", CANNOT)
async def test_a_worker_that_does_not_come_up(run: Run, name: str) -> None:
    """INCONCLUSIVE at once and not at a deadline, with the end of its log."""
    own, said = CANNOT[name]

    result = await run(reserving(own))

    assert result.verdict is Verdict.INCONCLUSIVE
    assert said in result.findings[0].title
    assert result.took < timedelta(seconds=15)


@pytest.mark.parametrize(
    ("own", "said"),
    [
        (ours("sleeps"), "; build its worker with the argument `task_queue`."),
        (ours("elsewhere"), " It polls 'not-"),
        (ours("of_its_own_client"), ". Build the worker with the client that it receives."),
        (
            WorkerCommand(argv=["sleep", "600"]),
            "; have it read its task queue from TEMPORAL_TASK_QUEUE or {task_queue}.",
        ),
        (
            replace(COMMAND, argv=[*COMMAND.argv, "--on-its-own-queue"]),
            " It polls 'seats-of-its-own', not 'live-",
        ),
        (replace(COMMAND, tells=True), ". Build the worker with a client that has WorkerPlugin."),
    ],
    ids=["sleeps", "polls elsewhere", "another client", "a command that sleeps", "on its own queue", "tells nothing"],
)
async def test_a_worker_that_never_polls(run: Run, own: CustomWorker, said: str) -> None:
    """INCONCLUSIVE when its time is up, with who did poll, and it is not left behind."""
    result = await run(reserving(own, up_within=4, grace=1))

    assert result.verdict is Verdict.INCONCLUSIVE
    assert "worker-1 did not poll its task queue within 4 s." in result.findings[0].title
    assert said in result.findings[0].title
    assert [event.worker for event in result.evidence.of(WorkerGone)] == ["worker-1"]


@pytest.mark.parametrize(
    "own",
    [ours("deaf"), WorkerCommand(argv=["sh", "-c", f"trap '' TERM; {{python}} -m {APPS}.reserve_worker; true"])],
    ids=["module", "command"],
)
async def test_a_worker_that_ignores_sigterm(run: Run, own: CustomWorker) -> None:
    """It is killed once its grace is over, and the run is none the worse for it."""
    result = await run(reserving(own, Drain(when=BETWEEN), grace=0))

    assert result.verdict is Verdict.PASSED, "\n".join(map(str, result.findings))
    assert {event.code for event in result.evidence.of(WorkerGone)} == {-signal.SIGKILL}


async def test_a_command_that_ends_by_itself(run: Run) -> None:
    """INCONCLUSIVE at once, with the end of its log."""
    script = f"trap 'echo gone home; exit 4' TERM; {{python}} -m {APPS}.reserve_worker & wait"

    async def drive(live: LiveRun) -> None:
        await live.until("ActivityTaskCompleted")
        started = await live.told(WorkerStarted)
        os.kill(started.pid, signal.SIGTERM)

    result = await run(replace(reserving(WorkerCommand(argv=["sh", "-c", script])), drive=drive))

    assert result.verdict is Verdict.INCONCLUSIVE
    assert "worker-1 ended with exit code 4, and no fault ended it. Its log ends with: " in result.findings[0].title
    assert result.findings[0].title.endswith("gone home")
    assert result.took < timedelta(seconds=30)


TRIAL = """
from dataclasses import replace
from tests.live.test_own_workers import BETWEEN, WRAPPED, Pause, reserving

scenario = replace(reserving(WRAPPED, Pause(when=BETWEEN)))
"""


async def test_nothing_outlives_a_killed_runner(tmp_path: Path) -> None:
    """Kill -9 of the runner while a command's worker is paused ends the command and what it had started."""
    root = Path(__file__).parents[2]
    for name, text in {
        "pyproject.toml": '[tool.harness]\nscenarios = ["trials"]\nfakes = []\n',
        "trials/__init__.py": "",
        "trials/seats/__init__.py": "",
        "trials/seats/paused.py": f'"""Paused."""\n{TRIAL}',
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    mark = secrets.token_hex(8)
    with (tmp_path / "output.txt").open("wb") as output:
        runner = subprocess.Popen(  # noqa: ASYNC220 - it is only waited for when it is dead
            [sys.executable, "-m", "harness", "run", "seats/paused", "--runs", str(tmp_path / "runs")],
            cwd=tmp_path,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**marked(mark), "PYTHONPATH": str(root)},
        )
    try:
        await until(lambda: any(b'"WorkerPaused"' in one.read_bytes() for one in tmp_path.rglob("events.jsonl")))
        before = {process.name() for process in alive(mark)}
    finally:
        runner.kill()
        runner.wait()

    await until(lambda: not alive(mark))
    assert "sh" in before


async def until(comes_true: Any) -> None:
    """Wait for what another process does, which has no way to tell."""
    async with asyncio.timeout(30):
        while not comes_true():  # noqa: ASYNC110 - files and processes have no events
            await asyncio.sleep(0.02)
