"""An activity ends by the expected timeout, and for the expected reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from harness.errors import UsageError, unknown
from harness.evidence.evidence import Evidence
from harness.evidence.history import Failure, HistoryEvent, read_failure
from harness.files.wording import and_more, cut
from harness.library_internals.activity_definition import Named, activity_name
from harness.library_internals.protocol_names import retry_states
from harness.oracle import broken
from harness.verdict import Finding

KINDS = frozenset({"START_TO_CLOSE", "HEARTBEAT", "SCHEDULE_TO_START", "SCHEDULE_TO_CLOSE"})


@dataclass(frozen=True, kw_only=True)
class TimeoutKind:
    """How an activity that did not succeed ended: by which timeout, and why it was not retried.

    Attributes:
        activity: The activity: the function, the method, or its type. Each activity that failed or timed out is
            judged, and there must be one.
        kind: The timeout that the workflow sees. None for any, or no timeout: schedule_to_close shows in several ways,
            and only the retry state is reliable (TMO-002).
        retry_state: Why there was no further attempt: "MAXIMUM_ATTEMPTS_REACHED", "TIMEOUT", "NON_RETRYABLE_FAILURE".
        behind: Its causes, outermost first, each as its kind with its type: ("timeout START_TO_CLOSE",). Further causes
            are not compared. None is not compared.

    Raises:
        UsageError: The kind is not one of Temporal's, or `behind` is a string.
    """

    activity: Named
    kind: str | None = None
    retry_state: str
    behind: Sequence[str] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "activity", activity_name(self.activity))
        if self.retry_state not in retry_states():
            raise UsageError(f"TimeoutKind: {unknown('retry state', self.retry_state, retry_states())}")
        if self.kind is not None and self.kind not in KINDS:
            raise UsageError(f"TimeoutKind: kind must be one of {', '.join(sorted(KINDS))}, got {self.kind!r}.")
        if isinstance(self.behind, str):
            raise UsageError(
                f"TimeoutKind: behind must be a tuple such as ('timeout START_TO_CLOSE',), got {self.behind!r}."
            )

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Compare with the events that closed the activity."""
        endings = [one for history in evidence.histories for one in _bad_endings(history.events, str(self.activity))]
        if not endings:
            yield broken(self, f"{self.activity} never failed, expected retry state {self.retry_state}.")
        for event, failure, retry_state in endings:
            wrong = list(self._wrong(failure, retry_state))
            if wrong:
                yield broken(
                    self,
                    f"{self.activity} failed: {cut(wrong[0], 200)}{and_more(wrong)}.",
                    detail=[*wrong, f"seen: {failure}"],
                    refs=[f"event {event.id}"],
                )

    def _wrong(self, failure: Failure, retry_state: str) -> Iterator[str]:
        if retry_state != self.retry_state:
            yield f"retry state is {retry_state or 'none'}, expected {self.retry_state}"
        if self.kind is not None and failure.timeout_type != self.kind:
            yield f"failure is {failure.label}, expected timeout {self.kind}"
        links = [one.label for one in failure.chain()][1:]
        if self.behind is not None and links[: len(self.behind)] != list(self.behind):
            yield f"cause is {' <- '.join(links) or 'none'}, expected {' <- '.join(self.behind)}"


def _bad_endings(events: Sequence[HistoryEvent], activity: str) -> Iterator[tuple[HistoryEvent, Failure, str]]:
    """Each final failure or timeout of an activity, with its failure and its retry state."""
    scheduled = {
        str(one.id)
        for one in events
        if one.type == "ActivityTaskScheduled" and one.attributes.get("activityType", {}).get("name") == activity
    }
    for one in events:
        ended = one.type in {"ActivityTaskFailed", "ActivityTaskTimedOut"}
        if ended and str(one.attributes.get("scheduledEventId")) in scheduled:
            retry_state = str(one.attributes.get("retryState", "")).removeprefix("RETRY_STATE_")
            yield one, read_failure(one.attributes.get("failure", {})), retry_state
