"""Packs the reference code, which `harness add` copies from, into one file of the wheel.

As modules it would take three times as much: pip compiles each, and nothing ever imports them there.
"""

from __future__ import annotations

import runpy
from pathlib import Path
from tempfile import TemporaryDirectory  # noqa: TID251 - the harness cannot be imported where a wheel is built
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PacksReference(BuildHookInterface):  # type: ignore[type-arg]  # hatchling is not installed where types are checked
    """Adds the file to a wheel; an editable installation reads the checkout."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Pack it."""
        self._folder = TemporaryDirectory()
        if version != "editable":
            packed = Path(self._folder.name) / "reference.zip"
            # By its path: the package itself cannot be imported where a wheel is built.
            runpy.run_path(str(Path(self.root, "harness", "add", "pack.py")))["pack"](Path(self.root), packed)
            build_data["force_include"][str(packed)] = "harness/reference.zip"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002 - hatchling's signature
        """Leave nothing behind."""
        self._folder.cleanup()
