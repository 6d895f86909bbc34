"""Reaches the verdict of a run from its evidence alone.

The rules of the harness come first: a run that broke, was interrupted or got stuck, and a declared fault that did
not fire as declared. Then every oracle; one that crashes has told nothing, which is not a pass.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator

from harness.events import DeadlinePassed, FaultArmed, RunBroken, RunInterrupted, WorkflowTaskStuck
from harness.evidence.evidence import Evidence
from harness.fault import Fault
from harness.files.naming import kind_of
from harness.oracle import Oracle
from harness.oracles.replays_cleanly import ReplaysCleanly
from harness.scenario import Scenario
from harness.verdict import Finding, Harm, Verdict, by_harm


def judge(scenario: Scenario, evidence: Evidence) -> tuple[Finding, ...]:
    """Return every finding, in the order in which a person should read them: see `by_harm`."""
    broken = tuple(_broken(evidence))
    if broken:
        # Half a run proves nothing, neither for the application nor against it.
        return broken
    findings = [*_unfinished(scenario, evidence)]
    for name, fault in scenario.fault_names.items():
        findings += _vacuity(name, fault, evidence)
    for oracle in scenario.expects:
        findings += _asked(oracle, evidence)
    if not any(isinstance(oracle, ReplaysCleanly) for oracle in scenario.expects):
        findings += _asked(ReplaysCleanly(), evidence)
    return by_harm(findings)


def _broken(evidence: Evidence) -> Iterator[Finding]:
    for broken in evidence.of(RunBroken):
        yield Finding(oracle="run", verdict=Verdict.INCONCLUSIVE, harm=Harm.HARNESS, title=broken.what)
    if evidence.of(RunInterrupted):
        yield Finding(
            oracle="run",
            verdict=Verdict.INCONCLUSIVE,
            harm=Harm.HARNESS,
            title="the run was interrupted before its end.",
        )


def _unfinished(scenario: Scenario, evidence: Evidence) -> Iterator[Finding]:
    for stuck in evidence.of(WorkflowTaskStuck):
        if scenario.tolerates(stuck):
            continue
        yield Finding(
            oracle="workflow_task",
            verdict=Verdict.FAILED,
            title=f"a workflow task fails and will not recover by itself ({stuck.cause}): {stuck.message}",
            detail=stuck.stack,
            refs=(stuck.workflow_id,),
        )
    for passed in evidence.of(DeadlinePassed):
        yield Finding(
            oracle="deadline",
            verdict=Verdict.FAILED,
            title=f"the workflow had not ended after {passed.seconds:g} s; it was waiting for {passed.waiting_for}.",
            refs=(passed.workflow_id,),
        )


def _vacuity(name: str, fault: Fault, evidence: Evidence) -> Iterator[Finding]:
    try:
        yield from _fired_as_declared(name, fault, evidence)
    except Exception as error:  # noqa: BLE001 - a firing that cannot be counted is a firing not proven
        yield Finding(
            oracle="vacuity",
            verdict=Verdict.INCONCLUSIVE,
            harm=Harm.HARNESS,
            title=f"the fault {name} could not be counted: {error!r}",
            detail="".join(traceback.format_exception(error)),
            refs=(name,),
        )


def _fired_as_declared(name: str, fault: Fault, evidence: Evidence) -> Iterator[Finding]:
    bounds = fault.when.bounds(fault.on)
    fired = fault.fired(evidence, name=name)
    if fired >= bounds.at_least and (bounds.at_most is None or fired <= bounds.at_most):
        return
    armed = any(event.fault == name for event in evidence.of(FaultArmed))
    yield Finding(
        oracle="vacuity",
        verdict=Verdict.INCONCLUSIVE,
        harm=Harm.HARNESS,
        title=f"the fault {name} fired {fired} times, declared was {bounds}.",
        detail=(
            f"declared: {fault!r}\n"
            f"it was {'armed' if armed else 'never armed: its trigger did not come'}\n"
            f"seen instead: {fault.seen_instead(evidence)}"
        ),
        refs=(name,),
    )


def _asked(oracle: Oracle, evidence: Evidence) -> Iterator[Finding]:
    try:
        # One by one, so that what it found before it crashed is not lost.
        yield from oracle.judge(evidence)
    except Exception as error:  # noqa: BLE001 - whatever a crashing oracle raises, it has told nothing
        yield Finding(
            oracle=kind_of(oracle),
            verdict=Verdict.INCONCLUSIVE,
            harm=Harm.HARNESS,
            title=f"the oracle itself failed: {error!r}",
            detail="".join(traceback.format_exception(error)),
        )
