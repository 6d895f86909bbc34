"""accounted_for: every item is delivered, dead-lettered or still pending, and one of them only."""

from __future__ import annotations

from typing import Any

import pytest

from fakes.dead_letters import DeadLetters
from fakes.items import Items
from harness import AccountedFor, UsageError, Verdict
from harness.events import Event, Kept
from tests.unit.builders import answered, applied, closed, completed, discarded, judged, processed, received, verdict_of

ORACLE = AccountedFor(items=[0, 1], of=Items.process, dead_letters=DeadLetters)


def letter(item: Any, *, nth: int = 1) -> Kept:
    """A message about an item."""
    return Kept(service="dead_letters", key=f"b:{item}:{nth}", body={"item": item})


def refused(item: Any, *numbers: int) -> list[Event]:
    """Calls about an item that took no effect."""
    return [
        event
        for nth in numbers
        for event in (
            received("items.process", f"b:{item}", nth=nth, body={"batch": "b", "item": item}),
            answered("items.process", 500, nth=nth),
        )
    ]


@pytest.mark.parametrize(
    "parts",
    [
        [processed(0, nth=1), processed(1, nth=2), completed()],
        [processed(0, nth=1), refused(1, 2, 3, 4), letter(1), completed()],
        [processed(0, nth=1), refused(1, 2, 3), closed("CANCELED")],
        [processed(0, nth=1), closed("TERMINATED")],
        [processed(0, nth=1), processed(0, nth=2, again=True), processed(1, nth=3), completed()],
        [processed(0, nth=1), discarded(0), letter(0), processed(1, nth=2), completed()],
    ],
    ids=["delivered", "dead", "pending", "never asked for, and pending", "asked for twice", "taken back, then dead"],
)
def test_acquits(parts: list[Any]) -> None:
    """One place for each item."""
    assert judged(ORACLE, *parts) == []


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ([processed(0, nth=1), completed()], "1: 0 calls"),
        ([processed(0, nth=1), refused(1, 2, 3, 4), completed()], "1: 3 calls"),
        ([processed(0, nth=1), refused(1, 2, 3, 4), closed("TERMINATED")], "1: 3 calls"),
        ([processed(0, nth=1), refused(1, 2), completed()], "1: 1 call,"),
        (
            [processed(0, nth=1), processed(1, nth=2), letter(1), completed()],
            "1: 1 delivery and 1 message",
        ),
        (
            [processed(0, nth=1), letter(1), letter(1, nth=2), completed()],
            "1: 0 deliveries and 2 messages",
        ),
        ([processed(0, nth=1), processed(1, nth=2), letter(2), completed()], "2"),
    ],
    ids=["left behind", "given up", "given up, then terminated", "forgotten", "both", "written twice", "made up"],
)
def test_convicts(parts: list[Any], text: str) -> None:
    """Lost, or there more than once."""
    findings = judged(ORACLE, *parts)

    assert [finding.verdict for finding in findings] == [Verdict.FAILED]
    assert text in findings[0].detail


def test_an_item_delivered_under_two_keys_is_there_twice() -> None:
    """Whatever key it carried."""
    on, body = "items.process", {"batch": "b", "item": 1}
    again = [received(on, "other", nth=3, body=body), applied(on, "other", nth=3), answered(on, nth=3)]

    [finding] = judged(ORACLE, processed(0, nth=1), processed(1, nth=2), again, completed())

    assert "1: 2 deliveries" in finding.detail


def test_a_message_that_names_no_item_is_told() -> None:
    """Nobody can say what it stands for."""
    strange = Kept(service="dead_letters", key="k", body="oops")

    assert verdict_of(judged(ORACLE, processed(0, nth=1), processed(1, nth=2), strange, completed())) is Verdict.FAILED


def test_cannot_tell_without_any_item() -> None:
    """Neither calls nor messages."""
    assert verdict_of(judged(ORACLE, completed())) is Verdict.INCONCLUSIVE


def test_wants_items_and_tries() -> None:
    """Else there is nothing to account for."""
    with pytest.raises(UsageError, match="items must not be empty and tries must be >= 1"):
        AccountedFor(items=[], of=Items.process, dead_letters=DeadLetters)
