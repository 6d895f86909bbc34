"""Every answer that a service can give, put to the classification pattern: what is tried again, and how it ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from fakes.payments import Payments
from harness import (
    Amplification,
    Attempts,
    Fault,
    GarbledBody,
    HttpError,
    LostReply,
    Oracle,
    Outcome,
    Reset,
    Scenario,
    Status,
    Verdict,
)
from harness.results import Result
from scenarios.classification.all_well import scenario as all_well
from tests.live.conftest import Begin

DECLINED = {"success": False, "reason": "insufficient_funds"}
INVALID = {"success": False, "reason": "invalid_data"}


def meets(fault: Fault, *, calls: int, fails: str = "", result: Mapping[str, Any] | None = None) -> Scenario:
    """Return the order with this fault for ever, to be asked so often, and to fail with this type or to return this."""
    outcome = (
        Outcome(status=Status.FAILED, failure=("activity", f"application {fails}")) if fails else Outcome(result=result)
    )
    bounds: list[Oracle] = [
        Attempts(of=Payments.charge, count=calls),
        Amplification(of=Payments.charge, per="order", at_most=calls),
    ]
    return replace(all_well, faults=[fault], expects=[outcome, *bounds])


def answered(status: int) -> HttpError:
    """Every charge is answered with this status."""
    return HttpError(on=Payments.charge, status=status)


ANSWERS = {
    **{f"{status}": meets(answered(status), calls=5, fails="ServiceUnavailable") for status in (500, 502, 503, 504)},
    **{f"{status}": meets(answered(status), calls=1, fails="AuthenticationError") for status in (401, 403)},
    **{f"{status}": meets(answered(status), calls=1, fails="Refused") for status in (404, 409, 410)},
    **{f"{status}": meets(answered(status), calls=1, result=INVALID) for status in (400, 422)},
    "402": meets(answered(402), calls=1, result=DECLINED),
    "429": meets(answered(429), calls=5, fails="RateLimitError"),
    "reset": meets(Reset(on=Payments), calls=5, fails="NetworkError"),
    "cut": meets(LostReply(on=Payments.charge), calls=5, fails="NetworkError"),
    "garbled": meets(GarbledBody(on=Payments.charge), calls=5, fails="UnreadableAnswer"),
}


@pytest.fixture(scope="module")
def runs(begin: Begin) -> dict[str, Any]:
    """All of them at once."""
    return {name: begin(scenario) for name, scenario in ANSWERS.items()}


@pytest.mark.claims("CLS-001")
@pytest.mark.parametrize("name", ANSWERS)
async def test_the_activity_says_what_is_tried_again(runs: dict[str, Any], name: str) -> None:
    """Five calls or one, and the kind of error that says why."""
    result: Result = await runs[name]

    assert result.verdict is Verdict.PASSED, "\n".join(map(str, result.findings))
