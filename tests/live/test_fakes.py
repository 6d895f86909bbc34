"""A fake is a service: real HTTP, a sentence for every bad request, and a journal that is the truth."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import pytest_asyncio

from fakes.flights import Flights
from harness import Call, EnvironmentUnavailable, FakeService, Reply, UsageError, operation
from harness.run.manual_fake import RemoteControl
from harness.services.service import CONTROL
from tests.live.commands import begin

ROOT = Path(__file__).parents[2]
SEAT = {"trip": "t", "item": "window"}


@pytest_asyncio.fixture(loop_scope="session")
async def flights() -> AsyncIterator[Flights]:
    """A running fake with its control paths."""
    fake = Flights(control=lambda service: RemoteControl(service).routes())
    await fake.start()
    yield fake
    await fake.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def client(flights: Flights) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of that fake."""
    async with httpx2.AsyncClient(base_url=f"http://{flights.address}", trust_env=False) as one:
        yield one


async def book(client: httpx2.AsyncClient, key: str = "k", **options: Any) -> httpx2.Response:
    """Book a seat under a key."""
    return await client.post("/bookings", headers={"Idempotency-Key": key}, **({"json": SEAT} | options))


async def journal(client: httpx2.AsyncClient) -> list[str]:
    """Return the names of the events in the fake's journal."""
    return [event["event"] for event in (await client.get(f"{CONTROL}/journal")).json()]


async def test_the_same_key_books_once(client: httpx2.AsyncClient) -> None:
    """A repeated booking gets the first answer, and the journal tells the two apart."""
    first, second = await book(client), await book(client)

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json() == {"booking": "flight_booking_window"}
    effects = [event for event in await journal(client) if event.startswith("Effect")]
    assert effects == ["EffectApplied", "EffectRepeated"]


@pytest.mark.parametrize(
    "headers",
    [
        {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64)"},
        {"Origin": "http://example.org"},
        {"Origin": "null"},
        {"Host": "rebound.example.org"},
    ],
    ids=str,
)
async def test_web_pages_do_not_reach_the_control_paths(
    client: httpx2.AsyncClient, headers: dict[str, str], flights: Flights
) -> None:
    """A page in a browser of this machine reads no journal and arms nothing; its bookings are served."""
    fault = {"kind": "http_error", "on": "book"}
    refused = [
        await client.post(f"{CONTROL}/faults", json=fault, headers=headers),
        await client.delete(f"{CONTROL}/journal", headers=headers),
        await client.get(f"{CONTROL}/journal", headers=headers),
        await client.get(f"{CONTROL}/nothing", headers=headers),
    ]
    booked = await client.post("/bookings", json=SEAT, headers={"Idempotency-Key": "k"} | headers)

    assert [answer.status_code for answer in refused] == [403] * 4
    assert "not allowed" in refused[0].json()["error"]
    assert booked.status_code == 201
    assert (await client.get(f"{CONTROL}/faults")).json() == {}
    assert await journal(client)


async def test_a_cancelled_key_is_refused(client: httpx2.AsyncClient) -> None:
    """Cancelling what was never booked leaves a tombstone, at which a late booking ends."""
    cancelled = await client.delete("/bookings/k")
    late = await book(client)

    assert (cancelled.status_code, cancelled.json()) == (200, {"cancelled": "k", "stood": False})
    assert late.status_code == 409
    assert "'k' was cancelled before this booking arrived" in late.json()["error"]
    told = [event for event in await journal(client) if not event.startswith("Call")]
    assert told == ["Tombstoned", "EffectRefused"]


@pytest.mark.parametrize(
    ("request_", "status", "says"),
    [
        ({"content": b"{"}, 400, "the body is not JSON"),
        ({"content": b"\xff\xfe"}, 400, "the body is not JSON"),
        ({"content": b""}, 422, "trip: Field required; item: Field required"),
        ({"json": []}, 422, "book was refused"),
        ({"json": "seat"}, 422, "book was refused"),
        ({"json": {"trip": "", "item": 3}}, 422, "trip: String should have at least 1 character; item: "),
        ({"json": SEAT, "headers": {}}, 400, "the header Idempotency-Key is missing"),
        ({"json": {"trip": "t", "item": "invalid seat"}}, 422, "there is no 'invalid seat' to book"),
    ],
)
async def test_bad_bookings(client: httpx2.AsyncClient, request_: dict[str, Any], status: int, says: str) -> None:
    """A booking that makes no sense is answered with 4xx and a sentence that says what is wrong, and books nothing."""
    answer = await client.post("/bookings", **({"headers": {"Idempotency-Key": "k"}} | request_))

    assert answer.status_code == status
    assert says in answer.json()["error"]
    assert not any(event.startswith("Effect") for event in await journal(client))


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/seats", 404), ("PUT", "/bookings", 405)])
async def test_what_it_does_not_do(client: httpx2.AsyncClient, method: str, path: str, status: int) -> None:
    """Another path or method is an error of the caller's."""
    answer = await client.request(method, path)

    assert answer.status_code == status


