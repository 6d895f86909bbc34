"""Only `harness/library_internals` uses what a library does not document, so that its next version is mended there."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
HERE = ROOT / "harness" / "library_internals"

OWN = {"self", "cls", "os", "sys"}
"""Whose names with a leading underscore are no library's; those of `os` and `sys` are documented."""

ABSTRACT = {"WorkflowRunner", "WorkflowInstance"}
"""Classes of the SDK whose methods are not documented, and grow."""


def undocumented(name: str) -> bool:
    """Whether an imported name is an internal or an experiment of its library."""
    library, *rest = name.split(".")
    match library:
        case "temporalio":
            return bool({"bridge", "TimeSkipper"} & {*rest}) or any(one.startswith("_") for one in rest)
        case "uvicorn":
            return True
        case "junitparser":
            return len(rest) > 1
        case _:
            return False


def private(name: str) -> bool:
    """Whether a member's name says that it is private; Python's own names with two underscores are not."""
    return name.startswith("_") and not name.endswith("__")


def inherited(nodes: list[ast.AST], own: set[str]) -> Iterator[ast.AST]:
    """Where a class asks for what it has inherited, if all that it inherits from is this project's."""
    imports = [node for node in nodes if isinstance(node, ast.ImportFrom)]
    ours = own | {alias.name for node in imports if str(node.module).startswith("harness.") for alias in node.names}
    for node in nodes:
        if isinstance(node, ast.ClassDef) and {ast.unparse(one) for one in node.bases} <= ours:
            yield from (one for one in ast.walk(node) if isinstance(one, ast.Call) and ast.unparse(one) == "super()")


def uses(tree: ast.Module) -> Iterator[ast.AST]:
    """Where a module uses an internal."""
    nodes = list(ast.walk(tree))
    own = OWN | {node.name for node in nodes if isinstance(node, ast.ClassDef)}
    of_sdk = {
        alias.name
        for node in nodes
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("temporalio")
        for alias in node.names
    }
    of_ours = {*map(id, inherited(nodes, own))}
    for node in nodes:
        match node:
            case ast.Import(names=names):
                found = any(undocumented(one.name) for one in names)
            case ast.ImportFrom(module=str(module), names=names):
                found = any(undocumented(f"{module}.{one.name}") for one in names)
            case ast.Attribute(value=value, attr=name):
                found = (
                    private(name) and not (isinstance(value, ast.Name) and value.id in own) and id(value) not in of_ours
                )
            case ast.Call(func=ast.Name(id="getattr" | "hasattr" | "setattr"), args=[_, ast.Constant(value=name), *_]):
                found = private(str(name))
            case ast.Constant(value=value):
                found = str(value).startswith("__temporal_")
            case ast.Assign(targets=[ast.Attribute(value=ast.Name(id=changed))]):
                found = changed in of_sdk
            case ast.ClassDef(bases=bases):
                found = bool(ABSTRACT & {ast.unparse(one) for one in bases})
            case _:
                found = False
        if found:
            yield node


def test_nothing_else_uses_internals() -> None:
    """A use that is needed gets a file in `harness/library_internals`, and a test here."""
    files = [path for folder in ("harness", "fakes", "scenarios") for path in sorted((ROOT / folder).rglob("*.py"))]

    assert [
        f"{path.relative_to(ROOT)}:{getattr(use, 'lineno', 0)}: {ast.unparse(use)[:80]}"
        for path in files
        if path.parent != HERE
        for use in uses(ast.parse(path.read_text(encoding="utf-8")))
    ] == []


@pytest.mark.parametrize(
    "code",
    [
        "from temporalio.bridge.proto.workflow_commands import WorkflowCommand",
        "import temporalio.worker._workflow",
        "from temporalio.workflow import _Definition",
        "from temporalio.testing import TimeSkipper",
        "import uvicorn",
        "from junitparser.junitparser import FinalResult",
        "worker._workflow_worker",
        "vars(kind)['__temporal_workflow_definition']",
        "getattr(instance, '_add_command', None)",
        "from temporalio.worker import Worker\nWorker.__init__ = print",
        "class Mine(WorkflowRunner):\n    pass",
        "from temporalio.worker import Worker\nclass Mine(Worker):\n    def run(self): super()._run()",
    ],
)
def test_a_use_is_found(code: str) -> None:
    """In each form in which it would be written."""
    assert list(uses(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        "from temporalio.worker import Worker",
        "from junitparser import Failure",
        "self._worker",
        "os._exit(1)",
        "sys._current_frames()",
        "kind.__name__",
        "getattr(kind, '__name__')",
        "from harness.fault import Fault\nclass Mine(Fault):\n    def arm(self): super()._arm()",
    ],
)
def test_what_is_documented_or_one_s_own_is_not(code: str) -> None:
    """It may be used anywhere."""
    assert not list(uses(ast.parse(code)))


@pytest.mark.parametrize("name", sorted(path.stem for path in HERE.glob("[!_]*.py")))
def test_each_file_has_a_test(name: str) -> None:
    """Whose first line says what breaks when the library changes."""
    assert (Path(__file__).parent / f"test_{name}.py").is_file()
