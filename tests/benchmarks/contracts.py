"""How much processor time a fake of a contract takes: to make it, and to import it, by the number of operations.

python -m tests.benchmarks.contracts
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from time import process_time
from types import ModuleType

from harness.contracts.fake import fake_of
from tests.contracts.large import large

SIZES = (20, 100, 500)
"""How many operations; a service of a hundred resources has five hundred."""


def cost(operations: int, folder: Path) -> tuple[float, float]:
    """Return the seconds that it takes to make the fake of a document, and to run its source."""
    file = folder / f"{operations}.json"
    file.write_text(json.dumps(large(operations)), encoding="utf-8")
    began = process_time()
    text = fake_of(file, "large").text
    made = process_time()
    module = ModuleType(f"large{operations}")
    sys.modules[module.__name__] = module
    exec(compile(text, "large.py", "exec"), vars(module))  # noqa: S102 - our own
    return made - began, process_time() - made


def main() -> None:
    """Print both for each size, and what each operation costs compared with the smallest document's."""
    folder = Path(tempfile.mkdtemp())
    first = 0.0
    for operations in SIZES:
        made, loaded = cost(operations, folder)
        each = made / operations
        first = first or each
        print(f"{operations:4} operations: {made:.2f} s made, {loaded:.2f} s imported; each {each / first:.1f} times")


if __name__ == "__main__":
    main()
