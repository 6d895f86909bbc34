"""From verdicts to a decision and an exit code: what a merge is decided by."""

from __future__ import annotations

import fnmatch
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from harness.gate.baseline import Waiver
from harness.replay.verdicts.judgement import NotJudged
from harness.replay.verdicts.summary import Summary
from harness.results import GateDecided, Kind, Reason, Result, SessionEnded, Triage
from harness.settings import Policy
from harness.specification.claims import Specification
from harness.verdict import Finding, Verdict, worst

NEVER_WAIVED = "run"
"""The rule of a run that broke or was interrupted: it says nothing of the application that could be borne."""

AGAINST = frozenset({Kind.NEW, Kind.EXPIRED, Kind.NOT_RUN, Kind.UNPROVEN, Kind.CORPUS, Kind.EXPLORED, Kind.INTERRUPTED})
"""The sorts of reason that hold a merge back; the others are noted."""

WAIVED_FOR = timedelta(days=30)
"""How long a waiver lasts that nobody has thought about yet."""


def decide(
    ended: SessionEnded,
    *,
    policy: Policy,
    waivers: Sequence[Waiver] = (),
    today: date,
    specification: Specification | None = None,
    triage: Mapping[str, Triage] | None = None,
    corpora: Mapping[str, Summary] | None = None,
    told: Iterable[Reason] = (),
) -> GateDecided:
    """Decide whether to merge.

    Args:
        ended: The session.
        policy: What must hold and be proven.
        waivers: The baseline.
        today: Waivers whose last day is before this one have expired.
        specification: The claims with their proofs, where the policy asks for any.
        triage: What further runs of red scenarios told.
        corpora: How recorded histories replayed, by the folder of each corpus.
        told: What others have to say: explorations, and gates that have ended.
    """
    reasons = [*_of_session(ended), *_of_findings(ended.results, policy, waivers, today)]
    reasons += _unused(ended, waivers)
    if specification is not None and policy.must_prove:
        red = {result.name for result in ended.results if result.verdict is not Verdict.PASSED}
        reasons += _unproven(specification.select(policy.must_prove), told=red)
    reasons += [*_of_corpora(corpora or {}), *told]
    return GateDecided(
        ended=ended,
        against=tuple(one for one in reasons if one.kind in AGAINST),
        noted=tuple(one for one in reasons if one.kind not in AGAINST),
        triage=triage or {},
    )


def _of_session(ended: SessionEnded) -> Iterator[Reason]:
    if ended.interrupted:
        yield Reason(kind=Kind.INTERRUPTED, what="the session was ended from outside; what is here is partial.")
    if not ended.results:
        yield Reason(kind=Kind.NOT_RUN, what="nothing was run; a gate that runs nothing holds nothing back.")
    for name in dict.fromkeys(ended.not_run):
        yield Reason(kind=Kind.NOT_RUN, name=name, what="the session ended before this run began.")
    for name in dict.fromkeys(ended.over_budget):
        yield Reason(kind=Kind.NOT_RUN, name=name, what="the time budget was used up before this run began.")
    for name, missing in ended.left_out.items():
        yield Reason(kind=Kind.LEFT_OUT, name=name, what=missing)


def _of_findings(results: Iterable[Result], policy: Policy, waivers: Sequence[Waiver], today: date) -> Iterator[Reason]:
    known = {one.key: one for one in waivers}
    for (name, oracle), findings in _by_key(results).items():
        waiver = known.get((name, oracle)) if oracle != NEVER_WAIVED else None
        what, verdict = findings[0].title, worst(one.verdict for one in findings)
        if waiver is not None and waiver.expires < today:
            told = f"{what} Borne until {waiver.expires} ({waiver.reason}); {waiver.owner} was to see to it."
            yield Reason(kind=Kind.EXPIRED, name=name, finding=oracle, what=told)
        elif waiver is not None:
            told = f"{what} Borne until {waiver.expires}: {waiver.reason} ({waiver.owner})."
            yield Reason(kind=Kind.WAIVED, name=name, finding=oracle, what=told)
        elif verdict is Verdict.INCONCLUSIVE and policy.inconclusive == "amber":
            yield Reason(kind=Kind.INCONCLUSIVE, name=name, finding=oracle, what=what)
        else:
            yield Reason(kind=Kind.NEW, name=name, finding=oracle, what=what)


