"""How signals are delivered."""

from __future__ import annotations

import asyncio

import pytest

from harness.evidence.calls import CallName
from harness.explore.inject import deliveries
from harness.explore.inject.deliveries import SignalDeliveries
from harness.explore.model.schedule import PlannedFault, parse
from harness.explore.search.fault_points import faults_at
from tests.unit.explore.made import made


class _Sent:
    """Takes what is delivered."""

    def __init__(self, schedule: str) -> None:
        self.order: list[str] = []
        self.injected: list[PlannedFault] = []
        self.overtaken: list[str] = []
        planned = parse(schedule).faults
        self.signals = SignalDeliveries(
            named=lambda name, _number: CallName(workflow="", activity=name, nth=1),
            planned=lambda call: [one for one in planned if one.call == call],
            injected=self.injected.append,
            overtaken=lambda call: self.overtaken.append(call.activity),
        )

    async def send(self, name: str) -> None:
        """One signal."""

        async def arrives() -> None:
            await asyncio.sleep(0)
            self.order.append(name)

        await self.signals.deliver(name, arrives)


@pytest.mark.parametrize(
    ("schedule", "order"),
    [
        ("fault-free", ["a", "b", "c"]),
        ("signal-a#1:twice", ["a", "a", "b", "c"]),
        ("signal-a#1:late", ["a", "b", "c"]),
    ],
)
async def test_signals_of_one_client_come_in_the_order_in_which_it_sent_them(schedule: str, order: list[str]) -> None:
    """It sends the next when it knows that one has arrived; so one that is late delays those after it."""
    sent = _Sent(schedule)
    for name in "abc":
        await sent.send(name)

    assert sent.order == order
    assert sent.overtaken == []
    assert [str(one) for one in sent.injected] == [one for one in [schedule] if one != "fault-free"]


@pytest.mark.parametrize(
    ("schedule", "order"),
    [
        ("fault-free", ["a", "b", "c"]),
        ("signal-a#1:raced", ["b", "c", "a"]),
        ("signal-b#1:raced", ["a", "c", "b"]),
    ],
)
async def test_signals_that_are_sent_at_the_same_time_may_race(schedule: str, order: list[str]) -> None:
    """As two clients' do. None is lost."""
    sent = _Sent(schedule)
    await asyncio.gather(*(sent.send(name) for name in "abc"))

    assert sent.order == order
    assert {*sent.overtaken} == {"signal-a", "signal-b"}
    assert [str(one) for one in sent.injected] == [one for one in [schedule] if one != "fault-free"]


async def test_what_is_sent_one_after_the_other_does_not_race(monkeypatch: pytest.MonkeyPatch) -> None:
    """It waits for a while, and is then delivered before the next; the fault was not injected."""
    monkeypatch.setattr(deliveries, "OVERTAKEN_WITHIN", 0.05)
    sent = _Sent("signal-a#1:raced")
    for name in "abc":
        await sent.send(name)

    assert sent.order == ["a", "b", "c"]
    assert sent.injected == []


def test_a_signal_meets_only_what_happens_to_signals() -> None:
    """One that was acknowledged before the next was sent cannot come after it."""
    overtaken = faults_at(made("signal-a", signal=True, overtaken=True), reads=frozenset())
    last = faults_at(made("signal-b", signal=True), reads=frozenset())

    assert [one.kind.name for one in overtaken] == ["twice", "raced", "late"]
    assert [one.kind.name for one in last] == ["twice", "late"]


@pytest.mark.parametrize(
    ("schedule", "order"),
    [
        ("fault-free", ["a", "u", "b"]),
        ("update-u#1:twice", ["a", "u", "u again", "b"]),
        ("update-u#1:late", ["a", "u", "b"]),
    ],
)
async def test_an_update_comes_as_the_schedule_says(schedule: str, order: list[str]) -> None:
    """The second time before anything else."""
    sent = _Sent(schedule)

    async def update() -> str:
        sent.order.append("u")
        return "handle"

    async def again() -> None:
        sent.order.append("u again")

    await sent.send("a")
    handle = await sent.signals.update("u", update, again)
    await sent.send("b")

    assert handle == "handle"
    assert sent.order == order
    assert [str(one) for one in sent.injected] == [one for one in [schedule] if one != "fault-free"]
