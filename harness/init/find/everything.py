"""Reads a project and returns everything that is found in it."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.init.find.activities import FoundActivity, find_activities
from harness.init.find.converters import FoundConverter, find_converter
from harness.init.find.programs import FoundProgram, find_programs
from harness.init.find.requests import FoundRequest, Requests
from harness.init.find.services import FoundService, services_of
from harness.init.find.workflows import FoundWorkflow, find_workflows, roots, served_with
from harness.init.source import Function, ProjectSource, read_project
from harness.init.values import Scope, Values

OTHERS: Mapping[str, str] = {
    "asyncpg": "Postgres",
    "psycopg": "Postgres",
    "psycopg2": "Postgres",
    "sqlalchemy": "a database",
    "pymongo": "MongoDB",
    "redis": "Redis",
    "boto3": "AWS",
    "aioboto3": "AWS",
    "smtplib": "SMTP",
    "aiosmtplib": "SMTP",
    "kafka": "Kafka",
    "aiokafka": "Kafka",
    "openai": "OpenAI",
    "stripe": "Stripe",
    "grpc": "gRPC",
}
"""Packages that talk to services no fake is written for."""

PLACES = ("URL", "URI", "DSN", "HOST", "PORT", "ADDRESS", "ENDPOINT", "PATH", "FILE", "DIR")
"""The ends of the names of environment variables that say where something is."""


@dataclass(frozen=True, kw_only=True)
class FoundProject:
    """Everything that is found in a project.

    Attributes:
        project: Its files.
        workflows: All workflows.
        started: Those that somebody starts, and that are no children only.
        activities: All activities.
        requests: By the place of an activity, the requests that it makes.
        services: The services that the activities call.
        programs: The worker programs.
        converter: The data converter; None for the SDK's.
        others: Other services, by the package that talks to them, with where.
        unset: Environment variables that the code needs, and that are not set here; those of services left out.
    """

    project: ProjectSource
    workflows: Sequence[FoundWorkflow]
    started: Sequence[FoundWorkflow]
    activities: Sequence[FoundActivity]
    requests: Mapping[str, Sequence[FoundRequest]]
    services: Sequence[FoundService]
    programs: Sequence[FoundProgram]
    converter: FoundConverter | None
    others: Sequence[str]
    unset: Sequence[str]

    def all_of(self, workflow: FoundWorkflow) -> list[FoundWorkflow]:
        """Return a workflow and its descendants."""
        return served_with(workflow, self.workflows)

    def requests_of(self, workflow: FoundWorkflow) -> list[FoundRequest]:
        """Return the requests of the activities of a workflow and its descendants, in the order of the source."""
        activities = [each for one in self.all_of(workflow) for each in one.activities]
        return [request for one in activities for request in self.requests[one.place]]

    def services_of(self, workflow: FoundWorkflow) -> list[FoundService]:
        """Return the services that a workflow's activities call."""
        requests = self.requests_of(workflow)
        return [one for one in self.services if any(map(one.answers, requests))]

    def program_of(self, workflow: FoundWorkflow) -> FoundProgram | None:
        """Return the program that serves a workflow and can be started by itself; None for none."""
        able = [one for one in self.programs if one.entry and one.queue_of(workflow.name) is not None]
        return able[0] if able else None

    @property
    def exemplified(self) -> list[str]:
        """Those of the variables that are not set for which an example does: places would only fail less clearly."""
        return [one for one in self.unset if not one.endswith(PLACES)]

    def read_at_import(self, variable: str) -> bool:
        """Whether an environment variable without a default may be read while the code is imported."""
        inside = [one for module in self.project.modules.values() for one in _reads_in_functions(module.tree)]
        every = [one for module in self.project.modules.values() for one in _reads(module.tree)]
        return variable not in inside or every.count(variable) > inside.count(variable)


def find_everything(root: Path, *, without: Sequence[Path] = ()) -> FoundProject:
    """Read a project.

    Args:
        root: Its folder.
        without: Folders that are not read.
    """
    project = read_project(root, without=without)
    values = Values(project)
    activities = find_activities(project)
    workflows = find_workflows(project, activities, values)
    finder = Requests(project, values)
    requests = {one.place: finder.of(one.function) for one in activities}
    services = services_of([request for several in requests.values() for request in several])
    programs = find_programs(project, values)
    return FoundProject(
        project=project,
        workflows=workflows,
        started=roots(workflows),
        activities=activities,
        requests=requests,
        services=services,
        programs=programs,
        converter=find_converter(project, next((one for one in programs if one.entry), None)),
        others=[*dict.fromkeys(_others(project))],
        unset=[*dict.fromkeys(_unset(project, values, {one.base.env for one in services}))],
    )


def _reads(tree: ast.AST) -> Iterator[str]:
    """Yield the names that stand as `environ["NAME"]` in a piece of code."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            of_environ = getattr(node.value, "attr", getattr(node.value, "id", "")) == "environ"
            yield from [str(node.slice.value)] if of_environ else []


def _reads_in_functions(tree: ast.Module) -> Iterator[str]:
    waiting: list[ast.AST] = [tree]
    while waiting:
        for node in ast.iter_child_nodes(waiting.pop()):
            if isinstance(node, Function):
                yield from _reads(node)
            else:
                waiting.append(node)


def _others(project: ProjectSource) -> Iterator[str]:
    for module in project.modules.values():
        for name in module.names.values():
            package = name.partition(".")[0]
            if package in OTHERS:
                yield f"{OTHERS[package]} ({package} in {module.path.as_posix()})"


def _unset(project: ProjectSource, values: Values, known: set[str]) -> Iterator[str]:
    for module in project.modules.values():
        for node in ast.walk(module.tree):
            reads = isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load)
            if reads and isinstance(node, ast.Subscript) and module.qualified(node.value) == "os.environ":
                name = values.constant(node.slice, Scope(module=module))
                if name and name not in os.environ and name not in known and not name.startswith("TEMPORAL_"):
                    yield name
