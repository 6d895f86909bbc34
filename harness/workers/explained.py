"""Builds what the SDK may refuse, and says why it does."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from harness.application_side.why import why
from harness.errors import UsageError

Arguments = ParamSpec("Arguments")

Built = TypeVar("Built")


def explained(build: Callable[Arguments, Built]) -> Callable[Arguments, Built]:
    """Return a function that builds the same, a worker for instance, and says why where the SDK refuses to.

    Raises:
        UsageError: When it is called: the SDK refuses the application.
    """

    def built(*args: Arguments.args, **options: Arguments.kwargs) -> Built:
        try:
            return build(*args, **options)
        except (RuntimeError, TypeError, ValueError) as error:
            raise UsageError(why(error)) from error

    return built
