"""Reaches the verdict of a run from its evidence alone.

The rules of the harness come first: a run that broke, was interrupted or did not end, and a declared fault that did
not fire as declared. Then every oracle; one that crashes has said nothing, which is not a pass.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Any, Protocol

from harness.errors import WrongInvariant
from harness.events import DeadlinePassed, FaultArmed, RunBroken, RunInterrupted, WorkflowTaskStuck
from harness.evidence.evidence import Evidence
from harness.evidence.schedule_events import DriverFailed, LoopBlocked, NotAtRest
from harness.evidence.whole import missing
from harness.evidence.worker_built import built_activities
from harness.files.places import innermost
from harness.fixed_hosts.findings import not_reached
from harness.library_internals.activity_definition import activity_problem
from harness.library_internals.core_texts import in_a_sentence
from harness.library_internals.stuck_workflow_log import is_deadlock
from harness.oracle import Oracle, name_of
from harness.oracles.replays_cleanly import ReplaysCleanly
from harness.redaction.redactor import Redactor
from harness.services.operation import Operation
from harness.temporal.search_attributes import undeclared
from harness.testbed.testbed import Target
from harness.trigger import Trigger, triggers_in
from harness.verdict import Finding, Harm, Verdict, by_harm, worst

STUCK = "no_stuck_task"
"""The name of the rule that no workflow task fails for good."""

LETS_OTHERS_GO_ON = "lets_others_go_on"
"""The name of the rule that no activity blocks the event loop."""


DRIVER = "driver"
"""The name of the rule that a run's driver does its part."""


class CountedFault(Protocol):
    """A fault as far as its firings are counted."""

    @property
    def on(self) -> Target:
        """What it is aimed at."""

    @property
    def when(self) -> Trigger:
        """When it is in force."""

    def fired(self, evidence: Evidence, *, name: str) -> int:
        """Count in the evidence how often it met the application."""

    def seen_instead(self, evidence: Evidence) -> str:
        """Say what did reach the target, for a reader who wonders why it did not fire."""


class Expectations(Protocol):
    """What a run is judged by: a scenario, or a schedule of an exploration."""

    @property
    def fault_names(self) -> Mapping[str, CountedFault]:
        """The faults by the names that the evidence knows them by."""

    @property
    def expects(self) -> Sequence[Oracle]:
        """What must hold."""

    def tolerates(self, stuck: WorkflowTaskStuck) -> bool:
        """Whether an oracle answers for a workflow task that fails."""


def judge(expectations: Expectations, evidence: Evidence) -> tuple[Finding, ...]:
    """Return every finding, in the order in which a person should read them: see `by_harm`."""
    broken = tuple(_broken(evidence))
    if broken:
        # Half a run proves nothing, neither for the application nor against it; but what blocked the loop did.
        return by_harm([*broken, *_blocked(evidence)])
    unfinished = tuple(_unfinished(expectations, evidence))
    findings = [*unfinished]
    faults = expectations.fault_names
    for name, fault in faults.items():
        findings += _not_fired(name, fault, evidence)
    findings += _of_driver(evidence, under_faults=bool(faults))
    findings += _unknown_activities((*expectations.expects, *faults.values()), evidence)
    for oracle in expectations.expects:
        findings += asked(oracle, evidence)
    if not any(isinstance(oracle, ReplaysCleanly) for oracle in expectations.expects):
        replays = asked(ReplaysCleanly(), evidence)
        # What is stuck may not have been replayed; that adds nothing.
        findings += [one for one in replays if one.verdict is Verdict.FAILED or not unfinished]
    findings += not_reached(evidence, worst(one.verdict for one in findings))
    return by_harm(findings)


def certain(finding: Finding) -> bool:
    """Whether only the application's code can be the reason of a finding, however busy the machine was."""
    if finding.verdict is not Verdict.FAILED:
        return False
    if finding.oracle == STUCK:
        return not is_deadlock(finding.title)
    return finding.oracle in {LETS_OTHERS_GO_ON, name_of(ReplaysCleanly())}


def _of_driver(evidence: Evidence, *, under_faults: bool) -> Iterator[Finding]:
    """Yield that a driver failed, where the run then proves less than it should.

    Under faults it may well be told that an update has failed, or that its workflow is gone.
    """
    waited = [one.waiting_for for one in evidence.of(DeadlinePassed)]
    for failed in evidence.of(DriverFailed):
        if under_faults and failed.by_client and not waited:
            continue
        then = f" The workflow then waited for {waited[0]}. Let the driver catch that, and go on." if waited else ""
        yield Finding(
            oracle=DRIVER,
            verdict=Verdict.INCONCLUSIVE,
            harm=Harm.HARNESS,
            title=f"the driver failed: {failed.what.rstrip('.')}.{then}",
        )


