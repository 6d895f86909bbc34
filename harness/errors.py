"""Errors that name the value that came, what is possible, and what to do."""

from __future__ import annotations

import errno
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from difflib import SequenceMatcher
from functools import partial
from heapq import nlargest
from typing import Any

from harness.exit_codes import ENVIRONMENT, INCONCLUSIVE, USAGE


class HarnessError(Exception):
    """Base of every error the harness raises on purpose.

    Attributes:
        exit_code: The process exit code of a command that ends with this error.
    """

    exit_code = INCONCLUSIVE


class UsageError(HarnessError):
    """A mistake of the user's: printed without a traceback.

    Args:
        problems: Every problem, one sentence each, so that one run is enough to see all of them.
    """

    exit_code = USAGE

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class WrongInvariant(UsageError):  # noqa: N818 - a state of the invariant
    """An invariant asks for something that its target does not have, so it could never find anything.

    Found while a run is judged; it ends an exploration, since every other run would be judged as wrongly.
    """


class EnvironmentUnavailable(HarnessError):  # noqa: N818 - a state of the machine, not a mistake
    """A Temporal server, a Toxiproxy or another real service could not be started, or was lost."""

    exit_code = ENVIRONMENT


def of_the_system(error: OSError) -> EnvironmentUnavailable:
    """Return an error of the operating system that nothing more exact is known of: what it refused, and what to do."""
    what = f"{error.filename}: " if error.filename else "the system refuses: "
    return EnvironmentUnavailable(f"{what}{error.strerror}.{remedy(error)}")


def remedy(error: OSError) -> str:
    """Return what to do about an error of the operating system, after a blank; "" where nothing is known."""
    return {
        errno.EMFILE: " This process may not open so many files; allow more, as with `ulimit -n 1024`.",
        errno.ENFILE: " This machine has too many open files.",
        errno.ENOSPC: " Free some space, or write to another disk.",
        errno.EDQUOT: " Free some space, or write to another disk.",
        errno.EROFS: " Write to another disk.",
        errno.EPIPE: " Whoever read the output has ended.",
    }.get(error.errno or 0, "")


def other_format(what: object, *, found: object, reads: int, again: str) -> UsageError:
    """Return the error for a file or folder that another version of the harness wrote.

    Args:
        what: The file or folder.
        found: The number of its format; None for none.
        reads: The number that this version reads.
        again: What to do about what an older version wrote, such as "Run the session again."
    """
    if isinstance(found, int) and found > reads:
        return UsageError(
            f"{what} has format {found}, of a newer version of the harness; this one reads format {reads}. "
            "Upgrade the harness."
        )
    form = "no format" if found is None else f"format {found!r}"
    return UsageError(f"{what} has {form}, of another version of the harness; this one reads format {reads}. {again}")


@contextmanager
def ungrouped() -> Iterator[None]:
    """Raise the environment's errors of a task group as one error with all their texts; leave other errors grouped."""
    try:
        yield
    except ExceptionGroup as errors:
        missing, others = errors.split(EnvironmentUnavailable)
        if missing is None or others is not None:
            raise
        texts = dict.fromkeys(map(str, missing.exceptions))
        raise EnvironmentUnavailable("\n".join(texts)) from errors


LISTED = 10
"""Up to how many possible names an error lists all of them."""

NEAREST = 5
"""How many names an error lists where there are more."""

SIMILAR = 0.7
"""From where on a name may have been meant; 1 is the same name."""

MUCH_LONGER = 1.5
"""From which ratio of lengths on the shorter name may be a part of the longer one."""

PART_COUNTS = 0.9
"""What similarity to a part counts, beside similarity to the whole."""


def unknown(kind: str, name: str, available: Iterable[str], *, list_all: str = "") -> str:
    """Return the message for a name that does not exist: the likely name, and the possible ones or the nearest five.

    Args:
        kind: The glossary word for the thing asked for, such as "scenario".
        name: The name that came.
        available: The names that exist, in any order.
        list_all: The command that lists all of them, such as "harness list".

    Returns:
        Up to four sentences, fit for a `UsageError`.
    """
    names = sorted(available)
    if not names:
        return f"unknown {kind} {name!r}; none exist."
    near = nearest(name, names)
    guess = f" Did you mean {near!r}?" if near else ""
    if len(names) <= LISTED:
        return f"unknown {kind} {name!r}.{guess} Available: {', '.join(names)}."
    found = nlargest(NEAREST, names, key=partial(_similar_in_part, name))
    hint = f" List all of them with `{list_all}`." if list_all else ""
    return f"unknown {kind} {name!r}.{guess} Nearest of {len(names)}: {', '.join(found)}.{hint}"


def wrong_duration(name: str, value: object) -> str:
    """Say what is wrong with a duration that must be positive, one sentence; "" for nothing."""
    if not isinstance(value, timedelta):
        seconds = f"; write {name}=timedelta(seconds={value!r})" if isinstance(value, int | float) else ""
        return f"{name} must be a timedelta, got {value!r}{seconds}."
    return "" if value > timedelta(0) else f"{name} must be positive, got {value.total_seconds():g} s."


def nearest(name: str, names: Sequence[str]) -> str | None:
    """Return the known name that `name` was most likely meant to be; None when none is similar."""
    # A slip of the finger first: by parts of words, "sage" is closer to "external_storage" than to "saga".
    for similar in (_similar, _similar_in_part):
        best = max(names, key=partial(similar, name), default="")
        if similar(name, best) >= SIMILAR:
            return str(best)
    return None


def _similar(one: str, other: str) -> float:
    """How similar two names are, from 0 to 1; capitals do not count."""
    return SequenceMatcher(None, one.lower(), other.lower(), autojunk=False).ratio() if one and other else 0.0


def _similar_in_part(one: str, other: str) -> float:
    """The same; also where the shorter name is similar to a part of one that is much longer."""
    short, long = sorted((one.lower(), other.lower()), key=len)
    whole = _similar(short, long)
    if not short or len(long) < MUCH_LONGER * len(short):
        return whole
    blocks = SequenceMatcher(None, short, long, autojunk=False).get_matching_blocks()
    starts = {max(0, block.b - block.a) for block in blocks}
    return max(whole, PART_COUNTS * max(_similar(short, long[start : start + len(short)]) for start in starts))


def invalid(error: Mapping[str, Any], *, where: str, known: Iterable[str]) -> str:
    """Return the message for one invalid value in a file; for an unknown key, with the key that was likely meant.

    Args:
        error: One of pydantic's errors.
        where: The file and the path of the value in it; "" if the reader knows.
        known: The keys that exist.
    """
    place = f"{where}: " if where else ""
    if error["type"] == "extra_forbidden":
        guess = nearest(str(error["loc"][-1]), sorted(known))
        return f"{place}unknown key. " + (
            f"Did you mean {guess!r}?" if guess else f"Available: {', '.join(sorted(known))}."
        )
    message = str(error["msg"]).removeprefix("Value error, ").rstrip(".")
    return f"{place}{message}."
