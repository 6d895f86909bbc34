"""The embedded server can be started without the rest of the harness."""

from __future__ import annotations

import ast
from pathlib import Path

from harness import embedded_toxiproxy

HOME = embedded_toxiproxy.__name__


def test_imports() -> None:
    """It imports the standard library, h11, uvloop where it is there, and itself."""
    imported: set[str] = set()
    for file in Path(embedded_toxiproxy.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                imported.add(node.module)
            elif isinstance(node, ast.Import):
                imported |= {alias.name for alias in node.names}
    ours = {name for name in imported if name.startswith("harness")}
    third_parties = {
        name for name in imported if name.split(".")[0] in {"h11", "httptools", "uvloop", "requests", "pydantic"}
    }

    assert {name for name in ours if not name.startswith(HOME)} == set()
    assert third_parties == {"h11", "uvloop"}
