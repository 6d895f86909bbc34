"""Toxics are added, shown, changed and removed as the contract's section D says."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conformance.toxiproxy.conftest import MakeProxy
from tests.conformance.toxiproxy.servers import Server
from tests.conformance.toxiproxy.wire import Upstream, connect

ATTRIBUTES: dict[str, dict[str, int]] = {
    "latency": {"latency": 0, "jitter": 0},
    "bandwidth": {"rate": 0},
    "slow_close": {"delay": 0},
    "timeout": {"timeout": 0},
    "reset_peer": {"timeout": 0},
    "limit_data": {"bytes": 0},
    "noop": {},
}
SLICER = {"average_size": 10, "size_variation": 0, "delay": 0}


@pytest.mark.tx("TX-060", "TX-061", "TX-067")
@pytest.mark.parametrize("kind", ATTRIBUTES)
async def test_add_with_defaults(make_proxy: MakeProxy, echoing: Upstream, kind: str) -> None:
    """A toxic of nothing but a type is downstream, of toxicity 1, named after both, its attributes zero."""
    proxy = await make_proxy(echoing)
    reply = await proxy.call("POST", "/toxics", {"type": kind})

    assert reply.status == 200
    assert reply.json() == {
        "attributes": ATTRIBUTES[kind],
        "name": f"{kind}_downstream",
        "type": kind,
        "stream": "downstream",
        "toxicity": 1,
    }
    assert list(reply.json()) == ["attributes", "name", "type", "stream", "toxicity"]
    assert await proxy.control.get(f"{proxy.path}/toxics/{kind}_downstream") == reply.json()


@pytest.mark.tx("TX-061", "TX-067")
async def test_add_slicer(make_proxy: MakeProxy, echoing: Upstream) -> None:
    """A slicer with a size is added like the others."""
    proxy = await make_proxy(echoing)

    assert (await proxy.add("slicer", average_size=10))["attributes"] == SLICER


@pytest.mark.tx("TX-062")
@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        (b"", 400, "bad request body: EOF"),
        (b'{"type": "latency", "stream": 5}', 400, "bad request body: json: cannot unmarshal "),
        ({"type": "nonsense", "stream": "sideways"}, 400, "stream was invalid, can be either upstream or downstream"),
        ({"type": "latency", "stream": ""}, 400, "stream was invalid, can be either upstream or downstream"),
        ({"type": "nonsense", "name": "taken"}, 400, "invalid toxic type"),
        ({"type": "Latency"}, 400, "invalid toxic type"),
        ({"type": "down"}, 400, "invalid toxic type"),
        ({"name": "taken"}, 400, "invalid toxic type"),
        ({"type": "latency", "name": "taken", "attributes": {"latency": "x"}}, 409, "toxic already exists"),
        ({"type": "latency", "attributes": {"latency": "x"}}, 400, "bad request body: "),
    ],
)
async def test_refusals_in_order(
    make_proxy: MakeProxy, echoing: Upstream, body: Any, status: int, message: str
) -> None:
    """Body, stream, type, name and attributes are looked at in this order."""
    proxy = await make_proxy(echoing)
    await proxy.add("noop", name="taken")
    reply = await proxy.call("POST", "/toxics", body)

    assert reply.status == status
    assert reply.error.startswith(message)
    assert len((await proxy.show())["toxics"]) == 1


@pytest.mark.tx("TX-063")
async def test_stream_in_any_case(make_proxy: MakeProxy, swallowing: Upstream) -> None:
    """The stream is understood in any case and echoed as it came."""
    proxy = await make_proxy(swallowing)
    toxic = await proxy.add("limit_data", stream="UPSTREAM", bytes=3)

    assert (toxic["stream"], toxic["name"]) == ("UPSTREAM", "limit_data_UPSTREAM")
    async with await connect(proxy.listen) as client:
        await client.send(b"12345")
        await swallowing.saw("fin")
    assert swallowing.received() == b"123"


@pytest.mark.tx("TX-064")
async def test_names_are_unique_across_streams(make_proxy: MakeProxy, echoing: Upstream) -> None:
    """One name per proxy, one type as often as you like."""
    proxy = await make_proxy(echoing)
    await proxy.add("latency", name="one")
    taken = await proxy.call("POST", "/toxics", {"type": "noop", "stream": "upstream", "name": "one"})
    await proxy.add("latency", name="two")

    assert (taken.status, taken.error) == (409, "toxic already exists")


@pytest.mark.tx("TX-065")
@pytest.mark.parametrize("value", [5.5, "5", True, [], {}, 2**63, -(2**63) - 1, b"1e3", b"5.0"])
async def test_attributes_are_integers(make_proxy: MakeProxy, echoing: Upstream, value: Any) -> None:
    """An attribute that is no 64-bit integer is a 400."""
    import json  # noqa: PLC0415 - this test alone needs it

    proxy = await make_proxy(echoing)
    written = value.decode() if isinstance(value, bytes) else json.dumps(value)
    body = f'{{"type": "latency", "attributes": {{"latency": {written}}}}}'.encode()
    reply = await proxy.call("POST", "/toxics", body)

    assert reply.status == 400
    assert reply.error.startswith("bad request body: ")


@pytest.mark.tx("TX-065")
@pytest.mark.parametrize(
    ("attributes", "stored"),
    [
        ({"latency": -5, "jitter": -7}, {"latency": -5, "jitter": -7}),
        ({"LATENCY": 5, "unknown": "x"}, {"latency": 5, "jitter": 0}),
        (None, {"latency": 0, "jitter": 0}),
        ({"latency": None}, {"latency": 0, "jitter": 0}),
    ],
)
async def test_lenient_attributes(make_proxy: MakeProxy, echoing: Upstream, attributes: Any, stored: Any) -> None:
    """Negative values are stored, unknown keys ignored, null is the default."""
    proxy = await make_proxy(echoing)
    reply = await proxy.call("POST", "/toxics", {"type": "latency", "attributes": attributes})

    assert reply.status == 200
    assert reply.json()["attributes"] == stored


@pytest.mark.tx("TX-065")
async def test_attributes_are_no_list(make_proxy: MakeProxy, echoing: Upstream) -> None:
    """A list for attributes is a 400."""
    proxy = await make_proxy(echoing)
    reply = await proxy.call("POST", "/toxics", {"type": "latency", "attributes": [1]})

    assert (reply.status, reply.error[:18]) == (400, "bad request body: ")


@pytest.mark.tx("TX-066")
@pytest.mark.parametrize(
    ("sent", "stored"), [(2.5, 2.5), (-1, -1), (0, 0), (None, 1), (0.3, 0.3), (0.123456789, 0.12345679), (1, 1)]
)
async def test_toxicity(make_proxy: MakeProxy, echoing: Upstream, sent: Any, stored: float) -> None:
    """Toxicity is a number of single precision, whatever its size."""
    proxy = await make_proxy(echoing)
    reply = await proxy.call("POST", "/toxics", {"type": "noop", "toxicity": sent})

    assert reply.status == 200
    assert reply.json()["toxicity"] == stored


@pytest.mark.tx("TX-066")
@pytest.mark.parametrize("sent", [b'"1"', b"true", b"1e39"])
async def test_toxicity_is_a_number(make_proxy: MakeProxy, echoing: Upstream, sent: bytes) -> None:
    """Any other toxicity is a 400."""
    proxy = await make_proxy(echoing)
    reply = await proxy.call("POST", "/toxics", b'{"type": "noop", "toxicity": ' + sent + b"}")

    assert reply.status == 400


@pytest.mark.tx("TX-068")
async def test_list(make_proxy: MakeProxy, echoing: Upstream) -> None:
    """Upstream toxics come first, each direction in order of addition."""
    proxy = await make_proxy(echoing)
    none = (await proxy.call("GET", "/toxics")).body
    for name, stream in (("d1", "downstream"), ("u1", "upstream"), ("d2", "downstream"), ("u2", "upstream")):
        await proxy.add("noop", name=name, stream=stream)
    listed = await proxy.control.get(f"{proxy.path}/toxics")

    assert none == b"[]"
    assert [toxic["name"] for toxic in listed] == ["u1", "u2", "d1", "d2"]
    assert (await proxy.show())["toxics"] == listed


@pytest.mark.tx("TX-068", "TX-071")
@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE"])
async def test_unknown_toxic(make_proxy: MakeProxy, echoing: Upstream, method: str) -> None:
    """A toxic that is not there is a 404."""
    proxy = await make_proxy(echoing)
    reply = await proxy.call(method, "/toxics/none", {} if method in {"POST", "PATCH"} else None)

    assert (reply.status, reply.error) == (404, "toxic not found")


@pytest.mark.tx("TX-069")
@pytest.mark.parametrize("method", ["PATCH", "POST"])
async def test_change(make_proxy: MakeProxy, echoing: Upstream, method: str) -> None:
    """Attributes are merged key by key; name, type and stream stay."""
    proxy = await make_proxy(echoing)
    await proxy.add("latency", name="l", latency=10, jitter=3)
    change = {"name": "x", "type": "noop", "stream": "upstream", "toxicity": 0.5, "attributes": {"latency": 20}}
    reply = await proxy.call(method, "/toxics/l", change)
    again = await proxy.call(method, "/toxics/l", {})

    assert (
        reply.json()
        == again.json()
        == {
            "attributes": {"latency": 20, "jitter": 3},
            "name": "l",
            "type": "latency",
            "stream": "downstream",
            "toxicity": 0.5,
        }
    )


@pytest.mark.tx("TX-070")
async def test_a_refused_change(server: Server, make_proxy: MakeProxy, echoing: Upstream) -> None:
    """A refused change is a 400; on our server it changes nothing at all."""
    proxy = await make_proxy(echoing)
    made = await proxy.add("latency", name="l", latency=10, jitter=3)
    reply = await proxy.call("PATCH", "/toxics/l", {"attributes": {"latency": 20, "jitter": "x"}, "toxicity": 0})

    assert reply.status == 400
    if server.embedded:
        assert await proxy.control.get(f"{proxy.path}/toxics/l") == made


@pytest.mark.tx("TX-071")
async def test_remove(make_proxy: MakeProxy, echoing: Upstream) -> None:
    """A toxic is removed once."""
    proxy = await make_proxy(echoing)
    await proxy.add("noop", name="n")
    first, second = await proxy.call("DELETE", "/toxics/n"), await proxy.call("DELETE", "/toxics/n")

    assert (first.status, first.body) == (204, b"")
    assert (second.status, second.error) == (404, "toxic not found")


@pytest.mark.tx("TX-072")
async def test_while_disabled(make_proxy: MakeProxy, echoing: Upstream) -> None:
    """A disabled proxy's toxics can be changed."""
    proxy = await make_proxy(echoing, enabled=False)
    await proxy.add("latency", name="l", latency=10)
    await proxy.change("l", latency=20)
    await proxy.add("noop", name="n")
    await proxy.remove("n")
    shown = (await proxy.patch(enabled=True)).json()

    assert [(toxic["name"], toxic["attributes"]["latency"]) for toxic in shown["toxics"]] == [("l", 20)]


@pytest.mark.tx("TX-087", "TX-090", "TX-106")
@pytest.mark.parametrize(
    ("kind", "attributes"),
    [
        ("latency", {"jitter": 2**62}),
        ("bandwidth", {"rate": -1}),
        ("slicer", {}),
        ("slicer", {"average_size": -1}),
        ("slicer", {"average_size": 10, "size_variation": 11}),
    ],
)
async def test_what_breaks_the_real_server(
    make_embedded: MakeProxy, echoing: Upstream, kind: str, attributes: dict[str, int]
) -> None:
    """Attributes that end the real server at the first byte are a 400 on ours, in an update too."""
    proxy = await make_embedded(echoing)
    fine: dict[str, Any] = {"slicer": {"average_size": 10, "size_variation": 3}}.get(kind, {})
    await proxy.add(kind, name="fine", **fine)
    added = await proxy.call("POST", "/toxics", {"type": kind, "name": "bad", "attributes": attributes})
    updated = await proxy.call("PATCH", "/toxics/fine", {"attributes": attributes or {"average_size": 0}})

    assert added.status == updated.status == 400
    assert added.error.startswith("bad request body: ")
    assert [toxic["name"] for toxic in (await proxy.show())["toxics"]] == ["fine"]
