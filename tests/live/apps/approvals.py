"""Approvals as guides print them, and the activities of an office in which nothing goes wrong."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from temporalio import activity, workflow

with workflow.unsafe.imports_passed_through():
    from scenarios.approval.activities import Checked, Notice, Payment, Purchase


@activity.defn
async def check(purchase: Purchase) -> Checked:
    """Find it in order."""
    return Checked(is_valid=bool(purchase.what))


@activity.defn
async def ask(notice: Notice) -> None:
    """Everybody knows already."""


@activity.defn
async def pay(payment: Payment) -> str:
    """Pay."""
    return payment.key


@workflow.defn
class ApprovesAsPrinted:
    """Keeps yes and no apart, and looks for a reason where it means a rejection."""

    def __init__(self) -> None:
        self._approved = False
        self._reason: str | None = None

    @workflow.run
    async def run(self) -> str:
        """Say what came of it."""
        await workflow.wait_condition(lambda: self._approved or self._reason is not None, timeout=timedelta(days=7))
        return "rejected" if self._reason else "approved"

    @workflow.signal
    def approve(self) -> None:
        """Say yes."""
        self._approved = True

    @workflow.signal
    def reject(self, reason: str) -> None:
        """Say no."""
        self._reason = reason

    @workflow.query
    def status(self) -> dict[str, Any]:
        """Say how it stands."""
        rejected = self._reason is not None
        return {"approved": self._approved, "rejected": rejected, "waiting": not self._approved and not self._reason}


@workflow.defn
class ChainAsPrinted:
    """Builds its chain in `run`, and moves on in its loop."""

    def __init__(self) -> None:
        self._chain: list[dict[str, Any]] = []
        self._current = 0

    @workflow.run
    async def run(self, levels: list[str]) -> str:
        """Say what came of it."""
        self._chain = [{"level": level, "approved": False} for level in levels]
        while self._current < len(levels):
            await workflow.wait_condition(lambda: self._chain[self._current]["approved"], timeout=timedelta(hours=24))
            self._current += 1
        return "approved"

    @workflow.signal
    def approve_step(self, level: str) -> None:
        """Say yes."""
        if self._chain[self._current]["level"] == level:
            self._chain[self._current]["approved"] = True

    @workflow.query
    def pending(self) -> list[str]:
        """Say who has not approved."""
        return [step["level"] for step in self._chain if not step["approved"]]
