"""A window of children is never exceeded, and full while there are others to come."""

from __future__ import annotations

from typing import Any

import pytest

from harness import UsageError, Verdict, WindowKept
from harness.evidence.history import History
from tests.unit.builders import completed, history, judged, recorded

TWO = WindowKept(at_once=2)


def run(text: str) -> History:
    """A run in a few letters: a task "t", a child asked for by it "+", one that ends "-", one that is refused "x"."""
    events: list[dict[str, Any]] = []
    task = 2
    for letter in text.replace(" ", ""):
        # Numbered from 3: a start and a first task come before.
        number = len(events) + 3
        if letter == "t":
            task = number
            events.append(recorded("WORKFLOW_TASK_COMPLETED"))
        elif letter == "+":
            events.append(recorded("START_CHILD_WORKFLOW_EXECUTION_INITIATED", workflowTaskCompletedEventId=str(task)))
        elif letter == "-":
            events.append(recorded("CHILD_WORKFLOW_EXECUTION_COMPLETED"))
        else:
            events.append(recorded("START_CHILD_WORKFLOW_EXECUTION_FAILED"))
    return history(*events)


@pytest.mark.parametrize("text", ["++ -t+ -t -t", "++ --t++ --t", "++ xt+ --t", "++ t -t+ --t"])
def test_a_window_that_slides_is_acquitted(text: str) -> None:
    """Whatever ends makes place for the next, several at a time if they end together; a refusal is an end."""
    assert judged(TWO, run(text)) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+++ ---t", "3 children"),
        ("++ -t++ --t", "3 children"),
        ("++ -t -t++ --t", "1 child"),
        ("+ t+ -t+ --t", "1 child"),
    ],
)
def test_another_number_is_convicted(text: str, number: str) -> None:
    """Also for one task only, and batches are no window."""
    found = judged(TWO, run(text))

    assert [one.verdict for one in found] == [Verdict.FAILED] * len(found)
    assert found[0].title.startswith(f"{number} ran at once, expected 2: wrong after ")


def test_the_next_run_begins_anew() -> None:
    """At the end of a run there may be fewer, though others follow in the next."""
    assert judged(TWO, run("++ -t+ -t -t"), run("++ --t")) == []


@pytest.mark.parametrize("given", [run("++ --t"), completed()])
def test_few_children_prove_nothing(given: History) -> None:
    """A window has them all."""
    (found,) = judged(TWO, given)

    assert found.verdict is Verdict.INCONCLUSIVE


def test_no_window_is_refused() -> None:
    """Of no children."""
    with pytest.raises(UsageError, match="at_once must be >= 1, got 0"):
        WindowKept(at_once=0)
