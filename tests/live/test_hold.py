"""A held run keeps everything up, says where it is, and goes on when it is let go."""

from __future__ import annotations

import signal
from pathlib import Path

import httpx2
import pytest

from tests.live.commands import begin, harness, make_project


@pytest.mark.parametrize("options", [["--hold"], ["--hold-at", "workflow_task"]])
async def test_it_is_there_to_be_looked_at(tmp_path: Path, options: list[str]) -> None:
    """The web UI and the fake answer while it is held; then it ends with its verdict and leaves nothing behind."""
    project = make_project(tmp_path)
    command = await begin("harness", "run", "doors/holds", *options, "--ui", cwd=project)
    said = await command.until("Ctrl-C lets it go on.")
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


async def test_one_run_is_held(tmp_path: Path) -> None:
    """Of several, nobody could say which."""
    ended = await harness("run", "doors/holds", "--times", "2", "--hold", cwd=make_project(tmp_path))

    assert ended.code == 2
    assert "one run can be held, and these are 2" in ended.err
