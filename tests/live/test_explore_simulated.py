"""Explorations in simulation find what those on a real server find, and report only what that confirms."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from harness import Target
from harness.exit_codes import INCONCLUSIVE
from harness.explore.backends.simulated_worker import SimulatedWorker
from harness.explore.model.schedule import FAULT_FREE
from harness.simulation import virtual_time
from harness.simulation.latency import HOP, NEW_RUN, TASK_ANSWER
from tests.explored.five.workflow import Five, step
from tests.live.commands import Ended
from tests.live.exploring import harness_ended, make_project

FIVE = Target(workflows=[Five], activities=[step], workflow=Five.run, given=lambda token: (token, 5))

DELAYED = """
from datetime import timedelta

from harness import Drive, Target, undone_on_failure

import till


async def drive(run: Drive) -> None:
    started = await run.start(till.Order.run, run.token, start_delay=timedelta(milliseconds=1))
    await started.result()


target = Target(
    workflows=[till.Order],
    activities=[till.charge, till.refund],
    drive=drive,
    invariants=[undone_on_failure(till.charge, till.refund)],
)
"""
"""The same application, whose workflow starts as the simulation does not model it."""


async def explored(folder: Path, *options: str, target: str = "") -> tuple[Ended, Any]:
    """Explore the small project whose workflow does not refund."""
    make_project(folder)
    if target:
        (folder / "target.py").write_text(target, encoding="utf-8")
    report = folder / "report.json"
    arguments = ("explore", "target.py", *options, "--json", str(report), "--runs", str(folder / "runs"))
    ended = await harness_ended(*arguments, cwd=folder)
    return ended, json.loads(report.read_text(encoding="utf-8")) if report.is_file() else None


async def test_a_workflow_task_takes_no_time_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each takes what messages take, although the clock has no patience at all with threads."""
    monkeypatch.setattr(virtual_time, "PATIENCE", 0)
    simulated = SimulatedWorker(FIVE)

    async with simulated.working():
        ran = await simulated.run(FAULT_FREE, [])

    [history] = ran.evidence.histories
    began = [one.at for one in history.events if one.type == "WorkflowTaskStarted"]
    ended = [one.at for one in history.events if one.type == "WorkflowTaskCompleted"]
    took = [round((end - begin).total_seconds(), 3) for begin, end in zip(began, ended, strict=True)]
    assert took == [HOP + NEW_RUN + TASK_ANSWER, *[HOP + TASK_ANSWER] * 5]


@pytest.mark.parametrize("backend", ["simulated", "auto"])
async def test_the_bug_is_found(backend: str, tmp_path: Path) -> None:
    """At the same call as on a real server, which in the one case has confirmed it."""
    ended, report = await explored(tmp_path, "--backend", backend)

    (finding,) = (one for one in report["findings"] if one["same_as"] is None)
    assert ended.code == 1, ended.out + ended.err
    assert (finding["invariant"], finding["schedule"]) == ("undone_on_failure(charge, refund)", "charge#1:lost_last")
    assert (finding["repeats"], finding["confirmed"]) == (True, True)
    expected = "no real server has confirmed" if backend == "simulated" else "on the real server:"
    assert expected in " ".join(report["notes"])


async def test_what_is_not_modelled_runs_on_the_real_server(tmp_path: Path) -> None:
    """The report says what it is, and the bug is found all the same."""
    ended, report = await explored(tmp_path, "--backend", "auto", target=DELAYED)

    assert ended.code == 1, ended.out + ended.err
    [note] = (one for one in report["notes"] if one.startswith("not modelled"))
    assert "in simulation, so run on the real server: a start with workflow_start_delay; schedules: " in note
    assert "charge#1:lost_last" in {one["schedule"] for one in report["findings"]}


async def test_in_simulation_alone_what_is_not_modelled_ends_it(tmp_path: Path) -> None:
    """With its name, and without a verdict."""
    ended, report = await explored(tmp_path, "--backend", "simulated", target=DELAYED)

    assert (ended.code, report) == (INCONCLUSIVE, None)
    assert "the simulation does not model a start with workflow_start_delay." in ended.err


async def test_a_scenario_is_not_run_in_simulation() -> None:
    """Its fakes are real: exit code 2, and what to do."""
    ended = await harness_ended("explore", "saga/all_well", "--backend", "simulated")

    assert ended.code == 2
    assert "--backend simulated runs no scenario" in ended.err
