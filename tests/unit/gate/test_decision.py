"""What a merge is decided by."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from harness.errors import EnvironmentUnavailable, HarnessError, UsageError
from harness.evidence.schedule_events import MachineBusy
from harness.exit_codes import ENVIRONMENT, FAILED, GREEN, INCONCLUSIVE, USAGE
from harness.files.places import Place
from harness.gate.baseline import Waiver
from harness.gate.decision import decide, required, shard, triage, waive_all
from harness.replay.verdicts.judgement import Judgement, NotJudged, ReplayOutcome
from harness.replay.verdicts.summary import ReplayPolicy, Summary
from harness.results import GateDecided, Kind, SessionEnded, Triage
from harness.settings import Policy
from harness.specification.claims import Proof
from harness.verdict import Finding, Verdict
from tests.unit.builders import finding, result, session
from tests.unit.specification.test_claims import specification

TODAY = date(2026, 11, 22)
WAIVER = Waiver(scenario="saga/a", finding="no_orphans", reason="Slow undo.", owner="Ada", expires=TODAY)
BROKEN = result(finding("A booking stands."), name="saga/a")
DOUBTFUL = result(finding("It cannot be told.", verdict=Verdict.INCONCLUSIVE), name="saga/a")


def decided(ended: SessionEnded, *waivers: Waiver, policy: Policy | None = None) -> GateDecided:
    """What a gate says of a session today."""
    return decide(ended, policy=policy or Policy(), waivers=waivers, today=TODAY)


def kinds(one: GateDecided) -> tuple[list[Kind], list[Kind]]:
    """What is against a merge, and what is noted."""
    return [reason.kind for reason in one.reasons], [reason.kind for reason in one.notes]


@pytest.mark.parametrize(
    ("verdict", "code"), [(Verdict.PASSED, 0), (Verdict.INCONCLUSIVE, 4), (Verdict.FAILED, 1)], ids=str
)
def test_each_verdict_has_an_exit_code(verdict: Verdict, code: int) -> None:
    """CI can tell what failed from what could not be told; only a pass is green."""
    assert verdict.exit_code == code


def test_errors_and_verdicts_share_one_set_of_exit_codes() -> None:
    """0 green, 1 failed, 2 the user's mistake, 3 no environment, 4 inconclusive."""
    assert (GREEN, FAILED, USAGE, ENVIRONMENT, INCONCLUSIVE) == (0, 1, 2, 3, 4)
    errors = (UsageError, EnvironmentUnavailable, HarnessError)
    assert [one.exit_code for one in errors] == [USAGE, ENVIRONMENT, INCONCLUSIVE]


def test_all_that_holds_is_green() -> None:
    """Nothing against, nothing noted."""
    one = decided(session(result(name="saga/a")))

    assert one.green
    assert kinds(one) == ([], [])


def test_what_is_new_is_red() -> None:
    """One reason for each scenario, oracle and wording, with the first of its findings."""
    another = Finding(oracle="at_most_once", verdict=Verdict.FAILED, title="Charged twice.")
    red = result(finding("Booking a-1 stands."), finding("Booking a-2 stands."), another, name="saga/a")

    assert [str(one) for one in decided(session(red)).reasons] == [
        "new: saga/a: no_orphans: Booking a-1 stands.",
        "new: saga/a: at_most_once: Charged twice.",
    ]


def test_a_gate_ends_with_the_worst_of_its_reasons() -> None:
    """FAILED beats INCONCLUSIVE; what is waived does not count, and what was not run could not be told."""
    other = replace(DOUBTFUL, name="saga/b")

    assert decided(session(result(name="saga/a"))).verdict is Verdict.PASSED
    assert decided(session(DOUBTFUL)).verdict is Verdict.INCONCLUSIVE
    assert decided(session(BROKEN, other)).verdict is Verdict.FAILED
    assert decided(session(BROKEN, other), WAIVER).verdict is Verdict.INCONCLUSIVE
    assert decided(session(result(name="saga/a"), not_run=("saga/b",))).verdict is Verdict.INCONCLUSIVE


def test_a_waiver_is_valid_until_its_last_day() -> None:
    """It is valid on the day it names, and not on the next."""
    expired = WAIVER.model_copy(update={"expires": date(2026, 11, 21)})

    assert kinds(decided(session(BROKEN), WAIVER)) == ([], [Kind.WAIVED])
    assert kinds(decided(session(BROKEN), expired)) == ([Kind.EXPIRED], [])


