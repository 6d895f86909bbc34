"""`python -m fakes flights --port 8080` runs one fake by hand, as `harness fake` does."""

from __future__ import annotations

import sys

from harness.cli import main

if __name__ == "__main__":
    sys.exit(main(["fake", *sys.argv[1:]]))
