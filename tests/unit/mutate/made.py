"""What the tests of mutation testing make: a mutant of an application's file."""

from __future__ import annotations

from pathlib import Path

from harness.mutate.mutant import Mutant

MUTANT = Mutant(
    file=Path("app.py"),
    name="Book.run: not_awaited",
    operator="not_awaited",
    stands_for="The workflow ends first.",
    noticed_by="HttpError, with NoOrphans",
    lines=(7,),
    in_function=True,
    text="",
    diff="--- a/app.py\n+++ b/app.py\n@@ -7 +7 @@\n-await x\n+x",
)
"""A call that is not awaited."""
