"""A clock that skips the time in which a workflow only waits: `temporalio.testing.TimeSkipper`, which is experimental.

Read in `temporalio/testing/_timeskipping.py`. temporalio has it from 1.35 on. It stamps a time-skipping configuration
on every workflow that its client starts, which the dev server then obeys for that workflow alone.
"""

from __future__ import annotations

from importlib.metadata import version

from temporalio import testing
from temporalio.client import Client

from harness.errors import EnvironmentUnavailable

AVAILABLE = hasattr(testing, "TimeSkipper")
"""Whether the installed SDK has it."""


def with_skipping_clock(client: Client) -> Client:
    """Return a client whose workflows have a skipping clock.

    Raises:
        EnvironmentUnavailable: The installed SDK is too old.
    """
    if not AVAILABLE:
        raise EnvironmentUnavailable(
            f"the skipping clock needs temporalio >= 1.35, and {version('temporalio')} is installed. Upgrade it, or "
            "use the real clock: server=Server(clock=Clock.REAL) in a scenario, clock=Clock.REAL in a target."
        )
    return testing.TimeSkipper(client).client
