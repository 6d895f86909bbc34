"""The matrix of an exploration: what each kind of fault did at each call, blanks included."""

from __future__ import annotations

from collections.abc import Iterable

from harness.explore.exploration import Exploration
from harness.explore.judged import Judged
from harness.explore.kinds import KINDS
from harness.verdict import Verdict

HELD, BROKE, UNCLEAR, APART, NONE, LEFT = "ok", "BROKE", "?", "apart", ".", ""
"""What a cell says: it held, it broke, it proves nothing, it is told apart, it cannot be met, it was not explored."""


def matrix(exploration: Exploration) -> tuple[list[str], list[tuple[str, list[str]]]]:
    """Return the kinds that were tried anywhere, and for each call a row of what became of each."""
    cells: dict[tuple[str, str], str] = {}
    planned = {(str(one.call), one.kind.name) for one in exploration.points}
    for judged in exploration.judged:
        if len(judged.schedule.faults) != 1:
            continue
        fault = judged.schedule.faults[0]
        key = str(fault.call), fault.kind.name
        cells[key] = worst_cell([cells.get(key, ""), _cell(judged)])
    kinds = [one for one in KINDS if any(one == kind for _, kind in planned | cells.keys())]
    calls = list(dict.fromkeys([str(one.call) for one in exploration.points] + [call for call, _ in cells]))
    return kinds, [
        (call, [cells.get((call, kind), LEFT if (call, kind) in planned else NONE) for kind in kinds]) for call in calls
    ]


def _cell(judged: Judged) -> str:
    if judged.verdict is Verdict.FAILED:
        return BROKE
    if judged.broken and judged.apart:
        return APART
    return UNCLEAR if judged.verdict is Verdict.INCONCLUSIVE else HELD


def worst_cell(cells: Iterable[str]) -> str:
    """Return what a cell says of several schedules."""
    order = [BROKE, UNCLEAR, APART, HELD]
    return min((one for one in cells if one in order), key=order.index, default=LEFT)
