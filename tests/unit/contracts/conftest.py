"""Contracts for these tests."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Contract = Callable[..., Path]


@pytest.fixture
def contract(tmp_path: Path) -> Contract:
    """Write a contract with these paths, and what else is given, to a file."""

    def written(paths: dict[str, Any] | None = None, **more: Any) -> Path:
        file = tmp_path / "contract.json"
        whole = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": paths or GET}
        file.write_text(json.dumps(whole | more), encoding="utf-8")
        return file

    return written


GET: dict[str, Any] = {"/things": {"get": {"responses": {"200": {"description": "They."}}}}}
