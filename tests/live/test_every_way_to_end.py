"""A process that lacks what programs take for granted says so, with the exit code of the environment.

What is wrong in the command line itself is in tests/unit/commands/test_every_mistake.py.
"""

from __future__ import annotations

import asyncio
import os
import shlex
import sys
from pathlib import Path

import pytest

from harness.environment.open import Environment
from tests.live.commands import WITHIN, Ended, make_project

LIST, RUN = "-m harness list", "-m harness run doors/holds"

NO_INTERPRETER = (
    "-c 'import sys; from harness.__main__ import main; sys.executable = \"/no/python\"; main()' run doors/holds"
)


async def shell(words: str, *, cwd: Path, **environment: str) -> Ended:
    """Run this by a shell, in which PYTHON is the interpreter."""
    process = await asyncio.create_subprocess_exec(
        "bash",
        "-c",
        words.replace("PYTHON", shlex.quote(sys.executable)),
        cwd=cwd,
        env=os.environ | environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(WITHIN):
        out, err = await process.communicate()
    assert process.returncode is not None
    return Ended(code=process.returncode, out=out.decode(), err=err.decode())


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (f"PYTHON {LIST} >&-", "standard output is closed"),
        (f"PYTHON {LIST} >/dev/full", "No space left on device"),
        (f"PYTHON {LIST} --json >/dev/full", "No space left on device"),
        ("PYTHON -m harness --help >/dev/full", "No space left on device"),
        (f"exec 3> >(exec <&-); wait $!; PYTHON {LIST} >&3", "Broken pipe"),
        (f"cd $(mktemp -d) && rm -d $PWD && PYTHON {LIST}", "the working directory does not exist any more"),
        (f"ulimit -n 20; PYTHON {RUN}", "ulimit -n 1024"),
        (f"PYTHON {NO_INTERPRETER}", "/no/python"),
    ],
)
async def test_the_environment_lacks_something(tmp_path: Path, words: str, told: str) -> None:
    """Exit code 3, one sentence on standard error, and no traceback."""
    ended = await shell(words, cwd=make_project(tmp_path))

    assert ended.code == 3, ended.out + ended.err
    assert ended.err.startswith("harness: ")
    assert told in ended.err
    assert "Traceback" not in ended.out + ended.err


@pytest.mark.parametrize(("words", "code"), [(LIST, 0), ("-m harness list nothing", 2)])
@pytest.mark.parametrize("closed", ["2>&-", "<&-", "<&- 2>&-", "2>/dev/full"])
async def test_a_closed_stream_changes_no_exit_code(tmp_path: Path, words: str, code: int, closed: str) -> None:
    """Neither standard error nor standard input is needed."""
    ended = await shell(f"PYTHON {words} {closed}", cwd=make_project(tmp_path))

    assert ended.code == code, ended.err
    assert ("It says hello." in ended.out) is (code == 0)


async def test_an_ascii_locale_shows_other_characters_as_escapes(
    harness_environment: Environment, tmp_path: Path
) -> None:
    """Of a whole run, whose files are in UTF-8 whatever the locale."""
    umlaut = """
        '''Sie grüßt.'''

        from dataclasses import replace

        from harness import Outcome
        from trials.doors import holds

        scenario = replace(holds.scenario, expects=[Outcome(result="grüß 你")])
        """
    project = make_project(tmp_path, umlaut=umlaut)
    ascii_only = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "PYTHONIOENCODING": ""}
    servers = f"--temporal {harness_environment.temporal.address} --toxiproxy {harness_environment.toxiproxy.address}"

    listed = await shell(f"PYTHON {LIST}", cwd=project, **ascii_only)
    ran = await shell(f"PYTHON -m harness run doors/umlaut {servers}", cwd=project, **ascii_only)

    assert (listed.code, ran.code) == (0, 1), listed.err + ran.err
    assert r"result is 'hello', expected 'gr\xfc\xdf \u4f60'" in ran.out
    [story] = project.glob("runs/*/doors/umlaut/story.md")
    assert "expected 'grüß 你'" in story.read_text(encoding="utf-8")


async def test_worker_processes_are_reached_from_a_long_temporary_folder(
    harness_environment: Environment, tmp_path: Path
) -> None:
    """Though the path of a Unix socket may have about a hundred bytes."""
    own_process = '''
        """It says hello from a process of its own."""

        from dataclasses import replace

        from harness import WorkerProcesses
        from trials.doors import holds

        scenario = replace(holds.scenario, workers=WorkerProcesses())
        '''
    project = make_project(tmp_path / "p", own=own_process)
    long = tmp_path / ("x" * 150)
    long.mkdir()
    servers = f"--temporal {harness_environment.temporal.address} --toxiproxy {harness_environment.toxiproxy.address}"

    ended = await shell(f"PYTHON -m harness run doors/own {servers}", cwd=project, TMPDIR=str(long))

    assert ended.code == 0, ended.out + ended.err
    assert list(long.iterdir()) == []
