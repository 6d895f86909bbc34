"""Runs `harness explore` in a process of its own, in a small project of its own whose workflow does not refund."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.live.commands import Ended, begin, write_files

ROOT = Path(__file__).parents[2]

WITHIN = 300.0
"""How many seconds an exploration may take on a busy machine; on an idle one it takes ten."""

PROJECT = {
    "pyproject.toml": "[tool.harness]\nfakes = []\n",
    "till.py": """
        from datetime import timedelta

        from temporalio import activity, workflow
        from temporalio.common import RetryPolicy
        from temporalio.exceptions import ActivityError

        WITHIN = timedelta(seconds=9)
        TRIES = RetryPolicy(maximum_attempts=3)


        @activity.defn
        async def charge(order: str) -> str:
            return f"charged {order}"


        @activity.defn
        async def refund(order: str) -> str:
            return f"refunded {order}"


        @workflow.defn
        class Order:
            @workflow.run
            async def run(self, order: str) -> str:
                try:
                    await workflow.execute_activity(charge, order, start_to_close_timeout=WITHIN, retry_policy=TRIES)
                except ActivityError:
                    # MEND
                    raise
                return order
        """,
    "target.py": """
        from harness import Target, undone_on_failure

        import till

        target = Target(
            workflows=[till.Order],
            activities=[till.charge, till.refund],
            workflow=till.Order.run,
            given=str,
            invariants=[undone_on_failure(till.charge, till.refund)],
        )
        """,
}
"""A project with one workflow, which does not refund."""


def make_project(folder: Path) -> Path:
    """Write the small project."""
    return write_files(folder, PROJECT)


async def harness_ended(*arguments: str, cwd: Path = ROOT) -> Ended:
    """Run the command line to its end, which on a busy machine takes its time."""
    return await (await begin("harness", *arguments, cwd=cwd)).end(within=WITHIN)


async def harness_explore(*arguments: str) -> Ended:
    """Run `harness explore` to its end."""
    with tempfile.TemporaryDirectory() as runs:
        return await harness_ended("explore", *arguments, "--runs", runs)
