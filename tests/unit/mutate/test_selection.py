"""Which scenarios can notice a mutant, which lines changed, and where mutants are written."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import UsageError
from harness.mutate.changed_lines import lines_of
from harness.mutate.checks import checks_of, verdict_of
from harness.mutate.copies import Copy
from harness.mutate.imports import Imports
from harness.mutate.mutate_session import suite_by_file
from harness.settings import Explored, Histories, Settings
from harness.verdict import Verdict

FILES = {
    "app/__init__.py": "",
    "app/flow.py": "from app import parts\nfrom . import more\n",
    "app/parts.py": "import json\n",
    "app/more.py": "",
    "app/unused.py": "",
    "stands/__init__.py": "",
    "stands/doors.py": "",
    "trials/__init__.py": "",
    "trials/door/__init__.py": "",
    "trials/door/opens.py": "from app.flow import Flow\nfrom stands.doors import Doors\n",
    "trials/door/shuts.py": "from trials.door import opens\n",
    "tests/conftest.py": "import app.more\n",
    "tests/deep/test_parts.py": "import app.parts\n",
    ".venv/pyvenv.cfg": "",
}


def project(folder: Path) -> Path:
    """Write the files."""
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def test_imports_are_followed_through_modules_and_packages(tmp_path: Path) -> None:
    """Relative ones too; the standard library is no file of the project."""
    root = project(tmp_path)

    found = {one.relative_to(root).as_posix() for one in Imports(root).of(root / "app/flow.py")}

    assert found == {"app/__init__.py", "app/flow.py", "app/parts.py", "app/more.py"}


def test_scenarios_are_found_by_the_files_of_the_application_that_they_import(tmp_path: Path) -> None:
    """Through another scenario, too; scenarios and fakes are no application."""
    root = project(tmp_path)

    suite = suite_by_file(root, Settings(scenarios=("trials",), fakes=("stands",)))

    assert suite[Path("app/parts.py")] == ["door/opens", "door/shuts"]
    assert {Path("stands/doors.py"), Path("trials/door/opens.py"), Path("app/unused.py")}.isdisjoint(suite)


def test_changed_lines_are_those_of_the_new_side() -> None:
    """A file that is gone has none."""
    diff = """
diff --git a/app/flow.py b/app/flow.py
--- a/app/flow.py
+++ b/app/flow.py
@@ -3,0 +4,2 @@ class Flow:
+one
+two
@@ -9 +11 @@
-old
+new
diff --git a/app/gone.py b/app/gone.py
--- a/app/gone.py
+++ /dev/null
@@ -1 +0,0 @@
-old
"""
    assert lines_of(diff) == {Path("app/flow.py"): frozenset({4, 5, 11})}


def test_a_mutant_is_written_into_a_copy_and_taken_out_again(tmp_path: Path) -> None:
    """The original stays as it is, and no two mutants have the same time: Python would reuse compiled code."""
    root = project(tmp_path / "root")
    copy, file = Copy(root, tmp_path / "copy"), Path("app/flow.py")
    times = []

    for text in ("a = 1\n", "b = 2\n"):
        with copy.changed(file, text):
            assert (copy.folder / file).read_text() == text
            assert (root / file).read_text() == FILES["app/flow.py"]
            times.append(int((copy.folder / file).stat().st_mtime))

    assert len({*times, int((root / file).stat().st_mtime)}) == 3
    assert (copy.folder / file).read_text() == FILES["app/flow.py"]
    assert not (copy.folder / ".venv").exists()


def test_corpora_explorations_and_pytest_files_are_checks_of_what_they_import(tmp_path: Path) -> None:
    """A test imports what the conftest.py files above it import."""
    root = project(tmp_path)
    settings = Settings(
        scenarios=("trials",),
        fakes=("stands",),
        corpora=(Histories(path="histories", workflows=("app.flow",), codec="app.more:codec"),),
        explorations=(Explored(target="door/opens", calls=2),),
    )

    checks = checks_of(root, settings, [Path("tests")])

    assert [one.name for one in checks] == ["replay histories", "explore door/opens", "pytest tests/deep/test_parts.py"]
    replay, explore, tests = checks
    assert replay.argv[2:] == (
        *("replay", "histories", "--strict", "--workflows", "app.flow", "--codec", "app.more:codec"),
    )
    assert explore.argv[2:] == ("explore", "door/opens", "--faults", "1", "--calls", "2")
    assert {Path("app/parts.py")} <= replay.files & explore.files & tests.files
    assert Path("app/more.py") in tests.files
    assert Path("app/flow.py") not in tests.files
    names = [one.name for one in checks]
    assert suite_by_file(root, settings, checks)[Path("app/parts.py")] == ["door/opens", "door/shuts", *names]


def test_a_place_without_tests_is_refused(tmp_path: Path) -> None:
    """By its name."""
    with pytest.raises(UsageError, match="--tests nowhere does not exist"):
        checks_of(project(tmp_path), Settings(), [Path("nowhere")])


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        (0, Verdict.PASSED),
        (5, Verdict.PASSED),
        (1, Verdict.FAILED),
        (2, None),
        (4, Verdict.INCONCLUSIVE),
        (-9, Verdict.INCONCLUSIVE),
    ],
)
def test_an_exit_code_is_a_verdict(code: int, verdict: Verdict | None) -> None:
    """5 is pytest's for no tests, 2 that the code cannot be imported; whatever else tells nothing."""
    assert verdict_of(code) is verdict
