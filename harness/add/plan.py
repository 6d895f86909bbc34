"""What is to be written into a project, and what of it is there already: nothing is ever overwritten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path, PurePath

from harness.errors import EnvironmentUnavailable, UsageError
from harness.files.writable import why_not_writable


class Purpose(Enum):
    """What a file is to what was asked for."""

    ASKED = "what was asked for"
    NEEDED = "what it imports"
    PACKAGE = "the mark of a package"


class State(Enum):
    """What is at a file's place."""

    NEW = "new"
    SAME = "already there"
    OTHER = "there with other content"


@dataclass(frozen=True, kw_only=True)
class Planned:
    """One file.

    Attributes:
        path: Where, relative to the project's root.
        text: Its content.
        purpose: What it is to what was asked for.
        state: What is at its place.
    """

    path: PurePath
    text: str
    purpose: Purpose
    state: State


@dataclass(frozen=True, kw_only=True)
class AddPlan:
    """All files, in the order in which they are written.

    Attributes:
        root: The project's folder.
        files: Each file once.
    """

    root: Path
    files: Sequence[Planned]

    def having(self, state: State) -> list[Planned]:
        """Return the files that are in a state; packages count as there, whatever they hold."""
        return [one for one in self.files if one.state is state]

    def refuse_overwriting(self, advice: str, *, source: str = "the reference") -> None:
        """Refuse to go on where one of the files that were asked for is there with other content.

        Args:
            advice: What to do about it.
            source: What it would be, instead of what it is.

        Raises:
            UsageError: There is such a file, or a folder in its place.
        """
        other = [str(one.path) for one in self.having(State.OTHER) if one.purpose is Purpose.ASKED]
        if other:
            there = f"{', '.join(other)} {'differs' if not other[1:] else 'differ'} from {source}"
            raise UsageError(f"{there}; nothing is written, as that would overwrite {_them(other)}. {advice}")

    def write(self) -> None:
        """Write the files that are new.

        Raises:
            EnvironmentUnavailable: One cannot be written. Those before it are whole; the same command goes on.
        """
        new = self.having(State.NEW)
        for one in new:
            why = why_not_writable(self.root / one.path)
            if why:
                raise EnvironmentUnavailable(f"{self.root / one.path} cannot be written: {why}. Nothing was written.")
        for one in new:
            path = self.root / one.path
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                _write_new(path, one.text.encode())
            except OSError as error:
                raise EnvironmentUnavailable(
                    f"{path} cannot be written: {error.strerror}. Once it can, the same command goes on from here."
                ) from error


def planned(root: Path, path: PurePath, text: str, purpose: Purpose) -> Planned:
    """Return a file with what is at its place now.

    Args:
        root: The project's folder.
        path: Where, relative to the root.
        text: Its content.
        purpose: What it is to what was asked for.
    """
    return Planned(path=path, text=text, purpose=purpose, state=_state(root / path, text, purpose))


def _state(path: Path, text: str, purpose: Purpose) -> State:
    try:
        same = path.read_bytes() == text.encode()
    except (FileNotFoundError, NotADirectoryError):
        return State.OTHER if path.is_symlink() else State.NEW
    except OSError:
        return State.OTHER
    return State.SAME if same or purpose is Purpose.PACKAGE else State.OTHER


def _write_new(path: Path, content: bytes) -> None:
    """Write a file that is not there; half a file is not left."""
    with path.open("xb") as file:
        try:
            file.write(content)
            file.flush()
        except OSError:
            path.unlink()
            raise


def _them(things: Sequence[str]) -> str:
    return "them" if things[1:] else "it"
