"""Where a worker process is killed: before or after the body of a call's first attempt, or at a workflow task."""

from __future__ import annotations

from harness.explore.backends.nth_delivery import WhenToldOf
from harness.explore.model.schedule import PlannedFault
from harness.faults.worker.kill import Kill
from harness.library_internals.workflow_definition import workflow_definition
from harness.scenario import Scenario
from harness.triggers.at_point import AtPoint
from harness.workers.failpoints import Phase


def kill_at(planned: PlannedFault, scenario: Scenario) -> Kill:
    """Return the fault that kills the worker at a call, in its first attempt, or at something that is heard of."""
    call = planned.call
    if planned.kind.on_event:
        return Kill(when=WhenToldOf(n=call.nth, workflow=_started_by(scenario)))
    return Kill(
        when=AtPoint(
            phase=Phase.AFTER_BODY if planned.kind.commits else Phase.BEFORE_BODY,
            activity=call.activity,
            workflow=call.workflow or _started_by(scenario),
            attempt=1,
            nth=call.nth,
        )
    )


def _started_by(scenario: Scenario) -> str | None:
    """The type of the workflow that a scenario starts."""
    for one in scenario.application.workflows:
        definition = workflow_definition(one)
        if definition.run_fn is scenario.workflow:
            return definition.name
    return None
