"""How an expense is explored: its signals come late and twice."""

from __future__ import annotations

from harness import Drive, Target, at_most_once
from tests.explored.approval import workflow


async def drive(run: Drive) -> None:
    """Approve it, and say that this was all."""
    handle = await run.start(workflow.Expense.run, run.token)
    await handle.signal(workflow.Expense.approve)
    await handle.signal(workflow.Expense.close)
    await handle.result()


target = Target(
    workflows=[workflow.Expense],
    activities=[workflow.pay],
    drive=drive,
    invariants=[at_most_once(workflow.pay, key=lambda one: one.arguments[0])],
    without=["pay#*:lost*", "pay#*:timed_out_*", "pay#*:zombie"],
)
