"""A Unix socket fits into it, however long the path of the folder for temporary files is."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from harness.files.socket_folder import socket_folder


def test_where_temporary_files_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside them, if that is short."""
    monkeypatch.setattr(tempfile, "tempdir", "/var/tmp")  # noqa: S108 - it is short

    with socket_folder() as folder:
        assert Path(folder).parent == Path("/var/tmp")  # noqa: S108 - the same


def test_a_long_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a short place, if it is long."""
    place = tmp_path / ("long" * 30)
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))

    with socket_folder() as folder:
        assert len(os.fsencode(folder)) < 60
    assert not Path(folder).exists()
