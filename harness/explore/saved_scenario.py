"""A schedule of an exploration as a scenario that the gate runs: red while its bug stands, green once it is mended."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from temporalio.client import Client, WorkflowHistory

from harness.errors import UsageError
from harness.events import Event, FaultArmed, FaultFired, Replayed, WorkflowStarted
from harness.evidence.evidence import Evidence
from harness.evidence.schedule_judged import PromisesJudged
from harness.explore.backends.shared_worker import SharedWorker
from harness.explore.invariants.standard import STANDARD
from harness.explore.load_target import load_target
from harness.explore.model.explored_run import Invariant, named
from harness.explore.model.schedule import FAULT_FREE, Schedule, parse
from harness.explore.model.target import Target
from harness.explore.search.exploration import BrokenPromise
from harness.explore.search.judge import Judged, judge
from harness.explore.search.story import story, timeline
from harness.library_internals.workflow_definition import workflow_definition
from harness.oracle import broken, cannot_tell
from harness.scenario import Scenario
from harness.settings import find_project
from harness.temporal.requirements import Clock, Server
from harness.verdict import Finding
from harness.workers.application import Application


@dataclass(frozen=True, kw_only=True)
class PromisesKept:
    """Every promise of the target, and those of every application, hold under the schedule."""

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Look at what the invariants said."""
        told = evidence.of(PromisesJudged)
        if not told:
            yield cannot_tell(self, "no schedule was performed.")
        for one in told:
            yield from (broken(self, what, detail=one.story) for what in one.broken)
            yield from (cannot_tell(self, what) for what in one.unclear)


@dataclass(frozen=True, kw_only=True)
class ExploredScenario(Scenario):
    """A scenario that performs one schedule of an exploration.

    Attributes:
        target: The application, with what must hold of it.
        schedule: What goes wrong.
    """

    target: Target
    schedule: Schedule

    async def perform(self, client: Client, emit: Callable[[Event], None]) -> list[WorkflowHistory]:
        """Perform the schedule, tell what came of it, and return the histories of its workflows.

        It is performed twice when it breaks a promise: a busy machine is no mistake of the application's.
        """
        explorer = SharedWorker(self.target, client, jobs=1)
        invariants = [*STANDARD, *map(named, self.target.invariants)]
        async with explorer.working():
            without = await _judged(explorer, FAULT_FREE, invariants)
            if without.broken or without.unclear:
                return await _told(without, client, emit)
            explorer.learn(without.run)
            for fault in self.schedule.faults:
                emit(FaultArmed(fault=str(fault)))
            found = await _judged(explorer, self.schedule, invariants)
            return await _told(found, client, emit)


async def _judged(explorer: SharedWorker, schedule: Schedule, invariants: Sequence[Invariant]) -> Judged:
    first = judge(await explorer.perform(schedule), invariants)
    if not (first.broken or first.unclear):
        return first
    again = judge(await explorer.perform(schedule), invariants)
    once = {one.promise: one for one in first.broken if one.promise not in {other.promise for other in again.broken}}
    unclear = tuple(f"it broke once and not again: {one.breach.what}" for one in once.values() if not first.run.open)
    return replace(again, unclear=(*again.unclear, *unclear))


async def _told(judged: Judged, client: Client, emit: Callable[[Event], None]) -> list[WorkflowHistory]:
    run = judged.run
    workflows = dict.fromkeys(one.workflow_id for one in run.histories) or {run.token: None}
    histories = [await client.get_workflow_handle(one).fetch_history() for one in workflows]
    for one in histories:
        emit(WorkflowStarted(workflow=_type(one), workflow_id=one.workflow_id, run_id=one.run_id))
        emit(Replayed(workflow_id=one.workflow_id, run_id=one.run_id, error=run.replay or None))
    for fault in run.schedule.faults:
        if fault in run.reached:
            emit(FaultFired(fault=str(fault), call=str(fault.call), what=fault.kind.sentence))
    findings = [BrokenPromise(broken=one, judged=judged, apart=judged.apart) for one in judged.broken]
    emit(
        PromisesJudged(
            schedule=str(run.schedule),
            broken=() if judged.apart else tuple(f"{one.invariant.name}: {one.breach.what}" for one in judged.broken),
            unclear=judged.unclear,
            story=tuple(line for one in findings[:1] for line in (*story(one), *timeline(one))),
        )
    )
    return histories


def _type(history: WorkflowHistory) -> str:
    return history.events[0].workflow_execution_started_event_attributes.workflow_type.name


def explored_scenario(target: str, schedule: str, *, inputs: Sequence[str] = ()) -> ExploredScenario:
    """Return a scenario that performs one schedule of an exploration, and expects every promise to hold under it.

    Args:
        target: As `harness explore` is told it: a file that declares `target = Target(...)`, from the project's root,
            or a workflow as MODULE:CLASS.
        schedule: The name of the schedule, such as "charge#1:lost_last".
        inputs: The arguments of MODULE:CLASS as JSON, in which TOKEN stands for the token of the run.

    Raises:
        UsageError: There is no such target, or the schedule is none.
    """
    root, _ = find_project(Path.cwd())
    if target.endswith(".py"):
        target = str(root / target)
    elif ":" not in target:
        raise UsageError(f"{target!r} is neither a target file nor a workflow; a scenario is run by its own name.")
    found, planned = load_target(target, inputs=inputs, root=root), parse(schedule)
    first = workflow_definition(found.workflows[0]).run_fn
    return ExploredScenario(
        application=Application(workflows=found.workflows, data_converter=found.data_converter),
        workflow=found.workflow or first,
        expects=[PromisesKept()],
        server=Server(clock=Clock.SKIPPING if found.skips else Clock.REAL),
        deadline=found.deadline,
        target=found,
        schedule=planned,
    )
