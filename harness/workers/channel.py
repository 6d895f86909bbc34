"""A worker process's end of the socket to the runner, and the byte that says at which failpoints it has to wait."""

from __future__ import annotations

import asyncio
import contextlib
import json
import mmap
import socket
import threading
from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import asdict
from itertools import count
from typing import Any

from harness.events import Event
from harness.evidence.event_json import to_json
from harness.workers.failpoints import Failpoint, Phase


class WatchedPhases:
    """The phases at which somebody watches failpoints, in a byte of memory that the runner and all workers share.

    A worker has to know before each failpoint whether to wait there. It may not ask, since that would cost every
    failpoint a round trip, and may not be late to know, since a fault would then not be injected. What the runner has
    written here before it starts a workflow is what a worker reads when it runs that workflow's code.

    Args:
        path: Of the file that holds the byte. The runner makes it.
    """

    def __init__(self, path: str) -> None:
        with open(path, "r+b") as file:  # noqa: PTH123 - a path beside a socket is text
            self._byte = mmap.mmap(file.fileno(), 1)

    @classmethod
    def make(cls, path: str) -> WatchedPhases:
        """Make the file, with no phase watched."""
        with open(path, "wb") as file:  # noqa: PTH123 - a path beside a socket is text
            file.write(b"\0")
        return cls(path)

    def write(self, phases: Iterable[Phase]) -> None:
        """Replace the watched phases."""
        self._byte[0] = sum(_BIT[phase] for phase in phases)

    def read(self) -> int:
        """The watched phases, as the sum of their bits."""
        return self._byte[0]


_BIT = {phase: 1 << number for number, phase in enumerate(Phase)}


def watched_file(socket_path: str) -> str:
    """The path of the file with the watched phases, beside a runner's socket."""
    return f"{socket_path}.watched"


class Channel:
    """Sends one JSON object a line: events one way, watched failpoints with a number that the runner answers with.

    May be used from any thread; one that waits keeps no other from sending.

    Args:
        path: Of the runner's socket.
    """

    def __init__(self, path: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(path)
        self._watched: WatchedPhases | None = WatchedPhases(watched_file(path))
        self._sending = threading.Lock()
        self._numbers = count(1)
        self._waiting: dict[int, Future[None]] = {}
        self._receiving = threading.Thread(target=self._receive, name="harness-channel", daemon=True)
        self._receiving.start()

    def close(self) -> None:
        """Hang up."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._receiving.join()
        self._socket.close()

    def send(self, event: Event) -> None:
        """Send an event."""
        self._send({"event": to_json(event)})

    def polls(self, task_queue: str, *, worker: str) -> None:
        """Report that a worker of this process polls another task queue than the run's."""
        self._send({"polls": task_queue, "worker": worker})

    async def stop(self, point: Failpoint) -> None:
        """Report a failpoint, and wait until the runner lets the worker go on, if somebody watches for it."""
        answer = self._report(point)
        if answer is not None:
            await asyncio.wrap_future(answer)

    def stop_now(self, point: Failpoint) -> None:
        """Do the same in a thread, or on the event loop of an async activity, which then does nothing else."""
        answer = self._report(point)
        if answer is not None:
            answer.result()

    def _report(self, point: Failpoint) -> Future[None] | None:
        watched = 0 if self._watched is None else self._watched.read()
        if not watched & _BIT[point.phase]:
            if watched:
                self.send(point.event())
            return None
        number = next(self._numbers)
        answer = self._waiting[number] = Future()
        self._send({"point": asdict(point), "number": number})
        return answer

    def _send(self, message: dict[str, Any]) -> None:
        with self._sending:
            self._socket.sendall(json.dumps(message).encode() + b"\n")

    def _receive(self) -> None:
        with self._socket.makefile("r", encoding="utf-8") as lines:
            for line in lines:
                self._waiting.pop(int(line)).set_result(None)
        # The runner is gone, and its guard is about to kill this process. Nobody answers any more.
        self._watched = None
        while self._waiting:
            self._waiting.popitem()[1].set_result(None)