def test_another_finding_of_the_same_scenario_is_new() -> None:
    """A waiver tolerates what it names, and not whatever else goes wrong there."""
    other = WAIVER.model_copy(update={"finding": "at_most_once"})

    assert kinds(decided(session(BROKEN), other)) == ([Kind.NEW], [Kind.UNUSED])


def test_another_finding_of_the_same_oracle_is_new() -> None:
    """A waiver with a title covers what has that title, whatever its numbers and ids."""
    first = result(finding("result: booked is 3, expected 4."), name="saga/a")
    other = result(finding("result: refunded is 3, expected 4."), name="saga/a")
    (waiver,) = waive_all(decided(session(first)), [], today=TODAY)
    again = result(finding("result: booked is 2, expected 4."), name="saga/a")

    assert waiver.title == "result: booked is …, expected …"
    assert kinds(decided(session(again), waiver)) == ([], [Kind.WAIVED])
    assert kinds(decided(session(other), waiver)) == ([Kind.NEW], [Kind.UNUSED])


def test_a_waiver_with_a_title_goes_before_one_without() -> None:
    """Of one oracle, what is known in detail may have an owner of its own."""
    precise = WAIVER.model_copy(update={"title": "A booking stands.", "owner": "Grace"})
    (note,) = decided(session(BROKEN), WAIVER, precise).notes[:1]

    assert "Grace" in note.what


def test_an_unused_waiver_is_noted() -> None:
    """Where the scenario ran and held; of one that did not run here nothing is known."""
    assert kinds(decided(session(result(name="saga/a")), WAIVER)) == ([], [Kind.UNUSED])
    assert kinds(decided(session(result(name="saga/b")), WAIVER)) == ([], [])


def test_what_cannot_be_told_is_as_the_policy_says() -> None:
    """Red, or noted."""
    assert kinds(decided(session(DOUBTFUL))) == ([Kind.NEW], [])
    assert kinds(decided(session(DOUBTFUL), policy=Policy(inconclusive="amber"))) == ([], [Kind.INCONCLUSIVE])
    assert kinds(decided(session(BROKEN), policy=Policy(inconclusive="amber"))) == ([Kind.NEW], [])


def test_a_run_that_broke_cannot_be_waived() -> None:
    """It says nothing of the application."""
    broke = result(Finding(oracle="run", verdict=Verdict.INCONCLUSIVE, title="A server was lost."), name="saga/a")

    assert kinds(decided(session(broke), WAIVER.model_copy(update={"finding": "run"}))) == ([Kind.NEW], [])


def test_what_was_not_run_is_red() -> None:
    """Interrupted, over the budget, or nothing at all; what this machine lacks is noted."""
    cut = session(result(name="saga/a"), not_run=("saga/b", "saga/b"), interrupted=True)
    late = replace(session(result(name="saga/a")), over_budget=("saga/c",))
    lacking = session(result(name="saga/a"), skipped={"stock/a": "no redis-server."})

    assert kinds(decided(cut)) == ([Kind.INTERRUPTED, Kind.NOT_RUN], [])
    assert kinds(decided(late)) == ([Kind.NOT_RUN], [])
    assert kinds(decided(session())) == ([Kind.NOT_RUN], [])
    assert kinds(decided(lacking)) == ([], [Kind.SKIPPED])


def test_claims_must_be_proven_where_the_policy_says_so(tmp_path: Path) -> None:
    """Without a proof, or with one that failed, a claim is red; others are not asked for."""
    failed = Proof(name="breaker/a", claims=("CB-001",), path=Path(), verdicts={"CB-001": Verdict.FAILED})
    told = specification(tmp_path, failed)
    ended = session(result(name="saga/a"))

    def asked(*claims: str) -> list[str]:
        policy = Policy(must_prove=claims)
        reasons = decide(ended, policy=policy, today=TODAY, specification=told).reasons
        return [f"{one.name} {one.verdict}" for one in reasons]

    assert asked() == []
    assert asked("CB-*") == ["CB-002 INCONCLUSIVE", "CB-001 FAILED"]
    red = session(result(finding(), name="breaker/a"))
    once = decide(red, policy=Policy(must_prove=("CB-001",)), today=TODAY, specification=told)
    assert [one.kind for one in once.reasons] == [Kind.NEW]


