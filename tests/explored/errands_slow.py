"""How an order is explored whose child goes on for longer than a run may take."""

from __future__ import annotations

from datetime import timedelta

from harness import Clock, Target
from tests.explored import errands

target = Target(
    workflows=[errands.SlowOrder, errands.Wait],
    workflow=errands.SlowOrder.run,
    given=str,
    clock=Clock.REAL,
    deadline=timedelta(seconds=1),
)
