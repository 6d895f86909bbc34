"""Scenarios, fakes and kinds are found by their path."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from harness import HttpError, UsageError
from harness.catalog import Catalog, kind_at, load_catalog, load_fakes, scenario_places
from harness.files.naming import kinds_in
from harness.files.places import Place
from harness.settings import Settings

SCENARIO = '''
"""The trip is booked: nothing fails.

More about it.
"""
from scenarios.saga.all_well import scenario
'''

_numbers = itertools.count(1)


class Project:
    """A project in a folder of its own, whose scenario folder is named like no other."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.number = next(_numbers)
        self.folder = f"stories_{self.number}"
        self.fakes = f"services_{self.number}"
        (root / self.folder).mkdir()

    def write(self, name: str, text: str) -> Path:
        """Write a file of the project."""
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dedent(text), encoding="utf-8")
        return file

    def scenario(self, name: str, text: str = SCENARIO) -> Path:
        """Write a scenario file."""
        return self.write(f"{self.folder}/{name}.py", text)

    def load(self) -> Catalog:
        """Load its scenarios."""
        return load_catalog(self.root, Settings(scenarios=(self.folder,)))


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """A project that leaves no trace in this process."""
    before, path = set(sys.modules), sys.path.copy()
    yield Project(tmp_path)
    sys.path[:] = path
    for name in set(sys.modules) - before:
        if name.startswith(("stories_", "services_")):
            del sys.modules[name]


# --- scenarios ------------------------------------------------------------------------------------------------------


def test_a_scenario_is_named_after_its_path(project: Project) -> None:
    """Pattern and file make the name; the first line of the docstring says what must hold."""
    file = project.scenario("saga/all_well")
    project.scenario("retry/gives_up")
    catalog = project.load()

    assert list(catalog.entries) == ["retry/gives_up", "saga/all_well"]
    assert catalog.entries["saga/all_well"].path == file
    assert catalog.entries["saga/all_well"].summary == "The trip is booked: nothing fails."
    assert catalog.entries["saga/all_well"].docstring.startswith("The trip is booked: nothing fails.")
    assert catalog.broken == {}


def test_what_is_not_asked_for_is_not_imported_but_known(project: Project) -> None:
    """A file that nobody asked for may even be broken; a misspelled name is still answered with its name."""
    project.scenario("saga/all_well")
    project.scenario("retry/gives_up", "raise RuntimeError")
    catalog = load_catalog(project.root, Settings(scenarios=(project.folder,)), ["saga/*"])

    assert (list(catalog.entries), catalog.broken, catalog.others) == (
        ["saga/all_well"],
        {},
        frozenset({"retry/gives_up"}),
    )
    assert f"{project.folder}.retry.gives_up" not in sys.modules
    with pytest.raises(UsageError, match="Did you mean 'retry/gives_up'"):
        catalog.select(["retry/gives_upp"])


@pytest.mark.parametrize("name", ["saga/workflow", "saga/activities", "saga/_helpers", "saga/__init__", "top_level"])
def test_what_is_no_scenario_file_is_left_alone(project: Project, name: str) -> None:
    """The application, helpers, and what lies in no pattern's folder: not imported, not complained about."""
    project.scenario(name, "raise RuntimeError")

    assert project.load() == Catalog(entries={}, broken={})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('"""Says something."""\n', "declares no scenario; add a module-level `scenario = Scenario(...)`."),
        ('"""Says something."""\nscenario = "all well"\n', "declares no scenario"),
        (
            "from scenarios.saga.all_well import scenario\n",
            "has no docstring; add one whose first line says what must hold.",
        ),
        ('"""Broken."""\n\nimport no_such_thing_at_all\n', "No module named 'no_such_thing_at_all'"),
        ('"""Broken."""\nscenario = Scenario(\n', "SyntaxError"),
        ('"""Broken."""\nraise SystemExit(0)\n', "SystemExit"),
    ],
    ids=["no-scenario", "another-type", "no-docstring", "import-error", "syntax-error", "exits"],
)
def test_a_broken_file_says_why_and_spares_the_others(project: Project, text: str, said: str) -> None:
    """It is told with its path, in one line without a traceback; the others are still found."""
    file = project.scenario("saga/broken", text)
    project.scenario("saga/sound")
    catalog = project.load()

    assert list(catalog.entries) == ["saga/sound"]
    assert list(catalog.broken) == ["saga/broken"]
    assert str(file) in catalog.broken["saga/broken"]
    assert said in catalog.broken["saga/broken"]
    assert "Traceback" not in catalog.broken["saga/broken"]


def test_an_import_error_is_told_with_the_line_that_caused_it(project: Project) -> None:
    """The place is the innermost of the project's own files, not the library's that it leads to."""
    helper = project.scenario("saga/_helper", "from datetime import timedelta\n\nwrong = timedelta(hours='many')\n")
    project.write(".venv/lib/site-packages/vendored.py", "def call():\n    raise ValueError('deep inside')\n")
    project.scenario("saga/direct", f'"""Broken."""\n\nfrom {project.folder}.saga import _helper\n')
    project.scenario(
        "saga/through_a_library",
        f'''\
        """Broken."""
        import sys
        sys.path.insert(0, {str(project.root / ".venv/lib/site-packages")!r})
        import vendored
        vendored.call()
        ''',
    )
    broken = project.load().broken

    assert f"({helper}:3)" in broken["saga/direct"]
    assert "through_a_library.py:5)" in broken["saga/through_a_library"]
    assert "ValueError: deep inside" in broken["saga/through_a_library"]


