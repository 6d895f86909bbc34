"""Every kind of fault of an exploration, found by its path, and what is wrong with the name of one."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from harness.errors import unknown
from harness.explore import kinds
from harness.explore.kind import FaultKind
from harness.files.naming import camel_case


def _found() -> list[FaultKind]:
    folder = Path(str(kinds.__file__)).parent
    names = [path.stem for path in folder.glob("[!_]*.py")]
    found: list[FaultKind] = [getattr(import_module(f"{kinds.__name__}.{name}"), camel_case(name))() for name in names]
    return sorted(found, key=lambda kind: kind.order)


KINDS = {kind.name: kind for kind in _found()}
"""Every kind by its name, the most telling first: the order in which a budget is spent."""


def problem_with(name: str) -> str:
    """Say why there is no kind of that name, one sentence; "" when there is."""
    if name in KINDS:
        return ""
    renamed = next((kind.name for kind in KINDS.values() if kind.formerly == name), "")
    if renamed:
        return f"the kind of fault {name!r} is now spelled {renamed!r}."
    return unknown("kind of fault", name, KINDS)
