"""Ends a command with each signal at many moments: nothing is left of it, whenever and however it ended.

    python -m tests.live.kills run --moments 40
    python -m tests.live.kills explore gate --moments 10

The moments are lines that the command prints, spread over its whole output, and before them the start of its first
child. The command uses a Toxiproxy of the campaign's own, whose proxies must be gone afterwards.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import secrets
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import click
import httpx2
import psutil

from harness import exit_codes
from tests.live.commands import LOOK_AGAIN, WITHIN, Command, make_project
from tests.live.leftovers import left_of, marked

ROOT = Path(__file__).parents[2]
PATIENCE = 3 * WITHIN
"""How many seconds a step may take: several campaigns share the machine."""

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL)
MAY_END_WITH = {exit_codes.GREEN, exit_codes.FAILED, exit_codes.INCONCLUSIVE}
"""The exit codes of a command that was asked to end; it may have come to its own end before."""

COMMANDS: Mapping[str, Sequence[str]] = {
    "run": ("run", "worker_loss/all_well", "--watch"),
    "explore": ("explore", "worker_loss/all_well", "--watch", "--calls", "1"),
    "gate": ("gate",),
}
"""The first two have worker processes. The gate is that of a small project."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where commands are run and killed, one after the other.

    Attributes:
        words: The command.
        project: The project's root.
        folder: Takes the run folders and the temporary files.
        toxiproxy: The address of a Toxiproxy for them alone.
    """

    words: Sequence[str]
    project: Path
    folder: Path
    toxiproxy: str

    @property
    def temporary(self) -> Path:
        """The folder for temporary files."""
        return self.folder / "tmp"

    async def begin(self) -> Command:
        """Start the command, with its errors among its output."""
        mark = secrets.token_hex(8)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "harness", *self.words),
            *("--runs", str(self.folder / "runs"), "--toxiproxy", self.toxiproxy),
            cwd=self.project,
            env={**marked(mark), "TMPDIR": str(self.temporary)},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        return Command(process, mark)

    async def whole(self) -> list[str]:
        """Run the command to its end, and return the lines that it has printed."""
        command = await self.begin()
        out, _ = await command.process.communicate()
        assert command.process.returncode in MAY_END_WITH, (command.process.returncode, out.decode())
        return out.decode().splitlines()

    async def killed(self, number: signal.Signals, *, after: int) -> list[str]:
        """Send a signal after so many lines, and return what is wrong afterwards."""
        command = await self.begin()
        assert command.process.stdout is not None
        printed: list[bytes] = []
        async with asyncio.timeout(PATIENCE):
            while not after and not psutil.Process(command.process.pid).children():  # noqa: ASYNC110 - a process table tells nobody
                await asyncio.sleep(LOOK_AGAIN)
            while len(printed) < after and (line := await command.process.stdout.readline()):
                printed.append(line)
        if command.process.returncode is None:
            command.process.send_signal(number)
        async with asyncio.timeout(PATIENCE):
            out, _ = await command.process.communicate()
        assert command.process.returncode is not None
        return [
            *_of_its_end(command.process.returncode, number, b"".join([*printed, out]).decode()),
            *await self._left(command.mark),
            *([] if number is signal.SIGKILL else self.temporary_left()),
        ]

    async def _left(self, mark: str) -> list[str]:
        processes = await asyncio.to_thread(left_of, mark, within=PATIENCE)
        async with httpx2.AsyncClient(base_url=f"http://{self.toxiproxy}", trust_env=False) as client:
            proxies = (await client.get("/proxies")).json()
        return [*(f"left: {one}" for one in processes), *(f"left: proxy {one}" for one in proxies)]

    def temporary_left(self) -> list[str]:
        """What is left in the folder for temporary files, sockets included."""
        return [f"left: {one}" for one in self.temporary.iterdir()]


def _of_its_end(code: int, number: signal.Signals, printed: str) -> Iterator[str]:
    if code not in ({*MAY_END_WITH, -number} if number is signal.SIGKILL else MAY_END_WITH):
        yield f"exit code {code}: {printed[-500:]}"
    if "Traceback" in printed:
        yield f"a traceback: {printed[-2000:]}"


@asynccontextmanager
async def place(name: str, folder: Path) -> AsyncIterator[Place]:
    """Have a place for one of `COMMANDS` in a folder, with a Toxiproxy of its own, inside the context."""
    (folder / "tmp").mkdir(parents=True)
    project = make_project(folder / "project") if name == "gate" else ROOT
    server = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "harness.embedded_toxiproxy", "--host", "127.0.0.1", "--port", "0"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert server.stdout is not None
    try:
        address = json.loads(await server.stdout.readline())["address"]
        yield Place(words=COMMANDS[name], project=project, folder=folder, toxiproxy=address)
    finally:
        server.kill()
        await server.wait()


async def campaign(name: str, folder: Path, *, signals: Sequence[signal.Signals], moments: int) -> Counter[str]:
    """Kill a command with each of these signals at so many moments; return what was wrong, and how often."""
    wrong: Counter[str] = Counter()
    async with place(name, folder) as here:
        lines = len(await here.whole())
        for moment in range(moments):
            after = moment * (lines - 1) // max(1, moments - 1)
            for number in signals:
                found = await here.killed(number, after=after)
                wrong.update(f"{name}, {number.name} after line {after} of {lines}: {one}" for one in found)
                click.echo(f"{name} {number.name} after line {after} of {lines}: {'; '.join(found) or 'nothing left'}")
        await here.whole()
        wrong.update(f"{name}, after the next run: {one}" for one in here.temporary_left())
    return wrong


async def main() -> int:
    """Run the campaigns concurrently, and return 0 when nothing was wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("commands", metavar="COMMAND", nargs="+", choices=list(COMMANDS), help="run, explore or gate.")
    parser.add_argument("--moments", type=int, default=40, help="At how many moments.")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kills-") as folder:
        each = [
            campaign(name, Path(folder) / f"{name}-{number.name}", signals=[number], moments=given.moments)
            for name in given.commands
            for number in SIGNALS
        ]
        wrong: Counter[str] = sum(await asyncio.gather(*each), Counter())
    click.echo(f"\n{len(each) * given.moments} kills, {wrong.total()} of what they left or said is wrong")
    for one in wrong:
        click.echo(f"  {one}")
    return 1 if wrong else 0


if __name__ == "__main__":
    code = asyncio.run(main())
    sys.stdout.flush()
    os._exit(code)
