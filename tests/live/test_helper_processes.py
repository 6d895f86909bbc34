"""The harness's own helper processes are stopped or killed: no run waits for them, and none of it passes unnoticed."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from harness import LiveRun, Outcome, Scenario, Verdict
from harness.environment.open import Environment, Wishes, open_environment
from harness.errors import EnvironmentUnavailable
from harness.events import WorkerGone
from harness.mutate.checks import run_check
from harness.processes.guard import LOST, ProcessGuard, held_port
from harness.results import Result
from harness.run.scenario_run import run_scenario
from harness.services.real_server import TcpService
from scenarios.worker_loss import all_well as order
from tests.live.commands import WAITS, WITHIN, begin, make_project

ROOT = Path(__file__).parents[2]

ORDER = replace(order.scenario, expects=[Outcome(result={"success": True})])
"""With a worker process."""


def runs_in(environment: Environment, folder: Path) -> Callable[[str, Scenario], Awaitable[Result]]:
    """Return what runs a scenario there."""

    async def run(name: str, scenario: Scenario) -> Result:
        return await run_scenario(scenario, name=name, environment=environment, folder=folder / name, seed=0)

    return run


def stop_fork_server(environment: Environment) -> int:
    """Stop it with SIGSTOP, and return its process id."""
    process = environment.fork_server._process
    assert process is not None
    process.send_signal(signal.SIGSTOP)
    return process.pid


async def test_a_fork_server_that_is_stopped_before_a_run(tmp_path: Path) -> None:
    """The run is INCONCLUSIVE within seconds, and says why; the next one has another fork server."""
    async with open_environment(Wishes(), folder=tmp_path) as environment:
        run = runs_in(environment, tmp_path)
        before = await run("before", ORDER)
        stopped = stop_fork_server(environment)
        during = await run("during", ORDER)
        after = await run("after", ORDER)

        assert not psutil.pid_exists(stopped)
    assert (before.verdict, during.verdict, after.verdict) == (
        Verdict.PASSED,
        Verdict.INCONCLUSIVE,
        Verdict.PASSED,
    )
    assert "the worker fork server died, or was killed since it did not answer within 10 s" in during.findings[0].title


async def test_a_fork_server_that_is_stopped_during_a_run(tmp_path: Path) -> None:
    """It does not report that a worker has ended, which is asked to, then killed, and then taken for gone."""
    async with open_environment(Wishes(), folder=tmp_path) as environment:

        async def drive(run: LiveRun) -> None:
            await run.until("ActivityTaskScheduled")
            stop_fork_server(environment)

        async with asyncio.timeout(2 * WITHIN):
            during = await runs_in(environment, tmp_path)("during", replace(ORDER, drive=drive))
        after = await runs_in(environment, tmp_path)("after", ORDER)

    assert [event.code for event in during.evidence.of(WorkerGone)] == [-signal.SIGKILL]
    assert after.verdict is Verdict.PASSED, "\n".join(map(str, after.findings))


async def test_a_guard_that_is_killed(tmp_path: Path) -> None:
    """What is under way is INCONCLUSIVE at once, nothing else is begun, and nothing is left behind."""
    project = make_project(tmp_path, a_waits=WAITS)
    command = await begin("harness", "run", "doors/*", "--watch", "-j", "1", cwd=project)
    await command.until("WorkflowStarted")
    command.kill_guard()
    ended = await command.end()

    assert ended.err == ""
    [report] = (project / "runs").glob("*/report.json")
    runs = json.loads(report.read_text(encoding="utf-8"))["runs"]
    assert {(one["name"], one["verdict"]) for one in runs} == {
        ("doors/a_waits", "INCONCLUSIVE"),
        ("doors/holds", "INCONCLUSIVE"),
    }
    assert all("the process guard was killed" in one["findings"][0]["title"] for one in runs)
    assert await command.left() == []


@pytest.mark.parametrize("which", [0, 1], ids=["of its server", "of its replays"])
async def test_a_guard_of_an_exploration_that_is_killed(tmp_path: Path, which: int) -> None:
    """The exploration ends with an error, and can be resumed."""
    target = "tests/explored/parcel_target.py"
    command = await begin("harness", "explore", target, "--watch", "--runs", tmp_path, cwd=ROOT)
    await command.until("PASSED")

    command.kill_guard(which)
    ended = await command.end()

    assert ended.code == EnvironmentUnavailable.exit_code
    assert ended.err.startswith("harness: the process guard was killed")
    assert await command.left() == []


async def test_a_guard_of_a_check_of_mutants_that_is_killed(tmp_path: Path) -> None:
    """The check ends and has told nothing about the mutant."""
    its_file = tmp_path / "runs"
    code = f"import pathlib, threading; pathlib.Path({str(its_file)!r}).touch(); threading.Event().wait()"
    before = psutil.Process().children(recursive=True)
    check = asyncio.create_task(run_check("pytest waits", ["-c", code], within=WITHIN, folder=tmp_path))
    async with asyncio.timeout(WITHIN):
        while not its_file.exists():  # noqa: ASYNC110 - a file tells nobody
            await asyncio.sleep(0.02)
    mine = [one for one in psutil.Process().children(recursive=True) if one not in before]
    [guard] = [one for one in mine if any("last_requests" in word for word in one.cmdline())]
    guard.kill()
    ran = await check

    assert (ran.verdict, ran.title) == (Verdict.INCONCLUSIVE, LOST)
    _, left = await asyncio.to_thread(psutil.wait_procs, mine, timeout=WITHIN)
    assert left == []


class Shy(TcpService):
    """A server that does not set SO_REUSEADDR, so that it can bind only what nobody holds."""

    program = sys.executable
    install = "install Python."

    def argv(self, port: int) -> Sequence[str]:
        """Listen, and wait."""
        listens = f"import socket as s; one = s.socket(); one.bind(('127.0.0.1', {port})); one.listen(); input()"
        return ["-c", f"import os; os.dup2(os.pipe()[0], 0); {listens}"]


class Exits(Shy):
    """A program that cannot start."""

    def argv(self, port: int) -> Sequence[str]:
        """Say why, and exit."""
        return ["-c", "print('no such setting')"]


async def test_a_server_that_cannot_bind_a_port_that_is_held(tmp_path: Path) -> None:
    """Gets one that is only free; what exits for another reason is told with its last words."""
    async with ProcessGuard() as guard:
        shy = Shy()
        await shy.open(guard, log=tmp_path / "shy.log")
        _, writer = await asyncio.open_connection(*shy.address.split(":"))
        writer.close()
        await writer.wait_closed()
        with pytest.raises(EnvironmentUnavailable, match=r"exited during startup.*no such setting"):
            await Exits().open(guard, log=tmp_path / "exits.log")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a port is not held")
def test_a_held_port_is_taken_but_for_a_server_that_names_it() -> None:
    """Who does as servers do can bind it and gets its connections; to anybody else it is in use."""
    with held_port() as port, socket.socket() as server, socket.socket() as other, socket.socket() as client:
        with pytest.raises(OSError, match="in use"):
            other.bind(("127.0.0.1", port))
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("127.0.0.1", port))
        server.listen()
        client.connect(("127.0.0.1", port))
        accepted, _ = server.accept()
        accepted.close()
