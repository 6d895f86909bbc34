"""What cannot be written is found before it is to be written."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.files.writable import why_not_writable


@pytest.mark.parametrize(
    ("name", "folder", "why"),
    [
        ("new", False, ""),
        ("new/and/deep", False, ""),
        ("file", False, ""),
        ("new", True, ""),
        ("folder", True, ""),
        ("/dev/null", False, ""),
        ("folder", False, "Is a directory"),
        ("file", True, "Not a directory"),
        ("file/x", False, "Not a directory"),
        ("file/x/y", True, "Not a directory"),
        ("x" * 300, False, "File name too long"),
        ("loop/x", False, "Too many levels of symbolic links"),
    ],
)
def test_why_a_path_cannot_be_written(tmp_path: Path, name: str, *, folder: bool, why: str) -> None:
    """In the words of the system; nothing is made on the way."""
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop").symlink_to("loop")

    assert why_not_writable(tmp_path / name, folder=folder) == why
    assert sorted(one.name for one in tmp_path.iterdir()) == ["file", "folder", "loop"]
