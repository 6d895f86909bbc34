"""Lays out an installation as pip does, from what is installed here: no registry is asked."""

from __future__ import annotations

import compileall
import shutil
import sys
import tomllib
import venv
from collections.abc import Iterable
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from harness.add.pack import pack

ROOT = Path(__file__).parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
WHEEL = PYPROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]


def lay_out_the_wheel(site: Path) -> None:
    """Copy what the wheel carries to its places in a folder of packages."""
    for folder in WHEEL["only-include"]:
        shutil.copytree(ROOT / folder, site / folder, ignore=shutil.ignore_patterns("__pycache__"))
    pack(ROOT, site / "harness" / "reference.zip")


def needed(requirements: Iterable[str]) -> dict[str, Distribution]:
    """Return the distributions that these requirements bring, with all that those need themselves."""
    found: dict[str, Distribution] = {}
    left = [(Requirement(one), "") for one in requirements]
    while left:
        one, extra = left.pop()
        name = canonicalize_name(one.name)
        if (one.marker is None or one.marker.evaluate({"extra": extra})) and name not in found:
            found[name] = distribution(one.name)
            extras = ("", *one.extras)
            left += [(Requirement(line), extra) for line in found[name].requires or () for extra in extras]
    return found


def size(distributions: Iterable[Distribution]) -> int:
    """Return how many bytes distributions take, with what pip has compiled of them."""
    paths = {Path(str(file.locate())) for one in distributions for file in one.files or ()}
    return sum(path.stat().st_size for path in paths if path.exists())


def install(folder: Path, *, beside: Iterable[str] = ()) -> Path:
    """Make a virtual environment with the base and no extra, and return its Python.

    Args:
        folder: Where.
        beside: The requirements of an application that is in the same environment.
    """
    venv.create(folder, with_pip=False)
    site = folder / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
    for one in needed([*PROJECT["dependencies"], *beside]).values():
        for name in {file.parts[0] for file in one.files or ()} - {"..", "__pycache__"}:
            if not (site / name).exists():
                (site / name).symlink_to(Path(str(one.locate_file(name))))
    lay_out_the_wheel(site)
    compileall.compile_dir(site / "harness", quiet=2)
    own = site / "temporal_resilience_harness-0.dist-info"
    own.mkdir()
    (own / "METADATA").write_text(_metadata(), encoding="utf-8")
    (own / "entry_points.txt").write_text(_entry_points(), encoding="utf-8")
    return folder / "bin" / "python"


def _metadata() -> str:
    lines = ["Metadata-Version: 2.4", f"Name: {PROJECT['name']}", "Version: 0"]
    lines += [f"Requires-Dist: {one}" for one in PROJECT["dependencies"]]
    for extra, requirements in PROJECT["optional-dependencies"].items():
        for one in requirements:
            named, _, marker = one.partition(";")
            condition = f"({marker.strip()}) and " if marker else ""
            lines.append(f'Requires-Dist: {named}; {condition}extra == "{extra}"')
    return "\n".join(lines) + "\n"


def _entry_points() -> str:
    groups = PROJECT["entry-points"]
    return "".join(
        f"[{group}]\n" + "".join(f"{name} = {target}\n" for name, target in points.items())
        for group, points in groups.items()
    )
