"""The shell step of the action, run in bash as GitHub does, with its inputs as the environment."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.live.commands import FAILS, LOOK_AGAIN, WAITS, make_project

ROOT = Path(__file__).parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEP: dict[str, Any] = ACTION["runs"]["steps"][0]
BASH = shutil.which("bash") or ""
WITHIN = 120.0
"""Seconds."""

pytestmark = pytest.mark.skipif(not BASH, reason="no bash")


@dataclass(frozen=True, kw_only=True)
class Step:
    """A step that has ended."""

    code: int
    log: str
    outputs: dict[str, str]
    summary: str


class Job:
    """A job in a workspace, in which the project is a folder."""

    def __init__(self, workspace: Path, project: str) -> None:
        self._workspace = workspace
        self._project = project
        self._script = workspace / "step.sh"
        self._script.write_text(STEP["run"], encoding="utf-8")
        self._outputs, self._summary = workspace / "outputs", workspace / "summary.md"

    async def begin(self, *, path: str = "", **inputs: str) -> asyncio.subprocess.Process:
        """Start the step with these inputs, and the others' defaults."""
        self._outputs.write_text("", encoding="utf-8")
        self._summary.write_text("", encoding="utf-8")
        given = {name: one["default"] for name, one in ACTION["inputs"].items()}
        given |= {"working-directory": self._project, **inputs}
        values = {f"${{{{ inputs.{name} }}}}": value for name, value in given.items()}
        return await asyncio.create_subprocess_exec(
            BASH,
            *("--noprofile", "--norc", "-e", "-o", "pipefail", str(self._script)),
            cwd=self._workspace / self._project,
            env={
                **os.environ,
                **{name: values[value] for name, value in STEP["env"].items()},
                "PATH": path or f"{Path(sys.executable).parent}:{os.environ['PATH']}",
                "GITHUB_ACTIONS": "true",
                "GITHUB_OUTPUT": str(self._outputs),
                "GITHUB_STEP_SUMMARY": str(self._summary),
            },
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )

    async def end(self, process: asyncio.subprocess.Process) -> Step:
        """Wait for the end of the step."""
        async with asyncio.timeout(WITHIN):
            out, _ = await process.communicate()
        assert process.returncode is not None
        pairs = (line.partition("=") for line in self._outputs.read_text(encoding="utf-8").splitlines())
        return Step(
            code=process.returncode,
            log=out.decode(),
            outputs={name: value for name, _, value in pairs},
            summary=self._summary.read_text(encoding="utf-8"),
        )

    async def run(self, **inputs: str) -> Step:
        """Run the step to its end."""
        return await self.end(await self.begin(**inputs))


@pytest.fixture(name="job")
def _job(tmp_path: Path) -> Job:
    """With a project of one scenario that passes and one that fails."""
    make_project(tmp_path / "shop", fails=FAILS)
    return Job(tmp_path, "shop")


async def test_the_gate_is_red_and_its_reports_are_there(job: Job, tmp_path: Path) -> None:
    """The step ends with the gate's exit code, once everything for the next steps is written."""
    step = await job.run(sarif="findings.sarif")

    assert step.code == 1, step.log
    assert step.outputs == {
        "exit-code": "1",
        "folder": "shop/runs/action/gate",
        "artifact": "harness-gate",
        "sarif": "shop/findings.sarif",
    }
    assert all(
        (tmp_path / step.outputs["folder"] / one).is_file() for one in ("junit.xml", "report.json", "summary.md")
    )
    assert (tmp_path / step.outputs["sarif"]).is_file()
    assert step.summary.count("## Gate: do not merge") == 1
    assert "::error file=trials/doors/fails.py" in step.log


async def test_shards_are_merged(job: Job) -> None:
    """Each under a name of its own; the last job decides over all of them, and summarises."""
    shards = [await job.run(shard=f"{one}/2") for one in (1, 2)]
    merged = await job.run(command="report", report="")

    assert sorted(one.code for one in shards) == [0, 1], shards
    assert [one.outputs["artifact"] for one in shards] == ["harness-gate-1-of-2", "harness-gate-2-of-2"]
    assert merged.code == 1, merged.log
    assert merged.outputs == {"exit-code": "1", "folder": "shop/runs/action/report"}
    assert "doors/fails" in merged.summary
    assert "1 passed, 0 inconclusive, 1 failed" in merged.summary
    assert "::error title=harness report::The exit code is 1; see the job's summary." in merged.log


async def test_histories_are_replayed_with_arguments_as_in_a_shell(tmp_path: Path) -> None:
    """Over several lines, in quotes; nothing in them is run or expanded."""
    (tmp_path / "repository").symlink_to(ROOT)
    job = Job(tmp_path, "repository/scenarios")
    process = await job.begin(
        command="replay",
        arguments="timeouts/histories --workflows 'scenarios.timeouts.workflow'\n"
        '  --data-converter temporalio.contrib.pydantic:pydantic_data_converter\n  "$(touch broken)*"',
    )
    step = await job.end(process)

    assert step.code == 2, step.log
    assert "$(touch broken)*" in step.log
    assert not (ROOT / "scenarios" / "broken").exists()


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ({"command": "deploy"}, "command is 'deploy', and must be gate, replay, report or mutate."),
        ({"command": "replay", "shard": "1/2"}, "shard is for the command gate, not for replay."),
        ({"command": "mutate", "sarif": "x"}, "sarif is for the commands gate, replay and report, not for mutate."),
        ({"arguments": "--seed '1"}, "arguments has a quote that is not closed."),
        ({"path": "/usr/bin:/bin"}, "harness is not on PATH; install temporal-resilience-harness"),
    ],
)
async def test_a_mistake_is_a_sentence(job: Job, inputs: dict[str, str], said: str) -> None:
    """As an annotation, with exit code 2, before anything runs."""
    step = await job.end(await job.begin(**inputs))

    assert (step.code, step.outputs) == (2, {})
    assert f"::error title=harness::{said}" in step.log


async def test_an_interrupted_gate_writes_its_reports(tmp_path: Path) -> None:
    """GitHub signals bash alone."""
    project = make_project(tmp_path / "shop", waits=WAITS)
    job = Job(tmp_path, "shop")
    process = await job.begin()
    try:
        async with asyncio.timeout(WITHIN):
            while not [*project.glob("runs/*-gate-*/doors/waits*")]:  # noqa: ASYNC110 - nothing announces that a run began
                await asyncio.sleep(LOOK_AGAIN)
    finally:
        process.terminate()
    step = await job.end(process)

    assert step.code == 4, step.log
    assert step.outputs["exit-code"] == "4"
    assert (tmp_path / step.outputs["folder"] / "junit.xml").is_file()
    assert "interrupted" in step.summary
