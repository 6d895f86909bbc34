"""No sequence of control calls and no traffic makes the embedded server crash, hang or lie."""

from __future__ import annotations

import asyncio
import random
from typing import Any
from urllib.parse import quote

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conformance.toxiproxy.conftest import PROFILE
from tests.conformance.toxiproxy.servers import Server
from tests.conformance.toxiproxy.wire import End, connect, echo, upstream

KINDS = ["latency", "bandwidth", "slow_close", "timeout", "reset_peer", "slicer", "limit_data", "noop"]
KEYS = ["latency", "jitter", "rate", "delay", "timeout", "bytes", "average_size", "size_variation"]

names = st.sampled_from(["a", "b", "ü", "x y", "%41", ""]) | st.text(max_size=5)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
json_values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
)
listens = st.sampled_from(
    ["127.0.0.1:0", "localhost:0", "", ":0", "bad", "127.0.0.1:99999", "[::1]:0", "[::1", "::1:0"]
)
upstreams = st.sampled_from(["127.0.0.1:1", "bad", "a:b", "[::1]:1", ""])
proxies = st.fixed_dictionaries(
    {},
    optional={
        "name": names | scalars,
        "listen": listens | scalars,
        "upstream": upstreams | scalars,
        "enabled": scalars,
    },
)
attributes = st.dictionaries(st.sampled_from(KEYS), st.integers(-5, 300) | st.integers() | scalars, max_size=4)
toxics = st.fixed_dictionaries(
    {"type": st.sampled_from(KINDS) | names},
    optional={
        "name": names | scalars,
        "stream": st.sampled_from(["upstream", "downstream", "UpStream", "x"]) | scalars,
        "toxicity": st.floats(0, 1) | scalars,
        "attributes": attributes | json_values,
    },
)
bodies = proxies | toxics | st.lists(proxies, max_size=3) | json_values | st.binary(max_size=30)
paths = st.one_of(
    st.sampled_from(["/proxies", "/populate", "/reset", "/version", "/metrics", "/embedded/traffic", "/embedded/seed"]),
    st.builds(lambda name: f"/proxies/{quote(name, safe='')}", names),
    st.builds(lambda name: f"/proxies/{quote(name, safe='')}/toxics", names),
    st.builds(lambda name, toxic: f"/proxies/{quote(name, safe='')}/toxics/{quote(toxic, safe='')}", names, names),
    st.builds(lambda name: f"/embedded/journal/{quote(name, safe='')}", names),
    st.text("/.%ab?#", max_size=8).map(lambda text: "/" + text.replace("#", "")),
)
methods = st.sampled_from(["GET", "POST", "POST", "POST", "PATCH", "DELETE", "PUT", "HEAD"])
calls = st.lists(st.tuples(methods, paths, bodies), min_size=1, max_size=8)

EXPECTED = {200, 201, 204, 301, 400, 403, 404, 405, 409, 500}


@settings(PROFILE, max_examples=150)
@given(calls)
async def test_control_calls(embedded: Server, calls: list[tuple[str, str, Any]]) -> None:
    """Any sequence of calls is answered with a status that the contract knows, and what is shown stays readable."""
    control = embedded.control
    for method, path, body in calls:
        sent = None if method in {"GET", "HEAD", "DELETE"} else body
        reply = await control.call(method, path, sent)
        assert reply.status in EXPECTED, (method, path, sent, reply)
        if reply.status == 500:
            assert reply.json()["error"], reply
    index = await control.get("/proxies")
    for name, proxy in index.items():
        assert proxy["name"] == name
        assert proxy["enabled"] in {True, False}
    for name in index:
        await control.call("DELETE", f"/proxies/{quote(name, safe='')}")


