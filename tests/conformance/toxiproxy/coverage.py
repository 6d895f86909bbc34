"""Which test holds which item of the contract: `python -m tests.conformance.toxiproxy.coverage` prints the table."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.conformance.toxiproxy.items import ITEMS, UNTESTED, UNUSED


def tests_by_item() -> Mapping[str, Sequence[str]]:
    """Return the names of the tests that are marked with each item, as "file::test", sorted."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for file in sorted(Path(__file__).parent.glob("test_*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                for item in _items(node):
                    found[item].add(f"{file.stem}::{node.name}")
    return {item: sorted(names) for item, names in found.items()}


def _items(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    # A mark stands on the test, or on one of its parameter sets.
    for part in (part for decorator in node.decorator_list for part in ast.walk(decorator)):
        if isinstance(part, ast.Call) and ast.unparse(part.func) == "pytest.mark.tx":
            for argument in part.args:
                if isinstance(argument, ast.Constant):
                    yield str(argument.value)


def table() -> str:
    """Return the table as Markdown."""
    tests = tests_by_item()
    rows = ["| item | checked by |", "| --- | --- |"]
    for item in ITEMS:
        if item in UNUSED:
            continue
        held = ", ".join(f"`{name}`" for name in tests.get(item, ())) or f"not tested: {UNTESTED.get(item, 'a module')}"
        rows.append(f"| {item} | {held} |")
    return "\n".join(rows)


if __name__ == "__main__":
    print(table())  # noqa: T201 - the table is what the command is for
