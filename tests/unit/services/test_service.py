"""Fake services: journal, idempotency, refusal of bad requests, faults and hooks, without a socket."""

from __future__ import annotations

import asyncio

import pytest
from pydantic import BaseModel

from fakes.cars import Cars
from fakes.flights import Flights
from fakes.shapes.booking import BookingService
from harness import Call, FakeService, Reply, UsageError, operation
from harness.events import (
    CallAnswered,
    CallReceived,
    CallUnanswered,
    EffectApplied,
    EffectRefused,
    EffectRepeated,
    EffectUndone,
    Tombstoned,
)
from tests.unit.fake_testbed import Caller, ask, book, cancel, set_stage, settle, told


class Wanted(BaseModel):
    """A charge."""

    amount: int


class Bank(FakeService):
    """Keeps money."""

    @operation("POST /charges")
    async def charge(self, call: Call, wanted: Wanted) -> Reply:
        """Charge an amount."""
        return Reply(status=201, body={"amount": wanted.amount, "key": call.key}, headers={"X-Bank": "ours"})

    @operation("GET /charges/{name}")
    async def look_up(self, call: Call) -> Reply:
        """Return nothing at all."""
        return Reply(status=204)

    @operation("DELETE /charges/{key}", undoes=charge)
    async def refund(self, call: Call) -> Reply:
        """Give it back."""
        return Reply(body=call.key)


class SavingsBank(Bank):
    """Keeps money, too."""

    @operation("POST /interest")
    async def pay_interest(self, call: Call) -> Reply:
        """Pay."""
        return Reply(raw=b"{half", status=200)


# --- operations as values -------------------------------------------------------------------------------------------


def test_an_operation_is_the_value_that_its_attribute_names() -> None:
    """Equal to itself, usable as a key, printed as reports name it."""
    assert Flights.book == Flights.operations()["book"]
    assert {Flights.book: 1}[Flights.book] == 1
    assert str(Flights.book) == repr(Flights.book) == "flights.book"


def test_an_inherited_operation_belongs_to_the_fake_it_is_read_from() -> None:
    """Two fakes of one shape have operations of their own."""
    assert Flights.book != Cars.book
    assert Flights.book != BookingService.book
    assert (Flights.book.service, Cars.book.service) == ("flights", "cars")
    assert Flights.book.owner is Flights


def test_operations_are_told_apart_by_name_too() -> None:
    """Nor is an operation equal to its text."""
    assert Flights.book != Flights.cancel
    assert Flights.book != "flights.book"


def test_an_operation_knows_what_it_undoes() -> None:
    """By name; one that undoes nothing says so."""
    assert Bank.refund.undoes == "charge"
    assert Flights.cancel.undoes == "book"
    assert Bank.charge.undoes == ""


def test_the_operations_of_a_fake_stand_in_the_order_of_declaration() -> None:
    """Those of its base first."""
    assert list(SavingsBank.operations()) == ["charge", "look_up", "refund", "pay_interest"]
    assert {one.owner for one in SavingsBank.operations().values()} == {SavingsBank}


@pytest.mark.parametrize("route", ["/bookings", "POST", "post /bookings", "POST bookings", "FETCH /a", "POST /a b", ""])
def test_a_route_is_a_method_and_a_path(route: str) -> None:
    """Anything else is refused with an example."""
    with pytest.raises(UsageError, match="such as 'POST /bookings'"):
        operation(route)


def test_a_fake_is_named_after_its_class() -> None:
    """In snake_case, for journals and base URLs."""
    assert SavingsBank.name() == "savings_bank"


# --- answering ------------------------------------------------------------------------------------------------------


async def test_a_call_is_answered_and_journalled() -> None:
    """With its number, its key and its body."""
    testbed = set_stage(Bank)
    first = await ask(testbed.fake(Bank), "POST /charges", key="k1", body={"amount": 5})
    second = await ask(testbed.fake(Bank), "POST /charges", body={"amount": 6})

    assert (first.status, first.body) == (201, {"amount": 5, "key": "k1"})
    assert first.headers["x-bank"] == "ours"
    assert second.body["key"] is None
    assert [
        (event.call, event.key, event.body) for event in testbed.stream.events if isinstance(event, CallReceived)
    ] == [("bank.charge#1", "k1", {"amount": 5}), ("bank.charge#2", None, {"amount": 6})]
    assert [event.status for event in testbed.stream.events if isinstance(event, CallAnswered)] == [201, 201]


async def test_the_key_may_stand_in_the_path() -> None:
    """A parameter of that name is the idempotency key."""
    bank = Bank()

    assert (await ask(bank, "DELETE /charges/k7")).body == "k7"


async def test_an_answer_without_a_body_has_none() -> None:
    """204 carries no bytes, not even `null`: a client on a kept-alive connection would trip over them."""
    answer = await ask(Bank(), "GET /charges/x")

    assert (answer.status, answer.raw) == (204, b"")


async def test_raw_bytes_are_sent_as_they_are() -> None:
    """Also where they are no JSON."""
    assert (await ask(SavingsBank(), "POST /interest")).raw == b"{half"


