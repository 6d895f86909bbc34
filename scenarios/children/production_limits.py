"""Nothing fails, with production's limits as they are: the children are started under them."""

from __future__ import annotations

from dataclasses import replace

from harness import Outcome, Recorded
from scenarios.children import all_well
from scenarios.children.workflow import Batch, Order

scenario = replace(
    all_well.scenario,
    given=Batch(orders=[Order(id="A", cents=4_200)]),
    expects=[
        Outcome(result={"successful": ["A"], "failed": []}),
        Recorded(
            event="StartChildWorkflowExecutionInitiated",
            having={
                "parentClosePolicy": "PARENT_CLOSE_POLICY_ABANDON",
                "retryPolicy": {"initialInterval": "2s", "backoffCoefficient": 2.0, "maximumAttempts": 3},
            },
            count=1,
        ),
    ],
    claims=(),
)
