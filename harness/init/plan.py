"""Decides what is added to a project, and writes it; nothing that is there is overwritten."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.errors import EnvironmentUnavailable, UsageError
from harness.files.atomic_file import write_whole
from harness.files.writable import why_not_writable
from harness.init.find.applications import project_above, projects_below, script_folder
from harness.init.find.everything import FoundProject, find_everything
from harness.init.source import ProjectSource
from harness.init.write.addition import Addition
from harness.init.write.ci import write_ci
from harness.init.write.fake import write_fake
from harness.init.write.gitignore import write_gitignore
from harness.init.write.places import Places
from harness.init.write.scenario import FirstScenarios
from harness.init.write.settings import write_settings
from harness.init.write.target import write_target
from harness.init.write.worker import write_worker
from harness.settings import Settings


@dataclass(frozen=True, kw_only=True)
class InitPlan:
    """What was found, and what is to be written.

    Attributes:
        found: Everything that was found.
        additions: The files.
        scenarios: The names of the scenarios among them.
        targets: The targets among them.
    """

    found: FoundProject
    additions: Sequence[Addition]
    scenarios: Sequence[str]
    targets: Sequence[Path]


def plan(root: Path, settings: Settings | None, *, ci: str | None) -> InitPlan:
    """Read a project, and decide what is added.

    Args:
        root: Its folder.
        settings: Its settings; None if it has none.
        ci: "github" or "gitlab" for its job; None for none.

    Raises:
        UsageError: The folder holds no application, or several.
    """
    places = Places.of(root, settings)
    below = projects_below(root)
    own = [root / one for one in (places.scenarios, places.fakes, places.targets)]
    found = find_everything(root, without=[*below, *own])
    if not found.workflows:
        raise UsageError(*_nothing(root, found.project, below))
    for workflow in found.workflows:
        folder = script_folder(found.project, workflow.module.path)
        if folder is not None:
            raise UsageError(
                f"{workflow.module.path.as_posix()} imports its neighbours from its own folder: "
                f"run `harness init` in {folder.as_posix()}."
            )
    additions = [*_additions(root, places, settings, found, ci=ci)]
    first = [one.path for one in additions if Path(places.scenarios) in one.path.parents]
    names = [f"{one.parent.name}/{one.stem}" for one in first if not one.name.startswith("_")]
    return InitPlan(
        found=found,
        additions=additions,
        scenarios=names,
        targets=[
            one.path for one in additions if one.path.parent == Path(places.targets) and one.path.name != "__init__.py"
        ],
    )


def apply(root: Path, additions: Sequence[Addition]) -> None:
    """Write the files.

    Raises:
        EnvironmentUnavailable: Some cannot be written; it names all of them, and none is written.
    """
    problems = [
        f"{one.path.as_posix()} cannot be written: {why}."
        for one in additions
        if (why := why_not_writable(root / one.path))
    ]
    if problems:
        raise EnvironmentUnavailable("\n".join(problems))
    for one in additions:
        write_whole(root / one.path, one.text.encode(errors="surrogateescape"))


def _additions(
    root: Path, places: Places, settings: Settings | None, found: FoundProject, *, ci: str | None
) -> Iterator[Addition]:
    patterns = [FirstScenarios(found=found, workflow=one, root=root, places=places) for one in found.started]
    yield from write_settings(root, scenarios=places.scenarios, fakes=places.fakes, has_them=settings is not None)
    yield from write_gitignore(root)
    written: list[Addition] = []
    for service in found.services:
        written += write_fake(root, places.fakes, service)
    for one in patterns:
        written += one.additions()
        written += write_worker(root, one.folder, found, one.workflow)
        written += write_target(root, places, found, one.workflow)
    yield from _packages(root, written)
    yield from written
    yield from write_ci(root, ci, python=f"{sys.version_info.major}.{sys.version_info.minor}")


def _packages(root: Path, written: Sequence[Addition]) -> Iterator[Addition]:
    """Yield the empty files that make the folders packages, so that Python finds these and no others of the name."""
    folders = sorted({parent for one in written for parent in one.path.parents if parent != Path()})
    for folder in folders:
        path = folder / "__init__.py"
        if not (root / path).exists():
            yield Addition(path=path, text="", what="makes the folder a package; stays empty")


def _nothing(root: Path, project: ProjectSource, below: Sequence[Path]) -> Iterator[str]:
    """Say why there is nothing to do in a folder, and where there may be."""
    holds = [one for one in below if find_everything(one, without=projects_below(one)).workflows]
    above = project_above(root)
    if holds:
        names = ", ".join(one.relative_to(root).as_posix() for one in holds)
        count = "an application" if len(holds) == 1 else f"{len(holds)} applications"
        first = holds[0].relative_to(root).as_posix()
        yield f"{root} holds {count}: {names}. Run `harness init` in each of them: cd {first} && harness init"
    elif above is not None and not project.modules:
        yield f"{root} has no Python files; the project is {above}: run `harness init` there."
    else:
        files = len(project.modules)
        read = f"{files} Python file{'' if files == 1 else 's'} read"
        yield (
            f"no workflow found in {root} ({read}): no class has @workflow.defn of temporalio. "
            "Run `harness init` in the folder of an application."
        )
    yield from (f"{one}." for one in project.unread)
