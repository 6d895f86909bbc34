"""Two items of ten are refused: the batch fails, with the items and the reasons in its details."""

from __future__ import annotations

from dataclasses import replace

from fakes.items import Items
from harness import Attempts, FirstCalls, HttpError, Outcome, Recorded, Status
from scenarios.parallel import one_in_ten_refused
from scenarios.parallel._told import Told

scenario = replace(
    one_in_ten_refused.scenario,
    faults=[HttpError(on=Items.process, status=400, when=FirstCalls(n=2))],
    expects=[
        Outcome(status=Status.FAILED, failure=("application BatchFailed",)),
        Recorded(
            event="WorkflowExecutionFailed",
            having={
                "failure": {
                    "message": "Batch processing failed: 2 items",
                    "applicationFailureInfo": {"type": "BatchFailed", "nonRetryable": True},
                }
            },
            count=1,
        ),
        Told(
            done=range(2, 10),
            failed=[{"item": item, "error": "Refused: the service answered 400"} for item in range(2)],
        ),
        # All of them, although two had failed.
        Attempts(of=Items.process, count=10),
    ],
    claims=["PAR-004"],
)
