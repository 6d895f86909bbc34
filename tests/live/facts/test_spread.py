"""Equal policies come back together, unless each caller's waits are spread at random."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import pairwise

import pytest

from harness import Outcome, Status, Verdict
from harness.events import AttemptStarted
from harness.results import Result
from scenarios.rate_limited.patient import scenario as in_lockstep
from scenarios.rate_limited.workflow import Patience, Questions
from tests.live.conftest import Run

CALLERS = ["rain", "snow", "hail", "fog", "wind", "frost", "dew", "sun"]
WAITS = [2, 4, 8, 16]


def waits(result: Result) -> list[list[float]]:
    """How long each caller waited before its second attempt, its third and so on, in seconds."""
    attempts: defaultdict[str, list[AttemptStarted]] = defaultdict(list)
    for one in result.evidence.of(AttemptStarted):
        attempts[one.activity_id].append(one)
    told: list[list[float]] = [[] for _ in WAITS]
    for several in attempts.values():
        for number, (one, following) in enumerate(pairwise(several)):
            assert one.started_at is not None
            assert following.scheduled_at is not None
            told[number].append((following.scheduled_at - one.started_at).total_seconds())
    return told


@pytest.mark.claims("RTY-005")
async def test_callers_whose_waits_are_spread_come_back_apart(run: Run) -> None:
    """By up to half of each wait, either way; the policy alone would have them all back at the same moment."""
    scenario = replace(
        in_lockstep,
        given=Questions(texts=CALLERS, patience=Patience.CUSTOM, spread=0.5),
        expects=[Outcome(status=Status.FAILED)],
    )

    result = await run(scenario)

    told = waits(result)
    assert result.verdict is Verdict.PASSED, "\n".join(map(str, result.findings))
    # None by more than half; and some come back well before the policy would have let them, which no delay explains.
    assert all(min(several) >= policy / 2 - 0.02 for policy, several in zip(WAITS, told, strict=True))
    assert any(min(several) < 0.9 * policy for policy, several in zip(WAITS, told, strict=True))
