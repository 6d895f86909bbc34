"""An installed package finds the reference code inside itself."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.installed import ROOT, lay_out_the_wheel


@pytest.fixture(name="site")
def _site(tmp_path: Path) -> Path:
    """A folder of packages with what the wheel carries, at its places there."""
    lay_out_the_wheel(tmp_path / "site")
    return tmp_path / "site"


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
