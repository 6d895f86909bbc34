"""An auction to which two bidders send at the same time, with a bug that only the other order brings out."""

from __future__ import annotations

import asyncio

from temporalio import workflow

from harness import Drive, ExploredRun, Target


@workflow.defn
class Auction:
    """Goes to the highest bid."""

    def __init__(self) -> None:
        self._bids: list[int] = []

    @workflow.signal
    def bid(self, cents: int) -> None:
        """Take a bid."""
        self._bids.append(cents)

    @workflow.run
    async def run(self) -> int:
        """Take two bids. Bug: the last one wins, not the highest one."""
        await workflow.wait_condition(lambda: len(self._bids) > 1)
        return self._bids[-1]


async def drive(run: Drive) -> None:
    """Two clients bid."""
    handle = await run.start(Auction.run)
    await asyncio.gather(handle.signal(Auction.bid, 1), handle.signal(Auction.bid, 2))
    await handle.result()


def highest_wins(run: ExploredRun) -> None:
    """Whatever the order."""
    assert run.outcome.result in {None, 2}, "a lower bid won"


target = Target(workflows=[Auction], drive=drive, invariants=[highest_wins])
