"""Notes on a history besides how it replays: which SDK recorded it, and why its first task fails."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from temporalio.api.history.v1 import HistoryEvent

PYTHON = "temporal-python"

OWN_MARKERS = frozenset({"core_patch", "core_local_activity"})


def notes_on(events: Sequence[HistoryEvent]) -> Iterator[str]:
    """Yield the notes, one sentence each."""
    sdk = _other_sdk(events)
    if sdk:
        yield f"recorded by {sdk}, not by the Python SDK: code in Python need not fit it."
    failed = [one for one in events if one.HasField("workflow_task_failed_event_attributes")]
    if failed and not any(one.HasField("workflow_task_completed_event_attributes") for one in events):
        words = " ".join(failed[-1].workflow_task_failed_event_attributes.failure.message.split())[:300]
        yield f"its first workflow task has failed so far: {words}"


def _other_sdk(events: Sequence[HistoryEvent]) -> str:
    """Return the SDK that recorded a history, "" for the Python SDK or if the history has no name of an SDK."""
    for event in events:
        if event.HasField("workflow_task_completed_event_attributes"):
            said = event.workflow_task_completed_event_attributes.sdk_metadata
            if said.sdk_name:
                return "" if said.sdk_name == PYTHON else f"{said.sdk_name} {said.sdk_version}".strip()
    for event in events:
        marker = event.marker_recorded_event_attributes.marker_name
        if marker and marker not in OWN_MARKERS:
            return f"another SDK (it has a marker {marker!r})"
    return ""
