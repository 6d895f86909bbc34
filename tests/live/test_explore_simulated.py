"""Explorations in simulation find what those on a real server find, and report only what that confirms."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.live.commands import Ended
from tests.live.exploring import harness_ended, make_project


async def explored(folder: Path, *options: str) -> tuple[Ended, Any]:
    """Explore the small project whose workflow does not refund."""
    make_project(folder)
    report = folder / "report.json"
    arguments = ("explore", "target.py", *options, "--json", str(report), "--runs", str(folder / "runs"))
    ended = await harness_ended(*arguments, cwd=folder)
    return ended, json.loads(report.read_text(encoding="utf-8")) if report.is_file() else None


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


async def test_a_scenario_is_not_run_in_simulation() -> None:
    """Its fakes are real: exit code 2, and what to do."""
    ended = await harness_ended("explore", "saga/all_well", "--backend", "simulated")

    assert ended.code == 2
    assert "--backend simulated runs no scenario" in ended.err
