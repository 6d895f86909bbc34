"""What `@activity.defn` leaves on a function or method: `__temporal_activity_definition`.

Read in `temporalio/activity.py`. The SDK has no public way to ask whether something is an activity and what its type
is called.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_ATTRIBUTE = "__temporal_activity_definition"


def is_activity(value: object) -> bool:
    """Whether a value is decorated with `@activity.defn`."""
    return hasattr(value, _ATTRIBUTE)


def activity_type(activity: Callable[..., Any]) -> str | None:
    """Return the type of something that `is_activity`; None for a dynamic activity, which accepts every type."""
    name: str | None = getattr(activity, _ATTRIBUTE).name
    return name
