"""Calls to a server on this machine are not compressed; if this fails, each run costs more CPU."""

from __future__ import annotations

import inspect

from temporalio.client import Client

from harness.library_internals.grpc_compression import UNCOMPRESSED


def test_the_client_takes_the_option_if_the_sdk_compresses() -> None:
    """An SDK that has no such option does not compress."""
    options = {name for name in inspect.signature(Client.connect).parameters if "compression" in name}

    assert options == set(UNCOMPRESSED)
