"""Scenarios that pass without their faults are found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harness.catalog import Entry
from harness.results import SessionEnded
from harness.sessions import faultless_session as module
from harness.sessions.faultless_session import run_without_faults
from harness.verdict import Verdict
from scenarios.saga import all_well, flight_declined
from tests.unit.builders import finding, result, session

ENTRIES = [
    Entry(name=f"saga/{name}", path=Path(f"{name}.py"), summary="", scenario=scenario)
    for name, scenario in (("all_well", all_well.scenario), ("a", flight_declined.scenario))
]


@pytest.fixture
def ends(monkeypatch: pytest.MonkeyPatch) -> list[SessionEnded]:
    """Sessions end like these, one after the other."""
    ends: list[SessionEnded] = []

    def run(entries: Sequence[Entry], **_: Any) -> SessionEnded:
        assert [one.name for one in entries] == ["saga/a"]
        assert not entries[0].scenario.faults
        return ends.pop(0)

    monkeypatch.setattr(module, "run_session", run)
    return ends


@pytest.mark.parametrize(
    ("ended", "verdict", "passed"),
    [
        (session(result(name="saga/a")), Verdict.FAILED, ("saga/a",)),
        (session(result(finding(), name="saga/a")), Verdict.PASSED, ()),
        (session(result(finding(verdict=Verdict.INCONCLUSIVE), name="saga/a")), Verdict.PASSED, ()),
        (replace(session(result(finding(), name="saga/a")), interrupted=True), Verdict.INCONCLUSIVE, ()),
        (session(), Verdict.INCONCLUSIVE, ()),
    ],
    ids=["it passes", "it fails", "it cannot be told", "interrupted", "nothing has run"],
)
def test_what_passes_without_its_faults_has_failed(
    ends: list[SessionEnded], ended: SessionEnded, verdict: Verdict, passed: tuple[str, ...]
) -> None:
    """What does not pass has proven that it looks at what the faults change; one without faults is not asked."""
    ends.append(ended)
    found = run_without_faults(ENTRIES)

    assert (found.verdict, found.passed) == (verdict, passed)
