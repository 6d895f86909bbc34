"""What an exploration injects no fault at is named."""

from __future__ import annotations

from typing import Any

import pytest

from harness.explore.model.not_tried import effects_unjudged, looks_like_an_effect, not_tried
from tests.unit.builders import history, payload, recorded

ACCEPTED = {"acceptedRequest": {"input": {"name": "add"}}}


def found(*events: Any) -> list[str]:
    """What is said of a history."""
    return [*not_tried([history(*events)], {"Order"})]


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (recorded("NEXUS_OPERATION_SCHEDULED", service="pay", operation="charge"), "the Nexus operation pay.charge"),
        (recorded("WORKFLOW_EXECUTION_UPDATE_ACCEPTED", **ACCEPTED), "the update add: it was accepted and never"),
        (
            recorded("START_CHILD_WORKFLOW_EXECUTION_INITIATED", workflowType={"name": "Other"}),
            "the child workflow Other from inside",
        ),
        (
            recorded(
                "SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED", workflowExecution={"workflowId": "w-ab12cd-00001"}
            ),
            "a signal from one workflow to another (w-TOKEN)",
        ),
        (
            recorded(
                "WORKFLOW_EXECUTION_STARTED",
                searchAttributes={"indexedFields": {"TemporalScheduledById": payload("hourly")}},
            ),
            "the schedule hourly: late, skipped and overlapping starts are not injected",
        ),
    ],
)
def test_each_is_named(event: Any, told: str) -> None:
    """In one sentence."""
    [sentence] = found(event)

    assert told in sentence


def test_what_is_tried_is_not_named() -> None:
    """An update that was answered, a child that the target has, an ordinary start."""
    assert (
        found(
            recorded("WORKFLOW_EXECUTION_STARTED"),
            recorded("WORKFLOW_EXECUTION_UPDATE_ACCEPTED", **ACCEPTED),
            recorded("WORKFLOW_EXECUTION_UPDATE_COMPLETED", acceptedEventId="4"),
            recorded("START_CHILD_WORKFLOW_EXECUTION_INITIATED", workflowType={"name": "Order"}),
        )
        == []
    )


@pytest.mark.parametrize(("name", "effect"), [("charge", True), ("get_price", False), ("listOrders", False)])
def test_an_activity_that_reads_is_known_by_the_first_word_of_its_name(name: str, *, effect: bool) -> None:
    """Anything else may have an effect."""
    assert looks_like_an_effect(name) is effect


def test_the_remark_names_what_looks_like_an_effect() -> None:
    """So that a target file judges it."""
    assert effects_unjudged(["get_price"]) == "no invariant about effects was judged"
    assert "and charge looks as if it had some" in effects_unjudged(["get_price", "charge"])
    assert "and charge, ship look as if they had some" in effects_unjudged(["ship", "charge"])
