"""Finds the worker programs: where a worker is built, how the program is started, and which task queue it polls."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from harness.init.source import Function, ProjectSource, SourceFile, calls_in, keyword
from harness.init.values import Scope, Values

WORKER = ("temporalio.worker.Worker", "temporalio.worker._worker.Worker")
CONNECT = "temporalio.client.Client.connect"


@dataclass(frozen=True, kw_only=True)
class FoundProgram:
    """A program that runs workers.

    Attributes:
        entry: As `harness.workers.program` takes it: "shop.worker" or "shop.worker:main"; "" if it cannot be started by
            itself, as a worker inside a web application.
        place: Where its first worker is built.
        workers: For each worker, its task queue ("" if the code does not say) and the names of its workflows (None if
            the code does not say).
        module: The file.
    """

    entry: str
    place: str
    workers: Sequence[tuple[str, frozenset[str] | None]]
    module: SourceFile

    @property
    def queues(self) -> list[str]:
        """The task queues that it polls."""
        return [*dict.fromkeys(queue for queue, _ in self.workers if queue)]

    def queue_of(self, workflow: str) -> str | None:
        """Return the task queue on which it serves a workflow, "" for one unknown; None if it does not serve it."""
        return next((queue for queue, names in self.workers if names is None or workflow in names), None)


def find_programs(project: ProjectSource, values: Values) -> list[FoundProgram]:
    """Return the programs, in the order of the files."""
    found = []
    for module in project.modules.values():
        calls = [one for one in calls_in(module.tree) if module.qualified(one.func) in WORKER]
        if calls:
            found.append(_program(project, values, module, calls))
    return found


def _program(project: ProjectSource, values: Values, module: SourceFile, calls: Sequence[ast.Call]) -> FoundProgram:
    scopes = {call: Scope(module=module, function=_around(module.tree, call)) for call in calls}
    return FoundProgram(
        entry=_entry(project, module, calls, scopes),
        place=module.at(calls[0]),
        workers=[
            (
                values.constant(keyword(call, "task_queue"), scopes[call]) or "",
                _names(project, values, keyword(call, "workflows"), scopes[call]),
            )
            for call in calls
        ],
        module=module,
    )


def _names(project: ProjectSource, values: Values, given: ast.expr | None, scope: Scope) -> frozenset[str] | None:
    """Return the names in a list of classes; None if the code does not say."""
    if given is None:
        return frozenset()
    if isinstance(given, ast.Name | ast.Attribute):
        assigned = values.assigned(given, scope)
        return None if assigned is None else _names(project, values, *assigned)
    if not isinstance(given, ast.List | ast.Tuple):
        return None
    names = [getattr(one, "attr", getattr(one, "id", "")) for one in given.elts]
    return frozenset(names) if all(names) else None


def _entry(project: ProjectSource, module: SourceFile, calls: Sequence[ast.Call], scopes: dict[ast.Call, Scope]) -> str:
    """Return how the program is started: as a script, or by the function that builds the worker."""
    functions = [scopes[call].function for call in calls]
    guard = next((one for one in module.tree.body if _is_guard(one)), None)
    if guard is not None and any(one is None or one.name in _reached(module, guard) for one in functions):
        return module.name.removesuffix(".__main__")
    for other in project.modules.values():
        guard = next((one for one in other.tree.body if _is_guard(one)), None)
        names = {f"{module.name}.{one.name}" for one in functions if one is not None}
        started = [*calls_in(guard)] if guard is not None else []
        if guard is not None:
            reached = _reached(other, guard)
            started += [
                call for one in other.top.values() if getattr(one, "name", "") in reached for call in calls_in(one)
            ]
        if names & {other.qualified(call.func) for call in started}:
            return other.name.removesuffix(".__main__")
    for one in functions:
        if one is not None and module.top.get(one.name) is one and not _needed(one):
            return f"{module.name}:{one.name}"
    return ""


def _is_guard(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and "__name__" in {
        one.id for one in ast.walk(node.test) if isinstance(one, ast.Name)
    }


def _reached(module: SourceFile, start: ast.AST) -> set[str]:
    """Return the functions of a module that a piece of its code calls, themselves or through others."""
    reached: set[str] = set()
    waiting = [start]
    while waiting:
        for call in calls_in(waiting.pop()):
            name = call.func.id if isinstance(call.func, ast.Name) else ""
            if name not in reached and isinstance(function := module.top.get(name), Function):
                reached.add(name)
                waiting.append(function)
    return reached


def _around(tree: ast.Module, call: ast.Call) -> Function | None:
    """Return the outermost function around a call."""
    for node in ast.walk(tree):
        if isinstance(node, Function) and any(one is call for one in ast.walk(node)):
            return node
    return None


def _needed(function: Function) -> bool:
    """Whether a function has parameters without a default."""
    given = function.args
    positional = len(given.posonlyargs) + len(given.args) - len(given.defaults)
    return positional > 0 or any(one is None for one in given.kw_defaults)
