"""Kinds of faults, and when a run has come to rest, on small applications of their own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.live.commands import Ended
from tests.live.exploring import harness_explore


async def explored(name: str, *options: str, report: Path) -> tuple[Ended, dict[str, Any]]:
    """Explore one of the small applications; also the JSON report."""
    ended = await harness_explore(f"tests/explored/{name}.py", *options, "--json", str(report))
    return ended, json.loads(report.read_text(encoding="utf-8"))


async def test_abandoned_children_are_waited_for(tmp_path: Path) -> None:
    """Before the external state is read: the mail goes out after the order has ended."""
    ended, _ = await explored("errands", "--only", "Mail/send_mail#1:lost", report=tmp_path / "report.json")

    assert ended.code == 0, ended.out + ended.err


async def test_a_child_that_outlasts_the_deadline_leaves_the_run_inconclusive(tmp_path: Path) -> None:
    """With its name, and what it waits for."""
    ended, report = await explored("errands_slow", "--only", "Wait#1:non_retryable", report=tmp_path / "report.json")

    assert ended.code == 4, ended.out + ended.err
    assert report["verdict"] == "INCONCLUSIVE"
    assert "-wait was waiting for timer 1" in " ".join(ended.out.split())


async def test_two_clients_signals_race(tmp_path: Path) -> None:
    """Where the driver sends them at the same time: the lower bid arrives second, if not without a fault, then here."""
    ended, report = await explored("race", "--only", "signal-bid#1:raced", report=tmp_path / "report.json")

    assert ended.code == 1, ended.out + ended.err
    assert [one["id"] for one in report["findings"]] == ["highest_wins"]
    assert report["findings"][0]["schedule"] in {"fault-free", "signal-bid#1:raced"}


async def test_a_call_that_fails_by_itself_at_first_is_hit_when_its_body_returns(tmp_path: Path) -> None:
    """Every fault is injected, and the application bears each."""
    kinds = ("lost_last", "lost", "cancelled", "timed_out_after", "zombie", "error", "timed_out_before")
    only = [one for kind in kinds for one in ("--only", f"file#1:{kind}")]
    ended, report = await explored("flaky", *only, "--only", "event#2:cancelled_after", report=tmp_path / "report.json")

    assert ended.code == 0, ended.out + ended.err
    assert {one["name"]: one["unclear"] for one in report["schedules"] if one["unclear"]} == {}


async def test_a_permanent_refusal_that_is_tried_again_for_ever_is_a_finding(tmp_path: Path) -> None:
    """It is refused each time; a call that is lost once is not."""
    only = ("--only", "sign#1:non_retryable", "--only", "sign#1:lost_last")
    ended, report = await explored("flaky", *only, report=tmp_path / "report.json")

    assert ended.code == 1, ended.out + ended.err
    assert [(one["id"], one["schedule"]) for one in report["findings"]] == [("terminates", "sign#1:non_retryable")]


@pytest.mark.parametrize("jobs", ["1", "16"])
async def test_what_lands_after_the_compensation_is_found_however_many_run_at_once(jobs: str, tmp_path: Path) -> None:
    """At each of the calls; a workflow that waits for what is in flight holds."""
    only = [one for nth in (1, 2, 3) for one in ("--only", f"book#{nth}:failed_first")]
    hasty, report = await explored("tour_hasty", "-j", jobs, *only, report=tmp_path / "hasty.json")
    sound, _ = await explored("tour", "-j", jobs, *only, report=tmp_path / "sound.json")

    assert (hasty.code, sound.code) == (1, 0), hasty.out + sound.out
    assert {one["verdict"] for one in report["schedules"]} == {"FAILED"}
