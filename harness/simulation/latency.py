"""How long messages take in the simulation, in seconds of virtual time.

Without any latency, things happen at the same moment that no real server lets happen at the same moment, and
workflows take ways that they never take in production.
"""

from __future__ import annotations

HOP = 0.002
"""From a client or a worker to the server, or back."""

QUEUED = 2 * HOP
"""From the moment at which the server puts a task into a queue until a worker has it."""

TASK_ANSWER = 2 * HOP
"""From a worker to the server with the commands of a workflow task, which the server has to store."""

PARENT_CLOSED = 5 * HOP
"""From the close of a workflow until its parent close policy reaches a child: the server works that off later."""

NEW_RUN = 0.02
"""Until a worker can run the code of a workflow that it does not know yet: the sandbox imports that first."""

SKIPPED = 2 * HOP
"""From the moment at which the server skips time until the timer goes off to which it has skipped."""
