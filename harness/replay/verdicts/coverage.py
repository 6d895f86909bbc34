"""Which lines, branches and patches of the workflow code the histories reach, and which none does."""

from __future__ import annotations

import ast
import contextlib
import inspect
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from harness.replay.verdicts.judgement import Judgement

if TYPE_CHECKING:
    from coverage import Coverage

NOT_REPLAYED = (r"@activity\.", r"@workflow\.query", r"@\w+\.validator")
"""Decorators of what no replay runs: activities, answers to queries, checks of updates."""

_FILE = "coverage"


@dataclass(frozen=True, kw_only=True)
class Function:
    """A function that no history reaches completely.

    Attributes:
        name: Its qualified name.
        lines: Its lines that no history reaches.
        branches: Branches that no history takes between lines that are reached; a negative line is the exit.
    """

    name: str
    lines: tuple[int, ...]
    branches: tuple[tuple[int, int], ...]


@dataclass(frozen=True, kw_only=True)
class Module:
    """What is reached of the functions in one file of workflow code. Code outside of functions runs on import.

    Attributes:
        file: Its path, relative to the working directory where it is in it.
        lines: The number of lines in its functions, and of those that are reached.
        branches: The number of branches, and of those that are taken.
        missed: The functions that are not reached completely.
    """

    file: str
    lines: tuple[int, int]
    branches: tuple[int, int]
    missed: tuple[Function, ...]

    @property
    def share(self) -> float:
        """The share that is reached, of lines and branches together."""
        whole = self.lines[0] + self.branches[0]
        return (self.lines[1] + self.branches[1]) / whole if whole else 1.0


@dataclass(frozen=True, kw_only=True)
class Patch:
    """A `patched` or `deprecate_patch` of the workflow code.

    Attributes:
        patch: Its id.
        site: Its file and line; "" for an id that is made at run time.
        deprecated: Whether it is a `deprecate_patch`.
        new: How many histories have its marker, and take the new path.
        old: How many ask for it and take the old path.
    """

    patch: str
    site: str
    deprecated: bool
    new: int
    old: int


@dataclass(frozen=True, kw_only=True)
class Reached:
    """What all histories together reach."""

    modules: tuple[Module, ...]
    patches: tuple[Patch, ...]


class Meter:
    """Measures the workflow code in a process that replays.

    Each process has a data file of its own in the folder, written after each history, so that one that is killed
    loses no more than the history that it is killed for.

    Args:
        folder: Where the data go.
        workflows: Whose modules, and their bases', are measured.
    """

    def __init__(self, folder: str, workflows: Sequence[type]) -> None:
        files = sorted(_files(workflows))
        self._coverage = _open(folder, data_suffix=True, include=files)
        self._coverage.start()
        data = self._coverage.get_data()
        # A file that no history enters is a result, too. Nothing is added, but the data now know that they have ways.
        data.add_arcs({one: [] for one in files})
        data.touch_files(files)

    def keep(self) -> None:
        """Write what has been measured."""
        self._coverage.save()


def read(folder: Path, judgements: Sequence[Judgement]) -> Reached:
    """Put together what every process has measured, and which way patches went."""
    from coverage.exceptions import CoverageException  # noqa: PLC0415 - [report] brings it

    measured = _open(str(folder))
    try:
        measured.combine([str(folder)])
        data = measured.get_data()
        files = sorted(data.measured_files())
        # Where no process has reached anything, combining forgets that ways were measured.
        data.add_arcs({one: [] for one in files})
        measured.json_report(morfs=files, outfile=str(folder / "report.json"))
        report = json.loads((folder / "report.json").read_text(encoding="utf-8"))["files"]
    except CoverageException:
        # No process has come so far as to measure anything.
        return Reached(modules=(), patches=())
    modules = tuple(_module(file, said["functions"]) for file, said in report.items())
    return Reached(modules=modules, patches=tuple(_patches(tuple(report), judgements)))


