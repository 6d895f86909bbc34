"""The shape of the project, held by tests: one kind a file, named after it, documented and tested."""

from __future__ import annotations

import ast
import dataclasses
import functools
import importlib
import inspect
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

import harness
from harness.files.naming import camel_case

ROOT = Path(__file__).parents[2]

KINDS = sorted(
    path.relative_to(ROOT)
    for folder in ("faults/*", "triggers", "oracles", "explore/kinds")
    for path in (ROOT / "harness").glob(f"{folder}/[!_]*.py")
)
PATTERNS = sorted(path.name for path in (ROOT / "scenarios").iterdir() if (path / "__init__.py").exists())
SOURCES = sorted(
    path.relative_to(ROOT) for folder in ("harness", "fakes", "scenarios") for path in (ROOT / folder).rglob("*.py")
)

LONGEST = 400
LONGER: dict[str, str] = {}
"""Files that may have more lines than LONGEST, with the reason."""


@functools.cache
def parsed(source: Path) -> ast.Module:
    """A source file's syntax tree."""
    return ast.parse((ROOT / source).read_text(encoding="utf-8"))


# --- kinds ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("source", KINDS, ids=str)
def test_a_kind_is_the_one_public_class_of_its_file(source: Path) -> None:
    """Named after it, so that the path is the name."""
    classes = [node.name for node in parsed(source).body if isinstance(node, ast.ClassDef) and node.name[0] != "_"]

    assert classes == [camel_case(source.stem)]


@pytest.mark.parametrize("source", KINDS, ids=str)
def test_a_kind_is_a_frozen_value_with_named_fields_and_a_docstring(source: Path) -> None:
    """It can be printed, compared and not be changed; wherever it is written, each setting has its name beside it."""
    module = importlib.import_module(".".join(source.with_suffix("").parts))
    kind = getattr(module, camel_case(source.stem))

    assert kind.__dataclass_params__.frozen
    assert all(field.kw_only for field in dataclasses.fields(kind))
    assert "__doc__" in vars(kind)
    assert not kind.__doc__.startswith(f"{kind.__name__}("), "dataclasses make one up where there is none"
    assert module.__doc__


@pytest.mark.parametrize("source", KINDS, ids=str)
def test_a_kind_has_a_unit_test(source: Path) -> None:
    """In the same place under tests/unit."""
    test = Path("tests", "unit", *source.parent.parts[1:], f"test_{source.name}")

    assert (ROOT / test).is_file(), f"write {test}"


ONE_FAILURE = ("faults", "explore/kinds", "embedded_toxiproxy/toxics")
"""A fault, the kind of an exploration that injects it and the toxic behind it go by one name: they are one failure."""


def test_no_two_public_classes_have_one_name() -> None:
    """A name says which class is meant, whatever module it is read in."""
    found: dict[str, list[str]] = {}
    for source in SOURCES:
        if source.parts[0] != "harness":
            continue
        one_failure = source.as_posix().removeprefix("harness/").startswith(ONE_FAILURE)
        for node in parsed(source).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found.setdefault(node.name, []).append("a failure" if one_failure else str(source))

    assert {name: places for name, places in found.items() if len(set(places)) > 1} == {}


# --- public names ---------------------------------------------------------------------------------------------------


def test_type_checkers_and_python_find_a_public_name_in_the_same_place() -> None:
    """What is imported for the one is what is loaded for the other."""
    imported = {
        alias.asname: node.module
        for node in ast.walk(parsed(Path("harness/__init__.py")))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.asname
    }

    assert imported == {name: f"harness.{home}" for name, home in harness._HOME.items()}


@pytest.mark.parametrize("name", harness.__all__)
def test_a_public_name_says_what_it_is(name: str) -> None:
    """Classes and functions by their docstring, values and aliases by the string below them."""
    value = getattr(harness, name)
    if inspect.isclass(value) or inspect.isfunction(value):
        assert value.__doc__
        assert not value.__doc__.startswith(f"{name}("), "dataclasses make one up where there is none"
        return
    body = parsed(Path("harness", *harness._HOME[name].split(".")).with_suffix(".py")).body
    documented = [
        ast.unparse(one.target if isinstance(one, ast.AnnAssign) else one.targets[0])
        for one, following in pairwise(body)
        if isinstance(one, ast.Assign | ast.AnnAssign) and isinstance(following, ast.Expr)
    ]

    assert name in documented


@pytest.mark.parametrize("name", harness.__all__)
def test_a_public_name_is_held_to_its_types(name: str) -> None:
    """By a use of it in tests/typing/api.py, beside the import."""
    uses = {node.id for node in ast.walk(parsed(Path("tests/typing/api.py"))) if isinstance(node, ast.Name)}

    assert name in uses