def judge_kept(expectations: Expectations, evidence: Evidence, redactor: Redactor) -> tuple[Finding, ...]:
    """Judge a run that is kept: what is expected of it is compared as if it had been redacted with the run.

    Without the key of the run, what differs from a token may differ or not: such a finding is INCONCLUSIVE. So is a
    run of whose histories something is missing: it might be just what an oracle looks for.
    """
    holes = tuple(missing(evidence))
    if holes:
        return (
            Finding(
                oracle="run",
                verdict=Verdict.INCONCLUSIVE,
                harm=Harm.HARNESS,
                title=f"the kept run is not whole, so it cannot be judged: {holes[0]}. Run the scenario again.",
                detail="\n".join(holes[1:]),
            ),
        )
    if evidence.redacted is None:
        return judge(expectations, evidence)
    tokens = frozenset(evidence.redacted.tokens)
    if evidence.redacted.key == redactor.tokens.key_id:
        return judge(_AsRecorded(expectations, redactor, tokens), evidence)
    return tuple(_untold(one, tokens) for one in judge(expectations, evidence))


def _untold(finding: Finding, tokens: frozenset[str]) -> Finding:
    said = f"{finding.title} {finding.detail}"
    if finding.verdict is not Verdict.FAILED or not any(one in said for one in tokens):
        return finding
    return replace(
        finding,
        verdict=Verdict.INCONCLUSIVE,
        harm=Harm.HARNESS,
        detail=f"The run was redacted with a key that is not at hand, so this cannot be judged.\n{finding.detail}",
    )


class _AsRecorded:
    """Expectations with the tokens that their values have in a redacted record."""

    def __init__(self, expectations: Expectations, redactor: Redactor, tokens: frozenset[str]) -> None:
        self.fault_names = expectations.fault_names
        self.expects = [_as_recorded(one, redactor, tokens, named=False) for one in expectations.expects]
        self.tolerates = expectations.tolerates


def _as_recorded(value: Any, redactor: Redactor, tokens: frozenset[str], *, named: bool) -> Any:
    """Return an expectation with the tokens that its values have in the record."""
    if isinstance(value, str) and not isinstance(value, Enum):
        token = str(redactor.tokens.like(value))
        return token if token in tokens else redactor.value(value, named=named)
    if isinstance(value, int | float) and not isinstance(value, bool | Enum):
        return redactor.value(value, named=named)
    if isinstance(value, Mapping):
        return {
            key: _as_recorded(one, redactor, tokens, named=named or (isinstance(key, str) and redactor.named(key)))
            for key, one in value.items()
        }
    if type(value) in {list, tuple, set, frozenset}:
        return type(value)(_as_recorded(one, redactor, tokens, named=named) for one in value)
    if not is_dataclass(value) or isinstance(value, type | Operation):
        return value
    # The values of an oracle may be those of one field.
    field = getattr(value, "per", None)
    per_secret = isinstance(field, str) and redactor.named(field)
    changed = {}
    for one in fields(value):
        given = getattr(value, one.name)
        if one.init and one.name not in _SAYS_WHERE:
            below = named or redactor.named(one.name) or (per_secret and one.name in _VALUES_PER_FIELD)
            new = _as_recorded(given, redactor, tokens, named=below)
            if new is not given and new != given:
                changed[one.name] = new
    return replace(value, **changed) if changed else value


_VALUES_PER_FIELD = frozenset({"values", "items"})
"""Fields of oracles with the values of the field that `per` names."""

_SAYS_WHERE = frozenset({"of", "per", "activity", "event", "field", "name"})
"""Fields of oracles that name things in the evidence."""


def _broken(evidence: Evidence) -> Iterator[Finding]:
    for broken in evidence.of(RunBroken):
        yield Finding(oracle="run", verdict=Verdict.INCONCLUSIVE, harm=Harm.HARNESS, title=broken.what)
    for busy in evidence.of(NotAtRest):
        yield Finding(
            oracle="run",
            verdict=Verdict.INCONCLUSIVE,
            harm=Harm.HARNESS,
            title=f"{busy.seconds:g} s after the workflow had ended, {busy.what}; what the run leaves behind cannot be "
            "judged before that ends. Have the driver end it, or give the target a longer deadline.",
        )
    if evidence.of(RunInterrupted):
        yield Finding(
            oracle="run",
            verdict=Verdict.INCONCLUSIVE,
            harm=Harm.HARNESS,
            title="the run was interrupted before its end.",
        )


def _unfinished(expectations: Expectations, evidence: Evidence) -> Iterator[Finding]:
    """Yield why a run did not come to its end by itself; what is stuck explains a deadline that passed."""
    explained = False
    for hint in filter(None, (undeclared(one.what) for one in evidence.of(DriverFailed))):
        explained = True
        yield _cannot_be_judged(hint)
    for stuck in evidence.of(WorkflowTaskStuck):
        if expectations.tolerates(stuck):
            continue
        explained = True
        hint = undeclared(stuck.message)
        if hint:
            yield _cannot_be_judged(hint)
            continue
        place = innermost(stuck.stack)
        yield Finding(
            oracle=STUCK,
            title=f"a workflow task fails and will not recover by itself ({_cause(stuck)}): "
            f"{in_a_sentence(stuck.message)}",
            detail=stuck.stack,
            refs=(stuck.workflow_id,),
            subject=_cause(stuck) if place is None else f"{Path(place[0]).name}:{place[1]}",
        )
    explained = explained or any(not one.came_back for one in evidence.of(LoopBlocked))
    yield from _blocked(evidence)
    # A workflow that waits for what its driver would have sent has not failed to end.
    explained = explained or bool(evidence.of(DriverFailed))
    for passed in () if explained else evidence.of(DeadlinePassed):
        yield Finding(
            oracle="terminates",
            title=f"the workflow had not ended after {passed.seconds:g} s; it was waiting for {passed.waiting_for}.",
            refs=(passed.workflow_id,),
        )