harmless = st.one_of(
    st.builds(lambda a, b: {"kind": "latency", "latency": a, "jitter": b}, st.integers(-5, 20), st.integers(-5, 30)),
    st.builds(lambda a: {"kind": "bandwidth", "rate": a}, st.integers(2000, 9000)),
    st.builds(lambda a: {"kind": "slow_close", "delay": a}, st.integers(-5, 20)),
    st.builds(
        lambda a, b, c: {"kind": "slicer", "average_size": a, "size_variation": min(a, b), "delay": c},
        st.integers(500, 40_000),
        st.integers(-5, 400),
        st.integers(-5, 200),
    ),
    st.just({"kind": "noop"}),
    st.just({"kind": "limit_data", "bytes": 10**9}),
)
harmful = st.one_of(
    st.builds(lambda a: {"kind": "timeout", "timeout": a}, st.integers(-5, 30)),
    st.builds(lambda a: {"kind": "reset_peer", "timeout": a}, st.integers(-5, 30)),
    st.builds(lambda a: {"kind": "limit_data", "bytes": a}, st.integers(-5, 5000)),
    st.builds(lambda a: {"kind": "bandwidth", "rate": a}, st.integers(0, 3)),
)
streams = st.sampled_from(["upstream", "downstream"])
toxicities = st.sampled_from([0.0, 0.5, 1.0])
sizes = st.lists(st.integers(1, 90_000), min_size=1, max_size=6)
changes = st.lists(st.sampled_from(["add", "update", "remove", "wait"]), max_size=8)


@settings(PROFILE, max_examples=60)
@given(st.lists(st.tuples(harmless, streams, toxicities), min_size=1, max_size=4), sizes, changes)
async def test_no_byte_is_lost(
    embedded: Server, chain: list[tuple[dict[str, Any], str, float]], sizes: list[int], changes: list[str]
) -> None:
    """Through any chain of toxics that drop nothing, changed under way, every byte comes back in order."""
    chunks = [random.Random(size).randbytes(size) for size in sizes]  # noqa: S311 - reproducible on purpose
    async with upstream(echo) as service:
        there = [f"t{number}" for number in range(len(chain))]
        toxics = [
            {"name": f"t{number}", "stream": stream, "toxicity": toxicity, **toxic}
            for number, (toxic, stream, toxicity) in enumerate(chain)
        ]
        proxy = await embedded.control.proxy(service.address, *toxics)
        async with await connect(proxy.listen) as client:

            async def change() -> None:
                for number, what in enumerate(changes, len(chain)):
                    toxic, stream, toxicity = chain[number % len(chain)]
                    if what == "add":
                        await proxy.add(name=f"t{number}", stream=stream, toxicity=toxicity, **toxic)
                        there.append(f"t{number}")
                    elif what == "update" and there:
                        await proxy.change(there[number % len(there)], toxicity=1 - toxicity)
                    elif what == "remove" and there:
                        await proxy.remove(there.pop(number % len(there)))
                    else:
                        await asyncio.sleep(0.004)

            async def send() -> None:
                for chunk in chunks:
                    await client.send(chunk)
                    await asyncio.sleep(0.001)

            changing, sending = asyncio.create_task(change()), asyncio.create_task(send())
            whole = b"".join(chunks)
            assert await client.receive_exactly(len(whole), within=20) == whole
            await asyncio.gather(changing, sending)
        await proxy.delete()


@settings(PROFILE, max_examples=60)
@given(st.lists(st.tuples(harmless | harmful, streams, toxicities), min_size=1, max_size=4), sizes, st.booleans())
async def test_what_arrives_is_a_beginning_of_what_was_sent(
    embedded: Server,
    chain: list[tuple[dict[str, Any], str, float]],
    sizes: list[int],
    reset: bool,  # noqa: FBT001 - drawn
) -> None:
    """Through any chain, what comes back is what was sent, up to a point, and deleting leaves nothing open."""
    chunks = [random.Random(size).randbytes(size) for size in sizes]  # noqa: S311 - reproducible on purpose
    async with upstream(echo) as service:
        toxics = [
            {"name": f"t{number}", "stream": stream, "toxicity": toxicity, **toxic}
            for number, (toxic, stream, toxicity) in enumerate(chain)
        ]
        proxy = await embedded.control.proxy(service.address, *toxics)
        async with await connect(proxy.listen) as client:
            for chunk in chunks:
                try:
                    await client.send(chunk)
                except OSError:
                    break
            received, _ = await client.to_the_end(within=0.05)
            await proxy.delete()
            assert b"".join(chunks).startswith(received)
            if reset:
                client.reset()
            else:
                assert (await client.to_the_end())[1] is not End.OPEN
    assert (await embedded.control.get("/embedded/state"))["connections"] == 0
