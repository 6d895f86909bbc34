"""The options that name files and folders: a mistake is refused before anything is started, not after the work."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from harness.errors import EnvironmentUnavailable, UsageError
from harness.files.writable import why_not_writable


class Written(click.ParamType):  # type: ignore[type-arg]  # click < 8.2 has no type arguments
    """A file or a folder that the command writes.

    Args:
        folder: Whether it is a folder.
    """

    def __init__(self, *, folder: bool = False) -> None:
        self.folder = folder
        self.name = "directory" if folder else "file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:  # noqa: ARG002 - click's signature
        """Return the path.

        Raises:
            EnvironmentUnavailable: It cannot be written.
        """
        path = Path(value)
        why = why_not_writable(path, folder=self.folder)
        if why:
            what = "folder" if self.folder else "file"
            raise EnvironmentUnavailable(f"the {what} {path} cannot be written: {why}. Choose another{_with(param)}.")
        return path

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002 - the same
        """Have the shell complete it."""
        return _by_the_shell(incomplete, folder=self.folder)


class Read(click.ParamType):  # type: ignore[type-arg]  # the same
    """A file or a folder that the command reads, and that must be there.

    Args:
        folder: Whether it is a folder; None where it may be either.
        reported: Whether the command itself reports what is not there, all of it at once.
    """

    def __init__(self, *, folder: bool | None = False, reported: bool = False) -> None:
        self.folder = folder
        self.reported = reported
        self.name = "directory" if folder else "path" if folder is None else "file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:  # noqa: ARG002 - the same
        """Return the path.

        Raises:
            UsageError: It is not there, or cannot be read.
        """
        path = Path(value)
        why = self.why_not(path)
        if why:
            raise UsageError(f"{path} cannot be read: {why}. Choose another{_with(param)}.")
        return path

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002 - the same
        """Have the shell complete it."""
        return _by_the_shell(incomplete, folder=self.folder is True)

    def why_not(self, path: Path) -> str:
        """Return why a path cannot be read; "" when it can."""
        try:
            mode = path.stat().st_mode
        except OSError as error:
            left = self.reported and isinstance(error, FileNotFoundError | NotADirectoryError)
            return "" if left else error.strerror or str(error)
        # A device or a pipe, such as /dev/stdin, is read as a file.
        if self.folder is not None and stat.S_ISDIR(mode) is not self.folder:
            return f"it is not a {'folder' if self.folder else 'file'}"
        return "" if os.access(path, os.R_OK) else os.strerror(errno.EACCES)


def _by_the_shell(incomplete: str, *, folder: bool) -> list[CompletionItem]:
    return [CompletionItem(incomplete, type="dir" if folder else "file")]


def _with(param: click.Parameter | None) -> str:
    option = param.opts[-1] if param is not None else ""
    return f" with {option}" if option.startswith("-") else ""


FILE = Written()
FOLDER = Written(folder=True)
GIVEN_FILE = Read()
GIVEN_FOLDER = Read(folder=True)
GIVEN_PATH = Read(folder=None, reported=True)


def write_reports(writes: Iterable[tuple[Callable[[Path], object], Path | None]]) -> None:
    """Write each report whose path was given: one that cannot be written keeps none of the others back.

    Raises:
        EnvironmentUnavailable: Some could not be written; it names all of them.
    """
    problems = []
    for write, path in writes:
        if path is not None:
            try:
                write(path)
            except OSError as error:
                problems.append(f"the report {path} cannot be written: {error.strerror}.")
    if problems:
        raise EnvironmentUnavailable("\n".join(problems))


def baseline_problems(baseline: Path | None, *, update: bool) -> Iterator[str]:
    """Yield what is wrong with the option of a baseline file: one that is to be read must be there."""
    if baseline is None and update:
        yield "--update-baseline needs --baseline, the file to write."
    if baseline is not None and not update and not baseline.exists():
        yield f"--baseline {baseline} does not exist; write it with --update-baseline, or leave it out."
