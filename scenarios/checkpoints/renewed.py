"""A run ends after six items: the next run continues after them, and so do the numbers of the checkpoints."""

from __future__ import annotations

from dataclasses import replace

from harness import HistoryBounded, Outcome, Recorded
from scenarios.checkpoints import all_well
from scenarios.checkpoints.all_well import EACH_ONCE, told

PER_RUN = 6

scenario = replace(
    all_well.scenario,
    # Scaled: production's 5,000 items a run, 1,000 a checkpoint.
    given=replace(all_well.scenario.given, items_per_run=PER_RUN, checkpoint_after=4),
    expects=[
        Outcome(result={"processed": 13, "failed": 0, "checkpoints": 5}),
        told(([0, 1, 2, 3], []), ([4, 5], []), ([6, 7, 8, 9], []), ([10, 11], []), ([12], [])),
        Recorded(event="WorkflowExecutionContinuedAsNew", count=2),
        # Six for each item, for two checkpoints and for the look at those before; five for the run itself.
        HistoryBounded(events=6 * (PER_RUN + 3) + 5),
        *EACH_ONCE,
    ],
    claims=["INC-004"],
)
