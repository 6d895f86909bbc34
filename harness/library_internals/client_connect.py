"""Every client that is connected in this process, wherever the program asks for: `Client.connect`, replaced.

Read in `temporalio/client/__init__.py`. The SDK has nothing for clients that somebody else's code connects to an
address that it names itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from temporalio.client import Client, Plugin


def connect_all_to(address: str, *, namespace: str, plugins: Sequence[Plugin], plain: bool) -> None:
    """Have every client of this process connected to one server.

    Args:
        address: Its HOST:PORT.
        namespace: Its namespace.
        plugins: Added to those that the program gives its client.
        plain: Whether the server takes neither TLS nor keys.
    """
    original = Client.connect

    async def connect(*_: str, **options: Any) -> Client:
        options.pop("target_host", None)
        # A runtime may bind a port for metrics, and so many runs of a program cannot be concurrent.
        for name in ("runtime", *(("tls", "api_key", "rpc_metadata") if plain else ())):
            options.pop(name, None)
        options["namespace"] = namespace
        options["plugins"] = [*options.get("plugins", ()), *plugins]
        return await original(address, **options)

    Client.connect = connect  # type: ignore[method-assign]  # see the module
