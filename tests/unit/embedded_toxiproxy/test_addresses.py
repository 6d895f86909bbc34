"""Addresses are read as Go reads them."""

from __future__ import annotations

import pytest

from harness.embedded_toxiproxy.addresses import BadAddress, Resolved, join, numeric, resolve, split


@pytest.mark.parametrize(
    ("address", "host", "port"),
    [
        ("127.0.0.1:80", "127.0.0.1", 80),
        ("localhost:0", "localhost", 0),
        (":8474", "", 8474),
        ("host:", "host", 0),
        ("[::1]:80", "::1", 80),
        ("host:http", "host", 80),
    ],
)
def test_split(address: str, host: str, port: int) -> None:
    """HOST:PORT in all its forms."""
    assert split(address) == (host, port)


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("bad", "address bad: missing port in address"),
        ("", "address : missing port in address"),
        ("[::1]", "address [::1]: missing port in address"),
        ("::1:80", "address ::1:80: too many colons in address"),
        ("[::1:80", "address [::1:80: missing ']' in address"),
        ("h:65536", "address 65536: invalid port"),
        ("h:-1", "lookup tcp/-1: unknown port"),
        ("h:nonsense", "lookup tcp/nonsense: unknown port"),
        ("h:" + "9" * 5000, "address " + "9" * 5000 + ": invalid port"),
    ],
)
def test_bad_addresses(address: str, message: str) -> None:
    """Go's words for what is wrong."""
    with pytest.raises(BadAddress) as raised:
        split(address)
    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("listen", "resolved"),
    [
        ("", Resolved(host="", port=0)),
        (":5", Resolved(host="", port=5)),
        ("[::]:5", Resolved(host="", port=5)),
        ("127.0.0.1:5", Resolved(host="127.0.0.1", port=5)),
        ("[::1]:5", Resolved(host="::1", port=5)),
    ],
)
async def test_resolve(listen: str, resolved: Resolved) -> None:
    """Numeric addresses and all interfaces need no look-up."""
    assert await resolve(listen) == resolved


def test_text() -> None:
    """IPv6 hosts are written in brackets, all interfaces as Go has them."""
    assert join("::1", 5) == "[::1]:5"
    assert str(Resolved(host="", port=5)) == "[::]:5"
    assert numeric("::1")
    assert not numeric("localhost")
