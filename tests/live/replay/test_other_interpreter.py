"""Histories replayed in the application's own environment, which has the SDK and the application alone.

OTHER_PYTHONS names further interpreters, with other versions of Python and of temporalio: their paths, joined by `:`.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from temporalio.client import WorkflowHistory

from tests.live.apps import every_command
from tests.live.commands import Ended, harness
from tests.live.other_python import environment_with
from tests.live.replay.test_odd_code import SHOP, put
from tests.unit.replay.made_histories import activity, history

OTHERS = [one for one in os.environ.get("OTHER_PYTHONS", "").split(os.pathsep) if one]

ALL = [pytest.param("", id="the SDK alone"), *(pytest.param(one, id=Path(one).parents[1].name) for one in OTHERS)]

ALONE = """
    import sys

    OURS = {"click", "coverage", "pydantic", "pydantic_core", "pytest", "rapidfuzz", "requests", "rich"}
    assert not OURS & set(sys.modules), OURS & set(sys.modules)
    import beside
"""


@pytest.fixture(scope="session")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter with the SDK alone, in an application's folder."""
    app = tmp_path_factory.mktemp("app")
    (app / "beside.py").touch()
    return environment_with(app / ".venv", "temporalio")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one history, and code that cannot be imported beside the harness."""
    put(tmp_path / "shop.json", history(activity()))
    (tmp_path / "harness.toml").touch()
    (tmp_path / "shop.py").write_text(dedent(ALONE) + dedent(SHOP), encoding="utf-8")
    return tmp_path


async def replay(project: Path, *options: str) -> Ended:
    """Replay what is in the project."""
    return await harness("replay", "shop.json", "--workflows", "shop", "--open", "-j", "1", *options, cwd=project)


async def test_the_application_is_imported_where_it_lives(project: Path, python: Path) -> None:
    """What its environment has is found there, nothing of the harness is, and the harness does not import it."""
    here = await replay(project)
    (project / "harness.toml").write_text(f'python = "{os.path.relpath(python, project)}"', encoding="utf-8")
    there = await replay(project)

    assert (here.code, there.code) == (2, 0), there.err
    assert "shop does not import: AssertionError" in here.err
    assert "1 replays" in there.out


REVISIONS = {
    "the same": ("", ""),
    "drifts": ("order.cents + 1", "order.cents + 2"),
    "breaks": ('            "charge",', '            "charges",'),
}


@pytest.mark.parametrize("revision", list(REVISIONS))
async def test_the_judgements_are_those_of_the_harness_s_own_interpreter(
    revision: str, folder: Path, python: Path, tmp_path: Path
) -> None:
    """Of every kind of command: outcome, drift, lines of code, the event from which on open runs break."""
    old, new = REVISIONS[revision]
    source = Path(every_command.__file__).read_text(encoding="utf-8")
    (tmp_path / "harness.toml").touch()
    (tmp_path / "commands.py").write_text(source.replace(old, new), encoding="utf-8")
    said = []
    for number, options in enumerate(([], ["--python", str(python)])):
        report = tmp_path / f"{number}.json"
        how = ["--workflows", "commands", "--open", "--seed", "1", "-j", "1", "--json", str(report), *options]
        await harness("replay", str(folder), *how, cwd=tmp_path)
        said.append(without_times(json.loads(report.read_text(encoding="utf-8"))))

    assert said[0] == said[1]
    assert bool(said[0]["verdict"] == "PASSED") is (revision != "breaks")


def without_times(one: Any) -> Any:
    """The same without what differs from one session to the next."""
    if isinstance(one, dict):
        return {name: without_times(value) for name, value in one.items() if name not in {"seconds", "took"}}
    return [without_times(value) for value in one] if isinstance(one, list) else one


CODEC = """
    import dataclasses
    from temporalio.api.common.v1 import Payload
    from temporalio.converter import DataConverter, PayloadCodec

    class Backwards(PayloadCodec):
        async def encode(self, payloads):
            return [Payload(metadata={"encoding": b"x"}, data=one.SerializeToString()[::-1]) for one in payloads]

        async def decode(self, payloads):
            return [Payload.FromString(one.data[::-1]) for one in payloads]
