"""What the simulation does not know how Temporal does: it stops there instead of guessing."""

from __future__ import annotations

from harness.errors import HarnessError


class Unmodelled(HarnessError):  # noqa: N818 - a limit of the simulation, not a mistake
    """Something happened that the simulation does not model; a real server has to be asked.

    Args:
        what: What it is, as a noun.
    """

    def __init__(self, what: str) -> None:
        super().__init__(f"the simulation does not model {what}.")
        self.what = what
