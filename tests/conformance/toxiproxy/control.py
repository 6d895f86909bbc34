"""A client of the control API that hides nothing: bytes out, status, headers and bytes in."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

TIMEOUT = 10.0
_NAMES = itertools.count(1)


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One answer, as it came. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Read the body."""
        return json.loads(self.body)

    @property
    def error(self) -> str:
        """The message of an error answer, whose shape is asserted on the way (TX-009)."""
        said = self.json()
        assert said["status"] == self.status
        assert self.body.endswith(b"\n")
        assert set(said) == {"error", "status"}
        return str(said["error"])


@dataclass(frozen=True, kw_only=True)
class Control:
    """The control API at an address."""

    address: str

    async def raw(self, request: bytes) -> Reply:
        """Send bytes and read one answer."""
        host, _, port = self.address.rpartition(":")
        async with asyncio.timeout(TIMEOUT):
            reader, writer = await asyncio.open_connection(host, int(port))
            try:
                writer.write(request)
                return await _read(reader, head=request.startswith(b"HEAD "))
            finally:
                writer.close()

    async def call(
        self, method: str, path: str, body: Any = None, *, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """Make one request; bytes are sent as they are, everything else as JSON."""
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self.address}", "Connection: close"]
        if content or method in {"POST", "PATCH", "PUT"}:
            lines.append(f"Content-Length: {len(content)}")
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        return await self.raw("\r\n".join((*lines, "", "")).encode() + content)

    async def get(self, path: str) -> Any:
        """Return the JSON at a path."""
        reply = await self.call("GET", path)
        assert reply.status == 200, reply
        return reply.json()

    async def proxy(self, upstream: str, *toxics: Mapping[str, Any], **fields: Any) -> OnServer:
        """Create a proxy with toxics, in place before it listens."""
        name = fields.pop("name", None) or f"p{next(_NAMES)}"
        body = {"name": name, "upstream": upstream, "listen": "127.0.0.1:0", "enabled": not toxics, **fields}
        reply = await self.call("POST", "/proxies", body)
        assert reply.status == 201, reply
        proxy = OnServer(control=self, name=name, made=reply.json())
        for toxic in toxics:
            await proxy.add(**toxic)
        if toxics:
            proxy.made.update((await proxy.patch(enabled=True)).json())
        return proxy


@dataclass(frozen=True, kw_only=True)
class OnServer:
    """A proxy made by a test.

    Attributes:
        made: What the server answered when it was made.
    """

    control: Control
    name: str
    made: dict[str, Any]

    @property
    def listen(self) -> str:
        """HOST:PORT it listens on."""
        return str(self.made["listen"])

    @property
    def path(self) -> str:
        """Its path in the API."""
        return f"/proxies/{self.name}"

    async def call(self, method: str, below: str = "", body: Any = None) -> Reply:
        """Make a request on this proxy."""
        return await self.control.call(method, self.path + below, body)

    async def show(self) -> Any:
        """Return the proxy as the server shows it."""
        return await self.control.get(self.path)

    async def patch(self, **fields: Any) -> Reply:
        """Update the proxy."""
        return await self.call("PATCH", body=fields)

    async def add(
        self, kind: str, *, stream: str | None = None, name: str | None = None, toxicity: float = 1.0, **attributes: Any
    ) -> Any:
        """Add a toxic."""
        body = {"type": kind, "toxicity": toxicity, "attributes": attributes}
        if stream is not None:
            body["stream"] = stream
        if name is not None:
            body["name"] = name
        reply = await self.call("POST", "/toxics", body)
        assert reply.status == 200, reply
        return reply.json()

    async def change(self, toxic: str, *, toxicity: float | None = None, **attributes: Any) -> Any:
        """Update a toxic."""
        body: dict[str, Any] = {"attributes": attributes}
        if toxicity is not None:
            body["toxicity"] = toxicity
        reply = await self.call("PATCH", f"/toxics/{toxic}", body)
        assert reply.status == 200, reply
        return reply.json()

    async def remove(self, toxic: str) -> None:
        """Remove a toxic."""
        reply = await self.call("DELETE", f"/toxics/{toxic}")
        assert reply.status == 204, reply

    async def delete(self) -> None:
        """Delete the proxy; one that is gone already is fine."""
        reply = await self.call("DELETE")
        assert reply.status in {204, 404}, reply


def host_port(address: str) -> tuple[str, int]:
    """Take HOST:PORT apart."""
    host, _, port = address.rpartition(":")
    return host, int(port)


async def _read(reader: asyncio.StreamReader, *, head: bool) -> Reply:
    status_line = await reader.readline()
    while status_line.startswith(b"HTTP/1.1 100"):
        await reader.readuntil(b"\r\n\r\n")
        status_line = await reader.readline()
    headers: dict[str, str] = {}
    while (line := await reader.readline()) not in {b"\r\n", b""}:
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.strip().lower()] = value.strip()
    if head:
        body = b""
    elif headers.get("transfer-encoding") == "chunked":
        body = await _chunks(reader)
    elif "content-length" in headers:
        body = await reader.readexactly(int(headers["content-length"]))
    else:
        body = await reader.read() if headers.get("connection") == "close" else b""
    return Reply(status=int(status_line.split()[1]), headers=headers, body=body)


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int((await reader.readline()).split(b";")[0], 16):
        body += await reader.readexactly(size)
        await reader.readline()
    return body
