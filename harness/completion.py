"""Completes a command line for a shell: `_HARNESS_COMPLETE=bash_complete harness`, as the shell's function calls it.

A shell calls it for each press of the key, and to import the Temporal SDK takes a second. So the commands are imported
without what they work with: whatever is not `LIGHT` is replaced by `_Absent`, as options are declared without it.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, suppress
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

VARIABLE = "_HARNESS_COMPLETE"
"""What a shell sets, in the form that click reads."""

LIGHT = frozenset(
    {
        "harness",
        "harness.cli",
        "harness.commands",
        "harness.environment",
        "harness.environment.providers",
        "harness.exit_codes",
        "harness.explore",
        "harness.explore.model",
        "harness.explore.model.where",
        "harness.extensions",
        "harness.files",
        "harness.files.naming",
        "harness.files.scenario_paths",
        "harness.project_tables",
        "harness.sessions",
        "harness.sessions.jobs",
    }
)
"""The modules of the harness that are imported as they are, besides those of the commands."""


def complete() -> None:
    """Print the completions, or the script that switches them on; whatever goes wrong, a prompt shows no error."""
    only_light()
    with suppress(Exception), redirect_stderr(io.StringIO()):
        from click.shell_completion import add_completion_class, shell_complete  # noqa: PLC0415 - after the finder

        from harness.cli import cli  # noqa: PLC0415 - the same
        from harness.commands._complete import Bash  # noqa: PLC0415 - the same

        add_completion_class(Bash)
        shell_complete(cli, {}, "harness", VARIABLE, os.environ[VARIABLE])
    with suppress(OSError):
        sys.stdout.flush()


def only_light() -> None:
    """From now on, import nothing that is not light: a stand-in is there instead."""
    sys.meta_path.insert(0, _OnlyLight())


class _Absent:
    """Stands for anything of a module that is not imported: no option is declared by what it is."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *_: object, **__: object) -> Any:
        return self

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __or__(self, _: object) -> Any:
        return self


class _AbsentModule(ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Absent()


class _OnlyLight(MetaPathFinder, Loader):
    def find_spec(self, fullname: str, *_: object) -> ModuleSpec | None:
        top = fullname.partition(".")[0]
        if fullname in LIGHT or fullname.startswith("harness.commands.") or top == "click":
            return None
        return None if top in sys.stdlib_module_names else ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _AbsentModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run."""
