"""The repository's own tests use the plugin as everybody else does."""

from __future__ import annotations

pytest_plugins = ["pytester"]
