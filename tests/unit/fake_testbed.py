"""A testbed without sockets: real fakes called in memory, and proxies that only record what they were asked."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from starlette.types import Message

from harness.events import Event
from harness.evidence.event_stream import Stream
from harness.services.service import FakeService
from harness.temporal.history_feed import HistoryFeed
from harness.testbed.ports import Connection, Direction
from harness.testbed.testbed import Testbed
from harness.trigger import Switch
from harness.workers.failpoints import Failpoints


@dataclass
class RecordingProxy:
    """Remembers what it was told."""

    name: str = "proxy"
    address: str = "127.0.0.1:1"
    enabled: bool = True
    toxics: dict[str, tuple[str, Direction, dict[str, int]]] = field(default_factory=dict)

    async def add_toxic(self, name: str, *, kind: str, direction: Direction, attributes: Mapping[str, int]) -> None:
        """Remember a toxic."""
        self.toxics[name] = kind, direction, dict(attributes)

    async def update_toxic(self, name: str, *, attributes: Mapping[str, int]) -> None:
        """Remember a change."""
        self.toxics[name][2].update(attributes)

    async def remove_toxic(self, name: str) -> None:
        """Forget a toxic."""
        del self.toxics[name]

    async def disable(self) -> None:
        """Remember it."""
        self.enabled = False

    async def enable(self) -> None:
        """Remember it."""
        self.enabled = True

    async def connections(self) -> Sequence[Connection] | None:
        """None were carried."""
        return ()


@dataclass
class RecordingSwitch:
    """What a trigger switches, and when it did."""

    switched: list[str] = field(default_factory=list)

    @property
    def switch(self) -> Switch:
        """The switch to hand to the trigger."""
        return Switch(arm=self._arm, heal=self._heal)

    async def _arm(self) -> None:
        self.switched.append("armed")

    async def _heal(self) -> None:
        self.switched.append("healed")


def set_stage(*kinds: type[FakeService]) -> Testbed:
    """Make a testbed with these fakes."""
    stream = Stream()
    return Testbed(
        stream=stream,
        services={kind: kind(stream.emit) for kind in kinds},
        proxies={kind: RecordingProxy(name=kind.name()) for kind in kinds},
        history=HistoryFeed(),
        random=Random(0),  # noqa: S311 - repeatable chance, not secrecy
        failpoints=Failpoints(stream.emit),
    )


def proxy_of(testbed: Testbed, kind: type[FakeService]) -> RecordingProxy:
    """The proxy in front of a fake of a testbed."""
    proxy = testbed.proxies[kind]
    assert isinstance(proxy, RecordingProxy)
    return proxy


def told(testbed: Testbed, kind: type[Event]) -> list[Event]:
    """The events of one kind that the testbed's stream has."""
    return [event for event in testbed.stream.events if isinstance(event, kind)]


@dataclass
class Answer:
    """What a caller got: `status` is None when the connection was cut without an answer."""

    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes = b""

    @property
    def body(self) -> Any:
        """The body as JSON."""
        return json.loads(self.raw)


class Caller:
    """One request to a fake, without a network. Await `answer()`; `leave()` hangs up."""

    def __init__(
        self, service: FakeService, route: str, *, key: str | None = None, body: Any = None, raw: bytes | None = None
    ) -> None:
        self._service = service
        method, _, path = route.partition(" ")
        self._content = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        self._gone = asyncio.Event()
        self._asked = False
        self._answer = Answer()
        headers = [(b"content-type", b"application/json")]
        headers += [] if key is None else [(b"idempotency-key", key.encode())]
        self._scope: dict[str, Any] = {
            "type": "http",
            "method": method,
            "path": path,
            "root_path": "",
            "query_string": b"",
            "scheme": "http",
            "headers": headers,
            "client": ("127.0.0.1", id(self)),
            "server": ("127.0.0.1", 80),
        }

    def leave(self) -> None:
        """Hang up."""
        self._gone.set()

    # The fake cuts a connection by its transport.
    abort = leave

    async def answer(self) -> Answer:
        """Ask, and return what came back."""
        server = self._service._server
        server._transports[self._scope["client"]] = self  # type: ignore[assignment]  # it has all that is used of one
        try:
            app: Any = server._protocols._config.app
            await app(self._scope, self._receive, self._send)
        finally:
            del server._transports[self._scope["client"]]
        return self._answer

    async def _receive(self) -> Message:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": self._content, "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._answer.status = message["status"]
            self._answer.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            self._answer.raw += message.get("body", b"")


async def ask(
    service: FakeService, route: str, *, key: str | None = None, body: Any = None, raw: bytes | None = None
) -> Answer:
    """Ask a fake once, and wait for its answer."""
    return await Caller(service, route, key=key, body=body, raw=raw).answer()


async def book(service: FakeService, key: str = "k1", item: str = "seat") -> Answer:
    """Book at a booking service."""
    return await ask(service, "POST /bookings", key=key, body={"trip": "t1", "item": item})


async def cancel(service: FakeService, key: str = "k1") -> Answer:
    """Cancel at a booking service."""
    return await ask(service, f"DELETE /bookings/{key}")


async def settle() -> None:
    """Let everything that can go on without waiting go on."""
    for _ in range(20):
        await asyncio.sleep(0)
