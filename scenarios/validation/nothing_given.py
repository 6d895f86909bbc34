"""Both fields are missing: the failure names both."""

from __future__ import annotations

from dataclasses import replace

from harness import Recorded
from scenarios.validation import field_missing

scenario = replace(
    field_missing.scenario,
    given={},
    expects=[
        *(one for one in field_missing.scenario.expects if not isinstance(one, Recorded)),
        Recorded(event="WorkflowExecutionFailed", having={"failure": {"message": "missing: month, number"}}, count=1),
    ],
    claims=(),
)
