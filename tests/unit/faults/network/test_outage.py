"""The service cannot be reached at all."""

from __future__ import annotations

from contextlib import suppress

import pytest

from fakes.flights import Flights
from harness import Outage
from harness.events import ConnectTried, Event, FaultArmed, FaultFired, FaultHealed
from harness.testbed.ports import Connection
from tests.unit.builders import evidence
from tests.unit.fake_testbed import Caller, proxy_of, set_stage, settle, told

ARMED, HEALED = FaultArmed(fault="f"), FaultHealed(fault="f")
TRIED = ConnectTried(service="flights")


async def test_the_proxy_listens_again_when_it_is_healed() -> None:
    """On every way out."""
    testbed = set_stage(Flights)
    seen = []
    with suppress(ZeroDivisionError):
        async with Outage(on=Flights).arm(testbed, name="f"):
            seen.append(proxy_of(testbed, Flights).enabled)
            raise ZeroDivisionError
    seen.append(proxy_of(testbed, Flights).enabled)

    assert seen == [False, True]


async def test_connections_that_are_cut_are_a_firing() -> None:
    """And where there are none, arming alone is none."""
    testbed = set_stage(Flights)
    async with Outage(on=Flights).arm(testbed, name="quiet"):
        pass
    testbed.fake(Flights)._server._transports["client"] = Caller(testbed.fake(Flights), "GET /")  # type: ignore[assignment]
    async with Outage(on=Flights).arm(testbed, name="f"):
        await settle()

    assert [event.fault for event in testbed.stream.events if isinstance(event, FaultFired)] == ["f"]
    assert len(told(testbed, FaultFired)) == 1


def _carried(*, closed: bool) -> Connection:
    return Connection(
        opened_at=ARMED.at, closed_at=ARMED.at if closed else None, toxics=(), bytes_up=1, bytes_down=1, end=None
    )


async def test_idle_connections_of_a_real_server_that_are_cut_are_a_firing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that counts none itself: the proxy's journal does."""
    testbed = set_stage(Flights)

    async def carried(_proxy: object) -> list[Connection]:
        return [_carried(closed=True), _carried(closed=False), _carried(closed=False)]

    monkeypatch.setattr(type(proxy_of(testbed, Flights)), "connections", carried)
    async with Outage(on=Flights).arm(testbed, name="f"):
        pass

    assert [one.what for one in testbed.stream.events if isinstance(one, FaultFired)] == ["cut 2 connections"]


@pytest.mark.parametrize(
    ("events", "fired"),
    [
        ([TRIED, ARMED, HEALED, TRIED], 0),
        ([ARMED, TRIED, TRIED, HEALED], 2),
        ([ARMED, TRIED, HEALED, TRIED, ARMED, TRIED, HEALED, TRIED], 2),
        ([ARMED, ConnectTried(service="hotels"), HEALED], 0),
        ([FaultArmed(fault="g"), TRIED, FaultHealed(fault="g")], 0),
        ([TRIED], 0),
        ([ARMED, FaultFired(fault="f", what="cut 2 connections"), TRIED, HEALED], 2),
    ],
    ids=["outside", "inside", "twice-armed", "another-fake", "another-fault", "never-armed", "with-a-cut"],
)
def test_connects_tried_while_it_is_armed_are_firings(events: list[Event], fired: int) -> None:
    """A closed port cannot tell who knocked; the worker's process can."""
    assert Outage(on=Flights).fired(evidence(events), name="f") == fired


def test_what_was_seen_instead_counts_every_try() -> None:
    """So that a reader sees whether anybody ever wanted the service."""
    told_ = evidence(TRIED, ARMED, HEALED)

    assert Outage(on=Flights).seen_instead(told_).endswith("; attempts to connect: 1")
    assert list(Outage(on=Flights).problems()) == []
