"""What goes wrong: the contract of every fault.

A fault is a value: settings, a target and a trigger. It is armed in a run, and it says how often it fired there, since
armed is not fired.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from typing import Protocol, runtime_checkable

from harness.evidence.evidence import Evidence
from harness.services.operation import Operation
from harness.testbed.ports import Part
from harness.testbed.testbed import Target, Testbed
from harness.trigger import Trigger


@runtime_checkable
class Fault(Protocol):
    """Something that goes wrong at a target, for as long as it is armed."""

    @property
    def on(self) -> Target:
        """What it is aimed at."""

    @property
    def when(self) -> Trigger:
        """When it is in force."""

    def problems(self) -> Iterator[str]:
        """Say what is wrong with the settings, one sentence each."""

    def arm(self, testbed: Testbed, *, name: str) -> AbstractAsyncContextManager[None]:
        """Be in force inside the context, under a name that the evidence knows it by.

        Calls that it holds when the context is left go on as if it had never been armed, unless its kind says
        otherwise.
        """

    def fired(self, evidence: Evidence, *, name: str) -> int:
        """Count in the evidence how often it affected the application."""

    def seen_instead(self, evidence: Evidence) -> str:
        """Say what did reach the target, for a reader who wonders why it did not fire."""


def target_name(on: Target) -> str:
    """Return how a target is written: "flights.book" for an operation, "flights" for a service, "workers"."""
    return str(on) if isinstance(on, Operation | Part) else on.name()
