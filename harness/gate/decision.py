"""Decides from the results, waivers, claims, corpora and explorations whether to merge."""

from __future__ import annotations

import fnmatch
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from harness.files.wording import masked
from harness.gate import baseline
from harness.gate.baseline import Key, Waiver
from harness.replay.verdicts.judgement import NotJudged
from harness.replay.verdicts.summary import Summary
from harness.reports.text import plural
from harness.results import GateDecided, Kind, Mutants, Reason, Result, SessionEnded, Triage
from harness.run.held_up import MACHINE
from harness.settings import Policy
from harness.specification.claims import Specification
from harness.verdict import Finding, Verdict, worst

NEVER_WAIVED = "run"
"""The name of findings about a run that broke or was interrupted: such a run says nothing about the application."""

SLOW = 2.0
"""How many times longer than its CPU time work may take until the machine is too slow to be believed."""

FEW = 3
"""How many claims are named where many are meant."""

AGAINST = frozenset(
    {
        Kind.NEW,
        Kind.EXPIRED,
        Kind.NOT_RUN,
        Kind.UNPROVEN,
        Kind.CORPUS,
        Kind.EXPLORED,
        Kind.MUTATION,
        Kind.INTERRUPTED,
    }
)
"""The kinds of reason that block a merge; the others are noted."""


def decide(
    ended: SessionEnded,
    *,
    policy: Policy,
    waivers: Sequence[Waiver] = (),
    today: date,
    specification: Specification | None = None,
    triage: Mapping[str, Triage] | None = None,
    corpora: Mapping[str, Summary] | None = None,
    further: Iterable[Reason] = (),
    slowness: float = 1.0,
    mutants: Mutants | None = None,
) -> GateDecided:
    """Decide whether to merge.

    Args:
        ended: The session.
        policy: What must pass and be proven.
        waivers: The baseline.
        today: A waiver that expires before this day is ignored.
        specification: The claims with their proofs, where the policy requires any.
        triage: How red scenarios behaved when they were run again.
        corpora: The replays of recorded histories, by the folder of each corpus.
        further: Reasons from elsewhere: explorations, mutants, and earlier gates.
        slowness: How many times longer work took on the machine than its CPU needed, before anything ran.
        mutants: What became of mutants, for whoever reads the decision; what it says against a merge is in `further`.
    """
    reasons = [*_of_session(ended), *_of_findings(ended.results, policy, waivers, today)]
    reasons += _unused(ended, waivers)
    if specification is not None and policy.must_prove:
        chosen, ran = specification.select(policy.must_prove), {result.name for result in ended.results}
        reasons += [*_unproven(chosen, ran=ran), *_not_judged(chosen, ran=ran)]
    reasons += [*_of_corpora(corpora or {}), *further, *_of_machine(ended, slowness)]
    return GateDecided(
        ended=ended,
        reasons=tuple(one for one in reasons if one.kind in AGAINST),
        notes=tuple(one for one in reasons if one.kind not in AGAINST),
        triage={**_by_machine(ended.results), **(triage or {})},
        mutants=mutants,
    )


def _by_machine(results: Iterable[Result]) -> dict[str, Triage]:
    """The scenarios that were red on a busy machine and passed alone."""
    passed = (one for one in results if one.machine_was_busy and one.verdict is Verdict.PASSED)
    return {one.name: Triage.FLAKY_MACHINE for one in passed}


def _of_machine(ended: SessionEnded, slowness: float) -> Iterator[Reason]:
    """That the machine was too slow to be believed: something was red because of it, or it was slow to begin with."""
    again = sorted(_by_machine(ended.results))
    untold = sorted({one.name for one in ended.results if _too_busy(one)})
    if not again and not untold and slowness < SLOW:
        return
    said = [f"when the gate began, work took {slowness:.1f} times as long as its CPU time"]
    if ended.machine is not None:
        said.append(f"during the runs, {ended.machine}")
    if again:
        said.append(f"{Triage.FLAKY_MACHINE} (red, and passed alone): {', '.join(again)}")
    if untold:
        said.append(f"could not be told: {', '.join(untold)}")
    yield Reason(kind=Kind.MACHINE, what=f"it was too busy to believe timeouts: {'; '.join(said)}.")


