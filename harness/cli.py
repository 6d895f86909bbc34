"""The command line: each file in `commands/` is a command of that name."""

from __future__ import annotations

import asyncio
import errno
import io
import os
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib import import_module

import click

from harness.errors import HarnessError, UsageError, of_the_system
from harness.exit_codes import ENVIRONMENT, GREEN, INCONCLUSIVE, USAGE
from harness.files.naming import kinds_in
from harness.files.printable import say
from harness.files.standard_streams import prepare_streams
from harness.processes.startup import interrupt_when_signalled

_OURS = "harness: this is an error in the harness, and says nothing about the application. Please report it."


class _Commands(click.Group):
    """Finds a command by the name of its file and imports only that one."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return kinds_in("commands")

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - the same
        if cmd_name not in kinds_in("commands"):
            return None
        command = import_module(f"harness.commands.{cmd_name}").command
        interrupt_when_signalled()
        assert isinstance(command, click.Command)  # noqa: S101 - each file in that folder defines one
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        problems = [*_empty(args)]
        if problems:
            raise UsageError(*problems)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except OSError as error:
            # Of a reader of standard output that has gone, click would make exit code 1, which says that something
            # failed.
            if error.errno == errno.EPIPE:
                raise of_the_system(error) from error
            raise


def _empty(arguments: Sequence[str]) -> Iterator[str]:
    """Say which arguments are empty, as a variable of a script that is not set: none has a meaning."""
    for before, one in zip(("", *arguments), arguments, strict=False):
        option, given, value = one.partition("=")
        if not one:
            what = before if before.startswith("-") else "an argument"
            yield f"{what} is empty; give it a value, or leave it out."
        elif option.startswith("--") and given and not value:
            yield f"{option} is empty; give it a value, or leave it out."
        elif "\0" in one:
            yield f"{one!r} has a NUL character, which no name, address or path may have."


def _colour() -> bool | None:
    """Return whether output has colours as the environment says; None where that depends on what reads it."""
    return False if os.environ.get("NO_COLOR") else True if os.environ.get("FORCE_COLOR") else None


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "color": _colour()})
@click.version_option(package_name="temporal-resilience-harness", prog_name="harness")
def cli() -> None:
    """Test Temporal workflows under injected faults."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code; an expected error is one paragraph, without a traceback."""
    problem = prepare_streams() or _no_folder()
    if problem:
        _say(f"harness: {problem}")
        return ENVIRONMENT
    code = _run(arguments)
    try:
        sys.stdout.flush()
    except OSError as error:
        _say(f"harness: standard output cannot be written: {error.strerror}.")
        return ENVIRONMENT
    return code


def _run(arguments: Sequence[str] | None) -> int:
    try:
        cli.main(args=None if arguments is None else list(arguments), prog_name="harness", standalone_mode=False)
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else INCONCLUSIVE
    except BaseException as error:  # noqa: BLE001 - also a panic of the SDK's core, which is no Exception
        text, code = _ended(error)
        if text:
            _say(text)
        return code
    return GREEN


def _ended(error: BaseException) -> tuple[str, int]:
    """Return what to say of an error that ends a command, and its exit code."""
    if isinstance(error, click.exceptions.Abort | KeyboardInterrupt):
        return "", INCONCLUSIVE
    if isinstance(error, asyncio.CancelledError):
        # A signal came while the servers were starting; later ones are reported by the session.
        return "harness: interrupted before anything ran.", INCONCLUSIVE
    if isinstance(error, click.ClickException):
        shown = io.StringIO()
        error.show(file=shown)
        return shown.getvalue().rstrip("\n"), USAGE
    expected = _expected(error)
    if expected is None:
        return "".join(traceback.format_exception(error)) + _OURS, INCONCLUSIVE
    return f"harness: {expected}", expected.exit_code


def _no_folder() -> str:
    try:
        os.getcwd()  # noqa: PTH109 - only whether it is there
    except OSError:
        return "the working directory does not exist any more; change to one that does."
    return ""


def _say(text: str) -> None:
    # Whoever reads may have gone; the exit code still tells.
    with suppress(OSError, ValueError):
        say(text, err=True)


def _expected(error: BaseException) -> HarnessError | None:
    """Return what to say of an error; None for one of the harness's own. Many concurrent runs may meet the same."""
    one = next(_leaves(error)) if isinstance(error, BaseExceptionGroup) else error
    if isinstance(one, HarnessError):
        return one
    return of_the_system(one) if isinstance(one, OSError) and one.errno else None


def _leaves(group: BaseExceptionGroup[BaseException]) -> Iterator[BaseException]:
    """Yield the errors of a group, at any depth; what is not expected first."""
    _, others = group.split((HarnessError, OSError))
    for one in (*(() if others is None else others.exceptions), *group.exceptions):
        if isinstance(one, BaseExceptionGroup):
            yield from _leaves(one)
        else:
            yield one
