"""Writes each finding's smallest schedule as a scenario file, where the gate finds it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from harness.errors import UsageError
from harness.explore.model.schedule import FAULT_FREE
from harness.explore.search.exploration import Exploration
from harness.settings import Settings

_FILE = '''"""{invariants} must hold under {schedule}.

{went_wrong}
"""

from __future__ import annotations

from harness import explored_scenario

scenario = explored_scenario({arguments})
'''


def refuse_folder(folder: Path, target: str, *, root: Path, settings: Settings) -> None:
    """Refuse a folder in which the gate would not find a scenario, or a target that no scenario file can name.

    Raises:
        UsageError: It is one.
    """
    problems = []
    if folder.resolve().parent not in [(root / one).resolve() for one in settings.scenarios]:
        possible = " or ".join(f"{one}/explored" for one in settings.scenarios)
        problems.append(f"--save {folder}: the gate does not look there; choose a folder such as {possible}.")
    elif not folder.name.isidentifier():
        problems.append(
            f"--save {folder}: {folder.name!r} is not a Python identifier, so nothing in it can be imported."
        )
    if "/" in target and not target.endswith(".py") and ":" not in target:
        problems.append(f"{target} is a scenario already; --save works with a target file or a workflow.")
    if target.endswith(".py") and not Path(target).resolve().is_relative_to(root.resolve()):
        problems.append(f"--save needs a target file of the project at {root}, which the gate can import.")
    if problems:
        raise UsageError(*problems)


def save_findings(
    exploration: Exploration, folder: Path, *, root: Path, inputs: Sequence[str] = ()
) -> dict[Path, bool]:
    """Write a scenario for each mistake's schedule, and return whether each was written: no file is replaced.

    Args:
        exploration: What came out; findings that are excluded or did not come again are left out, and of one mistake
            all but the first.
        folder: The pattern's folder; made if it is not there.
        root: The project's.
        inputs: What the workflow was given, as JSON.
    """
    saved: dict[Path, bool] = {}
    for name, text in _files(exploration, root=root, inputs=inputs):
        folder.mkdir(parents=True, exist_ok=True)
        for parent in (folder, folder.parent):
            (parent / "__init__.py").touch()
        path = folder / f"{name}.py"
        saved[path] = not path.exists()
        if saved[path]:
            path.write_text(text, encoding="utf-8")
    return saved


def _files(exploration: Exploration, *, root: Path, inputs: Sequence[str]) -> Iterator[tuple[str, str]]:
    target = exploration.target
    if target.endswith(".py"):
        target = Path(target).resolve().relative_to(root.resolve()).as_posix()
    found: dict[str, list[str]] = {}
    for one in exploration.findings:
        counts = one.confirmed and not one.excluded and one.repeats is not False and one.same_as is None
        if counts and one.schedule != FAULT_FREE:
            found.setdefault(str(one.schedule), []).append(one.finding.oracle)
    schedules = {str(one.schedule): one.schedule for one in exploration.findings}
    for schedule, invariants in found.items():
        arguments = [json.dumps(target), json.dumps(schedule)]
        arguments += [f"inputs={[*inputs]!r}"] if inputs else []
        text = _FILE.format(
            invariants=", ".join(dict.fromkeys(invariants)),
            schedule=schedule,
            went_wrong="\n".join(f"{one.call} {one.kind.sentence}." for one in schedules[schedule].faults),
            arguments=", ".join(arguments),
        )
        yield _name(Path(target.partition(":")[2] or target).stem, schedule), text


def _name(target: str, schedule: str) -> str:
    """A file's name from that of a schedule: letters, digits and underscores, and a letter first."""
    return re.sub(r"\W+", "_", f"{target}_{schedule}").strip("_").lower()