@pytest.mark.parametrize(
    ("raw", "status", "said"),
    [
        (b"{", 400, "the body is not JSON"),
        (b"\xff", 400, "the body is not JSON"),
        (b"", 422, "charge was refused: amount: Field required"),
        (b"{}", 422, "charge was refused: amount: Field required"),
        (b'{"amount": "much"}', 422, "charge was refused: amount: Input should be a valid integer"),
        (b"[]", 422, "charge was refused: body: Input should be"),
    ],
)
async def test_a_bad_request_is_refused_and_journalled(raw: bytes, status: int, said: str) -> None:
    """With what is wrong with it; it is a call all the same."""
    bank = Bank()
    answer = await ask(bank, "POST /charges", raw=raw)

    assert answer.status == status
    assert said in answer.body["error"]
    assert [type(event) for event in bank.journal] == [CallReceived, CallAnswered]


@pytest.mark.parametrize("route", ["POST /charge", "GET /"])
async def test_an_unknown_path_says_what_there_is(route: str) -> None:
    """And is no call of any operation."""
    bank = Bank()
    answer = await ask(bank, route)

    assert answer.status == 404
    possible = "POST /charges, GET /charges/{name}, DELETE /charges/{key}"
    assert answer.body["error"] == f"bank has no {route}; it has {possible}."
    assert bank.journal == []


async def test_a_caller_who_hung_up_gets_no_answer() -> None:
    """The journal says that the call went unanswered, and why."""
    bank = Bank()
    caller = Caller(bank, "POST /charges", body={"amount": 1})

    async def hang_up(_call: Call) -> None:
        caller.leave()
        await settle()

    with bank.watched(Bank.charge, hang_up):
        answer = await caller.answer()

    assert answer.status is None
    assert [event.why for event in bank.journal if isinstance(event, CallUnanswered)] == [
        "the caller closed the connection before the answer"
    ]


# --- hooks ----------------------------------------------------------------------------------------------------------


async def test_a_hook_sees_the_calls_it_watches_before_they_are_served() -> None:
    """Of one operation, or of all; and no more once it has ended."""
    bank = Bank()
    seen: list[str] = []

    async def look(call: Call) -> None:
        seen.append(f"{call.id} of {len(bank.journal)}")

    with bank.watched(Bank.charge, look):
        await ask(bank, "POST /charges", body={"amount": 1})
        await ask(bank, "DELETE /charges/k")
    with bank.watched(None, look):
        await ask(bank, "DELETE /charges/k")
    await ask(bank, "DELETE /charges/k")

    assert seen == ["bank.charge#1 of 1", "bank.refund#2 of 5"]


async def test_a_held_call_is_served_when_it_is_let_go() -> None:
    """What is done meanwhile happens after the call and before its effect; other calls are not held."""
    flights = Flights()
    first, second = (asyncio.create_task(book(flights, key)) for key in "ab")
    async with flights.holding(Flights.book, nth=2) as held:
        await settle()
        while_held = (first.done(), second.done(), held.id)

    assert while_held == (True, False, "flights.book#2")
    assert (await second).status == 201


async def test_idle_waits_for_every_call() -> None:
    """A call that is held is being served."""
    flights = Flights()
    async with asyncio.TaskGroup() as group:
        group.create_task(book(flights))
        async with flights.holding(Flights.book):
            quiet = group.create_task(flights.idle())
            await settle()
            too_soon = quiet.done()
        await quiet

    assert not too_soon


# --- bookings -------------------------------------------------------------------------------------------------------


async def test_booking_again_answers_as_the_first_time() -> None:
    """Under one key there is one effect, whatever is asked for the second time."""
    testbed = set_stage(Flights)
    flights = testbed.fake(Flights.book)
    first, again = await book(flights, item="window"), await book(flights, item="aisle")

    assert (first.status, again.status) == (201, 200)
    assert first.body == again.body == {"booking": "flight_booking_window"}
    assert len(told(testbed, EffectApplied)) == len(told(testbed, EffectRepeated)) == 1


async def test_a_cancelled_key_refuses_a_late_commit() -> None:
    """The tombstone makes a compensation safe against a booking that arrives after it."""
    testbed = set_stage(Flights)
    flights = testbed.fake(Flights.book)
    nothing, late = await cancel(flights), await book(flights)

    assert (nothing.status, nothing.body["stood"]) == (200, False)
    assert (late.status, "was cancelled before" in late.body["error"]) == (409, True)
    assert len(told(testbed, Tombstoned)) == len(told(testbed, EffectRefused)) == 1
    assert told(testbed, EffectApplied) == []


async def test_cancelling_twice_undoes_once() -> None:
    """The second time there is nothing left, and the answer is as good."""
    testbed = set_stage(Flights)
    flights = testbed.fake(Flights.book)
    await book(flights)
    first, second = await cancel(flights), await cancel(flights)

    assert (first.status, first.body["stood"]) == (200, True)
    assert (second.status, second.body["stood"]) == (200, False)
    assert len(told(testbed, EffectUndone)) == 1


@pytest.mark.parametrize(
    ("key", "item", "status"), [(None, "seat", 400), ("k", "invalid seat", 422), ("k", "", 422)], ids=str
)
async def test_a_booking_that_makes_no_sense_has_no_effect(key: str | None, item: str, status: int) -> None:
    """Without a key, of what does not exist, of nothing."""
    testbed = set_stage(Flights)
    answer = await ask(testbed.fake(Flights), "POST /bookings", key=key, body={"trip": "t", "item": item})

    assert answer.status == status
    assert answer.body["error"]
    assert told(testbed, EffectApplied) == []


async def test_a_cleared_fake_counts_from_one() -> None:
    """Journal, effects and counts are gone."""
    flights = Flights()
    await book(flights)
    flights.clear()
    again = await book(flights)

    assert again.status == 201
    assert [event.call for event in flights.journal if isinstance(event, CallReceived)] == ["flights.book#1"]
