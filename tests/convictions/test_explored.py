"""An exploration finds broken twins from nothing but the scenario in which all is well; the sound it lets go."""

from __future__ import annotations

import pytest

from harness.environment.open import Environment
from harness.explore.campaign import Campaign, Plan
from harness.explore.exploration import Exploration
from harness.explore.explorer import Explorer
from harness.explore.from_scenario import from_scenario
from harness.explore.schedule import parse
from harness.scenario import Scenario
from harness.surroundings import Clock, Server
from harness.verdict import Verdict
from tests.convictions.test_twins import CATALOG
from tests.convictions.twins import find_twins

ALL_WELL = CATALOG["saga/all_well"].scenario
PATTERN = [entry.scenario for name, entry in CATALOG.items() if name.startswith("saga/")]
TWINS = {twin.name: twin for twin in find_twins("saga")}

TRIED = tuple(
    parse(f"{call}#1:{kind}")
    for call in ("book_car", "book_hotel", "book_flight")
    for kind in ("lost-last", "non-retryable", "lost")
)
"""The kinds that tell most; each twin's whole exploration would tell the same and take longer."""


async def explored(environment: Environment, scenario: Scenario, *, only: bool = True) -> Exploration:
    """Explore a saga, sound or broken."""
    async with environment.server_for(Server(clock=Clock.SKIPPING), name="explored") as server:
        explorer = Explorer(from_scenario("saga/all_well", scenario, PATTERN), server.client)
        async with explorer.working():
            return await Campaign("saga/all_well", explorer, Plan(only=TRIED if only else ())).run()


@pytest.mark.parametrize(
    ("twin", "promise"),
    [
        ("saga/forward_order", "compensated_in_reverse"),
        ("saga/fresh_key_each_attempt", "at_most_once"),
        ("saga/undo_known_after_the_call", "no_orphans"),
        ("saga/waits_unless_replaying", "replays_cleanly"),
    ],
)
async def test_the_broken_is_found(harness_environment: Environment, twin: str, promise: str) -> None:
    """By the promise that it breaks."""
    found = await explored(harness_environment, TWINS[twin].takes_over(ALL_WELL))

    assert found.verdict is Verdict.FAILED
    assert promise in {one.broken.invariant.name for one in found.findings if one.verdict is Verdict.FAILED}


async def test_the_sound_is_let_go(harness_environment: Environment) -> None:
    """Every single fault at every call."""
    found = await explored(harness_environment, ALL_WELL, only=False)

    assert found.verdict is Verdict.PASSED, [str(one.schedule) for one in found.findings]
    assert found.shares[0].explored == found.shares[0].of > 20
