"""The name of a kind, which is the name of the file that holds its class."""

from __future__ import annotations

import re
from pathlib import Path


def snake_case(name: str) -> str:
    """Return "http_error" for "HttpError"."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def camel_case(name: str) -> str:
    """Return "HttpError" for "http_error"."""
    return "".join(word.capitalize() for word in name.split("_"))


def kind_of(value: object) -> str:
    """Return the name of a fault's, trigger's or oracle's kind, such as "http_error"."""
    return snake_case(type(value).__name__)


def kinds_in(package: str) -> list[str]:
    """Return the names of the kinds in a package of the harness, such as "faults.service", sorted."""
    folder = Path(__file__).parents[1].joinpath(*package.split("."))
    return sorted(path.stem for path in folder.glob("*.py") if not path.stem.startswith("_"))
