"""How signals are delivered."""

from __future__ import annotations

import pytest

from harness.evidence.calls import CallName
from harness.explore.inject.deliveries import SignalDeliveries
from harness.explore.model.schedule import PlannedFault, parse
from harness.explore.search.fault_points import faults_at
from tests.unit.explore.made import made


class _Sent:
    """Takes what is delivered."""

    def __init__(self, schedule: str) -> None:
        self.order: list[str] = []
        self.injected: list[PlannedFault] = []
        planned = parse(schedule).faults
        self.signals = SignalDeliveries(
            named=lambda name, _number: CallName(workflow="", activity=name, nth=1),
            planned=lambda call: [one for one in planned if one.call == call],
            injected=self.injected.append,
        )

    async def send(self, name: str) -> None:
        """One signal."""

        async def arrives() -> None:
            self.order.append(name)

        await self.signals.deliver(name, arrives)


@pytest.mark.parametrize(
    ("schedule", "order"),
    [
        ("fault-free", ["a", "b", "c"]),
        ("signal-a#1:twice", ["a", "a", "b", "c"]),
        ("signal-a#1:swapped", ["b", "a", "c"]),
        ("signal-a#1:late", ["b", "c", "a"]),
        ("signal-c#1:swapped", ["a", "b", "c"]),
    ],
)
async def test_a_signal_comes_as_the_schedule_says(schedule: str, order: list[str]) -> None:
    """None is lost."""
    sent = _Sent(schedule)
    for name in "abc":
        await sent.send(name)
    await sent.signals.rest()

    assert sent.order == order
    assert [str(one) for one in sent.injected] == [one for one in [schedule] if one != "fault-free"]


def test_a_signal_meets_only_what_happens_to_signals() -> None:
    """The last of them cannot come after the next."""
    followed = faults_at(made("signal-a", signal=True, followed=True), reads=frozenset())
    last = faults_at(made("signal-b", signal=True), reads=frozenset())

    assert [one.kind.name for one in followed] == ["twice", "swapped", "late"]
    assert [one.kind.name for one in last] == ["twice", "late"]


@pytest.mark.parametrize(
    ("schedule", "order"),
    [
        ("fault-free", ["a", "u", "b"]),
        ("update-u#1:twice", ["a", "u", "u again", "b"]),
        ("update-u#1:late", ["a", "u", "b"]),
        ("signal-a#1:swapped", ["u", "b", "a"]),
    ],
)
async def test_an_update_comes_as_the_schedule_says(schedule: str, order: list[str]) -> None:
    """The second time before anything else, and what is swapped is swapped among signals."""
    sent = _Sent(schedule)

    async def update() -> str:
        sent.order.append("u")
        return "handle"

    async def again() -> None:
        sent.order.append("u again")

    await sent.send("a")
    handle = await sent.signals.update("u", update, again)
    await sent.send("b")
    await sent.signals.rest()

    assert handle == "handle"
    assert sent.order == order
    assert [str(one) for one in sent.injected] == [one for one in [schedule] if one != "fault-free"]
