"""A field is there and empty: that is as good as missing."""

from __future__ import annotations

from dataclasses import replace

from harness import Recorded
from scenarios.validation import field_missing

scenario = replace(
    field_missing.scenario,
    given={"month": "", "number": 1},
    expects=[
        *(one for one in field_missing.scenario.expects if not isinstance(one, Recorded)),
        Recorded(event="WorkflowExecutionFailed", having={"failure": {"message": "missing: month"}}, count=1),
    ],
    claims=["DET-001"],
)
