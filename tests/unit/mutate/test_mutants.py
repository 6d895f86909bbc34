"""Mutants have names that last, their lines, and a diff that shows nothing but the bug."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import UsageError
from harness.mutate.mutant import Mutant
from harness.mutate.mutants import mutants_of, operators

SAGA = '''"""A saga."""


class Book:
    LIMIT = Policy(maximum_attempts=2)

    async def run(self):
        # Before the call.
        self._undo.append(cancel)

        await self._book()
'''


def named(text: str, operator: str) -> list[Mutant]:
    """The mutants by one operator."""
    return [one for one in mutants_of(Path("app.py"), text, operators()) if one.operator == operator]


def test_a_mutant_is_named_after_its_place_and_keeps_its_name_when_lines_move() -> None:
    """So that an accepted survivor stays accepted."""
    (mutant,) = named(SAGA, "compensation_dropped")
    (moved,) = named(SAGA.replace("class Book", "import asyncio\n\n\nclass Book"), "compensation_dropped")

    assert mutant.id == moved.id == "app.py Book.run: compensation_dropped"
    assert (mutant.lines, moved.lines) == ((9,), (12,))


def test_two_mutants_of_one_name_are_numbered() -> None:
    """In the order of their lines."""
    assert [one.name for one in named(SAGA, "attempts_one_off")] == [
        "Book: attempts_one_off #1",
        "Book: attempts_one_off #2",
    ]


def test_what_runs_at_import_is_told_from_what_a_call_runs() -> None:
    """Coverage of a scenario says something only of the latter."""
    assert not named(SAGA, "attempts_unbounded")[0].in_function
    assert named(SAGA, "compensation_dropped")[0].in_function


def test_a_diff_shows_only_the_bug() -> None:
    """Comments and blank lines stay where they are when statements change places."""
    (mutant,) = named(SAGA, "compensation_after_call")

    assert mutant.diff.splitlines()[4:] == [
        "         # Before the call.",
        "+        await self._book()",
        "+",
        "         self._undo.append(cancel)",
        "-",
        "-        await self._book()",
    ]


def test_a_file_that_is_not_python_is_refused_with_its_name() -> None:
    """And with where it stops being Python."""
    with pytest.raises(UsageError, match=r"app\.py cannot be parsed: line 1 is not Python"):
        mutants_of(Path("app.py"), "def (:\n", operators())