"""


async def test_a_codec_decodes_there(project: Path, python: Path) -> None:
    """What it decodes is compared, value by value."""
    events = history(activity(given=6))
    for one in events:
        asked = one.activity_task_scheduled_event_attributes
        for payload in asked.input.payloads:
            data = payload.SerializeToString()[::-1]
            payload.Clear()
            payload.metadata["encoding"] = b"x"
            payload.data = data
    put(project / "shop.json", events)
    (project / "shop.py").write_text(dedent(ALONE) + dedent(CODEC) + dedent(SHOP), encoding="utf-8")
    ended = await replay(project, "--strict", "--codec", "shop:Backwards", "--python", str(python))

    assert ended.code == 1, ended.err
    assert "input[0] was 6, is now 5" in ended.out, ended.out


@pytest.mark.parametrize(
    ("source", "code", "words"),
    [
        ("import os\nos._exit(7)\n", 2, "the module shop ended its process with exit code 7"),
        ("import nowhere\n", 2, "No module named 'nowhere'"),
        (SHOP.replace("Shop:", "Shops:"), 4, "'Shop' is not among the workflows given with --workflows: Shops."),
        (SHOP.replace("await workflow", "import os; os._exit(9); await workflow"), 4, "ended with exit code 9"),
        (
            SHOP.replace("await workflow", "exec('while 1: 1'); await workflow"),
            4,
            "it blocks or loops (shop.py:9 in run)",
        ),
    ],
    ids=["exits", "imports what is missing", "another workflow", "exits in a workflow", "loops"],
)
async def test_code_that_goes_wrong_there_is_told_as_here(
    project: Path, python: Path, source: str, code: int, words: str
) -> None:
    """In a sentence, and without a traceback."""
    (project / "shop.py").write_text(dedent(source), encoding="utf-8")
    ended = await replay(project, "--unsandboxed", "--python", str(python))

    assert ended.code == code, ended.err
    assert words in " ".join((ended.out + ended.err).replace(f"{project}/", "").split())
    assert "Traceback" not in ended.err


OLD = '#!/bin/sh\necho \'{"python": "%s", "temporalio": "%s", "error": "%s", "folders": []}\'\n'


@pytest.mark.parametrize(
    ("program", "code", "words"),
    [
        (None, 2, "does not exist; name the application's Python"),
        ("#!/bin/sh\necho hello; exit 3\n", 2, "is not Python: it ended with exit code 3, saying: hello"),
        ("no program\n", 2, "cannot be run as Python: Exec format error"),
        (OLD % ("3.7.16", "1.7.0", ""), 3, "is Python 3.7.16; 3.8 or newer is needed"),
        (OLD % ("3.9.1", "1.6.0", ""), 3, "has temporalio 1.6.0; 1.7 or newer is needed"),
        (OLD % ("3.9.1", "1.7.0", "ImportError: no"), 3, "temporalio cannot be imported by"),
    ],
    ids=["missing", "no Python", "no program", "old Python", "old SDK", "broken SDK"],
)
async def test_an_interpreter_that_cannot_be_used_is_refused(
    project: Path, program: str | None, code: int, words: str
) -> None:
    """With what it is and what is needed, before anything is started."""
    python = project / "python"
    if program is not None:
        python.write_text(program, encoding="utf-8")
        python.chmod(0o755)
    ended = await replay(project, "--python", str(python))

    assert (ended.code, ended.out) == (code, "")
    assert words in ended.err


async def test_an_environment_without_the_sdk_is_refused(project: Path, tmp_path: Path) -> None:
    """With the command that installs it; a folder is refused with the interpreter in it."""
    bare = environment_with(tmp_path / "bare")
    ended = await replay(project, "--python", str(bare))
    folder = await replay(project, "--python", str(tmp_path / "bare"))

    assert ended.code == 3
    assert f"has no temporalio; install the application there, or `{bare} -m pip install temporalio`" in ended.err
    assert folder.code == 2
    assert f"is a folder; name the interpreter in it: {bare}" in folder.err


async def test_coverage_is_refused(project: Path, python: Path) -> None:
    """It is measured by a library of the harness's."""
    ended = await replay(project, "--coverage", "--python", str(python))

    assert ended.code == 2
    assert "--coverage measures in the harness's own interpreter only" in ended.err


@pytest.mark.parametrize("other", ALL)
async def test_another_python_with_another_sdk(
    other: str, python: Path, recorded: dict[str, WorkflowHistory], project: Path
) -> None:
    """Replays, and finds what drifts and what breaks."""
    other = other or str(python)
    (project / "shop.py").write_text(dedent(SHOP), encoding="utf-8")
    same = await replay(project, "--strict", "--python", other)
    (project / "shop.py").write_text(dedent(SHOP).replace("seconds=10", "seconds=11"), encoding="utf-8")
    drifts = await replay(project, "--strict", "--python", other)
    (project / "shop.py").write_text(dedent(SHOP).replace('"charge"', '"charges"'), encoding="utf-8")
    breaks = await replay(project, "--python", other)

    assert same.code == 0, same.out + same.err
    assert "start_to_close_timeout" in drifts.out, drifts.out + drifts.err
    assert (drifts.code, breaks.code) == (1, 1)
    assert "shop.py:9 in" in drifts.out
