"""Every kind of fault of an exploration, found by its path, and what is wrong with the name of one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path

from harness.errors import unknown
from harness.explore import kinds
from harness.explore.kind import FaultKind
from harness.files.naming import camel_case


@cache
def every_kind() -> Mapping[str, FaultKind]:
    """Return every kind by its name, the most telling first: the order in which a budget is spent.

    Some need the faults of the harness, and those its services: not to be called where a target is declared.
    """
    names = [path.stem for path in Path(str(kinds.__file__)).parent.glob("[!_]*.py")]
    found: list[FaultKind] = [getattr(import_module(f"{kinds.__name__}.{name}"), camel_case(name))() for name in names]
    return {kind.name: kind for kind in sorted(found, key=lambda kind: kind.order)}


def problem_with(name: str) -> str:
    """Say why there is no kind of that name, one sentence; "" when there is."""
    if name in every_kind():
        return ""
    renamed = next((kind.name for kind in every_kind().values() if kind.formerly == name), "")
    if renamed:
        return f"the kind of fault {name!r} is now spelled {renamed!r}."
    return unknown("kind of fault", name, every_kind())
