"""Starts the embedded server without importing the harness, whose public names pull in the whole engine.

Run by path, not as a module: `python -P start.py --port 0`. It puts a bare package in the place of `harness`, so that
only what the server needs is read; that is most of the time the process takes to be ready.
"""

from __future__ import annotations

import sys
import types
from pathlib import Path


def _bare_package(name: str, folder: Path) -> None:
    package = types.ModuleType(name)
    package.__path__ = [str(folder)]
    sys.modules[name] = package


if __name__ == "__main__":
    _bare_package("harness", Path(__file__).resolve().parents[1])
    from harness.embedded_toxiproxy.server import main

    raise SystemExit(main())
