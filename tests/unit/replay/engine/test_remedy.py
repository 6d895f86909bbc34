"""What most likely helps."""

from __future__ import annotations

import pytest

from harness.replay.engine.compare import Divergence
from harness.replay.engine.remedy import remedy


@pytest.mark.parametrize(
    ("recorded", "issued", "words"),
    [
        ("MarkerRecorded new-way (patch new-way)", "", "deprecate_patch"),
        ("A", "B", "issues B where the history has A"),
        ("A", "", "no longer issues A"),
        ("", "B", "issues B, which the history does not have"),
    ],
)
def test_each_way_of_parting_has_its_own(recorded: str, issued: str, words: str) -> None:
    """A patch that is gone is not mended by another patch."""
    told = remedy(Divergence(event=5, recorded=recorded, issued=issued, site=""), patches={"p": True})

    assert words in told
    assert ("workflow.patched" in told) is not recorded.startswith("Marker")


def test_code_that_did_not_change_is_not_to_be_patched() -> None:
    """It depends on something that differs between processes."""
    told = remedy(Divergence(event=5, recorded="A", issued="B", site=""), patches={}, same_code=True)

    assert "workflow.patched" not in told
    assert "the order of a set" in told


def test_without_a_place_there_is_still_a_remedy() -> None:
    """A patch, or the old code for open runs."""
    assert "Worker Versioning" in remedy(None, patches={})
