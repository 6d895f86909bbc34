"""Redis cannot be reached for a while: the order waits for it and takes its units once it is back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.redis import Redis
from harness import After, AtStart, Outage, Outcome, Window
from scenarios.stock import answers_reset

scenario = replace(
    answers_reset.scenario,
    faults=[Outage(on=Redis, when=Window(opens=AtStart(), closes=After(delay=timedelta(seconds=0.5))))],
    expects=[Outcome(result=3)],
)
