"""Every reference pattern holds under every single fault, but for what its contract says and the baseline tolerates."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from harness.gate.baseline import load_baseline
from tests.live.exploring import ROOT, harness_explore

BASELINE = ROOT / "explore-baseline.toml"

NOT_EXPLORED = {
    "batch_loop": "a hundred batches and their pauses are some thousand faults",
    "determinism": "chance decides which activity each lot is given, so that its calls vary, which is what it is about",
}
"""Patterns that are not explored, and why."""

PATTERNS = sorted(path.parent.name for path in (ROOT / "scenarios").glob("*/all_well.py"))
EXPLORED = [one for one in PATTERNS if one not in NOT_EXPLORED]

FIRST = 1
"""Of a loop's calls, which are much the same, so many of the first are met, and the last."""

LEFT_WAITING = {
    # Who is to decide is not asked, so that nobody decides.
    "approval": {
        "ask#1:lost_last",
        "ask#1:non_retryable",
        "ask#1:down",
        "notifications.send#1:http_400",
        "notifications.send#1:unavailable",
        "notifications.send#1:outage",
    },
    # The drive holds the first posting until others have come; it never does.
    "entity": {"post#1:non_retryable"},
    # The drive holds the first item until others are processed; none is.
    "fan_out": {"items.process#1:outage", "items.process#1:reset"},
}
"""The schedules that prove nothing: what the pattern's own drive waits for never comes, and the workflow waits, too."""

AT_TIMES = {
    # The drive holds the first requests until there are five. It is chance whether those came before the fault struck.
    "rate_limits": {"ask_price#1:failed_first", "ask_price#1:non_retryable", "quotes.ask#1:outage"},
}
"""Those that prove nothing when the drive had not had its moment before."""


@pytest.mark.parametrize("pattern", EXPLORED)
async def test_a_pattern_holds_under_every_single_fault(pattern: str, tmp_path: Path) -> None:
    """Nothing new is found, what is waived is still found, and no fault is left out."""
    name, report = f"{pattern}/all_well", tmp_path / "report.json"
    options = ["--calls", str(FIRST), "--baseline", str(BASELINE), "--json", str(report)]
    ended = await harness_explore(name, *options)
    told = json.loads(report.read_text(encoding="utf-8"))
    unclear = {one["name"] for one in told["schedules"] if one["unclear"]}

    waiting = LEFT_WAITING.get(pattern, set())
    assert waiting <= unclear <= waiting | AT_TIMES.get(pattern, set()), ended.out
    assert ended.code == (4 if unclear else 0), ended.out + ended.err
    assert {one["id"] for one in told["findings"] if not one["excluded"]} == {
        one.finding for one in load_baseline(BASELINE) if one.scenario == name
    }
    assert not [call for call in left_out(told["matrix"]["calls"]) if is_among_the_first(call)]
    assert told["schedules"]


def left_out(calls: dict[str, dict[str, Any]]) -> list[str]:
    """The calls that some kind of fault could have met, and has not."""
    return [call for call, cells in calls.items() if "" in cells.values()]


def is_among_the_first(call: str) -> bool:
    """Whether a call is one that a loop's first are."""
    return int(call.rpartition("#")[2]) <= FIRST
