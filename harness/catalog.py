"""Finds scenarios, fakes and kinds by their path: the path is the name, and there is no list to edit.

A scenario folder holds patterns, a pattern holds one file for each failure. In another repository the folders are
named in `[tool.harness]` of its pyproject.toml.
"""

from __future__ import annotations

import fnmatch
import importlib
import inspect
import re
import sys
import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from harness.errors import UsageError, unknown
from harness.files.naming import camel_case, kinds_in
from harness.files.places import Place
from harness.files.scenario_paths import scenario_paths
from harness.scenario import Scenario
from harness.services.service import FakeService
from harness.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A scenario that a file declares.

    Attributes:
        name: Pattern and file, such as "saga/flight_declined".
        path: The file.
        summary: The first line of its docstring: what must hold.
        scenario: What it declares.
        words: The argument of `harness run` that runs it; "" when that is its name.
        docstring: The whole docstring of the file.
    """

    name: str
    path: Path
    summary: str
    scenario: Scenario
    words: str = ""
    docstring: str = ""


@dataclass(frozen=True, kw_only=True)
class Catalog:
    """The scenarios of a project.

    Attributes:
        entries: By name, sorted.
        broken: By name, the problem of each file that declares no valid scenario.
        others: Names of those that were not asked for, and so not imported.
    """

    entries: Mapping[str, Entry]
    broken: Mapping[str, str]
    others: frozenset[str] = frozenset()

    def select(self, patterns: Sequence[str]) -> list[Entry]:
        """Return the scenarios that match these names or globs, each once, sorted.

        Raises:
            UsageError: A name or glob matches nothing, or matches a broken file; every problem at once.
        """
        chosen: dict[str, Entry] = {}
        problems: list[str] = []
        for pattern in patterns:
            names = fnmatch.filter([*self.entries, *self.broken], pattern)
            if not names:
                problems.append(unknown("scenario", pattern, {*self.entries, *self.others}, list_all="harness list"))
            problems += [f"{name} cannot be run: {self.broken[name]}" for name in names if name in self.broken]
            chosen |= {name: self.entries[name] for name in names if name in self.entries}
        if problems:
            raise UsageError(*problems)
        return [chosen[name] for name in sorted(chosen)]


def load_catalog(root: Path, settings: Settings, only: Sequence[str] = ("*",)) -> Catalog:
    """Import the scenarios of a project. A broken file does not hide the others.

    Args:
        root: The project's folder.
        settings: Which of its folders hold scenarios.
        only: Names or globs. What matches none of them is not imported: hundreds of scenarios take seconds.

    Raises:
        UsageError: A scenario folder does not exist.
    """
    _importable(root)
    wanted = re.compile("|".join(map(fnmatch.translate, only)))
    entries: dict[str, Entry] = {}
    broken: dict[str, str] = {}
    others: set[str] = set()
    for folder in settings.scenarios:
        if not (root / folder).is_dir():
            raise UsageError(
                f"folder {root / folder} does not exist; set the scenario folders with `scenarios` in [tool.harness]."
            )
        for name, path in scenario_paths(root / folder):
            if not wanted.match(name):
                others.add(name)
                continue
            if name in entries or name in broken:
                broken[name] = f"two files declare this name; one of them is {path}."
                entries.pop(name, None)
                continue
            try:
                entries[name] = _entry(name, path, root)
            except UsageError as error:
                broken[name] = str(error)
    return Catalog(entries=dict(sorted(entries.items())), broken=dict(sorted(broken.items())), others=frozenset(others))


def scenario_files(root: Path, settings: Settings) -> dict[str, Path]:
    """Return the scenarios' files by the scenarios' names, without importing them; the first file of each name."""
    files: dict[str, Path] = {}
    for folder in settings.scenarios:
        for name, path in scenario_paths(root / folder):
            files.setdefault(name, path)
    return files


def scenario_places(root: Path, settings: Settings) -> dict[str, Place]:
    """Return the line on which each scenario is declared, by its name."""
    return {name: Place(path=str(path), line=_line_of(path)) for name, path in scenario_files(root, settings).items()}


def _line_of(file: Path) -> int:
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    return next((number for number, line in enumerate(lines, 1) if re.match(r"scenario\b.*=", line)), 1)


def _entry(name: str, path: Path, root: Path) -> Entry:
    module = _load(path, root)
    scenario = getattr(module, "scenario", None)
    if not isinstance(scenario, Scenario):
        raise UsageError(f"{path} declares no scenario; add a module-level `scenario = Scenario(...)`.")
    docstring = inspect.getdoc(module) or ""
    summary = docstring.partition("\n")[0]
    if not summary:
        raise UsageError(f"{path} has no docstring; add one whose first line says what must hold.")
    return Entry(name=name, path=path, summary=summary, scenario=scenario, docstring=docstring)


def load_fakes(root: Path, settings: Settings) -> dict[str, type[FakeService]]:
    """Return every fake of a project by its name.

    Raises:
        UsageError: The file of a fake cannot be imported.
    """
    _importable(root)
    found: dict[str, type[FakeService]] = {}
    for folder in settings.fakes:
        for path in sorted((root / folder).glob("*.py")):
            if not path.stem.startswith("_"):
                found |= {kind.name(): kind for kind in _fakes_of(_load(path, root))}
    return found


def kind_at(package: str, name: str, *, others: Iterable[str] = ()) -> Any:
    """Return the class of a kind by its name, such as "http_error" in "faults.service".

    Args:
        package: The package of the harness.
        name: The kind.
        others: What is possible besides the kinds of the package.

    Raises:
        UsageError: The kind does not exist.
    """
    if name not in kinds_in(package):
        raise UsageError(unknown(f"kind in {package}", name, [*kinds_in(package), *others]))
    return getattr(importlib.import_module(f"harness.{package}.{name}"), camel_case(name))


def kinds_of(group: str) -> dict[str, type]:
    """Return the harness's own faults, triggers or oracles, by their names."""
    families = sorted(Path(__file__).parent.glob(f"{group}/*/__init__.py"))
    packages = [f"{group}.{one.parent.name}" for one in families] or [group]
    found = {name: (package, name) for package in packages for name in kinds_in(package)}
    return {name: kind_at(*found[name]) for name in sorted(found)}


def _fakes_of(module: ModuleType) -> Iterator[type[FakeService]]:
    for value in vars(module).values():
        if inspect.isclass(value) and issubclass(value, FakeService) and value.__module__ == module.__name__:
            yield value


def _importable(root: Path) -> None:
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))


def _load(path: Path, root: Path) -> ModuleType:
    """Import a file by its path from the project's root."""
    try:
        return importlib.import_module(".".join(path.relative_to(root).with_suffix("").parts))
    except UsageError:
        raise
    except (Exception, SystemExit) as error:
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if _is_own(Path(frame.filename), root)]
        where = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else str(path)
        raise UsageError(f"{path} cannot be imported: {type(error).__name__}: {error} ({where}).") from error


def _is_own(file: Path, root: Path) -> bool:
    """Whether a file belongs to the project, and not to a virtual environment inside it."""
    return file.is_relative_to(root) and "site-packages" not in file.parts
