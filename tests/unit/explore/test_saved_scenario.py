"""A schedule as a scenario: what it is built from, and how it is judged."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from harness import undone_on_failure
from harness.catalog import Entry
from harness.errors import UsageError
from harness.evidence.history import Status
from harness.explore.crash_everywhere import crash_free
from harness.explore.model.explored_run import ExploredRun
from harness.explore.model.invariant import Invariant
from harness.explore.saved_scenario import InvariantsHold, explored_scenario
from harness.judge import judge
from harness.library_internals.skipping_clock import AVAILABLE
from harness.run.scenario_run import HasSubject
from harness.scenario import Scenario
from harness.temporal.requirements import Clock
from harness.verdict import Verdict
from tests.unit.explore.made import effect, ran

SHOP = "tests/explored/shop_target.py"


UNDONE = undone_on_failure("charge", "refund")
LEFT: dict[str, Any] = {"status": Status.FAILED, "schedule": "ship#1:non_retryable"}


def verdicts(scenario: Scenario, run: ExploredRun) -> list[tuple[str, Verdict]]:
    """What the judge finds in a run of it."""
    return [(one.oracle, one.verdict) for one in judge(scenario, run.evidence)]


def test_it_is_judged_by_the_invariants_of_its_target() -> None:
    """Each finding has the invariant's name, with what every run must do; advice is left out."""
    advice = Invariant(name="nicer", check=lambda _: "could be nicer", advisory=True)
    scenario = replace(
        explored_scenario(SHOP, "ship#1:non_retryable"), expects=[InvariantsHold(invariants=[UNDONE, advice])]
    )

    assert verdicts(scenario, ran(effect("charge"), effect("refund"), **LEFT)) == []
    assert verdicts(scenario, ran(effect("charge"), **LEFT)) == [(UNDONE.name, Verdict.FAILED)]
    assert verdicts(scenario, ran(**{**LEFT, "reached": ()})) == [("fault_not_fired", Verdict.INCONCLUSIVE)]


def test_a_compensation_that_is_made_to_fail_permanently_is_no_failure() -> None:
    """As in the exploration that found the schedule; an invariant that fails itself says nothing."""
    schedule = "ship#1:non_retryable,refund#1:non_retryable"
    crashes = Invariant(name="crashes", check=lambda _: str(1 // 0))
    scenario = replace(explored_scenario(SHOP, schedule), expects=[InvariantsHold(invariants=[UNDONE])])
    crashing = replace(scenario, expects=[InvariantsHold(invariants=[crashes, UNDONE])])

    assert verdicts(scenario, ran(effect("charge"), **{**LEFT, "schedule": schedule})) == []
    assert verdicts(crashing, ran(**{**LEFT, "schedule": schedule})) == [("crashes", Verdict.INCONCLUSIVE)]


def test_it_is_a_scenario_of_the_target_s_application() -> None:
    """With the clock that the target wants."""
    made = explored_scenario(SHOP, "charge#1:lost_last")

    assert isinstance(made, HasSubject)
    assert made.workflow_name == "PlaceOrder.run"
    assert str(made.schedule) == "charge#1:lost_last"
    assert made.server.clock is (Clock.SKIPPING if AVAILABLE else Clock.REAL)


@pytest.mark.parametrize(
    ("target", "schedule", "told"),
    [
        ("saga/all_well", "a#1:lost", "a scenario is run by its own name"),
        (SHOP, "charge", "not the name of a fault"),
        ("nothing_target.py", "a#1:lost", "does not exist"),
    ],
)
def test_a_mistake_is_told(target: str, schedule: str, told: str) -> None:
    """As the gate loads the file."""
    with pytest.raises(UsageError, match=told):
        explored_scenario(target, schedule)


def test_it_is_not_crashed_everywhere() -> None:
    """Its worker is the exploration's."""
    made = explored_scenario(SHOP, "charge#1:lost_last")

    with pytest.raises(UsageError, match="its worker cannot be killed"):
        crash_free(Entry(name="found/one", path=__file__, summary="", scenario=made))  # type: ignore[arg-type]
