"""An exploration finds broken twins from nothing but the scenario in which all is well; the sound it lets go."""

from __future__ import annotations

import pytest

from harness.environment.open import Environment
from harness.explore.backends.scenario_runs import ScenarioRuns
from harness.explore.backends.scenario_target import from_scenario
from harness.explore.model.schedule import FAULT_FREE, Schedule, parse
from harness.explore.search.campaign import Campaign, CampaignPlan
from harness.explore.search.exploration import Exploration
from harness.scenario import Scenario
from harness.verdict import Verdict
from tests.convictions.test_twins import CATALOG
from tests.convictions.twins import find_twins

TWINS = {
    "saga/books_the_hotel_first": ("no_orphans", "book_flight#1:non_retryable"),
    "saga/cancellation_slips_past": ("no_orphans", "event#4:cancelled_after"),
    "saga/forward_order": ("compensated_in_reverse", "book_flight#1:non_retryable"),
    "saga/fresh_key_each_attempt": ("at_most_once", "book_flight#1:lost"),
    "saga/reports_success": ("success_means_done", "book_car#1:non_retryable"),
    "saga/stops_at_the_first_failed_undo": ("no_orphans", "book_hotel#1:non_retryable,cancel_hotel#1:lost_last"),
    "saga/undo_known_after_the_call": ("no_orphans", "book_car#1:lost_last"),
    "saga/waits_unless_replaying": ("replays_cleanly", ""),
    "classification/charges_under_a_new_key": ("at_most_once", "charge#1:lost"),
    "external_storage/deletes_what_its_result_refers_to": ("no_stuck_task", "process#1:non_retryable"),
    "fulfilment/never_gives_up": ("no_orphans", "charge#1:lost_last"),
    "fulfilment/refunds_what_was_confirmed": ("no_orphans", "charge#1:lost_last"),
    "heartbeat/heartbeats_before_the_effect": ("success_means_done", "process_batch#1:interrupted@1"),
    "server_loss/heartbeats_before_the_entry": ("success_means_done", "move_entries#1:interrupted@1"),
    "timeouts/prints_under_a_key_of_each_attempt": ("at_most_once", "print_statement#1:lost"),
    "worker_loss/charges_without_a_key": ("at_most_once", "charge#1:lost"),
    "worker_loss/remembers_in_its_process": ("no_orphans", "parcels.book#1:http_400,refund#1:killed_before"),
    "parallel/gathers_plainly": ("no_orphans", "reserve_inventory#1:non_retryable"),
    "compression/takes_everything_for_compressed": ("no_stuck_task", ""),
    "payment/charges_without_a_key": ("at_most_once", "process_payment#1:lost"),
    "payment/asks_for_the_attempt_in_the_workflow": ("no_stuck_task", "process_payment#1:non_retryable"),
}
"""The broken twins that are found: the invariant that finds each, and a schedule that shows it, a pair if it must be.

That is one of several; a twin's whole exploration would tell the same and take longer. With none, it is the run without
any fault that tells.
"""


async def explored(environment: Environment, pattern: str, scenario: Scenario, *only: Schedule) -> Exploration:
    """Explore a pattern, sound or broken."""
    name = f"{pattern}/all_well"
    others = [entry.scenario for other, entry in CATALOG.items() if other.startswith(f"{pattern}/")]
    backend = ScenarioRuns(from_scenario(name, scenario, others), environment)
    return await Campaign(name, backend, CampaignPlan(only=only)).run()


@pytest.mark.parametrize(("twin", "invariant", "schedule"), [(twin, *told) for twin, told in TWINS.items()])
async def test_the_broken_is_found(harness_environment: Environment, twin: str, invariant: str, schedule: str) -> None:
    """By its invariant; the sound one tolerates the same fault."""
    pattern = twin.partition("/")[0]
    sound = CATALOG[f"{pattern}/all_well"].scenario
    broken = {one.name: one for one in find_twins(pattern)}[twin].takes_over(sound)
    only = [parse(schedule or str(FAULT_FREE))]
    found = await explored(harness_environment, pattern, broken, *only)
    borne = await explored(harness_environment, pattern, sound, *only)

    assert found.verdict is Verdict.FAILED
    assert invariant in {one.finding.oracle for one in found.findings if one.verdict is Verdict.FAILED}
    assert borne.verdict is Verdict.PASSED, [str(one.schedule) for one in borne.findings]


async def test_the_sound_is_let_go(harness_environment: Environment) -> None:
    """Every single fault at every call."""
    found = await explored(harness_environment, "saga", CATALOG["saga/all_well"].scenario)

    assert found.verdict is Verdict.PASSED, [str(one.schedule) for one in found.findings]
    assert found.shares[0].explored == found.shares[0].of > 20
