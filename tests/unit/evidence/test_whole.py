"""Kept evidence with a hole proves nothing: what is missing may be what an oracle looks for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from harness import Outcome, Scenario, Verdict
from harness.events import Replayed, WorkflowClosed, WorkflowStarted
from harness.evidence.evidence import Evidence
from harness.evidence.history import History
from harness.evidence.whole import missing
from harness.judge import judge_kept
from harness.redaction.active import active
from scenarios.saga import all_well
from tests.unit.builders import closed, completed, decided_by, evidence, history, recorded


def _cut(whole: History, first: int, last: int) -> History:
    return replace(whole, events=tuple(one for one in whole.events if not first <= one.id <= last))


def _then(run_id: str, *, following: str) -> History:
    return history(recorded("WORKFLOW_EXECUTION_CONTINUED_AS_NEW", newExecutionRunId=following), run_id=run_id)


def _after(before: str, *, run_id: str) -> History:
    one = completed(run_id=run_id)
    first = replace(one.events[0], attributes={**one.events[0].attributes, "continuedExecutionRunId": before})
    return replace(one, events=(first, *one.events[1:]))


STARTED = WorkflowStarted(workflow="BookTrip", workflow_id="trip-1", run_id="run-1")
CLOSED = WorkflowClosed(workflow_id="trip-1", status="Completed")
CHILD = recorded("CHILD_WORKFLOW_EXECUTION_STARTED", workflowExecution={"workflowId": "child", "runId": "run-c"})
CHILD_DONE = recorded("CHILD_WORKFLOW_EXECUTION_COMPLETED", workflowExecution={"workflowId": "child", "runId": "run-c"})


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        (evidence(_cut(decided_by(1), 5, 5)), "the history of trip-1 has event 6 where event 5 belongs"),
        (evidence(_cut(decided_by(1), 3, 5)), "the history of trip-1 has event 6 where event 3 belongs"),
        (evidence(_cut(decided_by(1), 1, 1)), "the history of trip-1 has event 2 where event 1 belongs"),
        (evidence(_cut(decided_by(1), 1, 9)), "the history of trip-1, run run-1, has no events"),
        (evidence(CLOSED, _cut(decided_by(1), 6, 6)), "trip-1 has no close event, although it has closed"),
        (evidence(_after("run-1", run_id="run-2")), "no history of run run-1 of trip-1, the one before run run-2"),
        (evidence(_then("run-1", following="run-2")), "no history of run run-2 of trip-1, the one after run run-1"),
        (evidence(STARTED), "no history of run run-1 of trip-1, which the run started"),
        (evidence(history(CHILD)), "no history of the child child of trip-1"),
        (
            evidence(history(CHILD, CHILD_DONE), history(workflow_id="child", run_id="run-c")),
            "the history of child has no close event, although it has closed",
        ),
    ],
)
def test_a_hole_is_named(kept: Evidence, said: str) -> None:
    """Events cut out, a history cut short, and runs that are gone."""
    assert said in "\n".join(missing(kept))


@pytest.mark.parametrize(
    "kept",
    [
        evidence(STARTED, CLOSED, decided_by(1)),
        evidence(STARTED, history()),
        evidence(STARTED, CLOSED, _then("run-1", following="run-2"), _after("run-1", run_id="run-2")),
        evidence(history(CHILD, CHILD_DONE), closed("FAILED", workflow_id="child", run_id="run-c")),
        evidence(history(CHILD), history(workflow_id="child", run_id="run-c")),
    ],
)
def test_what_is_whole_has_no_hole(kept: Evidence) -> None:
    """Neither a workflow that did not end, nor a chain, nor a child that was abandoned is a hole."""
    assert [*missing(kept)] == []


def test_a_kept_run_with_a_hole_is_not_judged() -> None:
    """It would pass without the hole, and with it, for what is cut out here is not what was expected."""
    replayed = Replayed(workflow_id="trip-1", run_id="run-1", error=None)
    whole = evidence(STARTED, CLOSED, decided_by(1), replayed)
    scenario: Scenario = replace(all_well.scenario, expects=[Outcome()], faults=[])
    cut = replace(whole, histories=(_cut(decided_by(1), 5, 5),))

    assert judge_kept(scenario, whole, active().fresh()) == ()
    [one] = judge_kept(scenario, cut, active().fresh())
    assert (one.oracle, one.verdict) == ("run", Verdict.INCONCLUSIVE)
    assert one.title.startswith("the kept run is not whole, so it cannot be judged: the history of trip-1 has event 6")
