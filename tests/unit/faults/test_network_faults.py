"""What the faults on the wire have in common."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fakes.flights import Flights
from fakes.hotels import Hotels
from harness import (
    Bandwidth,
    Direction,
    Latency,
    LimitData,
    NetworkFault,
    Reset,
    Slicer,
    SlowClose,
    Timeout,
)
from harness.events import ConnectionCarried, NoConnectionJournal
from tests.unit.builders import booked, evidence
from tests.unit.fake_testbed import proxy_of, set_stage

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    "fault",
    [
        Latency(on=Flights, delay=SECOND),
        Timeout(on=Flights),
        Reset(on=Flights),
        Bandwidth(on=Flights, kilobytes_per_second=3),
        LimitData(on=Flights, after_bytes=10),
        SlowClose(on=Flights, delay=SECOND),
        Slicer(on=Flights, average_size=64),
    ],
    ids=lambda fault: type(fault).__name__,
)
async def test_it_is_a_toxic_on_the_proxy_of_its_fake(fault: NetworkFault) -> None:
    """Towards the caller unless said otherwise, for as long as it is armed, and nowhere else."""
    testbed = set_stage(Flights, Hotels)
    async with fault.arm(testbed, name="f"):
        while_armed = dict(proxy_of(testbed, Flights).toxics)
        elsewhere = dict(proxy_of(testbed, Hotels).toxics)
    kind, attributes = fault.toxic()

    assert while_armed == {"f": (kind, Direction.DOWNSTREAM, attributes)}
    assert elsewhere == {}
    assert proxy_of(testbed, Flights).toxics == {}


async def test_it_is_healed_when_the_run_breaks() -> None:
    """No toxic outlives its context."""
    testbed = set_stage(Flights)
    with pytest.raises(ZeroDivisionError):
        async with Timeout(on=Flights).arm(testbed, name="f"):
            raise ZeroDivisionError

    assert proxy_of(testbed, Flights).toxics == {}


async def test_the_direction_may_be_chosen() -> None:
    """Towards the service, the request is hit instead of the answer."""
    testbed = set_stage(Flights)
    async with Latency(on=Flights, delay=SECOND, direction=Direction.UPSTREAM).arm(testbed, name="f"):
        _, direction, _ = proxy_of(testbed, Flights).toxics["f"]

    assert direction is Direction.UPSTREAM


def carried(*toxics: str, service: str = "flights") -> ConnectionCarried:
    """A connection on which these toxics acted."""
    return ConnectionCarried(service=service, closed_at=None, toxics=toxics, bytes_up=5, bytes_down=7, end="fin")


def test_firing_is_counted_by_connections() -> None:
    """Those on which this very toxic acted."""
    fault = Timeout(on=Flights)
    told = evidence(carried("f"), carried(), carried("g", "f"), carried("f~2"), NoConnectionJournal(service="hotels"))

    assert fault.fired(told, name="f") == 2
    assert fault.seen_instead(told) == "4 connections through the proxy of flights, 28 bytes answered"


def test_without_a_journal_a_fault_that_nobody_felt_has_not_fired() -> None:
    """Where the proxy tells nothing, an answer that came through is no proof of a fault."""
    told = evidence(NoConnectionJournal(service="flights"), booked("flights"))

    assert Timeout(on=Flights).fired(told, name="f") == 0
