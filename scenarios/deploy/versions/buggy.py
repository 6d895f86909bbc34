"""The next version with a bug, which shows once the invoice is approved."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from scenarios.deploy.activities import InvoiceActivities
    from scenarios.deploy.workflow import WITHIN


@workflow.defn
class SendInvoice:
    """Posts, waits, and stumbles."""

    def __init__(self) -> None:
        self._approved = False

    @workflow.run
    async def run(self, number: str) -> list[str]:
        """Send the invoice; returns what was done, in order."""
        await workflow.execute_activity_method(InvoiceActivities.post_invoice, number, start_to_close_timeout=WITHIN)
        await workflow.wait_condition(lambda: self._approved)
        raise ValueError(f"no printer for {number}")

    @workflow.signal
    def approve(self) -> None:
        """The invoice may be printed."""
        self._approved = True
