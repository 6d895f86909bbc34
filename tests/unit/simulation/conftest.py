"""With an SDK that is too old to be simulated, nothing of this can be run."""

from __future__ import annotations

from harness.library_internals.simulated_bridge import AVAILABLE

collect_ignore_glob = [] if AVAILABLE else ["test_*.py"]
