"""An unmodified application with hosts in its code reaches fakes, over TLS, and every fault works on them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest

from harness import (
    Application,
    AtMostOnce,
    AtPoint,
    Call,
    FakeService,
    Fault,
    FirstCalls,
    HttpError,
    LostReply,
    Outage,
    Outcome,
    Phase,
    Reply,
    Reset,
    Scenario,
    Verdict,
    Window,
    WorkerCommand,
    WorkerProcesses,
    operation,
)
from harness.events import AttemptEnded, CallReceived
from harness.evidence.host_events import CertificateRefused, HostRefused
from harness.results import Result
from tests.live.apps.fixed_hosts import Charge, ChargeCard
from tests.live.apps.fixed_hosts_activities import activities
from tests.live.conftest import Begin

PROGRAM = WorkerCommand(
    argv=["{python}", "-m", "harness.workers.program", "--offline", "tests.live.apps.fixed_hosts_worker"], tells=True
)


UP_WITHIN = timedelta(minutes=3)
"""It imports every client, which takes 2 s of a CPU, and a busy machine has other things to do."""


class Payments(FakeService):
    """Charges cards."""

    hosts = ("api.pay.example",)

    @operation("POST /v1/charges")
    async def charge(self, call: Call) -> Reply:
        """Charge once for each key."""
        _, answer = self.ledger.apply(
            operation=call.operation, key=call.key or call.id, call=call.id, value={"id": f"ch-{call.key}"}
        )
        return Reply(status=200, body=answer)


class Tables(FakeService):
    """Keeps items, as DynamoDB does."""

    hosts = ("dynamodb.eu-west-1.amazonaws.com",)

    @operation("POST /")
    async def put(self, call: Call) -> Reply:
        """Answer PutItem, the one operation that is called."""
        item = call.body["Item"]
        self.ledger.apply(operation=call.operation, key=item["id"]["S"], call=call.id, value=item)
        return Reply(status=200, body={"Attributes": {"id": {"S": f"ch-{item['id']['S']}"}}})


CLIENTS = ("httpx", "httpx2", "requests", "aiohttp", "urllib", "boto3")


def charging(client: str, *faults: Fault, workers: WorkerProcesses | None = None, **given: object) -> Scenario:
    """Return a scenario in which one client charges a card."""
    on = Tables.put if client == "boto3" else Payments.charge
    own = workers is not None and workers.own is not None
    return Scenario(
        application=Application(workflows=[ChargeCard], activities=None if own else activities),
        workflow=ChargeCard.run,
        given=Charge(client=client, **given),  # type: ignore[arg-type]
        uses=[Payments, Tables],
        faults=faults,
        expects=[Outcome(), AtMostOnce(of=on)],
        workers=workers,
        deadline=timedelta(seconds=60),
    )


def faults_of(client: str) -> Mapping[str, Fault]:
    """The faults that are injected, one at a time."""
    on, service = (Tables.put, Tables) if client == "boto3" else (Payments.charge, Payments)
    return {
        "lost reply": LostReply(on=on, when=FirstCalls(n=1)),
        "error": HttpError(on=on, when=FirstCalls(n=1)),
        "reset": Reset(on=service, when=FirstCalls(n=1)),
    }


SCENARIOS: Mapping[str, Scenario] = {
    **{f"{client}: nothing fails": charging(client) for client in CLIENTS},
    **{f"{client}: {name}": charging(client, fault) for client in CLIENTS for name, fault in faults_of(client).items()},
    **{
        f"{client}: lost reply, program": charging(
            client, faults_of(client)["lost reply"], workers=WorkerProcesses(own=PROGRAM, up_within=UP_WITHIN)
        )
        for client in CLIENTS
    },
    "httpx: outage": charging(
        "httpx",
        Outage(
            on=Payments,
            when=Window(
                opens=AtPoint(phase=Phase.BEFORE_BODY, attempt=1), closes=AtPoint(phase=Phase.BEFORE_BODY, attempt=2)
            ),
        ),
    ),
    **{
        f"{client}: not TLS": charging(client, url="http://api.pay.example:8080/v1/charges")
        for client in CLIENTS
        if client != "boto3"
    },
}
BROKEN: Mapping[str, tuple[Scenario, str]] = {
    "a host of no fake": (
        charging("httpx", url="https://api.other.example/v1/charges", attempts=1),
        "the application called api.other.example, which no fake of this scenario has: it was refused",
    ),
    "a host of no fake, not TLS": (
        charging("requests", url="http://api.other.example/v1/charges", attempts=1),
        "the application called api.other.example, which no fake of this scenario has: it was refused",
    ),
    "another authority": (
        charging("another authority", attempts=1),
        "a client of api.pay.example closed the connection during the TLS handshake, as a client does that refuses",
    ),
    "another authority, not on asyncio": (
        charging("another authority, not on asyncio", attempts=1),
        "a client of api.pay.example refused the run's certificate with the TLS alert 'unknown ca'. It pins one, or",
    ),
    "a pin": (
        charging("pin", attempts=1),
        "a client of api.pay.example closed the connection after the TLS handshake without a request, as a client does",
    ),
    "past the proxy": (charging("past the proxy", attempts=1), ""),
}

Runs = Mapping[str, "asyncio.Task[Result]"]


@pytest.fixture(scope="module")
def runs(begin: Begin, request: pytest.FixtureRequest) -> Runs:
    """Begin all runs that a test waits for at once: many of them have the same host at the same time."""
    items: Sequence[Any] = request.session.items
    wanted = {str(one.callspec.params["name"]) for one in items if one.path == request.path}
    every = {**SCENARIOS, **{name: scenario for name, (scenario, _) in BROKEN.items()}}
    return {name: begin(scenario) for name, scenario in every.items() if name in wanted}


@pytest.mark.parametrize("name", SCENARIOS)
async def test_a_host_in_the_code_reaches_its_fake(runs: Runs, name: str) -> None:
    """With each client, in a worker that the harness builds and in the application's own program."""
    result = await runs[name]

    assert result.verdict is Verdict.PASSED, [str(one) for one in result.findings]
    assert result.evidence.of(CallReceived)
    assert not result.evidence.of(HostRefused)
    assert not result.evidence.of(CertificateRefused)


@pytest.mark.parametrize("name", BROKEN)
async def test_what_does_not_reach_a_fake_is_named(runs: Runs, name: str) -> None:
    """In a finding beside that of the workflow, and in the error that the application gets."""
    result = await runs[name]
    said = BROKEN[name][1]
    named = [one for one in result.findings if one.oracle == "hosts"]

    assert result.verdict is Verdict.FAILED
    assert not result.evidence.of(CallReceived)
    assert [(one.verdict, one.title.startswith(said)) for one in named] == (
        [(Verdict.INCONCLUSIVE, True)] if said else []
    )
    errors = " ".join(text for one in result.evidence.of(AttemptEnded) for text in one.errors)
    if name == "a host of no fake":
        assert "403 no fake of this scenario has the host api.other.example" in errors
    if name == "past the proxy":
        assert "api.pay.example was called without the proxy of this run" in errors
