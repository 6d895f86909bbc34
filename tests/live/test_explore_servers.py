"""On which server an exploration goes: its own, which keeps no index unless it is asked to, or one of the user's."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent

import pytest

from harness import Server
from harness.environment.temporal.dev_server import dev_server
from harness.processes.guard import ProcessGuard
from tests.live.exploring import harness_ended, harness_explore


async def test_a_server_of_the_user_s_own(tmp_path: Path) -> None:
    """The same findings by name, on a real clock; and its workflows are there afterwards."""
    report = tmp_path / "report.json"
    schedules = ["charge#1:lost_last", "award_points#1:lost", "book_locker#1:error"]
    only = [word for one in schedules for word in ("--only", one)]
    async with ProcessGuard() as guard, dev_server(guard=guard, log=tmp_path / "log", wanted=Server()) as server:
        where = ["--temporal", server.address, "--namespace", "default"]
        ended = await harness_explore("tests/explored/shop_target.py", *where, *only, "--json", str(report))
        there = [one.workflow_type async for one in server.client.list_workflows("WorkflowType='PlaceOrder'")]

    told = json.loads(report.read_text(encoding="utf-8"))
    found = {one["invariant"]: one["schedule"].partition(":")[0] for one in told["findings"]}
    assert ended.code == 1, ended.out + ended.err
    assert found == {"undone_on_failure(charge, refund)": "charge#1", "at_most_once(award_points)": "award_points#1"}
    assert "waits between attempts are shortened to 10 to 200 ms" in ended.out
    assert f"--temporal {server.address}" in ended.out
    # One for each run at least; those of the fault-free run are several.
    assert len(there) > len(schedules)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--temporal", "127.0.0.1:1"], "no Temporal server answers at 127.0.0.1:1"),
        (["--namespace", "mine"], "needs --temporal HOST:PORT"),
    ],
)
async def test_a_server_that_cannot_be_used_is_told_of(options: list[str], told: str) -> None:
    """In a sentence."""
    ended = await harness_explore("tests/explored/shop_target.py", *options)

    assert ended.code in {2, 3}
    assert told in ended.err
    assert "Traceback" not in ended.err + ended.out


@pytest.mark.parametrize(("lists", "code"), [("False", 2), ("True", 0)])
async def test_who_lists_workflows_says_so(lists: str, code: int, tmp_path: Path) -> None:
    """Else it would find none, and nobody would know why."""
    (tmp_path / "target.py").write_text(
        dedent(f"""
            from datetime import timedelta
            from harness import Target
            from temporalio import activity, workflow

            @activity.defn
            async def count() -> bool:
                found = await activity.client().count_workflows()
                return found.count >= 0

            @workflow.defn
            class Counts:
                @workflow.run
                async def run(self) -> bool:
                    return await workflow.execute_activity(count, start_to_close_timeout=timedelta(seconds=5))

            target = Target(
                workflows=[Counts], activities=[count], workflow=Counts.run, given=lambda token: (), lists={lists}
            )
        """),
        encoding="utf-8",
    )
    ended = await harness_ended("explore", "target.py", "--only", "count#1:error", cwd=tmp_path)

    assert ended.code == code, ended.out + ended.err
    assert ("lists=True" in ended.err) is (code == 2)
    assert "Traceback" not in ended.err + ended.out