def _open(folder: str, **options: object) -> Coverage:
    from coverage import Coverage  # noqa: PLC0415 - [report] brings it

    made = Coverage(data_file=str(Path(folder) / _FILE), branch=True, config_file=False, **options)  # type: ignore[arg-type]
    # That nothing is reached is a result.
    made.set_option("run:disable_warnings", ["no-data-collected"])
    for one in NOT_REPLAYED:
        made.exclude(one)
    return made


def _files(workflows: Sequence[type]) -> Iterator[str]:
    for kind in {base for one in workflows for base in one.__mro__}:
        if kind.__module__.partition(".")[0] not in {*sys.stdlib_module_names, "temporalio"}:
            with contextlib.suppress(TypeError, OSError):
                yield inspect.getsourcefile(kind) or inspect.getfile(kind)


def _module(file: str, functions: dict[str, dict[str, object]]) -> Module:
    sums: Counter[str] = Counter()
    missed = []
    for name, said in functions.items():
        # "" is the module outside of its functions.
        if not name:
            continue
        summary = said["summary"]
        assert isinstance(summary, dict)  # noqa: S101 - the form of the report
        sums.update({key: summary[key] for key in _COUNTS})
        lines, branches = _ints(said["missing_lines"]), _pairs(said["missing_branches"])
        # The ways from and to lines that are not reached go without saying.
        left = tuple(one for one in branches if not {*one} & {*lines})
        if lines or left:
            missed.append(Function(name=name, lines=lines, branches=left))
    return Module(
        file=file,
        lines=(sums["num_statements"], sums["covered_lines"]),
        branches=(sums["num_branches"], sums["covered_branches"]),
        missed=tuple(missed),
    )


_COUNTS = ("num_statements", "covered_lines", "num_branches", "covered_branches")


def _ints(values: object) -> tuple[int, ...]:
    assert isinstance(values, list)  # noqa: S101 - the form of the report
    return tuple(values)


def _pairs(values: object) -> tuple[tuple[int, int], ...]:
    assert isinstance(values, list)  # noqa: S101 - the form of the report
    return tuple((one, other) for one, other in values)


def _patches(files: Sequence[str], judgements: Sequence[Judgement]) -> Iterator[Patch]:
    ways = {
        way: Counter(name for one in judgements for name, answer in one.patches.items() if answer is way)
        for way in (True, False)
    }
    asked: set[str] = set()
    for file in files:
        tree = ast.parse(Path(file).read_bytes())
        constants = dict(_constants(tree))
        calls = [one for one in ast.walk(tree) if isinstance(one, ast.Call)]
        for call in sorted(calls, key=lambda one: (one.lineno, one.col_offset)):
            found = _asks_for(call, constants)
            if found is not None:
                name, deprecated = found
                asked.add(name)
                yield Patch(
                    patch=name,
                    site=f"{file}:{call.lineno}",
                    deprecated=deprecated,
                    new=ways[True][name],
                    old=ways[False][name],
                )
    for name in sorted({*ways[True], *ways[False]} - asked):
        yield Patch(patch=name, site="", deprecated=False, new=ways[True][name], old=ways[False][name])


def _constants(tree: ast.Module) -> Iterator[tuple[str, object]]:
    for one in tree.body:
        if isinstance(one, ast.Assign) and isinstance(one.value, ast.Constant):
            yield from ((name.id, one.value.value) for name in one.targets if isinstance(name, ast.Name))


def _asks_for(node: ast.Call, constants: Mapping[str, object]) -> tuple[str, bool] | None:
    """Return the patch id of a call, and whether it deprecates it."""
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    given = [*node.args, *(one.value for one in node.keywords if one.arg == "id")]
    if name not in {"patched", "deprecate_patch"} or not given:
        return None
    patch = given[0].value if isinstance(given[0], ast.Constant) else constants.get(getattr(given[0], "id", ""))
    return (patch, name == "deprecate_patch") if isinstance(patch, str) else None
