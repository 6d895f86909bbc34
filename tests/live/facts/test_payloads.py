"""How large a payload may be, what happens beyond, and what compressing it changes."""

from __future__ import annotations

import asyncio
import base64
import gzip
import json
import os
import sys
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from temporalio.api.enums.v1 import WorkflowTaskFailedCause
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowFailureError, WorkflowQueryFailedError
from temporalio.converter import DataConverter
from temporalio.exceptions import ApplicationError, TerminatedError, TimeoutError, TimeoutType  # noqa: A004
from temporalio.service import RPCError, RPCStatusCode

from harness import Server
from harness.environment.open import Environment
from scenarios.compression._codec import GzipCodec
from scenarios.entity._limited import LIMITED
from tests.live.apps.growing import Child, Does, nothing
from tests.live.apps.payloads import Compresses, Holds, Puts, beats, returns, takes
from tests.live.facts import long
from tests.live.facts.bench import Bench, Handle, begun, bench, chain, failure_of, history_of, pending

WORKFLOWS = [Child, Compresses, Does, Holds, Puts]
ACTIVITIES: list[Callable[..., Any]] = [beats, nothing, returns, takes]

LIMIT = 2 * 2**20
"""Of a payload, by default."""

LONGEST_TEXT = 2_097_118
"""Characters of a text that, as the only payload, comes to exactly that."""