def _too_busy(result: Result) -> bool:
    return any(one.oracle == MACHINE for one in result.findings)


def _of_session(ended: SessionEnded) -> Iterator[Reason]:
    if ended.interrupted:
        yield Reason(kind=Kind.INTERRUPTED, what="the session was interrupted; its results are partial.")
    if not ended.results:
        yield Reason(kind=Kind.NOT_RUN, what="no scenario ran, so nothing is proven.")
    for name in dict.fromkeys(ended.not_run):
        yield Reason(kind=Kind.NOT_RUN, name=name, what="the session was interrupted before this run started.")
    for name in dict.fromkeys(ended.over_budget):
        yield Reason(kind=Kind.NOT_RUN, name=name, what="the time budget ran out before this run started.")
    for name, missing in ended.skipped.items():
        yield Reason(kind=Kind.SKIPPED, name=name, what=missing)


def _of_findings(results: Iterable[Result], policy: Policy, waivers: Sequence[Waiver], today: date) -> Iterator[Reason]:
    # One that names a title is the more exact, and comes first.
    exact = sorted(waivers, key=lambda one: not one.title)
    for key, findings in _by_key(results).items():
        name, oracle, _ = key
        waiver = next((one for one in exact if one.covers(key)), None) if oracle != NEVER_WAIVED else None
        what, verdict = findings[0].title, worst(one.verdict for one in findings)
        if waiver is not None and waiver.expires < today:
            what = f"{what} {waiver.expired}"
            yield Reason(kind=Kind.EXPIRED, name=name, finding=oracle, what=what, verdict=verdict)
        elif waiver is not None:
            yield Reason(kind=Kind.WAIVED, name=name, finding=oracle, what=f"{what} {waiver.waived}")
        elif verdict is Verdict.INCONCLUSIVE and policy.inconclusive == "amber":
            yield Reason(kind=Kind.INCONCLUSIVE, name=name, finding=oracle, what=what)
        else:
            yield Reason(kind=Kind.NEW, name=name, finding=oracle, what=what, verdict=verdict)


def _by_key(results: Iterable[Result]) -> dict[Key, list[Finding]]:
    """The findings of red runs by scenario, oracle and wording, in the order of their importance."""
    keyed: dict[Key, list[Finding]] = {}
    for result in results:
        for finding in result.findings:
            if finding.verdict is not Verdict.PASSED:
                keyed.setdefault((result.name, finding.oracle, masked(finding.title)), []).append(finding)
    return keyed


def _unused(ended: SessionEnded, waivers: Sequence[Waiver]) -> Iterator[Reason]:
    """The waivers whose scenario ran without that finding; scenarios that did not run here say nothing."""
    ran = {result.name for result in ended.results}
    for waiver in baseline.unused(waivers, ran=ran, found=_by_key(ended.results)):
        text = f"no longer found; remove the waiver ({waiver.reason})."
        yield Reason(kind=Kind.UNUSED, name=waiver.scenario, finding=waiver.finding, what=text)


def _unproven(specification: Specification, *, ran: Collection[str]) -> Iterator[Reason]:
    """Claims without a proof, and those with one that failed elsewhere; what `ran` here counts by its result here."""
    for claim in specification.unproven:
        yield Reason(kind=Kind.UNPROVEN, name=claim, what="no scenario and no test proves this claim.")
    for claim in specification.claims:
        for proof in specification.proofs_of(claim):
            verdict = proof.verdicts.get(claim, Verdict.PASSED)
            if verdict is not Verdict.PASSED and proof.name not in ran:
                what = f"its proof {proof.name} was {verdict}, by the verdicts given with --proofs."
                yield Reason(kind=Kind.UNPROVEN, name=claim, what=what, verdict=verdict)


