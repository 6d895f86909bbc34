"""The matrix of an exploration: what each kind of fault did at each call, blanks included."""

from __future__ import annotations

from collections.abc import Iterable

from harness.explore.model.fault_kinds import every_kind
from harness.explore.search.exploration import Exploration
from harness.explore.search.judge import Judged
from harness.verdict import Verdict

HELD, BROKE, UNCLEAR, EXCLUDED, SAME, NONE, LEFT = "ok", "BROKE", "?", "excluded", "same", ".", ""
"""What a cell says: everything holds, something does not, it proves nothing, what was found does not count, nothing is
broken but what is broken without any fault, the fault cannot be injected there, it was not explored."""


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
    kinds = [one for one in every_kind() if any(one == kind for _, kind in planned | cells.keys())]
    calls = list(dict.fromkeys([str(one.call) for one in exploration.points] + [call for call, _ in cells]))
    return kinds, [
        (call, [cells.get((call, kind), LEFT if (call, kind) in planned else NONE) for kind in kinds]) for call in calls
    ]


def tables(kinds: list[str], rows: list[tuple[str, list[str]]]) -> list[tuple[list[str], list[tuple[str, list[str]]]]]:
    """Return a matrix as several: calls that have no kind in common, such as calls and requests, have one each."""
    groups: list[tuple[set[str], list[tuple[str, list[str]]]]] = []
    for row in rows:
        met = {kind for kind, cell in zip(kinds, row[1], strict=True) if cell != NONE}
        joined = [one for one in groups if one[0] & met]
        for one in joined:
            groups.remove(one)
        groups.append((met.union(*(one[0] for one in joined)), [*(kept for one in joined for kept in one[1]), row]))
    return [
        ([kind for kind in kinds if kind in met], [(call, _of(met, kinds, cells)) for call, cells in several])
        for met, several in groups
    ]


def _of(met: set[str], kinds: list[str], cells: list[str]) -> list[str]:
    return [cell for kind, cell in zip(kinds, cells, strict=True) if kind in met]


def _cell(judged: Judged) -> str:
    if judged.verdict is Verdict.FAILED:
        return BROKE
    if any(one.excluded for one in judged.broken):
        return EXCLUDED
    if judged.verdict is Verdict.INCONCLUSIVE:
        return UNCLEAR
    return SAME if judged.known else HELD


def worst_cell(cells: Iterable[str]) -> str:
    """Return what a cell says of several schedules."""
    order = [BROKE, UNCLEAR, EXCLUDED, SAME, HELD]
    return min((one for one in cells if one in order), key=order.index, default=LEFT)