TOO_MUCH = 30_000
"""For the limited server, whose limit is 20,000."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def plain(harness_environment: Environment) -> AsyncIterator[Bench]:
    """A worker on the server with its own limits."""
    async with bench(harness_environment.temporal.client, WORKFLOWS, ACTIVITIES) as one:
        yield one


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def limited_client(harness_environment: Environment) -> AsyncIterator[Client]:
    """A client of a server that takes 20,000 bytes."""
    async with harness_environment.server_for(LIMITED, name=f"payloads-{uuid4()}") as server:
        yield server.client


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def limited(limited_client: Client) -> AsyncIterator[Bench]:
    """A worker on that server, which learns of the limit from it."""
    async with bench(limited_client, WORKFLOWS, ACTIVITIES) as one:
        yield one


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def careless(limited_client: Client) -> AsyncIterator[Bench]:
    """A worker on that server that leaves the limit to it."""
    async with bench(limited_client, WORKFLOWS, ACTIVITIES, disable_payload_error_limit=True) as one:
        yield one


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def generous(harness_environment: Environment) -> AsyncIterator[Bench]:
    """A worker on a server that takes 20 MB in a payload."""
    wanted = Server(dynamic_config={"limit.blobSize.error": "20000000", "limit.blobSize.warn": "20000000"})
    async with (
        harness_environment.server_for(wanted, name=f"payloads-{uuid4()}") as server,
        bench(server.client, WORKFLOWS, ACTIVITIES) as one,
    ):
        yield one


async def cause_of_failing(handle: Handle) -> str:
    """Wait until a workflow task has failed, and return why."""
    await begun(handle, "WorkflowTaskFailed")
    [first, *_] = (await history_of(handle)).of_type("WorkflowTaskFailed")
    return str(first.attributes["cause"]).removeprefix("WORKFLOW_TASK_FAILED_CAUSE_")


# --- the limit ------------------------------------------------------------------------------------------------------


@pytest.mark.claims("PAY-001")
async def test_the_limit_is_two_mebibytes_of_the_whole_message(plain: Bench) -> None:
    """To the byte; the namespace tells it, and so do the server for what a client sends and the worker for the rest."""
    described = await plain.client.workflow_service.describe_namespace(
        DescribeNamespaceRequest(namespace=plain.client.namespace)
    )
    fits = await plain.start(Holds.run, "x" * LONGEST_TEXT)
    with pytest.raises(RPCError, match=r"Blob data size exceeds limit\.") as refused:
        await plain.start(Holds.run, "x" * (LONGEST_TEXT + 1))
    await fits.terminate()
    result = await plain.start(Puts.run, "activity result", LONGEST_TEXT, 1)
    failed = await plain.fails(Puts.run, "activity result", LONGEST_TEXT + 1, 1)
    message = (await DataConverter.default.encode_wrapper(["x" * LONGEST_TEXT])).ByteSize()

    assert described.namespace_info.limits.blob_size_limit_error == LIMIT == message
    assert refused.value.status is RPCStatusCode.INVALID_ARGUMENT
    assert await result.result() == LONGEST_TEXT
    assert [one.type for one in chain(failed) if isinstance(one, ApplicationError)] == ["PayloadsTooLarge"]


@pytest.mark.claims("PAY-006")
async def test_attributes_are_not_transferred(plain: Bench) -> None:
    """Twenty million characters in one, and a history of less than a thousand bytes."""
    handle = await plain.start(Holds.run, 20_000_000)
    await begun(handle, "WorkflowTaskCompleted")
    described = (await handle.describe()).raw_description.workflow_execution_info
    await handle.signal(Holds.tell)

    assert described.history_size_bytes < 1000
    assert await handle.result() == 20_000_000


# --- beyond the limit -----------------------------------------------------------------------------------------------


@pytest.mark.claims("PAY-002")
@pytest.mark.parametrize("where", ["argument", "child", "continue as new", "result"])
async def test_what_the_workflow_sends_blocks_it(limited: Bench, where: str) -> None:
    """Its task fails with a cause of its own, and again and again; the workflow is running."""
    handle = await limited.start(Puts.run, where, TOO_MUCH)

    assert await cause_of_failing(handle) == "PAYLOADS_TOO_LARGE"
    assert WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_PAYLOADS_TOO_LARGE == 37
    [first, *_] = (await history_of(handle)).of_type("WorkflowTaskFailed")
    assert "[TMPRL1103]" in json.dumps(first.attributes)
    assert (await handle.describe()).status is WorkflowExecutionStatus.RUNNING
    await handle.terminate()


@pytest.mark.claims("PAY-002")
@pytest.mark.parametrize(
    "where",
    # Thirty thousand times one letter, which no workflow comes to compress.
    [pytest.param("activity result", marks=pytest.mark.claims("CPR-002")), "heartbeat"],
)
async def test_what_an_activity_sends_fails_its_attempt(limited: Bench, where: str) -> None:
    """As a failure of the application, which is tried again: for ever, unless its attempts are limited."""
    for_ever, failed = await asyncio.gather(
        limited.start(Puts.run, where, TOO_MUCH), limited.fails(Puts.run, where, TOO_MUCH, 2)
    )
    await pending(for_ever, lambda one: one.attempt > 3)
    await for_ever.terminate()

    [last] = [one for one in chain(failed) if isinstance(one, ApplicationError)]
    assert (last.type, last.non_retryable) == ("PayloadsTooLarge", False)


@pytest.mark.claims("PAY-002")
async def test_what_a_client_sends_is_refused(limited: Bench) -> None:
    """A start and a signal: the server says so to the sender, and the workflow knows nothing of it."""
    handle = await limited.start(Holds.run, 1)
    with pytest.raises(RPCError, match=r"Blob data size exceeds limit\.") as start:
        await limited.start(Holds.run, "x" * TOO_MUCH)
    with pytest.raises(RPCError, match=r"Blob data size exceeds limit\.") as signal:
        await handle.signal(Holds.tell, "x" * TOO_MUCH)

    assert start.value.status is signal.value.status is RPCStatusCode.INVALID_ARGUMENT
    assert not (await history_of(handle)).of_type("WorkflowExecutionSignaled")
    await handle.terminate()


@pytest.mark.claims("PAY-002")
async def test_what_a_query_returns_fails_the_query(limited: Bench) -> None:
    """And nothing else."""
    handle = await limited.start(Holds.run, TOO_MUCH)
    with pytest.raises(WorkflowQueryFailedError):
        await handle.query(Holds.held)
    await handle.signal(Holds.tell)

    assert await handle.result() == TOO_MUCH


@pytest.mark.claims("PAY-003")
@pytest.mark.parametrize(
    ("where", "cause", "reason"),
    [
        ("argument", "BAD_SCHEDULE_ACTIVITY_ATTRIBUTES", "Input exceeds size limit."),
        ("child", "BAD_START_CHILD_EXECUTION_ATTRIBUTES", "Input exceeds size limit."),
        ("continue as new", "BAD_CONTINUE_AS_NEW_ATTRIBUTES", "Input exceeds size limit."),
        # This cause, and no other, is what the server says of a result.
        ("result", "BAD_SCHEDULE_ACTIVITY_ATTRIBUTES", "Result exceeds size limit."),
    ],
)
async def test_a_server_that_has_to_refuse_ends_the_workflow(
    careless: Bench, where: str, cause: str, reason: str
) -> None:
    """Where the worker does not look, the server terminates it."""
    handle = await careless.start(Puts.run, where, TOO_MUCH)
    failed = await failure_of(handle)

    assert isinstance(failed.cause, TerminatedError)
    assert reason in str(failed.cause)
    assert await cause_of_failing(handle) == cause


@pytest.mark.claims("PAY-003")
@pytest.mark.parametrize("where", ["activity result", "heartbeat"])
async def test_a_server_that_has_to_refuse_ends_the_activity(careless: Bench, where: str) -> None:
    """By a failure that is not tried again, though its policy has no end."""
    handle = await careless.start(Puts.run, where, TOO_MUCH)
    await failure_of(handle)
    [failed] = (await history_of(handle)).of_type("ActivityTaskFailed")

    assert failed.attributes["retryState"] == "RETRY_STATE_NON_RETRYABLE_FAILURE"
    assert "serverFailureInfo" in failed.attributes["failure"]


# --- the message ----------------------------------------------------------------------------------------------------


@pytest.mark.claims("PAY-004")
async def test_a_higher_limit_ends_at_the_message(generous: Bench) -> None:
    """4.1 MB pass; 5 MB as an argument terminate the workflow, as a result they are lost and the attempt times out."""
    passes = await generous.start(Puts.run, "argument", 4_100_000)
    lost = await generous.start(Puts.run, "activity result", 5_000_000, 1, 1.5)
    failed = await generous.fails(Puts.run, "argument", 5_000_000)

    assert await passes.result() == 4_100_000
    assert isinstance(failed.cause, TerminatedError)
    assert "GrpcMessageTooLarge" in str(failed.cause)
    [timed_out] = [one for one in chain(await failure_of(lost)) if isinstance(one, TimeoutError)]
    assert timed_out.type is TimeoutType.START_TO_CLOSE


@pytest.mark.claims("PAY-005")
async def test_what_one_task_sends_counts_as_a_whole(plain: Bench) -> None:
    """Four arguments of 900 kB pass, five terminate the workflow, though each is below the limit."""
    passes = await plain.start(Puts.run, "four arguments", 900_000)
    fails = await plain.start(Puts.run, "five arguments", 900_000)
    failed = await failure_of(fails)

    assert await passes.result() == 3_600_000
    assert isinstance(failed.cause, TerminatedError)
    assert "GrpcMessageTooLarge" in str(failed.cause)
    assert await cause_of_failing(fails) == "FORCE_CLOSE_COMMAND"


# --- compression ----------------------------------------------------------------------------------------------------


@pytest.mark.claims("CPR-001")
def test_repetitive_records_shrink_to_a_twentieth() -> None:
    """And come back equal; base64 takes a third of what was won."""
    records = [{"number": number, "says": 2 * "Sold over the counter. "} for number in range(2000)]
    raw = json.dumps(records).encode()
    packed = gzip.compress(raw, mtime=0)
    text = base64.b64encode(packed)

    assert json.loads(gzip.decompress(base64.b64decode(text))) == records
    assert len(text) < len(raw) / 10
    assert 1.3 < len(text) / len(packed) < 1.35


@pytest.mark.claims("CPR-003")
async def test_gzip_writes_the_time_of_day(plain: Bench) -> None:
    """Also in a workflow, past the sandbox: equal data are equal bytes only without it, as the codec has them."""
    as_printed, without = [await (await plain.start(Compresses.run, mtime)).result() for mtime in (None, 0)]
    payloads = await DataConverter.default.encode(["x" * 5000])
    [first], [second] = await GzipCodec().encode(payloads), await GzipCodec().encode(payloads)

    assert gzip.compress(b"x", mtime=1) != gzip.compress(b"x", mtime=2)
    assert any(as_printed[4:8])
    assert without[4:8] == [0, 0, 0, 0]
    assert first == second != payloads[0]
    assert (await GzipCodec().decode([first, *payloads])) == [*payloads, *payloads]


@pytest.mark.claims("CPR-003")
async def test_a_list_of_a_set_has_an_order_of_its_interpreter() -> None:
    """Each has another; sorted, all have the same."""
    code = "ids = {f'id-{n}' for n in range(20)}; print(list(ids)); print(sorted(ids))"
    said: list[Any] = []
    for seed in range(4):
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-c", code, env={**os.environ, "PYTHONHASHSEED": str(seed)}, stdout=asyncio.subprocess.PIPE
        )
        out, _ = await child.communicate()
        said.append(out.decode().splitlines())

    assert len({as_is for as_is, _ in said}) > 1
    assert len({in_order for _, in_order in said}) == 1


# --- what is left to the defaults -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "given", "heartbeat", "says"),
    [
        pytest.param("silent", [30.0], 0.3, "Heartbeat timeout", marks=pytest.mark.claims("EXT-005")),
        pytest.param("unavailable", [], None, "try later", marks=pytest.mark.claims("EXT-006")),
    ],
)
async def test_an_activity_is_tried_without_end(
    plain: Bench, what: str, given: list[Any], heartbeat: float | None, says: str
) -> None:
    """One that is well and silent, and one that fails: the workflow is running for as long."""
    async with bench(plain.client, [long.Does], [long.silent, long.unavailable]) as one:
        handle = await one.start(long.Does.run, what, given, heartbeat, 0)
        await pending(handle, lambda tried: tried.attempt > 3 and says in tried.last_failure.message)

        assert (await handle.describe()).status is WorkflowExecutionStatus.RUNNING
        await handle.terminate()


# --- many items -----------------------------------------------------------------------------------------------------


@pytest.mark.claims("INC-004")
async def test_so_many_items_are_the_end_of_a_run(limited: Bench) -> None:
    """Six events each: of a history of 120, 19 items leave one, and of 25 nobody hears."""
    fits = await limited.start(Does.run, "activity", 19)
    await fits.result()
    with pytest.raises(WorkflowFailureError) as failed:
        await (await limited.start(Does.run, "activity", 25)).result()

    assert (await fits.describe()).history_length == 119
    assert "Workflow history count exceeds limit." in str(failed.value.cause)
