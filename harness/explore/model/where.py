"""Where the schedules of an exploration are run."""

from __future__ import annotations

from enum import StrEnum


class Where(StrEnum):
    """Where schedules are run."""

    SERVER = "server"
    """On a real Temporal server."""

    SIMULATED = "simulated"
    """In simulation, and nowhere else."""

    AUTO = "auto"
    """In simulation; on a real server what is not modelled, what confirms a finding, and a sample."""
