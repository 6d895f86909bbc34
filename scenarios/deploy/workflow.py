"""An invoice is posted, waits for its approval, and is printed: the version that is running in production."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from scenarios.deploy.activities import InvoiceActivities

WITHIN = timedelta(seconds=30)


@workflow.defn
class SendInvoice:
    """Posts, waits, prints."""

    def __init__(self) -> None:
        self._approved = False

    @workflow.run
    async def run(self, number: str) -> list[str]:
        """Send the invoice; returns what was done, in order."""
        await workflow.execute_activity_method(InvoiceActivities.post_invoice, number, start_to_close_timeout=WITHIN)
        await workflow.wait_condition(lambda: self._approved)
        await workflow.execute_activity_method(InvoiceActivities.print_invoice, number, start_to_close_timeout=WITHIN)
        return ["posted", "printed"]

    @workflow.signal
    def approve(self) -> None:
        """The invoice may be printed."""
        self._approved = True
