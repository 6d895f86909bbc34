"""The request to a forward proxy says which host is meant, and becomes the request that the host receives."""

from __future__ import annotations

import pytest

from harness.fixed_hosts.proxy_request import read_request


@pytest.mark.parametrize(
    ("target", "host", "port", "tls"),
    [
        ("api.pay.example:443", "api.pay.example", 443, True),
        ("api.pay.example:8443", "api.pay.example", 8443, True),
        ("api.pay.example:80", "api.pay.example", 80, False),
        ("[2001:db8::1]:443", "2001:db8::1", 443, True),
    ],
)
def test_a_tunnel_is_for_a_host_and_a_port(target: str, host: str, port: int, tls: bool) -> None:  # noqa: FBT001 - a parameter
    """Inside is TLS, except on the port of plain HTTP."""
    request = read_request(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())

    assert (request.host, request.port, request.tunnel, request.tls) == (host, port, True, tls)
    assert not request.head


def test_a_request_goes_on_as_the_host_itself_receives_it() -> None:
    """With its path alone, without what was for the proxy, and as the last of its connection."""
    request = read_request(
        b"POST http://api.pay.example:8080/v1/charges?x=1 HTTP/1.1\r\nHost: api.pay.example:8080\r\n"
        b"Proxy-Connection: keep-alive\r\nConnection: keep-alive\r\nProxy-Authorization: Basic eA==\r\n"
        b"Content-Length: 2\r\nIdempotency-Key: k\r\n\r\n"
    )

    assert (request.host, request.port, request.tunnel, request.tls) == ("api.pay.example", 8080, False, False)
    assert request.head == (
        b"POST /v1/charges?x=1 HTTP/1.1\r\nHost: api.pay.example:8080\r\nContent-Length: 2\r\n"
        b"Idempotency-Key: k\r\nConnection: close\r\n\r\n"
    )


def test_a_url_without_a_path_is_the_root() -> None:
    """As RFC 9112 has it."""
    request = read_request(b"GET http://api.pay.example HTTP/1.1\r\nHost: api.pay.example\r\n\r\n")

    assert request.head.startswith(b"GET / HTTP/1.1\r\n")


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (b"GET /v1 HTTP/1.1\r\nHost: x\r\n\r\n", "a forward proxy takes CONNECT HOST:PORT or http://HOST/PATH"),
        (b"GET https://x/ HTTP/1.1\r\nHost: x\r\n\r\n", "a forward proxy takes"),
        (b"CONNECT :443 HTTP/1.1\r\nHost: x\r\n\r\n", "it names no host"),
        (b"CONNECT x:port HTTP/1.1\r\nHost: x\r\n\r\n", "Port could not be cast"),
        (b"\x16\x03\x01\r\n\r\n", "this is not HTTP/1.1"),
    ],
)
def test_what_is_not_for_a_forward_proxy_is_refused(head: bytes, said: str) -> None:
    """With a sentence that its client can read."""
    with pytest.raises(ValueError, match=said):
        read_request(head)
