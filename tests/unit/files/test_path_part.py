"""Names from outside as parts of paths."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from harness.files.path_part import LONGEST, name_of, path_part

NAMES = (
    "",
    ".",
    "..",
    "...",
    "a.",
    ".a",
    " ",
    "a ",
    "\0",
    "a\0b",
    "/",
    "../../etc/passwd",
    "..\\..",
    "C:\\x",
    "a:b",
    "nul",
    "NUL.txt",
    "Con",
    "com1",
    "lpt9.log",
    "conin$",
    "%",
    "%2E",
    "~",
    "-rf",
    "\n",
    "\x1b[2J",
    "x" * 300,
    "x" * 1000,
    "\N{SNOWMAN}" * 100,
    "é",
    "e\N{COMBINING ACUTE ACCENT}",
    "\ud800",
    "\N{RIGHT-TO-LEFT OVERRIDE}gpj.exe",
    "*?[a]",
)

RESERVED = {"con", "prn", "aux", "nul", *(f"{one}{number}" for one in ("com", "lpt") for number in range(10))}


def test_names_stay_apart(tmp_path: Path) -> None:
    """Each of them is a file of its own, in this folder."""
    parts = {name: path_part(name) for name in NAMES}

    assert len(set(parts.values())) == len(NAMES)
    for name, part in parts.items():
        (tmp_path / part).write_text(name, encoding="utf-8", errors="surrogatepass")
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted(parts.values())


@given(st.one_of(st.text(alphabet=st.characters(), max_size=400), st.sampled_from(NAMES)))
@example("")
@example("..")
def test_a_part_is_one_on_every_system(name: str) -> None:
    """No separator, nothing that a shell, a file system or Windows treats in its own way; and the name comes back."""
    part = path_part(name)

    assert part.isascii()
    assert not set(part) & set('/\\:*?"<>|\0 \t\n')
    assert part.strip(".") == part != ""
    assert part.partition(".")[0].lower() not in RESERVED
    assert len(part) <= LONGEST + 9
    assert Path("folder", part).parent == Path("folder")
    if len(part) <= LONGEST:
        assert name_of(part) == name


def test_long_names_that_begin_alike_stay_apart() -> None:
    """What is cut ends with a hash of all of it."""
    for one, other in itertools.pairwise([f"{'x' * 300}{number}" for number in range(5)]):
        assert path_part(one) != path_part(other)


@pytest.mark.parametrize("name", ["order-1", "trip_2~a", "v1.2.3"])
def test_plain_names_stay_as_they_are(name: str) -> None:
    """A person finds a run folder by its workflow's id."""
    assert path_part(name) == name
