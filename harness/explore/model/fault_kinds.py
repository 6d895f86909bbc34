"""The kinds of faults that an exploration tries at every call, the most telling first."""

from __future__ import annotations

from dataclasses import dataclass

from harness.errors import unknown


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One way in which a call of an activity can go wrong.

    Attributes:
        name: As in the name of a schedule.
        formerly: How version 0.1 spelled it before it was renamed; "" if it was not.
        tells: What happens, as a sentence about the call, which comes before it.
        harm: From 1 for the mildest on; a finding is told with the mildest kind that shows it.
        commits: Whether a body runs to its end behind an answer that is lost. Tried on no call that only reads.
        for_good: Whether the call fails in the end, having had no effect.
        bounded: Whether it takes a call that gives up some time.
        times_out: Whether the server's own timeout ends an attempt.
        at_heartbeat: Whether it strikes at a heartbeat.
        on_local: Whether a local activity can meet it.
        on_child: Whether the call of a child workflow can meet it, too.
        on_timer: Whether a timer can meet it, too.
        on_signal: Whether it is signals and updates that meet it, and nothing else.
        on_event: Whether it is what the workflow hears of that meets it, and nothing else.
        on_request: Whether it is requests to a service behind one of our fakes that meet it, and nothing else.
        on_service: Whether it meets every request to that service from then on, whatever is asked.
        kills: Whether the worker process is killed, for which it needs one of its own.
        cancels: Whether the workflow is asked to cancel, which a server takes once.
    """

    name: str
    tells: str
    harm: int
    formerly: str = ""
    commits: bool = False
    for_good: bool = False
    bounded: bool = False
    times_out: bool = False
    at_heartbeat: bool = False
    on_local: bool = True
    on_child: bool = False
    on_timer: bool = False
    on_signal: bool = False
    on_event: bool = False
    on_request: bool = False
    on_service: bool = False
    kills: bool = False
    cancels: bool = False


_ALL = (
    Kind(
        name="lost_last",
        formerly="lost-last",
        tells="did its work on the last attempt, and that answer was lost, so that the call failed",
        harm=7,
        commits=True,
        on_child=True,
    ),
    Kind(
        name="non_retryable",
        formerly="non-retryable",
        tells="was refused for good before it did anything",
        harm=3,
        for_good=True,
        on_child=True,
    ),
    Kind(name="lost", tells="did its work, its answer was lost, and it was tried again", harm=2, commits=True),
    Kind(
        name="cancelled",
        tells="was going on when the workflow was asked to cancel, and did its work all the same",
        harm=5,
        commits=True,
        on_timer=True,
        cancels=True,
    ),
    Kind(
        name="cancelled_after",
        formerly="cancelled-after",
        tells="was the last that the workflow had heard when it was asked to cancel; nothing it called then had begun",
        # More than `cancelled`: a finding at a call tells its reader more than one at an event.
        harm=6,
        on_event=True,
        cancels=True,
    ),
    Kind(
        name="killed_at_task",
        formerly="killed",
        tells="was about to be told to the workflow's code when its worker was killed",
        harm=6,
        times_out=True,
        on_event=True,
        kills=True,
    ),
    Kind(
        name="zombie",
        tells="was so slow that its attempt timed out, and did its work once all was over",
        harm=8,
        commits=True,
        times_out=True,
        on_local=False,
    ),
    Kind(
        name="down",
        tells="failed on every attempt, and so did every later call of it",
        harm=4,
        for_good=True,
        bounded=True,
    ),
    Kind(
        name="timed_out_after",
        formerly="swallowed-after",
        tells="did its work and was never heard of again, until its attempt timed out",
        harm=6,
        commits=True,
        times_out=True,
        on_local=False,
    ),
    Kind(
        name="lost_reply",
        formerly="lost-reply",
        tells="did what it was asked, and its answer never arrived",
        harm=2,
        commits=True,
        on_request=True,
    ),
    Kind(
        name="late_reply",
        formerly="latency",
        tells="did what it was asked, and its answer was late by some seconds",
        harm=5,
        commits=True,
        on_request=True,
    ),
    Kind(
        name="http_400",
        formerly="refused",
        tells="was answered with 400, and nothing was done",
        harm=3,
        for_good=True,
        on_request=True,
    ),
    Kind(
        name="killed_after",
        formerly="killed-after",
        tells="had done its work when its worker was killed, which nobody had heard of yet",
        harm=7,
        commits=True,
        times_out=True,
        kills=True,
    ),
    Kind(
        name="unavailable",
        tells="was answered with 503, and so was every later request for it",
        harm=4,
        for_good=True,
        bounded=True,
        on_request=True,
    ),
    Kind(
        name="outage",
        tells="cut the connection as it arrived, and its service could not be reached from then on",
        harm=6,
        for_good=True,
        bounded=True,
        on_request=True,
        on_service=True,
    ),
    Kind(
        name="garbled_body",
        formerly="garbled-body",
        tells="did what it was asked, and its answer could not be read",
        harm=2,
        commits=True,
        on_request=True,
    ),
    Kind(name="reset", tells="did what it was asked, and its answer was reset on the wire", harm=2, on_request=True),
    Kind(name="twice", tells="was delivered twice", harm=2, on_signal=True),
    Kind(name="swapped", tells="was delivered after the one that follows it", harm=3, on_signal=True),
    Kind(name="late", tells="was delivered late", harm=1, on_signal=True),
    Kind(
        name="http_503",
        formerly="http-error",
        tells="was answered with 503 once, and nothing was done",
        harm=1,
        on_request=True,
    ),
    Kind(
        name="http_429",
        formerly="rate-limit",
        tells="was answered with 429 and told to wait a second",
        harm=1,
        on_request=True,
    ),
    Kind(name="error", tells="failed on its first attempt before it did anything", harm=1),
    Kind(
        name="timed_out_before",
        formerly="swallowed-before",
        tells="was never heard of, until its attempt timed out",
        harm=5,
        times_out=True,
        on_local=False,
    ),
    Kind(
        name="killed_before",
        formerly="killed-before",
        tells="had not begun when its worker was killed",
        harm=6,
        times_out=True,
        kills=True,
    ),
    Kind(
        name="interrupted",
        tells="was interrupted in the middle of its work, at a heartbeat",
        harm=3,
        at_heartbeat=True,
    ),
)

KINDS = {kind.name: kind for kind in _ALL}
"""Every kind by its name, the most telling first: the order in which a budget is spent."""

VALUE = {name: place for place, name in enumerate(KINDS)}
"""The place of a kind in that order."""


def problem_with(name: str) -> str:
    """Say why there is no kind of that name, one sentence; "" when there is."""
    if name in KINDS:
        return ""
    renamed = next((one.name for one in KINDS.values() if one.formerly == name), "")
    if renamed:
        return f"the kind of fault {name!r} is now spelled {renamed!r}."
    return unknown("kind of fault", name, KINDS)