def test_a_scenario_counts_by_this_gate_and_not_by_what_was_handed_over(tmp_path: Path) -> None:
    """It failed elsewhere and passes here."""
    failed = Proof(name="breaker/a", claims=("CB-001",), path=Path(), verdicts={"CB-001": Verdict.FAILED})
    policy, passed = Policy(must_prove=("CB-001",)), session(result(name="breaker/a"))

    assert kinds(decide(passed, policy=policy, today=TODAY, specification=specification(tmp_path, failed))) == ([], [])


def test_claims_whose_proofs_did_not_run_are_not_judged(tmp_path: Path) -> None:
    """A test's verdict comes in by name; without it, a note says of how many claims nothing is known."""
    test = Proof(name="tests/test_it.py", claims=("CB-001", "CB-002"), path=Path(), verdicts={})
    policy, ended = Policy(must_prove=("CB-*",)), session(result(name="saga/a"))

    def decided_with(*proofs: Proof) -> GateDecided:
        return decide(ended, policy=policy, today=TODAY, specification=specification(tmp_path, *proofs))

    [note] = decided_with(test).notes
    assert decided_with(test).green
    assert note.kind is Kind.NOT_JUDGED
    assert note.what.startswith("no proof of 2 claims ran here (CB-001, CB-002); name the verdicts of their tests with")
    assert not decided_with(replace(test, verdicts={"CB-001": Verdict.PASSED, "CB-002": Verdict.PASSED})).notes
    [claim] = decided_with(replace(test, verdicts={"CB-001": Verdict.PASSED, "CB-002": Verdict.FAILED})).reasons
    assert (claim.name, claim.kind) == ("CB-002", Kind.UNPROVEN)


def test_a_history_that_does_not_replay_is_red() -> None:
    """With the file and where it diverges; so is one that drifts, one that cannot be judged, and an empty corpus."""
    good, bad = (
        Judgement(file="good.json"),
        Judgement(file="x/bad.json", outcome=ReplayOutcome.NON_DETERMINISTIC, event=7, site="shop/flow.py:3"),
    )
    cut = Judgement(file="cut.json", outcome=ReplayOutcome.CANNOT_BE_JUDGED, reason=NotJudged.CUT, message="No end.")
    replayed = [
        Summary(judgements=judgements, policy=ReplayPolicy(strict=True), took=timedelta(0))
        for judgements in ([good], [good, bad, cut], [])
    ]
    corpora = dict(zip(("a", "b", "c"), replayed, strict=True))
    told = decide(session(result(name="saga/a")), policy=Policy(), today=TODAY, corpora=corpora)

    assert [str(one) for one in told.reasons] == [
        "does not replay: b: bad.json: non-deterministic at event 7: recorded nothing, now nothing",
        "does not replay: b: cut.json: cannot be judged (cut short): No end.",
        "does not replay: c: the corpus holds no histories.",
    ]
    assert [one.verdict.name for one in told.reasons] == ["FAILED", "INCONCLUSIVE", "INCONCLUSIVE"]
    assert [one.place for one in told.reasons] == [Place(path="shop/flow.py", line=3), None, None]
    assert [one.found and one.found.oracle for one in told.reasons] == [
        "replay/non-deterministic",
        "replay/not-judged",
        None,
    ]


def test_histories_that_were_not_replayed_are_one_reason() -> None:
    """That the gate was interrupted, which says nothing of them; what was replayed before is told as ever."""
    bad = Judgement(file="x/bad.json", outcome=ReplayOutcome.NON_DETERMINISTIC, event=7)
    cut = [
        Judgement(file=file, outcome=ReplayOutcome.CANNOT_BE_JUDGED, reason=NotJudged.INTERRUPTED)
        for file in ("a", "b")
    ]
    summary = Summary(judgements=[bad, *cut], policy=ReplayPolicy(strict=True), took=timedelta(0))
    told = decide(session(result(name="saga/a")), policy=Policy(), today=TODAY, corpora={"c": summary})

    assert kinds(told) == ([Kind.INTERRUPTED, Kind.CORPUS], [])
    assert told.reasons[0].what == "its replay was interrupted; histories not replayed: 2 of 3."
    assert told.interrupted


@pytest.mark.parametrize(
    ("first", "again", "told"),
    [
        (BROKEN, [BROKEN, BROKEN], Triage.ALWAYS),
        (BROKEN, [BROKEN, result(name="saga/a")], Triage.FLAKY_APPLICATION),
        (BROKEN, [BROKEN, DOUBTFUL], Triage.FLAKY_HARNESS),
        (DOUBTFUL, [result(name="saga/a")], Triage.FLAKY_HARNESS),
    ],
)
def test_further_runs_tell_whose_doing_it_is(first: object, again: list[object], told: Triage) -> None:
    """It always fails, now and then, or now and then cannot be told."""
    assert triage([first], again) == {"saga/a": told}  # type: ignore[list-item,arg-type]  # results, as objects for pytest's table


