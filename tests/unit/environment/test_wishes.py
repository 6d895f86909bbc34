"""An address that is none, or that nobody allowed, is refused before anything is started."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from harness.environment.open import Wishes
from harness.errors import UsageError

NAMES = {
    "staging": ["192.0.2.7"],
    "both": ["127.0.0.1", "192.0.2.7"],
    "localhost": ["127.0.0.1"],
    "orders.a2dd6.tmprl.cloud": ["192.0.2.9"],
    "here": ["127.0.0.1", "::1"],
    "v6": ["fe80::1%eth0"],
}


@pytest.fixture
def _names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Resolve the names above, and no others."""

    def look_up(host: str, *_: object, **__: object) -> list[Any]:
        if host not in NAMES and not host[0].isdigit() and ":" not in host:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return [(None, None, None, "", (one, 0)) for one in NAMES.get(host, [host])]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


@pytest.mark.parametrize("address", ["nohost", "a:b:c", "", "http://127.0.0.1:8474", "host:0", "host:65536", ":8474"])
def test_an_address_is_host_and_port(address: str) -> None:
    """Of either server; both are named at once."""
    with pytest.raises(UsageError) as refused:
        Wishes(temporal=address, toxiproxy=address)

    assert refused.value.problems == (
        f"the Temporal server address must be HOST:PORT, such as 127.0.0.1:7233; got {address!r}.",
        f"the Toxiproxy address must be HOST:PORT, such as 127.0.0.1:8474; got {address!r}.",
    )


@pytest.mark.usefixtures("_names")
@pytest.mark.parametrize("address", ["127.0.0.1:8474", "localhost:1", "[::1]:65535", "orders.a2dd6.tmprl.cloud:7233"])
def test_an_address_by_name_or_number_is_taken(address: str) -> None:
    """IPv6 in brackets."""
    allowed = ("orders.a2dd6.tmprl.cloud",)
    assert Wishes(temporal=address, policy_allow=allowed, toxiproxy=address).temporal == address


@pytest.mark.usefixtures("_names")
@pytest.mark.parametrize("host", ["192.0.2.7", "[2001:db8::7]", "staging", "both", "v6"])
def test_a_temporal_server_elsewhere_has_to_be_allowed(host: str) -> None:
    """By an option or by the settings; the refusal says what would be touched, and how to allow it."""
    bare = host.strip("[]")
    with pytest.raises(UsageError) as refused:
        Wishes(temporal=f"{host}:7233", temporal_allow=("192.0.2.8",), policy_allow=("elsewhere",))
    by_option = Wishes(temporal=f"{host}:7233", temporal_allow=(bare.upper(),))
    by_policy = Wishes(temporal=f"{host}:7233", policy_allow=("other", bare))

    [problem] = refused.value.problems
    assert f"{host}:7233 is not on this machine's loopback" in problem
    assert "start workflows there" in problem
    assert f'--temporal-allow {bare}, or temporal_allow = ["{bare}"]' in problem
    assert by_option.elsewhere == by_policy.elsewhere == bare
    assert by_policy.options.split()[2:] == ["--temporal-allow", bare]


@pytest.mark.usefixtures("_names")
@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "[::1]", "[::]", "here", "no.such.name"])
def test_loopback_needs_no_permission(host: str) -> None:
    """Nor does a name that leads nowhere."""
    wishes = Wishes(temporal=f"{host}:7233")

    assert wishes.elsewhere is None
    assert "--temporal-allow" not in wishes.options


def test_a_permission_without_a_server_is_refused() -> None:
    """It would have no effect; that of the settings is for whoever names a server."""
    with pytest.raises(UsageError, match=r"--temporal-allow staging needs --temporal HOST:PORT"):
        Wishes(temporal_allow=("staging",))

    assert Wishes(policy_allow=("staging",)).temporal is None
