"""What runs in the application's interpreter finds there no more than Python 3.8 and the SDK."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

THERE = {"temporalio", "google", *sys.stdlib_module_names}

SINCE_38 = {"tomllib", "zoneinfo", "graphlib"}


def imported(body: list[ast.stmt]) -> Iterator[str]:
    """What a module imports when it is imported itself."""
    for one in body:
        match one:
            case ast.Import(names=names):
                yield from (name.name for name in names)
            case ast.ImportFrom(module=str(module), names=names):
                yield module
                yield from (f"{module}.{name.name}" for name in names)
            case ast.If(test=ast.Name(id="TYPE_CHECKING")) | ast.FunctionDef() | ast.AsyncFunctionDef():
                pass
            case _:
                yield from imported([inner for inner in ast.iter_child_nodes(one) if isinstance(inner, ast.stmt)])


def file_of(module: str) -> Path | None:
    """The file of a module of the harness."""
    path = ROOT.joinpath(*module.split("."))
    return next((one for one in (path.with_suffix(".py"), path / "__init__.py") if one.is_file()), None)


def reached() -> dict[Path, ast.Module]:
    """Every file of the harness that the child imports."""
    waiting = [*(ROOT / "harness" / "application_side").glob("*.py"), ROOT / "harness" / "__init__.py"]
    found: dict[Path, ast.Module] = {}
    while waiting:
        file = waiting.pop()
        if file not in found:
            found[file] = ast.parse(file.read_text(encoding="utf-8"))
            names = [one for one in imported(found[file].body) if one.startswith("harness")]
            waiting += [one for name in names if (one := file_of(name)) is not None]
    return found


REACHED = reached()


@pytest.mark.parametrize("file", sorted(REACHED), ids=lambda file: str(file.relative_to(ROOT)))
def test_a_module_needs_nothing_that_is_not_there(file: Path) -> None:
    """Neither a dependency of the harness, nor a newer standard library."""
    needed = {name.partition(".")[0] for name in imported(REACHED[file].body)} - {"harness"}

    assert needed <= THERE - SINCE_38


@pytest.mark.parametrize("file", sorted(REACHED), ids=lambda file: str(file.relative_to(ROOT)))
def test_a_module_is_written_for_python_3_8(file: Path) -> None:
    """As far as its syntax says; its annotations are not evaluated."""
    tree = ast.parse(file.read_text(encoding="utf-8"), feature_version=(3, 8))

    futures = [one for one in tree.body if isinstance(one, ast.ImportFrom) and one.module == "__future__"]
    assert futures or not tree.body or file.name == "start.py"


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("import click", ["click"]),
        ("try:\n    import click\nexcept ImportError:\n    pass", ["click"]),
        ("def late():\n    import click", []),
    ],
)
def test_an_import_is_found(code: str, names: list[str]) -> None:
    """Where it runs with the module."""
    assert list(imported(ast.parse(code).body)) == names
