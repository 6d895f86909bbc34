"""A proxy on a Toxiproxy: which calls it makes, in which order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, cast

import pytest

from harness.environment.toxiproxy.consumer import ControlApi, Missing, Taken
from harness.environment.toxiproxy.proxied import Proxied
from harness.testbed.ports import Direction

Call = tuple[str, str, Any]


class FakeApi:
    """Plays a control API.

    Attributes:
        calls: What was asked for.
    """

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.before: Callable[[Call], None] = lambda _: None

    async def post(self, path: str, body: Any) -> Any:
        """Record."""
        return await self._called(("POST", path, body))

    async def delete(self, path: str) -> None:
        """Record."""
        await self._called(("DELETE", path, None))

    async def get(self, path: str) -> Any:
        """Record."""
        await self._called(("GET", path, None))
        return {"connections": []}

    async def _called(self, call: Call) -> Any:
        await asyncio.sleep(0)
        self.before(call)
        self.calls.append(call)
        return {}


def proxied(api: FakeApi, *, embedded: bool) -> Proxied:
    """Make a proxy."""
    return Proxied(
        cast("ControlApi", api),
        name="p",
        path="/proxies/p",
        address="127.0.0.1:5000",
        upstream="127.0.0.1:6000",
        keeps_journal=embedded,
    )


async def add(proxy: Proxied, name: str) -> None:
    """Add a latency."""
    await proxy.add_toxic(name, kind="latency", direction=Direction.UPSTREAM, attributes={"latency": 5})


async def test_toxicity_is_always_one() -> None:
    """The server's dice are never used."""
    api = FakeApi()
    await add(proxied(api, embedded=True), "t")

    assert api.calls == [
        (
            "POST",
            "/proxies/p/toxics",
            {"name": "t", "type": "latency", "stream": "upstream", "toxicity": 1.0, "attributes": {"latency": 5}},
        )
    ]


async def test_removal_on_the_embedded_server() -> None:
    """Our own server removes a toxic."""
    api = FakeApi()
    proxy = proxied(api, embedded=True)
    await add(proxy, "a/b")
    await proxy.remove_toxic("a/b")

    assert api.calls[1:] == [("DELETE", "/proxies/p/toxics/a%2Fb", None)]


async def test_removal_on_a_real_server() -> None:
    """Elsewhere the proxy is made anew on its address: disabled, with the other toxics, then enabled."""
    api = FakeApi()
    proxy = proxied(api, embedded=False)
    await add(proxy, "gone")
    await add(proxy, "kept")
    await proxy.update_toxic("kept", attributes={"jitter": 1})
    api.calls.clear()
    await proxy.remove_toxic("gone")

    (deleted, created, again, enabled) = api.calls
    assert deleted == ("DELETE", "/proxies/p", None)
    assert created[2] == {"name": "p", "upstream": "127.0.0.1:6000", "listen": "127.0.0.1:5000", "enabled": False}
    assert again[2]["attributes"] == {"latency": 5, "jitter": 1}
    assert enabled == ("POST", "/proxies/p", {"enabled": True})


async def test_removal_of_what_is_not_there() -> None:
    """Nothing is made anew for a toxic that is not there."""
    api = FakeApi()
    with pytest.raises(Missing, match="has no toxic 'x'"):
        await proxied(api, embedded=False).remove_toxic("x")

    assert api.calls == []


async def test_a_cancelled_removal_is_carried_through() -> None:
    """A caller that is cancelled meanwhile does not leave the proxy half made."""
    api = FakeApi()
    proxy = proxied(api, embedded=False)
    await add(proxy, "t")
    removing = asyncio.ensure_future(proxy.remove_toxic("t"))
    while ("DELETE", "/proxies/p", None) not in api.calls:  # noqa: ASYNC110 - the fake tells nobody
        await asyncio.sleep(0)
    removing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await removing

    assert api.calls[-1] == ("POST", "/proxies/p", {"enabled": True})


async def test_a_port_that_comes_free() -> None:
    """Enabling waits for a port that somebody holds for a moment."""
    api = FakeApi()
    attempts = 0

    def taken(call: Call) -> None:
        nonlocal attempts
        attempts += 1
        if attempts < 3:
            raise Taken("address already in use")

    api.before = taken
    await proxied(api, embedded=True).enable()

    assert attempts == 3


async def test_turns() -> None:
    """Changes of one proxy that are asked for at once are made one after the other."""
    api = FakeApi()
    proxy = proxied(api, embedded=False)
    await add(proxy, "a")
    await asyncio.gather(proxy.remove_toxic("a"), add(proxy, "b"), proxy.disable())

    assert [call[:2] for call in api.calls[1:]] == [
        ("DELETE", "/proxies/p"),
        ("POST", "/proxies"),
        ("POST", "/proxies/p"),
        ("POST", "/proxies/p/toxics"),
        ("POST", "/proxies/p"),
    ]


async def test_no_journal() -> None:
    """Without a journal there is nothing to tell."""
    api = FakeApi()

    assert await proxied(api, embedded=False).connections() is None
    assert await proxied(api, embedded=True).connections() == []
    assert api.calls == [("GET", "/embedded/journal/p", None)]
