"""Says what a person has to adjust by hand in files that were added, since the project has or uses no such thing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

from harness.add.plan import AddPlan, Planned, Purpose, State
from harness.add.project import ProjectFolders
from harness.add.reference import Reference
from harness.add.source import ImportedName, attributes_of, imports, names_in
from harness.files.wording import listed


def left_to_adjust(plan: AddPlan, project: ProjectFolders, known: Reference) -> list[str]:
    """Return a sentence for each place in a new file that names what the project does not have, or does not use.

    Args:
        plan: The files that are added.
        project: The project.
        known: The reference, which may have what is missing.
    """
    code = _Code(plan, project, known)
    return [
        f"{file.path}:{line}: {sentence}"
        for file in plan.having(State.NEW)
        if file.path.suffix == ".py"
        for line, sentence in sorted(code.problems(file))
    ]


class _Code:
    """The project's modules as they will be."""

    def __init__(self, plan: AddPlan, project: ProjectFolders, known: Reference) -> None:
        self._root = plan.root
        self._added = {one.path: one.text for one in plan.having(State.NEW)}
        self._project = project
        self._known = known

    def problems(self, file: Planned) -> Iterator[tuple[int, str]]:
        """Yield line and sentence of each problem in a file."""
        folders = (self._project.scenarios, self._project.fakes, *self._project.others)
        for one in imports(file.text):
            path = PurePath(*one.module.split("."))
            if one.name and any(path.is_relative_to(folder) for folder in folders):
                yield from self._imported(file, one, path)

    def _imported(self, file: Planned, one: ImportedName, path: PurePath) -> Iterator[tuple[int, str]]:
        """Yield what is wrong with one import, from a module or a folder at this path."""
        home, inside = path.with_suffix(".py"), path / f"{one.name}.py"
        submodule, module = self._text(inside), self._text(home)
        if submodule is not None:
            has = _names(submodule)
            for line, name in attributes_of(file.text, one.bound):
                if has is not None and name not in has:
                    yield line, f"{inside} has no {name}."
        elif module is not None:
            has = _names(module)
            if has is not None and one.name not in has:
                yield one.line, f"{home} has no {one.name}."
            elif path.parent == self._project.fakes and file.purpose is Purpose.ASKED:
                yield from self._unused(file, one)
        elif (self._root / path).is_dir():
            yield one.line, f"{path} has no {one.name}.py; {self._there(path)}"
        elif path.parent == self._project.fakes and path.name in self._known.fakes():
            yield one.line, f"{home} does not exist; name a service of yours, or run `harness add fake {path.name}`."
        else:
            yield one.line, f"{home} does not exist; {self._there(path.parent)}"

    def _unused(self, file: Planned, one: ImportedName) -> Iterator[tuple[int, str]]:
        """Say that no other file of the pattern knows a service: then its scenarios most likely do not start it."""
        others = [path for path in (self._root / file.path.parent).glob("*.py") if path != self._root / file.path]
        used = {name for path in others for name in _imported_names(self._text(path) or "")}
        if others and file.path.parent / "workflow.py" not in self._added and one.name not in used:
            yield one.line, f"no other file in {file.path.parent} uses {one.name}; name a service of yours."

    def _text(self, path: PurePath) -> str | None:
        if path in self._added:
            return self._added[path]
        try:
            return (self._root / path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None

    def _there(self, folder: PurePath) -> str:
        return f"there: {listed(sorted(one.stem for one in (self._root / folder).glob('[!_]*.py')))}."


def _names(text: str) -> set[str] | None:
    try:
        return names_in(text)
    except SyntaxError:  # somebody is at work on it
        return None


def _imported_names(text: str) -> set[str]:
    try:
        return {one.name for one in imports(text)}
    except SyntaxError:
        return set()
