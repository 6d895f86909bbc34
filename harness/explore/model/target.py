"""What is explored: how to build an application's worker, how to drive one run of it, and what must always hold."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta
from inspect import unwrap
from typing import Any

from temporalio import workflow
from temporalio.client import Client, WorkflowHandle

from harness.errors import UsageError, wrong_duration
from harness.explore.model.explored_run import ExploredRun
from harness.explore.model.invariant import Answer, Invariant
from harness.files.field_types import wrong_types
from harness.files.places import Place
from harness.library_internals.activity_definition import (
    activities_problems,
    activity_name,
    is_activity,
)
from harness.library_internals.skipping_clock import AVAILABLE
from harness.library_internals.workflow_definition import is_workflow, workflow_definition, workflow_types
from harness.temporal.requirements import Clock, Server
from harness.workers.application import StartOptions
from harness.workers.sdk_options import SdkOptions, server_type

NO_INDEX = {"history.visibilityProcessorSchedulerWorkerCount": "0"}
"""Has a server write no index of its workflows, by which they could be listed."""

CHECKED = ("workflows", "activities", "reads", "invariants", *SdkOptions.__dataclass_fields__)
"""The fields whose values are looked at one by one."""

Activities = Sequence[Callable[..., Any]]


@dataclass(frozen=True, kw_only=True)
class Drive:
    """One run, as a target's driver sees it.

    Attributes:
        client: A client of the Temporal server.
        token: The run id. The id of every workflow that the driver starts must contain it.
        task_queue: What the worker polls.
    """

    client: Client
    token: str
    task_queue: str

    async def start(self, run: Callable[..., Awaitable[Any]], *args: Any, **options: Any) -> WorkflowHandle[Any, Any]:
        """Start a workflow by its run method, with the token as its id; options as of `Client.start_workflow`."""
        options = {"id": self.token, "task_queue": self.task_queue, **options}
        return await self.client.start_workflow(run, args=args, **options)


@dataclass(frozen=True, kw_only=True)
class Target(SdkOptions):
    """An application to explore, none of which is changed.

    What its workers and clients are built with in the SDK is declared as for `SdkOptions`: its data converter,
    interceptors, plugins, `workflow_failure_exception_types`, workflow runner or passthrough modules, and search
    attributes.

    Attributes:
        workflows: Its workflow classes.
        activities: Its activities; or what makes them, called without arguments: a function that returns them, or
            an async context manager that yields them and closes what they held open.
        workflow: The run method that a run starts, such as `Transfer.run`. Not needed with a `drive`.
        given: The workflow's arguments for a run id: one value, or a tuple of several.
        drive: The driver: starts the workflow itself, signals it, and so on; returns when there is nothing more to do.
            It may let the workflow's failure raise.
        reset: Empties the external state. Called with the run id before each run, it empties that run's state; one
            without parameters empties everything, and schedules then run one at a time.
        world: Reads the external state of a run id once the run has come to rest, for invariants to judge.
        reads: The activities, by type or as functions, that only read: losing their answer loses nothing.
        invariants: What must hold however a run goes wrong: those of the harness, or callables that take the
            `ExploredRun` and return or assert what is broken.
        without: Faults that are not tried, as names of schedules in which * matches anything.
        start: How the workflow is started; None for no options. Not with a `drive`, which starts it itself.
        clock: How time passes for its workflows. None for a skipping clock; or for a real one with a `drive`, since a
            skipping clock would not wait for its signals, and with a temporalio that has no skipping clock (< 1.35).
        deadline: By when a run must have ended, in real time.
        lists: Whether the driver, a workflow or an activity lists or counts workflows. The exploration's own server
            keeps no index for that otherwise, since it costs a sixth of its CPU.

    Raises:
        UsageError: The declaration makes no sense; every problem at once.
    """

    workflows: Sequence[type]
    activities: Activities | Callable[[], Activities | AbstractAsyncContextManager[Activities]] = ()
    workflow: Callable[..., Awaitable[Any]] | None = None
    given: Callable[[str], Any] | None = None
    drive: Callable[[Drive], Coroutine[Any, Any, Any]] | None = None
    reset: Callable[..., Any] | None = None
    world: Callable[[str], Any] | None = None
    reads: Sequence[str | Callable[..., Any]] = ()
    invariants: Sequence[Invariant | Callable[[ExploredRun], Answer]] = ()
    without: Sequence[str] = ()
    start: StartOptions | None = None
    clock: Clock | None = None
    deadline: timedelta = timedelta(seconds=15)
    lists: bool = False

    def __post_init__(self) -> None:
        problems = tuple(self._problems())
        if problems:
            raise UsageError(*problems)

    @property
    def code(self) -> Mapping[str, Place]:
        """The line of each activity by its type, and that of the workflow that a run starts under ""."""
        activities = () if callable(self.activities) else self.activities
        begins = [("", self.workflow), *((activity_name(one), one) for one in activities)]
        run = {name: unwrap(getattr(one, "__func__", one)) for name, one in begins if one is not None}
        return {name: Place.of_code(one.__code__) for name, one in run.items() if hasattr(one, "__code__")}

    @property
    def one_at_a_time(self) -> bool:
        """Whether `reset` empties the state of all runs at once."""
        if self.reset is None:
            return False
        try:
            return not inspect.signature(self.reset).parameters
        except ValueError:  # some builtin methods, such as `clear` of a defaultdict, have none to read
            return True

    @property
    def skips(self) -> bool:
        """Whether its workflows' clocks skip."""
        return self.clock is Clock.SKIPPING or (self.clock is None and self.drive is None and AVAILABLE)

    def server(self, *, real_time: bool = False) -> Server:
        """The dev server that its runs need."""
        clock = Clock.SKIPPING if self.skips and not real_time else Clock.REAL
        started = () if self.start is None else self.start.search_attribute_keys
        return Server(
            clock=clock,
            dynamic_config={} if self.lists else NO_INDEX,
            search_attributes={**{one.name: server_type(one) for one in started}, **self.search_attribute_types},
        )

    def start_options(self) -> Mapping[str, Any]:
        """How the workflow is started, as options of the SDK."""
        start = self.start
        if start is None:
            return {}
        return {
            **start.described,
            "execution_timeout": start.execution_timeout,
            "run_timeout": start.run_timeout,
            "task_timeout": start.task_timeout,
            "retry_policy": start.retry_policy,
        }

    def arguments(self, token: str) -> list[Any]:
        """The workflow's arguments for a token."""
        given = () if self.given is None else self.given(token)
        return list(given) if isinstance(given, tuple) else [given]

    @property
    def workflow_types(self) -> frozenset[str]:
        """The types of its workflows; "*" for a dynamic one."""
        return workflow_types(self.workflows)

    @property
    def request_names(self) -> tuple[str, ...]:
        """The requests to services at which faults can be injected."""
        return ()

    def _problems(self) -> Iterator[str]:
        # The sandbox imports a file that has its workflow in it once more, with classes of its own.
        mistyped = () if workflow.unsafe.in_sandbox() else [text for _, text in wrong_types(self, but=CHECKED)]
        yield from mistyped or self._further_problems()

    def _further_problems(self) -> Iterator[str]:
        if not self.workflows:
            yield "the target has no workflows."
        yield from (
            f"{one!r} is not a workflow: it lacks @workflow.defn." for one in self.workflows if not is_workflow(one)
        )
        for made in () if callable(self.activities) else self.activities:
            if not is_activity(made):
                yield f"{made!r} is not an activity: it lacks @activity.defn."
        if (self.workflow is None) == (self.drive is None):
            yield "declare either a `workflow` to start, or a `drive` that starts one."
        if wrong := wrong_duration("deadline", self.deadline):
            yield wrong
        yield from self._problems_of_workflow()
        for name in ("given", "start") if self.drive is not None else ():
            if getattr(self, name) is not None:
                yield f"`{name}` has no effect with a `drive`, which starts its workflow itself; remove it."
        yield from self.sdk_problems()
        yield from self._problems_of_invariants()
        # Without any, its worker may still get some from elsewhere; that is known once it is up.
        if self.activities and not callable(self.activities) and all(map(is_activity, self.activities)):
            yield from self.unknown_activities(frozenset(map(activity_name, self.activities)))

    def _problems_of_workflow(self) -> Iterator[str]:
        runs = {f"{one.__qualname__}.{run.__name__}": run for one, run in self._runs()}
        if self.workflow is not None and runs and self.workflow not in runs.values():
            name = getattr(self.workflow, "__qualname__", repr(self.workflow))
            yield f"workflow={name} is not one of the target's workflows: {', '.join(runs)}."

    def _runs(self) -> Iterator[tuple[type, Callable[..., Any]]]:
        for one in self.workflows:
            if is_workflow(one):
                yield one, workflow_definition(one).run_fn

    def unknown_activities(self, known: Collection[str]) -> Iterator[str]:
        """Say which activities it names and does not have, one sentence each.

        Args:
            known: The types of those that its worker has.
        """
        named = (activity_name(one) for one in self.reads if isinstance(one, str) or is_activity(one))
        places = {"`reads`": frozenset(named)}
        places |= {one.name: one.activities for one in self.invariants if isinstance(one, Invariant)}
        return activities_problems(places, known)

    def _problems_of_invariants(self) -> Iterator[str]:
        for reader in self.reads:
            if not isinstance(reader, str) and not is_activity(reader):
                yield f"{reader!r} in `reads` is neither an activity nor the name of one."
        for judge in self.invariants:
            if not isinstance(judge, Invariant) and not callable(judge):
                yield f"{judge!r} in `invariants` is neither an invariant nor callable."
        for pattern in self.without:
            if ":" not in pattern:
                yield f"{pattern!r} in `without` is not a pattern; write 'charge#*:lost' or '*:cancelled'."