class Notes(FakeService):
    """Has two operations at one path."""

    @operation("GET /notes")
    async def browse(self, _call: Call) -> Reply:
        """Return no notes."""
        return Reply(status=200, body=[])

    @operation("POST /notes")
    async def note(self, _call: Call) -> Reply:
        """Forget a note."""
        return Reply(status=201, body={})


async def test_a_path_of_several_operations_names_all_its_methods() -> None:
    """Each is a route of its own."""
    fake = Notes()
    await fake.start()
    try:
        async with httpx2.AsyncClient(base_url=f"http://{fake.address}", trust_env=False) as client:
            answer = await client.delete("/notes")
    finally:
        await fake.stop()

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, POST")
    assert answer.json()["error"] == "notes has no DELETE /notes; it has GET, HEAD, POST there."


async def test_a_fault_from_another_process(client: httpx2.AsyncClient) -> None:
    """A fault is armed, seen, and healed over HTTP."""
    wanted = {"kind": "http_error", "on": "book", "status": 500, "when": {"kind": "first_calls", "n": 1}}
    armed = await client.post(f"{CONTROL}/faults", json=wanted)
    statuses = [(await book(client)).status_code, (await book(client)).status_code]
    again = await client.post(f"{CONTROL}/faults", json={"kind": "http_error", "on": "book"})
    healed = await client.delete(f"{CONTROL}/faults")

    assert (armed.status_code, armed.json()) == (201, {"name": "http_error@flights.book"})
    assert statuses == [500, 201]
    assert (again.status_code, healed.status_code) == (201, 204)
    assert (await client.get(f"{CONTROL}/faults")).json() == {}
    assert (await book(client)).status_code == 200


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ("{", "the body is not JSON"),
        ('{"kind": "http_eror", "on": "book"}', "http_error"),
        ('{"kind": "http_error", "on": "bok"}', "book"),
        ('{"kind": "http_error", "on": "book", "status": 200}', "status must be 400 to 599, got 200"),
        ('{"kind": "http_error", "on": "book", "stats": 500}', "status"),
        ('{"kind": "http_error", "on": "book", "when": {"kind": "first_calls", "n": 0}}', "n must be >= 1, got 0"),
        ("[]", "kind"),
    ],
)
async def test_bad_faults(client: httpx2.AsyncClient, wanted: str, says: str) -> None:
    """A fault that makes no sense is refused with 400 and what would, and nothing is armed."""
    answer = await client.post(f"{CONTROL}/faults", content=wanted)

    assert answer.status_code == 400
    assert says in answer.json()["error"]
    assert (await client.get(f"{CONTROL}/faults")).json() == {}


async def test_the_journal_is_forgotten_on_request(client: httpx2.AsyncClient) -> None:
    """Journal, effects and counts begin anew."""
    await book(client)
    await client.delete(f"{CONTROL}/journal")

    assert await journal(client) == []
    assert (await book(client)).status_code == 201


async def test_a_port_in_use(flights: Flights) -> None:
    """A taken port is told as such, and what to do."""
    host, _, port = flights.address.partition(":")

    with pytest.raises(EnvironmentUnavailable, match=f"{flights.address} is in use; choose another port"):
        await Flights().start(host=host, port=int(port))


def test_an_operation_that_hides_what_every_fake_has() -> None:
    """A name that is taken is refused where it is given, not when a run breaks."""
    with pytest.raises(UsageError, match="Doors: an operation cannot be named 'stop'"):

        class Doors(FakeService):
            """Has a door that stops."""

            @operation("POST /stop")
            async def stop(self, call: Call) -> Reply:  # type: ignore[override]
                """Stop."""
                return Reply()


async def test_by_hand(flights: Flights) -> None:
    """`python -m fakes` runs one until it is asked to end; a taken port ends it with 3, an unknown name with 2."""
    command = await begin("fakes", "flights", cwd=ROOT)
    address = (await command.until("flights at ")).split()[-1]
    async with httpx2.AsyncClient(base_url=address, trust_env=False) as client:
        booked = await book(client)
    command.process.send_signal(signal.SIGINT)
    ended = await command.end()
    taken, unknown = await asyncio.gather(
        begin("fakes", "flights", "--port", flights.address.rpartition(":")[2], cwd=ROOT),
        begin("fakes", "fights", cwd=ROOT),
    )

    assert booked.status_code == 201
    assert (ended.code, ended.err) == (0, "")
    assert (await taken.end()).code == 3
    refused = await unknown.end()
    assert refused.code == 2
    assert "Did you mean 'flights'?" in refused.err
