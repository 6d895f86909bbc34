"""Reads the request by which a client asks a forward proxy for a host."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import h11

_OF_THE_CONNECTION = frozenset({b"connection", b"proxy-connection", b"keep-alive", b"proxy-authorization"})
_PLAIN_PORT = 80
"""The port on which clients speak plain HTTP, also through CONNECT."""


@dataclass(frozen=True, kw_only=True)
class ProxyRequest:
    """What a client asks for.

    Attributes:
        host: The host, as it came.
        port: Its port.
        tunnel: Whether what follows is to be passed on as it comes (CONNECT), and not this request.
        head: The request as the host itself receives it; empty for a tunnel.
    """

    host: str
    port: int
    tunnel: bool
    head: bytes = b""

    @property
    def tls(self) -> bool:
        """Whether the client speaks TLS next."""
        return self.tunnel and self.port != _PLAIN_PORT


def read_request(head: bytes) -> ProxyRequest:
    """Read the head of a request, its blank line included.

    Raises:
        ValueError: It is not a request to a forward proxy; the error says why.
    """
    connection = h11.Connection(h11.SERVER)
    connection.receive_data(head)
    try:
        request = connection.next_event()
    except h11.RemoteProtocolError as error:
        raise ValueError(f"this is not HTTP/1.1: {error}") from error
    if not isinstance(request, h11.Request):
        raise ValueError("this is not a request")  # noqa: TRY004 - of the protocol, not of Python
    target = request.target.decode("ascii")
    if request.method == b"CONNECT":
        wanted = urlsplit(f"//{target}")
        return ProxyRequest(host=_host(wanted.hostname), port=wanted.port or 443, tunnel=True)
    wanted = urlsplit(target)
    if wanted.scheme != "http":
        raise ValueError(f"a forward proxy takes CONNECT HOST:PORT or http://HOST/PATH, not {target!r}")
    path = urlunsplit(("", "", wanted.path or "/", wanted.query, ""))
    return ProxyRequest(
        host=_host(wanted.hostname),
        port=wanted.port or 80,
        tunnel=False,
        head=b"\r\n".join(_lines(request, path.encode("ascii"))),
    )


def _host(host: str | None) -> str:
    if not host:
        raise ValueError("it names no host")
    return host


def _lines(request: h11.Request, path: bytes) -> Iterator[bytes]:
    yield request.method + b" " + path + b" HTTP/1.1"
    for name, value in request.headers.raw_items():
        if name.lower() not in _OF_THE_CONNECTION:
            yield name + b": " + value
    # The next request of this client may be for another host.
    yield b"Connection: close"
    yield b""
    yield b""
