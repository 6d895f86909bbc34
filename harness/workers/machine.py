"""Tells the time that the machine took from the time that the application took.

Twice a second it looks how long this process, and each that descends from it, was ready to run and waited for a CPU.
What waits for half of the time runs at half of its speed: a timeout of a second, or a deadlock detector, may then
expire in an application that is sound.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from harness.processes.cpu_waits import cpu_waits

EVERY = 0.5
"""How many seconds a sample covers, at least."""

NOTED = 0.2
"""The share of a sample that a process must have waited for the sample to count: less is usual on a sound machine."""

STARVED = 0.5
"""The share from which a process is starved."""

SPIN = 0.1
"""How many seconds of CPU the machine is measured with."""

KEPT = 20_000
"""How many samples are kept: those of some three hours, longer than any run."""


@dataclass(frozen=True, kw_only=True)
class Sample:
    """What the machine took in a short time.

    Attributes:
        begun: When it began, on the monotonic clock.
        ended: When it ended.
        loop: The share of it for which this process waited.
        most: The share for which the process waited that waited most.
    """

    begun: float
    ended: float
    loop: float
    most: float

    @property
    def seconds(self) -> float:
        """How long the process waited that waited most."""
        return (self.ended - self.begun) * self.most


@dataclass(frozen=True, kw_only=True)
class CpuTaken:
    """What the machine took in a longer time.

    Attributes:
        seconds: How long processes waited for a CPU, in samples that count.
        starved: How much of that was in samples in which a process was starved.
        lasted: How long all of it took.
    """

    seconds: float
    starved: float
    lasted: float


def slowness() -> float:
    """Measure how many times longer some work takes now than the CPU needs for it: 1 where nothing else goes on."""
    begun, worked = time.monotonic(), time.thread_time()
    while time.thread_time() - worked < SPIN:
        pass
    return (time.monotonic() - begun) / SPIN


class Machine:
    """Samples what the machine takes from this process and those that descend from it.

    Args:
        waits: Counts how long each process has waited, in seconds.
        clock: The monotonic clock.
    """

    def __init__(
        self,
        *,
        waits: Callable[[int], Mapping[int, float]] = cpu_waits,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._waits = waits
        self._clock = clock
        self._pid = os.getpid()
        self._before = waits(self._pid)
        self._at = clock()
        self._samples: deque[Sample] = deque(maxlen=KEPT)

    @property
    def now(self) -> float:
        """The present moment, on the clock of the samples."""
        return self._clock()

    @property
    def last(self) -> Sample | None:
        """The last sample."""
        return self._samples[-1] if self._samples else None

    def look(self) -> None:
        """Take a sample, when it is time for one."""
        now = self._clock()
        interval = now - self._at
        if interval < EVERY:
            return
        waits = self._waits(self._pid)
        shares = {pid: min(1.0, (waited - self._before.get(pid, 0.0)) / interval) for pid, waited in waits.items()}
        self._samples.append(
            Sample(begun=self._at, ended=now, loop=shares.get(self._pid, 0.0), most=max(shares.values(), default=0.0))
        )
        self._before, self._at = waits, now

    def taken(self, since: float) -> CpuTaken:
        """Return what the machine has taken since a moment; the sample in which that lies counts as a whole."""
        within = [one for one in self._samples.copy() if one.ended > since and one.most >= NOTED]
        return CpuTaken(
            seconds=sum(one.seconds for one in within),
            starved=sum(one.seconds for one in within if one.most >= STARVED),
            lasted=self._clock() - since,
        )
