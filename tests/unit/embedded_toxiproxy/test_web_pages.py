"""Which requests may come from a web page."""

from __future__ import annotations

import socket

import pytest

from harness.embedded_toxiproxy.web_pages import why_refused


@pytest.mark.parametrize(
    "host",
    [
        "",
        "127.0.0.1:8474",
        "10.1.2.3",
        "[::1]:8474",
        "[::ffff:10.1.2.3]",
        "localhost",
        "LOCALHOST:80",
        "app.localhost:8474",
        "toxiproxy:8474",
        socket.gethostname(),
        "toxiproxy.shop.svc.cluster.local:8474",
    ],
)
def test_programs_are_answered(host: str) -> None:
    """By an address, or a name that no site can have."""
    assert why_refused(user_agent="curl/8.1", host=host, own="toxiproxy.shop.svc.cluster.local") is None


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({"user_agent": "Mozilla/5.0 (X11; Linux x86_64)"}, "User agent not allowed"),
        ({"origin": "http://example.org"}, "Origin not allowed"),
        ({"origin": "null"}, "Origin not allowed"),
        ({"host": "rebound.example.org:8474"}, "Host not allowed"),
        ({"host": "rebound.example.org."}, "Host not allowed"),
        ({"host": "127.0.0.1.example.org"}, "Host not allowed"),
        ({"host": "localhost.example.org"}, "Host not allowed"),
        ({"host": "x.notlocalhost"}, "Host not allowed"),
    ],
)
def test_web_pages_are_refused(headers: dict[str, str], why: str) -> None:
    """By the browser's name, by the page's origin, and by a host name that a site can have."""
    assert str(why_refused(**headers)).startswith(why)
