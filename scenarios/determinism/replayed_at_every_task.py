"""A worker that remembers nothing replays the run at each of its tasks: chance, clock and ids come out the same."""

from __future__ import annotations

from dataclasses import replace

from fakes.bookkeeping import Bookkeeping
from harness import AtMostOnce, FirstCalls, HttpError, LostReply, Recorded, WorkerProcesses
from scenarios.determinism import all_well

scenario = replace(
    all_well.scenario,
    workers=WorkerProcesses(max_cached_workflows=0),
    faults=[
        LostReply(on=Bookkeeping.post, when=FirstCalls(n=1)),
        HttpError(on=Bookkeeping.print, status=503, when=FirstCalls(n=1)),
    ],
    expects=[
        *all_well.scenario.expects,
        Recorded(event="WorkflowTaskFailed", count=0),
        # The lost answer's, and that of the printing that was refused.
        Recorded(event="ActivityTaskStarted", having={"attempt": 2}, count=2),
        # Under the key that the workflow drew, also in the second attempt.
        AtMostOnce(of=Bookkeeping.post, per="number"),
    ],
    claims=["DET-004"],
)
