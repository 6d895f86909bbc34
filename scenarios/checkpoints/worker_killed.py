"""The worker is killed between a checkpoint and the next item, and again with one just saved: all is done once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from harness import AtPoint, Kill, Outcome, Phase, Server, WorkerProcesses
from scenarios.checkpoints import all_well
from scenarios.checkpoints.all_well import EACH_ONCE, ITEMS, told
from scenarios.checkpoints.workflow import Patience

# Scaled: the start_to_close 12 times, by which the lost worker is noticed, and the waits 50 times; the clock does not
# skip. More attempts than in production, since on a busy machine some of them are late.
IMPATIENT = Patience(
    tries=20,
    saves=20,
    first_wait=timedelta(milliseconds=20),
    answer_within=timedelta(seconds=2),
    attempt_within=timedelta(seconds=2.5),
)

scenario = replace(
    all_well.scenario,
    server=Server(),
    workers=WorkerProcesses(max_cached_workflows=0),
    deadline=timedelta(minutes=1),
    given=replace(all_well.scenario.given, patience=IMPATIENT),
    faults=[
        Kill(when=AtPoint(phase=Phase.BEFORE_BODY, activity="process_item", nth=6)),
        Kill(when=AtPoint(phase=Phase.AFTER_BODY, activity="save_checkpoint", nth=2)),
    ],
    expects=[
        Outcome(result={"processed": 13, "failed": 0, "checkpoints": 3}),
        told((ITEMS[:5], []), (ITEMS[5:10], []), (ITEMS[10:], [])),
        *EACH_ONCE,
    ],
    claims=["INC-003"],
)
