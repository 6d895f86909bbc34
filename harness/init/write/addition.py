"""What is added to a project: a new file, or lines in one that is there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Addition:
    """One file to write.

    Attributes:
        path: Relative to the project's root.
        text: The whole file.
        what: What it is, in a few words.
        extends: Whether the file is there, and `text` is what it becomes with the lines that are added.
    """

    path: Path
    text: str
    what: str
    extends: bool = False
