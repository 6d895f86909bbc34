"""Selects the Toxiproxy by one rule, and never falls back to another silently."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from harness.environment.toxiproxy.adapter import ToxiproxyAdapter
from harness.environment.toxiproxy.providers.address import toxiproxy_at
from harness.environment.toxiproxy.providers.binary import PROGRAM, binary_toxiproxy
from harness.environment.toxiproxy.providers.container import container_toxiproxy
from harness.environment.toxiproxy.providers.embedded import embedded
from harness.errors import UsageError, unknown
from harness.processes.guard import ProcessGuard

PROVIDERS = ("address", "binary", "container", "embedded")


@asynccontextmanager
async def open_toxiproxy(
    *,
    guard: ProcessGuard,
    log: Path,
    address: str | None = None,
    provider: str | None = None,
    image: str | None = None,
    seed: int = 0,
) -> AsyncIterator[ToxiproxyAdapter]:
    """Start a Toxiproxy inside the context, or use a running one; leaving removes every process, port and proxy.

    An address selects the server there, a provider selects that one. Without either, a `toxiproxy-server` on PATH is
    started, or the embedded server if there is none.

    Args:
        guard: What processes are started on.
        log: Receives the server's own log.
        address: HOST:PORT of a running Toxiproxy.
        provider: "address", "binary", "container" or "embedded".
        image: Which image a container is made of.
        seed: What the embedded server draws chance from.

    Raises:
        UsageError: The provider is unknown, or does not go with the address.
        EnvironmentUnavailable: It cannot be started, or does not answer.
    """
    async with _chosen(guard=guard, log=log, address=address, provider=provider, image=image, seed=seed) as adapter:
        yield adapter


def _chosen(
    *, guard: ProcessGuard, log: Path, address: str | None, provider: str | None, image: str | None, seed: int
) -> AbstractAsyncContextManager[ToxiproxyAdapter]:
    if provider is not None and provider not in PROVIDERS:
        raise UsageError(unknown("Toxiproxy provider", provider, PROVIDERS))
    if address is not None and provider not in {None, "address"}:
        raise UsageError(f"give a Toxiproxy address ({address}) or a provider ({provider!r}), not both.")
    if address is not None:
        return toxiproxy_at(address, guard=guard)
    match provider or ("binary" if shutil.which(PROGRAM) else "embedded"):
        case "address":
            raise UsageError("the Toxiproxy provider 'address' needs --toxiproxy HOST:PORT.")
        case "binary":
            return binary_toxiproxy(guard=guard, log=log)
        case "container":
            return container_toxiproxy(image=image, log=log)
        case _:
            return embedded(guard=guard, log=log, seed=seed)
