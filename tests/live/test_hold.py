"""A held run keeps everything up, says where it is, and goes on when it is let go."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import httpx2
import pytest

from tests.live.commands import WAITS, begin, harness, make_project


@pytest.mark.parametrize("options", [["--hold"], ["--hold-at", "workflow_task"]])
async def test_it_is_there_to_be_looked_at(tmp_path: Path, options: list[str]) -> None:
    """The web UI and the fake answer while it is held; then it ends with its verdict and leaves nothing behind."""
    project = make_project(tmp_path)
    command = await begin("harness", "run", "doors/holds", *options, "--ui", cwd=project)
    said = await command.until("Press Ctrl-C to continue.")
    there = {line.split()[0]: line.split()[1].rstrip(",") for line in said.splitlines() if line.startswith("doors")}
    ui = next(line.split()[-1] for line in said.splitlines() if line.startswith("web UI"))
    async with httpx2.AsyncClient() as client:
        page = await client.get(ui)
        knocked = await client.post(f"http://{there['doors']}/knock")
    command.process.send_signal(signal.SIGINT)
    ended = await command.end()

    assert page.status_code == 200
    assert knocked.status_code == 200
    assert ended.code == 0
    assert "PASSED       doors/holds" in said + ended.out


async def test_it_may_be_held_at_a_workflow_task_for_longer_than_the_sdk_allows_a_task(tmp_path: Path) -> None:
    """The SDK fails a workflow task that takes more than 2 s; the run is held before that time begins."""
    command = await begin("harness", "run", "doors/holds", "--hold-at", "workflow_task", cwd=make_project(tmp_path))
    held = await command.until("Press Ctrl-C to continue.")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(command.process.wait(), 4)
    command.process.send_signal(signal.SIGINT)
    ended = await command.end()

    assert "held at workflow_task 1" in held
    assert ended.code == 0, ended
    assert "deadlock" not in ended.out + ended.err


async def test_two_signals_end_a_run_that_is_held_at_a_workflow_task(tmp_path: Path) -> None:
    """The first one lets it go on, the second one interrupts it."""
    project = make_project(tmp_path, waits=WAITS)
    command = await begin("harness", "run", "doors/waits", "--hold-at", "workflow_task", cwd=project)
    await command.until("Press Ctrl-C to continue.")
    # Two of one kind could arrive as one.
    command.process.send_signal(signal.SIGINT)
    command.process.send_signal(signal.SIGTERM)
    ended = await command.end(within=30)

    assert ended.code == 4, ended
    assert not command.descendants()


async def test_one_run_is_held(tmp_path: Path) -> None:
    """Of several, nobody could say which."""
    ended = await harness("run", "doors/holds", "--times", "2", "--hold", cwd=make_project(tmp_path))

    assert ended.code == 2
    assert "--hold takes one run, got 2" in ended.err
