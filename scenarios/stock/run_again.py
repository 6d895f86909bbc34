"""The units are taken, but the run fails for want of the answer: its retry asks under the same key, and takes none."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from temporalio.common import RetryPolicy

from fakes.redis import Redis
from harness import AtPoint, AtStart, Outcome, Phase, Recorded, Reset, StartOptions, Window
from scenarios.stock import connections_reset

scenario = replace(
    connections_reset.scenario,
    # A second attempt would come when the run's time is over, so the first one that fails fails the run.
    given=replace(connections_reset.scenario.given, first_wait=timedelta(minutes=1)),
    start=StartOptions(
        run_timeout=timedelta(seconds=20), retry_policy=RetryPolicy(initial_interval=timedelta(milliseconds=20))
    ),
    faults=[
        Reset(
            on=Redis,
            when=Window(opens=AtStart(), closes=AtPoint(phase=Phase.BEFORE_BODY, activity="take", nth=2)),
        )
    ],
    expects=[Outcome(result=3), Recorded(event="WorkflowExecutionFailed", count=1)],
)
