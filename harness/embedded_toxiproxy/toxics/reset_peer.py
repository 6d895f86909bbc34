"""reset_peer: the first bytes meet a reset connection, at once or after a while (TX-100 to TX-104)."""

from __future__ import annotations

import time
from dataclasses import dataclass

from harness.embedded_toxiproxy.toxic import Pipe, Stub, Timer, Toxic


@dataclass(frozen=True, kw_only=True)
class ResetPeer(Toxic):
    """Waits for the first chunk or the end of its direction, then closes with RST towards both peers.

    Attributes:
        timeout: Milliseconds between that chunk and the reset; negative is none.
    """

    timeout: int = 0

    def pipe(self, stub: Stub) -> Pipe:
        """Lie in wait on one direction of one connection."""
        return _Trap(stub, self)


class _Trap(Pipe):
    """Removed while it waits, it calls the reset off and lets the bytes pass: the real server makes the caller wait."""

    def __init__(self, stub: Stub, toxic: ResetPeer) -> None:
        super().__init__(stub)
        self._toxic = toxic
        self._sprung_at: float | None = None
        self._held: list[tuple[bytes, float]] = []
        self._eof = False
        self._timer: Timer | None = None

    @property
    def full(self) -> bool:
        return self._sprung_at is not None

    def start(self) -> None:
        self.stub.reset()

    def feed(self, data: bytes, at: float) -> None:
        self._held.append((data, at))
        self._spring()

    def eof(self) -> None:
        self._eof = True
        self._spring()

    def update(self, toxic: ResetPeer) -> None:
        self._toxic = toxic
        if self._sprung_at is not None:
            self._cancel()
            self._arm(self._sprung_at)

    def release(self) -> None:
        self._cancel()
        self._sprung_at = None
        held, self._held = self._held, []
        for data, at in held:
            self.stub.emit(data, at)
        if self._eof:
            self.stub.end()

    def abandon(self) -> None:
        self._cancel()
        self._held.clear()

    def _spring(self) -> None:
        if self._sprung_at is None:
            self.stub.acted()
            self._sprung_at = time.monotonic()
            self._arm(self._sprung_at)

    def _arm(self, start: float) -> None:
        if self._toxic.timeout <= 0:
            self._reset()
        else:
            self._timer = self.stub.at(start + self._toxic.timeout / 1000, self._reset)

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _reset(self) -> None:
        self._timer = None
        self._held.clear()
        self.stub.end()
        self.stub.room()


KIND = ResetPeer
