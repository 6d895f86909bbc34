"""`python -m harness.embedded_toxiproxy` runs the embedded Toxiproxy by hand."""

from __future__ import annotations

from harness.embedded_toxiproxy.server import main

if __name__ == "__main__":
    raise SystemExit(main())
