"""A worker process's end of the socket to the runner: events go one way, points are asked about."""

from __future__ import annotations

import json
import socket
import threading
from dataclasses import asdict
from typing import Any

from harness.events import Event
from harness.evidence.event_json import to_json
from harness.workers.failpoints import Failpoint


class Channel:
    """Speaks one JSON object a line. Blocking, since a worker has to stop at a point wherever it is.

    Args:
        path: Of the runner's socket.
    """

    def __init__(self, path: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(path)
        self._lines = self._socket.makefile("r", encoding="utf-8")
        self._turn = threading.Lock()

    def tell(self, event: Event) -> None:
        """Send an event."""
        with self._turn:
            self._send({"event": to_json(event)})

    def ask(self, point: Failpoint) -> None:
        """Say that a point is reached, and wait until the runner lets us go on."""
        with self._turn:
            self._send({"point": asdict(point)})
            self._lines.readline()

    def _send(self, said: dict[str, Any]) -> None:
        self._socket.sendall(json.dumps(said).encode() + b"\n")
