"""A gate explores what the policy names, within its budget, and decides by what was found."""

from __future__ import annotations

import asyncio
import json
import signal
from pathlib import Path

from tests.live import commands, exploring
from tests.live.commands import Command, begin
from tests.live.exploring import harness_ended
from tests.unit.reports.sarif_files import place_in, results_in
from tests.unit.reports.schemas import valid

POLICY = """
[tool.harness]
scenarios = ["trials"]

[[tool.harness.explorations]]
target = "target.py"
baseline = "borne.toml"
"""


TWICE = """
[tool.harness]
scenarios = ["trials"]

[[tool.harness.explorations]]
target = "gate:Enter"
inputs = ['"TOKEN"', "false"]

[[tool.harness.explorations]]
target = "gate:Enter"
inputs = ['"TOKEN"', "true"]

[[tool.harness.explorations]]
target = "gate:Enter"
inputs = ['"TOKEN"', "true"]
budget = "0.001s"
complete = true
"""

ENTER = """
from datetime import timedelta

from temporalio import activity, workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError


@activity.defn
async def knock(name: str) -> str:
    return f"knocked for {name}"


@workflow.defn
class Enter:
    @workflow.run
    async def run(self, name: str, stumbles: bool) -> str:
        policy = RetryPolicy(maximum_attempts=2)
        try:
            return await workflow.execute_activity(
                knock, name, start_to_close_timeout=timedelta(seconds=9), retry_policy=policy
            )
        except ActivityError:
            if stumbles:
                raise ValueError("it stumbles") from None
            raise
"""


def make_both(folder: Path, policy: str = POLICY) -> Path:
    """A project with a scenario that holds and a workflow that does not refund."""
    commands.make_project(folder)
    exploring.make_project(folder)
    (folder / "pyproject.toml").write_text(policy, encoding="utf-8")
    return folder


async def test_what_exploring_finds_holds_a_merge_back(tmp_path: Path) -> None:
    """Red; then borne and noted, by the same command that tolerates all else; and the folder tells it again."""
    project = make_both(tmp_path)
    red = await harness_ended("gate", "--sarif", "red.sarif", cwd=project)
    [folder] = (project / "runs").glob("*-gate-*")
    report = valid("explore", json.loads((folder / "explored" / "1-target.py.json").read_text(encoding="utf-8")))
    valid("report", json.loads((folder / "report.json").read_text(encoding="utf-8")))
    again = await harness_ended("report", str(folder), "--sarif", "again.sarif", cwd=project)
    update = await harness_ended("gate", "--update-baseline", cwd=project)
    green = await harness_ended("gate", "--sarif", "green.sarif", cwd=project)
    shown = {name: results_in(project / f"{name}.sarif") for name in ("red", "again", "green")}
    lines = (project / "till.py").read_text(encoding="utf-8").splitlines()
    charge = lines.index("async def charge(order: str) -> str:")

    assert red.code == 1, red.out + red.err
    assert "reason       exploration: target.py: undone_on_failure(charge, refund)|charge" in red.out
    assert report["verdict"] == "FAILED"
    assert again.code == 1
    assert "reason       exploration: target.py" in again.out
    assert update.code == 0, update.out + update.err
    assert "undone_on_failure(charge, refund)" in (project / "borne.toml").read_text(encoding="utf-8")
    assert green.code == 0, green.out + green.err
    assert "note         waived: target.py: undone_on_failure(charge, refund)|charge" in green.out
    # The decorator is the first line of a function.
    assert [place_in(one) for one in shown["red"]] == [f"till.py:{charge}"]
    first, again_, waived = ([one["partialFingerprints"] for one in several] for several in shown.values())
    assert first == again_ == waived
    assert ["suppressions" in one for one in (*shown["red"], *shown["green"])] == [False, True]


