"""Code that does not import, does not end, or takes its process along: each is named, and nothing waits for it."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict

from tests.live.commands import Ended, harness
from tests.unit.replay.made_histories import activity, event, history, payload

SHOP = """
    from datetime import timedelta
    from temporalio import workflow

    @workflow.defn
    class Shop:
        @workflow.run
        async def run(self) -> None:
            await workflow.execute_activity("charge", 5, start_to_close_timeout=timedelta(seconds=10))
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one history: an activity that was asked for, in a run that is still open."""
    put(tmp_path / "shop.json", history(activity()))
    (tmp_path / "harness.toml").touch()
    (tmp_path / "shop.py").write_text(dedent(SHOP), encoding="utf-8")
    return tmp_path


def put(path: Path, events: list[Any]) -> None:
    """Write a history."""
    path.write_text(json.dumps({"events": [MessageToDict(one) for one in events]}), encoding="utf-8")


async def replay(project: Path, *options: str, workflows: str = "shop") -> Ended:
    """Replay what is in the project."""
    return await harness("replay", "shop.json", "--workflows", workflows, "--open", "-j", "1", *options, cwd=project)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("import time\ntime.sleep(600)\n", "the import of the module shop had not ended after 10 s. It was at"),
        (
            "import os\nprint('goodbye')\nos._exit(7)\n",
            "the module shop ended its process with exit code 7",
        ),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n", "ended its process with signal SIGKILL"),
        ("raise SystemExit(3)\n", "the module shop does not import: SystemExit: 3"),
        ("import nowhere\n", "No module named 'nowhere'"),
    ],
    ids=["blocks", "exits", "is killed", "raises SystemExit", "imports what is missing"],
)
async def test_an_import_that_does_not_end_well_is_named(project: Path, source: str, words: str) -> None:
    """With exit code 2, and without a traceback."""
    (project / "shop.py").write_text(source, encoding="utf-8")
    ended = await replay(project, "--deadline", "1")

    assert ended.code == 2, ended.out
    assert words in " ".join(ended.err.split())
    assert "Traceback" not in ended.err


SWALLOWS = """
while True:
    try:
        await workflow.wait_condition(lambda: False)
    except BaseException:
        pass
