"""What a workflow still has before it, read from the events of its history as they come."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from temporalio.api.history.v1 import HistoryEvent as RecordedEvent

CLOSING = frozenset(
    f"workflow_execution_{how}"
    for how in ("completed", "failed", "timed_out", "canceled", "terminated", "continued_as_new")
)
"""The events that close a run."""

CHILD_INITIATED = "start_child_workflow_execution_initiated"
CHILD_FAILED = "start_child_workflow_execution_failed"

BEGINS = {
    "activity_task_scheduled": "activities",
    "timer_started": "timers",
    CHILD_INITIATED: "coming",
    "signal_external_workflow_execution_initiated": "messages",
    "request_cancel_external_workflow_execution_initiated": "messages",
}
"""The events that begin something, and where it is kept under their number."""

ENDS = {
    **{f"activity_task_{how}": ("activities", "scheduled") for how in ("completed", "failed", "timed_out", "canceled")},
    "timer_fired": ("timers", "started"),
    "timer_canceled": ("timers", "started"),
    "child_workflow_execution_started": ("coming", "initiated"),
    **{
        f"child_workflow_execution_{how}": ("going_on", "initiated")
        for how in ("completed", "failed", "timed_out", "canceled", "terminated")
    },
    CHILD_FAILED: ("coming", "initiated"),
    "external_workflow_execution_signaled": ("messages", "initiated"),
    "signal_external_workflow_execution_failed": ("messages", "initiated"),
    "external_workflow_execution_cancel_requested": ("messages", "initiated"),
    "request_cancel_external_workflow_execution_failed": ("messages", "initiated"),
}
"""The events that end it: where it is kept, and what the number of the event that began it is called."""


@dataclass
class Outstanding:
    """What one run of a workflow has begun and not ended.

    Attributes:
        closed: Whether the run has closed.
        next_run: The run that it has gone on as, by continue-as-new or retry; "" for none.
        task: Whether a workflow task is open, or is tried again.
        activities: The ids of the activities, by the number of the event that scheduled them.
        timers: The ids of the timers, by event.
        coming: The ids of the children that have been asked for and have not started, by event.
        going_on: The ids of the children that have started and not ended, by the event that asked for them.
        messages: The workflows that a signal, or a request to cancel, is on its way to, by event.
        children: The ids of the children that were asked for.
    """

    closed: bool = False
    next_run: str = ""
    task: bool = False
    activities: dict[int, str] = field(default_factory=dict)
    timers: dict[int, str] = field(default_factory=dict)
    coming: dict[int, str] = field(default_factory=dict)
    going_on: dict[int, str] = field(default_factory=dict)
    messages: dict[int, str] = field(default_factory=dict)
    children: list[str] = field(default_factory=list)

    def see(self, event: RecordedEvent) -> None:
        """Take the next event of the history."""
        name = event.WhichOneof("attributes") or ""
        what, attributes = name.removesuffix("_event_attributes"), getattr(event, name, None)
        if what in CLOSING:
            self.closed = True
            self.next_run = str(getattr(attributes, "new_execution_run_id", ""))
        elif what.startswith("workflow_task_"):
            # One that has failed or timed out is tried again, which is not recorded before it has ended.
            self.task = what != "workflow_task_completed"
        elif what in BEGINS:
            self._begins(what, event.event_id, attributes)
        elif what in ENDS:
            self._ends(what, attributes)

    def _begins(self, what: str, number: int, attributes: Any) -> None:
        names = ("activity_id", "timer_id", "workflow_id")
        found = (getattr(attributes, name) for name in names if name in attributes.DESCRIPTOR.fields_by_name)
        getattr(self, BEGINS[what])[number] = next(found, "") or attributes.workflow_execution.workflow_id
        if what == CHILD_INITIATED:
            self.children.append(attributes.workflow_id)

    def _ends(self, what: str, attributes: Any) -> None:
        where, begun = ENDS[what]
        ended = getattr(self, where).pop(getattr(attributes, f"{begun}_event_id"), "")
        if what == CHILD_FAILED:
            self.children.remove(ended)
        elif where == "coming":
            self.going_on[attributes.initiated_event_id] = ended

    @property
    def rests(self) -> bool:
        """Whether nothing goes on: it has closed, or waits for a signal, or for workflows that rest as well."""
        return self.closed or not (self.task or self.activities or self.timers or self.coming or self.messages)

    def __str__(self) -> str:
        parts = [f"activity {one}" for one in self.activities.values()]
        parts += [f"timer {one}" for one in self.timers.values()]
        parts += [f"the start of child workflow {one}" for one in self.coming.values()]
        parts += [f"a message to {one}" for one in self.messages.values()]
        parts += ["a workflow task"] if self.task else []
        return ", ".join(parts) or "a signal or a condition in its own code"
