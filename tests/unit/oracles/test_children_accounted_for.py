"""Every child that was asked for has started and ended, and every item is done once or told as not done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from fakes.items import Items
from harness import ChildrenAccountedFor, UsageError, Verdict
from harness.events import Event
from harness.evidence.history import History, read_history
from tests.unit.builders import applied, discarded, history_json, judged, payload, processed, received, recorded

BOTH = ChildrenAccountedFor(of=Items.process, items=[0, 1])
STARTED = ChildrenAccountedFor(of=Items.process, items=[0, 1], done="started", awaited=False)


def parent(
    result: Any = None, *, how: str = "COMPLETED", asked: int = 2, started: int = 2, refused: Sequence[int] = ()
) -> History:
    """A parent that asked for so many children, of which the first so many started."""
    events = [recorded("WORKFLOW_EXECUTION_STARTED"), recorded("WORKFLOW_TASK_COMPLETED")]
    first = len(events) + 1
    events += [recorded("START_CHILD_WORKFLOW_EXECUTION_INITIATED", workflowId=f"child-{one}") for one in range(asked)]
    events += [
        recorded("CHILD_WORKFLOW_EXECUTION_STARTED", initiatedEventId=str(first + one)) for one in range(started)
    ]
    events += [recorded("START_CHILD_WORKFLOW_EXECUTION_FAILED", initiatedEventId=str(first + one)) for one in refused]
    if how:
        given = {} if result is None else {"result": {"payloads": [payload(result)]}}
        events.append(recorded(f"WORKFLOW_EXECUTION_{how}", **given))
    return read_history(history_json(*events), workflow_id="batch", run_id="run-1")


def child(item: int, how: str = "COMPLETED") -> History:
    """A child and how it ended; "" for not yet."""
    given = {"payloads": [payload({"batch": "batch", "item": item})]}
    events = [recorded("WORKFLOW_EXECUTION_STARTED", input=given)]
    events += [recorded(f"WORKFLOW_EXECUTION_{how}")] if how else []
    return read_history(history_json(*events), workflow_id=f"child-{item}", run_id=f"run-{item}")


def told(*done: int, failed: Sequence[int] = (), name: str = "results") -> dict[str, Any]:
    """A result that tells of these items."""
    return {name: [{"item": one} for one in done], "failures": [{"item": one} for one in failed]}


DONE: list[Event] = [*processed(0, nth=1), *processed(1, nth=2)]


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param([DONE, parent(told(0, 1)), child(0), child(1)], id="both done"),
        pytest.param([processed(0, nth=1), parent(told(0, failed=[1])), child(0), child(1, "FAILED")], id="one failed"),
        pytest.param(
            [DONE, discarded(1), parent(told(0, failed=[1])), child(0), child(1, "FAILED")], id="one discarded"
        ),
        pytest.param(
            [processed(0, nth=1), parent(told(0, failed=[1]), started=1, refused=[1]), child(0)], id="one refused"
        ),
        pytest.param(
            [processed(0, nth=1), parent(how="CANCELED"), child(0), child(1, "CANCELED")], id="cancelled with its child"
        ),
        pytest.param([processed(0, nth=1), parent(how="TERMINATED", asked=1, started=1), child(0)], id="one not begun"),
    ],
)
def test_what_is_accounted_for_is_acquitted(parts: Sequence[Any]) -> None:
    """Done and told, not done and told, or told by the child of a parent that could not."""
    assert judged(BOTH, *parts) == []


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        pytest.param([DONE, parent(told(0)), child(0), child(1)], "reported 0 times as done", id="not told"),
        pytest.param([DONE, parent(told(0, 1, 1)), child(0), child(1)], "reported twice as done", id="told twice"),
        pytest.param(
            [DONE, parent(told(0, failed=[1])), child(0), child(1)], "1: 1 effect", id="done, told as not done"
        ),
        pytest.param(
            [processed(0, nth=1), parent(told(0, 1)), child(0), child(1)], "1: 0 effects;", id="lost, told as done"
        ),
        pytest.param(
            [
                DONE,
                received(Items.process, "other", nth=3, body={"batch": "b", "item": 1}),
                applied(Items.process, "other", nth=3),
                parent(told(0, 1)),
                child(0),
                child(1),
            ],
            "1: 2 effects;",
            id="doubled",
        ),
        pytest.param(
            [processed(0, nth=1), parent(how="FAILED"), child(0), child(1, "TERMINATED")],
            "its child: Terminated",
            id="terminated with its parent",
        ),
        pytest.param(
            [processed(0, nth=1), parent(how="FAILED", asked=1, started=1), child(0)], "its child: none", id="not begun"
        ),
        pytest.param([DONE, parent(how="CANCELED"), child(0), child(1, "CANCELED")], "1: 1 effect", id="left behind"),
    ],
)
def test_what_is_not_accounted_for_is_convicted(parts: Sequence[Any], says: str) -> None:
    """The finding says what stands, what is told, and how the child ended."""
    (found,) = judged(BOTH, *parts)

    assert found.verdict is Verdict.FAILED
    assert found.title == "1 of 2 items not accounted for: 1."
    assert says in found.detail


def test_a_child_that_never_started_is_convicted() -> None:
    """Its parent had ended in the task that asked for it."""
    found = judged(STARTED, processed(0, nth=1), parent(told(0, 1, name="started"), started=1), child(0))

    assert found[0].title == "1 of 2 requested children never started: child-1."
    assert found[0].detail == "child-1: requested by event 4, never started"


def test_a_child_left_open_is_convicted() -> None:
    """Also when its effect stands already."""
    found = judged(BOTH, DONE, parent(told(0, 1)), child(0), child(1, ""))

    assert found[0].title == "1 of 2 children still running at the end: child-1."


def test_what_is_no_item_is_convicted() -> None:
    """Told or done."""
    (found,) = judged(BOTH, DONE, parent(told(0, 1, 7)), child(0), child(1))

    assert found.title == "1 unknown item done or reported: 7."


def test_a_child_that_nobody_awaits_tells_of_itself() -> None:
    """It may fail; terminated, it has told nobody."""
    result = told(0, 1, name="started")

    assert judged(STARTED, processed(0, nth=1), parent(result), child(0), child(1, "FAILED")) == []
    (found,) = judged(STARTED, processed(0, nth=1), parent(result), child(0), child(1, "TERMINATED"))
    assert found.verdict is Verdict.FAILED


@pytest.mark.parametrize("given", [parent(how=""), parent(asked=0, started=0)])
def test_nothing_can_be_told(given: History) -> None:
    """Of a workflow that has not ended, or has asked for no child."""
    (found,) = judged(BOTH, given)

    assert found.verdict is Verdict.INCONCLUSIVE


@pytest.mark.parametrize("items", [[], [1, 1]])
def test_items_are_wanted_once(items: list[int]) -> None:
    """At least one."""
    with pytest.raises(UsageError, match="items must name each item once"):
        ChildrenAccountedFor(of=Items.process, items=items)