def _not_judged(specification: Specification, *, ran: Collection[str]) -> Iterator[Reason]:
    """The claims of whose proofs none ran, here or by the verdicts that were handed over."""
    open_ = [
        claim
        for claim in specification.claims
        if (proofs := specification.proofs_of(claim))
        and not any(one.name in ran or claim in one.verdicts for one in proofs)
    ]
    if open_:
        some = ", ".join([*open_[:FEW], *(["…"] if open_[FEW:] else [])])
        what = (
            f"no proof of {plural(len(open_), 'claim')} ran here ({some}); name the verdicts of their tests with "
            "--proofs, such as --proofs runs/pytest/claims.json."
        )
        yield Reason(kind=Kind.NOT_JUDGED, what=what)


def _of_corpora(corpora: Mapping[str, Summary]) -> Iterator[Reason]:
    for path, summary in corpora.items():
        if not summary.judgements:
            yield Reason(kind=Kind.CORPUS, name=path, what="the corpus holds no histories.")
        cut = sum(one.reason is NotJudged.INTERRUPTED for one in summary.judgements)
        if cut:
            what = f"its replay was interrupted; histories not replayed: {cut} of {len(summary.judgements)}."
            yield Reason(kind=Kind.INTERRUPTED, name=path, what=what)
        for one in summary.red:
            if one.reason is not NotJudged.INTERRUPTED:
                verdict = summary.policy.verdict(one)
                yield Reason(
                    kind=Kind.CORPUS,
                    name=path,
                    finding=Path(one.file).name,
                    what=one.title,
                    verdict=verdict,
                    found=Finding(oracle=one.rule, verdict=verdict, title=one.title, subject=one.workflow),
                    place=one.place,
                )


def triage(first: Iterable[Result], again: Iterable[Result]) -> dict[str, Triage]:
    """Classify red scenarios by running them again: always red, or flaky, and then whether the harness is the cause.

    Args:
        first: The red results of the session.
        again: The further runs of the same scenarios.
    """
    by_name: dict[str, list[Result]] = {}
    for result in (*first, *again):
        by_name.setdefault(result.name, []).append(result)
    return {name: _class(them) for name, them in by_name.items()}


def _class(results: Sequence[Result]) -> Triage:
    them = [one.verdict for one in results]
    if set(them) == {Verdict.FAILED}:
        return Triage.ALWAYS
    # What alone on the machine is FAILED is the application's; what is red only while it is busy, is not.
    if Verdict.FAILED not in them and any(one.machine_was_busy or _too_busy(one) for one in results):
        return Triage.FLAKY_MACHINE
    if Verdict.INCONCLUSIVE in them:
        return Triage.FLAKY_HARNESS
    return Triage.FLAKY_APPLICATION


def waive_all(decided: GateDecided, waivers: Sequence[Waiver], *, today: date) -> list[Waiver]:
    """Return the baseline that waives all current findings: the waivers still in use, and one for each new finding.

    Waivers of scenarios that did not run stay. Expired waivers are not extended: a person has to do that.
    """
    results = decided.ended.results
    ran = {one.name for one in results}
    gone = [one.key for one in baseline.unused(waivers, ran=ran, found=_by_key(results))]
    new = {
        (one.name, one.finding, masked(one.what)): one.what
        for one in decided.reasons
        if one.kind is Kind.NEW and one.finding != NEVER_WAIVED
    }
    return baseline.waive_all(waivers, gone=gone, new=new, today=today)


def shard(names: Sequence[str], *, number: int, of: int) -> list[str]:
    """Return the names that one of several gates runs: every `of`-th of the sorted names, starting with its own.

    Args:
        names: All names; the same for every shard.
        number: The number of the shard, from 1.
        of: The number of shards.
    """
    return sorted(names)[number - 1 :: of]


def required(names: Iterable[str], policy: Policy) -> list[str]:
    """Return the names that must pass by the policy, sorted."""
    return sorted(name for name in names if any(fnmatch.fnmatch(name, one) for one in policy.must_pass))
