"""The service processes an item but answers too late: the item is given up, discarded, and reported as not done."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.items import Items
from harness import Attempts, ChildrenAccountedFor, FirstCalls, LateReply, Outcome, WindowKept
from scenarios.fan_out import all_well
from scenarios.fan_out.workflow import Batch

# Scaled to a service that is given a second, and two attempts.
PATIENCE = replace(all_well.IMPATIENT, answer_within=timedelta(seconds=1), attempts=2)

scenario = replace(
    all_well.scenario,
    # One after the other, so that it is the first item that meets the fault.
    given=Batch(items=[0, 1, 2], at_once=1, patience=PATIENCE),
    drive=None,
    # A caller that waits for longer than it may gets its answer.
    faults=[LateReply(on=Items.process, patience=timedelta(seconds=4), when=FirstCalls(n=2))],
    expects=[
        Outcome(
            result={"successful": 2, "failed": 1, "failures": [{"item": 0, "error": "ReadTimeout: Application error"}]}
        ),
        Attempts(of=Items.process, count=4),
        ChildrenAccountedFor(of=Items.process, items=range(3)),
        WindowKept(at_once=1),
    ],
    claims=(),
)
