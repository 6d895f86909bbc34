"""Replays in the application's interpreter, for a process that judges in the harness's own.

The process that replays is a child of the one that judges. It ends with it, as its pipe closes, or with the group of
the process guard.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, NoReturn

from temporalio.api.history.v1 import History, HistoryEvent
from temporalio.client import WorkflowHistory

from harness.application_side.loading import LoadProblem
from harness.application_side.playing import Facts, Played, ReplayFailure
from harness.application_side.recorder import Issued, Recording, Site
from harness.application_side.stuck import Stuck
from harness.errors import HarnessError, UsageError
from harness.library_internals.workflow_messages import WorkflowCommand
from harness.replay.engine.code import in_words
from harness.replay.engine.player import Player
from harness.replay.histories.shapes import Unreadable
from harness.replay.verdicts.judgement import NotJudged
from harness.workers.interpreter import START


class PlaysElsewhere:
    """A replayer in another interpreter. Use `open_player_elsewhere`.

    Attributes:
        stuck: Whether a workflow is stuck there.
    """

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._facts: Facts | None = None
        self.stuck = False

    async def load(self, orders: Mapping[str, Any], importing: Callable[[str], object]) -> None:
        """Have the code imported there.

        Raises:
            UsageError: It does not import.
        """
        await self._send(orders)
        while "ready" not in (said := await self._receive()):
            if "problems" in said:
                await self._process.wait()
                raise UsageError(*(in_words(LoadProblem(*one)) for one in said["problems"]))
            importing(said["importing"])
        self._facts = Facts(*said["facts"])

    @property
    def facts(self) -> Facts:
        """What a judgement needs to know of the code."""
        assert self._facts is not None  # noqa: S101 - `open_player_elsewhere` has loaded it
        return self._facts

    async def decoded(self, events: Sequence[HistoryEvent]) -> Sequence[HistoryEvent]:
        """Return the events with their payloads decoded by the code's codec.

        Raises:
            CodecFailed: It cannot decode them.
        """
        if not self.facts.codec:
            return events
        said = await self._ask(what="decode", events=_packed(events))
        if "error" in said:
            raise CodecFailed(said["raised"])
        return History.FromString(b64decode(said["events"])).events

    async def play(self, history: WorkflowHistory, *, namespace: str = "") -> Played:
        """Replay a history.

        Raises:
            Stuck: The workflow does not yield, or cannot be evicted.
            Unreadable: The SDK there does not know one of its events.
            HarnessError: The replay broke.
        """
        said = await self._ask(
            what="play", events=_packed(history.events), workflow_id=history.workflow_id, namespace=namespace
        )
        if "stuck" in said:
            self.stuck = True
            raise Stuck(said["stuck"])
        if "unknown" in said:
            event, sdk = said["unknown"]
            raise Unreadable(
                NotJudged.UNKNOWN_EVENT,
                f"it has an event that temporalio {sdk} in the application's interpreter does not know: event {event}. "
                "A newer server wrote it; replay with a newer temporalio.",
            )
        if "error" in said:
            raise HarnessError(said["error"])
        return Played(
            failure=None if said["failure"] is None else ReplayFailure(*said["failure"]),
            recording=Recording(
                issued=[
                    Issued(
                        task=task,
                        command=WorkflowCommand.FromString(b64decode(command)),
                        site=None if site is None else Site(*site),
                    )
                    for task, command, site in said["issued"]
                ],
                failed=said["failed"],
                trace=said["trace"],
                patches=said["patches"],
            ),
            stuck=said["stuck_words"],
        )

    async def _ask(self, **order: Any) -> dict[str, Any]:
        await self._send(order)
        return await self._receive()

    async def _send(self, order: Mapping[str, Any]) -> None:
        assert self._process.stdin is not None  # noqa: S101 - asked for with PIPE
        try:
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            await self._process.stdin.drain()
        except ConnectionError:
            await self._end_as_it_did()

    async def _receive(self) -> dict[str, Any]:
        assert self._process.stdout is not None  # noqa: S101 - asked for with PIPE
        line = await self._process.stdout.readline()
        if not line.endswith(b"\n"):
            await self._end_as_it_did()
        said: dict[str, Any] = json.loads(line)
        return said

    async def _end_as_it_did(self) -> NoReturn:
        """End as the other process did, for who has started this one to say so."""
        code = await self._process.wait()
        if code < 0:
            if -code != signal.SIGKILL:
                signal.signal(-code, signal.SIG_DFL)
            os.kill(os.getpid(), -code)
        os._exit(code)


class CodecFailed(Exception):  # noqa: N818 - a state of the code
    """The application's codec has raised an error, of which only the words are left."""

    def __repr__(self) -> str:
        """Return those words."""
        return str(self)


@asynccontextmanager
async def open_player_elsewhere(
    place: Mapping[str, Any],
    *,
    code: Mapping[str, Any],
    break_age: bool = False,
    same_code: bool = False,
    importing: Callable[[str], object] = len,
) -> AsyncIterator[Player]:
    """Have a player that replays in another interpreter, for as long as the context lasts.

    Args:
        place: As `Interpreter.orders` returns it.
        code: The code, as plain data.
        break_age: Whether to find out, for a history that does not replay, which open runs break.
        same_code: Whether this code made the histories.
        importing: Called with what is imported there, before it is.

    Raises:
        UsageError: The code cannot be imported there.
    """
    env = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTHONHOME"}}
    if place["pythonpath"]:
        env["PYTHONPATH"] = place["pythonpath"]
    process = await asyncio.create_subprocess_exec(
        place["python"],
        str(START),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=env,
        limit=2**30,
    )
    # Which line it is at, it says itself.
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, process.send_signal, signal.SIGUSR1)
    plays = PlaysElsewhere(process)
    await plays.load({"path": place["path"], "hidden": place["hidden"], "code": code}, importing)
    yield Player(plays, break_age=break_age, same_code=same_code)


def _packed(events: Sequence[HistoryEvent]) -> str:
    return b64encode(History(events=events).SerializeToString()).decode()
