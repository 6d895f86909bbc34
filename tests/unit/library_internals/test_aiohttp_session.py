"""aiohttp's sessions take `trust_env` by keyword, with False as its default: what a worker of a fixed host changes."""

from __future__ import annotations

import aiohttp
import pytest

from harness.library_internals.aiohttp_session import trust_environment


async def test_sessions_use_the_proxies_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """If this fails, applications with aiohttp must say `trust_env=True` themselves to reach fakes by host."""
    defaults = aiohttp.ClientSession.__init__.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "trust_env", defaults["trust_env"])
    async with aiohttp.ClientSession() as before:
        assert not before.trust_env

    trust_environment()

    async with aiohttp.ClientSession() as after, aiohttp.ClientSession(trust_env=False) as told:
        assert after.trust_env
        assert not told.trust_env
