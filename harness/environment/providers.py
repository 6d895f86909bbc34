"""The names of the Temporal servers that can be started."""

from __future__ import annotations

PROVIDERS = ("dev-server", "container")
"""Where a Temporal server of our own comes from."""
