"""An HTTP server in this process whose connections can be cut; every fake listens with it.

uvicorn's protocol on our own event loop, without `uvicorn.Server`, which would take over SIGINT and SIGTERM.
"""

from __future__ import annotations

import asyncio
import errno
from asyncio import Transport
from typing import TYPE_CHECKING

from starlette.types import ASGIApp, Scope

from harness.errors import EnvironmentUnavailable
from harness.library_internals.uvicorn_protocol import UvicornProtocols

if TYPE_CHECKING:
    from asyncio.base_events import Server


class HttpServer:
    """Serves an ASGI application on one port.

    Args:
        app: The application. It may end a request without answering by calling `abort` and returning.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._transports: dict[object, Transport] = {}
        self._protocols = UvicornProtocols(app, self._transports)
        self._server: Server | None = None

    async def start(self, *, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen; port 0 takes a free one.

        Raises:
            EnvironmentUnavailable: The port is taken, or the host is not one of this machine's.
        """
        loop = asyncio.get_running_loop()
        try:
            self._server = await loop.create_server(self._protocols, host=host, port=port)
        except OSError as error:
            what = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be bound ({error.strerror})"
            raise EnvironmentUnavailable(f"{host}:{port} {what}; choose another port, or 0 for a free one.") from error

    @property
    def address(self) -> str:
        """HOST:PORT as bound."""
        if self._server is None:
            raise RuntimeError("the server has not been started")
        host, port = self._server.sockets[0].getsockname()[:2]
        return f"{host}:{port}"

    @property
    def connections(self) -> int:
        """How many connections are open."""
        return len(self._transports)

    def abort(self, scope: Scope) -> None:
        """Cut the connection that a request came on, without another byte."""
        transport = self._transports.get(scope["client"])
        if transport is not None:
            transport.abort()

    async def stop(self) -> None:
        """Stop listening, cut every connection and end every request still being served."""
        if self._server is None:
            return
        self._server.close()
        for transport in tuple(self._transports.values()):
            transport.abort()
        tasks = self._protocols.tasks
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._server.wait_closed()
        self._server = None
