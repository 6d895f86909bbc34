"""Lines of code in tracebacks."""

from __future__ import annotations

import sys

from harness.files.places import innermost, is_own

OWN = '  File "/shop/flow.py", line 12, in run'
LIBRARY = f'  File "/usr/lib/python{sys.version_info[0]}.{sys.version_info[1]}/threading.py", line 331, in wait'


def test_the_innermost_line_of_the_application_is_named() -> None:
    """And not the one of the library that it called."""
    assert innermost(f"{OWN}\n{LIBRARY}") == ("/shop/flow.py", 12)
    assert innermost("no place") is None


def test_where_none_is_the_application_s_the_innermost_is_named() -> None:
    """Better than nothing."""
    found = innermost(LIBRARY)

    assert found is not None
    assert found[1] == 331
    assert not is_own(found[0])
