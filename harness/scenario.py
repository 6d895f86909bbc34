"""What a scenario file declares: a frozen value that is checked when it is built."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from harness.errors import UsageError, unknown, wrong_duration
from harness.events import WorkflowTaskStuck
from harness.fault import Fault, target_name
from harness.files.field_types import wrong_types
from harness.files.naming import kind_of
from harness.fixed_hosts.names import missing, plain_host
from harness.library_internals.workflow_definition import is_workflow, workflow_definition, workflow_types
from harness.oracle import Oracle, ToleratingOracle
from harness.services.operation import Operation
from harness.services.service import Service
from harness.temporal.requirements import SHARED, Server
from harness.testbed.live_run import LiveRun
from harness.testbed.ports import Part
from harness.testbed.testbed import service_of
from harness.trigger import Trigger, triggers_in, values_in
from harness.workers.application import PLAINLY, Application, StartOptions
from harness.workers.custom import CustomWorker, WorkerCommand
from harness.workers.failpoints import SeesInside
from harness.workers.sdk_options import server_type
from harness.workers.spec import WorkerProcesses

HOW_TO_REPORT = "add `WorkerPlugin()` to its client, and set tells=True."


ScenarioDriver = Callable[[LiveRun], Coroutine[Any, Any, None]]


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One named failure: an application, the faults injected into it, and what must hold nevertheless.

    Attributes:
        application: The application under test.
        workflow: The workflow's run method, such as `BookTrip.run`, or its type, such as "BookTrip".
        given: Its one argument, or a tuple of several, or () for none.
        uses: The fakes that it needs, each behind a proxy of its own.
        faults: The faults. Each must fire as declared, or the run is INCONCLUSIVE.
        expects: The oracles that judge the run. `replays_cleanly` judges every run in addition.
        claims: Ids of the specification's claims that this proves, such as "SAGA-001".
        server: What it needs of the Temporal server: its clock, its limits, whether faults break it.
        start: How the workflow is started: its timeouts and its retry policy.
        workers: Worker processes, for faults that break them; None for one worker in this process, which is faster.
            With a fake that has `hosts`, None becomes one process: its environment names the run's proxy.
        drive: Sends signals, cancels, or waits for moments while the workflow runs. None only waits for its end.
        deadline: How long the workflow may take, in real time; a generous bound, not an expectation.

    Raises:
        UsageError: The declaration is wrong; the error names every problem.
    """

    application: Application
    workflow: Callable[..., Awaitable[Any]] | str
    given: Any = ()
    uses: Sequence[type[Service]] = ()
    faults: Sequence[Fault] = ()
    expects: Sequence[Oracle] = ()
    claims: Sequence[str] = ()
    server: Server = SHARED
    start: StartOptions = PLAINLY
    workers: WorkerProcesses | None = None
    drive: ScenarioDriver | None = None
    deadline: timedelta = timedelta(seconds=60)

    def __post_init__(self) -> None:
        if self.workers is None and self.hosts:
            object.__setattr__(self, "workers", WorkerProcesses())
        problems = tuple(self._problems())
        if problems:
            raise UsageError(*problems)

    @property
    def hosts(self) -> list[str]:
        """The hosts that its fakes stand in for."""
        uses: object = self.uses
        kinds = uses if isinstance(uses, Sequence) else ()
        return [plain_host(host) for kind in kinds if _is_service(kind) for host in kind.hosts]

    @property
    def arguments(self) -> list[Any]:
        """The workflow's arguments."""
        return list(self.given) if isinstance(self.given, tuple) else [self.given]

    @property
    def workflow_name(self) -> str:
        """The workflow as it is named to people: its run method, or its type."""
        return self.workflow if isinstance(self.workflow, str) else self.workflow.__qualname__

    @property
    def fault_names(self) -> dict[str, Fault]:
        """The faults by their names in the evidence, such as "lost_reply@flights.book"."""
        named: dict[str, Fault] = {}
        for fault in self.faults:
            base = f"{kind_of(fault)}@{target_name(fault.on)}"
            name, number = base, 1
            while name in named:
                number += 1
                name = f"{base}~{number}"
            named[name] = fault
        return named

    @property
    def needed_server(self) -> Server:
        """The server that it needs, with the search attributes of its application."""
        started = {one.name: server_type(one) for one in self.start.search_attribute_keys}
        known = {**started, **self.application.search_attribute_types, **self.server.search_attributes}
        return replace(self.server, search_attributes=known)

    @property
    def heavy(self) -> bool:
        """Whether it starts processes of its own, which take more of the machine than a run that mostly waits."""
        return self.workers is not None or self.server.breakable

    @property
    def missing(self) -> tuple[str, ...]:
        """Why it cannot run on this machine: real servers that are not installed."""
        servers = tuple(text for kind in self.uses if (text := kind.missing()) is not None)
        return (*servers, text) if self.hosts and (text := missing()) else servers

    def tolerates(self, stuck: WorkflowTaskStuck) -> bool:
        """Whether an oracle expects this failing workflow task, so that the run goes on."""
        return any(isinstance(oracle, ToleratingOracle) and oracle.tolerates(stuck) for oracle in self.expects)

    def _problems(self) -> Iterator[str]:
        own = [text for _, text in wrong_types(self, but=("faults", "expects"))]
        yield from own
        if own:
            return
        services = [one.name() for one in self.uses]
        by_host = {one.name() for one in self.uses if one.hosts}
        yield from self.application.problems(services, by_host=by_host)
        if not self.expects:
            yield "expects is empty: a scenario that cannot fail proves nothing; add an oracle such as Outcome()."
        if len(set(services)) < len(services):
            yield f"uses names a fake twice: {', '.join(services)}."
        for host, many in Counter(self.hosts).items():
            if many > 1:
                fakes = " and ".join(one.name() for one in self.uses if host in map(plain_host, one.hosts))
                yield f"{host!r} is a host of {fakes}; only one fake of a scenario can stand in for it."
        if wrong := wrong_duration("deadline", self.deadline):
            yield wrong
        yield from self._problems_of_workflow()
        if self.workers is not None:
            yield from self.workers.problems(self.application, services)
        yield from self._problems_of_parts()

    def _problems_of_workflow(self) -> Iterator[str]:
        if self.application.modules:
            own = None if self.workers is None else self.workers.own
            if not isinstance(own, WorkerCommand):
                yield (
                    "Application(modules=...) is of an application with an interpreter of its own; start its worker "
                    "program with workers=WorkerProcesses(own=WorkerCommand(...))."
                )
            if not isinstance(self.workflow, str):
                yield "with Application(modules=...), workflow must be a workflow type, such as 'BookTrip'."
            return
        classes = [one for one in self.application.workflows if is_workflow(one)]
        if isinstance(self.workflow, str):
            types = workflow_types(classes)
            if types and self.workflow not in types and "*" not in types:
                yield unknown("workflow", self.workflow, types)
            return
        owner = self.workflow.__qualname__.rpartition(".")[0]
        known = [one.__qualname__ for one in self.application.workflows]
        if owner not in known and known:
            possible = ", ".join(f"{one}.run" for one in known)
            yield f"workflow={self.workflow.__qualname__} is not one of the application's workflows: {possible}."

    def _problems_of_parts(self) -> Iterator[str]:
        for claim in self.claims:
            if not re.fullmatch(r"[A-Z]+-\d{3}", claim):
                yield f"claims must be ids such as 'SAGA-001', got {claim!r}."
        for fault in self.faults:
            yield from self._problems_of_fault(fault)
        for oracle in self.expects:
            wrong = _not_one(oracle, Oracle)
            if wrong:
                yield f"{oracle!r} is not an oracle{wrong}"
            mistyped = [*_mistyped(oracle)]
            yield from mistyped or self._unused(oracle)
            yield from self._unknown_names(oracle)
            if self.workers is not None and not self.workers.reports and isinstance(oracle, SeesInside):
                yield f"{kind_of(oracle)} needs attempts, which this worker does not report; {HOW_TO_REPORT}"

    def _unused(self, part: Fault | Oracle) -> Iterator[str]:
        """Say which fakes a fault or an oracle names that the scenario does not use."""
        for target in _targets(part):
            if service_of(target) not in self.uses:
                yield f"{kind_of(part)} names {target_name(target)}, but the scenario does not use that fake."

    def _problems_of_fault(self, fault: Fault) -> Iterator[str]:
        wrong = _not_one(fault, Fault)
        if wrong:
            yield f"{fault!r} is not a fault{wrong}"
            return
        mistyped = [*_mistyped(fault)]
        yield from mistyped
        if mistyped:
            return
        yield from self._unused(fault)
        yield from self._unknown_names(fault)
        if fault.on in {Part.WORKERS, Part.LINK} and self.workers is None:
            yield f"{kind_of(fault)} needs worker processes; declare `workers=WorkerProcesses()`."
        if fault.on is Part.SERVER and not self.server.breakable:
            yield f"{kind_of(fault)} breaks the Temporal server; declare `server=Server(breakable=True)`."
        if self.workers is not None and not self.workers.reports:
            for trigger in triggers_in(fault):
                if isinstance(trigger, SeesInside):
                    yield f"{kind_of(fault)} waits for a failpoint that this worker does not report; {HOW_TO_REPORT}"
        yield from (f"{kind_of(fault)} on {target_name(fault.on)}: {text}" for text in fault.problems())
        for own in values_in(fault):
            if isinstance(own, CustomWorker):
                yield from own.problems([one.name() for one in self.uses])

    def _unknown_names(self, part: object) -> Iterator[str]:
        """Say which workflows, signals and updates a fault or an oracle names that the application does not have."""
        definitions = [workflow_definition(one) for one in self.application.workflows if is_workflow(one)]
        if self.workers is not None and self.workers.own is not None:
            # A custom worker may have others.
            return
        workflows = {one.name for one in definitions}
        messages = {name for one in definitions for name in (*one.signals, *one.updates)}
        for each in (part, *triggers_in(part)):
            workflow = getattr(each, "workflow", None)
            if isinstance(workflow, str) and workflow not in workflows and None not in workflows:
                yield f"{kind_of(each)}: {unknown('workflow', workflow, map(str, workflows))}"
            for name in getattr(each, "sent_by", ()):
                if name not in messages and None not in messages:
                    yield f"{kind_of(each)}: {unknown('signal or update', name, map(str, messages))}"


