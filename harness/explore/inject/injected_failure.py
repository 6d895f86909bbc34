"""The failure with which an injected fault ends an attempt."""

from __future__ import annotations

from temporalio.exceptions import ApplicationError

INJECTED = "InjectedFault"
"""The type of the failures that an exploration injects."""


def injected_failure(text: str, *, non_retryable: bool = False) -> ApplicationError:
    """Return the failure, which is retried unless it is said not to be."""
    return ApplicationError(text, type=INJECTED, non_retryable=non_retryable)
