"""The worker is killed before it writes the second letter, and no workflow is cached: another writes it, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.items import Items
from harness import AtPoint, FirstCalls, HttpError, Kill, Outcome, Phase, Server, WorkerProcesses
from scenarios.dead_letters import all_well, service_down
from scenarios.dead_letters.workflow import Patience

# Scaled: the write's start_to_close 30 times to 2 s, by which the lost worker is noticed, and the waits 100 times. The
# clock does not skip.
IMPATIENT = Patience(
    first_wait=timedelta(milliseconds=20),
    write_within=timedelta(seconds=2),
    write_first_wait=timedelta(milliseconds=50),
)

scenario = replace(
    all_well.scenario,
    server=Server(),
    workers=WorkerProcesses(max_cached_workflows=0),
    given=replace(all_well.BATCH, patience=IMPATIENT),
    faults=[
        HttpError(on=Items.process, status=500, when=FirstCalls(n=8)),
        Kill(when=AtPoint(phase=Phase.BEFORE_BODY, activity="write_dead_letter", attempt=1, nth=2)),
    ],
    expects=[
        Outcome(result={"successful": 2, "failed": 2, "dlq_count": 2, "failures": [0, 1]}),
        service_down.DEAD,
        all_well.ACCOUNTED_FOR,
    ],
    claims=["DLQ-008"],
)
