"""Keeps an application away from services that no fake stands for."""

from __future__ import annotations

import os

from harness.fixed_hosts.variables import FAKED, proxied

NOBODY = "127.0.0.1:9"
"""A proxy that does not exist."""


def refuse_other_hosts() -> None:
    """Have HTTP clients of this process refused by every host but this machine, as far as they honour proxies.

    httpx, requests, urllib and boto3 do by default; aiohttp does with `trust_env=True`.
    The proxy of a run whose fakes stand in for hosts refuses the others by itself, and names them.
    """
    if FAKED not in os.environ:
        os.environ.update(proxied(NOBODY))
