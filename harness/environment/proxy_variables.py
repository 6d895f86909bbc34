"""Keeps the proxies that environment variables name away from loopback, where everything of a run listens.

`HTTP_PROXY`, `ALL_PROXY` and their like would send the application's calls to its fakes to a proxy somewhere else, and
runs would fail on one machine and pass on another.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.request import getproxies_environment

from harness.fixed_hosts.variables import LOOPBACK


def without_proxies_for_loopback(environ: Mapping[str, str]) -> dict[str, str]:
    """Return these environment variables, changed so that clients connect to loopback directly.

    Loopback is added to `NO_PROXY` and `no_proxy`. A SOCKS proxy is left out altogether: some clients load their
    support for it, or fail since they have none, before they look at `NO_PROXY`.
    """
    kept = {
        name: value
        for name, value in environ.items()
        if not (name.lower().endswith("_proxy") and value.lower().startswith("socks"))
    }
    # Clients prefer the lower-case variable.
    spared = environ.get("no_proxy") or environ.get("NO_PROXY") or ""
    entries = [one.strip() for one in spared.split(",") if one.strip()]
    value = ",".join(dict.fromkeys([*entries, *LOOPBACK]))
    return {**kept, "NO_PROXY": value, "no_proxy": value}


@contextmanager
def loopback_goes_direct() -> Iterator[None]:
    """Have this process, and each that it starts, connect to loopback directly inside the context."""
    if not getproxies_environment():
        yield
        return
    before = dict(os.environ)
    changed = without_proxies_for_loopback(before)
    _become(changed)
    try:
        yield
    finally:
        # What somebody else has changed meanwhile stays.
        names = {name for name in before.keys() | changed.keys() if before.get(name) != changed.get(name)}
        _become({name: value for name, value in os.environ.items() if name not in names} | _only(before, names))


def _only(environ: Mapping[str, str], names: set[str]) -> dict[str, str]:
    return {name: environ[name] for name in names if name in environ}


def _become(environ: Mapping[str, str]) -> None:
    for name in set(os.environ) - environ.keys():
        del os.environ[name]
    os.environ.update(environ)
