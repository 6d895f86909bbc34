"""Copies of a project that mutants are written into: the checkout itself is never touched, however a session ends."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LEFT_OUT = frozenset({"__pycache__", "node_modules", "runs"})
"""Folders that are not copied, beside hidden ones and virtual environments."""


class Copy:
    """One copy of a project. It takes one mutant at a time.

    Args:
        root: The project's root.
        folder: Where the copy goes.
    """

    def __init__(self, root: Path, folder: Path) -> None:
        self._root = root
        self.folder = folder
        self._times = 0
        shutil.copytree(root, folder, ignore=_left_out, symlinks=True)

    @contextmanager
    def changed(self, file: Path, text: str) -> Iterator[None]:
        """Have another content of a file inside the context.

        Args:
            file: The file, relative to the root.
            text: Its content.
        """
        path, original = self.folder / file, self._root / file
        path.write_text(text, encoding="utf-8")
        # Python takes compiled code for current if the source has the same time, in seconds, and the same size.
        self._times += 1
        when = original.stat().st_mtime + 2 * self._times
        os.utime(path, (when, when))
        try:
            yield
        finally:
            shutil.copy2(original, path)


def _left_out(folder: str, names: list[str]) -> set[str]:
    paths = {name: Path(folder, name) for name in names}
    return {
        name
        for name, path in paths.items()
        if path.is_dir() and (name in LEFT_OUT or name.startswith(".") or (path / "pyvenv.cfg").exists())
    }