def _by_key(results: Iterable[Result]) -> dict[tuple[str, str], list[Finding]]:
    """The findings of red runs by scenario and by who found them, in the order in which they are to be looked at."""
    keyed: dict[tuple[str, str], list[Finding]] = {}
    for result in results:
        for finding in result.findings:
            if finding.verdict is not Verdict.PASSED:
                keyed.setdefault((result.name, finding.oracle), []).append(finding)
    return keyed


def _unused(ended: SessionEnded, waivers: Sequence[Waiver]) -> Iterator[Reason]:
    """Waivers of what was run and not found; of what was not run here, such as another shard's, nothing is known."""
    found, ran = _by_key(ended.results), {result.name for result in ended.results}
    for waiver in waivers:
        if waiver.scenario in ran and waiver.key not in found:
            told = f"it is not found any more; take the waiver out ({waiver.reason})."
            yield Reason(kind=Kind.UNMATCHED, name=waiver.scenario, finding=waiver.finding, what=told)


def _unproven(specification: Specification, *, told: Collection[str]) -> Iterator[Reason]:
    """Claims without a proof, and those with one that failed; the failures of `told` are reasons of their own."""
    for claim in specification.unproven:
        yield Reason(kind=Kind.UNPROVEN, name=claim, what="no scenario and no test proves it.")
    for claim in specification.claims:
        for proof in specification.proofs_of(claim):
            said = proof.verdicts.get(claim, Verdict.PASSED)
            if said is not Verdict.PASSED and proof.name not in told:
                yield Reason(
                    kind=Kind.UNPROVEN, name=claim, what=f"{proof.name} proves it, and was {said} when last run."
                )


def _of_corpora(corpora: Mapping[str, Summary]) -> Iterator[Reason]:
    for path, summary in corpora.items():
        if not summary.judgements:
            yield Reason(kind=Kind.CORPUS, name=path, what="there is no history in it.")
        cut = sum(one.reason is NotJudged.INTERRUPTED for one in summary.judgements)
        if cut:
            many = f"{cut} of {len(summary.judgements)} histories were not replayed."
            yield Reason(kind=Kind.INTERRUPTED, name=path, what=f"its replay was ended from outside: {many}")
        for one in summary.red:
            if one.reason is not NotJudged.INTERRUPTED:
                yield Reason(kind=Kind.CORPUS, name=path, finding=Path(one.file).name, what=one.title)


def triage(first: Iterable[Result], again: Iterable[Result]) -> dict[str, Triage]:
    """Class what is red by what further runs told: it always is, or now and then, and then whose doing that is.

    Args:
        first: The red results of the session.
        again: The further runs of the same scenarios.
    """
    verdicts: dict[str, list[Verdict]] = {}
    for result in (*first, *again):
        verdicts.setdefault(result.name, []).append(result.verdict)
    return {name: _class(said) for name, said in verdicts.items()}


def _class(said: Sequence[Verdict]) -> Triage:
    if set(said) == {Verdict.FAILED}:
        return Triage.ALWAYS
    if Verdict.INCONCLUSIVE in said:
        return Triage.FLAKY_HARNESS
    return Triage.FLAKY_APPLICATION


def waive_all(decided: GateDecided, waivers: Sequence[Waiver], *, today: date) -> list[Waiver]:
    """Return the baseline that waives everything found: known waivers still in use, and a new one for the rest.

    Waivers of what was not run stay. One that has expired is not prolonged: that takes a person.
    """
    gone = {(one.name, one.finding) for one in decided.noted if one.kind is Kind.UNMATCHED}
    new = [
        Waiver(
            scenario=one.name,
            finding=one.finding,
            reason=f"found on {today} and not looked into yet: {one.what}",
            owner="nobody yet",
            expires=today + WAIVED_FOR,
        )
        for one in decided.against
        if one.kind is Kind.NEW and one.finding != NEVER_WAIVED
    ]
    return [*(one for one in waivers if one.key not in gone), *new]


def shard(names: Sequence[str], *, number: int, of: int) -> list[str]:
    """Return the part of these names that one of several gates runs: every `of`-th of them, sorted, beginning with one.

    Args:
        names: All of them; every shard is given the same.
        number: Which part, from 1.
        of: How many parts there are.
    """
    return sorted(names)[number - 1 :: of]


def held(names: Iterable[str], policy: Policy) -> list[str]:
    """Return those names that the policy says must hold, sorted."""
    return sorted(name for name in names if any(fnmatch.fnmatch(name, one) for one in policy.must_hold))
