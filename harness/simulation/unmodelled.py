"""What the simulation does not know how Temporal does: it stops there instead of guessing."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType

from harness.errors import HarnessError


class Unmodelled(HarnessError):  # noqa: N818 - a limit of the simulation, not a mistake
    """Something happened that the simulation does not model; a real server has to be asked.

    Args:
        what: What it is, as a noun.
    """

    def __init__(self, what: str) -> None:
        super().__init__(f"the simulation does not model {what}.")
        self.what = what


class UnmodelledGuard:
    """Hands over what is not modelled when it comes up inside the context, and goes on behind it.

    Args:
        gave_up: Receives it.
    """

    def __init__(self, gave_up: Callable[[Unmodelled], None]) -> None:
        self.gave_up = gave_up

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if isinstance(error, Unmodelled):
            self.gave_up(error)
        return isinstance(error, Unmodelled)