async def test_a_budget_that_does_not_reach_is_noted_or_red(tmp_path: Path) -> None:
    """As the policy wants it; and --explain says what will be explored."""
    project = make_both(tmp_path, POLICY + 'budget = "0.001s"\n')
    explained = await harness_ended("gate", "--explain", cwd=project)
    noted = await harness_ended("gate", cwd=project)
    (project / "pyproject.toml").write_text(POLICY + 'budget = "0.001s"\ncomplete = true\n', encoding="utf-8")
    red = await harness_ended("gate", cwd=project)

    assert "Exploration: target.py, every fault alone within 0:00:00.001000." in explained.out
    assert "skipped: target.py: 0 of" in noted.out
    assert red.code == 4
    assert "reason       exploration: target.py: 0 of" in red.out


async def test_a_target_that_is_not_there_is_red(tmp_path: Path) -> None:
    """With the words of `harness explore`; what the scenarios came to is told all the same, and no traceback."""
    ended = await harness_ended("gate", cwd=make_both(tmp_path, POLICY.replace("target.py", "nowhere.py")))

    assert ended.code == 4
    assert "nowhere.py" in ended.err
    assert "1 passed" in ended.out
    assert "reason       exploration: nowhere.py: [[tool.harness.explorations]] has an error" in ended.out
    assert "Traceback" not in ended.out + ended.err


async def test_one_target_explored_three_times_keeps_apart(tmp_path: Path) -> None:
    """By its inputs and by its budget: each has its report, and its own say in the decision, also read again."""
    project = make_both(tmp_path, TWICE)
    (project / "gate.py").write_text(ENTER, encoding="utf-8")
    ended = await harness_ended("gate", cwd=project)
    [folder] = (project / "runs").glob("*-gate-*")
    explored = [json.loads(one.read_text("utf-8")) for one in sorted((folder / "explored").glob("*.json"))]
    told = json.loads((folder / "report.json").read_text("utf-8"))["gate"]["reasons"]
    again = await harness_ended("report", str(folder), cwd=project)

    assert ended.code == again.code == 1, ended.out + ended.err
    whole = explored[0]["explored"][0]["of"]
    assert [one["explored"][0]["explored"] for one in explored] == [whole, whole, 0]
    mistakes = [[it["invariant"] for it in one["findings"] if it["same_as"] is None] for one in explored]
    assert mistakes == [[], ["no_stuck_task"], []]
    assert {one["name"] for one in told} == {'gate:Enter "TOKEN" true'}
    assert [one["finding"] for one in told if one["finding"]] == [explored[1]["findings"][0]["id"]]
    assert [one["what"] for one in told if "were explored" in one["what"]] == [f"0 of {whole} singles were explored."]
    assert again.out.count('reason       exploration: gate:Enter "TOKEN" true') == len(told)


async def exploring_gate(project: Path) -> Command:
    """Start a gate, and return once it explores."""
    gate = await begin("harness", "gate", cwd=project)
    await gate.until("Exploring target.py")
    await gate.has_children()
    async with asyncio.timeout(30):
        while not list(project.glob("runs/*-gate-*/explored/explore-temporal.log")):  # noqa: ASYNC110 - a file tells nobody
            await asyncio.sleep(0.02)
    return gate


async def test_the_guard_of_an_exploration_is_killed(tmp_path: Path) -> None:
    """The exploration is asked to end, and the gate says why; what the scenarios came to is told all the same."""
    gate = await exploring_gate(make_both(tmp_path))
    gate.kill_guard()
    ended = await gate.end()

    assert ended.code == 4, ended.out + ended.err
    assert "reason       interrupted: target.py: the process guard was killed" in ended.out
    assert "Traceback" not in ended.out + ended.err


async def test_ended_from_outside_while_it_explores(tmp_path: Path) -> None:
    """Partial, said so, and red; nothing is left behind."""
    gate = await exploring_gate(make_both(tmp_path))
    gate.process.send_signal(signal.SIGTERM)
    ended = await gate.end()

    assert ended.code == 4, ended.out + ended.err
    assert "reason       interrupted: target.py: its exploration was interrupted" in ended.out
    assert "Traceback" not in ended.out + ended.err
