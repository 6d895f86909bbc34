"""What became of a mutant, from what its process has reported."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from harness.mutate.fate import Fate, Mutation, Tried
from harness.mutate.mutate_session import fate_of, nobodys_fault
from harness.mutate.orders import Ran, Reported, read, write
from harness.reports.mutate.json import write_json
from harness.reports.mutate.terminal import lines
from harness.run.held_up import MACHINE
from harness.verdict import Verdict
from tests.unit.mutate.made import MUTANT
from tests.unit.reports.schemas import valid

PASSED = Ran(name="saga/all_well", verdict=Verdict.PASSED)
FAILED = Ran(name="saga/declined", verdict=Verdict.FAILED, oracle="no_orphans", title="1 booking is left")
UNCLEAR = Ran(name="saga/slow", verdict=Verdict.INCONCLUSIVE, oracle="fault_not_fired", title="never")


def mutation(*tried: Tried) -> Mutation:
    """A session with these mutants."""
    return Mutation(tried=tried, took=timedelta(seconds=9), trying=timedelta(seconds=6))


@pytest.mark.parametrize(
    ("reported", "fate", "by"),
    [
        (Reported(runs=[PASSED, UNCLEAR, FAILED], finished=True), Fate.CONVICTED, "saga/declined (no_orphans)"),
        (Reported(runs=[PASSED, UNCLEAR], finished=True), Fate.INCONCLUSIVE, "saga/slow (fault_not_fired)"),
        (Reported(runs=[PASSED], finished=True), Fate.SURVIVED, ""),
        (Reported(runs=[PASSED]), Fate.HUNG, ""),
        (Reported(runs=(FAILED,)), Fate.CONVICTED, "saga/declined (no_orphans)"),
        (Reported(broken="app.py cannot be imported", finished=True), Fate.COULD_NOT_RUN, ""),
        (Reported(unavailable="the Temporal server did not answer", finished=True), Fate.NOT_TRIED, ""),
    ],
)
def test_the_worst_run_decides(reported: Reported, fate: Fate, by: str) -> None:
    """A mutant that cannot be imported, or whose process did not end, is none of the scenarios' merit."""
    tried = fate_of(MUTANT, reported)

    assert (tried.fate, tried.convicted_by) == (fate, by)


@pytest.mark.parametrize(
    ("reported", "again"),
    [
        (Reported(unavailable="the Temporal server did not answer", finished=True), True),
        (Reported(runs=[PASSED, replace(UNCLEAR, oracle=MACHINE)], finished=True), True),
        (Reported(runs=[replace(UNCLEAR, oracle=MACHINE), FAILED], finished=True), False),
        (Reported(runs=[PASSED, UNCLEAR], finished=True), False),
        (Reported(broken="app.py cannot be imported", finished=True), False),
    ],
)
def test_what_only_the_machine_kept_from_being_judged_is_tried_again(reported: Reported, *, again: bool) -> None:
    """Servers that do not answer, and runs that a busy machine starved."""
    assert nobodys_fault(reported) is again


def test_a_report_is_read_back_however_far_it_got(tmp_path: Path) -> None:
    """A process that was killed has reported the runs that had ended."""
    file = tmp_path / "trial.jsonl"

    assert read(file) == Reported()
    write(file, FAILED)
    assert read(file) == Reported(runs=(FAILED,))
    write(file, "it broke")
    write(file, None)
    assert read(file) == Reported(runs=(FAILED,), broken="it broke", finished=True)
    write(file, "no server answered", unavailable=True)
    assert read(file).unavailable == "no server answered"


def test_the_score_is_the_share_of_those_that_were_judged() -> None:
    """One that could not run, was not tried or is accepted does not count."""
    fates = [Fate.CONVICTED, Fate.CONVICTED, Fate.SURVIVED, Fate.HUNG, Fate.COULD_NOT_RUN, Fate.NOT_TRIED]
    tried = [Tried(mutant=MUTANT, fate=one) for one in fates]

    assert mutation(*tried).score == 0.5
    assert mutation(*tried[:2], replace(tried[2], waived="we live with it")).score == 1.0
    assert mutation(tried[4]).score is None


@pytest.mark.parametrize(
    ("fates", "verdict"),
    [
        ([Fate.CONVICTED], Verdict.PASSED),
        ([Fate.CONVICTED, Fate.COULD_NOT_RUN], Verdict.PASSED),
        ([Fate.CONVICTED, Fate.NOT_TRIED], Verdict.INCONCLUSIVE),
        ([Fate.CONVICTED, Fate.HUNG], Verdict.INCONCLUSIVE),
        ([Fate.CONVICTED, Fate.INCONCLUSIVE, Fate.SURVIVED], Verdict.FAILED),
        ([], Verdict.INCONCLUSIVE),
    ],
)
def test_a_survivor_fails_a_session_and_what_is_not_known_is_inconclusive(fates: list[Fate], verdict: Verdict) -> None:
    """As everywhere, nothing judged is nothing proven."""
    assert mutation(*(Tried(mutant=MUTANT, fate=one) for one in fates)).verdict is verdict


def test_a_survivor_is_printed_with_the_bug_its_diff_and_what_would_notice_it() -> None:
    """And why nothing did: no scenario runs the lines, or all that do passed."""
    unseen = Tried(mutant=MUTANT, fate=Fate.SURVIVED)
    text = "\n".join(lines(mutation(unseen, replace(unseen, ran=["saga/all_well"]))))

    for part in (MUTANT.stands_for, MUTANT.noticed_by, "+x", "no scenario runs these lines", "passed", "2 survived"):
        assert part in text


def test_json_has_every_mutant_with_its_fate(tmp_path: Path) -> None:
    """For programs."""
    tried = Tried(mutant=MUTANT, fate=Fate.CONVICTED, scenario="saga/declined", oracle="no_orphans")
    write_json(mutation(tried), tmp_path / "report.json")
    data = valid("mutate", json.loads((tmp_path / "report.json").read_text(encoding="utf-8")))

    assert (data["score"], data["counts"]) == (1.0, {"convicted": 1})
    assert (data["mutants"][0]["fate"], data["mutants"][0]["oracle"]) == ("convicted", "no_orphans")