def test_the_public_names_cost_nothing_until_they_are_used() -> None:
    """The embedded Toxiproxy is a process of its own and must not pay for the Temporal SDK."""
    program = "import sys, harness, harness.embedded_toxiproxy.__main__; print('temporalio' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"


def test_a_target_can_be_declared_beside_its_workflow() -> None:
    """Whose file is then imported in the workflow sandbox, which allows neither an HTTP server nor a command line."""
    names = "Target, Drive, Invariant, Finding, Effect, ExploredRun, undone_on_failure, at_most_once, conserved, Clock"
    program = f"import sys; from harness import {names}; print({{'uvicorn', 'click', 'httpx'}} & {{*sys.modules}})"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "set()"


def test_an_unknown_public_name_is_an_attribute_error() -> None:
    """As of any module, so that `hasattr` and completion work."""
    with pytest.raises(AttributeError, match="has no attribute 'NoOrphan'"):
        harness.NoOrphan  # type: ignore[attr-defined]  # noqa: B018 - the point
    assert dir(harness) == sorted(harness.__all__)


# --- scenarios ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_s_folder_has_its_application_and_a_page_about_it(pattern: str) -> None:
    """README, workflow, activities and at least one failure."""
    folder = ROOT / "scenarios" / pattern
    application = {"__init__", "workflow", "activities"}

    assert [name for name in ("README.md", "workflow.py", "activities.py") if not (folder / name).is_file()] == []
    assert {path.stem for path in folder.glob("*.py")} - application


def test_init_files_are_empty() -> None:
    """The workflow sandbox runs them before every workflow; only the public names are an exception."""
    filled = [one for one in SOURCES if one.name == "__init__.py" and (ROOT / one).read_bytes()]

    assert filled == [Path("harness/__init__.py")]


# --- every source file ----------------------------------------------------------------------------------------------


def test_a_file_can_be_read_in_one_sitting() -> None:
    """At most 400 lines, unless there is a reason; a reason that is needed no more is taken away."""
    lines = {source.as_posix(): len((ROOT / source).read_text(encoding="utf-8").splitlines()) for source in SOURCES}

    assert {source for source, count in lines.items() if count > LONGEST} == set(LONGER)


def test_there_is_no_blind_wait_no_blind_catch_and_no_chance_without_a_seed() -> None:
    """Waiting is for an event, with a deadline; whatever is caught is named; chance comes from the run's seed."""
    assert [
        f"{source}:{line}: {what}" for source in SOURCES if source.parts[0] == "harness" for line, what in blind(source)
    ] == []


def blind(source: Path) -> Iterator[tuple[int, str]]:
    """Where a file waits, catches or draws blindly."""
    for node in ast.walk(parsed(source)):
        match node:
            case ast.Call() if ast.unparse(node) == "Random()" or ast.unparse(node.func) == "time.sleep":
                yield node.lineno, ast.unparse(node)
            case ast.ExceptHandler(type=None):
                yield node.lineno, "except:"
            case ast.Import() if any(alias.name == "random" for alias in node.names):
                yield node.lineno, "the functions of the module random share one seed"
            case ast.ImportFrom(module="random" | "time") if any(
                alias.name not in {"Random", "monotonic", "perf_counter", "time"} for alias in node.names
            ):
                yield node.lineno, ast.unparse(node)
            case _:
                pass


def test_the_glossary_has_no_synonyms() -> None:
    """A fake is not called a mock, an oracle not a probe, a fault not chaos."""
    names = {
        (source.as_posix(), name)
        for source in SOURCES
        for node in ast.walk(parsed(source))
        for name in (getattr(node, "name", None), getattr(node, "id", None), getattr(node, "arg", None))
        if isinstance(name, str) and any(word in name.lower() for word in ("mock", "probe", "chaos"))
    }

    assert names == set()


# --- every tracked file ---------------------------------------------------------------------------------------------


def test_nothing_tracked_names_a_registry_or_a_place_on_somebody_s_machine() -> None:
    """A clone installs from wherever its owner's settings say, and works in whatever folder it lies."""
    # Put together here, so that this file does not find itself.
    places = [f"/{home}/" for home in ("root", "home", "Users", "work")]
    registries = [f"{host}.org" for host in ("pypi", "pythonhosted", "npmjs")] + ["index" + "-url", "find" + "-links"]
    listing = [shutil.which("git") or "git", "ls-files", "-z"]
    tracked = subprocess.run(listing, cwd=ROOT, capture_output=True, check=True).stdout.split(b"\0")
    texts = {
        name.decode(): (ROOT / name.decode()).read_text(encoding="utf-8", errors="replace")
        for name in tracked
        if name and (ROOT / name.decode()).is_file()
    }

    assert [(file, one) for file, text in texts.items() for one in (*places, *registries) if one in text] == []
