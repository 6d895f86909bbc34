"""Nothing is left of a temporary folder, and nobody's is removed who lives."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from harness.files.temporary_folder import PREFIX, temporary_folder

HOLDS = """
import sys
from pathlib import Path
from harness.files.temporary_folder import temporary_folder
with temporary_folder(place=Path(sys.argv[1])) as folder:
    (folder / "kept").write_text("so that it is not empty")
    print(folder, flush=True)
    sys.stdin.read()
"""


@contextmanager
def held_by_another(place: Path) -> Iterator[tuple[Path, subprocess.Popen[str]]]:
    """Have a folder that another process holds."""
    words = [sys.executable, "-c", HOLDS, str(place)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        try:
            yield Path(other.stdout.readline().strip()), other
        finally:
            other.kill()


def test_gone_after_an_error(tmp_path: Path) -> None:
    """With all that is in it."""

    def fails() -> None:
        with temporary_folder(place=tmp_path) as folder:
            (folder / "one").mkdir()
            (folder / "one" / "two").touch()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()

    assert list(tmp_path.iterdir()) == []


def test_one_of_a_living_process_stays(tmp_path: Path) -> None:
    """However many others are made."""
    with held_by_another(tmp_path) as (folder, _), temporary_folder(place=tmp_path) as own:
        assert {*tmp_path.iterdir()} == {folder, own}
        assert (folder / "kept").is_file()


def test_one_of_a_killed_process_is_removed(tmp_path: Path) -> None:
    """By the next that is made there."""
    with held_by_another(tmp_path) as (folder, other):
        other.kill()
        other.wait()
        assert folder.is_dir()
        with temporary_folder(place=tmp_path) as own:
            assert [*tmp_path.iterdir()] == [own]


def test_nothing_else_is_removed(tmp_path: Path) -> None:
    """Neither a folder of another name, nor a file, nor what a link leads to."""
    (tmp_path / "mine").mkdir()
    (tmp_path / f"{PREFIX}file").touch()
    (tmp_path / f"{PREFIX}link").symlink_to(tmp_path / "mine")
    before = {*tmp_path.iterdir()}

    with temporary_folder(place=tmp_path):
        pass

    assert {*tmp_path.iterdir()} == before
