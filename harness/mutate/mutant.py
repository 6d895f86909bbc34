"""What a mutant is: a source file of the application with one production bug."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """A source file with one bug.

    Attributes:
        file: The file, relative to the project's root.
        name: Where in the file and by which operator, such as "BookTrip.run: not_awaited"; the same in every session,
            also when lines above have come or gone.
        operator: The operator's name.
        stands_for: The bug in production, one sentence.
        noticed_by: The fault and the oracle that would notice it.
        lines: The lines of the original that it changes, from 1 on.
        in_function: Whether they run when a function is called, and not when the module is imported.
        text: The whole file with the bug.
        diff: The difference to the original.
    """

    file: Path
    name: str
    operator: str
    stands_for: str
    noticed_by: str
    lines: tuple[int, ...]
    in_function: bool
    text: str
    diff: str

    @property
    def id(self) -> str:
        """The file and the name."""
        return f"{self.file.as_posix()} {self.name}"
