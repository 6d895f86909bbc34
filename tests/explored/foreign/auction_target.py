"""Whatever the auction acknowledged is in its book."""

from __future__ import annotations

from temporalio.client import WorkflowUpdateFailedError

from harness import Drive, ExploredRun, Target
from tests.explored.foreign import auction

ACKNOWLEDGED: dict[str, set[str]] = {}


async def sell(run: Drive, lot: type[auction.Lot] = auction.SellLot) -> None:
    """Sell a lot: two bids, a remark and the close."""
    started = await run.client.start_workflow(lot.__name__, id=run.token, task_queue=run.task_queue)
    acknowledged = ACKNOWLEDGED.setdefault(run.token, set())
    for amount in (10, 20):
        try:
            await started.execute_update("bid", amount)
        except WorkflowUpdateFailedError:
            continue
        acknowledged.add(f"bid {amount}")
        await started.signal("remark", f"after {amount}")
        acknowledged.add(f"remark after {amount}")
    await started.execute_update("close")
    await started.result()


def all_written(run: ExploredRun) -> None:
    """Every bid and every remark that a lot acknowledged is in the book, unless the lot failed."""
    missing = ACKNOWLEDGED[run.token] - set(run.world)
    assert run.failed or not missing, f"the book lacks {sorted(missing)}"


target = Target(
    workflows=[auction.SellLot],
    activities=[auction.write_down],
    drive=sell,
    reset=lambda token: (auction.WRITTEN.pop(token, None), ACKNOWLEDGED.pop(token, None)),
    world=lambda token: list(auction.WRITTEN.get(token, [])),
    invariants=[all_written],
)
