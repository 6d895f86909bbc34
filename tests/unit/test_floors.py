"""The floors in pyproject.toml are the versions that `.ci/lowest` tests."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = ("containers", "pytest", "report", "server")
NEEDED = [
    *map(Requirement, PROJECT["dependencies"]),
    *(Requirement(one) for extra in EXTRAS for one in PROJECT["optional-dependencies"][extra]),
]
"""What the base and these extras need. The other extras are for a few, and their lowest versions are not tested."""


def pins(file: str) -> dict[str, Version]:
    """The versions in a file of constraints."""
    lines = [line for line in (ROOT / file).read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return {canonicalize_name(name): Version(version) for name, _, version in (line.partition("==") for line in lines)}


@pytest.mark.parametrize("needed", NEEDED, ids=lambda one: one.name)
def test_a_floor_is_what_is_pinned_as_the_lowest(needed: Requirement) -> None:
    """After a change of a floor, write the pins anew with `.ci/lowest --pins`."""
    (floor,) = needed.specifier

    assert (floor.operator, Version(floor.version)) == (
        ">=",
        pins("constraints-lowest.txt")[canonicalize_name(needed.name)],
    )


@pytest.mark.parametrize("needed", NEEDED, ids=lambda one: one.name)
def test_the_pinned_version_is_allowed(needed: Requirement) -> None:
    """`make pins` pins the newest."""
    assert pins("constraints.txt")[canonicalize_name(needed.name)] in needed.specifier
