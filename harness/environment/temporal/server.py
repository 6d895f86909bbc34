"""A running Temporal server, from any provider."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest, GetClusterInfoRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from harness.errors import EnvironmentUnavailable
from harness.testbed.ports import BreakableServer

OLDEST = (1, 24)
"""The oldest server the harness runs against: the first with all that the reference patterns use (updates with
start, and ShutdownWorker, without which a stopped worker's sticky queue holds the next workflow task for 10 s)."""

ANSWER_WITHIN = timedelta(seconds=10)
"""How long a server may take to answer the first call."""


@dataclass(frozen=True, kw_only=True)
class TemporalServer:
    """A server that answers.

    Attributes:
        provider: Where it came from: "dev-server", "container" or "address".
        address: HOST:PORT of its frontend.
        namespace: The namespace that runs use.
        version: The server's version, such as "1.32.0".
        client: The harness's own client.
        process: The process that faults can break; None for the user's own server.
        ui: Address of its web UI, such as "http://127.0.0.1:8233"; "" for no UI.
    """

    provider: str
    address: str
    namespace: str
    version: str
    client: Client
    process: BreakableServer | None = None
    ui: str = ""

    def __str__(self) -> str:
        return f"{self.provider} {self.version} at {self.address}, namespace {self.namespace}"


async def greet(client: Client, *, provider: str, address: str) -> TemporalServer:
    """Ask a server for its version, and check that it has the namespace.

    Raises:
        EnvironmentUnavailable: It does not answer, is too old, or lacks the namespace.
    """
    try:
        async with asyncio.timeout(ANSWER_WITHIN.total_seconds()):
            info = await client.workflow_service.get_cluster_info(GetClusterInfoRequest())
            await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=client.namespace))
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            raise EnvironmentUnavailable(
                f"the Temporal server at {address} has no namespace {client.namespace!r}; "
                "name another with --namespace."
            ) from error
        raise EnvironmentUnavailable(
            f"the Temporal server at {address} answers with an error: {error.message}."
        ) from error
    except TimeoutError as error:
        raise EnvironmentUnavailable(
            f"the Temporal server at {address} did not answer within {ANSWER_WITHIN.total_seconds():g} s."
        ) from error
    refuse_too_old(info.server_version, address=address)
    return TemporalServer(
        provider=provider, address=address, namespace=client.namespace, version=info.server_version, client=client
    )


async def require_search_attributes(server: TemporalServer, wanted: Mapping[str, str]) -> None:
    """Check that a server that the harness did not start knows search attributes.

    Args:
        server: The server.
        wanted: Their types by their names.

    Raises:
        EnvironmentUnavailable: It does not know one, or knows it with another type.
    """
    if not wanted:
        return
    request = ListSearchAttributesRequest(namespace=server.namespace)
    try:
        answer = await server.client.operator_service.list_search_attributes(request, timeout=ANSWER_WITHIN)
    except RPCError as error:
        raise EnvironmentUnavailable(
            f"the Temporal server at {server.address} does not list its search attributes: {error.message}."
        ) from error
    numbers = {**answer.custom_attributes, **answer.system_attributes}
    known = {name: _type_name(number) for name, number in numbers.items()}
    wrong = [
        f"{name} ({kind}; there: {known.get(name, 'none')})" for name, kind in wanted.items() if known.get(name) != kind
    ]
    if wrong:
        raise EnvironmentUnavailable(
            f"the Temporal server at {server.address} lacks search attributes: {', '.join(wrong)}. Create each with "
            "`temporal operator search-attribute create --name NAME --type TYPE`."
        )


def _type_name(number: int) -> str:
    name = IndexedValueType.Name(number).removeprefix("INDEXED_VALUE_TYPE_")  # type: ignore[arg-type]  # an enum's number
    return "".join(word.capitalize() for word in name.split("_"))


def refuse_too_old(version: str, *, address: str) -> None:
    """Raise EnvironmentUnavailable for a server older than `OLDEST`."""
    numbers = tuple(int(number) for number in re.findall(r"\d+", version)[:2])
    if numbers < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        raise EnvironmentUnavailable(
            f"the Temporal server at {address} has version {version or 'unknown'}; {oldest} or newer is needed."
        )
