"""Names that match no call are refused once the run without any fault is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from temporalio import workflow

from harness import ExploredRun, Target
from harness.events import Event, WorkflowTaskStuck
from harness.evidence.schedule_events import DriverFailed
from harness.evidence.worker_built import WorkerBuilt
from harness.explore.model.schedule import parse
from harness.explore.search.selection import unmatched_names
from tests.unit.explore.made import made, ran


@workflow.defn
class Parent:
    """Starts a child, and receives a signal."""

    @workflow.run
    async def run(self) -> None:
        """Do nothing."""

    @workflow.signal
    async def pay(self) -> None:
        """Do nothing."""


@workflow.defn
class Child:
    """Is started by the other one."""

    @workflow.run
    async def run(self) -> None:
        """Do nothing."""


CALLS = (made("charge", order=1), made("Child", order=2, child=True), made("elsewhere", order=3))


def fault_free(*events: Event, activities: tuple[str, ...] = ("charge", "refund")) -> ExploredRun:
    """The run without any fault, of a worker with these activities."""
    known = ran(calls=CALLS).evidence
    return ExploredRun(replace(known, events=(*known.events, WorkerBuilt(worker="w", activities=activities), *events)))


def unmatched(*, only: Sequence[str] = (), run: ExploredRun | None = None, **said: Any) -> list[str]:
    """What is said of schedules and patterns."""
    target = Target(workflows=[Parent, Child], workflow=Parent.run, **said)
    return [*unmatched_names(target, run or fault_free(), only=[parse(one) for one in only])]


@pytest.mark.parametrize(
    "pattern",
    [
        "charge#*:lost",
        "refund#1:*",
        "elsewhere#*:lost",
        "*:cancelled",
        "ref*:lost",
        "signal-pay#*:twice",
        "timer#*:cancelled",
        "event#*:cancelled_after",
        "Child#*:lost_last",
        "Child/charge#*:lost",
        "charge#1:lost*",
    ],
)
def test_a_pattern_that_some_call_can_match_is_accepted(pattern: str) -> None:
    """Also a call that only a fault brings about, such as that of a compensation."""
    assert unmatched(without=[pattern]) == []


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("chrage#*:lost", "unknown call 'chrage'. Did you mean 'charge'?"),
        ("refnd*:lost", "unknown call 'refnd*'. Did you mean 'refund'?"),
        ("signal-pya#*:twice", "Did you mean 'signal-pay'?"),
        ("Parent/charge#*:lost", "unknown call 'Parent/charge'"),
        ("charge#*:twice", "twice cannot be injected at charge (activity or local_activity). Available there: "),
        ("charge#*:http_*", "cannot be injected at charge"),
    ],
)
def test_a_pattern_that_no_call_can_match_is_refused(pattern: str, told: str) -> None:
    """It would leave nothing out."""
    [problem] = unmatched(without=[pattern])

    assert problem.startswith(f"{pattern!r} in `without`: ")
    assert told in problem


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("chrage#1:lost", "unknown call 'chrage'. Did you mean 'charge'?"),
        ("charge#1:twice", "twice cannot be injected at charge"),
        ("Parent/charge#1:lost", "unknown calling workflow 'Parent'"),
    ],
)
def test_a_schedule_of_a_call_that_nobody_makes_is_refused(name: str, told: str) -> None:
    """Its fault would never be injected."""
    [problem] = unmatched(only=[name])

    assert problem.startswith(f"--only {name}: ")
    assert told in problem


def test_all_of_them_are_named_at_once() -> None:
    """A second try to learn of the second is one too many."""
    assert len(unmatched(only=["a#1:lost", "b#1:lost"], without=["c#*:lost"])) == 3


def test_a_dynamic_activity_has_any_name() -> None:
    """So nothing is known to be wrong."""
    assert unmatched(without=["chrage#*:lost"], run=fault_free(activities=("charge", "*"))) == []


@pytest.mark.parametrize(
    "event",
    [
        DriverFailed(what="RPCError: Namespace default has no mapping defined for search attribute OrderId"),
        WorkflowTaskStuck(
            workflow_id="w",
            cause="BAD_SEARCH_ATTRIBUTES",
            message="BadSearchAttributes: Namespace default has no mapping defined for search attribute OrderId",
            stack="",
        ),
    ],
)
def test_an_undeclared_search_attribute_is_asked_for(event: Event) -> None:
    """With the line to add: it is no mistake of the application's."""
    [problem] = unmatched(run=fault_free(event))

    assert 'search_attributes=[SearchAttributeKey.for_keyword("OrderId")]' in problem
