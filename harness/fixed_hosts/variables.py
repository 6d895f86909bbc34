"""The environment variables by which HTTP clients find the forward proxy of a run, and trust its certificate."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

BUNDLES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "AWS_CA_BUNDLE")
"""The environment variables that name what a process trusts instead of the system's certificates."""

FAKED = "HARNESS_FAKED_HOSTS"
"""Names the hosts that reach fakes, for a worker program in Python."""

LOOPBACK = ("127.0.0.1", "localhost", "::1")
"""Where clients connect directly: to fakes by their base URLs, and to Temporal."""


def proxied(proxy: str) -> dict[str, str]:
    """Return the variables by which HTTP clients use a proxy at HOST:PORT for all hosts but this machine."""
    found = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), f"http://{proxy}")
    found["NO_PROXY"] = ",".join(LOOPBACK)
    return found | {name.lower(): value for name, value in found.items()}


def variables(*, proxy: str, bundle: Path, hosts: Iterable[str]) -> dict[str, str]:
    """Return the variables.

    Those of the user for the same things have no effect then: what they except from their proxy would otherwise be
    reached for real.

    Args:
        proxy: HOST:PORT of the forward proxy.
        bundle: The file with the certificates to trust.
        hosts: The hosts that reach fakes.
    """
    return {
        **proxied(proxy),
        **dict.fromkeys((*BUNDLES, "NODE_EXTRA_CA_CERTS"), os.fspath(bundle)),
        FAKED: ",".join(hosts),
    }
