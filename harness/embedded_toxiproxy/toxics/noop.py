"""noop: bytes pass as if there were no toxic (TX-108)."""

from __future__ import annotations

from dataclasses import dataclass

from harness.embedded_toxiproxy.toxic import Pipe, Stub, Toxic


@dataclass(frozen=True, kw_only=True)
class Noop(Toxic):
    """Does nothing; visible in lists."""

    def pipe(self, stub: Stub) -> Pipe:
        """Pass everything on."""
        return Pipe(stub)


KIND = Noop