def _blocked(evidence: Evidence) -> Iterator[Finding]:
    for blocked in {one.activity: one for one in evidence.of(LoopBlocked) if one.is_harmful}.values():
        how = f"for {blocked.seconds:.1f} s" if blocked.came_back else "and did not return"
        yield Finding(
            oracle=LETS_OTHERS_GO_ON,
            title=f"{blocked.activity} blocked the event loop at {blocked.where} {how}: nothing else ran meanwhile, "
            "heartbeats included. Let it await, or make it a plain function.",
            subject=blocked.activity,
        )


def _cannot_be_judged(why: str) -> Finding:
    return Finding(oracle="search_attributes", verdict=Verdict.INCONCLUSIVE, harm=Harm.HARNESS, title=why)


def _cause(stuck: WorkflowTaskStuck) -> str:
    return stuck.cause.removeprefix("WORKFLOW_TASK_FAILED_CAUSE_")


def _unknown_activities(parts: Iterable[object], evidence: Evidence) -> Iterator[Finding]:
    """Yield which oracles and triggers name an activity that no worker has and no workflow has scheduled."""
    built = built_activities(evidence.events)
    if built is None:
        return
    known = {*built}
    named = [one for part in parts for one in _activities_in(part)]
    if known.issuperset(name for _, name in named):
        return
    for history in evidence.histories:
        for event in history.of_type("ActivityTaskScheduled"):
            known.add(str(event.attributes.get("activityType", {}).get("name", "")))
    for each, name in named:
        problem = activity_problem(name, known)
        if problem:
            yield Finding(
                oracle=name_of(each),
                verdict=Verdict.INCONCLUSIVE,
                harm=Harm.HARNESS,
                title=f"{name_of(each)} names an {problem}",
            )


def _activities_in(part: object) -> Iterator[tuple[object, str]]:
    for each in (part, *triggers_in(part)):
        name = getattr(each, "activity", None)
        if isinstance(name, str):
            yield each, name


def _not_fired(name: str, fault: CountedFault, evidence: Evidence) -> Iterator[Finding]:
    try:
        yield from _fired_as_declared(name, fault, evidence)
    except Exception as error:  # noqa: BLE001 - a firing that cannot be counted is a firing not proven
        yield Finding(
            oracle="fault_not_fired",
            verdict=Verdict.INCONCLUSIVE,
            harm=Harm.HARNESS,
            title=f"the fault {name} could not be counted: {error!r}",
            detail="".join(traceback.format_exception(error)),
            refs=(name,),
        )


def _fired_as_declared(name: str, fault: CountedFault, evidence: Evidence) -> Iterator[Finding]:
    bounds = fault.when.bounds(fault.on)
    fired = fault.fired(evidence, name=name)
    if fired >= bounds.at_least and (bounds.at_most is None or fired <= bounds.at_most):
        return
    armed = any(event.fault == name for event in evidence.of(FaultArmed))
    yield Finding(
        oracle="fault_not_fired",
        verdict=Verdict.INCONCLUSIVE,
        harm=Harm.HARNESS,
        title=f"the fault {name} {_times(fired)}; declared: {bounds}.",
        detail=(
            f"declared: {fault!r}\n"
            f"it was {'armed' if armed else 'never armed: what its trigger waits for did not happen'}\n"
            f"seen instead: {fault.seen_instead(evidence)}"
        ),
        refs=(name,),
    )


def _times(fired: int) -> str:
    return {0: "never fired", 1: "fired once", 2: "fired twice"}.get(fired, f"fired {fired} times")


def asked(oracle: Oracle, evidence: Evidence) -> Iterator[Finding]:
    """Yield what an oracle finds; one that crashes has said nothing, which is INCONCLUSIVE.

    Raises:
        WrongInvariant: An invariant asks for something that its target does not have.
    """
    try:
        # One by one, so that what it found before it crashed is not lost.
        yield from oracle.judge(evidence)
    except WrongInvariant:
        raise
    except Exception as error:  # noqa: BLE001 - an oracle that crashes has said nothing
        yield Finding(
            oracle=name_of(oracle),
            verdict=Verdict.INCONCLUSIVE,
            harm=Harm.HARNESS,
            title=f"{name_of(oracle)} itself failed: {type(error).__name__}: {error}",
            detail="".join(traceback.format_exception(error)),
        )
