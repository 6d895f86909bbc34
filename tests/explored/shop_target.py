"""How the shop is explored."""

from __future__ import annotations

from datetime import timedelta

from harness import ExploredRun, Status, Target, at_most_once, undone_on_failure
from tests.explored.shop import activities, workflow


def each_line_once(run: ExploredRun) -> None:
    """No line stands in the ledger twice."""
    assert len(run.world) == len(set(run.world)), "a line was posted twice"


def sent_somehow(run: ExploredRun) -> None:
    """An order for which there is no courier goes to a locker."""
    hit = {fault.call.activity for fault in run.schedule.faults}
    cancelled = any(fault.kind.name == "cancelled" for fault in run.schedule.faults)
    assert cancelled or hit != {"book_courier"} or run.outcome.status is not Status.FAILED, (
        "no courier, and no locker either"
    )


target = Target(
    workflows=[workflow.PlaceOrder],
    activities=[
        activities.reserve,
        activities.release,
        activities.charge,
        activities.refund,
        activities.award_points,
        activities.post_lines,
        activities.book_courier,
        activities.book_locker,
        activities.send_receipt,
        activities.is_delivered,
    ],
    workflow=workflow.PlaceOrder.run,
    given=lambda token: activities.Order(id=token),
    world=lambda token: list(activities.POSTED[token]),
    reads=[activities.is_delivered],
    invariants=[
        undone_on_failure(activities.reserve, activities.release),
        undone_on_failure(activities.charge, activities.refund),
        at_most_once(activities.award_points),
        each_line_once,
        sent_somehow,
    ],
    deadline=timedelta(seconds=8),
)
