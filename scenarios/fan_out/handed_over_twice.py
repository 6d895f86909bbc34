"""An item is handed over twice, in two runs: it is processed once, and the second entry is reported as not done."""

from __future__ import annotations

from dataclasses import replace

from fakes.items import Items
from harness import Attempts, LiveRun, Outcome, Recorded
from scenarios.fan_out import all_well
from scenarios.fan_out.workflows.hand_over import Batch, HandOver


async def drive(run: LiveRun) -> None:
    """See both children to their end."""
    await run.handle.result()
    for item in range(2):
        await run.see_to_its_end(f"{run.handle.id}:{item}")


scenario = replace(
    all_well.scenario,
    workflow=HandOver.run,
    given=Batch(items=[0, 1, 0], per_run=2, patience=all_well.IMPATIENT),
    drive=drive,
    expects=[
        Outcome(
            result={
                "failures": [{"item": 0, "error": "WorkflowAlreadyStartedError: Workflow execution already started"}]
            }
        ),
        Attempts(of=Items.process, count=2),
        # Also when the first has ended by then.
        Recorded(
            event="StartChildWorkflowExecutionInitiated",
            having={"workflowIdReusePolicy": "WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE"},
            count=3,
        ),
        Recorded(event="StartChildWorkflowExecutionFailed", count=1),
        Recorded(event="ChildWorkflowExecutionStarted", count=2),
    ],
    claims=["CHW-012"],
)
