"""The reference code that `harness add` copies from: the patterns, their scenarios and the fakes.

In a checkout they lie beside the package. An installed package has them in one file: it is small, and `scenarios` and
`fakes` stay free as names for the project's own packages.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

from harness.add.source import imports
from harness.errors import UsageError, unknown
from harness.files.scenario_paths import scenario_paths
from harness.files.temporary_folder import temporary_folder

SCENARIOS, FAKES = "scenarios", "fakes"
"""The packages in which the reference code lies, as it imports itself."""


@dataclass(frozen=True, kw_only=True)
class Reference:
    """The reference code.

    Attributes:
        root: The folder that holds the two packages.
    """

    root: Path

    def patterns(self) -> dict[str, str]:
        """Return the summaries of the patterns by their names."""
        pages = sorted((self.root / SCENARIOS).glob("*/README.md"))
        return {one.parent.name: _text(one).partition("\n")[0].partition(": ")[2] for one in pages}

    def fakes(self) -> dict[str, str]:
        """Return the summaries of the fakes by their names."""
        return {one.stem: _summary(one) for one in _modules(self.root / FAKES)}

    def scenarios(self) -> dict[str, str]:
        """Return the summaries of the scenarios by their names."""
        return {name: _summary(path) for name, path in scenario_paths(self.root / SCENARIOS)}

    def check(self, kind: str, name: str) -> None:
        """Refuse a name that does not exist.

        Args:
            kind: "pattern", "fake" or "scenario".
            name: The name that came.

        Raises:
            UsageError: It does not exist; with what was likely meant.
        """
        known: Mapping[str, str] = {"pattern": self.patterns, "fake": self.fakes, "scenario": self.scenarios}[kind]()
        if name in known:
            return
        # "s3" is not close to "objects"; its summary says that it is one.
        word = re.compile(rf"\b{re.escape(name)}\b", re.IGNORECASE)
        meant = [one for one, summary in known.items() if word.search(summary)]
        about = f" Perhaps {meant[0]!r}: {known[meant[0]]}" if len(meant) == 1 else ""
        raise UsageError(unknown(kind, name, known, list_all=f"harness add --list {kind}") + about)

    def pattern_files(self, name: str) -> list[Path]:
        """Return the files of a pattern, without its recorded histories."""
        folder = self.root / SCENARIOS / name
        return sorted([*folder.rglob("*.py"), folder / "README.md"])

    def fake_files(self, modules: Iterable[str]) -> list[Path]:
        """Return the files of these modules of fakes, and of all fakes' modules that they import."""
        found: set[Path] = set()
        waiting = {*modules}
        while waiting:
            file = self.root.joinpath(*waiting.pop().split(".")).with_suffix(".py")
            if file not in found:
                found |= {file, *_packages(file, self.root / FAKES)}
                waiting |= fakes_of([file])
        return sorted(found)

    def helpers(self, scenario: Path) -> list[Path]:
        """Return the modules of a pattern that a scenario imports, and whose names begin with an underscore."""
        found: list[Path] = []
        waiting = [scenario]
        while waiting:
            for one in imports(_text(waiting.pop())):
                file = self.root.joinpath(*one.module.split(".")).with_suffix(".py")
                if file.parent == scenario.parent and file.stem.startswith("_") and file not in found:
                    found.append(file)
                    waiting.append(file)
        return sorted(found)


@contextmanager
def reference() -> Iterator[Reference]:
    """Have the reference code of this installation inside the context."""
    package = Path(__file__).parents[1]
    packed = package / "reference.zip"
    if not packed.exists():
        yield Reference(root=package.parent)
        return
    with temporary_folder() as folder, ZipFile(packed) as archive:
        archive.extractall(folder)
        yield Reference(root=folder)


def fakes_of(files: Iterable[Path]) -> set[str]:
    """Return the modules of fakes that these files import."""
    sources = [_text(file) for file in files if file.suffix == ".py"]
    return {one.module for text in sources for one in imports(text) if one.module.startswith(f"{FAKES}.")}


def _modules(folder: Path) -> Iterator[Path]:
    return (one for one in sorted(folder.glob("*.py")) if not one.stem.startswith("_"))


def _packages(file: Path, top: Path) -> Iterator[Path]:
    """Yield the `__init__.py` of each folder between a file and the topmost package, which is another's matter."""
    for folder in file.parents:
        if folder == top:
            return
        yield folder / "__init__.py"


def _summary(file: Path) -> str:
    return (ast.get_docstring(ast.parse(_text(file))) or "").partition("\n")[0]


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8")
