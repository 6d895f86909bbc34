"""A history that is decoded when somebody asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from unittest.mock import patch

from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHistory
from temporalio.converter import DataConverter, PayloadCodec

from harness.evidence.history import Ending, Status
from harness.temporal.fetched_history import FetchedHistory, fetched_histories


def fetched() -> WorkflowHistory:
    """One that was started and has completed."""
    first = HistoryEvent(event_id=1, event_type=EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED)
    first.event_time.FromSeconds(1)
    first.workflow_execution_started_event_attributes.workflow_type.name = "Flow"
    last = HistoryEvent(event_id=2, event_type=EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED)
    last.event_time.FromSeconds(2)
    last.workflow_execution_completed_event_attributes.result.payloads.add(
        metadata={"encoding": b"json/plain"}, data=b"7"
    )
    return WorkflowHistory("w", [first, last])


def test_it_is_what_decoding_it_at_once_gives() -> None:
    """It is decoded once, and not before somebody asks."""
    history = FetchedHistory(fetched())

    with patch.object(
        WorkflowHistory, "to_json_dict", autospec=True, side_effect=WorkflowHistory.to_json_dict
    ) as reads:
        before: int = reads.call_count
        events = history.events
        again = history.events

    assert (before, reads.call_count) == (0, 1)
    assert events is again
    assert (history.workflow_id, history.workflow, len(events)) == ("w", "Flow", 2)


def test_the_last_event_says_how_it_ended() -> None:
    """As the whole history does; without any, it is still running."""
    history = FetchedHistory(fetched())

    assert history.outcome == history.cut().outcome == Ending(status=Status.COMPLETED, result=7)
    assert [one.type for one in history.cut().events] == ["WorkflowExecutionCompleted"]
    assert FetchedHistory(WorkflowHistory("w", [])).outcome.status is Status.RUNNING


async def test_a_converter_that_cannot_read_a_history_is_reported() -> None:
    """The history is kept as the server has it; one that can be read has its decoded form beside it."""

    class Refuses(PayloadCodec):
        async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
            return [*payloads]

        async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
            if not known:
                raise ValueError("unknown key")
            return [Payload(metadata=one.metadata, data=b"8") for one in payloads]

    converter = replace(DataConverter.default, payload_codec=Refuses())
    broken: list[str] = []
    known = False
    [kept] = await fetched_histories([fetched()], converter, broken=broken.append)
    known = True
    [read] = await fetched_histories([fetched()], converter, broken=broken.append)

    assert broken == ["the application's data converter cannot read a history: ValueError('unknown key')"]
    assert (kept.outcome.result, kept.decoded) == (7, None)
    assert (read.outcome.result, read.events[-1].attributes["result"]["payloads"][0]["data"]) == (8, "OA==")
    assert read.decoded is not None
    assert read.fetched == fetched()
