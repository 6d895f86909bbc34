"""Plans what each kind of addition writes: a pattern with its fakes, one fake, or one scenario for a pattern."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath

from harness.add.plan import AddPlan, Planned, Purpose, planned
from harness.add.project import ProjectFolders, importable, module_of
from harness.add.reference import FAKES, SCENARIOS, Reference, fakes_of
from harness.add.source import page_for, rewritten, without_claims
from harness.errors import UsageError, unknown
from harness.files.wording import listed


@dataclass(frozen=True, kw_only=True)
class Additions:
    """What can be added to a project.

    Attributes:
        project: The project.
        known: The code that is copied.
    """

    project: ProjectFolders
    known: Reference

    def pattern(self, name: str, *, to: str) -> AddPlan:
        """Return the files of a pattern, and the fakes that it uses.

        Args:
            name: The pattern.
            to: The name that it has in the project.

        Raises:
            UsageError: It does not exist, its new name cannot be imported, or a file of it is there and differs.
        """
        self.known.check("pattern", name)
        if not importable(to):
            raise UsageError(f"{to!r} cannot be the name of a pattern: it is a folder of Python modules; try 'orders'.")
        folder = self.project.scenarios / to
        there = self.project.patterns().get(to, folder)
        if there != folder:
            raise UsageError(f"{there} is a pattern of that name already; pass --as with another name.")
        files = self.known.pattern_files(name)
        copied = [self._copied(file, name, folder, Purpose.ASKED) for file in files]
        packages = self._packages(self.project.scenarios)
        plan = self._plan([*packages, *copied, *self._fakes(fakes_of(files), Purpose.NEEDED)])
        plan.refuse_overwriting(f"To have the reference's {name} beside yours, pass --as with another name.")
        return plan

    def fake(self, name: str) -> AddPlan:
        """Return the files of a fake: its own, and those of what it has in common with others.

        Args:
            name: The fake.

        Raises:
            UsageError: It does not exist, or it is there and differs.
        """
        self.known.check("fake", name)
        plan = self._plan(self._fakes([f"{FAKES}.{name}"], Purpose.ASKED))
        plan.refuse_overwriting("Rename the file, and run the command again.")
        return plan

    def made(self, name: str, text: str) -> AddPlan:
        """Return the file of a fake that was made from a contract.

        Args:
            name: The fake.
            text: Its source.

        Raises:
            UsageError: A file of that name is there and differs.
        """
        file = self._planned(self.project.fakes / f"{name}.py", text, Purpose.ASKED)
        plan = self._plan([*self._packages(self.project.fakes), file])
        plan.refuse_overwriting(
            "Choose another name, or rename the file and run the command again.", source="what the contract makes"
        )
        return plan

    def scenario(self, name: str, *, to: str) -> AddPlan:
        """Return the file of a scenario for a pattern of the project, with what it has to itself.

        Args:
            name: The scenario, such as "saga/flight_reply_lost".
            to: The project's pattern; "" for the one of the same name.

        Raises:
            UsageError: It does not exist, the project has no such pattern, or the file is there and differs.
        """
        self.known.check("scenario", name)
        pattern, _, stem = name.partition("/")
        there = self.project.patterns()
        if not to and pattern not in there:
            yours = f", or name one of yours with --for: {listed(there)}" if there else ""
            raise UsageError(
                f"this project has no pattern {pattern!r}; add it with `harness add pattern {pattern}`{yours}."
            )
        if to and to not in there:
            raise UsageError(unknown("pattern of this project", to, there, list_all="harness list"))
        folder = there[to or pattern]
        file = self.known.root / SCENARIOS / pattern / f"{stem}.py"
        helpers = [self._copied(one, pattern, folder, Purpose.NEEDED) for one in self.known.helpers(file)]
        plan = self._plan([*helpers, self._copied(file, pattern, folder, Purpose.ASKED)])
        plan.refuse_overwriting("Rename the file, and run the command again.")
        return plan

    def _plan(self, files: Iterable[Planned]) -> AddPlan:
        unique = {one.path: one for one in files}
        return AddPlan(root=self.project.root, files=list(unique.values()))

    def _copied(self, file: Path, pattern: str, folder: PurePath, purpose: Purpose) -> Planned:
        """Return a pattern's file as it is in the project, in this folder of a pattern."""
        text = file.read_text(encoding="utf-8")
        if file.suffix == ".py":
            text = without_claims(rewritten(text, self._modules(pattern, folder)))
        else:
            text = page_for(text, pattern=pattern, name=folder.name)
        inside = file.relative_to(self.known.root / SCENARIOS / pattern)
        return self._planned(folder / inside, text, purpose)

    def _fakes(self, modules: Iterable[str], purpose: Purpose) -> Iterator[Planned]:
        wanted = {*modules}
        yield from self._packages(self.project.fakes)
        for file in self.known.fake_files(wanted):
            inside = file.relative_to(self.known.root)
            text = rewritten(file.read_text(encoding="utf-8"), {FAKES: module_of(self.project.fakes)})
            asked = module_of(inside) in wanted
            yield self._planned(
                self.project.fakes / inside.relative_to(FAKES), text, purpose if asked else Purpose.NEEDED
            )

    def _modules(self, pattern: str, folder: PurePath) -> Mapping[str, str]:
        return {f"{SCENARIOS}.{pattern}": module_of(folder), FAKES: module_of(self.project.fakes)}

    def _packages(self, folder: PurePath) -> Iterator[Planned]:
        """Make a package of a folder, and of each on the way that is not there: so Python finds this one first."""
        for one in (folder, *folder.parents):
            if one.parts and (one == folder or not (self.project.root / one).exists()):
                yield self._planned(one / "__init__.py", "", Purpose.PACKAGE)

    def _planned(self, path: PurePath, text: str, purpose: Purpose) -> Planned:
        return planned(self.project.root, path, text, Purpose.PACKAGE if path.name == "__init__.py" else purpose)
