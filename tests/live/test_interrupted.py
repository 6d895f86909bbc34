"""However the runner ends, nothing of it is left: no fault in force, no process, no port, no proxy."""

from __future__ import annotations

import asyncio
import json
import signal
from pathlib import Path

import httpx2
import psutil
import pytest

from harness.environment.open import Environment
from harness.events import FaultArmed, FaultHealed, RunInterrupted
from harness.evidence.run_folder import load
from tests.live.commands import WAITS, WITHIN, Command, begin, make_project


def ports(processes: list[psutil.Process]) -> set[int]:
    """Return the ports on which these processes listen."""
    return {
        one.laddr.port
        for process in processes
        for one in process.net_connections("tcp")
        if one.status == psutil.CONN_LISTEN
    }


def listening(among: set[int]) -> set[int]:
    """Return which of these ports somebody listens on."""
    return among & {
        one.laddr.port for one in psutil.net_connections("tcp") if one.laddr and one.status == psutil.CONN_LISTEN
    }


async def gone(processes: list[psutil.Process]) -> None:
    """Wait until these processes have ended."""
    _, left = await asyncio.to_thread(psutil.wait_procs, processes, timeout=WITHIN)
    assert left == []


async def waiting(project: Path, *options: str) -> Command:
    """Start a run that waits for ever, and return when its faults are armed and its workflow has begun."""
    command = await begin("harness", "run", "doors/waits", "--watch", *options, cwd=project)
    await command.until("WorkflowStarted")
    return command


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_asked_to_end(tmp_path: Path, number: signal.Signals) -> None:
    """SIGINT and SIGTERM heal what is armed, keep the partial run marked as such, and end with 4."""
    project = make_project(tmp_path, waits=WAITS)
    command = await waiting(project)
    processes = command.descendants()
    theirs = ports(processes)

    command.process.send_signal(number)
    ended = await command.end()

    assert (ended.code, ended.err) == (4, "")
    assert "interrupted: what was armed is healed; partial runs are kept." in ended.out
    [report] = (project / "runs").glob("*/report.json")
    told = json.loads(report.read_text(encoding="utf-8"))
    assert (told["verdict"], told["interrupted"]) == ("INCONCLUSIVE", True)
    evidence = load(report.parent / "doors" / "waits")
    assert [event.fault for event in evidence.of(FaultArmed)] == ["latency@doors", "http_error@doors.knock"]
    assert [event.fault for event in evidence.of(FaultHealed)] == ["http_error@doors.knock", "latency@doors"]
    assert evidence.of(RunInterrupted)
    assert evidence.histories
    assert (report.parent / "doors" / "waits" / "story.md").is_file()
    assert len(theirs) >= 2
    await gone(processes)
    assert listening(theirs) == set()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_asked_to_end_while_it_starts(tmp_path: Path, number: signal.Signals) -> None:
    """Before anything runs, too, it ends with 4 and without a traceback."""
    project = make_project(tmp_path)
    command = await begin("harness", "gate", cwd=project)
    await command.has_children()

    command.process.send_signal(number)
    ended = await command.end()

    assert (ended.code, ended.err) == (4, "harness: interrupted before anything ran.\n")
    # The watcher of children, if it was just being started, ends by itself when it finds nobody there.
    await gone(command.descendants())
    assert command.descendants() == []


async def test_asked_to_end_before_the_first_crash(tmp_path: Path) -> None:
    """Of `--crash-everywhere`, the runs without one are ended, and those with one are not begun."""
    project = make_project(tmp_path, waits=WAITS)
    command = await begin("harness", "run", "doors/*", "--crash-everywhere", cwd=project)
    await command.until("PASSED       doors/holds")

    command.process.send_signal(signal.SIGTERM)
    ended = await command.end()

    assert (ended.code, ended.err) == (4, "")
    assert "interrupted: what was armed is healed; partial runs are kept." in ended.out
    assert "crashed at" not in ended.out
    assert len(list((project / "runs").iterdir())) == 1


async def test_killed(tmp_path: Path) -> None:
    """After kill -9 of the runner its servers end, too, and their ports are free."""
    project = make_project(tmp_path, waits=WAITS)
    command = await waiting(project)
    processes = command.descendants()
    theirs = ports(processes)

    command.process.kill()
    await command.process.wait()

    assert len(theirs) >= 2
    await gone(processes)
    assert command.descendants() == []
    assert listening(theirs) == set()
    [events] = (project / "runs").glob("*/doors/waits/events.jsonl")
    assert "FaultArmed" in events.read_text(encoding="utf-8")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
async def test_on_servers_that_go_on(harness_environment: Environment, tmp_path: Path, number: signal.Signals) -> None:
    """What stood on the user's own Toxiproxy is taken away, also by a runner that was killed."""
    project = make_project(tmp_path, waits=WAITS)
    toxiproxy = f"http://{harness_environment.toxiproxy.address}"
    async with httpx2.AsyncClient(base_url=toxiproxy, trust_env=False) as client:
        before = set((await client.get("/proxies")).json())
        command = await waiting(
            project,
            "--temporal",
            harness_environment.temporal.address,
            "--toxiproxy",
            harness_environment.toxiproxy.address,
        )
        processes = command.descendants()
        during = set((await client.get("/proxies")).json())

        command.process.send_signal(number)
        await command.process.wait()
        await gone(processes)

        assert len(during - before) == 1
        assert set((await client.get("/proxies")).json()) & during == before & during
