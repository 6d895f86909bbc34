"""An installed package finds the reference code inside itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
WHEEL = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"][
    "wheel"
]


@pytest.fixture(name="site")
def _site(tmp_path: Path) -> Path:
    """A folder of packages with what the wheel carries, at its places there."""
    site = tmp_path / "site"
    without = shutil.ignore_patterns("__pycache__", "histories", "claims", "__main__.py")
    for folder in WHEEL["only-include"]:
        target = site / WHEEL["sources"].get(folder, folder)
        shutil.copytree(ROOT / folder, target, ignore=None if folder == "harness" else without)
    return site


def test_the_wheel_has_no_packages_but_the_harness(site: Path, tmp_path: Path) -> None:
    """Whose reference code can be added from there."""
    environment = {**os.environ, "PYTHONPATH": str(site)}
    (tmp_path / "project").mkdir()

    added = subprocess.run(
        [sys.executable, "-P", "-m", "harness", "add", "fake", "cars"],
        cwd=tmp_path / "project",
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert [one.name for one in site.iterdir()] == ["harness"]
    assert (added.returncode, added.stderr) == (0, "")
    assert (tmp_path / "project" / "fakes" / "cars.py").read_bytes() == (ROOT / "fakes" / "cars.py").read_bytes()
