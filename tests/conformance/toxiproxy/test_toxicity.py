"""A toxic acts on its share of the connections, decided by dice that can be rolled again (TX-077)."""

from __future__ import annotations

import pytest

from tests.conformance.toxiproxy.conftest import MakeProxy
from tests.conformance.toxiproxy.test_links import round_trip
from tests.conformance.toxiproxy.wire import (
    Upstream,
    connect,
)


@pytest.mark.tx("TX-077")
async def test_toxicity_is_rolled_per_connection(make_proxy: MakeProxy, echoing: Upstream) -> None:
    """Toxicity is the share of connections a toxic acts on, and holds for the life of each."""
    proxy = await make_proxy(echoing, {"kind": "limit_data", "bytes": 0, "toxicity": 0.5})
    spared = 0
    for _ in range(60):
        async with await connect(proxy.listen) as client:
            await client.send(b"x")
            if await client.receive():
                spared += 1
                for _ in range(3):
                    await round_trip(client)

    assert 12 <= spared <= 48


@pytest.mark.tx("TX-077")
@pytest.mark.parametrize(("toxicity", "acts"), [(0.0, False), (-1.0, False), (1.0, True), (2.5, True)])
async def test_certain_toxicity(make_proxy: MakeProxy, echoing: Upstream, toxicity: float, acts: bool) -> None:  # noqa: FBT001 - a table
    """Nothing below 0 acts, everything from 1 on does."""
    proxy = await make_proxy(echoing, {"kind": "latency", "latency": 120, "toxicity": toxicity})
    async with await connect(proxy.listen) as client:
        assert (await round_trip(client) >= 0.12) is acts


@pytest.mark.tx("TX-077")
async def test_toxicity_is_rolled_again_on_update(make_proxy: MakeProxy, echoing: Upstream) -> None:
    """An update of the toxic rolls again on live connections."""
    proxy = await make_proxy(echoing, {"kind": "latency", "name": "l", "latency": 120, "toxicity": 0.0})
    async with await connect(proxy.listen) as client:
        assert await round_trip(client) < 0.12
        await proxy.change("l", toxicity=1)
        assert await round_trip(client) >= 0.12
        await proxy.change("l", toxicity=0)
        assert await round_trip(client) < 0.12


@pytest.mark.tx("TX-077")
async def test_toxicity_is_rolled_again_for_a_neighbour(make_proxy: MakeProxy, echoing: Upstream) -> None:
    """Adding the next toxic in the chain rolls again: sooner or later the other way."""
    proxy = await make_proxy(echoing, {"kind": "latency", "name": "l", "latency": 30, "toxicity": 0.5})
    async with await connect(proxy.listen) as client:
        hits = set()
        for turn in range(30):
            await proxy.add("noop", name=f"n{turn}")
            hits.add(await round_trip(client) >= 0.03)
            await proxy.remove(f"n{turn}")
            if len(hits) == 2:
                break

    assert hits == {True, False}
