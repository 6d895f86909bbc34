"""Says which packages an extra of this distribution brings, and how to install those that are missing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from importlib.metadata import PackageNotFoundError, requires, version

from harness.errors import UsageError

DISTRIBUTION = "temporal-resilience-harness"

_NAME = re.compile(r"[A-Za-z0-9._-]+")
_EXTRA = re.compile(r"""extra\s*==\s*['"]([^'"]+)""")


class Extra(StrEnum):
    """An extra that some commands need; pyproject.toml says what each brings."""

    SERVER = "server"
    """Scenarios and explorations: servers, fakes, and the results on the terminal."""
    PYTEST = "pytest"
    """The pytest plugin."""
    REPORT = "report"
    """Timelines in the HTML report, and the coverage of replays."""
    CONTAINERS = "containers"
    """Servers in containers."""
    HOSTS = "hosts"
    """Fakes for hosts that are written into the application's code."""
    CONTRACTS = "contracts"
    """Fakes from contracts and traffic."""
    MUTATE = "mutate"
    """`harness mutate`."""


def missing(extra: Extra) -> tuple[str, ...]:
    """Return the packages of an extra that are not installed."""
    return tuple(one for one in brought(extra) if not installed(one))


def installed(package: str) -> str:
    """Return the version of an installed package; "" when it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


@cache
def brought(extra: Extra | None) -> tuple[str, ...]:
    """Return the packages that an extra brings, or that each installation has (None); none where nothing is known."""
    try:
        lines = requires(DISTRIBUTION) or []
    except PackageNotFoundError:
        # Run from a folder on PYTHONPATH: what is missing there is not ours to know.
        return ()
    return tuple(name[0] for line in lines if _extra_of(line) == (extra or "") and (name := _NAME.match(line)))


def _extra_of(requirement: str) -> str:
    found = _EXTRA.search(requirement)
    return found[1] if found else ""


def install(*extras: Extra) -> str:
    """Return the command that installs these extras."""
    return f"pip install '{DISTRIBUTION}[{','.join(extras)}]'"


def why_missing(what: str, extras: Iterable[Extra]) -> str:
    """Return which packages something needs that are not installed, and how to install them; "" when it has all."""
    lacking = {extra: names for extra in extras if (names := missing(extra))}
    if not lacking:
        return ""
    packages = [name for names in lacking.values() for name in names]
    verb = "is" if len(packages) == 1 else "are"
    return f"{what} needs {', '.join(packages)}, which {verb} not installed: {install(*lacking)}."


def need(what: str, *extras: Extra) -> None:
    """Go on only where the extras are installed that something needs.

    Args:
        what: What needs them, such as "harness run".
        extras: Which.

    Raises:
        UsageError: Some are not; one sentence with the command that installs them.
    """
    why = why_missing(what, extras)
    if why:
        raise UsageError(why)
