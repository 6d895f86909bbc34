"""Has the hosts of a run reach its fakes: a certificate authority, a forward proxy, and the variables for workers."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

from harness.events import Event
from harness.files.temporary_folder import temporary_folder
from harness.fixed_hosts.authority import RunAuthority
from harness.fixed_hosts.forward_proxy import ForwardProxy
from harness.fixed_hosts.variables import variables


@asynccontextmanager
async def hosts_reach_fakes(
    routes: Mapping[str, str], *, emit: Callable[[Event], None] = lambda _: None
) -> AsyncIterator[dict[str, str]]:
    """Have hosts reach fakes inside the context, and give the environment variables that a worker needs for that.

    Args:
        routes: HOST:PORT of a fake, or of the proxy in front of it, by each host that it stands in for.
        emit: Receives which hosts were refused, and which clients refused the certificate.
    """
    with temporary_folder() as folder:
        authority = RunAuthority([*routes], folder=folder)
        bundle = folder / "trusted.pem"
        authority.write_bundle(bundle, os.environ)
        async with ForwardProxy(routes, context=authority.context, emit=emit).listening() as proxy:
            yield variables(proxy=proxy, bundle=bundle, hosts=routes)
