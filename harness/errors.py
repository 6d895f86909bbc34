"""Errors written for the person who made them: what came, what is possible, what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from rapidfuzz import fuzz, process


class HarnessError(Exception):
    """Base of every error the harness raises on purpose.

    Attributes:
        exit_code: The process exit code of a command that ends with this error.
    """

    exit_code = 1


class UsageError(HarnessError):
    """The user's mistake: printed as one paragraph, never with a traceback.

    Args:
        problems: Everything that is wrong, one sentence each. All of them, since a second run to
            learn of the second mistake is a run too many.
    """

    exit_code = 2

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class EnvironmentUnavailable(HarnessError):  # noqa: N818 - the blueprint's name; it is a state more than an error
    """A Temporal server, a Toxiproxy or another real part could not be brought up or was lost."""

    exit_code = 3


@contextmanager
def ungrouped() -> Iterator[None]:
    """Let the environment's errors out of a task group as one error with all their texts; leave others grouped."""
    try:
        yield
    except ExceptionGroup as errors:
        missing, others = errors.split(EnvironmentUnavailable)
        if missing is None or others is not None:
            raise
        texts = dict.fromkeys(map(str, missing.exceptions))
        raise EnvironmentUnavailable("\n".join(texts)) from errors


def unknown(kind: str, name: str, available: Iterable[str]) -> str:
    """Say that `name` is not a known `kind`, with the nearest known name and the list of all.

    Args:
        kind: The glossary word for the thing asked for, such as "scenario".
        name: What came.
        available: The names that exist, in any order.

    Returns:
        One sentence or two, fit for a `UsageError`.
    """
    names = sorted(available)
    if not names:
        return f"unknown {kind} {name!r}: there is none to choose from."
    near = nearest(name, names)
    guess = f" Did you mean {near!r}?" if near else ""
    return f"unknown {kind} {name!r}.{guess} Available: {', '.join(names)}."


def nearest(name: str, names: Sequence[str]) -> str | None:
    """Return the known name that `name` was most likely meant to be, or None when nothing is near."""
    match = process.extractOne(name, names, scorer=fuzz.WRatio, processor=str.lower, score_cutoff=70)
    return None if match is None else str(match[0])


def invalid(error: Mapping[str, Any], *, where: str, known: Iterable[str]) -> str:
    """Say what is wrong with one value of a declaration in a file, with the nearest key for one that there is not.

    Args:
        error: One of pydantic's errors.
        where: What the value is called for the reader.
        known: The keys there are.
    """
    message = str(error["msg"]).removeprefix("Value error, ").rstrip(".")
    guess = nearest(str(error["loc"][-1]), list(known)) if error["type"] == "extra_forbidden" else None
    return f"{where}: {message}." + (f" Did you mean {guess!r}?" if guess else "")
