"""An interrupted gate reports its decision so far and everything that it did not finish."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from harness.verdict import Verdict
from tests.live import commands, exploring
from tests.live.commands import FAILS, LOOK_AGAIN, WAITS, WITHIN, Command, begin, harness

CORPUS = """
[[tool.harness.corpora]]
path = "histories/{name}"
scenarios = ["doors/holds"]
workflows = ["trials.doors.workflow"]
"""

POLICY = f"""
[tool.harness]
scenarios = ["trials"]
fakes = ["stands"]
{"".join(CORPUS.format(name=name) for name in ("first", "second", "third"))}
[[tool.harness.explorations]]
target = "target.py"
"""

TWO_TARGETS = """
[tool.harness]
scenarios = ["trials"]

[[tool.harness.explorations]]
target = "nowhere.py"

[[tool.harness.explorations]]
target = "target.py"

[[tool.harness.explorations]]
target = "till:Order"
inputs = ['"TOKEN"']
"""

REPEATED = """
[tool.harness]
scenarios = ["trials"]

[tool.harness.gate]
repeats = 50
"""


def make_project(folder: Path, policy: str, **trials: str) -> Path:
    """A project with a scenario that holds, these others, a workflow that does not refund, and this policy."""
    commands.make_project(folder, **trials)
    exploring.make_project(folder)
    (folder / "pyproject.toml").write_text(policy, encoding="utf-8")
    return folder


async def opened(pipe: Path) -> int:
    """Wait until somebody is about to read from a named pipe, who goes on once it is written to and closed."""
    async with asyncio.timeout(WITHIN):
        while True:
            # Nothing announces a reader.
            with suppress(OSError):
                return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
            await asyncio.sleep(LOOK_AGAIN)


async def decided(gate: Command, project: Path) -> tuple[commands.Ended, list[str]]:
    """Wait for its end, which is red; return it with what stands in its report against the merge."""
    ended = await gate.end(within=exploring.WITHIN)
    assert "Traceback" not in ended.out + ended.err
    folder = max((project / "runs").glob("*-gate-*"), key=lambda one: one.stat().st_ctime)
    told: Any = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    assert 'type="interrupted"' in (folder / "junit.xml").read_text(encoding="utf-8")
    assert "do not merge" in (folder / "summary.md").read_text(encoding="utf-8")
    assert "interrupted" in (folder / "report.html").read_text(encoding="utf-8")
    again = await harness("report", str(folder), cwd=project)
    against = [f"{one['kind']}: {one['name']}: {one['what']}" for one in told["gate"]["reasons"]]
    assert ended.code == again.code == Verdict[told["gate"]["verdict"]].exit_code != 0, ended
    assert all(one["what"] in again.out for one in told["gate"]["reasons"]), again.out
    return ended, against


async def record(project: Path) -> None:
    """Record the same history into each corpus."""
    ran = await harness("run", "doors/holds", cwd=project)
    [run] = (project / "runs").glob("*-run-*")
    recorded = await harness("record", "histories/first", "--from-run", run, cwd=project)
    assert (ran.code, recorded.code) == (0, 0), (ran, recorded)
    for name in ("second", "third"):
        shutil.copytree(project / "histories" / "first", project / "histories" / name)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_before_it_has_read_its_policy(tmp_path: Path, number: signal.Signals) -> None:
    """Nothing is run, nothing decided, and that is all it says."""
    project = make_project(tmp_path, POLICY)
    os.mkfifo(project / "harness-baseline.toml")

    gate = await begin("harness", "gate", cwd=project)
    pipe = await opened(project / "harness-baseline.toml")
    gate.process.send_signal(number)
    os.close(pipe)
    ended = await gate.end()

    assert (ended.code, ended.err) == (4, "harness: interrupted before anything ran.\n")
    assert not list(project.glob("runs/*/report.json"))


async def test_a_second_signal_ends_it_at_once(tmp_path: Path) -> None:
    """Though what it waits for does not come."""
    project = make_project(tmp_path, POLICY)
    await record(project)
    index = project / "histories" / "second" / "index.json"
    index.unlink()
    os.mkfifo(index)

    gate = await begin("harness", "gate", cwd=project)
    pipe = await opened(index)
    # Of one kind, the second would be lost if it came before the first was heard.
    gate.process.send_signal(signal.SIGINT)
    gate.process.send_signal(signal.SIGTERM)
    ended = await gate.end()
    os.close(pipe)

    assert (ended.code, ended.err) == (4, "")
    assert "GATE" not in ended.out


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_between_two_replays(tmp_path: Path, number: signal.Signals) -> None:
    """While it reads the index of the second corpus, and no event loop runs: the first corpus has been replayed."""
    project = make_project(tmp_path, POLICY)
    await record(project)
    index = project / "histories" / "second" / "index.json"
    content = index.read_bytes()
    index.unlink()
    os.mkfifo(index)

    gate = await begin("harness", "gate", cwd=project)
    pipe = await opened(index)
    gate.process.send_signal(number)
    os.write(pipe, content)
    os.close(pipe)
    _, against = await decided(gate, project)

    assert against == [
        "interrupted: histories/second: its replay was interrupted; histories not replayed: 1 of 1.",
        "interrupted: histories/third: the gate was interrupted before this corpus was replayed.",
        "interrupted: target.py: the gate was interrupted before this target was explored.",
    ]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_between_two_explorations(tmp_path: Path, number: signal.Signals) -> None:
    """As soon as it says that it goes on to the second: what the first came to is told all the same."""
    project = make_project(tmp_path, TWO_TARGETS)

    gate = await begin("harness", "gate", cwd=project)
    await gate.until("Exploring target.py")
    gate.process.send_signal(number)
    _, against = await decided(gate, project)

    assert against == [
        "exploration: nowhere.py: [[tool.harness.explorations]] has an error for this target; see above.",
        "interrupted: target.py: its exploration was interrupted before it could write a report.",
        'interrupted: till:Order "TOKEN": the gate was interrupted before this target was explored.',
    ]


async def test_while_it_runs_scenarios(tmp_path: Path) -> None:
    """A corpus that it was to record anew stays as it was; none is replayed, and nothing is explored."""
    project = make_project(tmp_path, POLICY)
    await record(project)
    commands.make_project(project, waits=WAITS)
    (project / "pyproject.toml").write_text(POLICY, encoding="utf-8")
    histories = project / "histories"
    before = {one: one.read_bytes() for one in histories.rglob("*.json*")}

    gate = await begin("harness", "gate", "--refresh-histories", cwd=project)
    await gate.until("PASSED       doors/holds")
    gate.process.send_signal(signal.SIGTERM)
    ended, against = await decided(gate, project)

    assert {one: one.read_bytes() for one in histories.rglob("*.json*")} == before
    assert "interrupted: : the session was interrupted; its results are partial." in against
    for name in ("first", "second", "third"):
        for left in ("re-recorded", "replayed"):
            assert f"interrupted: histories/{name}: the gate was interrupted before this corpus was {left}." in against
    assert "interrupted: target.py: the gate was interrupted before this target was explored." in against
    assert "Replaying" not in ended.out
    assert "Exploring" not in ended.out


async def test_while_it_runs_again_what_is_red(tmp_path: Path) -> None:
    """What is red is told, and not called flaky for a run that was cut short."""
    project = make_project(tmp_path, REPEATED, breaks=FAILS)

    gate = await begin("harness", "gate", cwd=project)
    await gate.until("Running 1 red scenario")
    gate.process.send_signal(signal.SIGTERM)
    ended, against = await decided(gate, project)

    assert [one.partition(": ")[0] for one in against] == ["new", "interrupted"]
    assert against[1] == ("interrupted: doors/breaks: the gate was interrupted before this scenario had run again.")
    assert "flaky" not in ended.out
