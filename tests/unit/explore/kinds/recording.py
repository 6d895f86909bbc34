"""What a kind of fault does at an attempt, in a workflow task, to a delivery and in a scenario, recorded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from temporalio.exceptions import ApplicationError

from harness.catalog import load_catalog
from harness.explore.backends.request_faults import site_of
from harness.explore.kind import FaultKind, FaultSite
from harness.explore.model.schedule import parse
from harness.settings import find_project
from tests.unit.explore.made import made

SAGA = load_catalog(*find_project(Path(__file__).parent)).entries["saga/all_well"].scenario


class RecordedAttempt:
    """An attempt that records in which order a kind does what."""

    def __init__(
        self, number: int = 1, *, body_fails: bool = False, injected: bool = False, repeats: bool = True, **known: Any
    ) -> None:
        self.made = made("charge", **known)
        self.number = number
        self.was_injected = injected
        self.repeats = repeats
        self.did: list[str] = []
        self._fails = body_fails

    def injected(self) -> None:
        """Record it."""
        self.did.append("injected")

    def failure(self, what: str, *, non_retryable: bool = False) -> Exception:
        """Return the SDK's."""
        return ApplicationError(what, non_retryable=non_retryable)

    async def body(self) -> Any:
        """Record it."""
        self.did.append("body")
        if self._fails:
            raise ApplicationError("by itself")
        return "result"

    async def cancel(self) -> None:
        """Record it."""
        self.did.append("cancel")

    async def outlast(self) -> None:
        """Record it."""
        self.did.append("outlast")


async def at_attempt(kind: FaultKind, number: int = 1, **known: Any) -> list[str]:
    """Run one attempt under a kind of fault; return what was done, and at last what became of it."""
    attempt = RecordedAttempt(number, **known)
    if not kind.acts_on(attempt):
        return ["nothing"]
    try:
        returned = await kind.attempt(attempt)
    except ApplicationError as error:
        return [*attempt.did, "fails permanently" if error.non_retryable else "fails"]
    return [*attempt.did, f"returns {returned}"]


class RecordedTask:
    """A workflow task that records whether the workflow is asked to cancel."""

    def __init__(self) -> None:
        self.cancelled = False

    def cancel(self) -> None:
        """Record it."""
        self.cancelled = True


def cancels_in_task(kind: FaultKind) -> bool:
    """Whether a kind asks the workflow to cancel in a workflow task."""
    task = RecordedTask()
    kind.in_task(task)
    return task.cancelled


class RecordedDelivery:
    """A signal that records how it is delivered."""

    def __init__(self) -> None:
        self.did: list[str] = []

    async def send(self) -> None:
        """Record it."""
        self.did.append("send")

    async def send_again(self) -> None:
        """Record it."""
        self.did.append("send again")

    async def send_late(self) -> None:
        """Record it."""
        self.did.append("send late")

    async def send_after_next(self) -> None:
        """Record it."""
        self.did.append("send after next")


async def delivered(kind: FaultKind) -> list[str]:
    """Return how a kind delivers a signal."""
    delivery = RecordedDelivery()
    await kind.deliver(delivery)
    return delivery.did


def site(call: str) -> FaultSite:
    """Return where faults of a call such as "flights.book#2" are armed in a run of the saga."""
    return site_of(parse(f"{call}:error").faults[0].call, SAGA)
