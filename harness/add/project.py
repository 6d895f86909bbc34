"""The folders of a project into which `harness add` writes, and the names by which their modules are imported."""

from __future__ import annotations

import keyword
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from harness.errors import UsageError
from harness.settings import Settings


@dataclass(frozen=True, kw_only=True)
class ProjectFolders:
    """A project.

    Attributes:
        root: Its folder, which is on the import path.
        scenarios: The folder for patterns, relative to the root.
        fakes: The folder for fakes, relative to the root.
        others: Further folders of patterns.
    """

    root: Path
    scenarios: PurePath
    fakes: PurePath
    others: tuple[PurePath, ...] = ()

    def patterns(self) -> dict[str, PurePath]:
        """Return the folders of the project's patterns by their names; relative to the root."""
        found: dict[str, PurePath] = {}
        for folder in (self.scenarios, *self.others):
            for one in sorted((self.root / folder).glob("*/*.py")):
                found.setdefault(one.parent.name, folder / one.parent.name)
        return found


def project_of(root: Path, settings: Settings) -> ProjectFolders:
    """Return the folders that the settings name; the first of each kind is written to.

    Raises:
        UsageError: Modules in one of them could not be imported; every problem at once.
    """
    if not settings.scenarios or not settings.fakes:
        raise UsageError("`scenarios` and `fakes` in [tool.harness] must each name a folder; both may be left out.")
    scenarios, *others = map(PurePath, settings.scenarios)
    fakes = PurePath(settings.fakes[0])
    problems = [*_problems("scenarios", scenarios), *_problems("fakes", fakes)]
    if scenarios in {fakes, fakes.parent}:
        problems.append(
            f"`fakes` in [tool.harness] is {str(fakes)!r}, where files are taken for scenarios, as `scenarios` is "
            f"{str(scenarios)!r}; name a folder for the fakes that is not inside of it."
        )
    if problems:
        raise UsageError(*problems)
    return ProjectFolders(root=root, scenarios=scenarios, fakes=fakes, others=tuple(others))


def module_of(path: PurePath) -> str:
    """Return the name by which a folder or a file, relative to the root, is imported."""
    return ".".join(path.with_suffix("").parts)


def importable(name: str) -> bool:
    """Whether a name can stand in an import statement."""
    return name.isidentifier() and not keyword.iskeyword(name)


def _problems(key: str, folder: PurePath) -> Iterator[str]:
    wrong = [one for one in folder.parts if not importable(one)]
    if not folder.parts:
        yield (
            f"`{key}` in [tool.harness] names the project's root, where a module such as redis.py would hide the "
            "library of that name; name a folder inside the project."
        )
    if wrong:
        yield (
            f"`{key}` in [tool.harness] names the folder {str(folder)!r}, from which nothing can be imported, as "
            f"{wrong[0]!r} is no Python name; rename the folder, or name another one inside the project."
        )
