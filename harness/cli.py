"""The command line: each file in `commands/` is a command of that name."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator, Sequence
from importlib import import_module

import click

from harness.catalog import kinds_in
from harness.errors import HarnessError
from harness.exit_codes import GREEN, INCONCLUSIVE, USAGE
from harness.files.printable import say
from harness.processes.startup import interrupt_when_signalled


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


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="temporal-resilience-harness", prog_name="harness")
def cli() -> None:
    """Test Temporal workflows under injected faults."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code; a usage error is printed as one paragraph, without a traceback."""
    try:
        cli.main(args=None if arguments is None else list(arguments), prog_name="harness", standalone_mode=False)
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else INCONCLUSIVE
    except click.exceptions.Abort:
        return INCONCLUSIVE
    except asyncio.CancelledError:
        # A signal came while the servers were starting; later ones are reported by the session.
        say("harness: interrupted before anything ran.", err=True)
        return INCONCLUSIVE
    except click.ClickException as error:
        shown = io.StringIO()
        error.show(file=shown)
        say(shown.getvalue().rstrip("\n"), err=True)
        return USAGE
    except (HarnessError, ExceptionGroup) as error:
        # Of many concurrent runs, several may find the same mistake.
        expected = error if isinstance(error, HarnessError) else next(_leaves(error))
        if not isinstance(expected, HarnessError):
            raise
        say(f"harness: {expected}", err=True)
        return expected.exit_code
    return GREEN


def _leaves(group: ExceptionGroup[Exception]) -> Iterator[Exception]:
    """Yield the errors of a group, at any depth; what is not expected first."""
    _, others = group.split(HarnessError)
    for one in (*(() if others is None else others.exceptions), *group.exceptions):
        if isinstance(one, ExceptionGroup):
            yield from _leaves(one)
        else:
            yield one
