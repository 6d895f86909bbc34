"""How many runs of a session are concurrent."""

from __future__ import annotations

import os

JOBS = 8
"""The default number of concurrent runs. Measured on two cores: more runs gain little, since they compete for the CPU
(tests/benchmarks)."""

HEAVY_JOBS = 2 * (os.cpu_count() or 1)
"""The maximum number of concurrent runs with worker processes. Their timeouts are real time, and would expire on a
machine that is busy starting processes."""
