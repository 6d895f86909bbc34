"""bandwidth holds a direction to its rate and loses nothing."""

from __future__ import annotations

import asyncio
import os
import time

import pytest

from tests.conformance.toxiproxy.conftest import MakeProxy
from tests.conformance.toxiproxy.test_links import SLACK
from tests.conformance.toxiproxy.wire import Upstream, connect


@pytest.mark.tx("TX-088")
@pytest.mark.parametrize(("rate", "size"), [(100, 50_000), (500, 250_000), (2000, 1_000_000)])
async def test_bandwidth(make_proxy: MakeProxy, swallowing: Upstream, rate: int, size: int) -> None:
    """A rate of n lets n thousand bytes pass in a second."""
    proxy = await make_proxy(swallowing, {"kind": "bandwidth", "stream": "upstream", "rate": rate})
    async with await connect(proxy.listen) as client:
        await swallowing.saw("accepted")
        started = time.monotonic()
        await client.send(bytes(size))
        done = await swallowing.has_received(bytes(size))
    took, due = done.at - started, size / rate / 1000

    assert due * 0.98 < took < due * 1.02 + SLACK


@pytest.mark.tx("TX-088")
async def test_bandwidth_delays_before_it_sends(make_proxy: MakeProxy, swallowing: Upstream) -> None:
    """A chunk leaves after the time its bytes take, and a slow one in portions of 100 ms."""
    proxy = await make_proxy(swallowing, {"kind": "bandwidth", "stream": "upstream", "rate": 10})
    async with await connect(proxy.listen) as client:
        await swallowing.saw("accepted")
        started = time.monotonic()
        await client.send(bytes(2500))
        await swallowing.has_received(bytes(2500))
    events = swallowing.all("data")

    assert [len(event.data) for event in events] == [1000, 1000, 500]
    for number, due in enumerate((0.1, 0.2, 0.25)):
        assert due <= events[number].at - started < due + SLACK


@pytest.mark.tx("TX-088")
async def test_bandwidth_is_felt_by_the_sender(make_proxy: MakeProxy, swallowing: Upstream) -> None:
    """The sender is held up: the toxic takes in no more than one chunk."""
    proxy = await make_proxy(swallowing, {"kind": "bandwidth", "stream": "upstream", "rate": 1})
    async with await connect(proxy.listen) as client:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.7):
                await asyncio.get_running_loop().sock_sendall(client.socket, bytes(60_000_000))
        await proxy.patch(enabled=False)


@pytest.mark.tx("TX-089")
async def test_bandwidth_of_zero(make_proxy: MakeProxy, swallowing: Upstream) -> None:
    """At rate 0 bytes and the end behind them wait, and come when the toxic is removed."""
    proxy = await make_proxy(swallowing, {"kind": "bandwidth", "name": "b", "stream": "upstream", "rate": 0})
    async with await connect(proxy.listen) as client:
        await swallowing.saw("accepted")
        await client.send(b"held")
        client.end_writing()
        with pytest.raises(TimeoutError):
            await client.receive(within=0.2)
        assert swallowing.received() == b""
        await proxy.remove("b")
        await swallowing.saw("fin", within=1)

    assert swallowing.received() == b"held"


@pytest.mark.tx("TX-091")
async def test_bandwidth_removal(make_proxy: MakeProxy, swallowing: Upstream) -> None:
    """Removed in the middle of a transfer, the rest comes at full speed and nothing is lost."""
    proxy = await make_proxy(swallowing, {"kind": "bandwidth", "name": "b", "stream": "upstream", "rate": 50})
    sent = os.urandom(300_000)
    async with await connect(proxy.listen) as client:
        await client.send(sent)
        await swallowing.saw("data")
        started = time.monotonic()
        await proxy.remove("b")
        event = await swallowing.has_received(sent, within=2)

    assert event.at - started < 0.5
