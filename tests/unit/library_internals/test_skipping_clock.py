"""The SDK's skipping clock is a client that starts workflows so that their time skips; older SDKs have none."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any, cast

import pytest
from temporalio.client import Client, Interceptor

from harness.errors import EnvironmentUnavailable
from harness.library_internals import skipping_clock
from harness.library_internals.skipping_clock import AVAILABLE, with_skipping_clock


def lazy_client() -> Client:
    """A client that has not connected yet."""
    service: Any = object()
    return Client(service)


@pytest.mark.skipif(not AVAILABLE, reason="the installed temporalio has no skipping clock")
def test_the_client_gets_an_interceptor_that_starts_workflows_with_a_skipping_clock() -> None:
    """If this fails, every scenario with `Clock.SKIPPING` waits as long as in production."""
    made = with_skipping_clock(lazy_client()).config(active_config=True)

    assert [type(one).__name__ for one in made["interceptors"]] == ["_TimeSkippingConfigInterceptor"]
    assert all(isinstance(one, cast("type", Interceptor)) for one in made["interceptors"])


def test_without_it_the_message_says_which_version_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """And what to use instead."""
    monkeypatch.setattr(skipping_clock, "AVAILABLE", False)

    with pytest.raises(
        EnvironmentUnavailable, match=rf"needs temporalio >= 1\.35, and {version('temporalio')}"
    ) as said:
        with_skipping_clock(lazy_client())
    assert "clock=Clock.REAL" in str(said.value)
