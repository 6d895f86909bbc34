"""The application's own interpreter, where it is not the harness's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from harness.application_side.stuck import NOT_APPLICATION
from harness.errors import EnvironmentUnavailable, UsageError
from harness.settings import Settings

START = NOT_APPLICATION[-1] / "application_side" / "start.py"
"""The program that begins there."""

OLDEST_PYTHON = (3, 8)
"""The oldest Python that is tested there."""

OLDEST_SDK = (1, 7)
"""The oldest temporalio that is tested there."""

IN_PROJECT = frozenset({".venv", "venv"})
"""Names of virtual environments that are in the folder of their project."""

ANSWERS_WITHIN = 60.0
"""Seconds that an interpreter may take to import the SDK."""


@dataclass(frozen=True, kw_only=True)
class Interpreter:
    """An interpreter in which the application runs.

    Attributes:
        python: Its path. Not resolved: the path is how an interpreter knows its virtual environment.
        version: Its version.
        temporalio: The version of the SDK there.
        folders: Folders of its standard library and of its SDK.
        root: The root of the harness's project.
    """

    python: Path
    version: str
    temporalio: str
    folders: tuple[str, ...]
    root: Path

    @property
    def home(self) -> Path:
        """The application's folder: where its virtual environment is, or the root of the harness's project."""
        environment = self.python.parent.parent
        return environment.parent if environment.name in IN_PROJECT else self.root

    @property
    def import_path(self) -> tuple[str, ...]:
        """Where the application's modules are, besides where the interpreter finds them."""
        return import_path(self.home, self.root)

    @property
    def not_application(self) -> Sequence[Path]:
        """Folders of code that is not the application's."""
        return (*map(Path, self.folders), NOT_APPLICATION[-1])

    def orders(self, *, path: Sequence[str], hidden: Sequence[str]) -> Mapping[str, Any]:
        """Return what starts a process there, as plain data.

        Args:
            path: Import path of the application, before the interpreter's own.
            hidden: Entries of the interpreter's own that it must not use.
        """
        return {
            "python": str(self.python),
            "path": path,
            "hidden": hidden,
            "pythonpath": os.environ.get("PYTHONPATH", ""),
        }


def interpreter_of(settings: Settings, root: Path, *, given: Path | None = None) -> Interpreter | None:
    """Return the interpreter that the settings or an option name; None for the harness's own.

    Raises:
        UsageError: The path does not exist, is a folder, or is not Python.
        EnvironmentUnavailable: It is too old, or has no SDK that can be used.
    """
    if given is not None:
        return look_at(given, where="--python", root=root)
    if not settings.python:
        return None
    return look_at(root / settings.python, where="python in [tool.harness]", root=root)


def own_interpreter() -> Interpreter:
    """Return the harness's own, for an application that is named by import paths and is installed beside it."""
    return look_at(Path(sys.executable), where="the harness's own Python", root=Path.cwd())


def import_path(*roots: Path) -> tuple[str, ...]:
    """Return where the modules of projects are: the root of each, and its src folder if it has one."""
    folders = [folder for root in dict.fromkeys(roots) for folder in (root, root / "src")]
    return tuple(str(one) for one in folders if one in roots or (one.is_dir() and not (one / "__init__.py").exists()))


@cache
def look_at(python: Path, *, where: str, root: Path) -> Interpreter:
    """Return what an interpreter is.

    Args:
        python: Its path.
        where: What names it, for errors, such as "--python".
        root: The root of the harness's project.

    Raises:
        UsageError: The path does not exist, is a folder, or is not Python.
        EnvironmentUnavailable: It is too old, or has no SDK that can be used.
    """
    python = Path(os.path.abspath(python))  # noqa: PTH100 - resolved, it would be another environment's
    # These answer for any text, and a `Path` raises an error for some.
    if os.path.isdir(python):  # noqa: PTH112 - see above
        inside = [one for one in (python / "bin" / "python", python / ".venv" / "bin" / "python") if one.is_file()]
        raise UsageError(f"{where}: {python} is a folder; name the interpreter in it{_such_as(inside)}.")
    if not os.path.isfile(python):  # noqa: PTH113 - see above
        raise UsageError(f"{where}: {python} does not exist; name the application's Python, such as .venv/bin/python.")
    found = _looked(python, where)
    if _numbers(found["python"]) < OLDEST_PYTHON:
        raise EnvironmentUnavailable(
            f"{where}: {python} is Python {found['python']}; {_dotted(OLDEST_PYTHON)} or newer is needed."
        )
    if found["error"]:
        raise EnvironmentUnavailable(f"{where}: temporalio cannot be imported by {python}: {found['error']}.")
    if found["temporalio"] is None:
        raise EnvironmentUnavailable(
            f"{where}: {python} (Python {found['python']}) has no temporalio; "
            f"install the application there, or `{python} -m pip install temporalio`."
        )
    if _numbers(found["temporalio"]) < OLDEST_SDK:
        raise EnvironmentUnavailable(
            f"{where}: {python} has temporalio {found['temporalio']}; {_dotted(OLDEST_SDK)} or newer is needed."
        )
    return Interpreter(
        python=python,
        version=found["python"],
        temporalio=found["temporalio"],
        folders=tuple(found["folders"]),
        root=root,
    )


def _looked(python: Path, where: str) -> dict[str, Any]:
    try:
        ended = subprocess.run(  # noqa: S603 - the user's own interpreter
            [python, START, "look"], capture_output=True, stdin=subprocess.DEVNULL, timeout=ANSWERS_WITHIN, check=False
        )
    except OSError as error:
        raise UsageError(f"{where}: {python} cannot be run as Python: {error.strerror}.") from error
    except subprocess.TimeoutExpired as late:
        raise EnvironmentUnavailable(
            f"{where}: {python} did not say which Python it is within {ANSWERS_WITHIN:g} s."
        ) from late
    try:
        # What a site's own start-up code prints comes before.
        said = json.loads(ended.stdout.splitlines()[-1])
        said["python"], said["temporalio"], said["folders"]
    except (ValueError, TypeError, KeyError, IndexError) as error:
        output = " ".join((ended.stderr or ended.stdout).decode(errors="replace").split())[-300:]
        words = f", saying: {output}" if output else " and said nothing"
        raise UsageError(
            f"{where}: {python} is not Python: it ended with exit code {ended.returncode}{words}"
        ) from error
    return dict(said)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(one) for one in version.split(".")[:2] if one.isdigit())


def _dotted(numbers: tuple[int, ...]) -> str:
    return ".".join(map(str, numbers))


def _such_as(inside: list[Path]) -> str:
    return f": {inside[0]}" if inside else ", such as bin/python"
