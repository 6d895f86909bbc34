"""No oracle is believed that has convicted nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

import harness.oracles
from tests.convictions.twins import FOLDER, Twin, find_twins

ORACLES = sorted(path.stem for folder in harness.oracles.__path__ for path in Path(folder).glob("[!_]*.py"))
BLOCKED = "no_stuck_task"
"""What a twin that blocks its workflow is convicted by: a rule of the harness itself, of every run."""
TWINS = [twin for pattern in sorted(FOLDER.iterdir()) if pattern.is_dir() for twin in find_twins(pattern.name)]


@pytest.mark.parametrize("oracle", ORACLES)
def test_has_convicted(oracle: str) -> None:
    """Each file in harness/oracles/ is named by at least one broken twin."""
    assert oracle in {twin.convicted_by for twin in TWINS}


@pytest.mark.parametrize("twin", TWINS, ids=lambda twin: twin.name)
def test_names_an_oracle_and_says_what_it_does_wrong(twin: Twin) -> None:
    """A twin opens with a sentence, names an oracle that there is, and something of it is broken."""
    assert twin.does_wrong.endswith(".")
    assert twin.convicted_by in {*ORACLES, BLOCKED}
    assert twin.tried_with
    broken = [one for one in (twin.workflow, twin.activities, twin.data_converter) if one is not None]
    assert len(broken) == 1
