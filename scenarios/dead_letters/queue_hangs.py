"""The queue hangs for one write: the caller waits no longer than it said, and the letter is written once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

from fakes.dead_letters import DeadLetters
from fakes.items import Items
from harness import AtPoint, AtStart, Contents, FirstCalls, HttpError, Outcome, Phase, Recorded, Timeout, Window
from scenarios.dead_letters import all_well
from scenarios.dead_letters.activities import item_activities

FOR_ONE_WRITE = Window(
    opens=AtStart(), closes=AtPoint(phase=Phase.BEFORE_BODY, activity="write_dead_letter", attempt=2)
)

scenario = replace(
    all_well.scenario,
    application=replace(
        all_well.scenario.application,
        # A request really takes what it takes: its limit is scaled 20 times.
        activities=partial(item_activities, **all_well.FOR_ANYBODY, queue_answers_within=timedelta(seconds=1)),
    ),
    # Without its own limit, a write would go on until it is cut off after its minute.
    deadline=timedelta(seconds=30),
    faults=[
        HttpError(on=Items.process, status=500, when=FirstCalls(n=3)),
        Timeout(on=DeadLetters, when=FOR_ONE_WRITE),
    ],
    expects=[
        Outcome(result={"successful": 3, "failed": 1, "dlq_count": 1, "failures": [0]}),
        Recorded(event="ActivityTaskStarted", having={"attempt": 2}, count=1),
        Contents(of=DeadLetters, per="item", values=[0]),
        all_well.ACCOUNTED_FOR,
    ],
    claims=(),
)
