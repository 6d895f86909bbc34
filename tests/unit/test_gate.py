"""What a merge is decided by."""

from __future__ import annotations

import pytest

from harness.errors import EnvironmentUnavailable, HarnessError, UsageError
from harness.gate import ENVIRONMENT, GREEN, RED, USAGE, exit_code
from harness.verdict import Verdict


@pytest.mark.parametrize(
    ("verdict", "code"), [(Verdict.PASSED, 0), (Verdict.INCONCLUSIVE, 1), (Verdict.FAILED, 1)], ids=str
)
def test_only_a_pass_is_green(verdict: Verdict, code: int) -> None:
    """What could not be told holds a merge back just as what broke."""
    assert exit_code(verdict) == code


def test_errors_and_verdicts_share_one_set_of_exit_codes() -> None:
    """0 green, 1 red, 2 the user's mistake, 3 no environment."""
    assert (GREEN, RED, USAGE, ENVIRONMENT) == (0, 1, 2, 3)
    assert (HarnessError.exit_code, UsageError.exit_code, EnvironmentUnavailable.exit_code) == (RED, USAGE, ENVIRONMENT)
