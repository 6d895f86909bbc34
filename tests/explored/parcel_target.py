"""How the parcel shop is explored."""

from __future__ import annotations

from harness import ExploredRun, Target, at_most_once, undone_on_failure
from tests.explored.parcel import activities, services, workflow


def nothing_half_done(run: ExploredRun) -> None:
    """The outside world agrees: an order that failed has no goods, no money and no courier."""
    standing = [name for name, stands in run.world.items() if stands]
    assert not (run.failed and standing), f"{standing} stand although the order failed"


def every_label(run: ExploredRun) -> None:
    """An order that went through has all its labels."""
    assert run.failed or len(services.labels[run.token]) == 4, "labels are missing"


target = Target(
    workflows=[workflow.PlaceParcelOrder, workflow.ShipParcel],
    activities=[
        activities.quote,
        activities.reserve,
        activities.release,
        activities.charge,
        activities.refund,
        activities.print_labels,
        activities.book_courier,
        activities.cancel_courier,
    ],
    workflow=workflow.PlaceParcelOrder.run,
    given=lambda token: activities.Order(id=token, price=20),
    world=lambda token: {one.name: one.stands(token) for one in (services.stock, services.bank, services.courier)},
    reads=[activities.quote],
    invariants=[
        undone_on_failure(activities.reserve, activities.release),
        undone_on_failure(activities.charge, activities.refund),
        undone_on_failure(activities.book_courier, activities.cancel_courier),
        at_most_once(activities.charge),
        nothing_half_done,
        every_label,
    ],
)