"""


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("while True: pass", "did not yield within 2 s: it blocks or loops (shop.py:9 in run)"),
        ("import time; time.sleep(4)", "did not yield within 2 s"),
        (SWALLOWS, "catches BaseException or asyncio.CancelledError"),
    ],
    ids=["loops", "blocks", "swallows its eviction"],
)
async def test_code_that_does_not_yield_is_told_so(project: Path, body: str, words: str) -> None:
    """Long before the deadline; what is replayed after it is judged all the same."""
    head, call, tail = dedent(SHOP).partition("        await workflow.execute_activity")
    source = head + indent(body.strip(), " " * 8) + "\n" + call + tail
    source = source.replace("@workflow.defn", "@workflow.defn(sandboxed=False)")
    good = dedent(SHOP).replace("class Shop", "class Good")
    (project / "shop.py").write_text(source + good, encoding="utf-8")
    events = history(activity(given=5), tail=[])
    events[0].workflow_execution_started_event_attributes.workflow_type.name = "Good"
    put(project / "good.json", events)
    ended = await replay(project, "good.json", "--deadline", "100")

    out = " ".join(ended.out.replace(f"{project}/", "").split())
    assert ended.code == 4
    assert "cannot be judged (does not yield): the workflow" in out
    assert words in out
    assert "1 cannot be judged, 1 replays" in out


async def test_a_run_that_has_not_begun_breaks_nothing(project: Path) -> None:
    """Nobody has taken its first task, or that task fails; why is told."""
    failed = event("WORKFLOW_TASK_FAILED")
    failed.workflow_task_failed_event_attributes.failure.message = "KeyError: 'price'"
    events = [*history()[:3], failed]
    events[3].event_id = 4
    put(project / "shop.json", events)
    ended = await replay(project)

    assert ended.code == 0, ended.out
    assert "its first workflow task has failed so far: KeyError: 'price'" in ended.out
    assert "1 has not begun" in ended.out


async def test_a_name_that_is_not_utf_8_ends_no_report(project: Path) -> None:
    """It is written with its bytes."""
    odd = os.fsencode(project) + b"/caf\xe9.json"
    Path(os.fsdecode(odd)).write_bytes((project / "shop.json").read_bytes())
    reports = [f"--{form}={project / f'report.{form}'}" for form in ("json", "junit", "markdown", "sarif")]
    ended = await harness("replay", ".", "--workflows", "shop", "--open", "--strict", *reports, cwd=project)

    assert ended.code == 0, ended.err
    assert "caf\\xe9.json" in (project / "report.json").read_text(encoding="utf-8").replace("\\\\", "\\")
    assert "caf\\xe9.json" in (project / "report.junit").read_text(encoding="utf-8")


async def test_the_src_layout_is_found(project: Path) -> None:
    """Without an installed package."""
    (project / "src").mkdir()
    (project / "shop.py").rename(project / "src" / "shop.py")
    ended = await replay(project)

    assert ended.code == 0, ended.err


async def test_another_revision_is_shown_by_its_name(project: Path) -> None:
    """And not by the folder that it was checked out to."""
    git = ["git", "-c", "user.name=n", "-c", "user.email=e@example.com"]
    broken = "import nowhere\n"
    (project / "shop.py").write_text(broken, encoding="utf-8")
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "first"]):
        subprocess.run([*git, *command], cwd=project, check=True)  # noqa: ASYNC221 - a moment
    (project / "shop.py").write_text(dedent(SHOP), encoding="utf-8")
    ended = await replay(project, "--against", "HEAD")

    assert ended.code == 2
    assert "HEAD:shop.py:1" in ended.err
    assert "harness-revision" not in ended.err


PYDANTIC = """
    from datetime import datetime, timedelta
    from pydantic import BaseModel
    from temporalio import workflow

    class Order(BaseModel):
        due: datetime

    @workflow.defn
    class Shop:
        @workflow.run
        async def run(self, order: Order) -> None:
            await workflow.execute_activity("charge", order, start_to_close_timeout=timedelta(seconds=10))
"""


async def test_pydantic_models_without_their_converter_are_recognized(project: Path) -> None:
    """The option is named; with it the history replays."""
    given = {"due": "2026-11-22T10:00:00Z"}
    events = history(activity(given=given))
    events[0].workflow_execution_started_event_attributes.input.payloads.append(payload(given))
    put(project / "shop.json", events)
    (project / "shop.py").write_text(dedent(PYDANTIC), encoding="utf-8")
    without = await replay(project, "--strict")
    converter = "temporalio.contrib.pydantic:pydantic_data_converter"
    having = await replay(project, "--strict", "--data-converter", converter)

    assert (without.code, having.code) == (1, 0), without.out + having.out
    assert f"--data-converter {converter}" in " ".join(without.out.split())


async def test_inputs_that_changed_places_fail_without_strict(project: Path) -> None:
    """Other changes pass, and the last line says what `--strict` would say."""
    put(project / "shop.json", history(activity("1", given="hotel"), activity("2", given="car")))
    two = """
            import asyncio
            quick = timedelta(seconds=10)
            await asyncio.gather(*(
                workflow.execute_activity("charge", one, start_to_close_timeout=quick) for one in GIVEN
            ))
    """
    source = dedent(SHOP).partition("        await")[0] + dedent(two).replace("\n", "\n        ")
    (project / "shop.py").write_text(source.replace("GIVEN", '("car", "hotel")'), encoding="utf-8")
    swapped = await replay(project)
    (project / "shop.py").write_text(source.replace("GIVEN", '("hotel", "train")'), encoding="utf-8")
    other = await replay(project)

    assert (swapped.code, other.code) == (1, 0), swapped.out + other.out
    assert "calls changed places" in swapped.out
    assert "the result recorded here belongs to another call" in " ".join(swapped.out.split())
    assert "1 replays, 1 with drift (--strict would say FAILED)" in other.out
