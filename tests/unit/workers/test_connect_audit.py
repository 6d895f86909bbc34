"""Sees every connection that is tried, also one that is refused."""

from __future__ import annotations

import sys

from harness.workers.connect_audit import connects_seen


def tries(host: str, port: int) -> None:
    """What the interpreter says when Python code connects a socket."""
    sys.audit("socket.connect", None, (host, port))


def test_only_the_watched_address_is_told_of() -> None:
    """Each try once, for as long as it is watched."""
    seen: list[str] = []
    with connects_seen("127.0.0.1:4001", lambda: seen.append("cars")):
        tries("127.0.0.1", 4001)
        tries("127.0.0.1", 4001)
        tries("127.0.0.1", 4002)
        tries("127.0.0.2", 4001)
    tries("127.0.0.1", 4001)

    assert seen == ["cars", "cars"]


def test_several_addresses_are_watched_at_once() -> None:
    """Every fake of every run that goes on has its own."""
    seen: list[str] = []
    with (
        connects_seen("127.0.0.1:4001", lambda: seen.append("cars")),
        connects_seen("127.0.0.1:4002", lambda: seen.append("hotels")),
    ):
        tries("127.0.0.1", 4002)
        tries("127.0.0.1", 4001)

    assert seen == ["hotels", "cars"]


def test_what_is_no_host_and_port_is_passed_over() -> None:
    """A socket of another family has another kind of address."""
    with connects_seen("127.0.0.1:4001", lambda: None):
        sys.audit("socket.connect", None, "/run/some.sock")
        sys.audit("socket.connect", None, b"\x00abstract")
