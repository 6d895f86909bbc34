"""Proxies that the environment names are kept away from loopback."""

from __future__ import annotations

import os
from urllib.request import getproxies, proxy_bypass

import pytest
import requests

from harness.environment.proxy_variables import loopback_goes_direct, without_proxies_for_loopback

NAMES = [f"{name}_proxy" for name in ("http", "https", "all", "no")]


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_client_connects_to_loopback_directly(monkeypatch: pytest.MonkeyPatch, name: str, host: str) -> None:
    """The standard library and `requests` agree on it; the proxy is used for other hosts as before."""
    monkeypatch.setenv(name, "http://proxy.test:3128")
    with loopback_goes_direct():
        assert proxy_bypass(host)
        assert not requests.utils.get_environ_proxies(f"http://{host}:4000")
        assert requests.utils.get_environ_proxies("http://bank.test")
    assert "no_proxy" not in os.environ
    assert "NO_PROXY" not in os.environ


def test_a_socks_proxy_is_left_out() -> None:
    """A client without support for it fails as it is made, whatever it is to connect to."""
    environ = {"ALL_PROXY": "socks5://proxy.test:1", "http_proxy": "http://proxy.test:3128", "HOME": "/home"}

    changed = without_proxies_for_loopback(environ)

    assert "ALL_PROXY" not in changed
    assert changed["http_proxy"] == "http://proxy.test:3128"
    assert changed["HOME"] == "/home"


@pytest.mark.parametrize("name", ["no_proxy", "NO_PROXY"])
def test_hosts_that_were_direct_before_stay_so(name: str) -> None:
    """In both spellings: which of the two a client reads is its own choice."""
    changed = without_proxies_for_loopback({name: "bank.test, 127.0.0.1"})

    assert changed["no_proxy"] == changed["NO_PROXY"] == "bank.test,127.0.0.1,localhost,::1"


def test_afterwards_everything_is_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """But for what somebody else has set meanwhile."""
    monkeypatch.setenv("ALL_PROXY", "socks5://proxy.test:1")
    monkeypatch.setenv("NO_PROXY", "bank.test")
    with loopback_goes_direct():
        assert "all" not in getproxies()
        monkeypatch.setenv("MEANWHILE", "set")

    assert os.environ["ALL_PROXY"] == "socks5://proxy.test:1"
    assert os.environ["NO_PROXY"] == "bank.test"
    assert os.environ["MEANWHILE"] == "set"
    assert "no_proxy" not in os.environ


def test_without_proxies_nothing_is_changed() -> None:
    """Most machines have none."""
    before = dict(os.environ)
    with loopback_goes_direct():
        assert dict(os.environ) == before
