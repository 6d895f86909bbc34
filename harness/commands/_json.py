"""The option `--json`, the same for all commands: each names the form of its JSON, from which the schema is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from harness.commands._paths import FILE


class JsonOption(click.Option):
    """The option, which knows the form.

    Args:
        declared: Its names, as for `click.Option`.
        form: The type of what is written.
        schema: The name of the schema, which commands with the same form share.
        known: As for `click.Option`.
    """

    def __init__(self, declared: Any, *, form: Any, schema: str, **known: Any) -> None:
        super().__init__(declared, **known)
        self.form = form
        self.schema = schema


def json_printed(form: Any, schema: str, help_: str) -> Callable[[Any], Any]:
    """Add the flag of a command that prints JSON instead of text."""
    return click.option("--json", "as_json", is_flag=True, cls=JsonOption, form=form, schema=schema, help=help_)


def json_written(form: Any, schema: str, help_: str = "Write the JSON report to this file.") -> Callable[[Any], Any]:
    """Add the option of a command that writes JSON to a file, beside the text."""
    return click.option("--json", "json_", type=FILE, cls=JsonOption, form=form, schema=schema, help=help_)
