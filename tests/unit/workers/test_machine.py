"""What the machine takes from processes is told from what they take themselves."""

from __future__ import annotations

import os
from collections.abc import Mapping

import pytest

from harness.workers.machine import Machine, slowness

OWN, WORKER = os.getpid(), -1


class Kernel:
    """Counts what it is told to, at the time that it is told."""

    def __init__(self) -> None:
        self.waits: dict[int, float] = {OWN: 10.0}
        self.time = 100.0

    def counted(self, pid: int) -> Mapping[int, float]:
        """What it has counted so far."""
        assert pid == OWN
        return dict(self.waits)

    def clock(self) -> float:
        """The monotonic clock."""
        return self.time


@pytest.fixture
def kernel() -> Kernel:
    """One at whose beginning this process has waited before."""
    return Kernel()


@pytest.fixture
def machine(kernel: Kernel) -> Machine:
    """The machine of that kernel."""
    return Machine(waits=kernel.counted, clock=kernel.clock)


def test_whoever_waits_most_says_how_busy_it_is(kernel: Kernel, machine: Machine) -> None:
    """A worker that waits is as bad as a loop that does; what was before does not count."""
    begun = machine.now
    kernel.time += 1
    kernel.waits |= {OWN: 10.1, WORKER: 0.7}
    machine.look()
    kernel.time += 1
    kernel.waits |= {OWN: 10.4, WORKER: 0.7}
    machine.look()

    assert machine.last is not None
    assert machine.last.loop == pytest.approx(0.3)
    taken = machine.taken(begun)
    assert taken.seconds == pytest.approx(0.7 + 0.3)
    assert taken.starved == pytest.approx(0.7)
    assert taken.lasted == pytest.approx(2)


def test_what_was_before_a_run_is_not_of_it(kernel: Kernel, machine: Machine) -> None:
    """And what is usual on a machine that is not busy counts for nothing."""
    kernel.time, kernel.waits = 101.0, {OWN: 10.9}
    machine.look()
    begun = machine.now
    kernel.time, kernel.waits = 102.0, {OWN: 11.05}
    machine.look()

    assert machine.taken(begun).seconds == 0


def test_samples_are_no_shorter_than_they_should_be(kernel: Kernel, machine: Machine) -> None:
    """Over a moment, any wait is a large share."""
    kernel.time, kernel.waits = 100.1, {OWN: 10.1}
    machine.look()

    assert machine.last is None


def test_where_nothing_is_counted_no_machine_is_busy(kernel: Kernel, machine: Machine) -> None:
    """The application is then the reason of all that fails, as before."""
    kernel.time, kernel.waits = 101.0, {}
    machine.look()

    assert machine.taken(100.0).seconds == 0


def test_work_takes_at_least_its_cpu_time() -> None:
    """On a machine of one's own, about as long."""
    assert slowness() >= 1
