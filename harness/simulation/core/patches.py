"""The patches of a workflow's code: markers in its history, and a search attribute that lists them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from temporalio.api.command.v1 import (
    RecordMarkerCommandAttributes,
    UpsertWorkflowSearchAttributesCommandAttributes,
)
from temporalio.api.common.v1 import Payload, Payloads
from temporalio.api.history.v1 import HistoryEvent

from harness.simulation.core.machine import Reaction, StateMachine, command

MARKER = "core_patch"
DETAILS = "patch-data"
SEARCH_ATTRIBUTE = "TemporalChangeVersion"


class PatchMachine(StateMachine):
    """The marker of one patch."""


class CommandMachine(StateMachine):
    """A command of which nothing further is heard."""


def set_patch(patch_id: str, *, deprecated: bool, known: Iterable[str]) -> Reaction:
    """Return the commands that record a patch.

    Args:
        patch_id: Which.
        deprecated: Whether the code no longer has the way without it.
        known: The patches that are recorded already.
    """
    data = {"id": patch_id, "deprecated": deprecated}
    marker = RecordMarkerCommandAttributes(marker_name=MARKER, details={DETAILS: Payloads(payloads=[as_json(data)])})
    listed = as_json(sorted({*known, patch_id}))
    listed.metadata["type"] = b"KeywordList"
    upsert = UpsertWorkflowSearchAttributesCommandAttributes()
    upsert.search_attributes.indexed_fields[SEARCH_ATTRIBUTE].CopyFrom(listed)
    return Reaction(
        commands=(
            (command("record_marker", marker), PatchMachine()),
            (command("upsert_workflow_search_attributes", upsert), CommandMachine()),
        )
    )


def patch_of(event: HistoryEvent) -> str:
    """Return the patch that an event records; "" for none."""
    marker = event.marker_recorded_event_attributes
    if marker.marker_name != MARKER:
        return ""
    return str(json.loads(marker.details[DETAILS].payloads[0].data)["id"])


def as_json(value: Any) -> Payload:
    """Return a value as a payload."""
    return Payload(metadata={"encoding": b"json/plain"}, data=json.dumps(value, separators=(",", ":")).encode())
