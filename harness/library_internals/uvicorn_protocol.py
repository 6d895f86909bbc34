"""uvicorn's HTTP protocol without uvicorn's server: `HttpToolsProtocol` and `ServerState`.

Read in `uvicorn/protocols/http/httptools_impl.py` and `uvicorn/server.py`. Both can be imported and neither is
documented. `uvicorn.Server` would take SIGINT and SIGTERM for itself and hides its connections; why the protocol alone
is used is in docs/decisions/0002.
"""

from __future__ import annotations

import asyncio
import logging
from asyncio import Transport
from collections.abc import MutableMapping

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

# A fake breaks the protocol on purpose; its journal says more about that than a log line.
logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)


class UvicornProtocols:
    """Makes the protocol of each connection of a server, and keeps its transport as long as it is open.

    Args:
        app: The ASGI application that answers.
        transports: Where the transport of each open connection is kept, by the "client" of its requests' scope.
    """

    def __init__(self, app: ASGIApp, transports: MutableMapping[object, Transport]) -> None:
        self._config = uvicorn.Config(
            app,
            lifespan="off",
            access_log=False,
            log_config=None,
            date_header=False,
            server_header=False,
            # A kept-alive connection is closed by a fault or by the end of the run, never by chance in between.
            timeout_keep_alive=24 * 3600,
        )
        self._state = ServerState()
        self._transports = transports

    def __call__(self) -> asyncio.Protocol:
        """Return the protocol of one more connection, as `loop.create_server` wants it."""
        if not self._config.loaded:
            self._config.load()
        return _KeepsTransport(self._config, self._state, self._transports)

    @property
    def tasks(self) -> tuple[asyncio.Task[None], ...]:
        """The requests that are being answered."""
        return tuple(self._state.tasks)


class _KeepsTransport(HttpToolsProtocol):
    def __init__(
        self, config: uvicorn.Config, state: ServerState, transports: MutableMapping[object, Transport]
    ) -> None:
        super().__init__(config=config, server_state=state, app_state={})
        self._transports = transports

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        super().connection_made(transport)
        self._transports[self.client] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self._transports.pop(self.client, None)
        super().connection_lost(exc)