def test_a_declaration_that_makes_no_sense_is_told_with_all_its_problems(project: Project) -> None:
    """As the scenario itself tells them."""
    project.scenario(
        "saga/nonsense",
        '''\
        """Nonsense."""
        from dataclasses import replace
        from scenarios.saga import all_well
        scenario = replace(all_well.scenario, expects=[], claims=["?"])
        ''',
    )
    told = project.load().broken["saga/nonsense"]

    assert "expects is empty" in told
    assert "claims must be ids such as 'SAGA-001', got '?'" in told


def test_the_line_of_a_declaration_is_found_without_an_import(project: Project) -> None:
    """Also with a type; a file that declares none is known by its first line."""
    typed = project.scenario("saga/typed", '"""It breaks."""\nraise ValueError\n\nscenario: Scenario = x\n')
    none = project.scenario("saga/none", '"""Nothing."""\n')
    settings = Settings(scenarios=(project.folder,))

    assert scenario_places(project.root, settings) == {
        "saga/none": Place(path=str(none), line=1),
        "saga/typed": Place(path=str(typed), line=4),
    }


def test_two_files_of_one_name_are_neither(project: Project) -> None:
    """Which of them was meant nobody can know."""
    project.scenario("saga/all_well")
    again = project.write(f"more_{project.folder}/saga/all_well.py", SCENARIO)
    catalog = load_catalog(project.root, Settings(scenarios=(project.folder, f"more_{project.folder}")))

    assert catalog.entries == {}
    assert catalog.broken == {"saga/all_well": f"two files declare this name; one of them is {again}."}


def test_a_folder_that_is_not_there_is_refused(project: Project) -> None:
    """With the setting that names it."""
    with pytest.raises(
        UsageError,
        match=r"folder .*nowhere does not exist; set the scenario folders with `scenarios` in \[tool.harness\]",
    ):
        load_catalog(project.root, Settings(scenarios=("nowhere",)))


@pytest.mark.parametrize(
    ("patterns", "names"),
    [
        (["saga/a"], ["saga/a"]),
        (["saga/*"], ["saga/a", "saga/b"]),
        (["*"], ["retry/c", "saga/a", "saga/b"]),
        (["*/[ab]", "saga/b", "retry/?"], ["retry/c", "saga/a", "saga/b"]),
    ],
    ids=str,
)
def test_names_and_globs_select_each_scenario_once(project: Project, patterns: list[str], names: list[str]) -> None:
    """Sorted, however they were asked for."""
    for name in ("saga/b", "saga/a", "retry/c"):
        project.scenario(name)

    assert [entry.name for entry in project.load().select(patterns)] == names


def test_all_problems_of_a_selection_are_reported_at_once(project: Project) -> None:
    """Misspelt names with a guess, broken files with what is wrong with them, each once."""
    project.scenario("saga/all_well")
    project.scenario("saga/broken", "import no_such_thing_at_all\n")
    with pytest.raises(UsageError) as refused:
        project.load().select(["saga/all_wel", "saga/broken", "nothing/*"])
    first, second, third = refused.value.problems

    assert first == "unknown scenario 'saga/all_wel'. Did you mean 'saga/all_well'? Available: saga/all_well."
    assert second.startswith("saga/broken cannot be run: ")
    assert third.startswith("unknown scenario 'nothing/*'.")


# --- fakes and kinds ------------------------------------------------------------------------------------------------


def test_a_fake_is_named_after_its_class(project: Project) -> None:
    """What a file only imports is not its own, and a file may hold none."""
    project.write(
        f"{project.fakes}/bank.py",
        '''\
        """A bank."""
        from fakes.flights import Flights
        from harness import FakeService

        class BigBank(FakeService):
            """Keeps money."""
        ''',
    )
    project.write(f"{project.fakes}/_shared.py", "raise RuntimeError\n")
    project.write(f"{project.fakes}/empty.py", "")
    found = load_fakes(project.root, Settings(fakes=(project.fakes,)))

    assert list(found) == ["big_bank"]


def test_a_fake_that_does_not_import_is_refused(project: Project) -> None:
    """With its file and line."""
    file = project.write(f"{project.fakes}/bank.py", "\n1 / 0\n")

    with pytest.raises(UsageError, match=rf"{file} cannot be imported: ZeroDivisionError: .* \({file}:2\)"):
        load_fakes(project.root, Settings(fakes=(project.fakes,)))


def test_kinds_are_found_by_their_files() -> None:
    """The name of the file gives the class; another name is refused with a guess."""
    assert "http_error" in kinds_in("faults.service")
    assert kinds_in("faults.service") == sorted(kinds_in("faults.service"))
    assert kind_at("faults.service", "http_error") is HttpError
    with pytest.raises(UsageError, match=r"unknown kind in faults\.service 'http_eror'\. Did you mean 'http_error'\?"):
        kind_at("faults.service", "http_eror")
