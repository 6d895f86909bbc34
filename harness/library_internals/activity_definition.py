"""What `@activity.defn` leaves on a function or method: `__temporal_activity_definition`.

Read in `temporalio/activity.py`. The SDK has no public way to ask whether something is an activity and what its type
is called.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from harness.errors import UsageError, unknown

_ATTRIBUTE = "__temporal_activity_definition"


def is_activity(value: object) -> bool:
    """Whether a value is decorated with `@activity.defn`."""
    return hasattr(value, _ATTRIBUTE)


def activity_type(activity: Callable[..., Any]) -> str | None:
    """Return the type of something that `is_activity`; None for a dynamic activity, which accepts every type."""
    name: str | None = getattr(activity, _ATTRIBUTE).name
    return name


ANY_TYPE = "*"
"""The type of a dynamic activity: it accepts every type."""

Named = str | Callable[..., Any]
"""An activity: the function, a method of a class or of an instance, or its type."""


def activity_name(one: Named) -> str:
    """Return the type of an activity, given as a function, as a method, or by that type.

    Raises:
        UsageError: It is no activity.
    """
    if isinstance(one, str):
        return one
    if not is_activity(one):
        raise UsageError(f"{one!r} is not an activity: it lacks @activity.defn.")
    return activity_type(one) or ANY_TYPE


class ActivityType(str):
    """The type of an activity, which equals the function or method that has this type.

    An application's own invariant compares with `effect.activity == charge` as well as with a text. With a plain
    text that would always be False, and the invariant could not fail.
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        """Whether it is the same type.

        Raises:
            UsageError: The other is a function that is no activity.
        """
        return str.__eq__(self, activity_name(other)) if callable(other) else str.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = str.__hash__


def activity_problem(name: str, known: Collection[str] | None) -> str:
    """Say that there is no activity of that type, one sentence with those that there are; "" when there is.

    Args:
        name: The type.
        known: The types that exist; None if that is not known.
    """
    if known is None or name in known or ANY_TYPE in known:
        return ""
    return unknown("activity", name, known)


def activities_problems(places: Mapping[str, Iterable[str]], known: Collection[str] | None) -> Iterator[str]:
    """Say which types do not exist, one sentence each.

    Args:
        places: The types, by where they are named.
        known: As of `activity_problem`.
    """
    for place, names in places.items():
        for name in sorted(names):
            problem = activity_problem(name, known)
            if problem:
                yield f"{place}: {problem}"
