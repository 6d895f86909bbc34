"""Five applications that were written without the harness in mind: sound, and with one mistake each."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.live.exploring import harness_explore

MISTAKES = {
    "seminar": "undone_on_failure(pay, pay_back)",
    "claims": "paid_once",
    "sealed": "signed_once",
    "newsletter": "mails_for_money",
    "auction": "all_written",
}
"""The application, and the invariant that its mistake breaks."""


@pytest.mark.parametrize("application", MISTAKES)
async def test_the_sound_application_is_acquitted(application: str, tmp_path: Path) -> None:
    """State in memory, search attributes, a codec, children under ABANDON, signals with updates: no false alarm."""
    report = tmp_path / "report.json"
    ended = await harness_explore(f"tests/explored/foreign/{application}_target.py", "--json", str(report))

    assert ended.code == 0, ended.out + ended.err
    (singles,) = json.loads(report.read_text(encoding="utf-8"))["explored"]
    assert singles["explored"] == singles["of"] > 10


@pytest.mark.parametrize(("application", "invariant"), MISTAKES.items())
async def test_its_mistake_is_found(application: str, invariant: str, tmp_path: Path) -> None:
    """By a single fault, and nothing else is accused."""
    report = tmp_path / "report.json"
    ended = await harness_explore(f"tests/explored/foreign/{application}_broken_target.py", "--json", str(report))

    found = {one["invariant"] for one in json.loads(report.read_text(encoding="utf-8"))["findings"]}
    assert ended.code == 1
    assert invariant in found, ended.out + ended.err
