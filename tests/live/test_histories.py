"""Every run of every workflow that belongs to the scenario's is collected and replayed, and none is left open."""

from __future__ import annotations

from collections import Counter

from temporalio.client import WorkflowExecutionStatus

from harness import Application, Outcome, Scenario, Verdict
from harness.environment.open import Environment
from harness.events import Replayed, WorkflowClosed
from tests.live.apps.family import Child, Grandchild, Parent, Stays
from tests.live.conftest import Run

FAMILY = Scenario(
    application=Application(workflows=[Parent, Child, Grandchild, Stays]),
    workflow=Parent.run,
    expects=[Outcome(result="done")],
)


async def test_a_family_over_several_lives(run: Run, harness_environment: Environment) -> None:
    """Continued-as-new runs, children, their children and their later runs: all histories are there, all replay."""
    result = await run(FAMILY)

    assert result.verdict is Verdict.PASSED, "\n".join(map(str, result.findings))
    counted = Counter(history.workflow for history in result.evidence.histories)
    assert counted == {"Parent": 3, "Child": 4, "Grandchild": 2, "Stays": 2}
    assert len(result.evidence.of(Replayed)) == 11
    assert [event.status for event in result.evidence.of(WorkflowClosed)] == ["Completed"]
    client = harness_environment.temporal.client
    for workflow_id in {history.workflow_id for history in result.evidence.histories}:
        status = (await client.get_workflow_handle(workflow_id).describe()).status
        assert status is not WorkflowExecutionStatus.RUNNING, workflow_id
