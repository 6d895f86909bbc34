"""Every reference pattern holds under every single fault, but for what its contract says and the baseline bears."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness.baseline import load_baseline
from tests.live.exploring import ROOT, harness_explore

BASELINE = ROOT / "explore-baseline.toml"

NOT_EXPLORED = {
    "approval": "its drive sends the decisions",
    "batch_loop": "a hundred batches and their pauses are some thousand faults",
    "determinism": "chance decides which activity each lot is given, so that its calls vary, which is what it is about",
    "deploy": "its drive changes the code under the run",
    "entity": "its drive sends the postings",
    "fan_out": "its drive holds calls until others are there",
    "parallel": "its drive holds calls until others are there",
    "rate_limits": "its drive runs several callers",
}
"""Patterns that are not explored, and why."""

PATTERNS = sorted(path.parent.name for path in (ROOT / "scenarios").glob("*/all_well.py"))
EXPLORED = [one for one in PATTERNS if one not in NOT_EXPLORED]
OWN_DRIVE = [one for one, why in NOT_EXPLORED.items() if "its drive" in why]


@pytest.mark.parametrize("pattern", EXPLORED)
async def test_a_pattern_holds_under_every_single_fault(pattern: str, tmp_path: Path) -> None:
    """Nothing new is found, what is borne is still found, and no fault is left out."""
    name, report = f"{pattern}/all_well", tmp_path / "report.json"
    ended = await harness_explore(name, "--baseline", str(BASELINE), "--json", str(report))
    told = json.loads(report.read_text(encoding="utf-8"))

    assert ended.code == 0, ended.out + ended.err
    assert {one["id"] for one in told["findings"]} == {
        one.finding for one in load_baseline(BASELINE) if one.scenario == name
    }
    (singles,) = told["explored"]
    assert singles["explored"] == singles["of"] > 0


@pytest.mark.parametrize("pattern", OWN_DRIVE)
async def test_a_pattern_with_a_drive_of_its_own_is_refused(pattern: str) -> None:
    """And says what to do instead."""
    ended = await harness_explore(f"{pattern}/all_well")

    assert ended.code == 2
    assert "drives its workflow itself" in ended.err
