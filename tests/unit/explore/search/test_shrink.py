"""How schedules are shrunk."""

from __future__ import annotations

from harness.explore.model.fault_kinds import every_kind
from harness.explore.model.schedule import PlannedFault, Schedule, parse
from harness.explore.search.shrink import shrink, size


def milder(fault: PlannedFault) -> list[PlannedFault]:
    """All milder kinds at the same call, the mildest first."""
    kinds = sorted((one for one in every_kind().values() if one.harm < fault.kind.harm), key=lambda one: one.harm)
    return [PlannedFault(call=fault.call, kind=one) for one in kinds if not one.at_heartbeat]


async def test_what_is_not_needed_is_left_out() -> None:
    """Only the second of three faults matters."""

    async def breaks(schedule: Schedule) -> bool:
        return "b#1:lost" in str(schedule)

    smallest = await shrink(parse("a#1:error,b#1:lost,c#1:down"), breaks=breaks, milder=milder)

    assert str(smallest) == "b#1:lost"


async def test_what_can_be_milder_is() -> None:
    """Any fault after which the body has run will do."""

    async def breaks(schedule: Schedule) -> bool:
        return all(one.kind.commits for one in schedule.faults)

    assert str(await shrink(parse("b#1:zombie"), breaks=breaks, milder=milder)) == "b#1:lost"


async def test_what_is_needed_stays() -> None:
    """Two faults that only together break something."""

    async def breaks(schedule: Schedule) -> bool:
        return str(schedule) == "a#1:lost_last,b#1:down"

    assert str(await shrink(parse("a#1:lost_last,b#1:down"), breaks=breaks, milder=milder)) == "a#1:lost_last,b#1:down"


def test_fewer_faults_come_before_milder_ones() -> None:
    """In what is called smaller."""
    assert size(parse("a#1:zombie")) < size(parse("a#1:error,b#1:error"))
    assert size(parse("a#1:error")) < size(parse("a#1:zombie"))
