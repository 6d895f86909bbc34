"""Distributions that are installed for a test: a folder on the import path, with what `pip install` writes beside."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from shutil import copy
from textwrap import dedent

from harness.extensions import PREFIX

EXAMPLE = Path(__file__).parent / "extension"
"""A distribution as others write it."""


def install(
    folder: Path, name: str, registers: Mapping[str, Mapping[str, str]], *, version: str = "1.0", **modules: str
) -> None:
    """Install a distribution into a folder that is, or will be, on the import path.

    Args:
        folder: The folder, as site-packages is one.
        name: The distribution's name.
        registers: Its entry points by name, by the end of their group, such as "oracles".
        version: Its version.
        modules: Its modules' texts by their names.
    """
    info = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", encoding="utf-8")
    lines = [
        line
        for group, entries in registers.items()
        for line in (f"[{PREFIX}.{group}]", *(f"{one} = {value}" for one, value in entries.items()))
    ]
    (info / "entry_points.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for module, text in modules.items():
        (folder / f"{module}.py").write_text(dedent(text), encoding="utf-8")


def install_example(folder: Path) -> None:
    """Install the example as its pyproject.toml says; its build backend is not needed for that."""
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = {group.removeprefix(f"{PREFIX}."): entries for group, entries in project["entry-points"].items()}
    install(folder, project["name"], groups, version=project["version"])
    copy(EXAMPLE / "acme_harness.py", folder)