def _mistyped(part: object) -> Iterator[str]:
    """Say which fields of a fault or an oracle, or of what is in it, have a value of another type than declared."""
    for name, text in wrong_types(part):
        given = getattr(part, name)
        several = isinstance(given, list | tuple)
        value = next((one for one in given if not isinstance(one, Operation)), given) if several else given
        if isinstance(value, type) and issubclass(value, Service):
            possible = ", ".join(f"{value.__name__}.{one}" for one in _operations(value))
            yield f"{text} Name one of its operations: {possible}." if possible else text
        elif isinstance(value, Operation) and value.owner is not None:
            yield f"{text} Name the whole service: {value.owner.__name__}."
        else:
            yield text
    for value in values_in(part):
        if isinstance(value, Fault | Trigger) and not isinstance(value, type):
            yield from _mistyped(value)


def _is_service(kind: object) -> bool:
    """Whether what is said to be a service is one: `hosts` is asked for before that has been checked."""
    return isinstance(kind, type) and issubclass(kind, Service)


def _operations(kind: type[Service]) -> Iterator[str]:
    """The names of a fake's operations."""
    for name in dir(kind):
        if isinstance(getattr(kind, name, None), Operation):
            yield name


def _not_one(value: object, contract: type) -> str:
    """The end of the sentence that says that a value does not keep a contract; "" when it does."""
    if isinstance(value, type):  # it has the methods, but no instance to call them on
        return "; did you mean an instance of it?"
    return "" if isinstance(value, contract) else "."


def _targets(part: object) -> Iterator[Operation | type[Service]]:
    """The operations and fakes that a fault or an oracle names in its fields, or in those of its trigger."""
    for item in values_in(part):
        if isinstance(item, Operation) or (isinstance(item, type) and issubclass(item, Service)):
            yield item
        elif isinstance(item, Trigger):
            yield from _targets(item)
