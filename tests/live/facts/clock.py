"""A helper as any application has: it asks the clock, and workflows may import it past the sandbox."""

from __future__ import annotations

import time


def now() -> float:
    """Return the seconds since 1970."""
    return time.time()
