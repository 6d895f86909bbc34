"""A tally that is counted up by updates, with a bug that only a repeated update brings out; and how it is explored."""

from __future__ import annotations

from temporalio import workflow

from harness import Drive, ExploredRun, Target


@workflow.defn
class Tally:
    """Counts until it is told to stop."""

    def __init__(self) -> None:
        self._count = 0
        self._stopped = False

    @workflow.update
    def add(self, number: int) -> int:
        """Count. Bug: it does not ask whether it has counted this one already."""
        self._count += number
        return self._count

    @workflow.signal
    def stop(self) -> None:
        """There is nothing more to count."""
        self._stopped = True

    @workflow.run
    async def run(self) -> int:
        """Wait until all is counted."""
        await workflow.wait_condition(lambda: self._stopped and workflow.all_handlers_finished())
        return self._count


async def drive(run: Drive) -> None:
    """Count to three."""
    handle = await run.start(Tally.run)
    await handle.execute_update(Tally.add, 1)
    await handle.execute_update(Tally.add, 2)
    await handle.signal(Tally.stop)
    await handle.result()


def counted_once(run: ExploredRun) -> None:
    """Each number is counted once."""
    assert run.outcome.result == 3, "a number was counted twice"


target = Target(workflows=[Tally], drive=drive, invariants=[counted_once])
