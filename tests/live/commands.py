"""Runs the command line in a process of its own, in a small project of its own."""

from __future__ import annotations

import asyncio
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import psutil

from tests.live.leftovers import alive, left_of, marked

WITHIN = 60.0
"""How long a command may take, in seconds, on a busy machine."""

LOOK_AGAIN = 0.01

FILES = {
    "pyproject.toml": """
        [tool.harness]
        scenarios = ["trials"]
        fakes = ["stands"]
        """,
    "stands/__init__.py": "",
    "stands/doors.py": '''
        """A door."""

        from harness import Call, FakeService, Reply, operation


        class Doors(FakeService):
            """Lets in."""

            @operation("POST /knock")
            async def knock(self, call: Call) -> Reply:
                """Come in."""
                return Reply()
        ''',
    "trials/__init__.py": "",
    "trials/doors/__init__.py": "",
    "trials/doors/workflow.py": '''
        """Says hello, or waits for ever."""

        from temporalio import workflow


        @workflow.defn
        class Hello:
            @workflow.run
            async def run(self, wait: bool) -> str:
                if wait:
                    await workflow.wait_condition(lambda: False)
                return "hello"
        ''',
    "trials/doors/holds.py": '''
        """It says hello."""

        from datetime import timedelta

        from harness import Application, Outcome, Scenario
        from stands.doors import Doors
        from trials.doors.workflow import Hello


        def none(doors: str) -> list[object]:
            return []


        scenario = Scenario(
            application=Application(workflows=[Hello], activities=none),
            workflow=Hello.run,
            given=False,
            uses=[Doors],
            expects=[Outcome(result="hello")],
        )
        ''',
}

FAILS = '''
    """It says goodbye."""

    from dataclasses import replace

    from harness import Outcome
    from trials.doors import holds

    scenario = replace(holds.scenario, expects=[Outcome(result="goodbye")])
    '''

NEVER_FIRES = '''
    """The door is broken, and nobody opens it."""

    from dataclasses import replace

    from harness import HttpError
    from stands.doors import Doors
    from trials.doors import holds

    scenario = replace(holds.scenario, faults=[HttpError(on=Doors.knock)])
    '''

WAITS = '''
    """It waits for ever behind a slow door."""

    from dataclasses import replace
    from datetime import timedelta

    from harness import HttpError, Latency
    from stands.doors import Doors
    from trials.doors import holds

    scenario = replace(
        holds.scenario,
        given=True,
        faults=[Latency(on=Doors, delay=timedelta(seconds=9)), HttpError(on=Doors.knock)],
    )
    '''


def make_project(folder: Path, **trials: str) -> Path:
    """Write a project with one sound trial and these others, and return its folder."""
    return write_files(folder, FILES | {f"trials/doors/{name}.py": text for name, text in trials.items()})


def write_files(folder: Path, files: Mapping[str, str]) -> Path:
    """Write these files, by their paths in the folder, and return the folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip(), encoding="utf-8")
    return folder


@dataclass(frozen=True, kw_only=True)
class Ended:
    """A command that has ended."""

    code: int
    out: str
    err: str


class Command:
    """A command that runs, with the mark by which what it leaves behind is found."""

    def __init__(self, process: asyncio.subprocess.Process, mark: str) -> None:
        self.process = process
        self.mark = mark

    async def until(self, word: str) -> str:
        """Read its output until a line with the word has come; return all that came."""
        assert self.process.stdout is not None
        came = ""
        async with asyncio.timeout(WITHIN):
            while word not in came:
                line = await self.process.stdout.readline()
                assert line, f"it ended before it said {word!r}:\n{came}"
                came += line.decode()
        return came

    async def has_children(self) -> None:
        """Wait until it has started a process: nothing announces that, so it is looked for again and again."""
        async with asyncio.timeout(WITHIN):
            while len(self.descendants()) < 2:  # noqa: ASYNC110 - a process table tells nobody
                await asyncio.sleep(LOOK_AGAIN)

    async def end(self, *, within: float = WITHIN) -> Ended:
        """Wait for its end."""
        async with asyncio.timeout(within):
            out, err = await self.process.communicate()
        assert self.process.returncode is not None
        return Ended(code=self.process.returncode, out=out.decode(), err=err.decode())

    def kill_guard(self, which: int = 0) -> None:
        """Kill a process guard of it: the first one, or the one that was started after so many."""
        guards = [one for one in self.descendants() if any("last_requests" in word for word in one.cmdline())]
        sorted(guards, key=lambda one: one.create_time())[which].kill()

    async def left(self) -> list[psutil.Process]:
        """Wait until nothing of it is alive, and return what still is when that takes too long."""
        return await asyncio.to_thread(left_of, self.mark, within=WITHIN)

    def descendants(self) -> list[psutil.Process]:
        """What of it is alive, wherever it hangs in the tree."""
        return alive(self.mark)


async def begin(module: str, *arguments: str | Path, cwd: Path) -> Command:
    """Start `python -m MODULE ARGUMENTS`."""
    mark = secrets.token_hex(8)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        *map(str, arguments),
        cwd=cwd,
        env=marked(mark),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    return Command(process, mark)


async def harness(*arguments: str | Path, cwd: Path) -> Ended:
    """Run the command line to its end."""
    return await (await begin("harness", *arguments, cwd=cwd)).end()
