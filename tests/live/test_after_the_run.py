"""What can be done with a session that has ended, from its folder alone, and the commands that run nothing."""

from __future__ import annotations

import json
from pathlib import Path

from tests.live.commands import FAILS, harness, make_project
from tests.unit.reports.schemas import valid

HOLDS_TOO = """
'''It says hello again.'''
from trials.doors import holds

scenario = holds.scenario
"""

POLICY = """
[tool.harness]
scenarios = ["trials"]
[tool.harness.gate]
repeats = 1
"""


async def test_a_red_gate_can_be_adopted_and_read_again(tmp_path: Path) -> None:
    """Red, then borne by a baseline, then green and noted; and its folder tells the same without running anything."""
    project = make_project(tmp_path, breaks=FAILS)
    (project / "pyproject.toml").write_text(POLICY, encoding="utf-8")

    red = await harness("gate", cwd=project)
    update = await harness("gate", "--update-baseline", cwd=project)
    green = await harness("gate", "--markdown", "summary.md", cwd=project)
    folders = sorted((project / "runs").glob("*-gate-*"))
    report = await harness("report", str(folders[0]), "--json", "again.json", cwd=project)
    judged = await harness("judge", str(folders[0] / "doors" / "breaks"), "--json", "judged.json", cwd=project)
    written = {one: json.loads((project / f"{one}.json").read_text(encoding="utf-8")) for one in ("again", "judged")}

    assert red.code == 1
    assert "reason       new: doors/breaks: outcome" in red.out
    assert "(fails every time)" in red.out
    assert update.code == green.code == 0
    assert "GATE         merge" in green.out
    assert "note         waived: doors/breaks: outcome" in green.out
    assert "## Gate: merge" in (project / "summary.md").read_text(encoding="utf-8")
    assert report.code == 0, report.out
    assert valid("report", written["again"])["gate"]["notes"][0]["kind"] == "waived"
    assert judged.code == 1
    assert valid("report", written["judged"])["runs"][0]["findings"][0]["oracle"] == "outcome"
    assert "FAILED       doors/breaks" in judged.out


async def test_shards_are_one_gate(tmp_path: Path) -> None:
    """Each runs its part; the report over both decides."""
    project = make_project(tmp_path, other=HOLDS_TOO)

    parts = [await harness("gate", "--shard", f"{number}/2", cwd=project) for number in (1, 2)]
    folders = [str(one) for one in (project / "runs").glob("*-gate-*")]
    whole = await harness("report", *folders, "--junit", "all.xml", cwd=project)

    assert [one.code for one in (*parts, whole)] == [0, 0, 0], whole.out
    assert "1 passed" in parts[0].out
    assert "1 passed" in parts[1].out
    assert "2 passed" in whole.out
    assert 'tests="2"' in (project / "all.xml").read_text(encoding="utf-8")


async def test_a_policy_that_makes_no_sense_runs_nothing(tmp_path: Path) -> None:
    """Every problem at once, and the exit code of a user's mistake; a baseline that does not parse, likewise."""
    project = make_project(tmp_path)
    (project / "pyproject.toml").write_text(
        '[tool.harness]\nscenarios = ["trials"]\n[tool.harness.gate]\nmust_pass = []\ntime_budget = "soon"\n', "utf-8"
    )
    policy = await harness("gate", cwd=project)
    (project / "pyproject.toml").write_text('[tool.harness]\nscenarios = ["trials"]\n', "utf-8")
    (project / "harness-baseline.toml").write_text("[[waivers]", "utf-8")
    baseline = await harness("gate", cwd=project)

    assert policy.code == baseline.code == 2
    assert "gate.must_pass" in policy.err
    assert "gate.time_budget" in policy.err
    assert "harness-baseline.toml is not TOML" in baseline.err
    assert not (project / "runs").exists()


async def test_a_budget_that_is_used_up_is_red(tmp_path: Path) -> None:
    """What was not run is named, and holds the merge back; one after the other, the first run is longer than that."""
    project = make_project(tmp_path, other=HOLDS_TOO)
    (project / "pyproject.toml").write_text(
        '[tool.harness]\nscenarios = ["trials"]\n[tool.harness.gate]\ntime_budget = "0.01s"\nconcurrency = 1\n', "utf-8"
    )
    ended = await harness("gate", cwd=project)

    assert ended.code == 4
    assert "reason       not run: doors/other: the time budget ran out" in ended.out


async def test_what_a_scenario_does_is_told(tmp_path: Path) -> None:
    """In words, from its declaration."""
    ended = await harness("explain", "doors/holds", cwd=make_project(tmp_path))

    assert ended.code == 0
    assert "It says hello." in ended.out
    assert "expects   outcome" in ended.out


async def test_a_machine_is_checked_by_using_it(tmp_path: Path) -> None:
    """Each check is ok, with details; the check of a server that does not answer fails."""
    project = make_project(tmp_path)
    good = await harness("doctor", "--toxiproxy-provider", "embedded", cwd=project)
    bad = await harness("doctor", "--toxiproxy", "127.0.0.1:9", "--json", cwd=project)
    checks = {one["name"]: one["health"] for one in valid("doctor", json.loads(bad.out))}

    assert good.code == 0, good.out
    for told in ("ok       skipping clock", "ok       exit codes", "ok       Toxiproxy", "1 scenario in"):
        assert told in good.out
    assert bad.code == 3
    assert (checks["Python"], checks["servers"]) == ("ok", "failed")
