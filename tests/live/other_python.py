"""Another environment: an interpreter that has the SDK and nothing else."""

from __future__ import annotations

import importlib.metadata
import re
import venv
from pathlib import Path


def environment_with(folder: Path, *distributions: str) -> Path:
    """Make a virtual environment that has these distributions and what they require; return its interpreter."""
    venv.create(folder, symlinks=True)
    [installed] = folder.glob("lib/python*/site-packages")
    waiting, seen = list(distributions), set[str]()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        found = importlib.metadata.distribution(name)
        for top in {str(one).partition("/")[0] for one in found.files or ()} - {"..", "__pycache__"}:
            if not (installed / top).exists():
                (installed / top).symlink_to(Path(str(found.locate_file(top))))
        needed = [one for one in found.requires or () if "extra ==" not in one and "python_version <" not in one]
        waiting += [re.split(r"[^\w.-]", one)[0] for one in needed]
    return folder / "bin" / "python"
