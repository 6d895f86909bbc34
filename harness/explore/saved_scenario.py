"""A schedule of an exploration as a scenario that the gate runs: red until its bug is mended, green from then on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from harness.environment.open import Environment
from harness.errors import UsageError, WrongInvariant
from harness.events import RunBroken, RunStarted
from harness.evidence.event_stream import Stream
from harness.evidence.evidence import Evidence
from harness.explore.backends.shared_worker import SharedWorker
from harness.explore.load_target import load_target
from harness.explore.model.explored_run import ExploredRun
from harness.explore.model.invariant import Invariant, named
from harness.explore.model.schedule import FAULT_FREE, Schedule, parse
from harness.explore.model.target import Target
from harness.explore.search.judge import InjectedFault, without_excused
from harness.fault import Fault
from harness.judge import Expectations, asked
from harness.library_internals.workflow_definition import workflow_definition
from harness.oracle import cannot_tell
from harness.results import Result
from harness.scenario import Scenario
from harness.settings import find_project
from harness.temporal.fetched_history import FetchedHistory
from harness.verdict import Finding, Verdict
from harness.workers.application import Application
from harness.workers.sdk_options import sdk_options


@dataclass(frozen=True, kw_only=True)
class InvariantsHold:
    """Every invariant of the target holds under the schedule, but for what its faults make impossible.

    Attributes:
        invariants: The target's.
    """

    invariants: Sequence[Invariant]

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Ask each of them."""
        try:
            found = [finding for one in self.invariants for finding in asked(one, evidence)]
        except WrongInvariant as error:
            yield cannot_tell(self, str(error))
            return
        undoes = frozenset().union(*(one.undoes for one in self.invariants))
        counted, _ = without_excused(found, evidence.read_as(ExploredRun).schedule, undoes)
        yield from (one for one in counted if one.verdict is not Verdict.PASSED)


@dataclass(frozen=True, kw_only=True)
class ExploredScenario(Scenario):
    """A scenario that runs one schedule of an exploration.

    Attributes:
        target: The application, with what must hold of it.
        schedule: What goes wrong.
    """

    target: Target
    schedule: Schedule

    @property
    def fault_names(self) -> dict[str, Fault]:
        """The schedule's faults, by their names."""
        return {str(one): InjectedFault() for one in self.schedule.faults}

    def subject(self, environment: Environment, *, name: str, seed: int, stream: Stream) -> SavedScheduleRun:
        """Return what takes it through the steps of a run."""
        return SavedScheduleRun(self, environment, name=name, seed=seed, stream=stream)


class SavedScheduleRun:
    """Takes a saved schedule through the steps of a run, on a worker that its runs share.

    Without any fault it is run first: that shows how long bodies take, and a failure there is the application's as
    well. What fails is run once more, and then counts: a busy machine is no mistake of the application's.

    Args:
        scenario: The saved schedule.
        environment: The shared servers.
        name: The scenario's name.
        seed: What its choices of chance would be drawn from.
        stream: Takes everything that happens.
    """

    def __init__(
        self, scenario: ExploredScenario, environment: Environment, *, name: str, seed: int, stream: Stream
    ) -> None:
        self.name = name
        self.seed = seed
        self.stream = stream
        self.histories: list[FetchedHistory] = []
        self._scenario = scenario
        self._environment = environment
        self._worker: SharedWorker
        self._result: Result

    @property
    def expectations(self) -> Expectations:
        """The scenario's own."""
        return self._scenario

    @asynccontextmanager
    async def environment(self) -> AsyncIterator[None]:
        """Have a server."""
        self.stream.emit(RunStarted(scenario=self.name, seed=self.seed, task_queue=""))
        async with self._environment.server_for(self._scenario.server, name=self.name.replace("/", "-")) as server:
            self._worker = SharedWorker(self._scenario.target, server.client, jobs=1)
            yield

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Have the worker; each run arms its faults by itself."""
        async with self._worker.working():
            yield

    async def drive(self) -> None:
        """Run without any fault, then the schedule; what fails, once more."""
        self._result = await self._run(FAULT_FREE)
        if self._result.verdict is not Verdict.PASSED:
            return
        self._worker.learn(self._result.evidence.read_as(ExploredRun))
        first = self._result = await self._run(self._scenario.schedule)
        if first.verdict is Verdict.PASSED:
            return
        self._result = await self._run(self._scenario.schedule)
        for finding in first.findings:
            if finding.verdict > self._result.verdict:
                self.stream.emit(RunBroken(what=f"{finding.oracle}: {finding.title} It came once and not again."))

    async def _run(self, schedule: Schedule) -> Result:
        return await self._worker.run(schedule, self._scenario.expects)

    async def collect(self) -> None:
        """Take over what the run that counts recorded."""
        evidence = self._result.evidence
        self.stream.emit_all(one for one in evidence.events if not isinstance(one, RunStarted))
        self.histories += [one for one in evidence.histories if isinstance(one, FetchedHistory)]

    async def replay(self) -> None:
        """The worker has replayed them."""

    async def hold(self, conclude: Callable[[], Result]) -> None:
        """There is nothing to look at once the worker has ended."""


def explored_scenario(target: str, schedule: str, *, inputs: Sequence[str] = ()) -> ExploredScenario:
    """Return a scenario that runs one schedule of an exploration, and expects every invariant to hold under it.

    Args:
        target: As given to `harness explore`: a file that declares `target = Target(...)`, from the project's root,
            or a workflow as MODULE:CLASS.
        schedule: The name of the schedule, such as "charge#1:lost_last".
        inputs: The arguments of MODULE:CLASS as JSON, in which TOKEN stands for the run id.

    Raises:
        UsageError: There is no such target, or no such schedule.
    """
    root, _ = find_project(Path.cwd())
    if target.endswith(".py"):
        target = str(root / target)
    elif ":" not in target:
        raise UsageError(f"{target!r} is neither a target file nor a workflow; a scenario is run by its own name.")
    found, planned = load_target(target, inputs=inputs, root=root), parse(schedule)
    first = workflow_definition(found.workflows[0]).run_fn
    return ExploredScenario(
        application=Application(workflows=found.workflows, **sdk_options(found)),
        workflow=found.workflow or first,
        expects=[InvariantsHold(invariants=[*map(named, found.invariants)])],
        server=replace(found.server(), dynamic_config={}),
        deadline=found.deadline,
        target=found,
        schedule=planned,
    )
