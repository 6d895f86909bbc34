"""What blocks a workflow that is written as guides print it: its task fails again and again, and it stays open."""

from __future__ import annotations

from typing import Any

import pytest

from harness import Application, LiveRun, Outcome, Scenario, Status, StuckTask, Verdict, WorkflowTaskStuck
from tests.live.apps.printed_dead_letters import NamesItsDetails, SleepsATimedelta, WaitsATimedelta
from tests.live.conftest import Run


async def drive(run: LiveRun) -> None:
    """Nobody else would end it."""
    await run.told(WorkflowTaskStuck)
    await run.handle.terminate()


@pytest.mark.parametrize(
    ("blocks", "text"),
    [
        pytest.param(
            SleepsATimedelta,
            "'<=' not supported between instances of 'datetime.timedelta' and 'int'",
            marks=pytest.mark.claims("DLQ-002"),
        ),
        pytest.param(WaitsATimedelta, "timedelta", marks=pytest.mark.claims("DLQ-002")),
        pytest.param(NamesItsDetails, "unexpected keyword argument 'details'", marks=pytest.mark.claims("DLQ-003")),
    ],
)
async def test_as_printed_it_blocks(run: Run, blocks: Any, text: str) -> None:
    """The workflow task fails with this text and none succeeds: no timer, no failure of the workflow's own."""
    scenario = Scenario(
        application=Application(workflows=[blocks]),
        workflow=blocks.run,
        drive=drive,
        expects=[
            StuckTask(cause="WORKFLOW_WORKER_UNHANDLED_FAILURE", text=text, heals=False),
            Outcome(status=Status.TERMINATED),
        ],
    )

    result = await run(scenario)

    assert result.verdict is Verdict.PASSED, "\n".join(map(str, result.findings))
