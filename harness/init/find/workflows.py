"""Finds the workflows, and which activities, children and signals each has."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass

from harness.files.naming import snake_case
from harness.init.find.activities import FoundActivity
from harness.init.source import Definition, Function, ProjectSource, SourceFile, calls_in, decorated, keyword
from harness.init.values import Scope, Values

DEFN, RUN = "temporalio.workflow.defn", "temporalio.workflow.run"
SIGNALS = ("temporalio.workflow.signal", "temporalio.workflow.update")
WAITS = "temporalio.workflow.wait_condition"

_ACTIVITY = re.compile(r"temporalio\.workflow\.(execute|start)(_local)?_activity(_method|_class)?")
_CHILD = re.compile(r"temporalio\.workflow\.(execute|start)_child_workflow")


@dataclass(frozen=True, kw_only=True)
class FoundWorkflow:
    """A workflow.

    Attributes:
        name: Of its class.
        module: Where it is.
        node: Its class.
        run: Its method with `@workflow.run`.
        activities: Those that it calls, in the order of the source.
        always: Those of them that every run calls: not in a branch, nor in the handling of an error.
        children: The names of the classes that it starts as children.
        signals: Its signals and updates, where it waits for something.
        queues: The task queues that it names for activities or children.
        one_attempt: Whether a retry policy in it allows one attempt only.
    """

    name: str
    module: SourceFile
    node: ast.ClassDef
    run: Function
    activities: Sequence[FoundActivity]
    always: Sequence[FoundActivity]
    children: Sequence[str]
    signals: Sequence[Function]
    queues: Sequence[str]
    one_attempt: bool

    @property
    def place(self) -> str:
        """Where it is, as "shop/workflows.py:12"."""
        return self.module.at(self.node)

    @property
    def pattern(self) -> str:
        """The name of the folder with its scenarios, such as "place_order"."""
        words = re.sub(r"(?<=[A-Z])(?=[A-Z][a-z])", "_", self.name.removesuffix("Workflow") or self.name)
        return re.sub(r"_+", "_", snake_case(re.sub(r"[A-Z]{2,}", lambda run: run[0].capitalize(), words)))

    @property
    def scope(self) -> Scope:
        """The inside of its run method."""
        return Scope(module=self.module, function=self.run, owner=self.node)


def find_workflows(project: ProjectSource, activities: Sequence[FoundActivity], values: Values) -> list[FoundWorkflow]:
    """Return the workflows, in the order of the files."""
    found = []
    for module in project.modules.values():
        for node in module.top.values():
            if isinstance(node, ast.ClassDef) and decorated(module, node, DEFN):
                methods = [one for one in node.body if isinstance(one, Function)]
                run = next((one for one in methods if decorated(module, one, RUN)), None)
                if run is not None:
                    found.append(_workflow(project, module, node, run, methods, activities, values))
    return found


def roots(workflows: Sequence[FoundWorkflow]) -> list[FoundWorkflow]:
    """Return the workflows that somebody starts; all of them, where each is somebody's child."""
    children = {name for one in workflows for name in one.children if name != one.name}
    return [one for one in workflows if one.name not in children] or [*workflows]


def served_with(workflow: FoundWorkflow, workflows: Sequence[FoundWorkflow]) -> list[FoundWorkflow]:
    """Return a workflow and all its descendants."""
    by_name = {one.name: one for one in workflows}
    found = [workflow]
    for one in found:
        found += [by_name[name] for name in one.children if name in by_name and by_name[name] not in found]
    return found


def _workflow(  # noqa: PLR0917 - what is known of the project, and of the class
    project: ProjectSource,
    module: SourceFile,
    node: ast.ClassDef,
    run: Function,
    methods: Sequence[Function],
    activities: Sequence[FoundActivity],
    values: Values,
) -> FoundWorkflow:
    calls = calls_in(node)
    named = {call: module.qualified(call.func) for call in calls}
    begun = [call for call in calls if _ACTIVITY.fullmatch(named[call])]
    children = [call for call in calls if _CHILD.fullmatch(named[call]) and call.args]
    scope = Scope(module=module, owner=node)
    queues = [values.constant(one, scope) for call in (*begun, *children) if (one := keyword(call, "task_queue"))]
    waits = any(name == WAITS for name in named.values())
    return FoundWorkflow(
        name=node.name,
        module=module,
        node=node,
        run=run,
        activities=_unique([_activity(project, module, call, activities) for call in begun]),
        always=_unique([_activity(project, module, call, activities) for call in _unconditional(run) if call in begun]),
        children=[_last(call.args[0]) for call in children],
        signals=[one for one in methods if waits and any(decorated(module, one, name) for name in SIGNALS)],
        queues=[one for one in dict.fromkeys(queues) if one],
        one_attempt=any(
            isinstance(limit, ast.Constant) and limit.value == 1
            for call in calls
            if (limit := keyword(call, "maximum_attempts")) is not None
        ),
    )


def _unconditional(node: ast.AST) -> list[ast.Call]:
    """Return the calls in a piece of code that are in no branch of it."""
    found: list[ast.Call] = []
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.If | ast.ExceptHandler | ast.While | ast.IfExp | ast.Match):
            found += [child] if isinstance(child, ast.Call) else []
            found += _unconditional(child)
    return found


def _activity(
    project: ProjectSource, module: SourceFile, call: ast.Call, activities: Sequence[FoundActivity]
) -> FoundActivity | None:
    given = call.args[0] if call.args else keyword(call, "activity")
    if given is None:
        return None
    found = project.refers_to(module, given)
    if isinstance(found, Definition):
        return next((one for one in activities if one.function.node is found.node), None)
    return next((one for one in activities if one.name == _last(given)), None)


def _unique(found: Sequence[FoundActivity | None]) -> list[FoundActivity]:
    return [*{one.place: one for one in found if one is not None}.values()]


def _last(node: ast.expr) -> str:
    """The name of a workflow or an activity in an argument: `Ship.run`, `Ship`, "Ship"."""
    match node:
        case ast.Constant(value=str() as name):
            return name
        case ast.Attribute(attr="run"):
            return _last(node.value)
        case ast.Attribute():
            return node.attr
        case ast.Name():
            return node.id
        case _:
            return ""
