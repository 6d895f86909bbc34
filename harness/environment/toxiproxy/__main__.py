"""`python -m harness.environment.toxiproxy` runs the embedded Toxiproxy by hand."""

from __future__ import annotations

from harness.environment.toxiproxy.embedded.server import main

if __name__ == "__main__":
    raise SystemExit(main())
