"""What an exploration in simulation is refused for, before anything is started."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.environment.open import Wishes
from harness.errors import UsageError
from harness.explore.explore_session import ExploreSession
from harness.explore.model.where import Where
from harness.explore.search.campaign import CampaignPlan

ROOT = Path(__file__).parents[3]

TARGET = "tests/explored/tally.py"


def session(folder: Path, name: str, wishes: Wishes) -> ExploreSession:
    """An exploration in simulation only."""
    return ExploreSession(
        name=name, inputs=(), plan=CampaignPlan(), root=ROOT, runs=folder, wishes=wishes, where=Where.SIMULATED
    )


@pytest.mark.parametrize(
    ("name", "wishes", "why"),
    [
        ("saga/all_well", Wishes(), "runs no scenario"),
        (TARGET, Wishes(temporal="localhost:7233"), "uses no server"),
    ],
)
def test_what_is_not_simulated(name: str, wishes: Wishes, why: str, tmp_path: Path) -> None:
    """Nothing is explored, instead of something else than was asked for."""
    with pytest.raises(UsageError, match=why):
        session(tmp_path, name, wishes).run()


def test_an_sdk_that_is_too_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its core asks for other things."""
    monkeypatch.setattr("harness.explore.explore_session.AVAILABLE", False)

    with pytest.raises(UsageError, match=r"needs temporalio >= 1\.35.*Upgrade it"):
        session(tmp_path, TARGET, Wishes()).run()
