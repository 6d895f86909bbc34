"""What the doctor says of a machine."""

from __future__ import annotations

from datetime import timedelta

import pytest

from harness import doctor
from harness.doctor import Health


async def test_a_machine_that_is_too_busy_is_told_and_no_error_in_the_harness(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its other checks go on."""
    monkeypatch.setattr(doctor, "ANSWERS_WITHIN", timedelta(0))
    check = await doctor._exit_codes()

    assert check.health is Health.FAILED
    assert check.seen == "`harness --version` did not end within 0 s"
    assert "less busy" in check.remedy
