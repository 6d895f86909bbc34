"""The types of options that several commands share, each of which refuses what can mean nothing."""

from __future__ import annotations

import math
import re
from datetime import timedelta
from typing import Any

import click

LONGEST = timedelta(days=3650)
"""A longer time is a mistake, and sums of times must stay within what Python can hold."""


class Seconds(click.FloatRange):
    """A length of time in seconds."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the number."""
        number: float = super().convert(value, param, ctx)
        if not math.isfinite(number) or number > LONGEST.total_seconds():
            self.fail(f"{value} is not a length of time in seconds of at most {LONGEST.days} days.", param, ctx)
        return number


class Import(click.ParamType):  # type: ignore[type-arg]  # click < 8.2 has no type arguments
    """Something in a module, as MODULE:NAME.

    Args:
        whole: Whether MODULE alone is also possible.
    """

    name = "module:name"

    def __init__(self, *, whole: bool = False) -> None:
        self.whole = whole

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the text."""
        module, colon, name = str(value).partition(":")
        right = _DOTTED.fullmatch(module) and (_DOTTED.fullmatch(name) or (self.whole and not colon))
        if not right:
            form = "MODULE or MODULE:NAME" if self.whole else "MODULE:NAME"
            self.fail(f"{value!r} is not {form}, such as shop.workflows:Order.", param, ctx)
        return str(value)


_DOTTED = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