def test_a_red_scenario_that_passes_again_stays_red() -> None:
    """What further runs told is said, and changes nothing."""
    flaky = {"saga/a": Triage.FLAKY_APPLICATION}

    assert not decide(session(BROKEN), policy=Policy(), today=TODAY, triage=flaky).green


def test_a_new_baseline_waives_what_is_new() -> None:
    """Waivers that are used or whose scenario did not run stay; unused ones go; expired ones are not extended."""
    other = WAIVER.model_copy(update={"scenario": "other/shard"})
    unused = WAIVER.model_copy(update={"finding": "at_most_once"})
    new = waive_all(decided(session(BROKEN), unused, other), [unused, other], today=TODAY)
    expired = WAIVER.model_copy(update={"expires": date(2026, 1, 1)})

    assert [one.key for one in new] == [
        ("other/shard", "no_orphans", ""),
        ("saga/a", "no_orphans", "A booking stands."),
    ]
    assert new[1].expires == date(2026, 12, 22)
    assert "A booking stands." in new[1].reason
    assert decided(session(BROKEN), *new).green
    assert waive_all(decided(session(BROKEN), expired), [expired], today=TODAY) == [expired]


def test_shards_are_the_whole_and_do_not_overlap() -> None:
    """Whatever the order in which the names came."""
    names = [f"saga/{one}" for one in "gfedcba"]
    parts = [shard(names, number=number, of=3) for number in (1, 2, 3)]

    assert sorted(name for part in parts for name in part) == sorted(names)
    assert [len(part) for part in parts] == [3, 2, 2]


def test_only_what_must_pass_is_required() -> None:
    """Names and globs."""
    names = ["saga/a", "saga/b", "stock/a"]

    assert required(names, Policy()) == names
    assert required(names, Policy(must_pass=("saga/*",))) == ["saga/a", "saga/b"]


UNTOLD = result(
    Finding(oracle="machine_too_busy", verdict=Verdict.INCONCLUSIVE, title="the machine was too busy."), name="saga/b"
)


def test_what_passed_alone_is_flaky_by_the_machine_and_does_not_hold_a_merge_back() -> None:
    """One note says that the machine was too slow, with the figures."""
    again = replace(result(name="saga/a"), machine_was_busy=True)
    ended = replace(session(again), machine=MachineBusy(seconds=30, starved=20, lasted=60))
    one = decide(ended, policy=Policy(), today=TODAY, slowness=2.5)

    assert one.green
    assert one.triage == {"saga/a": Triage.FLAKY_MACHINE}
    [note] = one.notes
    assert str(note) == (
        "machine: it was too busy to believe timeouts: when the gate began, work took 2.5 times as long as its CPU "
        "time; during the runs, processes of the run waited for a CPU for 30.0 of 60.0 s; flaky: the machine (red, and "
        "passed alone): saga/a."
    )


def test_a_machine_is_noted_only_when_it_matters() -> None:
    """It was slow before anything ran, or something could not be told because of it."""
    ended = replace(session(result(name="saga/a")), machine=MachineBusy(seconds=30, starved=20, lasted=60))

    assert not decide(ended, policy=Policy(), today=TODAY, slowness=1.5).notes
    assert kinds(decide(ended, policy=Policy(), today=TODAY, slowness=2.0)) == ([], [Kind.MACHINE])
    assert kinds(decide(session(UNTOLD), policy=Policy(), today=TODAY)) == ([Kind.NEW], [Kind.MACHINE])


def test_flaky_by_the_machine_is_told_from_flaky_in_the_application() -> None:
    """Where it failed without a busy machine, it is the application, whatever else was seen."""
    good, busy = result(name="saga/b"), replace(result(name="saga/b"), machine_was_busy=True)
    failed = result(finding(), name="saga/b")

    assert triage([UNTOLD], [good, good]) == {"saga/b": Triage.FLAKY_MACHINE}
    assert triage([UNTOLD], [busy, UNTOLD]) == {"saga/b": Triage.FLAKY_MACHINE}
    assert triage([failed], [good, busy]) == {"saga/b": Triage.FLAKY_APPLICATION}
    assert triage([failed], [failed, replace(failed, machine_was_busy=True)]) == {"saga/b": Triage.ALWAYS}
