"""What other distributions bring: the faults, triggers, oracles, fakes and reports that they register as entry points.

Only what is asked for is imported: one that is broken hides none of the others.
"""

from __future__ import annotations

import inspect
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

from harness.errors import UsageError
from harness.files.naming import snake_case

PREFIX = "temporal_resilience_harness"
"""What the groups of entry points begin with."""

METHODS: Mapping[str, Collection[str]] = {
    "faults": ("problems", "arm", "fired", "seen_instead"),
    "triggers": ("bounds", "attach"),
    "oracles": ("judge",),
    "fakes": ("operations", "start"),
    "reports": ("notify",),
}
"""The groups, with the methods that a class in them must have."""

REMEDY = "Upgrade or uninstall that distribution."


@dataclass(frozen=True, kw_only=True)
class Extension:
    """One class that a distribution registers.

    Attributes:
        group: One of the groups, such as "oracles".
        entry: The entry point.
    """

    group: str
    entry: EntryPoint

    @property
    def distribution(self) -> str:
        """The distribution and its version."""
        return (
            "an unknown distribution"
            if self.entry.dist is None
            else f"{self.entry.dist.name} {self.entry.dist.version}"
        )

    def load(self) -> Any:
        """Return the class.

        Raises:
            UsageError: It cannot be imported, or cannot be what it is registered as.
        """
        try:
            value = self.entry.load()
        except (Exception, SystemExit) as error:
            why = f"{type(error).__name__}: {error}"
            raise UsageError(f"{self} cannot be imported: {why}. {REMEDY}") from error
        problem = next(self._problems(value), None)
        if problem is not None:
            raise UsageError(f"{self} cannot be used: {problem}. {REMEDY}")
        return value

    def _problems(self, value: object) -> Iterator[str]:
        if not inspect.isclass(value):
            yield f"it is no class, but {value!r}"
            return
        lacking = [one for one in METHODS[self.group] if not callable(getattr(value, one, None))]
        if lacking:
            yield f"it has no {' and no '.join(lacking)}"
        # Findings, armed faults and base URLs are named after the class; one thing has one name.
        if self.group != "reports" and snake_case(value.__name__) != self.entry.name:
            yield f"the name of its class makes it {snake_case(value.__name__)!r}"

    def __str__(self) -> str:
        return f"{self.group.removesuffix('s')} {self.entry.name!r} of {self.distribution} ({self.entry.value})"


@dataclass(frozen=True, kw_only=True)
class Extensions:
    """What is registered in a group.

    Attributes:
        found: By name, sorted.
        problems: By name, what is wrong with a name that several things have.
    """

    found: Mapping[str, Extension]
    problems: Mapping[str, str]

    def __contains__(self, name: str) -> bool:
        return name in self.found or name in self.problems

    def __getitem__(self, name: str) -> Extension:
        """Return what is registered under a name.

        Raises:
            UsageError: Several things have the name.
        """
        if name in self.problems:
            raise UsageError(self.problems[name])
        return self.found[name]

    def loaded(self) -> tuple[dict[str, Any], list[str]]:
        """Return every class that can be used, by its name, and what is wrong with the others."""
        classes: dict[str, Any] = {}
        problems = [*self.problems.values()]
        for name in self.found:
            try:
                classes[name] = self[name].load()
            except UsageError as error:
                problems += error.problems
        return classes, problems


def extensions(group: str) -> Extensions:
    """Return what the installed distributions register in a group, such as "oracles"; nothing of it is imported."""
    own = {path.stem for path in (Path(__file__).parent / group).rglob("*.py")}
    registered: dict[str, list[Extension]] = {}
    for entry in entry_points(group=f"{PREFIX}.{group}"):
        registered.setdefault(entry.name, []).append(Extension(group=group, entry=entry))
    found: dict[str, Extension] = {}
    problems: dict[str, str] = {}
    for name, [first, *others] in sorted(registered.items()):
        if name in own:
            problems[name] = f"{first} cannot be used: the harness itself has one of that name. {REMEDY}"
        elif others:
            problems[name] = (
                f"{' and '.join(map(str, (first, *others)))} have the same name; uninstall one of the distributions."
            )
        else:
            found[name] = first
    return Extensions(found=found, problems=problems)


def summary_of(kind: type) -> str:
    """Return the first line of a class's docstring."""
    return (kind.__doc__ or "").partition("\n")[0]


def unknown_groups() -> list[str]:
    """Return what is wrong with entry points in groups that begin as the harness's do, and that nothing reads."""
    groups = sorted(one for one in entry_points().groups if one.startswith(f"{PREFIX}."))
    return [
        f"{Extension(group=one, entry=entry).distribution} registers {entry.name!r} in {one}, which nothing reads."
        for one in groups
        if one.removeprefix(f"{PREFIX}.") not in METHODS
        for entry in entry_points(group=one)
    ]
