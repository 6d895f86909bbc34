"""limit_data: so many bytes pass, then the connection is closed (TX-107)."""

from __future__ import annotations

from dataclasses import dataclass

from harness.embedded_toxiproxy.toxic import Pipe, Stub, Toxic


@dataclass(frozen=True, kw_only=True)
class LimitData(Toxic):
    """Closes after a number of bytes, counted per connection and kept across updates.

    Attributes:
        bytes: How many bytes pass; negative is 0. A limit already reached closes at the next chunk.
    """

    bytes: int = 0

    def pipe(self, stub: Stub) -> Pipe:
        """Count the bytes of one direction of one connection."""
        return _Quota(stub, self)


class _Quota(Pipe):
    def __init__(self, stub: Stub, toxic: LimitData) -> None:
        super().__init__(stub)
        self._limit = toxic.bytes
        self._passed = 0

    def feed(self, data: bytes, at: float) -> None:
        rest = max(self._limit - self._passed, 0)
        passing = data[:rest]
        if passing:
            self._passed += len(passing)
            self.stub.emit(passing, at)
        if self._passed >= self._limit:
            self.stub.acted()
            self.stub.end()
        self.stub.room()

    def update(self, toxic: LimitData) -> None:
        self._limit = toxic.bytes


KIND = LimitData
