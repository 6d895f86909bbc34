"""The next version, changed without a thought for open runs: it prints a draft before it posts."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from scenarios.deploy.activities import InvoiceActivities
    from scenarios.deploy.workflow import WITHIN


@workflow.defn
class SendInvoice:
    """Prints, posts, waits. A run that began by posting cannot be continued by this code."""

    def __init__(self) -> None:
        self._approved = False

    @workflow.run
    async def run(self, number: str) -> list[str]:
        """Send the invoice; returns what was done, in order."""
        await workflow.execute_activity_method(InvoiceActivities.print_invoice, number, start_to_close_timeout=WITHIN)
        await workflow.execute_activity_method(InvoiceActivities.post_invoice, number, start_to_close_timeout=WITHIN)
        await workflow.wait_condition(lambda: self._approved)
        return ["printed", "posted"]

    @workflow.signal
    def approve(self) -> None:
        """The invoice may be sent."""
        self._approved = True
