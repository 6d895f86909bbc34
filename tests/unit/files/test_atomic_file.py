"""A file is there whole or not at all, and what was there before survives."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.files.atomic_file import whole_file, write_whole


def test_a_file_and_its_folder_are_made(tmp_path: Path) -> None:
    """Text and bytes; what UTF-8 cannot say is escaped."""
    write_whole(tmp_path / "deep" / "file.txt", "a \ud800 b")
    write_whole(tmp_path / "raw", b"\x00")

    assert (tmp_path / "deep" / "file.txt").read_bytes() == b"a \\ud800 b"
    assert (tmp_path / "raw").read_bytes() == b"\x00"
    assert [one.name for one in (tmp_path / "deep").iterdir()] == ["file.txt"]


def test_what_was_there_survives_a_failure(tmp_path: Path) -> None:
    """And nothing half-written stays beside it."""
    file = tmp_path / "report.html"
    file.write_text("yesterday")

    def half() -> None:
        with whole_file(file) as beside:
            beside.write_text("half a p")
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        half()
    assert file.read_text() == "yesterday"
    assert [one.name for one in tmp_path.iterdir()] == ["report.html"]


def test_a_device_is_written_to_as_it_is() -> None:
    """It cannot be replaced; and one that is full says so."""
    write_whole(Path("/dev/null"), "gone")

    assert Path("/dev/null").is_char_device()
    with pytest.raises(OSError, match="No space left on device"):
        write_whole(Path("/dev/full"), "too much")
