"""A scenario as a target: its application without its faults, judged by what the fakes recorded of each run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from operator import eq
from typing import Any

from harness.errors import UsageError
from harness.explore.backends.request_faults import operations, undone_by
from harness.explore.model.explored_run import ExploredRun
from harness.explore.model.invariant import Invariant
from harness.explore.model.prevented import request_prevented
from harness.explore.model.target import Target
from harness.files.naming import kind_of
from harness.library_internals.skipping_clock import AVAILABLE
from harness.library_internals.workflow_definition import workflow_definition
from harness.oracle import Oracle
from harness.oracles.at_most_once import AtMostOnce
from harness.oracles.compensated_in_reverse import CompensatedInReverse
from harness.oracles.no_orphans import NoOrphans
from harness.run.scenario_run import HasSubject
from harness.scenario import Scenario
from harness.services.operation import Operation
from harness.temporal.requirements import Clock
from harness.verdict import Finding, Verdict
from harness.workers.sdk_options import sdk_options

DRIVEN_WITHIN = timedelta(seconds=30)
"""By when a scenario that drives its workflow itself must have ended: by then it waits for what a fault has kept from
coming, in real time."""

UNDER_ANY_FAULT = (AtMostOnce, CompensatedInReverse, NoOrphans)
"""The oracles of a pattern that say nothing of one failure in particular."""


@dataclass(frozen=True, kw_only=True)
class ScenarioTarget(Target):
    """A scenario as a target: each schedule has its own fakes, each behind its own proxy, and its own worker.

    Attributes:
        name: The scenario's name.
        scenario: The scenario without faults, its worker in this process.
    """

    name: str
    scenario: Scenario

    @property
    def request_names(self) -> tuple[str, ...]:
        """The operations of the scenario's fakes."""
        return tuple(operations(self.scenario.uses))


def from_scenario(name: str, scenario: Scenario, pattern: Sequence[Scenario]) -> ScenarioTarget:
    """Return the target.

    Args:
        name: The scenario's name.
        scenario: Its application, its surroundings, its workflow and how that is driven; its faults and expectations
            are left aside.
        pattern: All scenarios of its pattern, from which the oracles come that hold under any fault.

    Raises:
        UsageError: It is a schedule of an exploration already, its worker is one that the harness does not build,
            or its fakes stand in for hosts.
    """
    if isinstance(scenario, HasSubject):
        raise UsageError(f"{name} is a schedule of an exploration already; explore its target instead.")
    if scenario.workers is not None and scenario.workers.own is not None:
        raise UsageError(
            f"{name} has a worker of its own, into which an exploration puts nothing; explore a scenario whose "
            "application has its workflows and activities."
        )
    if scenario.hosts:
        raise UsageError(
            f"{name} uses fakes that stand in for {', '.join(scenario.hosts)}. That needs a worker process, and an "
            "exploration injects its faults in its own. Write a Target that calls `fake_hosts` before it imports the "
            "application."
        )
    oracles: dict[str, Oracle] = {}
    for one in (oracle for other in pattern for oracle in other.expects if isinstance(oracle, UNDER_ANY_FAULT)):
        on = getattr(one, "of", None)
        used = not isinstance(on, Operation) or on.service in {kind.name() for kind in scenario.uses}
        if used:
            # What one failure leaves standing is not what all may leave.
            general = NoOrphans() if isinstance(one, NoOrphans) else one
            oracles.setdefault(repr(general), general)
    # A skipping clock would not wait for what a drive does.
    clock = Clock.SKIPPING if scenario.drive is None and AVAILABLE else scenario.server.clock
    deadline = scenario.deadline if scenario.drive is None else min(DRIVEN_WITHIN, scenario.deadline)
    undone = undone_by(scenario.uses)
    undoes = frozenset().union(*undone.values())
    return ScenarioTarget(
        name=name,
        scenario=replace(
            scenario,
            faults=(),
            expects=[NoOrphans()],
            workers=None,
            deadline=deadline,
            server=replace(scenario.server, clock=clock, breakable=False),
        ),
        workflows=scenario.application.workflows,
        workflow=_run_method(scenario),
        clock=clock,
        **sdk_options(scenario.application),
        invariants=[
            *(one for oracle in oracles.values() for one in _as_invariants(oracle, undone)),
            _success_means_done(undoes),
        ],
        deadline=deadline,
    )


def _run_method(scenario: Scenario) -> Callable[..., Awaitable[Any]] | None:
    if not isinstance(scenario.workflow, str):
        return scenario.workflow
    definitions = map(workflow_definition, scenario.application.workflows)
    return next((one.run_fn for one in definitions if one.name in {scenario.workflow, None}), None)


def _as_invariants(oracle: Oracle, undone: Mapping[str, frozenset[str]]) -> Iterator[Invariant]:
    """Yield an oracle as an invariant; effects that can be undone have one each."""
    name = kind_of(oracle)

    def check(run: ExploredRun, about: Callable[[str], bool]) -> Iterator[Finding]:
        for finding in oracle.judge(run.evidence):
            effect = next((ref.rpartition("#")[0] for ref in finding.refs), "")
            if finding.verdict is Verdict.FAILED and about(effect):
                title = finding.title.replace(run.token, "TOKEN")
                if isinstance(oracle, NoOrphans):
                    own = request_prevented(run, "".join(finding.refs[:1]), undone.get(effect, frozenset()))
                    yield replace(finding, title=title, subject=effect, undo_prevented=own)
                else:
                    # Done twice is done twice, whatever becomes of a compensation.
                    own = False if isinstance(oracle, AtMostOnce) else None
                    yield replace(finding, title=title, subject=str(getattr(oracle, "of", "")), undo_prevented=own)

    if not isinstance(oracle, NoOrphans):
        every = partial(check, about=lambda _: True)
        yield Invariant(name=name, check=every, undoes=frozenset().union(*undone.values()))
        return
    for effect, by in undone.items():
        yield Invariant(name=name, check=partial(check, about=partial(eq, effect)), undoes=by)
    yield Invariant(name=name, check=partial(check, about=lambda effect: effect not in undone))


def _success_means_done(undoes: frozenset[str]) -> Invariant:
    expected: list[list[str]] = []

    def check(run: ExploredRun) -> str | None:
        if run.failed:
            return None
        exists = sorted(f"{one.service}.{one.operation}" for one in run.evidence.standing)
        if not run.schedule.faults:
            expected[:] = [exists]
        elif expected and exists != expected[0]:
            return (
                f"the workflow reports success with {_counted(exists)} in effect; "
                f"without any fault that is {_counted(expected[0])}."
            )
        return None

    return Invariant(name="success_means_done", check=check, undoes=undoes)


def _counted(effects: Sequence[str]) -> str:
    counts = (name if many == 1 else f"{many} times {name}" for name, many in Counter(effects).items())
    return ", ".join(counts) or "nothing"
