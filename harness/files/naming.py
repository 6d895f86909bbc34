"""The name of a kind, which is the name of the file that holds its class."""

from __future__ import annotations

import re


def snake_case(name: str) -> str:
    """Return "http_error" for "HttpError"."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def camel_case(name: str) -> str:
    """Return "HttpError" for "http_error"."""
    return "".join(word.capitalize() for word in name.split("_"))


def kind_of(value: object) -> str:
    """Return the name of a fault's, trigger's or oracle's kind, such as "http_error"."""
    return snake_case(type(value).__name__)
